#include "dataplane/dataplane.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "dataplane/abi.h"
#include "dataplane/bindings.h"
#include "dataplane/bpf_error.h"
#include "dataplane/client_map.h"
#include "dataplane/map_sync.h"
#include "dataplane/map_walk.h"
#include "dataplane/pins.h"
#include "dataplane/self_test.h"

// Knows the ABI's types only from what stands before it.
#include <portal.skel.h>

namespace portal::dataplane {

namespace {

struct Destroy {
    void operator()(portal_bpf* skeleton) const { portal_bpf__destroy(skeleton); }
};
using Skeleton = std::unique_ptr<portal_bpf, Destroy>;

Result<Skeleton> open_skeleton(const Options& options) {
    Skeleton skeleton(portal_bpf__open());
    if (!skeleton) return fail_errno("cannot open the BPF object");
    auto& config = skeleton->rodata->config;
    config.mark = options.mark;
    config.mark_mask = options.mark_mask;
    config.http_port = htons(options.http_port);
    config.https_port = htons(options.https_port);
    config.reset = options.reset ? 1 : 0;
    config.client_to_client = options.client_to_client;
    return skeleton;
}

Status load(portal_bpf* skeleton) {
    if (const int error = portal_bpf__load(skeleton))
        return fail_errno(
            "cannot load the BPF programs",
            "xdp-portal needs Linux 6.1 and CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON; see: portalctl "
            "feature probe",
            -error);
    return {};
}

// A throwaway load with empty maps.
Status rehearse(const Options& options) {
    TRY_ASSIGN(const Skeleton skeleton, open_skeleton(options));
    TRY(load(skeleton.get()));
    return self_test(bpf_program__fd(skeleton->progs.portal_ingress),
                     bpf_map__fd(skeleton->maps.networks));
}

// libbpf takes a pinned map of another size for an error without a name.
Status check_pinned_size(const Pins& pins, std::uint32_t max_clients) {
    const UniqueFd fd(bpf_obj_get(pins.map("clients").c_str()));
    if (!fd) return {};
    bpf_map_info info{};
    std::uint32_t size = sizeof info;
    if (const int error = bpf_obj_get_info_by_fd(fd.get(), &info, &size))
        return fail_errno("cannot read the pinned client table", {}, -error);
    if (info.max_entries == max_clients) return {};
    return fail(ErrorCode::conflict,
                "limits.max_clients is " + std::to_string(max_clients) +
                    ", but the client table in force holds " + std::to_string(info.max_entries),
                "set it back, or open the gate first: portald --detach");
}

Status pin_maps(portal_bpf* skeleton, const Pins& pins) {
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, skeleton->obj) {
        if (bpf_map__is_internal(map)) continue;
        if (const int error = bpf_map__set_pin_path(map, pins.map(bpf_map__name(map)).c_str()))
            return fail_errno("cannot pin a map", {}, -error);
    }
    return {};
}

Status write_meta(int fd, std::string_view build) {
    portal_meta meta{};
    meta.abi = PORTAL_ABI;
    build.copy(meta.build, sizeof meta.build - 1);
    const std::uint32_t key = 0;
    if (const int error = bpf_map_update_elem(fd, &key, &meta, BPF_ANY))
        return fail_errno("cannot write the meta map", {}, -error);
    return {};
}

// Rounded up, so that the rate is never exceeded.
budget_rate to_abi(const Budget& budget) {
    if (budget.rate == 0) return {};
    constexpr std::uint64_t second = 1'000'000'000;
    const std::uint64_t cost = (second + budget.rate - 1) / budget.rate;
    return {.cost = cost, .burst = (budget.burst - 1) * cost};
}

network on_link(const LinkNetwork& from) {
    network to{.standing = NETWORK_ON_LINK,
               .broadcast = 0,
               .gateway = dataplane::to_abi(from.gateway)};
    // A network of two or one has none (RFC 3021).
    if (!from.prefix.address.is_v4() || from.prefix.family_length() > 30) return to;
    const std::uint32_t hosts = 0xffffffff >> from.prefix.family_length();
    to.broadcast = dataplane::to_abi(from.prefix.address).word[3] | htonl(hosts);
    return to;
}

// The networks, and for each link what its other addresses of either family are.
std::vector<std::pair<network_key, network>> network_entries(
    std::span<const LinkNetwork> networks) {
    std::vector<std::pair<network_key, network>> entries;
    std::map<std::pair<unsigned, std::uint16_t>, std::array<bool, 2>> families;  // IPv4, IPv6
    for (const LinkNetwork& network : networks) {
        entries.emplace_back(to_abi(network), on_link(network));
        families[{network.ifindex, network.vlan}][network.prefix.address.is_v4() ? 0 : 1] = true;
    }
    for (const auto& [link, known] : families) {
        const auto rest = [&](const Prefix& family, bool is_known) {
            struct network value {};
            value.standing = is_known ? NETWORK_ELSEWHERE : NETWORK_UNKNOWN;
            entries.emplace_back(to_abi(LinkNetwork{link.first, link.second, family, {}}), value);
        };
        rest(Prefix{IpAddress::v4(std::array<std::uint8_t, 4>{}), 96}, known[0]);
        rest(Prefix{IpAddress{}, 0}, known[1]);
    }
    return entries;
}

std::uint32_t to_abi(const AddressRoles& roles) {
    std::uint32_t bits = 0;
    if (roles.gateway) bits |= ADDRESS_GATEWAY;
    if (roles.portal) bits |= ADDRESS_PORTAL;
    if (roles.resolver) bits |= ADDRESS_RESOLVER;
    if (roles.portal && roles.https) bits |= ADDRESS_HTTPS;
    return bits;
}

}  // namespace

