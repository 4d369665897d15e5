#include "dataplane/attachment.h"

#include <bpf/bpf.h>
#include <gmock/gmock.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>

#include <array>

#include "base/unique_fd.h"
#include "dataplane/dataplane.h"
#include "portal_abi.h"
#include "sandbox.h"

namespace portal::dataplane {
namespace {

using test::run;
using test::Sandbox;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

class AttachmentTest : public Sandbox {
  protected:
    Result<std::unique_ptr<Dataplane>> open(TcMode tc = TcMode::automatic,
                                            XdpMode xdp = XdpMode::automatic) {
        return Dataplane::open(
            {.bpffs = bpffs(), .max_clients = 16, .xdp_mode = xdp, .tc_mode = tc});
    }
};

UniqueFd foreign_xdp() {
    const std::array<bpf_insn, 2> pass = {
        {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_PASS}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}}};
    return UniqueFd(bpf_prog_load(BPF_PROG_TYPE_XDP, "somebody_else", "GPL", pass.data(),
                                  pass.size(), nullptr));
}

TEST_F(AttachmentTest, HoldsAllHooksAndOutlivesItsProcess) {
    {
        const auto dataplane = open();
        ASSERT_TRUE(dataplane) << dataplane.error().what;
        ASSERT_TRUE((*dataplane)->attachment().attach("gw0"));
        const auto hooks = (*dataplane)->attachment().state("gw0");
        EXPECT_THAT(hooks, Each(Field(&HookState::attached, true)));
        EXPECT_EQ(hooks.at(0).mode, "native");
    }
    const auto again = open();
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_FALSE((*again)->attachment().is_attached("gw0")) << "the old programs are in force";
    ASSERT_TRUE((*again)->attachment().attach("gw0"));
    EXPECT_TRUE((*again)->attachment().is_attached("gw0"));
}

TEST_F(AttachmentTest, ReplacesInPlace) {
    const auto first = open();
    ASSERT_TRUE(first);
    ASSERT_TRUE((*first)->attachment().attach("gw0"));
    const auto before = (*first)->attachment().state("gw0");
    ASSERT_TRUE((*first)->attachment().attach("gw0"));
    const auto after = (*first)->attachment().state("gw0");
    for (std::size_t i = 0; i < before.size(); ++i)
        EXPECT_EQ(before[i].link_id, after[i].link_id);
}

TEST_F(AttachmentTest, GenericWhenAsked) {
    const auto dataplane = open(TcMode::automatic, XdpMode::generic);
    ASSERT_TRUE(dataplane);
    ASSERT_TRUE((*dataplane)->attachment().attach("gw0"));
    EXPECT_EQ((*dataplane)->attachment().state("gw0").at(0).mode, "generic");
}

TEST_F(AttachmentTest, ClsactWhereThereIsNoTcx) {
    {
        const auto dataplane = open(TcMode::clsact);
        ASSERT_TRUE(dataplane);
        const Status attached = (*dataplane)->attachment().attach("gw0");
        ASSERT_TRUE(attached) << attached.error().what;
        const auto hooks = (*dataplane)->attachment().state("gw0");
        EXPECT_THAT(hooks, Each(Field(&HookState::attached, true)));
        EXPECT_EQ(hooks.at(1).mode, "clsact");
    }
    const auto again = open(TcMode::clsact);
    ASSERT_TRUE(again);
    ASSERT_TRUE((*again)->attachment().attach("gw0"));
    EXPECT_TRUE((*again)->attachment().is_attached("gw0"));
    EXPECT_THAT((*again)->detach().value(), ElementsAre("gw0"));
    EXPECT_FALSE(run({"tc", "qdisc", "delete", "dev", "gw0", "clsact"})) << "qdisc left behind";
}

TEST_F(AttachmentTest, LeavesAForeignQdisc) {
    ASSERT_TRUE(run({"tc", "qdisc", "add", "dev", "gw0", "clsact"}));
    const auto dataplane = open(TcMode::clsact);
    ASSERT_TRUE(dataplane);
    ASSERT_TRUE((*dataplane)->attachment().attach("gw0"));
    ASSERT_TRUE((*dataplane)->detach());
    EXPECT_TRUE(run({"tc", "qdisc", "delete", "dev", "gw0", "clsact"}));
}

