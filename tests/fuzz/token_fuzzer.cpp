// Texts that claim to be ours or the venue's: seals of URLs, form tokens, grants. Without the key
// none is, however near it comes to one that is.
#include <sodium.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "auth/jwt.h"
#include "auth/remote.h"
#include "invariant.h"
#include "responder/form_token.h"
#include "responder/seal.h"

namespace {

using portal::fuzz::require;

const std::string kKey(64, 'a');     // as ipc::Configuration has it
const std::string kSecret(32, 's');  // as remote.secret_file has it
constexpr portal::WallTime kNow{std::chrono::milliseconds(1'800'000'000'000)};
constexpr portal::responder::HourlyMac::Time kHour{std::chrono::hours(1000)};

void check_seals(std::string_view text) {
    const portal::ClientId client{portal::Mac{{2, 0, 0, 0, 0, 1}}, 0};
    const portal::IpAddress address = *portal::parse_ip_address("192.0.2.10");
    static const portal::responder::FormToken tokens(kKey);
    static const portal::responder::Seal seals(kKey);
    static const std::string token = tokens.issue(client, kHour);
    static const std::string seal = seals.issue("http://a.example/", address, kHour);
    require(tokens.valid(text, client, kHour) == (text == token), "one form token", text);
    require(seals.valid(text, "http://a.example/", address, kHour) == (text == seal), "one seal",
            text);
    require(!seals.valid(token, text, address, kHour), "a form token seals nothing", text);
}

// A token with the input in the place of one of its parts, or of its whole.
void check_grants(std::string_view text) {
    const portal::auth::RemoteApplication application{.url = "https://venue.example.net/",
                                                      .secret = kSecret};
    static const std::string good = *portal::auth::sign_jwt(
        {{"iss", application.url}, {"aud", portal::auth::kGrantAudience.data()}}, kSecret);
    const std::size_t first = good.find('.');
    const std::size_t second = good.rfind('.');
    const std::string any(text);
    for (const std::string& token :
         {any, any + good.substr(first), good.substr(0, first + 1) + any + good.substr(second),
          good.substr(0, second + 1) + any}) {
        const auto claims = portal::auth::verify_jwt(token, kSecret);
        require(!claims || token == good, "nobody else signs", token);
        require(!portal::auth::verify_grant(token, application, kNow), "no grant", token);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool started = sodium_init() >= 0;
    require(started, "libsodium starts");
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_seals(text);
    check_grants(text);
    return 0;
}
