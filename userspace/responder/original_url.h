// The page a stranger asked for, carried to the sign-in page and back so that there is a way on.
//
// It travels through other hands: query and fragment, which may hold secrets, are left behind, as
// is user information. What comes back is anybody's text: it is checked again, and shown as a
// link. Only with a seal (seal.h) is it redirected to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/target.h"

namespace portal::responder {

inline constexpr std::size_t kLongestOriginalUrl = 1024;

struct OriginalUrl {
    std::string url;
    std::string seal;  // of url for this client; empty: it has none
    bool operator==(const OriginalUrl&) const = default;
};

// An absolute http or https URL with a host, without user information, query and fragment. None
// if `text` is no such URL or is longer than kLongestOriginalUrl.
std::optional<std::string> carried_url(std::string_view text);

// What `request`, a GET or HEAD, was for. None for other methods: to repeat one is not a link's
// business.
std::optional<std::string> original_url(const http::Request& request, const http::Target& target);

// "http://example.net/a" as text for a link: its host and port.
std::string host_of(const std::string& carried);

}  // namespace portal::responder
