// What a benchmark prints: one JSON object a line, for scripts/bench to collect.
//
//     {"group":"gate","case":"443 of a stranger, dropped","subject":"nftables","clients":1000,
//      "unit":"ns/packet","better":"lower","samples":[526.1, 524.9, …]}
//
// Samples of one case are taken in turns, a round of all subjects after the other, so that what
// disturbs the machine disturbs them alike.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace portal::bench {

enum class Better { lower, higher };

struct Case {
    std::string group;
    std::string name;
    std::optional<std::uint64_t> clients;  // distinct ones
    std::string unit;
    Better better = Better::lower;
};

struct Subject {
    std::string name;
    std::function<double()> sample;
};

// Takes `rounds` samples of each subject and prints them.
void compare(const Case& what, const std::vector<Subject>& subjects, int rounds);

// The command line every benchmark has: nothing, or --quick.
struct Effort {
    bool quick = false;
    int rounds() const { return quick ? 3 : 11; }
};

// Runs `work`, and says what went wrong on standard error. The process's exit status.
int run(int argc, char** argv, const std::function<void(const Effort&)>& work);

}  // namespace portal::bench
