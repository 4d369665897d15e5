#include "bpf/tables/check.h"

#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <algorithm>
#include <span>

#include "bpf/tables/egress.h"
#include "bpf/tables/ingress.h"

namespace portal::gate {

namespace {

constexpr std::uint32_t kAnotherDevice = 7;

// The key the row says the frame has.
client_key source_of(const IngressRow& row) {
    Mac mac;
    std::copy_n(row.frame.begin() + 6, 6, mac.bytes.begin());
    return key_of(mac, row.vlan);
}

client_key destination_of(const EgressRow& row) {
    Mac mac;
    std::copy_n(row.frame.begin(), 6, mac.bytes.begin());
    const bool tagged = row.frame.at(12) == 0x81 && row.frame.at(13) == 0x00;
    return key_of(mac, tagged ? 100 : 0);
}

bool counts(Standing standing) {
    return standing == Standing::authorized || standing == Standing::trusted ||
           standing == Standing::blocked;
}

// The type of what is behind the tags, and where that is; none where the frame ends before.
struct Network {
    int type = 0;
    std::size_t at = 0;
};
std::optional<Network> network_of(const packets::Bytes& frame) {
    std::size_t at = 12;
    for (int tags = 0; at + 2 <= frame.size(); tags++, at += 4) {
        const int type = frame[at] << 8 | frame[at + 1];
        if (type != 0x8100 && type != 0x88a8) return Network{type, at + 2};
        if (tags == 2) break;
    }
    return std::nullopt;
}

// Refused before the client is looked up.
bool refused_on_the_link(const IngressRow& row) {
    return row.member == REASON_SOURCE_MAC || !network_of(row.frame);
}

bool claims_the_gateway(const packets::Bytes& frame) {
    const auto network = network_of(frame);
    if (!network) return false;
    const std::span<const std::uint8_t> header = std::span(frame).subspan(network->at);
    IpAddress source;
    if (network->type == 0x0806 && header.size() >= 28)
        source = IpAddress::v4(header.subspan<14, 4>());
    else if (network->type == 0x0800 && header.size() >= 20)
        source = IpAddress::v4(header.subspan<12, 4>());
    else if (network->type == 0x86dd && header.size() >= 40)
        source = IpAddress::v6(header.subspan<8, 16>());
    return std::ranges::any_of(world_addresses(), [&](const AddressRoles& own) {
        return own.address == source && (own.roles & ADDRESS_GATEWAY) != 0;
    });
}

reason expected(const IngressRow& row, Standing standing) {
    if (!counts(standing)) return row.stranger;
    if (refused_on_the_link(row)) return row.member;
    if (standing == Standing::blocked) return REASON_BLOCKED;
    if (standing == Standing::trusted)
        return claims_the_gateway(row.frame) ? REASON_SOURCE_ADDRESS : REASON_TRUSTED;
    return row.member;
}

reason expected(const EgressRow& row, Standing standing) {
    switch (standing) {
        case Standing::authorized:
            return REASON_TX_AUTHORIZED;
        case Standing::trusted:
            return REASON_TX_TRUSTED;
        case Standing::blocked:
            return REASON_TX_BLOCKED;
        default:
            return row.stranger;
    }
}

void expect_counted(const Outcome& outcome, reason expected, std::size_t bytes) {
    EXPECT_STREQ(name_of(outcome.reason), name_of(expected));
    EXPECT_EQ(outcome.packets, 1U);
    EXPECT_EQ(outcome.bytes, bytes);
}

void expect_note(const Outcome& outcome, const IngressRow& row) {
    ASSERT_EQ(outcome.note.has_value(), is_pass(outcome.reason));
    if (!outcome.note) return;
    EXPECT_EQ(outcome.note->magic, static_cast<std::uint32_t>(VERDICT_MAGIC));
    EXPECT_EQ(outcome.note->vlan, row.vlan);
    EXPECT_STREQ(name_of(outcome.note->reason), name_of(outcome.reason));
}

}  // namespace

const char* name_of(Standing standing) {
    switch (standing) {
        case Standing::unknown:
            return "unknown";
        case Standing::expired:
            return "expired";
        case Standing::idle:
            return "idle";
        case Standing::authorized:
            return "authorized";
        case Standing::trusted:
            return "trusted";
        case Standing::blocked:
            return "blocked";
    }
    return "";
}

void set_standing(Gate& gate, const client_key& key, Standing standing, std::uint32_t slot) {
    client value{};
    value.last_seen = now();
    value.slot = slot;
    value.state = CLIENT_AUTHORIZED;
    switch (standing) {
        case Standing::unknown:
            gate.remove(key);
            return;
        case Standing::expired:
            value.expires_at = 1;
            break;
        case Standing::idle:
            value.last_seen = 0;
            value.idle_timeout = 1;
            break;
        case Standing::authorized:
            break;
        case Standing::trusted:
            value.state = CLIENT_TRUSTED;
            break;
        case Standing::blocked:
            value.state = CLIENT_BLOCKED;
            break;
    }
    gate.put(key, value);
}

Reasons check_ingress(Gate& gate, Standing standing) {
    Reasons seen;
    for (const IngressRow& row : ingress_rows()) {
        SCOPED_TRACE(std::string(name_of(standing)) + ": " + row.description);
        const client_key key = source_of(row);
        set_standing(gate, key, standing);
        const Outcome outcome = gate.ingress(row.frame);
        gate.remove(key);

        expect_counted(outcome, expected(row, standing), row.frame.size());
        EXPECT_EQ(outcome.action, is_pass(outcome.reason) ? XDP_PASS : XDP_DROP);
        expect_note(outcome, row);
        seen.insert(outcome.reason);
    }
    return seen;
}

Reasons check_steer(Gate& gate, reason web) {
    Reasons seen;
    for (const IngressRow& row : ingress_rows()) {
        SCOPED_TRACE("steer: " + row.description);
        if (!runs_in_tc(row.frame)) continue;
        const bool to_http = row.stranger == REASON_STEERED ||
                             row.description.ends_with("portal's HTTP") ||
                             row.description == "the portal by its link-local address";
        const Outcome outcome = gate.steer(row.frame);
        if (to_http) {
            expect_counted(outcome, web, row.frame.size());
            EXPECT_EQ(outcome.action, TC_ACT_SHOT);
        } else if (is_pass(row.stranger)) {
            EXPECT_EQ(outcome.reason, -1) << name_of(outcome.reason);
            EXPECT_EQ(outcome.action, TC_ACT_UNSPEC);
        } else {
            expect_counted(outcome, row.stranger, row.frame.size());
            EXPECT_EQ(outcome.action, TC_ACT_SHOT);
        }
        seen.insert(outcome.reason);
    }
    return seen;
}

Reasons check_egress(Gate& gate, Standing standing) {
    Reasons seen;
    for (const EgressRow& row : egress_rows()) {
        SCOPED_TRACE(std::string("to ") + name_of(standing) + ": " + row.description);
        const client_key key = destination_of(row);
        set_standing(gate, key, standing);
        const TcContext context{.ingress_ifindex =
                                    row.origin == Origin::forwarded ? kAnotherDevice : 0};
        const Outcome outcome = gate.egress(row.frame, context);
        gate.remove(key);

        expect_counted(outcome, expected(row, standing), row.frame.size());
        EXPECT_EQ(outcome.action, is_pass(outcome.reason) ? TC_ACT_UNSPEC : TC_ACT_SHOT);
        seen.insert(outcome.reason);
    }
    return seen;
}

}  // namespace portal::gate
