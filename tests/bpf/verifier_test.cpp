// The kernel's verifier: every program passes it, with no more rights than the daemon has.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cap-ng.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "bpf/gate.h"
#include "portal.skel.h"

namespace portal::gate {
namespace {

// What the verifier gives up at.
constexpr std::uint32_t kVerifierLimit = 1'000'000;

class Verifier : public testing::TestWithParam<bool> {};

// Whether blocked traffic is answered is a constant, which decides what there is to verify.
INSTANTIATE_TEST_SUITE_P(Mode, Verifier, testing::Bool(), [](const auto& mode) {
    return std::string(mode.param ? "Reset" : "Drop");
});

TEST_P(Verifier, AcceptsEveryProgramWithRoomToSpare) {
    const Gate gate({.reset = GetParam()});
    bpf_program* program = nullptr;
    int programs = 0;
    bpf_object__for_each_program(program, gate.programs().obj) {
        bpf_prog_info info{};
        __u32 size = sizeof info;
        ASSERT_EQ(bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size), 0);
        std::printf("%-16s %6u instructions verified, %5u bytes\n", bpf_program__name(program),
                    info.verified_insns, info.xlated_prog_len);
        RecordProperty(bpf_program__name(program), std::to_string(info.verified_insns));
        EXPECT_GT(info.verified_insns, 0U);
        EXPECT_LT(info.verified_insns, kVerifierLimit / 4);
        programs++;
    }
    EXPECT_EQ(programs, 3);
}

// CAP_PERFMON is for packet pointers that move by a number known only at run time, as behind VLAN
// tags and extension headers: without it the verifier takes none (CVE-2019-7308).
[[noreturn]] void load_with_the_daemons_capabilities() {
    capng_clear(CAPNG_SELECT_ALL);
    if (capng_updatev(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED),
                      CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON, -1) != 0 ||
        capng_apply(CAPNG_SELECT_CAPS) != 0)
        std::exit(2);
    capng_get_caps_process();
    if (capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN)) std::exit(3);
    portal_bpf* skeleton = portal_bpf__open_and_load();
    portal_bpf__destroy(skeleton);
    std::exit(skeleton ? 0 : 1);
}

TEST(VerifierDeathTest, AsksForNoMoreThanTheDaemonHas) {
    EXPECT_EXIT(load_with_the_daemons_capabilities(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace portal::gate
