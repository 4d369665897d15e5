// What portal-responder, as the reader of DNS answers, says of one: where the name that was asked
// for leads. portald sends the message as it was on the wire, one to a packet, and gets one of
// these for each, as a JSON object. Each side treats what the other sends as hostile.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "base/error.h"
#include "base/ip_address.h"

namespace portal::ipc {

// As many as a message of DNS_MESSAGE_BYTES has room for.
inline constexpr std::size_t kMostAnswerAddresses = 91;

struct NameAnswer {
    std::string name;  // lower case, without the last dot; empty: the message says nothing of use
    Seconds ttl{0};    // the least on the way from the name to the addresses
    std::vector<IpAddress> addresses;

    bool operator==(const NameAnswer&) const = default;
};

std::string encode(const NameAnswer& answer);

// Refuses what is no such object, naming the member; the name has letters, digits, hyphens,
// underscores and dots alone.
Result<NameAnswer> decode_name_answer(std::string_view text);

// Whether a name is of such characters, and no longer than names are.
bool is_answer_name(std::string_view name);

}  // namespace portal::ipc
