#include "system/lab/lab.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "system/lab/await.h"
#include "system/lab/failure.h"
#include "system/lab/process.h"

namespace portal::lab {

namespace {

// Empty on any Debian; in this process's mount namespace it is ours.
constexpr const char* kRoot = "/media";

void enter_own_mount_namespace() {
    static const bool done = [] {
        must(::unshare(CLONE_NEWNS), "unshare (needs root)");
        must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make / private");
        must(::mount("lab", kRoot, "tmpfs", 0, "mode=0755"), kRoot);
        return true;
    }();
    (void)done;
}

std::filesystem::path make_folder() {
    static int count = 0;
    enter_own_mount_namespace();
    const std::filesystem::path folder = kRoot / std::filesystem::path(std::to_string(++count));
    std::filesystem::create_directories(folder / "bpf");
    must(::mount("bpf", (folder / "bpf").c_str(), "bpf", 0, "mode=0700"), "mount bpf");
    return folder;
}

// An address for `ip link … netns`.
std::string path_of(const NetNamespace& host) {
    return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(host.fd());
}

bool has_carrier(const NetNamespace& host, const char* interface) {
    return host.run([&] {
        const UniqueFd any(must(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
        ifreq request{};
        std::strncpy(request.ifr_name, interface, sizeof request.ifr_name - 1);
        must(::ioctl(any.get(), SIOCGIFFLAGS, &request), interface);
        return (request.ifr_flags & IFF_RUNNING) != 0;
    });
}

void await_carrier(const NetNamespace& host, const char* interface) {
    await(std::string("carrier on ") + interface, [&] { return has_carrier(host, interface); });
}

void prepare(const NetNamespace& host) {
    // Addresses serve at once, and hosts do not chat on their own.
    for (const char* which :
         {"net/ipv6/conf/all/accept_dad", "net/ipv6/conf/default/accept_dad",
          "net/ipv6/conf/all/router_solicitations", "net/ipv6/conf/default/router_solicitations"})
        host.set(which, "0");
    Lab::ip(host, "link set lo up\n");
}

// Both ends have an index of their own: the kernel takes up to a second to notice the carrier of
// a pair with equal ones.
std::string veth(const char* near, const Mac& near_mac, const char* near_index, const char* far,
                 const Mac& far_mac, const char* far_index, const NetNamespace& far_host) {
    return std::string("link add name ") + near + " index " + near_index + " address " +
           near_mac.to_string() + " type veth peer name " + far + " index " + far_index +
           " address " + far_mac.to_string() + " netns " + path_of(far_host) + "\n";
}

// Addresses as in packets/addresses.h.
constexpr const char* kGatewayClientSide =
    "addr add 192.0.2.1/24 dev eth1\n"
    "addr add 2001:db8::1/64 dev eth1 nodad\n"
    "addr add fe80::1/64 dev eth1 nodad\n"
    "link set eth1 up\n";
constexpr const char* kClientSide =
    "addr add 192.0.2.100/24 dev eth0\n"
    "addr add 2001:db8::100/64 dev eth0 nodad\n"
    "addr add fe80::64/64 dev eth0 nodad\n"
    "link set eth0 up\n"
    "route add default via 192.0.2.1\n"
    "route add ::/0 via 2001:db8::1\n";
constexpr const char* kGatewayUplinkSide =
    "addr add 203.0.113.1/24 dev eth0\n"
    "addr add 2001:db8:ffff::1/64 dev eth0 nodad\n"
    "link set eth0 up\n";
constexpr const char* kInternetSide =
    "addr add 203.0.113.80/24 dev eth0\n"
    "addr add 2001:db8:ffff::80/64 dev eth0 nodad\n"
    "link set eth0 up\n"
    "route add default via 203.0.113.1\n"
    "route add ::/0 via 2001:db8:ffff::1\n";

const Mac kInternetMac = packets::mac("02:00:00:00:01:02");

}  // namespace

Lab::Lab() : folder_(make_folder()) {
    for (const NetNamespace* host : {&client, &gateway, &internet})
        prepare(*host);
    gateway.set("net/ipv4/ip_forward", "1");
    gateway.set("net/ipv6/conf/all/forwarding", "1");
    connect_uplink();
    connect_client();
}

Lab::~Lab() {
    ::umount2(bpffs().c_str(), MNT_DETACH);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Lab::connect_client(const char* index) {
    ip(gateway,
       veth("eth1", packets::kGatewayMac, index, "eth0", packets::kClientMac, "11", client) +
           kGatewayClientSide);
    ip(client, kClientSide);
    await_carrier(gateway, kGatewayInterface);
    await_carrier(client, kClientInterface);
}

void Lab::connect_uplink() {
    ip(gateway,
       veth("eth0", kUplinkMac, "21", "eth0", kInternetMac, "22", internet) + kGatewayUplinkSide);
    ip(internet, kInternetSide);
    await_carrier(gateway, kUplinkInterface);
    await_carrier(internet, kInternetInterface);
}

UniqueFd Lab::receive_from_xdp() const {
    const bpf_insn pass[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS},
        {.code = BPF_JMP | BPF_EXIT}};
    LIBBPF_OPTS(bpf_prog_load_opts, loading, .expected_attach_type = BPF_XDP);
    const UniqueFd program(
        must(bpf_prog_load(BPF_PROG_TYPE_XDP, "pass", "GPL", pass, std::size(pass), &loading),
             "loading XDP_PASS"));
    return client.run([&] {
        LIBBPF_OPTS(bpf_link_create_opts, native, .flags = XDP_FLAGS_DRV_MODE);
        const auto ifindex = static_cast<int>(if_nametoindex(kClientInterface));
        return UniqueFd(
            must(bpf_link_create(program.get(), ifindex, BPF_XDP, &native), "attaching XDP_PASS"));
    });
}

void Lab::unplug_client() {
    ip(gateway, "link delete eth1\n");
}

void Lab::ip(const NetNamespace& host, const std::string& commands) {
    run_or_fail({.command = {"ip", "-batch", "-"}, .input = commands, .where = &host});
}

}  // namespace portal::lab
