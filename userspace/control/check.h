// One thing that was looked at, and the cure if it is not well.
#pragma once

#include <string>
#include <utility>

namespace portal::control {

struct Check {
    std::string name;  // "policy_route", or with its subject, "attached:eth1"
    bool ok = false;
    std::string detail;
    std::string cure;  // empty where all is well
};

inline Check well(std::string name, std::string detail) {
    return {.name = std::move(name), .ok = true, .detail = std::move(detail), .cure = {}};
}

inline Check ill(std::string name, std::string detail, std::string cure) {
    return {
        .name = std::move(name), .ok = false, .detail = std::move(detail), .cure = std::move(cure)};
}

}  // namespace portal::control
