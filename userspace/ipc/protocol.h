// What portald and portal-responder say to each other.
//
// One SOCK_SEQPACKET socket pair; a message is one JSON object in one packet of at most
// kLargestMessage bytes. portald speaks first: a Configuration, of at most kLargestConfiguration
// bytes, with the listening sockets as SCM_RIGHTS. After that the responder asks and portald
// answers, matched by `id`; answers may come in another order. Each side treats what the other
// sends as hostile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/color.h"
#include "base/duration.h"
#include "base/error.h"
#include "base/ip_address.h"
#include "domain/client.h"
#include "domain/flow.h"

namespace portal::ipc {

inline constexpr std::size_t kLargestMessage = 16 * 1024;
// Room for kLargestLogo and kLargestTerms as JSON writes them.
inline constexpr std::size_t kLargestConfiguration = 512 * 1024;
inline constexpr std::size_t kLargestLogo = 64 * 1024;   // bytes, before base64
inline constexpr std::size_t kLargestTerms = 64 * 1024;  // bytes
// File descriptor number at which portal-responder finds its end of the socket pair.
inline constexpr int kResponderFd = 3;

// The picture that the pages show for the venue.
struct Logo {
    std::string media_type;  // image/svg+xml, image/png, image/jpeg or image/webp
    std::string bytes;

    bool operator==(const Logo&) const = default;
};

// The first message. Sent with the listening sockets, IPv4 and IPv6.
struct Configuration {
    std::string portal_name;
    std::string hostname;   // empty: the portal goes by its address
    std::string login_url;  // empty: made of the hostname or the portal's address
    std::uint16_t http_port = 80;
    bool click_through = false;
    bool password = false;
    // Whether probes that do not know 511 are answered with 302.
    bool probe_compatibility = true;
    // 32 random bytes as lower-case hex, kept secret; forms and links are sealed with it, so with
    // the same one they outlive the responder. Empty: each responder makes its own.
    std::string seal_key;
    bool voucher = false;
    bool remote = false;
    std::optional<Logo> logo;
    Color accent_color = {0x0b, 0x6e, 0x75};
    std::string terms;  // of use, paragraphs parted by blank lines; empty: none

    bool operator==(const Configuration&) const = default;
};

// Asks: whose connection is this?
struct WhoIs {
    Flow flow;
    bool operator==(const WhoIs&) const = default;
};

// Asks: sign this connection's client in. `client` is whom WhoIs named: if the connection is
// another's by now, nothing is done and the answer is Outcome::unknown. `method` is "click-through"
// or "password".
struct SignIn {
    Flow flow;
    ClientId client;
    std::string method;
    std::string user;
    std::string password;
    bool operator==(const SignIn&) const = default;
};

// Asks: end the session of this connection's client. `client` as in SignIn.
struct SignOut {
    Flow flow;
    ClientId client;
    bool operator==(const SignOut&) const = default;
};

struct Request {
    std::uint64_t id = 0;
    std::variant<WhoIs, SignIn, SignOut> body;
    bool operator==(const Request&) const = default;
};

// Answers WhoIs, and says how things stand after the others.
struct Caller {
    // None: the dataplane has no record of the connection; nothing may be done for it.
    std::optional<ClientId> client;
    ClientState state = ClientState::stranger;
    std::optional<std::string> user;
    std::optional<Seconds> remaining;  // of the session; none: unlimited, or no session
    std::optional<Usage> usage;        // of the session
    // Whether the connection's server address is the portal's own, not one steered to it.
    bool to_portal = false;
    // The portal's address as this client reaches it, in the connection's family.
    std::optional<IpAddress> portal_address;
    bool operator==(const Caller&) const = default;
};

inline bool signed_in(const Caller& caller) {
    return caller.state == ClientState::authorized || caller.state == ClientState::trusted;
}

enum class Outcome {
    done,       // signed in, or out
    refused,    // wrong user or password, or a blocked client
    throttled,  // too many failures; try again after `retry_after`
    busy,       // too much to do; try again after `retry_after`
    unknown,    // no record of the connection
    failed,     // ours: the store or the client table refused
};

struct Reply {
    std::uint64_t id = 0;
    Outcome outcome = Outcome::done;
    std::optional<Seconds> retry_after;
    Caller caller;
    bool operator==(const Reply&) const = default;
};

std::string encode(const Configuration& message);
std::string encode(const Request& message);
std::string encode(const Reply& message);

// Each refuses a message with a missing, unknown or ill-typed member, naming it.
Result<Configuration> decode_configuration(std::string_view text);
Result<Request> decode_request(std::string_view text);
Result<Reply> decode_reply(std::string_view text);

}  // namespace portal::ipc
