#include "portalctl/api_client.h"

#include <sys/un.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <utility>

#include "base/text.h"
#include "portalctl/event_parser.h"
#include "portalctl/unix_stream.h"

namespace portal::portalctl {

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kLongestSocketPath = sizeof(sockaddr_un::sun_path) - 1;

std::unexpected<Failure> unreachable(const std::string& socket, const error_code& error) {
    const std::string place = "portald at " + printable(socket);
    if (error == net::error::name_too_long)
        return stop(Exit::unreachable,
                    "the socket path " + printable(socket) + " is longer than " +
                        std::to_string(kLongestSocketPath) + " bytes",
                    "name a shorter one with --socket");
    if (error == net::error::timed_out || error == net::error::try_again)
        return stop(Exit::unreachable, place + " does not answer",
                    "see its log; portalctl doctor works once it answers");
    if (error == net::error::eof || error == http::error::end_of_stream ||
        error == http::error::partial_message || error == net::error::connection_reset ||
        error == net::error::broken_pipe)
        return stop(Exit::unreachable, place + " closed the connection without an answer",
                    "see its log; it may be stopping");
    const std::string what = place + " cannot be reached: " + error.message();
    if (error == net::error::access_denied)
        return stop(Exit::unreachable, what, "run as root or as a member of the socket's group");
    if (error == net::error::connection_refused || error.value() == ENOENT)
        return stop(Exit::unreachable, what, "start portald, or name its socket with --socket");
    return stop(Exit::unreachable, what);
}

std::unexpected<Failure> not_understood(std::string_view why) {
    return stop(Exit::failed, "the daemon's answer " + std::string(why),
                "portalctl and portald should be of one version");
}

// What the daemon's problem document says, or else its status line.
std::unexpected<Failure> refused(unsigned status, std::string_view reason, std::string_view body) {
    error_code error;
    const json::value problem = json::parse({body.data(), body.size()}, error);
    const auto member = [&](std::string_view name) -> std::string {
        const json::object* object = error ? nullptr : problem.if_object();
        const json::value* value =
            object ? object->if_contains({name.data(), name.size()}) : nullptr;
        return value && value->is_string() ? std::string(value->get_string()) : "";
    };
    std::string detail = member("detail");
    if (detail.empty())
        detail = "the daemon answered " + std::to_string(status) + " " + std::string(reason);
    return stop(Exit::failed, std::move(detail), member("hint"));
}

}  // namespace

struct ApiClient::Connection {
    explicit Connection(UnixStream connected) : stream(std::move(connected)) {}

    UnixStream stream;
    beast::flat_buffer buffer;
};

ApiClient::ApiClient(std::string socket_path, std::chrono::milliseconds timeout)
    : socket_path_(std::move(socket_path)), timeout_(timeout) {}

ApiClient::~ApiClient() = default;

Outcome<json::array> ApiClient::get_array(std::string_view path) {
    return call_for_array(Verb::get, path);
}

Outcome<json::object> ApiClient::get_object(std::string_view path) {
    return call_for_object(Verb::get, path);
}

Outcome<json::object> ApiClient::post(std::string_view path) {
    return call_for_object(Verb::post, path);
}

Outcome<json::object> ApiClient::post(std::string_view path, const json::object& body) {
    return call_for_object(Verb::post, path, &body);
}

Outcome<json::array> ApiClient::post_for_array(std::string_view path, const json::object& body) {
    return call_for_array(Verb::post, path, &body);
}

Outcome<json::object> ApiClient::remove(std::string_view path) {
    return call_for_object(Verb::remove, path);
}

Outcome<json::object> ApiClient::remove(std::string_view path, const json::object& body) {
    return call_for_object(Verb::remove, path, &body);
}

Outcome<json::array> ApiClient::call_for_array(Verb verb, std::string_view path,
                                               const json::object* body) {
    TRY_ASSIGN(json::value answer, call(verb, path, body));
    if (!answer.is_array()) return not_understood("is not an array");
    return std::move(answer.get_array());
}

