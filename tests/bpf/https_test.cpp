// The portal's own https_port: the responder's where it speaks TLS, another server's where it does
// not. STEER_FAILED is as far as a segment comes, as in steer_test.cpp.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/pkt_cls.h>

#include <cstring>
#include <ostream>
#include <utility>

#include "bpf/gate.h"
#include "bpf/private_network.h"
#include "bpf/sockets.h"
#include "bpf/steering.h"
#include "bpf/tables/check.h"

namespace portal::gate {

// How GoogleTest names a case's parameter.
static void PrintTo(const Family& family, std::ostream* out) {
    *out << family.name;
}

namespace {

using namespace packets;

constexpr std::uint16_t kClientPort = 40000;

class Https : public testing::TestWithParam<Family> {
  protected:
    Bytes segment(const IpAddress& to, std::uint8_t flags, const Mac& mac = kClientMac) const {
        return Ethernet{.src = mac} / family_.to(to) /
               TCP{.sport = kClientPort, .dport = kHttpsPort, .flags = flags};
    }
    Outcome to_portal(std::uint8_t flags, const Mac& mac = kClientMac) {
        return gate_.steer(segment(family_.gateway, flags, mac));
    }
    flow portal_flow() const {
        return {.client = abi(family_.client),
                .server = abi(family_.gateway),
                .client_port = htons(kClientPort),
                .server_port = htons(kHttpsPort)};
    }
    bool recorded(const Mac& mac = kClientMac) const {
        const auto found = gate_.find_origin(portal_flow());
        const client_key key = key_of(mac);
        return found && std::memcmp(&found->client, &key, sizeof key) == 0;
    }

