// The daemon's API from the caller's side: one kept-alive connection over its Unix socket, made
// when first needed and again when the daemon has closed it. Blocks; one thread.
//
// A daemon that cannot be reached, goes away or falls silent is Exit::unreachable; what it
// refuses is Exit::failed, with the problem document's detail and hint (RFC 9457).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "portalctl/outcome.h"

namespace portal::portalctl {

namespace json = boost::json;

class ApiClient {
  public:
    static constexpr std::size_t kLargestAnswer = 64 * 1024 * 1024;  // bytes
    static constexpr std::chrono::seconds kTimeout{30};              // without a byte

    explicit ApiClient(std::string socket_path, std::chrono::milliseconds timeout = kTimeout);
    ~ApiClient();

    // Paths are percent-encoded already; see segment().
    Outcome<json::array> get_array(std::string_view path);
    Outcome<json::object> get_object(std::string_view path);
    Outcome<json::object> post(std::string_view path);
    Outcome<json::object> post(std::string_view path, const json::object& body);
    Outcome<json::array> post_for_array(std::string_view path, const json::object& body);
    Outcome<json::object> remove(std::string_view path);
    Outcome<json::object> remove(std::string_view path, const json::object& body);

    // Calls `sink` with the data of each event until the descriptor `interrupt` (-1: none) is
    // readable, which is success. That the stream ends is a failure, and so is the sink's error.
    using EventSink = std::function<Status(std::string_view data)>;
    Outcome<void> follow(std::string_view path, int interrupt, const EventSink& sink);

    // One percent-encoded path segment (RFC 3986 §2.1).
    static std::string segment(std::string_view text);

  private:
    enum class Verb { get, post, remove };
    struct Connection;

    Outcome<json::value> call(Verb verb, std::string_view path, const json::object* body);
    Outcome<json::array> call_for_array(Verb verb, std::string_view path,
                                        const json::object* body = nullptr);
    Outcome<json::object> call_for_object(Verb verb, std::string_view path,
                                          const json::object* body = nullptr);
    Outcome<void> send(Verb verb, std::string_view path, const json::object* body);
    Outcome<void> connect();

    std::string socket_path_;
    std::chrono::milliseconds timeout_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace portal::portalctl
