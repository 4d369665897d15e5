// A flood of 64-byte frames from many clients, made in the kernel and sent over the lab's cable.
#pragma once

#include <cstdint>
#include <memory>

#include "packets/bytes.h"
#include "system/lab/lab.h"

struct generator_bpf;

namespace portal::bench {

inline constexpr std::size_t kFrameBytes = 64;

class Generator {
  public:
    // `frame` has kFrameBytes; the last four bytes of its source MAC are replaced by the number of
    // the client, drawn below `clients`. Throws std::runtime_error.
    Generator(const lab::Lab& lab, const packets::Bytes& frame, std::uint32_t clients);
    ~Generator();

    // Sends so many frames and returns the nanoseconds that each took, from its making until the
    // gateway was done with it: both happen on this CPU. Does so again where the gateway got
    // fewer, since another had the CPU; throws if it does each time.
    double send(std::uint32_t frames);

    // For the gateway's end: drops everything.
    int drop_program() const;

  private:
    struct Destroy {
        void operator()(generator_bpf* skeleton) const;
    };

    double send_once(std::uint32_t frames) const;
    std::uint64_t received() const;

    const lab::Lab& lab_;
    std::unique_ptr<generator_bpf, Destroy> skeleton_;
};

}  // namespace portal::bench
