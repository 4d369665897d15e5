// The gate's verdict, as the rules have it (docs/SECURITY.md): who the client is, what it may send
// and be sent. A statement of its own, to hold the dataplane against: nothing here is taken from
// the dataplane's code but the names in portal_abi.h. Each group of rules has a file.
//
// Values and rules; no clock, no I/O.
#pragma once

#include <map>
#include <optional>

#include "bpf/model/client.h"
#include "bpf/model/flow.h"
#include "bpf/model/frame.h"
#include "bpf/model/sender.h"
#include "bpf/model/verdict.h"

namespace portal::model {

// What the host does with a frame that the gate has seen as a packet.
enum class Course {
    ordinary,   // as if there were no gate
    responder,  // it is the responder's
    dropped,
};

struct Routing {
    Course course = Course::dropped;
    Reasons reasons;  // when dropped
};

struct Model {
    bool https = false;  // the responder speaks TLS
    std::map<Key, client> clients;
    Origins origins;

    // The entry of this client, if it counts.
    const client* find(const Key& key, std::uint64_t at) const;

    // From a client, in XDP.
    Verdict ingress(const Frame& frame, std::uint64_t at) const;
    // From a client, in TC, without a word from XDP.
    Routing route(const Frame& frame, std::uint64_t at);
    // Whether the responder is to have what got this verdict, if it is its client's own.
    bool is_the_responders(const Frame& frame, const Verdict& verdict) const;
    // To a client.
    Verdict egress(const Frame& frame, Sender sender, std::uint64_t at) const;

  private:
    bool is_the_portals(const Frame& frame) const;
};

}  // namespace portal::model