Outcome<json::object> ApiClient::call_for_object(Verb verb, std::string_view path,
                                                 const json::object* body) {
    TRY_ASSIGN(json::value answer, call(verb, path, body));
    if (!answer.is_object()) return not_understood("is not an object");
    return std::move(answer.get_object());
}

Outcome<void> ApiClient::connect() {
    // Nothing is under way between calls, so a readable socket has been closed.
    if (connection_ && !connection_->stream.is_stale()) return {};
    connection_.reset();
    error_code error;
    UnixStream stream = UnixStream::connect(socket_path_, timeout_, error);
    if (error) return unreachable(socket_path_, error);
    connection_ = std::make_unique<Connection>(std::move(stream));
    return {};
}

Outcome<void> ApiClient::send(Verb verb, std::string_view path, const json::object* body) {
    static constexpr std::array kVerbs = {http::verb::get, http::verb::post, http::verb::delete_};
    TRY(connect());
    http::request<http::string_body> request(kVerbs[static_cast<std::size_t>(verb)],
                                             {path.data(), path.size()}, 11);
    request.set(http::field::host, "localhost");
    request.set(http::field::user_agent, "portalctl/" PORTAL_VERSION);
    if (body) {
        request.set(http::field::content_type, "application/json");
        request.body() = json::serialize(*body);
    }
    request.prepare_payload();
    error_code error;
    http::write(connection_->stream, request, error);
    if (error) {
        connection_.reset();
        return unreachable(socket_path_, error);
    }
    return {};
}

Outcome<json::value> ApiClient::call(Verb verb, std::string_view path, const json::object* body) {
    TRY(send(verb, path, body));
    http::response_parser<http::string_body> parser;
    parser.body_limit(kLargestAnswer);
    error_code error;
    http::read(connection_->stream, connection_->buffer, parser, error);
    if (error || !parser.get().keep_alive()) connection_.reset();
    if (error == http::error::body_limit)
        return not_understood("is larger than " + std::to_string(kLargestAnswer >> 20) + " MiB");
    if (error && error.category() == http::make_error_code(http::error::bad_version).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message)
        return not_understood("is not HTTP: " + error.message());
    if (error) return unreachable(socket_path_, error);

    const auto& answer = parser.get();
    if (answer.result() != http::status::ok)
        return refused(answer.result_int(), answer.reason(), answer.body());
    json::value value = json::parse(answer.body(), error);
    if (error) return not_understood("is not JSON: " + error.message());
    return value;
}

Outcome<void> ApiClient::follow(std::string_view path, int interrupt, const EventSink& sink) {
    TRY(send(Verb::get, path, nullptr));
    // The connection is of no use for anything else afterwards.
    const std::unique_ptr<Connection> connection = std::move(connection_);
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    error_code error;
    http::read_header(connection->stream, connection->buffer, parser, error);
    if (error) return unreachable(socket_path_, error);
    const bool accepted = parser.get().result() == http::status::ok;
    // A refusal is a short document like any other, and is waited for no longer.
    if (accepted) connection->stream.wait_for_ever(interrupt);

    EventParser events;
    std::string refusal;
    std::array<char, 16 * 1024> piece;
    while (!parser.is_done()) {
        parser.get().body().data = piece.data();
        parser.get().body().size = piece.size();
        http::read_some(connection->stream, connection->buffer, parser, error);
        if (error == http::error::need_buffer) error = {};
        const std::string_view bytes(piece.data(), piece.size() - parser.get().body().size);
        if (accepted) {
            TRY(events.feed(bytes, sink));
        } else {
            refusal += bytes;
            if (refusal.size() > EventParser::kLargestEvent) break;
        }
        if (error == net::error::interrupted) return {};
        if (error) break;
    }
    if (!accepted) return refused(parser.get().result_int(), parser.get().reason(), refusal);
    return stop(Exit::unreachable, "portald at " + printable(socket_path_) + " ended the stream",
                "see its log; it may have been stopped");
}

std::string ApiClient::segment(std::string_view text) {
    return boost::urls::encode({text.data(), text.size()}, boost::urls::unreserved_chars);
}

}  // namespace portal::portalctl