struct Dataplane::Loaded {
    Pins pins;
    Skeleton skeleton;
    std::unique_ptr<ClientMap> clients;
    Attachment attachment;
};

Result<std::unique_ptr<Dataplane>> Dataplane::open(const Options& options) {
    quiet_libbpf();
    TRY_ASSIGN(Pins pins, Pins::open(options.bpffs));
    TRY(rehearse(options));
    TRY(check_pinned_size(pins, options.max_clients));

    TRY_ASSIGN(Skeleton skeleton, open_skeleton(options));
    bpf_map__set_max_entries(skeleton->maps.clients, options.max_clients);
    bpf_map__set_max_entries(skeleton->maps.traffic, options.max_clients);
    bpf_map__set_max_entries(skeleton->maps.meters, options.max_clients);
    bpf_map__set_max_entries(skeleton->maps.binding_counts, options.max_clients);
    TRY(pin_maps(skeleton.get(), pins));
    TRY(load(skeleton.get()));
    TRY(write_meta(bpf_map__fd(skeleton->maps.meta), options.build));

    TRY_ASSIGN(
        auto clients,
        ClientMap::open(bpf_map__fd(skeleton->maps.clients), bpf_map__fd(skeleton->maps.traffic),
                        bpf_map__fd(skeleton->maps.meters), options.max_clients));
    const Attachment::Programs programs = {
        .ingress = bpf_program__fd(skeleton->progs.portal_ingress),
        .steer = bpf_program__fd(skeleton->progs.portal_steer),
        .egress = bpf_program__fd(skeleton->progs.portal_egress),
    };
    Attachment attachment(pins.links(), programs, options.xdp_mode, options.tc_mode,
                          bpf_map__fd(skeleton->maps.meta));
    return std::unique_ptr<Dataplane>(new Dataplane(std::make_unique<Loaded>(
        std::move(pins), std::move(skeleton), std::move(clients), std::move(attachment))));
}

Dataplane::Dataplane(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}

Dataplane::~Dataplane() {
    std::error_code ignored;
    if (std::filesystem::is_empty(loaded_->pins.links(), ignored) && !ignored)
        if (const Status removed = loaded_->pins.remove_all(); !removed) log_error(removed.error());
}

ClientTable& Dataplane::clients() {
    return *loaded_->clients;
}
Attachment& Dataplane::attachment() {
    return loaded_->attachment;
}

Result<EventRing> Dataplane::events(EventRing::Callback callback) {
    return EventRing::open(bpf_map__fd(loaded_->skeleton->maps.events),
                           bpf_map__fd(loaded_->skeleton->maps.event_counts), std::move(callback));
}

Result<AnswerRing> Dataplane::answers(AnswerRing::Callback callback) {
    return AnswerRing::open(bpf_map__fd(loaded_->skeleton->maps.dns_answers), std::move(callback));
}

