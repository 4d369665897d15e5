#include "domain/client.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace portal {

namespace {

constexpr std::array<std::pair<ClientState, std::string_view>, 4> kStates = {{
    {ClientState::stranger, "stranger"},
    {ClientState::authorized, "authorized"},
    {ClientState::trusted, "trusted"},
    {ClientState::blocked, "blocked"},
}};

}  // namespace

std::string ClientId::to_string() const {
    std::string text = mac.to_string();
    if (vlan != 0) text += "@" + std::to_string(vlan);
    return text;
}

Result<ClientId> parse_client_id(std::string_view text) {
    const std::size_t at = text.find('@');
    ClientId id;
    TRY_ASSIGN(id.mac, parse_mac(text.substr(0, at)));
    if (id.mac.is_zero() || id.mac.is_multicast())
        return fail(ErrorCode::invalid,
                    "\"" + printable(text) + "\" is a " +
                        (id.mac.is_zero() ? "zero" : "multicast") +
                        " address, which no client can have",
                    "use the address of the device itself; its first byte is even");
    if (at != std::string_view::npos) {
        const std::string_view digits = text.substr(at + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), id.vlan);
        if (error != std::errc{} || end != digits.data() + digits.size() || id.vlan > 4094)
            return fail(ErrorCode::invalid, "\"" + printable(text) + "\" has no valid VLAN ID",
                        "a VLAN ID is 0 to 4094; 0 is untagged");
    }
    return id;
}

std::string_view to_string(ClientState state) {
    for (const auto& [value, name] : kStates)
        if (value == state) return name;
    std::unreachable();
}

std::optional<ClientState> parse_client_state(std::string_view text) {
    for (const auto& [value, name] : kStates)
        if (name == text) return value;
    return std::nullopt;
}

}  // namespace portal
