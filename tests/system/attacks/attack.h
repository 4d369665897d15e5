// What attacks begin with: a stranger with a packet socket, an accomplice on the internet, and eyes
// on both sides of the gateway.
#pragma once

#include <initializer_list>
#include <vector>

#include "system/marked_frame.h"
#include "system/system_test.h"

namespace portal::system_test {

// A station that may go through, so that one can see when all before it has.
inline const Mac kTrustedMac = mac("02:00:00:00:aa:aa");
inline const Mac kInternetMac = mac("02:00:00:00:01:02");

using Ports = std::initializer_list<std::uint16_t>;
using Numbers = std::initializer_list<std::uint8_t>;

class AttackTest : public FamilyTest {
  protected:
    explicit AttackTest(const Settings& settings = {});

    bool v4() const { return GetParam() == Family::ipv4; }
    const IpAddress& client_address() const { return v4() ? kClient4 : kClient6; }
    const IpAddress& gateway_address() const { return v4() ? kGateway4 : kGateway6; }
    const IpAddress& server_address() const { return v4() ? kServer4 : kServer6; }

    Packet from_to(const IpAddress& source, const IpAddress& destination,
                   const Ethernet& link = {}) const;
    Packet to(const IpAddress& destination, const Ethernet& link = {}) const {
        return from_to(client_address(), destination, link);
    }
    Packet to_internet() const { return to(server_address()); }
    Packet to_gateway() const { return to(gateway_address()); }
    // Of the family, whatever it carries.
    Packet carrying(std::uint8_t protocol, const IpAddress& destination) const;
    Packet echo_request() const { return v4() ? Packet{ICMP{}} : Packet{ICMPv6{}}; }
    Packet echo_reply() const;

    // From the accomplice to the client.
    Packet from_accomplice() const;

    // What passes the gate, and what then leaves for the internet, of a row of frames.
    struct Seen {
        std::vector<Bytes> by_gateway;
        std::vector<Bytes> by_internet;
    };
    Seen send(const std::vector<Bytes>& frames) const;
    // For attacks that must not get beyond the gateway, and those that must not reach even that.
    void expect_nothing_leaves(const std::vector<Bytes>& frames) const;
    void expect_nothing_passes(const std::vector<Bytes>& frames) const;
    // What the client is sent when the accomplice sends these.
    std::vector<Bytes> received_of(const std::vector<Bytes>& frames) const;

    void run(const std::vector<std::string>& words) const;

    Portald portald_;
    PacketSocket client_{lab_.client, lab::kClientInterface};
    PacketSocket gateway_{lab_.gateway, lab::kGatewayInterface};
    PacketSocket internet_{lab_.internet, lab::kInternetInterface};
};

// Those of `frames` that hold `needle`.
std::vector<Bytes> holding(std::string_view needle, const std::vector<Bytes>& frames);

}  // namespace portal::system_test
