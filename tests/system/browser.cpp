#include "system/browser.h"

#include <fstream>

namespace portal::system_test {

namespace {

// A browser starts slowly on a busy machine.
constexpr auto kPatience = 60s;

// Displays and locks are in /tmp.
lab::Launch launch(const NetNamespace& host, const MountNamespace& files,
                   const std::string& script) {
    files.write("/etc/resolv.conf", lab::kResolvConf);
    files.make_folder("/run/home");
    std::ifstream text(CLIENTS "/" + script);
    if (!text) lab::fail("no such script: " + script);
    return {.command = lab::contained({"node", "--input-type=module", "-", lab::kPortalName}),
            .input = {std::istreambuf_iterator<char>(text), {}},
            .environment = {"HOME=/run/home"},
            .where = &host,
            .files = &files};
}

}  // namespace

Browser::Browser(const NetNamespace& host, const std::string& script)
    : files_(host, {"/run", "/tmp"}), process_(launch(host, files_, script)) {}

std::string Browser::next() {
    const auto line = process_.find_line("", kPatience);
    return line ? *line : process_.errors();
}

}  // namespace portal::system_test
