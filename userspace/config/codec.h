// How each kind of value reads from a node of the file and is written back: a struct a kind, with
//   Decoded<T> decode(const Node&)   // checked
//   Value encode(const T&)
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/diagnostics.h"
#include "config/document.h"
#include "config/settings.h"

namespace portal::config {

template <typename T>
using Decoded = std::expected<T, Fault>;

struct BooleanCodec {
    static Decoded<bool> decode(const Node& node);
    static Value encode(bool value) { return value; }
};

Decoded<std::int64_t> decode_integer(const Node& node, std::int64_t least, std::int64_t most);

template <typename T, std::int64_t Least, std::int64_t Most>
struct IntegerCodec {
    static Decoded<T> decode(const Node& node) {
        const auto number = decode_integer(node, Least, Most);
        if (!number) return std::unexpected(number.error());
        return static_cast<T>(*number);
    }
    static Value encode(T value) { return std::int64_t{value}; }
};

using PortCodec = IntegerCodec<std::uint16_t, 1, 65535>;
using MarkCodec = IntegerCodec<std::uint32_t, 1, 0xffffffff>;

// Any routing table but the kernel's own: local, main and default.
struct RouteTableCodec {
    static Decoded<std::uint32_t> decode(const Node& node);
    static Value encode(std::uint32_t value) { return std::int64_t{value}; }
};

// At least one interface.
struct ClientInterfacesCodec {
    static Decoded<std::vector<std::string>> decode(const Node& node);
    static Value encode(const std::vector<std::string>& value) { return value; }
};

struct InterfacesCodec {
    static Decoded<std::vector<std::string>> decode(const Node& node);
    static Value encode(const std::vector<std::string>& value) { return value; }
};

struct XdpModeCodec {
    static Decoded<XdpMode> decode(const Node& node);
    static Value encode(XdpMode value) { return std::string(to_string(value)); }
};

struct VenueNameCodec {
    static Decoded<std::string> decode(const Node& node);
    static Value encode(const std::string& value) { return value; }
};

// A host name, or empty.
struct HostNameCodec {
    static Decoded<std::string> decode(const Node& node);
    static Value encode(const std::string& value) { return value; }
};

// A web page's address, or empty.
struct LoginUrlCodec {
    static Decoded<std::string> decode(const Node& node);
    static Value encode(const std::string& value) { return value; }
};

// A web page's address by https, or empty.
struct SecureUrlCodec {
    static Decoded<std::string> decode(const Node& node);
    static Value encode(const std::string& value) { return value; }
};

// The absolute path of a PEM file, or empty. Whether it is there is not known here.
struct PemFileCodec {
    static Decoded<std::filesystem::path> decode(const Node& node);
    static Value encode(const std::filesystem::path& value) { return value.string(); }
};

// A file that the pages show, or empty.
struct VenueFileCodec {
    static Decoded<std::filesystem::path> decode(const Node& node);
    static Value encode(const std::filesystem::path& value) { return value.string(); }
};

// A colour that white text can be read on.
struct AccentColorCodec {
    static Decoded<Color> decode(const Node& node);
    static Value encode(const Color& value) { return value.to_string(); }
};

struct SystemUserCodec {
    static Decoded<std::string> decode(const Node& node);
    static Value encode(const std::string& value) { return value; }
};

struct MethodsCodec {
    static Decoded<std::vector<SignInMethod>> decode(const Node& node);
    static Value encode(const std::vector<SignInMethod>& value);
};

// Where guests are sent to, or empty.
struct RemoteUrlCodec {
    static Decoded<std::string> decode(const Node& node);
    static Value encode(const std::string& value) { return value; }
};

// An absolute path, or empty. What the file holds is never a value of the configuration.
struct SecretFileCodec {
    static Decoded<std::filesystem::path> decode(const Node& node);
    static Value encode(const std::filesystem::path& value) { return value.string(); }
};

struct TimeoutCodec {
    static Decoded<Seconds> decode(const Node& node);
    static Value encode(Seconds value) { return format_duration(value); }
};

struct IdleTimeoutCodec {
    static Decoded<Seconds> decode(const Node& node);
    static Value encode(Seconds value) { return format_duration(value); }
};

struct RetentionCodec {
    static Decoded<Seconds> decode(const Node& node);
    static Value encode(Seconds value) { return format_duration(value); }
};

struct BlockedTrafficCodec {
    static Decoded<BlockedTraffic> decode(const Node& node);
    static Value encode(BlockedTraffic value) { return std::string(to_string(value)); }
};

struct AddressesCodec {
    static Decoded<std::vector<IpAddress>> decode(const Node& node);
    static Value encode(const std::vector<IpAddress>& value);
};

struct GardenCodec {
    static Decoded<std::vector<GardenRule>> decode(const Node& node);
    static Value encode(const std::vector<GardenRule>& value);
};

struct LeastTtlCodec {
    static Decoded<Seconds> decode(const Node& node);
    static Value encode(Seconds value) { return format_duration(value); }
};

struct RateCodec {
    static Decoded<std::uint64_t> decode(const Node& node);
    static Value encode(std::uint64_t value);
};

struct QuotaCodec {
    static Decoded<std::uint64_t> decode(const Node& node);
    static Value encode(std::uint64_t value);
};

struct BudgetCodec {
    static Decoded<Budget> decode(const Node& node);
    static Value encode(const Budget& value);
};

// Names of policies, each once. Whether they are there is not known here.
struct PolicyNamesCodec {
    static Decoded<std::vector<std::string>> decode(const Node& node);
    static Value encode(const std::vector<std::string>& value) { return value; }
};

// As TimeoutCodec, or empty.
struct PolicyTimeoutCodec {
    static Decoded<std::optional<Seconds>> decode(const Node& node);
    static Value encode(const std::optional<Seconds>& value);
};

// As IdleTimeoutCodec, or empty.
struct PolicyIdleTimeoutCodec {
    static Decoded<std::optional<Seconds>> decode(const Node& node);
    static Value encode(const std::optional<Seconds>& value);
};

// Numbers, or texts with a number or a range.
struct VlansCodec {
    static Decoded<std::vector<VlanRange>> decode(const Node& node);
    static Value encode(const std::vector<VlanRange>& value);
};

// A part of the day, or empty.
struct HoursCodec {
    static Decoded<std::optional<Hours>> decode(const Node& node);
    static Value encode(const std::optional<Hours>& value);
};

struct StoreUrlCodec {
    static Decoded<std::string> decode(const Node& node);
    static Value encode(const std::string& value) { return value; }
};

struct SocketPathCodec {
    static Decoded<std::filesystem::path> decode(const Node& node);
    static Value encode(const std::filesystem::path& value) { return value.string(); }
};

// ADDRESS:PORT, an IPv6 address in brackets, or empty.
struct AddressAndPortCodec {
    static Decoded<std::string> decode(const Node& node);
    static Value encode(const std::string& value) { return value; }
};

// HOST:PORT, or empty.
struct HostAndPortCodec {
    static Decoded<std::string> decode(const Node& node);
    static Value encode(const std::string& value) { return value; }
};

}  // namespace portal::config
