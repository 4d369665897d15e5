// What it costs a gateway to keep a stranger's port 443 out: frames made on one CPU, sent over a
// veth pair and dropped there by each gate in turn. The figures hold the making and sending, which
// is the same for all and nearly all there is in that of the empty program.
#include <memory>
#include <vector>

#include "bench/gates.h"
#include "bench/generator.h"
#include "bench/result.h"
#include "packets/packet.h"
#include "system/lab/process.h"

namespace portal::bench {
namespace {

using namespace packets;  // NOLINT: frames are written as words

// More takes minutes to load.
constexpr std::uint32_t kMostInASet = 64'000;
constexpr std::uint32_t kMostOfOpenNds = 1'000;

constexpr std::uint32_t kFrames = 1'000'000;

Bytes strangers_https() {
    return Ethernet{.src = Mac{{0x06, 0, 0, 0, 0, 0}}} / IPv4{} / TCP{.dport = 443} / Payload{10};
}

// A gateway of its own for each gate, and somebody who floods it.
class Site {
  public:
    explicit Site(std::uint32_t clients) : generator_(lab_, strangers_https(), clients) {
        // Without XDP, a veth device takes frames in one by one unless it merges them.
        lab::run_or_fail({.command = {"ethtool", "-K", lab::kGatewayInterface, "gro", "on"},
                          .where = &lab_.gateway});
    }

    const lab::Lab& lab() const { return lab_; }
    int drop_program() const { return generator_.drop_program(); }
    void guard(std::unique_ptr<Gate> gate) { gate_ = std::move(gate); }
    double flood(std::uint32_t frames) { return generator_.send(frames); }

  private:
    const lab::Lab lab_;
    Generator generator_;
    std::unique_ptr<Gate> gate_;
};

class Comparison {
  public:
    Comparison(std::uint32_t clients, const Effort& effort) : clients_(clients), effort_(effort) {}

    // `frames` a sample; fewer where each takes longer.
    template <typename Make>
    void add(std::string name, std::uint32_t frames, Make make) {
        Site& site = *sites_.emplace_back(std::make_unique<Site>(clients_));
        site.guard(make(site));
        if (effort_.quick) frames /= 5;
        site.flood(frames / 10);
        subjects_.push_back({std::move(name), [&site, frames] { return site.flood(frames); }});
    }

    void run() {
        compare({.group = "gate",
                 .name = "port 443 of a stranger, dropped",
                 .clients = clients_,
                 .unit = "ns/packet"},
                subjects_, effort_.rounds());
    }

  private:
    const std::uint32_t clients_;
    const Effort effort_;
    std::vector<std::unique_ptr<Site>> sites_;
    std::vector<Subject> subjects_;
};

void measure(std::uint32_t clients, const Effort& effort) {
    Comparison all(clients, effort);
    all.add("empty program", kFrames, [](const Site& site) {
        return std::make_unique<ProgramGate>(site.lab(), site.drop_program());
    });
    all.add("xdp-portal", kFrames, [clients](const Site& site) {
        return std::make_unique<PortalGate>(site.lab(), clients, 0);
    });
    all.add("xdp-portal, 1,000 garden prefixes", kFrames, [clients](const Site& site) {
        return std::make_unique<PortalGate>(site.lab(), clients, 1000);
    });
    if (clients <= XdpFilterGate::kMost)
        all.add("xdp-filter, by MAC", kFrames, [clients](const Site& site) {
            return std::make_unique<XdpFilterGate>(site.lab(), clients);
        });
    if (clients <= kMostInASet)
        all.add("nftables, a set of MACs", kFrames / 2, [clients](const Site& site) {
            return RulesGate::nftables(site.lab(), clients);
        });
    if (clients <= kMostOfOpenNds)
        all.add("rules of openNDS", clients > 1 ? kFrames / 20 : kFrames / 4,
                [clients](const Site& site) { return RulesGate::opennds(site.lab(), clients); });
    all.run();
}

}  // namespace
}  // namespace portal::bench

int main(int argc, char** argv) {
    return portal::bench::run(argc, argv, [](const portal::bench::Effort& effort) {
        for (const std::uint32_t clients : {1U, 1'000U, 64'000U, 1'000'000U})
            portal::bench::measure(clients, effort);
    });
}
