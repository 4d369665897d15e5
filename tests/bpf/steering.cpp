#include "bpf/steering.h"

#include <arpa/inet.h>

#include "bpf/sockets.h"

namespace portal::gate {

using namespace packets;

namespace {

constexpr std::uint16_t kClientPort = 40000;

}  // namespace

Listeners::Listeners(Gate& gate, std::uint16_t port)
    : v4_(listen_on(true, port)), v6_(listen_on(false, port)) {
    const bool https = port == kHttpsPort;
    gate.set_listener(https ? LISTENER_HTTPS4 : LISTENER_HTTP4, v4_.get());
    gate.set_listener(https ? LISTENER_HTTPS6 : LISTENER_HTTP6, v6_.get());
}

const UniqueFd& Listeners::of(const Family& family) const {
    return family.client.is_v4() ? v4_ : v6_;
}

flow web_flow(const Family& family) {
    return {.client = abi(family.client),
            .server = abi(family.server),
            .client_port = htons(kClientPort),
            .server_port = htons(kHttpPort)};
}

Bytes segment(const Family& family, std::uint8_t flags, const Mac& from) {
    return Ethernet{.src = from} / family.to(family.server) /
           TCP{.sport = kClientPort, .dport = kHttpPort, .flags = flags};
}

Outcome join_anothers_flow(Gate& gate) {
    const Family& family = kFamilies[0];
    gate.set_origin(web_flow(family), key_of(kOtherMac));
    const Outcome outcome = gate.steer(segment(family, kAck));
    gate.forget_origin(web_flow(family));
    return outcome;
}

}  // namespace portal::gate
