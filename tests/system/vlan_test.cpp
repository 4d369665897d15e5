// One MAC on several VLANs is several clients. There is no VLAN device behind the gate here: what
// it lets through is seen on the gateway's interface itself.
#include "system/marked_frame.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

// A station that says nothing on its own.
const Mac kStationMac = mac("02:00:00:00:00:66");
const std::string kStation = kStationMac.to_string();

class VlanTest : public FamilyTest {
  protected:
    Packet frame(const Mac& from, std::optional<std::uint16_t> vlan) const {
        Packet packet{Ethernet{.src = from}};
        if (vlan) packet.append(Vlan{*vlan});
        return GetParam() == Family::ipv4 ? packet / IPv4{} : packet / IPv6{};
    }
    Bytes datagram(std::optional<std::uint16_t> vlan) const {
        return frame(kStationMac, vlan) / UDP{.dport = 9000} / Payload("x");
    }
    // Those of `sent` that the gate lets through.
    std::vector<Bytes> passed(const std::vector<Bytes>& sent) const {
        const PacketSocket client(lab_.client, lab::kClientInterface);
        const PacketSocket gateway(lab_.gateway, lab::kGatewayInterface);
        for (const Bytes& bytes : sent)
            EXPECT_TRUE(client.send(bytes));
        EXPECT_TRUE(client.send(last_frame(frame(kOtherMac, {}))));
        std::vector<Bytes> seen;
        for (Bytes& bytes : gateway.receive_until(is_last_frame))
            if (std::ranges::find(sent, bytes) != sent.end()) seen.push_back(std::move(bytes));
        return seen;
    }
    void run(const std::vector<std::string>& words) const {
        ASSERT_EQ(portald_.ctl(words).exit, 0) << words[1];
    }

    Portald portald_{lab_};
};

TEST_P(VlanTest, ASessionIsOfOneVlan) {
    run({"client", "trust", kOtherName});
    run({"client", "authorize", kStation + "@100"});
    EXPECT_EQ(portald_.client(kStation + "@100").at("vlan"), 100);
    const std::vector<Bytes> sent{datagram({}), datagram(100), datagram(200)};
    EXPECT_EQ(passed(sent), std::vector<Bytes>{datagram(100)});

    run({"client", "authorize", kStation});
    EXPECT_EQ(passed(sent), (std::vector<Bytes>{datagram({}), datagram(100)}));

    run({"client", "deauthorize", kStation + "@100"});
    EXPECT_EQ(passed(sent), std::vector<Bytes>{datagram({})});
    EXPECT_EQ(portald_.state(kStation), "authorized");
}

TEST_P(VlanTest, CountersAreOfOneVlan) {
    run({"client", "trust", kOtherName});
    run({"client", "authorize", kStation});
    run({"client", "authorize", kStation + "@100"});
    passed({datagram(100), datagram(100), datagram(100)});
    EXPECT_EQ(portald_.client(kStation + "@100").at("rx_packets"), 3);
    EXPECT_EQ(portald_.client(kStation).at("rx_packets"), 0);
}

TEST_P(VlanTest, OfStackedTagsTheOuterOneCounts) {
    run({"client", "trust", kOtherName});
    run({"client", "authorize", kStation + "@100"});
    const Packet inside = GetParam() == Family::ipv4 ? IPv4{} / UDP{} : IPv6{} / UDP{};
    const Bytes outer =
        Ethernet{.src = kStationMac} / Vlan{.id = 100, .tpid = kServiceTag} / Vlan{200} / inside;
    const Bytes inner =
        Ethernet{.src = kStationMac} / Vlan{.id = 200, .tpid = kServiceTag} / Vlan{100} / inside;
    EXPECT_EQ(passed({outer, inner}), std::vector<Bytes>{outer});
}

PORTAL_BOTH_FAMILIES(VlanTest);

}  // namespace
}  // namespace portal::system_test
