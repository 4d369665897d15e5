// portald: the control daemon of xdp-portal.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "config/load.h"
#include "control/daemon.h"
#include "control/portal_files.h"

namespace {

constexpr int kFailure = 1;
constexpr int kUsage = 2;

struct CommandLine {
    portal::control::DaemonOptions options;
    bool check = false;
    bool detach = false;
};

std::filesystem::path beside_this_program(const char* name) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return self.parent_path() / name;
}

void add_options(CLI::App& app, CommandLine& line) {
    auto& options = line.options;
    app.set_version_flag("--version", std::string("portald ") + PORTAL_VERSION);
    app.add_option("--config", options.config_file, "the configuration file")
        ->capture_default_str();
    auto* check = app.add_flag("--check", line.check, "check the configuration file and end");
    app.add_flag("--detach", line.detach, "open the gate that a portald left closed, and end")
        ->excludes(check);
    app.add_option("--bpffs", options.bpffs, "the folder for pinned maps and links")
        ->capture_default_str();
    app.add_option("--state", options.directories.state, "the folder for the store")
        ->capture_default_str();
    app.add_option("--run", options.directories.run, "the folder for the control socket")
        ->capture_default_str();
    app.add_option("--responder", options.responder,
                   "the program portal-responder; default: the one beside portald");
}

int failed(const portal::Error& error) {
    portal::log_error(error);
    return kFailure;
}

portal::Result<portal::control::PortalFiles> check_files(const CommandLine& line) {
    TRY_ASSIGN(const auto config,
               portal::config::load_file(line.options.config_file, line.options.directories));
    return portal::control::read_portal_files(config.portal, portal::SystemClock().wall());
}

int check(const CommandLine& line) {
    const auto files = check_files(line);
    if (files) {
        for (const std::string& warning : files->warnings)
            std::fprintf(stderr, "WARNING: %s\n", warning.c_str());
        std::printf("%s: ok\n", line.options.config_file.c_str());
        return 0;
    }
    std::fprintf(stderr, "%s\n", files.error().what.c_str());
    if (!files.error().hint.empty()) std::fprintf(stderr, "HINT: %s\n", files.error().hint.c_str());
    return kFailure;
}

int detach(const CommandLine& line) {
    auto config = portal::config::load_file(line.options.config_file, line.options.directories);
    // The gate must open with a broken file as well.
    if (!config) {
        spdlog::warn("{}; the default mark and route table are taken", config.error().what);
        config = portal::config::Config(line.options.directories);
    }
    const auto done = portal::control::detach_gate(line.options, *config);
    return done ? 0 : failed(done.error());
}

int run(CommandLine& line) {
    line.options.version = PORTAL_VERSION;
    if (line.options.responder.empty())
        line.options.responder = beside_this_program("portal-responder");
    if (line.check) return check(line);
    if (line.detach) return detach(line);
    auto config = portal::config::load_file(line.options.config_file, line.options.directories);
    if (!config) return failed(config.error());
    const auto done = portal::control::run_daemon(line.options, *std::move(config));
    return done ? 0 : failed(done.error());
}

}  // namespace

int main(int argc, char** argv) {
    portal::start_log("portald");
    CLI::App app("The control daemon of xdp-portal.", "portald");
    CommandLine line;
    add_options(app, line);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kUsage;
    }
    try {
        return run(line);
    } catch (const std::exception& error) {
        return failed({portal::ErrorCode::system, error.what(), {}});
    }
}
