#include "ipc/protocol.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <limits>

#include "domain/session.h"
#include "domain/voucher.h"
#include "ipc/members.h"

namespace portal::ipc {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestPortalName = 1024;
constexpr std::size_t kLongestHostname = 253;  // RFC 1035 §2.3.4, as text
constexpr std::size_t kLongestUrl = 2048;
constexpr std::size_t kLongestLocation = 8192;  // a URL and a token
constexpr std::size_t kLongestWord = 32;        // of an enumeration
constexpr std::size_t kLongestPassword = 1024;
constexpr std::size_t kSealKeyDigits = 64;
constexpr std::size_t kDeepestNesting = 4;
constexpr std::uint64_t kLargestCount = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kLargestDeviceCount = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kLargestPort = std::numeric_limits<std::uint16_t>::max();
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;

constexpr std::array<std::string_view, 4> kLogoTypes = {"image/svg+xml", "image/png", "image/jpeg",
                                                        "image/webp"};

constexpr std::array<std::pair<Outcome, std::string_view>, 10> kOutcomes{{
    {Outcome::done, "done"},
    {Outcome::refused, "refused"},
    {Outcome::elsewhere, "elsewhere"},
    {Outcome::not_now, "not_now"},
    {Outcome::devices, "devices"},
    {Outcome::replayed, "replayed"},
    {Outcome::throttled, "throttled"},
    {Outcome::busy, "busy"},
    {Outcome::unknown, "unknown"},
    {Outcome::failed, "failed"},
}};

json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

const unsigned char* bytes_of(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

template <typename T, typename ToJson>
json::value or_null(const std::optional<T>& value, ToJson to_json) {
    if (!value) return nullptr;
    return to_json(*value);
}

json::value to_json(const Flow& flow) {
    return {{"client", flow.client.to_string()},
            {"client_port", flow.client_port},
            {"server", flow.server.to_string()},
            {"server_port", flow.server_port}};
}

json::value to_json(const Tls& tls) {
    return {{"certificate", tls.certificate}, {"key", tls.key}};
}

json::value to_json(const Usage& usage) {
    return {{"rx_packets", usage.rx_packets},
            {"rx_bytes", usage.rx_bytes},
            {"tx_packets", usage.tx_packets},
            {"tx_bytes", usage.tx_bytes}};
}

json::value to_json(const Logo& logo) {
    std::string text(sodium_base64_encoded_len(logo.bytes.size(), kBase64), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(logo.bytes), logo.bytes.size(), kBase64);
    text.pop_back();  // its terminating NUL
    return {{"media_type", logo.media_type}, {"bytes", text}};
}

json::value to_json(const Caller& caller) {
    const auto seconds = [](Seconds value) { return json::value(value.count()); };
    const auto text = [](const std::string& value) { return json::value(value); };
    const auto number = [](std::uint64_t value) { return json::value(value); };
    const auto shown = [](const auto& value) { return json::value(value.to_string()); };
    return {{"client", or_null(caller.client, shown)},
            {"state", view(to_string(caller.state))},
            {"user", or_null(caller.user, text)},
            {"remaining", or_null(caller.remaining, seconds)},
            {"usage", or_null(caller.usage, [](const Usage& value) { return to_json(value); })},
            {"data_remaining", or_null(caller.data_remaining, number)},
            {"to_portal", caller.to_portal},
            {"portal_address", or_null(caller.portal_address, shown)}};
}

struct AddQuestion {
    json::object& message;

    void operator()(const WhoIs& question) const {
        message["ask"] = "who_is";
        message["flow"] = to_json(question.flow);
    }
    void operator()(const SignIn& question) const {
        message["ask"] = "sign_in";
        message["flow"] = to_json(question.flow);
        message["client"] = question.client.to_string();
        message["method"] = question.method;
        message["user"] = question.user;
        message["password"] = question.password;
        message["voucher"] = question.voucher;
    }
    void operator()(const SignOut& question) const {
        message["ask"] = "sign_out";
        message["flow"] = to_json(question.flow);
        message["client"] = question.client.to_string();
    }
    void operator()(const RemoteStart& question) const {
        message["ask"] = "remote_start";
        message["flow"] = to_json(question.flow);
        message["client"] = question.client.to_string();
        message["url"] = question.url;
        message["sealed"] = question.sealed;
    }
    void operator()(const RemoteReturn& question) const {
        message["ask"] = "remote_return";
        message["flow"] = to_json(question.flow);
        message["client"] = question.client.to_string();
        message["grant"] = question.grant;
    }
    void operator()(const RemoteCallback& question) const {
        message["ask"] = "remote_callback";
        message["peer"] = question.peer.to_string();
        message["grant"] = question.grant;
    }
};

Result<json::object> parse_object(std::string_view text, std::size_t longest = kLargestMessage) {
    if (text.size() > longest) return fail(ErrorCode::invalid, "the message is too long");
    json::parse_options options;
    options.max_depth = kDeepestNesting;
    boost::system::error_code error;
    json::value value = json::parse(view(text), error, {}, options);
    if (error) return fail(ErrorCode::invalid, "the message is not JSON: " + error.message());
    if (!value.is_object()) return fail(ErrorCode::invalid, "the message is not a JSON object");
    return std::move(value.get_object());
}

std::uint16_t read_port(Members& members, std::string_view name) {
    return static_cast<std::uint16_t>(members.number(name, kLargestPort));
}

// Text that goes into a header or a link: visible ASCII without what ends either.
std::string read_visible(Members& members, std::string_view name, std::size_t longest) {
    std::string text = members.text(name, longest);
    const bool visible = std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>';
    });
    if (!visible) members.fault(name, "has characters that a URL does not");
    return text;
}

