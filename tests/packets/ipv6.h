// IPv6 and its extension headers (RFC 8200).
#pragma once

#include <optional>

#include "packets/addresses.h"
#include "packets/layer.h"

namespace portal::packets {

struct IPv6 {
    IpAddress src = kClient6;
    IpAddress dst = kServer6;
    std::uint8_t hop_limit = 64;
    std::optional<std::uint8_t> next_header = {};
    std::optional<std::uint8_t> version = {};
    std::optional<std::uint16_t> payload_length = {};
};

// A header of the common shape: next header, length in 8 bytes less one, the rest. `options` is
// filled with Pad1 up to the size that `length` or its own size asks for.
struct HopByHop {
    Bytes options = {};
    std::optional<std::uint8_t> length = {};
    std::optional<std::uint8_t> next_header = {};
};

struct DestinationOptions {
    Bytes options = {};
    std::optional<std::uint8_t> length = {};
    std::optional<std::uint8_t> next_header = {};
};

struct Routing {
    std::uint8_t type = 0;
    std::uint8_t segments_left = 1;
    IpAddress address = kServer6;
    std::optional<std::uint8_t> next_header = {};
};

struct Fragment {
    std::uint16_t offset = 0;  // in 8 bytes
    bool more = true;
    std::uint32_t id = 1;
    std::optional<std::uint8_t> next_header = {};
};

// The router alert that every MLD packet carries (RFC 2711).
HopByHop router_alert();

Encoded encode(const IPv6& ip, Encoded inside, const std::optional<Enclosing>& around);
Encoded encode(const HopByHop& header, Encoded inside, const std::optional<Enclosing>& ip);
Encoded encode(const DestinationOptions& header, Encoded inside,
               const std::optional<Enclosing>& ip);
Encoded encode(const Routing& header, Encoded inside, const std::optional<Enclosing>& ip);
Encoded encode(const Fragment& header, Encoded inside, const std::optional<Enclosing>& ip);

}  // namespace portal::packets
