#include "packets/packet.h"

#include <optional>

namespace portal::packets {

namespace {

std::optional<Enclosing> addresses_of(const Layer& layer) {
    if (const auto* v4 = std::get_if<IPv4>(&layer)) return Enclosing{v4->src, v4->dst};
    if (const auto* v6 = std::get_if<IPv6>(&layer)) return Enclosing{v6->src, v6->dst};
    return std::nullopt;
}

}  // namespace

Packet& Packet::append(const Packet& inner) {
    layers_.insert(layers_.end(), inner.layers_.begin(), inner.layers_.end());
    return *this;
}

Bytes Packet::bytes() const {
    std::vector<std::optional<Enclosing>> around(layers_.size());
    for (std::size_t i = 1; i < layers_.size(); i++) {
        around[i] = addresses_of(layers_[i - 1]);
        if (!around[i]) around[i] = around[i - 1];
    }
    Encoded encoded;
    for (std::size_t i = layers_.size(); i-- > 0;)
        encoded = std::visit(
            [&](const auto& layer) { return encode(layer, std::move(encoded), around[i]); },
            layers_[i]);
    return std::move(encoded.bytes);
}

}  // namespace portal::packets
