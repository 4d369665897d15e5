// Clients in every state, and frames from and to them, at random: well-formed, and bent a little.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "bpf/model/client.h"
#include "bpf/model/sender.h"
#include "bpf/mutation.h"

namespace portal::model {

// How far the end of a session is from the clock, in nanoseconds: the edges, and out of sight.
enum class End { never, past, just_past, now, next, far };

// What the gate knows of a client.
struct State {
    std::uint8_t state = CLIENT_AUTHORIZED;
    End expiry = End::never;
    End idleness = End::never;

    // Its entry, with the clock at `at`.
    client entry(std::uint64_t at, std::uint32_t slot) const;
    // It depends on the very nanosecond.
    bool is_on_the_edge() const;
};

enum class Hook { ingress, route, egress };

struct Trial {
    Hook hook = Hook::ingress;
    packets::Bytes frame;
    std::optional<std::uint16_t> hidden_tag;  // TC
    // Egress:
    Sender sender = Sender::gateway;
    std::uint32_t segments = 1;
};

class Generator {
  public:
    // The same seed gives the same trials.
    explicit Generator(std::uint64_t seed);

    // Those that trials are about.
    const std::vector<Key>& keys() const { return keys_; }
    // None: a stranger.
    std::optional<State> state();
    Trial next();

  private:
    std::size_t below(std::size_t bound) { return random_() % bound; }
    void give(packets::Bytes& frame, std::size_t at);

    std::mt19937_64 random_;
    gate::Mutation from_clients_;
    gate::Mutation to_clients_;
    std::vector<Key> keys_;
};

}  // namespace portal::model
