// Frames that are nearly right: well-formed ones, bent a little.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "packets/bytes.h"

namespace portal::gate {

class Mutation {
  public:
    // The same seed and samples give the same frames.
    explicit Mutation(std::uint64_t seed);
    Mutation(std::uint64_t seed, std::vector<packets::Bytes> samples);

    // At least 14 bytes, the least that BPF_PROG_TEST_RUN takes.
    packets::Bytes next();

  private:
    std::size_t below(std::size_t bound) { return random_() % bound; }
    std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }
    void bend(packets::Bytes& frame);

    std::mt19937_64 random_;
    std::vector<packets::Bytes> samples_;
};

}  // namespace portal::gate
