#include "base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace portal {

namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool bit(const IpAddress& address, unsigned index) {
    return ((address.bytes[index / 8] >> (7 - index % 8)) & 1) != 0;
}

}  // namespace

IpAddress IpAddress::v4(std::span<const std::uint8_t, 4> address) {
    IpAddress result;
    std::ranges::copy(kMapped, result.bytes.begin());
    std::ranges::copy(address, result.bytes.begin() + 12);
    return result;
}

IpAddress IpAddress::v6(std::span<const std::uint8_t, 16> address) {
    IpAddress result;
    std::ranges::copy(address, result.bytes.begin());
    return result;
}

bool IpAddress::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

bool IpAddress::is_unspecified() const {
    const std::size_t first = is_v4() ? 12 : 0;
    return std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(first), bytes.end(),
                       [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const {
    if (is_v4()) return bytes[12] == 127;
    return std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t b) { return b == 0; }) &&
           bytes[15] == 1;
}

bool IpAddress::is_multicast() const {
    return is_v4() ? (bytes[12] & 0xf0) == 0xe0 : bytes[0] == 0xff;
}

bool IpAddress::is_link_local() const {
    return is_v4() ? bytes[12] == 169 && bytes[13] == 254
                   : bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

std::string IpAddress::to_string() const {
    char text[INET6_ADDRSTRLEN] = {};
    if (is_v4())
        inet_ntop(AF_INET, bytes.data() + 12, text, sizeof text);
    else
        inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
    return text;
}

std::string IpAddress::to_url_host() const {
    return is_v4() ? to_string() : "[" + to_string() + "]";
}

Result<IpAddress> parse_ip_address(std::string_view text) {
    const std::string copy(text);
    std::array<std::uint8_t, 16> bytes{};
    // inet_pton stops at a NUL that std::string may carry inside.
    if (copy.find('\0') == std::string::npos) {
        if (inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1)
            return IpAddress::v4(std::span<const std::uint8_t, 4>(bytes.data(), 4));
        if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return IpAddress::v6(bytes);
    }
    return fail(ErrorCode::invalid, "\"" + printable(text) + "\" is not an IP address",
                "write it as 192.0.2.1 or 2001:db8::1");
}

bool Prefix::contains(const Prefix& other) const {
    if (other.length < length) return false;
    for (unsigned i = 0; i < length; ++i)
        if (bit(address, i) != bit(other.address, i)) return false;
    return true;
}

std::string Prefix::to_string() const {
    if (length == 128) return address.to_string();
    return address.to_string() + "/" + std::to_string(family_length());
}

Result<Prefix> parse_prefix(std::string_view text) {
    const std::size_t slash = text.find('/');
    TRY_ASSIGN(const IpAddress address, parse_ip_address(text.substr(0, slash)));
    Prefix prefix{address, 128};
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const unsigned longest = address.is_v4() ? 32 : 128;
        unsigned length = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), length);
        if (error != std::errc{} || end != digits.data() + digits.size() || length > longest)
            return fail(ErrorCode::invalid,
                        "\"" + printable(text) + "\" has no valid prefix length",
                        "a prefix length is 0 to " + std::to_string(longest));
        prefix.length = address.is_v4() ? length + 96 : length;
    }
    for (unsigned i = prefix.length; i < 128; ++i)
        if (bit(address, i))
            return fail(ErrorCode::invalid,
                        "\"" + printable(text) + "\" has bits set after the prefix",
                        "write the network address, such as 192.0.2.0/24");
    return prefix;
}

}  // namespace portal
