#include "dataplane/self_test.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "dataplane/abi.h"

namespace portal::dataplane {

namespace {

// From 02:00:00:00:00:01 (192.0.2.1) to 02:00:00:00:00:02.
constexpr std::array<std::uint8_t, 54> kHttps = {
    2,    0, 0, 0,    0, 2, 2, 0, 0,  0, 0, 1, 8,    0,                          // Ethernet
    0x45, 0, 0, 40,   0, 0, 0, 0, 64, 6, 0, 0, 192,  0, 2, 1, 198, 51, 100, 1,   // IPv4
    0x80, 0, 1, 0xbb, 0, 0, 0, 1, 0,  0, 0, 0, 0x50, 2, 0, 0, 0,   0,  0,   0};  // TCP SYN to 443

constexpr std::array<std::uint8_t, 54> kHttp = [] {
    auto frame = kHttps;
    frame[36] = 0;
    frame[37] = 80;
    return frame;
}();

constexpr std::array<std::uint8_t, 42> kArp = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,   0, 0, 0, 0, 1, 8, 6,  // Ethernet
    0,    1,    8,    0,    6,    4,    0,   1,                    // request
    2,    0,    0,    0,    0,    1,    192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2};

constexpr std::array<std::uint8_t, 4> kNetwork = {192, 0, 2, 0};

// Where the kernel lets a test run's frames come from.
constexpr unsigned kLoopback = 1;

struct Case {
    std::string_view name;
    const std::uint8_t* frame;
    std::uint32_t size;
    std::uint32_t verdict;
};

constexpr Case kCases[] = {
    {"a stranger's port 443", kHttps.data(), kHttps.size(), XDP_DROP},
    {"a stranger's port 80", kHttp.data(), kHttp.size(), XDP_PASS},
    {"a stranger's ARP", kArp.data(), kArp.size(), XDP_PASS},
};

}  // namespace

Status self_test(int ingress, int networks) {
    const network_key key =
        to_abi(LinkNetwork{kLoopback, 0, Prefix{IpAddress::v4(kNetwork), 96 + 24}, {}});
    network value {};
    value.standing = NETWORK_ON_LINK;
    if (const int error = bpf_map_update_elem(networks, &key, &value, BPF_ANY))
        return fail_errno("cannot prepare the self test", {}, -error);
    for (const Case& test : kCases) {
        LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = test.frame, .data_size_in = test.size);
        if (const int error = bpf_prog_test_run_opts(ingress, &options))
            return fail_errno("cannot run the loaded program on a test frame", {}, -error);
        if (options.retval != test.verdict)
            return fail(ErrorCode::system,
                        "the loaded program gives the wrong verdict on " + std::string(test.name),
                        "the program before it stays in force; reinstall xdp-portal");
    }
    return {};
}

}  // namespace portal::dataplane
