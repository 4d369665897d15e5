// The lab with the dataplane on the gateway and no daemon: one client, signed in with limits.
#pragma once

#include <cstdint>
#include <memory>

#include "dataplane/dataplane.h"
#include "domain/limits.h"
#include "system/lab/lab.h"

namespace portal::system_test {

class GatedLab {
  public:
    GatedLab();

    const lab::Lab& hosts() const { return lab_; }
    dataplane::ClientTable& clients() { return dataplane_->clients(); }

    // A new session of the client, with nothing used.
    void begin(const Limits& limits);
    // Other limits for the session that there is.
    void change(const Limits& limits);
    // What it has used; rx is from the client.
    Usage used();
    bool spent();

  private:
    void put(const Limits& limits);

    const lab::Lab lab_;
    std::unique_ptr<dataplane::Dataplane> dataplane_;
    std::uint64_t session_ = 0;
};

}  // namespace portal::system_test
