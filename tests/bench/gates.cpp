#include "bench/gates.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "bench/rulesets.h"
#include "system/lab/process.h"

namespace portal::bench {

namespace {

constexpr const char* kBpffs = "/sys/fs/bpf";

[[noreturn]] void fail(const char* what, int error) {
    throw std::system_error(std::abs(error), std::generic_category(), what);
}

void require(const Status& status) {
    if (!status) throw std::runtime_error(status.error().what);
}

ClientId client_of(std::uint32_t number) {
    return {Mac{{0x0a, 0, static_cast<std::uint8_t>(number >> 24),
                 static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
                 static_cast<std::uint8_t>(number)}},
            0};
}

// 10.N.N.0/24, which nobody asks for.
std::vector<GardenEntry> garden_of(std::uint32_t prefixes) {
    std::vector<GardenEntry> garden(prefixes);
    for (std::uint32_t i = 0; i < prefixes; ++i)
        garden[i].prefix = parse_prefix("10." + std::to_string(i / 256) + "." +
                                        std::to_string(i % 256) + ".0/24")
                               .value();
    return garden;
}

void run(const lab::Lab& lab, const std::vector<std::string>& command,
         const std::string& input = {}) {
    lab::run_or_fail({.command = command, .input = input, .where = &lab.gateway});
}

}  // namespace

ProgramGate::ProgramGate(const lab::Lab& lab, int program) {
    link_ = lab.gateway.run([&] {
        LIBBPF_OPTS(bpf_link_create_opts, options);
        options.flags = XDP_FLAGS_DRV_MODE;
        return UniqueFd(bpf_link_create(program,
                                        static_cast<int>(::if_nametoindex(lab::kGatewayInterface)),
                                        BPF_XDP, &options));
    });
    if (!link_) fail("attaching a program", errno);
}

PortalGate::PortalGate(const lab::Lab& lab, std::uint32_t clients, std::uint32_t prefixes)
    : lab_(lab) {
    lab.gateway.run([&] {
        auto opened = dataplane::Dataplane::open(
            {.bpffs = lab.bpffs() / "xdp-portal", .max_clients = std::max(clients, 64U)});
        if (!opened) throw std::runtime_error(opened.error().what);
        dataplane_ = *std::move(opened);
        for (std::uint32_t i = 0; i < clients; ++i)
            require(dataplane_->clients().put({.client = client_of(i), .session = i + 1}, {}));
        require(dataplane_->set_garden(garden_of(prefixes)));
        require(dataplane_->attachment().attach(lab::kGatewayInterface));
    });
}

PortalGate::~PortalGate() {
    lab_.gateway.run([&] { (void)dataplane_->detach(); });
}

XdpFilterGate::XdpFilterGate(const lab::Lab& lab, std::uint32_t clients) : lab_(lab) {
    // It pins what it has there; in this process's mount namespace nobody else's is.
    if (::mount("bpf", kBpffs, "bpf", 0, nullptr) != 0) fail("a BPF file system", errno);
    run(lab, {"xdp-filter", "load", "--mode", "native", "--policy", "deny", "--features",
              "ethernet", lab::kGatewayInterface});
    const UniqueFd table(bpf_obj_get("/sys/fs/bpf/xdp-filter/filter_ethernet"));
    if (!table) fail("the table of xdp-filter", errno);
    // For each CPU: the source is to be matched.
    const std::vector<std::uint64_t> source(
        static_cast<std::size_t>(libbpf_num_possible_cpus()), 1);
    for (std::uint32_t i = 0; i < clients; ++i)
        if (bpf_map_update_elem(table.get(), client_of(i).mac.bytes.data(), source.data(),
                                BPF_ANY) != 0)
            fail("a row of xdp-filter", errno);
}

XdpFilterGate::~XdpFilterGate() {
    lab::run({.command = {"xdp-filter", "unload", "--all"}, .where = &lab_.gateway});
    ::umount2(kBpffs, MNT_DETACH);
}

std::unique_ptr<RulesGate> RulesGate::nftables(const lab::Lab& lab, std::uint32_t clients) {
    std::unique_ptr<RulesGate> gate(new RulesGate(lab));
    run(lab, {"nft", "-f", "-"}, nftables_rules(clients));
    return gate;
}

std::unique_ptr<RulesGate> RulesGate::opennds(const lab::Lab& lab, std::uint32_t clients) {
    std::unique_ptr<RulesGate> gate(new RulesGate(lab));
    run(lab, {"iptables-restore"}, opennds_rules(clients));
    return gate;
}

RulesGate::~RulesGate() {
    lab::run({.command = {"nft", "flush", "ruleset"}, .where = &lab_.gateway});
}

}  // namespace portal::bench
