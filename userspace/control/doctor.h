// What is wrong with the gateway or will be, and the cure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/gate.h"
#include "control/host.h"
#include "control/network_keeper.h"
#include "control/responder_state.h"

namespace portal::control {

struct Check {
    std::string name;  // "policy_route", or with its subject, "attached:eth1"
    bool ok = false;
    std::string detail;
    std::string cure;  // empty where all is well
};

// What the checks look at.
struct Patient {
    const Gate& gate;
    const Host& host;
    const NetworkKeeper& network;
    const Clock& clock;
    ResponderState responder;
    std::string responder_user;
    std::filesystem::path store;
};

// Every check, well or not. Looks things up on this host only.
std::vector<Check> examine(const Patient& patient);

}  // namespace portal::control
