#include "domain/address_scope.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace portal {

namespace {

// Prefixes that end within the second byte at most.
struct Start {
    std::uint8_t first;
    std::uint8_t second = 0;
    std::uint8_t second_mask = 0;
};

// IANA's special-purpose registry (RFC 6890).
constexpr std::array kNowhere4{Start{0}, Start{127}, Start{169, 254, 0xff}};
constexpr std::array kInternal4{Start{10}, Start{100, 64, 0xc0}, Start{172, 16, 0xf0},
                                Start{192, 168, 0xff}};
constexpr std::uint8_t kFirstGroup4 = 224;  // multicast, and what is reserved behind it

// fe80::/10 is link-local, fec0::/10 what was site-local (RFC 3879), fc00::/7 unique local.
constexpr std::array<std::uint8_t, 12> kNat64{0x00, 0x64, 0xff, 0x9b};
constexpr std::array<std::uint8_t, 8> kZero{};

bool is_in(std::span<const Start> starts, std::uint8_t first, std::uint8_t second) {
    return std::ranges::any_of(starts, [&](const Start& start) {
        return first == start.first && (second & start.second_mask) == start.second;
    });
}

AddressScope scope_of_v4(std::span<const std::uint8_t, 4> bytes) {
    if (bytes[0] >= kFirstGroup4 || is_in(kNowhere4, bytes[0], bytes[1]))
        return AddressScope::nowhere;
    return is_in(kInternal4, bytes[0], bytes[1]) ? AddressScope::internal : AddressScope::global;
}

}  // namespace

AddressScope scope_of(const IpAddress& address) {
    const auto& bytes = address.bytes;
    if (address.is_v4() || std::ranges::equal(std::span(bytes).first<12>(), kNat64))
        return scope_of_v4(std::span(bytes).last<4>());
    // ::/64 holds ::, ::1 and forms of IPv4 that no host has.
    if (address.is_multicast() || address.is_link_local() ||
        std::ranges::equal(std::span(bytes).first<8>(), kZero))
        return AddressScope::nowhere;
    if ((bytes[0] & 0xfe) == 0xfc || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0xc0))
        return AddressScope::internal;
    return AddressScope::global;
}

}  // namespace portal
