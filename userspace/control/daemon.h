// portald, put together: starts the parts in the order that keeps the gate closed, runs them on
// one event loop, and ends them.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "config/config.h"

namespace portal::control {

struct DaemonOptions {
    std::filesystem::path config_file = "/etc/xdp-portal/portald.toml";
    std::filesystem::path bpffs = "/sys/fs/bpf/xdp-portal";
    config::Directories directories;
    std::filesystem::path responder;  // of portal-responder
    std::string version;
};

// Runs until SIGTERM, SIGINT or a detach. On a failure to start, enforcement that was there
// before stays.
Status run_daemon(const DaemonOptions& options, config::Config config);

// Opens a gate that a portald left which is not running any more. `config` for the policy route.
Status detach_gate(const DaemonOptions& options, const config::Config& config);

}  // namespace portal::control
