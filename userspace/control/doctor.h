// What is wrong with the gateway or will be, and the cure.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/check.h"
#include "control/gate.h"
#include "control/host.h"
#include "control/network_keeper.h"
#include "control/responder_state.h"
#include "ipc/protocol.h"

namespace portal::control {

// What the checks look at.
struct Patient {
    const Gate& gate;
    const Host& host;
    const NetworkKeeper& network;
    const Clock& clock;
    ResponderState responder;
    std::string responder_user;
    std::filesystem::path store;
    const std::optional<ipc::Tls>& tls;
    std::string hostname;
    std::filesystem::path key_file;
};

// Every check, well or not. Looks things up on this host only.
std::vector<Check> examine(const Patient& patient);

}  // namespace portal::control
