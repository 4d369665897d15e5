#include "http/connection.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <string>

#include "base/log.h"
#include "http/authority.h"
#include "http/date.h"

namespace portal::http {

namespace asio = boost::asio;

using beast::http::status;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

using Parser = beast::http::request_parser<beast::http::string_body>;

// What is wrong with a request that parses; empty if nothing is.
std::string_view fault_of(const Request& head, bool chunked) {
    const bool http_1_0 = head.version() < 11;
    const auto hosts = head.count(Field::host);
    if (hosts > 1) return "more than one Host";  // RFC 9112 §3.2
    if (hosts == 0 && !http_1_0) return "no Host";
    if (hosts == 1 && !parse_authority(std::string(head[Field::host]))) return "a bad Host";
    // RFC 9112 §6.1, §6.3: where the body ends would be a guess.
    if (head.count(Field::transfer_encoding) != 0 && (!chunked || http_1_0))
        return "a Transfer-Encoding that is not understood";
    return {};
}

// The answer to a parser's error; none if the peer is merely gone.
std::optional<status> status_of(const beast::error_code& error) {
    using Http = beast::http::error;
    if (error == Http::header_limit || error == Http::buffer_overflow)
        return status::request_header_fields_too_large;
    if (error == Http::body_limit) return status::payload_too_large;
    if (error == Http::end_of_stream || error == Http::partial_message) return std::nullopt;
    if (error.category() == beast::http::make_error_code(Http::bad_method).category())
        return status::bad_request;
    return std::nullopt;
}

bool expects_continue(const Request& head) {
    return head.version() >= 11 && beast::iequals(head[Field::expect], "100-continue");
}

void complete(Response& response) {
    response.version(11);
    if (response.count(Field::date) == 0)
        response.set(Field::date, format_date(std::chrono::floor<std::chrono::seconds>(
                                      std::chrono::system_clock::now())));
}

Response plain_failure() {
    Response response(status::internal_server_error, 11);
    response.set(Field::content_type, "text/plain; charset=utf-8");
    response.set(Field::cache_control, "no-store");
    response.body() = "Internal Server Error\n";
    response.keep_alive(false);
    return response;
}

}  // namespace

Connection::Connection(Transport::Socket socket, Peer peer, Service& service)
    : service_(service),
      transport_(std::move(socket), service.tls),
      // Room for a header of the largest size and what comes behind it in the same read.
      buffer_(2 * service.limits.header_bytes),
      peer_(std::move(peer)) {}

asio::awaitable<void> Connection::run() {
    wait_for_peer(service_.limits.request_deadline);
    // Not `while (co_await exchange())`, which GCC 12 miscompiles.
    bool again = co_await transport_.handshake();
    while (again) {
        again = co_await exchange();
        if (again) wait_for_peer(service_.limits.request_deadline);
    }
    wait_for_peer(service_.limits.linger);
    co_await transport_.close_in_stages();
}

void Connection::wait_for_peer(std::chrono::seconds longest) {
    transport_.expires_after(longest);
    service_.waiting.add(*this);
}