TEST_F(AttachmentTest, NamesAForeignProgramAndRefuses) {
    const UniqueFd program = foreign_xdp();
    ASSERT_TRUE(program);
    const UniqueFd link(
        bpf_link_create(program.get(), static_cast<int>(if_nametoindex("gw0")), BPF_XDP, nullptr));
    ASSERT_TRUE(link);
    const auto dataplane = open();
    ASSERT_TRUE(dataplane);
    const Status refused = (*dataplane)->attachment().attach("gw0");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_THAT(refused.error().what, AllOf(HasSubstr("gw0"), HasSubstr("somebody_else")));
    EXPECT_FALSE((*dataplane)->attachment().check("gw0"));
    EXPECT_TRUE((*dataplane)->attachment().check("cl0"));
}

TEST_F(AttachmentTest, AttachesAnewToARecreatedDevice) {
    const auto dataplane = open();
    ASSERT_TRUE(dataplane);
    ASSERT_TRUE((*dataplane)->attachment().attach("gw0"));
    ASSERT_TRUE(run({"ip", "link", "delete", "gw0"}));
    EXPECT_FALSE((*dataplane)->attachment().is_attached("gw0"));
    const Status missing = (*dataplane)->attachment().attach("gw0");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::not_found);
    ASSERT_TRUE(run({"ip", "link", "add", "gw0", "type", "veth", "peer", "name", "cl0"}));
    ASSERT_TRUE((*dataplane)->attachment().attach("gw0"));
    EXPECT_TRUE((*dataplane)->attachment().is_attached("gw0"));
    std::vector<std::filesystem::path> pins;
    for (const auto& pin : std::filesystem::directory_iterator(
             bpffs() / ("v" + std::to_string(PORTAL_ABI)) / "links"))
        pins.push_back(pin.path());
    EXPECT_THAT(pins, testing::Each(testing::ResultOf(
                          [](const std::filesystem::path& pin) { return pin.string(); },
                          testing::EndsWith("-" + std::to_string(if_nametoindex("gw0"))))));
}

TEST_F(AttachmentTest, SeesWhenAnotherToolDetaches) {
    const auto dataplane = open();
    ASSERT_TRUE(dataplane);
    ASSERT_TRUE((*dataplane)->attachment().attach("gw0"));
    const auto link_id = (*dataplane)->attachment().state("gw0").at(2).link_id;
    if (link_id) {
        const UniqueFd link(bpf_link_get_fd_by_id(*link_id));
        ASSERT_EQ(bpf_link_detach(link.get()), 0);
    } else {
        // Before Linux 6.6 there is a filter, which goes with its qdisc.
        ASSERT_TRUE(run({"tc", "qdisc", "delete", "dev", "gw0", "clsact"}));
    }
    const auto hooks = (*dataplane)->attachment().state("gw0");
    EXPECT_TRUE(hooks.at(0).attached);
    EXPECT_FALSE(hooks.at(2).attached);
    EXPECT_THAT(hooks.at(2).detail, Not(testing::IsEmpty()));
    ASSERT_TRUE((*dataplane)->attachment().attach("gw0"));
    EXPECT_TRUE((*dataplane)->attachment().is_attached("gw0"));
}

TEST_F(AttachmentTest, OpensTheGateOnlyOnDetach) {
    {
        const auto dataplane = open();
        ASSERT_TRUE(dataplane);
        ASSERT_TRUE((*dataplane)->attachment().attach("gw0"));
    }
    EXPECT_TRUE(std::filesystem::exists(bpffs()));
    EXPECT_THAT(detach_pinned(bpffs()).value(), ElementsAre("gw0"));
    EXPECT_FALSE(std::filesystem::exists(bpffs()));
    const UniqueFd program = foreign_xdp();
    const UniqueFd link(
        bpf_link_create(program.get(), static_cast<int>(if_nametoindex("gw0")), BPF_XDP, nullptr));
    EXPECT_TRUE(link) << "the hook is not free";
}

}  // namespace
}  // namespace portal::dataplane
