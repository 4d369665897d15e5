// The gate and the model, side by side: the same clients, the same frames, and the same verdicts,
// counters and memory afterwards.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "bpf/gate.h"
#include "bpf/model/generator.h"
#include "bpf/model/model.h"
#include "bpf/tag_stripper.h"

namespace portal::model {

class Comparison {
  public:
    Comparison(std::uint64_t seed, bool https);

    // Fails the test where they differ, and gives up after a few differences. Returns how many
    // frames were tried.
    std::uint64_t run(std::uint64_t frames);

    // How often each reason was given.
    const std::array<std::uint64_t, REASON_COUNT>& given() const { return given_; }

  private:
    struct Run {
        gate::Outcome outcome;
        std::uint64_t at = 0;  // the gate's clock while it decided
    };

    void begin_scene();
    void end_scene();
    void try_one(const Trial& trial);
    // The client's entry, as of this time.
    void renew(const Key& key, std::uint64_t at);
    Run decide(const Trial& trial, const Frame& frame, const Key& key);
    // The gate forgets what it learnt of the frame's connection, as the model has not learnt it.
    void forget(const Frame& frame);
    gate::Outcome run_program(const Trial& trial);
    void account(const Key& key, const gate::Outcome& outcome);

    std::string compare_ingress(const Frame& frame, const Trial& trial, const Run& run);
    std::string compare_route(const Frame& frame, const Trial& trial, const Run& run);
    std::string compare_egress(const Frame& frame, const Trial& trial, const Run& run);
    std::string describe(const Trial& trial, const Key& key, const Run& run) const;

    gate::Gate gate_;
    gate::TagStripper stripper_;
    Generator generator_;
    Model model_;
    std::map<Key, State> states_;
    std::map<Key, std::uint32_t> slots_;
    std::vector<traffic> used_;  // by slot, as it should be
    std::array<std::uint64_t, REASON_COUNT> given_{};
    int differences_ = 0;
};

}  // namespace portal::model
