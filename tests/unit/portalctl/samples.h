// An answer of the API to each request that a command of portalctl makes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portal::portalctl::test {

struct Sample {
    std::vector<std::string> words;  // the command
    std::string_view request;        // "GET /v1/status"
    std::string_view answer;         // JSON
    std::string_view input = "";     // standard input
};

std::span<const Sample> samples();

}  // namespace portal::portalctl::test
