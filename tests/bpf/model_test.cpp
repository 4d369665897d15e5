// The gate against the model of its verdict, over clients' states and frames at random.
//
// PORTAL_MODEL_FRAMES in the environment asks for that many in place of kFrames, PORTAL_MODEL_SEED
// for others than every day's.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "bpf/model/comparison.h"

namespace portal::model {
namespace {

constexpr std::uint64_t kFrames = 2'400'000;  // in all of the cases
constexpr std::uint64_t kCases = 2;
constexpr std::uint64_t kSeed = 0x511;

// Enough to meet every rule.
constexpr std::uint64_t kEnough = 500'000;

std::uint64_t number(const char* name, std::uint64_t fallback) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::stoull(text) : fallback;
}

// Given to nothing that a client's state and a frame lead to: there are no listeners, rates,
// budgets or bindings here, and nothing is reset. Their own tests reach them (reasons_test.cpp).
bool needs_more_than_a_frame(int reason) {
    switch (reason) {
        case REASON_STEER_FAILED:
        case REASON_SOURCE_BOUND:
        case REASON_RATE:
        case REASON_TX_RATE:
        case REASON_TX_RESET:
        case REASON_TX_UNREACHABLE:
            return true;
        default:
            return reason >= REASON_BUDGET_DNS && reason <= REASON_BUDGET_NEWCOMERS;
    }
}

class ModelTest : public testing::TestWithParam<bool> {};

TEST_P(ModelTest, AgreesWithTheGate) {
    const std::uint64_t seed = number("PORTAL_MODEL_SEED", kSeed);
    const std::uint64_t wanted = number("PORTAL_MODEL_FRAMES", kFrames) / kCases;
    Comparison comparison(seed + GetParam(), GetParam());
    const std::uint64_t tried = comparison.run(wanted);
    std::cout << tried << " frames, seed " << seed << '\n';
    RecordProperty("frames", std::to_string(tried));
    if (tried < kEnough) return;
    for (int reason = 0; reason < REASON_COUNT; reason++)
        EXPECT_TRUE(needs_more_than_a_frame(reason) || comparison.given()[static_cast<std::size_t>(reason)])
            << gate::name_of(reason) << " was never given";
}

INSTANTIATE_TEST_SUITE_P(Portal, ModelTest, testing::Bool(),
                         [](const auto& https) { return https.param ? "WithTls" : "WithoutTls"; });

}  // namespace
}  // namespace portal::model