asio::awaitable<bool> Connection::exchange() {
    const FirstBytes first = co_await read_first_bytes();
    switch (first) {
        case FirstBytes::request:
            break;
        case FirstBytes::incomplete:
        case FirstBytes::foreign:
            co_return false;
        case FirstBytes::malformed:
            co_return co_await refuse(status::bad_request, "a bad request line", false);
        case FirstBytes::unsupported:
            co_return co_await refuse(status::http_version_not_supported,
                                      "a version of HTTP that is not spoken here", false);
        case FirstBytes::too_long:
            co_return co_await refuse(status::request_header_fields_too_large,
                                      "too long a request line", false);
    }

    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(service_.limits.header_bytes));
    // Unlimited until the handler wants the body: one that is not read may be of any size.
    parser.body_limit(boost::none);
    const auto [header_error, header_size] =
        co_await beast::http::async_read_header(transport_, buffer_, parser, kAwait);
    const bool head = parser.get().method() == Method::head;
    if (header_error) {
        const auto answer = status_of(header_error);
        if (!answer) co_return false;
        co_return co_await refuse(*answer, header_error.message(), head);
    }
    if (const std::string_view fault = fault_of(parser.get(), parser.chunked()); !fault.empty())
        co_return co_await refuse(status::bad_request, fault, head);

    if (!parser.is_done() && service_.handler->wants_body(parser.get(), peer_)) {
        if (parser.content_length().value_or(0) > service_.limits.body_bytes)
            co_return co_await refuse(status::payload_too_large, "too large a body", head);
        parser.body_limit(service_.limits.body_bytes);
        if (expects_continue(parser.get())) {
            constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            const auto [error, size] =
                co_await asio::async_write(transport_, asio::buffer(go_on), kAwait);
            if (error) co_return false;
        }
        const auto [error, size] =
            co_await beast::http::async_read(transport_, buffer_, parser, kAwait);
        if (error) {
            const auto answer = status_of(error);
            if (!answer) co_return false;
            co_return co_await refuse(*answer, error.message(), head);
        }
    }

    WaitingList::remove(*this);
    const bool whole = parser.is_done();
    const Request request = parser.release();
    Answer answer = co_await ask_handler(request);
    if (Stream* endless = std::get_if<Stream>(&answer))
        co_return co_await write(std::move(*endless), head);
    const bool keep_alive = whole && request.version() >= 11 && request.keep_alive();
    co_return co_await write(std::move(std::get<Response>(answer)), head, keep_alive);
}

// Reads until what stands in `buffer_` can be told apart; incomplete if the peer stops before.
asio::awaitable<FirstBytes> Connection::read_first_bytes() {
    bool blank_line_skipped = false;
    for (;;) {
        const auto data = buffer_.cdata();
        const std::string_view bytes(static_cast<const char*>(data.data()), data.size());
        // RFC 9112 §2.2: an empty line before the request line is ignored.
        if (!blank_line_skipped && bytes.starts_with("\r\n")) {
            buffer_.consume(2);
            blank_line_skipped = true;
            continue;
        }
        const bool half_blank_line = !blank_line_skipped && bytes == "\r";
        const FirstBytes kind = half_blank_line ? FirstBytes::incomplete
                                                : classify(bytes, service_.limits.header_bytes);
        if (kind != FirstBytes::incomplete) co_return kind;
        const std::size_t room = std::min<std::size_t>(buffer_.max_size() - buffer_.size(), 4096);
        const auto [error, size] =
            co_await transport_.async_read_some(buffer_.prepare(room), kAwait);
        if (error) co_return FirstBytes::incomplete;
        buffer_.commit(size);
    }
}

asio::awaitable<Answer> Connection::ask_handler(const Request& request) {
    try {
        co_return co_await service_.handler->handle(request, peer_);
    } catch (const std::exception& error) {
        spdlog::error("answering a request failed: {}", error.what());
    }
    co_return plain_failure();
}

asio::awaitable<bool> Connection::refuse(status status, std::string_view why, bool head) {
    co_return co_await write(service_.handler->malformed(status, why), head, false);
}

asio::awaitable<bool> Connection::write(Response response, bool head, bool keep_alive) {
    complete(response);
    keep_alive = keep_alive && response.keep_alive() && !service_.finishing;
    response.keep_alive(keep_alive);
    response.prepare_payload();
    beast::http::response_serializer<beast::http::string_body> serializer(response);
    transport_.expires_after(service_.limits.write_deadline);
    if (head) {
        const auto [error, size] =
            co_await beast::http::async_write_header(transport_, serializer, kAwait);
        co_return keep_alive && !error;
    }
    const auto [error, size] = co_await beast::http::async_write(transport_, serializer, kAwait);
    co_return keep_alive && !error;
}

asio::awaitable<bool> Connection::write(Stream answer, bool head) {
    complete(answer.head);
    answer.head.keep_alive(false);
    beast::http::response_serializer<beast::http::string_body> serializer(answer.head);
    transport_.expires_after(service_.limits.write_deadline);
    const auto [head_error, head_size] =
        co_await beast::http::async_write_header(transport_, serializer, kAwait);
    if (head_error || head) co_return false;
    for (;;) {
        const std::optional<std::string> chunk = co_await answer.next();
        if (!chunk) co_return false;
        transport_.expires_after(service_.limits.write_deadline);
        const auto [error, size] =
            co_await asio::async_write(transport_, asio::buffer(*chunk), kAwait);
        if (error) co_return false;
    }
}

}  // namespace portal::http
