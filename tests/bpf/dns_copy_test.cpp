// The garden by name: which answers to strangers are copied for portald, and what it then opens.
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "bpf/gate.h"
#include "bpf/private_network.h"
#include "bpf/tables/check.h"
#include "bpf/world.h"
#include "packets/applications.h"
#include "portal.skel.h"

namespace portal::gate {
namespace {

using namespace packets;

const Ethernet kToClient{.src = kGatewayMac, .dst = kClientMac};
const Ethernet kFromClient{.src = kClientMac, .dst = kGatewayMac};
constexpr TcContext kMade{};
constexpr TcContext kForwarded{.ingress_ifindex = 7};
constexpr TcContext kFromClients{.ingress_ifindex = kLoopback};
constexpr std::uint16_t kPort = 40000;
constexpr std::uint16_t kId = 0x1234;
constexpr std::uint16_t kAnswerFlags = 0x8180;

Bytes message(std::uint16_t flags, std::uint16_t answers = 1, std::size_t size = 60,
              std::uint16_t id = kId, std::uint16_t questions = 1) {
    Bytes bytes;
    for (const std::uint16_t word : {id, flags, questions, answers}) {
        bytes.push_back(static_cast<std::uint8_t>(word >> 8));
        bytes.push_back(static_cast<std::uint8_t>(word));
    }
    for (std::size_t i = bytes.size(); i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(i));
    return bytes;
}

class DnsCopy : public testing::TestWithParam<Family> {
  protected:
    DnsCopy() {
        ring_.reset(ring_buffer__new(bpf_map__fd(gate_.programs().maps.dns_answers), &collect,
                                     &copies_, nullptr));
        watch(true);
    }

    const Family& family() const { return GetParam(); }

    void watch(bool on) {
        const std::uint32_t key = 0;
        const std::uint32_t value = on ? 1 : 0;
        ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(gate_.programs().maps.dns_watch), &key, &value,
                                      BPF_ANY),
                  0);
    }
    std::vector<Bytes> take() {
        EXPECT_GE(ring_buffer__consume(ring_.get()), 0);
        return std::exchange(copies_, {});
    }
    // What is copied of an answer that reaches the stranger.
    std::vector<Bytes> answered(const IpAddress& from, const Bytes& dns, const TcContext& context,
                                std::uint16_t port = kPort) {
        const Bytes frame =
            kToClient / family().from(from) / UDP{.sport = 53, .dport = port} / Payload(dns);
        EXPECT_EQ(gate_.egress(frame, context).reason, REASON_TX_ANSWER);
        return take();
    }
    void ask(const IpAddress& resolver, std::uint16_t id = kId, std::uint16_t port = kPort) {
        const Bytes frame = kFromClient / family().to(resolver) / UDP{.sport = port, .dport = 53} /
                            Payload(message(0x0100, 0, 40, id));
        ASSERT_EQ(gate_.ingress(frame).reason, REASON_DNS);
    }

    Gate gate_;

  private:
    static int collect(void* context, void* data, std::size_t size) {
        const auto* answer = static_cast<const dns_answer*>(data);
        if (size != sizeof *answer || answer->size > sizeof answer->message) return -1;
        static_cast<std::vector<Bytes>*>(context)->emplace_back(answer->message,
                                                                answer->message + answer->size);
        return 0;
    }
    struct Free {
        void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
    };

    std::vector<Bytes> copies_;
    std::unique_ptr<ring_buffer, Free> ring_;
};

TEST_P(DnsCopy, TheGatewaysOwnResolversAnswersAreCopiedWhole) {
    for (const std::size_t size : {12U, 60U, 512U, 1232U, 1452U}) {
        const Bytes dns = message(kAnswerFlags, 1, size);
        EXPECT_EQ(answered(family().gateway, dns, kMade), (std::vector<Bytes>{dns})) << size;
    }
}

TEST_P(DnsCopy, NothingIsWhileTheGardenHasNoNames) {
    watch(false);
    EXPECT_TRUE(answered(family().gateway, message(kAnswerFlags), kMade).empty());
}

