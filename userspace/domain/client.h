// A client as the gate knows it: identity, state, and what is shown of it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/mac.h"

namespace portal {

// MAC address and VLAN: one device on one network. VLAN 0 is untagged.
struct ClientId {
    Mac mac;
    std::uint16_t vlan = 0;

    auto operator<=>(const ClientId&) const = default;

    // "02:00:00:00:00:01", or "02:00:00:00:00:01@100" on a VLAN.
    std::string to_string() const;
};

// The form of to_string(). A multicast or zero MAC cannot be a client's and is refused.
Result<ClientId> parse_client_id(std::string_view text);

enum class ClientState { stranger, authorized, trusted, blocked };

std::string_view to_string(ClientState state);
std::optional<ClientState> parse_client_state(std::string_view text);

// Frames and bytes; rx is from the client, tx is to it.
struct Usage {
    std::uint64_t rx_packets = 0;
    std::uint64_t rx_bytes = 0;
    std::uint64_t tx_packets = 0;
    std::uint64_t tx_bytes = 0;

    bool operator==(const Usage&) const = default;
};

}  // namespace portal