Result<std::vector<Neighbor>> Dataplane::neighbors() const {
    return list_neighbors(bpf_map__fd(loaded_->skeleton->maps.neighbors));
}

Result<std::vector<Verdict>> Dataplane::verdicts() const {
    return read_verdicts(bpf_map__fd(loaded_->skeleton->maps.verdicts));
}

std::optional<FlowOrigin> Dataplane::origin(const Flow& flow) const {
    const ::flow key = to_abi(flow);
    flow_origin value{};
    if (bpf_map_lookup_elem(bpf_map__fd(loaded_->skeleton->maps.flow_origins), &key, &value) != 0)
        return std::nullopt;
    return FlowOrigin{from_abi(value.client), value.ifindex};
}

Status Dataplane::set_addresses(std::span<const AddressRoles> addresses) {
    if (addresses.size() > PORTAL_ADDRESSES)
        return fail(ErrorCode::full,
                    "this host has " + std::to_string(addresses.size()) + " addresses",
                    "at most " + std::to_string(PORTAL_ADDRESSES) + " are understood");
    std::vector<std::pair<ip_address, std::uint32_t>> wanted;
    for (const AddressRoles& roles : addresses)
        wanted.emplace_back(to_abi(roles.address), to_abi(roles));
    return sync_map<ip_address, std::uint32_t>(bpf_map__fd(loaded_->skeleton->maps.addresses),
                                               wanted);
}

Status Dataplane::set_networks(std::span<const LinkNetwork> networks) {
    const auto entries = network_entries(networks);
    if (entries.size() > PORTAL_NETWORKS / 2)
        return fail(
            ErrorCode::full,
            "there are " + std::to_string(networks.size()) + " networks on the clients' links",
            "at most " + std::to_string(PORTAL_NETWORKS / 6) + " are understood");
    return sync_map<network_key, network>(bpf_map__fd(loaded_->skeleton->maps.networks), entries);
}

Status Dataplane::set_garden(std::span<const GardenEntry> entries) {
    std::vector<std::pair<prefix_key, garden_ports>> wanted;
    for (const GardenEntry& entry : entries)
        wanted.emplace_back(to_abi(entry.prefix), to_abi(entry.ports));
    return sync_map<prefix_key, garden_ports>(bpf_map__fd(loaded_->skeleton->maps.garden), wanted);
}

Status Dataplane::watch_answers(bool watch) {
    const std::uint32_t key = 0;
    const std::uint32_t value = watch ? 1 : 0;
    if (const int error = bpf_map_update_elem(bpf_map__fd(loaded_->skeleton->maps.dns_watch), &key,
                                              &value, BPF_ANY))
        return fail_errno("cannot tell the dataplane whether to copy answers", {}, -error);
    return {};
}

Result<std::vector<LearntOpening>> Dataplane::learnt() const {
    TRY_ASSIGN(const auto entries,
               (walk_map<ip_address, learnt_address>(bpf_map__fd(loaded_->skeleton->maps.learnt),
                                                     PORTAL_LEARNT)));
    std::vector<LearntOpening> openings;
    for (const auto& [address, learnt] : entries)
        if (auto opening = from_abi(address, learnt)) openings.push_back(*std::move(opening));
    return openings;
}

Status Dataplane::set_learnt(const LearntOpening& opening) {
    const ip_address key = dataplane::to_abi(opening.address);
    const learnt_address value = dataplane::to_abi(opening);
    if (const int error =
            bpf_map_update_elem(bpf_map__fd(loaded_->skeleton->maps.learnt), &key, &value, BPF_ANY))
        return fail_errno("cannot open " + opening.address.to_string(), {}, -error);
    return {};
}

Status Dataplane::erase_learnt(const IpAddress& address) {
    const ip_address key = dataplane::to_abi(address);
    const int error = bpf_map_delete_elem(bpf_map__fd(loaded_->skeleton->maps.learnt), &key);
    if (error != 0 && error != -ENOENT)
        return fail_errno("cannot close " + address.to_string(), {}, -error);
    return {};
}

