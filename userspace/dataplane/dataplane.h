// The loaded dataplane: programs, maps and hooks. The only way to it for the rest of userspace.
//
// One thread. Destroying it leaves everything pinned and the gate in force; only detach() opens
// the gate. Pins that hold no gate, since none was attached yet, go with it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ip_address.h"
#include "dataplane/answer_ring.h"
#include "dataplane/attachment.h"
#include "dataplane/client_side.h"
#include "dataplane/client_table.h"
#include "dataplane/event_ring.h"
#include "dataplane/neighbors.h"
#include "dataplane/verdicts.h"
#include "domain/budget.h"
#include "domain/flow.h"
#include "domain/garden.h"
#include "domain/learnt_opening.h"

namespace portal::dataplane {

struct Options {
    std::filesystem::path bpffs = "/sys/fs/bpf/xdp-portal";
    std::uint32_t max_clients = 65536;
    std::uint32_t mark = 0x511;
    std::uint32_t mark_mask = 0xffff;
    std::uint16_t http_port = 80;
    std::uint16_t https_port = 443;
    bool reset = false;  // what is blocked of a stranger's is answered, not only dropped
    bool client_to_client = false;  // clients may be forwarded to each other
    XdpMode xdp_mode = XdpMode::automatic;
    TcMode tc_mode = TcMode::automatic;
    std::string build;  // version, for `meta`
};

// What an address is to the gateway; see enum address_role.
struct AddressRoles {
    IpAddress address;
    bool gateway = false;
    bool portal = false;
    bool resolver = false;
    bool https = false;  // of a portal's: the responder speaks TLS there

    bool operator==(const AddressRoles&) const = default;
};

// Listening sockets, an IPv4 and an IPv6 one of each service.
struct Listeners {
    int http4 = -1;
    int http6 = -1;
    int https4 = -1;
    int https6 = -1;
};

// The client that opened a steered connection.
struct FlowOrigin {
    ClientId client;
    unsigned ifindex = 0;
};

class Dataplane {
  public:
    // Loads the programs over the pinned maps, or makes and pins them. Before any hook changes,
    // canned frames are run through the programs. On failure what was in force stays in force.
    static Result<std::unique_ptr<Dataplane>> open(const Options& options);
    ~Dataplane();
    Dataplane(const Dataplane&) = delete;
    Dataplane& operator=(const Dataplane&) = delete;

    ClientTable& clients();
    Attachment& attachment();

    // A ring of this dataplane's events; `callback` is called from EventRing::consume().
    Result<EventRing> events(EventRing::Callback callback);
    // A ring of the answers that strangers get, while they are watched.
    Result<AnswerRing> answers(AnswerRing::Callback callback);

    Result<std::vector<Neighbor>> neighbors() const;
    Result<std::vector<Verdict>> verdicts() const;
    // None when the dataplane has no record of the connection.
    std::optional<FlowOrigin> origin(const Flow& flow) const;

    // Each replaces what was there; entries that stay are never missing meanwhile.
    Status set_addresses(std::span<const AddressRoles> addresses);
    // Whether answers are copied; outlives this, as the rest does.
    Status watch_answers(bool watch);
    // What is open at addresses that names lead to, beside the garden: one for each address.
    Result<std::vector<LearntOpening>> learnt() const;
    Status set_learnt(const LearntOpening& opening);
    // Nothing is done where it is not there.
    Status erase_learnt(const IpAddress& address);
    Status set_budgets(const StrangerBudgets& budgets);
    // What is on the clients' links: no client's source lies outside, but for those of trusted
    // ones. A link of which nothing is said in a family is not checked for signed-in clients.
    Status set_networks(std::span<const LinkNetwork> networks);
    Status set_garden(std::span<const GardenEntry> entries);
    // The links on the clients' side. No client on one may use its MAC address as its own.
    Status set_client_links(std::span<const ClientLink> links);
    // Frees the addresses of clients that no longer use them; call it each minute.
    Status collect_bindings(MonotonicTime now);
    // The responder's sockets; they leave the map by themselves when closed.
    Status set_listeners(const Listeners& listeners);

    // Opens the gate: takes every hook and pin away. Returns the interfaces freed.
    Result<std::vector<std::string>> detach();

  private:
    struct Loaded;
    explicit Dataplane(std::unique_ptr<Loaded> loaded);

    std::unique_ptr<Loaded> loaded_;
};

// The same without a running daemon: opens a gate that a dead one left under `bpffs`.
Result<std::vector<std::string>> detach_pinned(const std::filesystem::path& bpffs);

}  // namespace portal::dataplane
