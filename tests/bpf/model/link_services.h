// What clients say to get on the link and to find each other there: DHCP and neighbor discovery.
#pragma once

#include "bpf/model/frame.h"
#include "bpf/model/verdict.h"

namespace portal::model {

// A sound UDP datagram that is a request of DHCP, to somebody who may answer.
bool asks_for_an_address(const Frame& frame);

// A message of RFC 4861.
bool is_discovery(const Frame& frame);

// What the rules make of such a message from a client: REASON_NEIGHBOR_DISCOVERY if it may be sent.
reason discovery(const Frame& frame);

}  // namespace portal::model
