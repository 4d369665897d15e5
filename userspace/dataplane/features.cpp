#include "dataplane/features.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "base/error.h"
#include "base/unique_fd.h"

namespace portal::dataplane {

namespace {

// `return TC_ACT_UNSPEC` or `XDP_PASS`.
UniqueFd tiny_program(bpf_prog_type type, bpf_attach_type expected, int result) {
    const std::array<bpf_insn, 2> code = {{
        {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, result},
        {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
    }};
    LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = expected);
    return UniqueFd(bpf_prog_load(type, "probe", "GPL", code.data(), code.size(), &options));
}

Feature helper(std::string name, bpf_prog_type type, bpf_func_id id, std::string since) {
    return {std::move(name), libbpf_probe_bpf_helper(type, id, nullptr) == 1, std::move(since)};
}

// A link that is made and closed at once. lo takes TC programs and is always there.
Feature tcx() {
    Feature feature{"tcx", false, "TC by link, Linux 6.6; without it clsact filters are used"};
    const UniqueFd program = tiny_program(BPF_PROG_TYPE_SCHED_CLS, bpf_attach_type{}, -1);
    const unsigned lo = if_nametoindex("lo");
    if (!program || lo == 0) return feature;
    const UniqueFd link(bpf_link_create(program.get(), static_cast<int>(lo),
                                        static_cast<bpf_attach_type>(46), nullptr));
    feature.available = static_cast<bool>(link);
    return feature;
}

Feature native_xdp(const std::string& interface) {
    Feature feature{"xdp_native:" + interface, false, {}};
    const unsigned ifindex = if_nametoindex(interface.c_str());
    LIBBPF_OPTS(bpf_xdp_query_opts, query);
    if (ifindex == 0) {
        feature.detail = "the interface does not exist";
        return feature;
    }
    if (bpf_xdp_query(static_cast<int>(ifindex), 0, &query) == 0 && query.prog_id != 0) {
        feature.available = query.attach_mode == XDP_ATTACHED_DRV;
        feature.detail = "in use";
        return feature;
    }
    const UniqueFd program = tiny_program(BPF_PROG_TYPE_XDP, BPF_XDP, XDP_PASS);
    LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_DRV_MODE);
    const UniqueFd link(
        bpf_link_create(program.get(), static_cast<int>(ifindex), BPF_XDP, &options));
    feature.available = static_cast<bool>(link);
    return feature;
}

}  // namespace

std::vector<Feature> probe_features(const std::vector<std::string>& interfaces) {
    utsname kernel{};
    uname(&kernel);
    std::vector<Feature> features = {
        {"kernel", true, kernel.release},
        {"btf", access("/sys/kernel/btf/vmlinux", R_OK) == 0, "types of this kernel"},
        helper("coarse_clock", BPF_PROG_TYPE_XDP, BPF_FUNC_ktime_get_coarse_ns, "Linux 5.11"),
        helper("ring_buffer", BPF_PROG_TYPE_XDP, BPF_FUNC_ringbuf_reserve, "Linux 5.8"),
        helper("socket_assign", BPF_PROG_TYPE_SCHED_CLS, BPF_FUNC_sk_assign, "Linux 5.7"),
        helper("xdp_fragments", BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_get_buff_len, "Linux 5.18"),
        tcx(),
    };
    for (const std::string& interface : interfaces)
        features.push_back(native_xdp(interface));
    return features;
}

}  // namespace portal::dataplane
