// Whole frames, sent and received on an interface.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "packets/bytes.h"
#include "system/lab/net_namespace.h"

namespace portal::lab {

class PacketSocket {
  public:
    PacketSocket(const NetNamespace& host, const char* interface);

    // False when the kernel will not send such a frame: one shorter than its header.
    bool send(const packets::Bytes& frame) const;

    // The next frame that arrives, its VLAN tag in place; none if there is none in `patience`.
    // Frames sent by the host itself are not shown.
    std::optional<packets::Bytes> receive(std::chrono::milliseconds patience) const;

    // All frames that arrive before the one that `last` knows, without it. Fails the test if
    // that one does not come.
    std::vector<packets::Bytes> receive_until(
        const std::function<bool(const packets::Bytes&)>& last) const;

  private:
    UniqueFd fd_;
};

}  // namespace portal::lab
