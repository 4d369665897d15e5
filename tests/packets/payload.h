// Bytes as they are.
#pragma once

#include <optional>
#include <string_view>

#include "packets/layer.h"

namespace portal::packets {

struct Payload {
    Bytes bytes = {};

    Payload() = default;
    explicit Payload(Bytes data) : bytes(std::move(data)) {}
    explicit Payload(std::string_view text) : bytes(text.begin(), text.end()) {}
    // `size` zeros.
    explicit Payload(std::size_t size) : bytes(size) {}
};

inline Encoded encode(const Payload& payload, Encoded inside, const std::optional<Enclosing>&) {
    Encoded out{.bytes = payload.bytes};
    put(out.bytes, inside.bytes);
    return out;
}

}  // namespace portal::packets