std::string read_seal_key(Members& members) {
    std::string key = members.text("seal_key", kSealKeyDigits);
    const bool hex = std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
    if (!key.empty() && (key.size() != kSealKeyDigits || !hex))
        members.fault("seal_key", "is not 32 bytes as lower-case hex");
    return key;
}

Tls read_tls(const json::object& object, Members& outer) {
    Members members(object, "tls.");
    Tls tls;
    tls.certificate = members.text("certificate", kLargestPem);
    tls.key = members.text("key", kLargestPem);
    outer.absorb(members.finish());
    return tls;
}

Flow read_flow(Members& message) {
    Members members(message.object("flow"), "flow.");
    Flow flow;
    flow.client = members.address("client");
    flow.client_port = read_port(members, "client_port");
    flow.server = members.address("server");
    flow.server_port = read_port(members, "server_port");
    message.absorb(members.finish());
    return flow;
}

Usage read_usage(const json::object& object, Members& outer) {
    Members members(object, "caller.usage.");
    Usage usage;
    usage.rx_packets = members.number("rx_packets", kLargestCount);
    usage.rx_bytes = members.number("rx_bytes", kLargestCount);
    usage.tx_packets = members.number("tx_packets", kLargestCount);
    usage.tx_bytes = members.number("tx_bytes", kLargestCount);
    outer.absorb(members.finish());
    return usage;
}

Logo read_logo(const json::object& object, Members& outer) {
    constexpr std::size_t longest = (kLargestLogo + 2) / 3 * 4;
    Members members(object, "logo.");
    Logo logo;
    logo.media_type = members.text("media_type", kLongestWord);
    if (std::ranges::find(kLogoTypes, logo.media_type) == kLogoTypes.end())
        members.fault("media_type", "is not a picture's");
    const std::string text = members.text("bytes", longest);
    logo.bytes.resize(kLargestLogo);
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(logo.bytes.data()), logo.bytes.size(),
                          text.data(), text.size(), nullptr, &size, nullptr, kBase64) != 0)
        members.fault("bytes", "is not base64");
    logo.bytes.resize(size);
    outer.absorb(members.finish());
    return logo;
}

Color read_color(Members& members, std::string_view name) {
    constexpr std::size_t longest = 7;
    if (const auto color = parse_color(members.text(name, longest))) return *color;
    members.fault(name, "is not a colour");
    return {};
}

ClientId read_client(Members& members) {
    constexpr std::size_t longest = 32;
    if (const auto client = parse_client_id(members.text("client", longest))) return *client;
    members.fault("client", "is not a client");
    return {};
}

Caller read_caller(Members& message) {
    Members members(message.object("caller"), "caller.");
    Caller caller;
    if (members.present("client")) caller.client = read_client(members);
    if (const auto state = parse_client_state(members.text("state", kLongestWord)))
        caller.state = *state;
    else
        members.fault("state", "is not a state");
    if (members.present("user")) caller.user = members.text("user", kLongestName);
    if (members.present("remaining")) caller.remaining = members.seconds("remaining");
    if (members.present("usage")) caller.usage = read_usage(members.object("usage"), members);
    if (members.present("data_remaining"))
        caller.data_remaining = members.number("data_remaining", kLargestCount);
    caller.to_portal = members.boolean("to_portal");
    if (members.present("portal_address"))
        caller.portal_address = members.address("portal_address");
    message.absorb(members.finish());
    return caller;
}

SignIn read_sign_in(Members& members) {
    SignIn question{.flow = read_flow(members),
                    .client = read_client(members),
                    .method = {},
                    .user = {},
                    .password = {},
                    .voucher = {}};
    question.method = members.text("method", kLongestWord);
    if (question.method != "click-through" && question.method != "password" &&
        question.method != "voucher")
        members.fault("method", "is not a method");
    question.user = members.text("user", kLongestName);
    question.password = members.text("password", kLongestPassword);
    question.voucher = members.text("voucher", kLongestVoucherText);
    return question;
}

// The characters of a JWT in compact form (RFC 7515 §7.1).
std::string read_grant(Members& members) {
    std::string text = members.text("grant", kLongestGrant);
    const bool sound = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
    if (!sound) members.fault("grant", "is not a signed token");
    return text;
}

RemoteStart read_remote_start(Members& members) {
    RemoteStart question{.flow = read_flow(members), .client = read_client(members), .url = {}};
    question.url = read_visible(members, "url", kLongestUrl);
    question.sealed = members.boolean("sealed");
    return question;
}