Status Dataplane::set_budgets(const StrangerBudgets& budgets) {
    const auto& [client, all, newcomers] = budgets;
    const std::pair<budget, budget_limit> limits[] = {
        {BUDGET_DNS, {to_abi(client.dns), to_abi(all.dns)}},
        {BUDGET_DNS_BYTES, {to_abi(client.dns_bytes), to_abi(all.dns_bytes)}},
        {BUDGET_CONNECTIONS, {to_abi(client.connections), to_abi(all.connections)}},
        {BUDGET_SEGMENTS, {to_abi(client.segments), to_abi(all.segments)}},
        {BUDGET_LINK, {to_abi(client.link), to_abi(all.link)}},
        {BUDGET_ICMP, {to_abi(client.icmp), to_abi(all.icmp)}},
        {BUDGET_DHCP, {to_abi(client.dhcp), to_abi(all.dhcp)}},
        {BUDGET_NEWCOMERS, {{}, to_abi(newcomers)}}};
    static_assert(std::size(limits) == BUDGET_COUNT);
    for (const auto& [which, limit] : limits) {
        const std::uint32_t key = which;
        if (const int error = bpf_map_update_elem(bpf_map__fd(loaded_->skeleton->maps.budgets),
                                                  &key, &limit, BPF_ANY))
            return fail_errno("cannot write the strangers' budgets", {}, -error);
    }
    return {};
}

Status Dataplane::set_client_links(std::span<const ClientLink> links) {
    // New ones are written before old ones are taken out.
    if (links.size() > PORTAL_INTERFACES / 2)
        return fail(ErrorCode::full,
                    "there are " + std::to_string(links.size()) + " links on the clients' side",
                    "at most " + std::to_string(PORTAL_INTERFACES / 2) + " are understood");
    std::vector<std::pair<std::uint32_t, interface>> wanted;
    client_side side{};
    for (const ClientLink& link : links) {
        interface value {};
        std::ranges::copy(link.mac.bytes, value.mac);
        value.merges = link.generic_xdp ? 1 : 0;
        value.home = link.home;
        wanted.emplace_back(link.ifindex, value);
        const unsigned word = link.ifindex % CLIENT_SIDE_BITS / 64;
        const std::uint64_t bit = std::uint64_t{1} << link.ifindex % 64;
        side.bits[word] |= bit;
        if (link.generic_xdp) side.merges[word] |= bit;
    }
    TRY((sync_map<std::uint32_t, interface>(bpf_map__fd(loaded_->skeleton->maps.interfaces),
                                            wanted)));
    const std::uint32_t key = 0;
    if (const int error = bpf_map_update_elem(bpf_map__fd(loaded_->skeleton->maps.client_side),
                                              &key, &side, BPF_ANY))
        return fail_errno("cannot record the clients' links", {}, -error);
    return {};
}

Status Dataplane::collect_bindings(MonotonicTime now) {
    const auto& maps = loaded_->skeleton->maps;
    return dataplane::collect_bindings(
        {.bindings = bpf_map__fd(maps.bindings),
         .counts = bpf_map__fd(maps.binding_counts),
         .clients = bpf_map__fd(maps.clients),
         .max_clients = static_cast<std::uint32_t>(loaded_->clients->capacity())},
        now);
}

Status Dataplane::set_listeners(const Listeners& listeners) {
    const int map = bpf_map__fd(loaded_->skeleton->maps.listeners);
    const std::pair<std::uint32_t, int> sockets[] = {{LISTENER_HTTP4, listeners.http4},
                                                     {LISTENER_HTTP6, listeners.http6},
                                                     {LISTENER_HTTPS4, listeners.https4},
                                                     {LISTENER_HTTPS6, listeners.https6}};
    for (const auto& [key, socket] : sockets) {
        const auto value = static_cast<std::uint64_t>(socket);
        if (const int error = bpf_map_update_elem(map, &key, &value, BPF_ANY))
            return fail_errno("cannot hand the responder's socket to the dataplane", {}, -error);
    }
    return {};
}

Result<std::vector<std::string>> Dataplane::detach() {
    TRY_ASSIGN(auto freed, detach_all(loaded_->pins.links()));
    TRY(loaded_->pins.remove_all());
    return freed;
}

Result<std::vector<std::string>> detach_pinned(const std::filesystem::path& bpffs) {
    quiet_libbpf();
    TRY_ASSIGN(const Pins pins, Pins::open(bpffs));
    TRY_ASSIGN(auto freed, detach_all(pins.links()));
    TRY(pins.remove_all());
    return freed;
}

}  // namespace portal::dataplane