TEST_P(DnsCopy, WhatIsNoSuccessfulAnswerIsNot) {
    const auto copied = [&](const Bytes& dns) {
        return !answered(family().gateway, dns, kMade).empty();
    };
    EXPECT_FALSE(copied(message(0x0100))) << "a query";
    EXPECT_FALSE(copied(message(0x8183))) << "NXDOMAIN";
    EXPECT_FALSE(copied(message(0x8380))) << "truncated";
    EXPECT_FALSE(copied(message(0xa180))) << "another operation";
    EXPECT_FALSE(copied(message(kAnswerFlags, 0))) << "no records";
    EXPECT_FALSE(copied(message(kAnswerFlags, 1, 60, kId, 2))) << "two questions";
    EXPECT_FALSE(copied(message(kAnswerFlags, 1, 8))) << "too short";
    EXPECT_FALSE(copied(message(kAnswerFlags, 1, 1473))) << "too long";
}

TEST_P(DnsCopy, NobodyElseSpeaksForTheGatewaysResolver) {
    const Bytes dns = message(kAnswerFlags);
    EXPECT_TRUE(answered(family().gateway, dns, kForwarded).empty());
    EXPECT_TRUE(answered(family().gateway, dns, kFromClients).empty());
    // Open, but no resolver.
    EXPECT_TRUE(answered(family().garden, dns, kForwarded).empty());
}

TEST_P(DnsCopy, AResolverElsewhereIsHeardOnceForEachQuery) {
    const Bytes dns = message(kAnswerFlags);
    EXPECT_TRUE(answered(family().resolver, dns, kForwarded).empty()) << "nobody asked";
    ask(family().resolver);
    EXPECT_TRUE(
        answered(family().resolver, message(kAnswerFlags, 1, 60, kId + 1), kForwarded).empty());
    EXPECT_TRUE(answered(family().resolver, dns, kForwarded, kPort + 1).empty());
    EXPECT_TRUE(answered(family().resolver, dns, kFromClients).empty()) << "a client's forgery";
    EXPECT_EQ(answered(family().resolver, dns, kForwarded), (std::vector<Bytes>{dns}));
    EXPECT_TRUE(answered(family().resolver, dns, kForwarded).empty()) << "answered before";
}

TEST_P(DnsCopy, AQueryOfAnotherClientIsAnothers) {
    const Ethernet other{.src = kOtherMac, .dst = kGatewayMac};
    const Bytes frame = other / family().to(family().resolver) / UDP{.sport = kPort, .dport = 53} /
                        Payload(message(0x0100, 0, 40));
    ASSERT_EQ(gate_.ingress(frame).reason, REASON_DNS);
    EXPECT_TRUE(answered(family().resolver, message(kAnswerFlags), kForwarded).empty());
}

TEST_P(DnsCopy, AnOldQueryIsForgotten) {
    ask(family().resolver);
    const bpf_map* map = gate_.programs().maps.dns_queries;
    ::dns_query key{};
    ASSERT_EQ(bpf_map_get_next_key(bpf_map__fd(map), nullptr, &key), 0);
    const std::uint64_t long_ago = now() - 10'100'000'000;
    ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(map), &key, &long_ago, BPF_ANY), 0);
    EXPECT_TRUE(answered(family().resolver, message(kAnswerFlags), kForwarded).empty());
}

TEST_P(DnsCopy, QueriesAreNotKeptForNothing) {
    const int map = bpf_map__fd(gate_.programs().maps.dns_queries);
    ::dns_query key{};
    ask(family().gateway);
    EXPECT_NE(bpf_map_get_next_key(map, nullptr, &key), 0) << "to the gateway's own resolver";
    watch(false);
    ask(family().resolver);
    EXPECT_NE(bpf_map_get_next_key(map, nullptr, &key), 0) << "while the garden has no names";
}

TEST_P(DnsCopy, AnswersToWhoIsSignedInAreNot) {
    set_standing(gate_, key_of(kClientMac), Standing::authorized);
    const Bytes frame = kToClient / family().from(family().gateway) /
                        UDP{.sport = 53, .dport = kPort} / Payload(message(kAnswerFlags));
    EXPECT_EQ(gate_.egress(frame, kMade).reason, REASON_TX_AUTHORIZED);
    EXPECT_TRUE(take().empty());
}

