// Frames as a NIC that strips tags hands them to TC: the outer tag outside the frame.
#pragma once

#include <memory>

#include "bpf/gate.h"

struct prologue_bpf;

namespace portal::gate {

class TagStripper {
  public:
    // Throws std::runtime_error.
    explicit TagStripper(Gate& gate);
    ~TagStripper();
    TagStripper(const TagStripper&) = delete;
    TagStripper& operator=(const TagStripper&) = delete;

    // `tag` is the control information: priority and VLAN.
    Outcome steer(std::uint16_t tag, const packets::Bytes& frame, const TcContext& context = {});
    Outcome egress(std::uint16_t tag, const packets::Bytes& frame, const TcContext& context = {});

  private:
    enum Program : std::uint32_t { kSteer, kEgress };
    Outcome run(Program program, std::uint16_t tag, const packets::Bytes& frame,
                const TcContext& context);

    Gate& gate_;
    prologue_bpf* prologue_;
};

}  // namespace portal::gate
