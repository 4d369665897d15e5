#include "config/config.h"

#include <algorithm>
#include <utility>

namespace portal::config {

Config::Config(const Directories& directories)
    : policies{{std::string(kDefaultPolicy), Policy{}}},
      store{"sqlite:" + (directories.state / "portal.db").string()},
      control{.socket = directories.run / "portald.sock"} {}

bool SignIn::allows(SignInMethod method) const {
    return std::ranges::find(methods, method) != methods.end();
}

const std::vector<std::string>& MethodPolicies::of(SignInMethod method) const {
    switch (method) {
        case SignInMethod::click_through:
            return click_through;
        case SignInMethod::password:
            return password;
        case SignInMethod::voucher:
            return voucher;
        case SignInMethod::remote:
            return remote;
    }
    std::unreachable();
}

std::filesystem::path Store::path() const {
    return url.substr(url.find(':') + 1);
}

std::string_view to_string(XdpMode mode) {
    switch (mode) {
        case XdpMode::automatic:
            return "auto";
        case XdpMode::native:
            return "native";
        case XdpMode::generic:
            return "generic";
    }
    std::unreachable();
}

std::string_view to_string(BlockedTraffic traffic) {
    switch (traffic) {
        case BlockedTraffic::drop:
            return "drop";
        case BlockedTraffic::reset:
            return "reset";
    }
    std::unreachable();
}

std::string_view to_string(SignInMethod method) {
    switch (method) {
        case SignInMethod::click_through:
            return "click-through";
        case SignInMethod::password:
            return "password";
        case SignInMethod::voucher:
            return "voucher";
        case SignInMethod::remote:
            return "remote";
    }
    std::unreachable();
}

}  // namespace portal::config
