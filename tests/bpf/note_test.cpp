// What XDP tells TC: believed when it is whole and for this client, and never otherwise.
#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "bpf/gate.h"
#include "bpf/live.h"
#include "bpf/steering.h"
#include "bpf/tables/check.h"
#include "portal.skel.h"
#include "prologue.skel.h"

namespace portal::gate {
namespace {

using namespace packets;

class Note : public testing::Test {
  protected:
    Note() : prologue_(prologue_bpf__open_and_load()), live_(steer_fd()) {
        if (!prologue_) throw std::runtime_error("loading the prologue");
    }

    // How often the reason was counted while a frame with this note came in.
    std::uint64_t counted(reason reason, const verdict_note& note, const Bytes& frame) {
        prologue_->bss->note = note;
        return count(reason, bpf_program__fd(prologue_->progs.leave_any_note), frame);
    }
    std::uint64_t count(reason reason, int xdp, const Bytes& frame) {
        const std::uint64_t before = gate_.verdicts()[static_cast<std::size_t>(reason)].packets;
        live_.receive(xdp, frame);
        return gate_.verdicts()[static_cast<std::size_t>(reason)].packets - before;
    }
    int ingress_fd() const { return bpf_program__fd(gate_.programs().progs.portal_ingress); }

    static verdict_note note(steering steering, std::uint16_t vlan = 0) {
        return {.magic = VERDICT_MAGIC,
                .vlan = vlan,
                .reason = REASON_AUTHORIZED,
                .steering = static_cast<std::uint8_t>(steering)};
    }

    Gate gate_;

  private:
    struct Destroy {
        void operator()(prologue_bpf* skeleton) const { prologue_bpf__destroy(skeleton); }
    };

    int steer_fd() const { return bpf_program__fd(gate_.programs().progs.portal_steer); }

    std::unique_ptr<prologue_bpf, Destroy> prologue_;
    LiveLoopback live_;
};

const Bytes kHttps = Ethernet{.dst = Mac{}} / IPv4{} / TCP{.dport = 443};
const Bytes kHttp = Ethernet{.dst = Mac{}} / IPv4{} / TCP{.dport = 80};

TEST_F(Note, OfANonSteeredFrameIsBelieved) {
    EXPECT_EQ(counted(REASON_HTTPS, note(STEER_NONE), kHttps), 0U);
}

TEST_F(Note, WithoutTheMagicIsIgnored) {
    verdict_note other = note(STEER_NONE);
    other.magic ^= 1;
    EXPECT_EQ(counted(REASON_HTTPS, other, kHttps), 1U);
}

TEST_F(Note, ForAnotherVlanIsIgnored) {
    EXPECT_EQ(counted(REASON_HTTPS, note(STEER_NONE, 100), kHttps), 1U);
}

TEST_F(Note, ForTheVlanOutsideTheFrameIsBelieved) {
    const Bytes tagged = Ethernet{.dst = Mac{}} / Vlan{.id = 100} / IPv4{} / TCP{.dport = 443};
    EXPECT_EQ(counted(REASON_HTTPS, note(STEER_NONE, 100), tagged), 0U);
    EXPECT_EQ(counted(REASON_HTTPS, note(STEER_NONE, 0), tagged), 1U);
    EXPECT_EQ(counted(REASON_HTTPS, note(STEER_NONE, 101), tagged), 1U);
}

TEST_F(Note, ToSteerWhatCannotBeReadIsRefused) {
    const Bytes broken = Ethernet{.dst = Mac{}} / IPv4{.ihl = 4} / TCP{};
    EXPECT_EQ(counted(REASON_STEER_FAILED, note(STEER_ALL), broken), 1U);
}

TEST_F(Note, ToSteerIsObeyed) {
    EXPECT_EQ(counted(REASON_STEER_NO_LISTENER, note(STEER_ALL), kHttps), 1U)
        << "the note decides, not the port";
    EXPECT_EQ(counted(REASON_STEER_NO_LISTENER, note(STEER_OWN), kHttp), 0U);
}

TEST_F(Note, TheGatesOwnReachesTc) {
    EXPECT_EQ(count(REASON_STEER_NO_LISTENER, ingress_fd(), kHttp), 1U);
    EXPECT_EQ(count(REASON_HTTPS, ingress_fd(), kHttps), 1U) << "by XDP alone";
}

// Beyond BPF_PROG_TEST_RUN: the kernel does assign the socket.
TEST_F(Note, WithAResponderASynIsAssigned) {
    const Listeners listeners(gate_);
    for (const Family& family : kFamilies) {
        const Bytes syn = Ethernet{.dst = Mac{}} / family.to(family.server) / TCP{.dport = 80};
        EXPECT_EQ(count(REASON_STEER_FAILED, ingress_fd(), syn), 0U) << family.name;
        EXPECT_EQ(count(REASON_STEERED, ingress_fd(), syn), 1U) << family.name;
        EXPECT_TRUE(gate_.find_origin(web_flow(family))) << family.name;
    }
}

}  // namespace
}  // namespace portal::gate