TEST_P(DnsCopy, OverTcpNothingIsCopied) {
    const Bytes frame = kToClient / family().from(family().gateway) /
                        TCP{.sport = 53, .dport = kPort, .flags = kAck} /
                        Payload(message(kAnswerFlags));
    EXPECT_EQ(gate_.egress(frame, kMade).reason, REASON_TX_ANSWER);
    EXPECT_TRUE(take().empty());
}

class LearntAddress : public testing::TestWithParam<Family> {
  protected:
    LearntAddress() {
        const std::uint32_t key = 0, wanted = 1;
        bpf_map_update_elem(bpf_map__fd(gate_.programs().maps.dns_watch), &key, &wanted, BPF_ANY);
    }
    void learn(const IpAddress& address, const garden_ports& ports, std::uint64_t lapses_at) {
        const ip_address key = abi(address);
        learnt_address value{};
        value.lapses_at = lapses_at;
        value.ports = ports;
        ASSERT_EQ(
            bpf_map_update_elem(bpf_map__fd(gate_.programs().maps.learnt), &key, &value, BPF_ANY),
            0);
    }
    int to(const IpAddress& address, std::uint16_t port) {
        return gate_.ingress(kFromClient / GetParam().to(address) / TCP{.dport = port}).reason;
    }
    int back(const IpAddress& address, std::uint16_t port) {
        return gate_
            .egress(kToClient / GetParam().from(address) /
                        TCP{.sport = port, .dport = kPort, .flags = kAck},
                    kForwarded)
            .reason;
    }
    static garden_ports one(std::uint16_t port) {
        garden_ports ports{};
        ports.count = 1;
        ports.ports[0] = {.port = htons(port), .protocol = IPPROTO_TCP, ._pad = 0};
        return ports;
    }

    const std::uint64_t later_ = now() + 60'000'000'000;
    Gate gate_;
};

TEST_P(LearntAddress, OpensItsPortsUntilItLapses) {
    const IpAddress server = GetParam().server;
    EXPECT_EQ(to(server, 443), REASON_HTTPS);
    learn(server, one(443), later_);
    EXPECT_EQ(to(server, 443), REASON_GARDEN);
    EXPECT_EQ(to(server, 22), REASON_TCP);
    EXPECT_EQ(back(server, 443), REASON_TX_ANSWER);
    EXPECT_EQ(back(server, 22), REASON_TX_STRANGER);
    learn(server, one(443), now());
    EXPECT_EQ(to(server, 443), REASON_HTTPS);
    EXPECT_EQ(back(server, 443), REASON_TX_STRANGER);
}

TEST_P(LearntAddress, OpensEverythingWithoutPorts) {
    learn(GetParam().server, {}, later_);
    EXPECT_EQ(to(GetParam().server, 22), REASON_GARDEN);
    EXPECT_EQ(to(GetParam().server, 80), REASON_GARDEN);
}

TEST_P(LearntAddress, NeverOpensTheGateway) {
    for (const IpAddress& own : {GetParam().gateway, GetParam().uplink}) {
        learn(own, {}, later_);
        EXPECT_EQ(to(own, 22), REASON_TCP);
        learn(own, one(22), later_);
        EXPECT_EQ(to(own, 22), REASON_TCP);
    }
}

TEST_P(LearntAddress, TakesNothingFromThePrefixesAround) {
    learn(GetParam().garden, one(443), later_);
    EXPECT_EQ(to(GetParam().garden, 22), REASON_GARDEN);
    learn(GetParam().garden_ports, one(443), now());
    EXPECT_EQ(to(GetParam().garden_ports, kGardenTcp), REASON_GARDEN);
}

const auto kName = [](const auto& family) { return std::string(family.param.name); };
INSTANTIATE_TEST_SUITE_P(Family, DnsCopy, testing::ValuesIn(kFamilies), kName);
INSTANTIATE_TEST_SUITE_P(Family, LearntAddress, testing::ValuesIn(kFamilies), kName);

}  // namespace
}  // namespace portal::gate
