// Cuts what a client had under way when its session ends: the kernel's memory of its connections.
// The gate itself decides on each packet and needs no help; NAT and stateful firewalls do.
//
// The work is done on a thread of its own, since a busy gateway has many connections.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/ip_address.h"
#include "dataplane/neighbors.h"
#include "domain/client.h"

namespace portal::control {

// The addresses of `clients` that nobody has used since: another's connections are not theirs.
std::set<IpAddress> addresses_of(const std::set<ClientId>& clients,
                                 const std::vector<dataplane::Neighbor>& neighbors);

class Cutter {
  public:
    // Called on the thread.
    struct Work {
        std::function<Result<std::vector<dataplane::Neighbor>>()> neighbors;
        std::function<Status(const std::set<IpAddress>&)> forget;
    };

    explicit Cutter(Work work);
    // Does what is left to do first.
    ~Cutter();

    // Those that end while another's work is done are done together.
    void cut(const ClientId& client);

  private:
    void run(const std::stop_token& stop);
    void do_cut(const std::set<ClientId>& clients);

    const Work work_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::set<ClientId> waiting_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace portal::control