    const Family& family_ = GetParam();
    Gate gate_;
};

// A stranger, and who has signed in.
constexpr Standing kBoth[] = {Standing::unknown, Standing::authorized};

TEST_P(Https, WithoutTlsItIsLeftToAnotherServer) {
    const Listeners http(gate_), https(gate_, kHttpsPort);
    for (const Standing standing : kBoth) {
        set_standing(gate_, key_of(kClientMac), standing);
        for (const std::uint8_t flags : {kSyn, kAck}) {
            const Outcome outcome = to_portal(flags);
            EXPECT_EQ(outcome.action, TC_ACT_UNSPEC) << name_of(standing);
            EXPECT_EQ(outcome.reason, -1) << name_of(standing);
            EXPECT_EQ(outcome.mark, 0U) << name_of(standing);
        }
        EXPECT_FALSE(gate_.find_origin(portal_flow())) << name_of(standing);
    }
}

TEST_P(Https, WithTlsItIsTheRespondersWhoeverAsks) {
    gate_.offer_https();
    const Listeners https(gate_, kHttpsPort);
    for (const Standing standing : kBoth) {
        set_standing(gate_, key_of(kClientMac), standing);
        EXPECT_EQ(to_portal(kSyn).reason, REASON_STEER_FAILED) << name_of(standing);
        EXPECT_TRUE(recorded()) << name_of(standing);
        gate_.forget_origin(portal_flow());
    }
}

TEST_P(Https, WithTlsAndNoResponderItIsDropped) {
    gate_.offer_https();
    const Listeners http(gate_);
    for (const Standing standing : kBoth) {
        set_standing(gate_, key_of(kClientMac), standing);
        EXPECT_EQ(to_portal(kSyn).reason, REASON_STEER_NO_LISTENER) << name_of(standing);
    }
}

TEST_P(Https, WithTlsPort80StaysWithoutIt) {
    gate_.offer_https();
    const Listeners https(gate_, kHttpsPort);
    const auto http = Ethernet{} / family_.to(family_.gateway) / TCP{.dport = 80};
    EXPECT_EQ(gate_.steer(http).reason, REASON_STEER_NO_LISTENER);
}

TEST_P(Https, NobodyElsesIsSteered) {
    gate_.offer_https();
    const Listeners http(gate_), https(gate_, kHttpsPort);
    EXPECT_EQ(gate_.steer(segment(family_.server, kSyn)).reason, REASON_HTTPS);
    EXPECT_EQ(gate_.steer(segment(family_.uplink, kSyn)).reason, REASON_HTTPS);
    set_standing(gate_, key_of(kClientMac), Standing::authorized);
    for (const IpAddress& other : {family_.server, family_.uplink}) {
        const Outcome outcome = gate_.steer(segment(other, kSyn));
        EXPECT_EQ(outcome.action, TC_ACT_UNSPEC);
        EXPECT_EQ(outcome.reason, -1);
    }
}

TEST_P(Https, AnotherDoesNotFinishAHandshake) {
    gate_.offer_https();
    const Listeners https(gate_, kHttpsPort);
    to_portal(kSyn, kOtherMac);
    EXPECT_TRUE(recorded(kOtherMac));
    EXPECT_EQ(to_portal(kAck).reason, REASON_STEER_FOREIGN_FLOW);
    EXPECT_EQ(to_portal(kAck, kOtherMac).reason, REASON_STEER_FAILED);
}

TEST_P(Https, XdpTellsTcOfIt) {
    const Bytes syn = segment(family_.gateway, kSyn);
    const auto steering = [&] {
        const Outcome outcome = gate_.ingress(syn);
        return outcome.note ? static_cast<int>(outcome.note->steering) : -1;
    };
    EXPECT_EQ(steering(), STEER_OWN);
    gate_.offer_https();
    EXPECT_EQ(steering(), STEER_ALL);
    set_standing(gate_, key_of(kClientMac), Standing::authorized);
    EXPECT_EQ(steering(), STEER_OWN);
}

// A connection that is established on the portal's address and port.
class HttpsConnected : public Https {
  protected:
    HttpsConnected() {
        static bool done[2] = {};
        if (!std::exchange(done[family_.client.is_v4()], true)) {
            add_loopback_address(family_.client);
            add_loopback_address(family_.gateway);
        }
        connection_ = connect_over_loopback(https_.of(family_), family_.client, kClientPort,
                                            family_.gateway, kHttpsPort);
    }
    Listeners https_{gate_, kHttpsPort};
    Connection connection_;
};

TEST_P(HttpsConnected, WithoutTlsAnotherServersIsLeftToIt) {
    for (const Standing standing : kBoth) {
        set_standing(gate_, key_of(kClientMac), standing);
        EXPECT_EQ(to_portal(kAck).action, TC_ACT_UNSPEC) << name_of(standing);
    }
}

TEST_P(HttpsConnected, WithTlsItIsItsOpenersAlone) {
    gate_.offer_https();
    EXPECT_EQ(to_portal(kAck).reason, REASON_STEER_FOREIGN_FLOW) << "nobody's";
    gate_.set_origin(portal_flow(), key_of(kClientMac));
    for (const Standing standing : kBoth) {
        set_standing(gate_, key_of(kClientMac), standing);
        EXPECT_EQ(to_portal(kAck).reason, REASON_STEER_FAILED) << name_of(standing);
        EXPECT_EQ(to_portal(kAck, kOtherMac).reason, REASON_STEER_FOREIGN_FLOW);
    }
}

// TLS was switched off: the responder finishes what it has.
TEST_P(HttpsConnected, WithoutTlsTheRespondersGoesOn) {
    gate_.set_origin(portal_flow(), key_of(kClientMac));
    for (const Standing standing : kBoth) {
        set_standing(gate_, key_of(kClientMac), standing);
        EXPECT_EQ(to_portal(kAck).reason, REASON_STEER_FAILED) << name_of(standing);
    }
}

const auto kFamilyName = [](const auto& row) { return std::string(row.param.name); };
INSTANTIATE_TEST_SUITE_P(Family, Https, testing::ValuesIn(kFamilies), kFamilyName);
INSTANTIATE_TEST_SUITE_P(Family, HttpsConnected, testing::ValuesIn(kFamilies), kFamilyName);

}  // namespace
}  // namespace portal::gate
