// What portald and portal-responder say to each other.
//
// One SOCK_SEQPACKET socket pair; a message is one JSON object in one packet. portald speaks
// first: a Configuration, with the listening sockets as SCM_RIGHTS, of at most
// kLargestConfiguration bytes; every other message has at most kLargestMessage. After that the
// responder asks and portald answers, matched by `id`; answers may come in another order. Each side
// treats what the other sends as hostile.
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
inline constexpr std::size_t kLargestConfiguration = 512 * 1024;  // it carries files
inline constexpr std::size_t kLargestPem = 64 * 1024;             // of a certificate, or a key
inline constexpr std::size_t kLargestLogo = 64 * 1024;            // bytes, before base64
inline constexpr std::size_t kLargestTerms = 64 * 1024;           // bytes
// File descriptor number at which portal-responder finds its end of the socket pair.
inline constexpr int kResponderFd = 3;
// SIGTERM tells portal-responder to accept nobody any more; how long it may take to finish what it
// has begun. When the channel ends, so does it, at once.
inline constexpr std::chrono::seconds kFinishTime{5};

// The longest grant of the venue's application, as carried: a JWT in compact form.
inline constexpr std::size_t kLongestGrant = 4096;

// What the portal shows of itself, and proves it with.
struct Tls {
    std::string certificate;  // PEM, with its chain
    std::string key;          // PEM
    bool operator==(const Tls&) const = default;
};

// The picture that the pages show for the venue.
struct Logo {
    std::string media_type;  // image/svg+xml, image/png, image/jpeg or image/webp
    std::string bytes;

    bool operator==(const Logo&) const = default;
};

// The first message. Sent with the listening sockets: HTTP over IPv4 and IPv6, with `tls` HTTPS
// over IPv4 and IPv6, and with `remote_listener` the one of the venue's application.
struct Configuration {
    std::string portal_name;
    std::string hostname;   // empty: the portal goes by its address
    std::string login_url;  // empty: made of the hostname or the portal's address
    std::uint16_t http_port = 80;
    std::uint16_t https_port = 443;
    std::optional<Tls> tls;      // none: the portal speaks HTTP alone
    std::string venue_info_url;  // https; empty: none
    bool click_through = false;
    bool password = false;
    bool voucher = false;
    bool remote = false;  // sign-in by the venue's own application
    // Whether that application may bring its grants to a socket of its own, by HTTPS. Needs `tls`.
    bool remote_listener = false;
    // Whether probes that do not know 511 are answered with 302.
    bool probe_compatibility = true;
    // 32 random bytes as lower-case hex, kept secret; forms and links are sealed with it, so with
    // the same one they outlive the responder. Empty: each responder makes its own.
    std::string seal_key;
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
// another's by now, nothing is done and the answer is Outcome::unknown. `method` is
// "click-through", "password" or "voucher".
struct SignIn {
    Flow flow;
    ClientId client;
    std::string method;
    std::string user = {};
    std::string password = {};
    std::string voucher = {};  // the code as typed
    bool operator==(const SignIn&) const = default;
};

// Asks: end the session of this connection's client. `client` as in SignIn.
struct SignOut {
    Flow flow;
    ClientId client;
    bool operator==(const SignOut&) const = default;
};

// Asks: where is this connection's client to be sent to sign in with the venue's application?
// `client` as in SignIn. The answer is Reply::location.
struct RemoteStart {
    Flow flow;
    ClientId client;
    std::string url;  // the page the guest wanted; empty: none
    // Whether the portal itself told this client of `url`, so that it may be redirected there.
    bool sealed = false;
    bool operator==(const RemoteStart&) const = default;
};

// Asks: sign this connection's client in by the grant it has brought from there. `client` as in
// SignIn. Reply::location is the page that was wanted, and Reply::sealed as RemoteStart had it.
struct RemoteReturn {
    Flow flow;
    ClientId client;
    std::string grant;
    bool operator==(const RemoteReturn&) const = default;
};

// Asks: sign in the client that this grant names, which the application has brought by itself.
// Reply::caller tells of that client.
struct RemoteCallback {
    IpAddress peer;  // who has brought it, for counting failures
    std::string grant;
    bool operator==(const RemoteCallback&) const = default;
};

struct Request {
    std::uint64_t id = 0;
    std::variant<WhoIs, SignIn, SignOut, RemoteStart, RemoteReturn, RemoteCallback> body;
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
    // Bytes, both directions, that the session may still use; none: unlimited, or no session.
    std::optional<std::uint64_t> data_remaining;
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
    refused,    // wrong user, password or voucher, a grant that is none, or a blocked client
    elsewhere,  // the policy of the user, voucher or grant does not apply on this network
    not_now,    // it does not apply at this time of day
    devices,    // the user is signed in on `devices` others, as many as may be
    replayed,   // the grant has been used
    throttled,  // too many failures of the client or at the account; try again after `retry_after`
    busy,       // too much to do, by no fault of the guest's; try again after `retry_after`
    unknown,    // no record of the connection
    failed,     // ours: the store or the client table refused
};

struct Reply {
    std::uint64_t id = 0;
    Outcome outcome = Outcome::done;
    std::optional<Seconds> retry_after;
    std::optional<std::uint32_t> devices;
    std::optional<std::string> location;  // a URL; see RemoteStart and RemoteReturn
    bool sealed = false;
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
