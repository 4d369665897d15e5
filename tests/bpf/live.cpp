#include "bpf/live.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include <system_error>

#include "bpf/private_network.h"

namespace portal::gate {

namespace {

void require(int error, const char* what) {
    if (error != 0) throw std::system_error(-error, std::generic_category(), what);
}

bpf_tc_hook ingress_hook() {
    LIBBPF_OPTS(bpf_tc_hook, hook);
    hook.ifindex = static_cast<int>(kLoopback);
    hook.attach_point = BPF_TC_INGRESS;
    return hook;
}

}  // namespace

LiveLoopback::LiveLoopback(int tc_program) {
    bpf_tc_hook hook = ingress_hook();
    require(bpf_tc_hook_create(&hook), "clsact");
    LIBBPF_OPTS(bpf_tc_opts, options);
    options.prog_fd = tc_program;
    require(bpf_tc_attach(&hook, &options), "attaching to TC");
}

LiveLoopback::~LiveLoopback() {
    bpf_tc_hook hook = ingress_hook();
    hook.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
    bpf_tc_hook_destroy(&hook);
}

void LiveLoopback::receive(int xdp_program, const packets::Bytes& frame) {
    xdp_md in{};
    in.data_end = static_cast<__u32>(frame.size());
    in.ingress_ifindex = kLoopback;
    LIBBPF_OPTS(bpf_test_run_opts, options);
    options.data_in = frame.data();
    options.data_size_in = static_cast<__u32>(frame.size());
    options.ctx_in = &in;
    options.ctx_size_in = sizeof in;
    options.repeat = 1;
    options.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
    require(bpf_prog_test_run_opts(xdp_program, &options), "live frames");
}

}  // namespace portal::gate
