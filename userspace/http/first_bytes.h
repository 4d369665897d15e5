// What the first bytes of a message are, before a parser sees them.
//
// Some things on port 80 are not HTTP/1.x, and answering them as if they were helps nobody: a
// TLS ClientHello, the HTTP/2 preface (RFC 9113 §3.4). Others never end in the blank line that a
// parser waits for: HTTP/0.9's `GET /`.
#pragma once

#include <cstddef>
#include <string_view>

namespace portal::http {

enum class FirstBytes {
    incomplete,   // cannot be told yet
    request,      // a request line of HTTP/1.0 or 1.1
    foreign,      // TLS, HTTP/2 or another major version: close without a word
    malformed,    // 400
    unsupported,  // another HTTP/1.x: 505
    too_long,     // no end of line within `limit`: 431
};

FirstBytes classify(std::string_view bytes, std::size_t limit);

}  // namespace portal::http
