// What a frame costs in XDP alone: BPF_PROG_TEST_RUN on the programs as they are installed, the
// client of each frame drawn at random. Drawing and jumping are in all figures alike, and in that
// of the empty program.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include <cerrno>
#include <memory>
#include <numeric>
#include <system_error>
#include <vector>

#include "bench/result.h"
#include "bpf/gate.h"
#include "bpf/world.h"
#include "portal.skel.h"
#include "single_path.skel.h"

namespace portal::bench {
namespace {

using namespace packets;  // NOLINT: frames are written as words

constexpr const char* kGroup = "one program";
constexpr std::uint8_t kOurs = 0x06, kOthers = 0x0a;
constexpr bucket kUnhurried{.rate = 1'000'000'000'000, .burst = 1'000'000'000, .full_at = 0};

[[noreturn]] void fail(const char* what, int error) {
    throw std::system_error(std::abs(error), std::generic_category(), what);
}

client_key key_of_client(std::uint8_t kind, std::uint32_t number) {
    return gate::key_of(Mac{{kind, 0, static_cast<std::uint8_t>(number >> 24),
                             static_cast<std::uint8_t>(number >> 16),
                             static_cast<std::uint8_t>(number >> 8),
                             static_cast<std::uint8_t>(number)}});
}

Bytes of_client(const Packet& packet) {
    return Ethernet{.src = Mac{{kOurs, 0, 0, 0, 0, 0}}} / packet;
}

// The programs, each behind the one that draws the client.
class Programs {
  public:
    explicit Programs(std::uint32_t clients)
        : gate_({.max_clients = clients}), others_(single_path_bpf__open()) {
        if (!others_) fail("opening the programs", errno);
        others_->rodata->client_count = clients;
        bpf_map__set_max_entries(others_->maps.bare, clients);
        if (const int error = single_path_bpf__load(others_.get()))
            fail("loading the programs", error);
    }

    void sign_in(std::uint8_t kind, std::uint32_t clients, bool metered) {
        std::vector<client_key> keys(clients);
        std::vector<client> values(clients);
        std::vector<std::uint32_t> slots(clients);
        std::iota(slots.begin(), slots.end(), 0U);
        for (std::uint32_t i = 0; i < clients; ++i) {
            keys[i] = key_of_client(kind, i);
            values[i].slot = i;
            values[i].session = i + 1;
            values[i].state = CLIENT_AUTHORIZED;
            values[i].flags = metered ? CLIENT_METERED : 0;
            values[i].last_seen = gate::now();
        }
        fill(gate_.programs().maps.clients, keys, values);
        fill(others_->maps.bare, keys, values);
        if (!metered) return;
        const std::vector<meter> meters(
            clients, meter{.up = kUnhurried, .down = kUnhurried, .quota = 0, .used = 0});
        fill(gate_.programs().maps.meters, slots, meters);
    }

    void open_garden(std::uint32_t prefixes) {
        std::vector<prefix_key> keys(prefixes);
        const std::vector<garden_ports> everything(prefixes);
        for (std::uint32_t i = 0; i < prefixes; ++i) {
            const std::uint8_t network[] = {10, static_cast<std::uint8_t>(i >> 8),
                                            static_cast<std::uint8_t>(i), 0};
            keys[i] = {.prefixlen = 120, .address = gate::abi(IpAddress::v4(network))};
        }
        fill(gate_.programs().maps.garden, keys, everything);
    }

    // Nanoseconds a frame, which must end so.
    double run(const bpf_program* program, const Bytes& frame, std::uint32_t repeat,
               unsigned action) {
        const __u32 first = 0;
        const int fd = bpf_program__fd(program);
        if (bpf_map_update_elem(bpf_map__fd(others_->maps.next), &first, &fd, BPF_ANY) != 0)
            fail("the tail call", errno);
        Bytes out(frame.size() + 256);
        LIBBPF_OPTS(bpf_test_run_opts, options);
        options.data_in = frame.data();
        options.data_size_in = static_cast<__u32>(frame.size());
        options.data_out = out.data();
        options.data_size_out = static_cast<__u32>(out.size());
        options.repeat = static_cast<int>(repeat);
        if (const int error = bpf_prog_test_run_opts(
                bpf_program__fd(others_->progs.draw_client), &options))
            fail("XDP test run", error);
        if (options.retval != action) throw std::runtime_error("a frame did not end as it should");
        return options.duration;
    }

    const bpf_program* empty() const { return others_->progs.empty; }
    const bpf_program* bare_lookup() const { return others_->progs.bare_lookup; }
    const bpf_program* ingress() const { return gate_.programs().progs.portal_ingress; }

  private:
    struct Destroy {
        void operator()(single_path_bpf* skeleton) const { single_path_bpf__destroy(skeleton); }
    };

    template <typename Key, typename Value>
    static void fill(const bpf_map* map, const std::vector<Key>& keys,
                     const std::vector<Value>& values) {
        auto count = static_cast<__u32>(keys.size());
        if (const int error = bpf_map_update_batch(bpf_map__fd(map), keys.data(), values.data(),
                                                   &count, nullptr))
            fail(bpf_map__name(map), error);
    }

    gate::Gate gate_;
    std::unique_ptr<single_path_bpf, Destroy> others_;
};

void measure(std::uint32_t clients, const Effort& effort) {
    const std::uint32_t repeat = effort.quick ? 200'000 : 2'000'000;
    const Bytes upload = of_client(IPv4{} / UDP{.dport = 443} / Payload{64});
    const Bytes https = of_client(IPv4{} / TCP{.dport = 443});
    Programs plain(clients), metered(clients), strangers(clients), with_garden(clients);
    plain.sign_in(kOurs, clients, false);
    metered.sign_in(kOurs, clients, true);
    strangers.sign_in(kOthers, clients, false);
    with_garden.sign_in(kOthers, clients, false);
    with_garden.open_garden(1000);
    const auto of = [repeat](Programs& programs, const bpf_program* program, const Bytes& frame,
                             unsigned action) {
        return [&programs, program, &frame, repeat, action] {
            return programs.run(program, frame, repeat, action);
        };
    };
    compare({.group = kGroup,
             .name = "a signed-in client's packet, passed",
             .clients = clients,
             .unit = "ns/packet"},
            {{"empty program", of(plain, plain.empty(), upload, XDP_PASS)},
             {"bare hash lookup", of(plain, plain.bare_lookup(), upload, XDP_PASS)},
             {"xdp-portal", of(plain, plain.ingress(), upload, XDP_PASS)},
             {"xdp-portal, with a rate", of(metered, metered.ingress(), upload, XDP_PASS)}},
            effort.rounds());
    compare({.group = kGroup,
             .name = "port 443 of a stranger, dropped",
             .clients = clients,
             .unit = "ns/packet"},
            {{"empty program", of(strangers, strangers.empty(), https, XDP_PASS)},
             {"bare hash lookup", of(strangers, strangers.bare_lookup(), https, XDP_DROP)},
             {"xdp-portal", of(strangers, strangers.ingress(), https, XDP_DROP)},
             {"xdp-portal, 1,000 garden prefixes",
              of(with_garden, with_garden.ingress(), https, XDP_DROP)}},
            effort.rounds());
}

}  // namespace
}  // namespace portal::bench

int main(int argc, char** argv) {
    return portal::bench::run(argc, argv, [](const portal::bench::Effort& effort) {
        for (const std::uint32_t clients : {1U, 1'000U, 64'000U, 1'000'000U})
            portal::bench::measure(clients, effort);
    });
}
