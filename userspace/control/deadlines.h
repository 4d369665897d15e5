// When each client may be dead at the earliest. Looking for the dead costs by how many are due,
// not by how many there are.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "dataplane/client_table.h"
#include "domain/client.h"

namespace portal::control {

class Deadlines {
  public:
    // The first moment `entry` may stop to count; frames of the client only move it on. Without
    // expiry or idle timeout there is none.
    void set(const dataplane::ClientEntry& entry);
    void clear(const ClientId& client);

    // The clients whose time has come, soonest first. They stay until set or cleared.
    std::vector<ClientId> due(MonotonicTime now) const;

    std::size_t size() const { return times_.size(); }

  private:
    std::set<std::pair<MonotonicTime, ClientId>> queue_;
    std::map<ClientId, MonotonicTime> times_;
};

}  // namespace portal::control
