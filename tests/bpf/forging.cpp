#include "bpf/forging.h"

#include "bpf/private_network.h"
#include "bpf/tables/check.h"

namespace portal::gate {

using namespace packets;

void bind_client(Gate& gate, const client_key& key, std::uint32_t slot) {
    client value{};
    value.last_seen = now();
    value.session = 1 + slot;
    value.slot = slot;
    value.state = CLIENT_AUTHORIZED;
    value.flags = CLIENT_BOUND;
    gate.put(key, value);
}

Outcome use_anothers_address(Gate& gate) {
    bind_client(gate, key_of(kClientMac), 1);
    bind_client(gate, key_of(kOtherMac), 2);
    gate.ingress(Ethernet{} / IPv4{} / UDP{});
    return gate.ingress(Ethernet{.src = kOtherMac} / IPv4{} / UDP{});
}

Outcome send_between_clients(Gate& gate) {
    set_standing(gate, key_of(kClientMac), Standing::authorized);
    return gate.egress(Ethernet{.src = kGatewayMac, .dst = kClientMac} /
                           IPv4{.src = ip("192.0.2.101"), .dst = kClient4} / UDP{.sport = 5001},
                       {.ingress_ifindex = kLoopback});
}

}  // namespace portal::gate
