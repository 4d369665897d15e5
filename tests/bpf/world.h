// The venue every test plays in: what is the gateway's, what is open to strangers.
//
//   client  192.0.2.100  2001:db8::100  fe80::64        02:00:00:00:00:64
//   gateway 192.0.2.1    2001:db8::1    fe80::1         02:00:00:00:00:01, the portal and a
//   resolver uplink  198.51.100.1 2001:db8:1::1                  also the gateway's
#pragma once

#include <array>
#include <vector>

#include "packets/packet.h"
#include "portal_abi.h"

namespace portal::gate {

inline constexpr std::uint16_t kHttpPort = 80;
inline constexpr std::uint16_t kHttpsPort = 443;
inline constexpr std::uint32_t kMark = 0x511;
inline constexpr std::uint32_t kMarkMask = 0xffff;

// What a family calls the same places, so that a table is written once.
struct Family {
    const char* name;
    IpAddress client;
    IpAddress gateway;       // own, on the client interface: portal and resolver
    IpAddress uplink;        // own, on the uplink
    IpAddress resolver;      // permitted, not the gateway's
    IpAddress server;        // anybody on the Internet
    IpAddress garden;        // open as a whole
    IpAddress garden_ports;  // open at kGardenTcp and kGardenUdp only
    IpAddress unspecified;
    IpAddress loopback;
    IpAddress group;

    packets::Packet from_to(const IpAddress& src, const IpAddress& dst) const;
    packets::Packet to(const IpAddress& dst) const { return from_to(client, dst); }
    packets::Packet from(const IpAddress& src) const { return from_to(src, client); }
    packets::Packet echo_request() const;
    packets::Packet echo_reply() const;
};

extern const std::array<Family, 2> kFamilies;

// Of the clients' IPv4 network.
inline const IpAddress kBroadcast4 = packets::ip("192.0.2.255");

inline constexpr std::uint16_t kGardenTcp = 8443;
inline constexpr std::uint16_t kGardenUdp = 5000;

struct AddressRoles {
    IpAddress address;
    std::uint32_t roles;  // enum address_role
};
std::vector<AddressRoles> world_addresses();

struct GardenEntry {
    Prefix prefix;
    garden_ports ports;
};
std::vector<GardenEntry> world_garden();

// Of the client's link, and on these VLANs of it; the gateway has no address on any other.
std::vector<Prefix> world_networks();
inline constexpr std::array<std::uint16_t, 2> kWorldVlans = {0, 100};

}  // namespace portal::gate
