// Which route a request's method and path belong to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace portal::control {

class Router {
  public:
    // `pattern` is a path whose segments are literal, or "{name}" for a parameter. Returns the
    // route's index: 0, 1, ….
    std::size_t add(std::string_view method, std::string_view pattern);

    struct Found {
        std::size_t route = 0;
        std::vector<std::string> parameters;  // percent-decoded, in the order of the pattern
    };
    struct NoSuchPath {};
    struct NoSuchMethod {
        std::vector<std::string> allowed;
    };
    using Match = std::variant<Found, NoSuchPath, NoSuchMethod>;

    // `path` is as sent: percent-encoded, without a query.
    Match match(std::string_view method, std::string_view path) const;

  private:
    struct Route {
        std::string method;
        std::vector<std::string> segments;
    };

    std::vector<Route> routes_;
};

}  // namespace portal::control