RemoteReturn read_remote_return(Members& members) {
    RemoteReturn question{.flow = read_flow(members), .client = read_client(members), .grant = {}};
    question.grant = read_grant(members);
    return question;
}

RemoteCallback read_remote_callback(Members& members) {
    RemoteCallback question{.peer = members.address("peer"), .grant = {}};
    question.grant = read_grant(members);
    return question;
}

}  // namespace

std::string encode(const Configuration& message) {
    return json::serialize(
        json::value{{"portal_name", message.portal_name},
                    {"hostname", message.hostname},
                    {"login_url", message.login_url},
                    {"http_port", message.http_port},
                    {"https_port", message.https_port},
                    {"tls", or_null(message.tls, [](const Tls& tls) { return to_json(tls); })},
                    {"venue_info_url", message.venue_info_url},
                    {"click_through", message.click_through},
                    {"password", message.password},
                    {"voucher", message.voucher},
                    {"remote", message.remote},
                    {"remote_listener", message.remote_listener},
                    {"probe_compatibility", message.probe_compatibility},
                    {"seal_key", message.seal_key},
                    {"logo", or_null(message.logo, [](const Logo& logo) { return to_json(logo); })},
                    {"accent_color", message.accent_color.to_string()},
                    {"terms", message.terms}});
}

std::string encode(const Request& message) {
    json::object object{{"id", message.id}};
    std::visit(AddQuestion{object}, message.body);
    return json::serialize(object);
}

std::string encode(const Reply& message) {
    const auto* outcome = std::find_if(kOutcomes.begin(), kOutcomes.end(), [&](const auto& entry) {
        return entry.first == message.outcome;
    });
    return json::serialize(json::value{
        {"id", message.id},
        {"outcome", view(outcome->second)},
        {"retry_after",
         or_null(message.retry_after, [](Seconds value) { return json::value(value.count()); })},
        {"devices",
         or_null(message.devices, [](std::uint32_t value) { return json::value(value); })},
        {"location",
         or_null(message.location, [](const std::string& value) { return json::value(value); })},
        {"sealed", message.sealed},
        {"caller", to_json(message.caller)}});
}

Result<Configuration> decode_configuration(std::string_view text) {
    TRY_ASSIGN(const json::object object, parse_object(text, kLargestConfiguration));
    Members members(object);
    Configuration message;
    message.portal_name = members.text("portal_name", kLongestPortalName);
    message.hostname = read_visible(members, "hostname", kLongestHostname);
    message.login_url = read_visible(members, "login_url", kLongestUrl);
    message.http_port = read_port(members, "http_port");
    message.https_port = read_port(members, "https_port");
    if (members.present("tls")) message.tls = read_tls(members.object("tls"), members);
    message.venue_info_url = read_visible(members, "venue_info_url", kLongestUrl);
    message.click_through = members.boolean("click_through");
    message.password = members.boolean("password");
    message.voucher = members.boolean("voucher");
    message.remote = members.boolean("remote");
    message.remote_listener = members.boolean("remote_listener");
    message.probe_compatibility = members.boolean("probe_compatibility");
    message.seal_key = read_seal_key(members);
    if (members.present("logo")) message.logo = read_logo(members.object("logo"), members);
    message.accent_color = read_color(members, "accent_color");
    message.terms = members.text("terms", kLargestTerms);
    TRY(members.finish());
    return message;
}

Result<Request> decode_request(std::string_view text) {
    TRY_ASSIGN(const json::object object, parse_object(text));
    Members members(object);
    Request message;
    message.id = members.number("id", kLargestCount);
    const std::string ask = members.text("ask", kLongestWord);
    if (ask == "who_is")
        message.body = WhoIs{read_flow(members)};
    else if (ask == "sign_in")
        message.body = read_sign_in(members);
    else if (ask == "sign_out")
        message.body = SignOut{read_flow(members), read_client(members)};
    else if (ask == "remote_start")
        message.body = read_remote_start(members);
    else if (ask == "remote_return")
        message.body = read_remote_return(members);
    else if (ask == "remote_callback")
        message.body = read_remote_callback(members);
    else
        members.fault("ask", "is not a question");
    TRY(members.finish());
    return message;
}

Result<Reply> decode_reply(std::string_view text) {
    TRY_ASSIGN(const json::object object, parse_object(text));
    Members members(object);
    Reply message;
    message.id = members.number("id", kLargestCount);
    const std::string word = members.text("outcome", kLongestWord);
    const auto* outcome = std::find_if(kOutcomes.begin(), kOutcomes.end(),
                                       [&](const auto& entry) { return entry.second == word; });
    if (outcome != kOutcomes.end())
        message.outcome = outcome->first;
    else
        members.fault("outcome", "is not an outcome");
    if (members.present("retry_after")) message.retry_after = members.seconds("retry_after");
    if (members.present("devices"))
        message.devices =
            static_cast<std::uint32_t>(members.number("devices", kLargestDeviceCount));
    if (members.present("location"))
        message.location = read_visible(members, "location", kLongestLocation);
    message.sealed = members.boolean("sealed");
    message.caller = read_caller(members);
    TRY(members.finish());
    return message;
}

}  // namespace portal::ipc
