// Frames through XDP, the kernel and TC: BPF_PROG_TEST_RUN with live frames hands what XDP passes
// to the stack as if loopback had received it, metadata and all.
#pragma once

#include "packets/bytes.h"

namespace portal::gate {

class LiveLoopback {
  public:
    // Attaches the TC program to loopback's ingress, for as long as the object lives. Throws
    // std::system_error.
    explicit LiveLoopback(int tc_program);
    ~LiveLoopback();
    LiveLoopback(const LiveLoopback&) = delete;
    LiveLoopback& operator=(const LiveLoopback&) = delete;

    // When it returns, the frame has been through both programs.
    void receive(int xdp_program, const packets::Bytes& frame);
};

}  // namespace portal::gate
