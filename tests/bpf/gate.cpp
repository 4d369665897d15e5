#include "bpf/gate.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <string>
#include <system_error>

#include "bpf/private_network.h"
#include "bpf/world.h"
#include "portal.skel.h"

namespace portal::gate {

using packets::Bytes;

namespace {

[[noreturn]] void fail(const char* what, int error) {
    throw std::system_error(error < 0 ? -error : error, std::generic_category(), what);
}

template <typename Key, typename Value>
void store(const bpf_map* map, const Key& key, const Value& value) {
    if (bpf_map_update_elem(bpf_map__fd(map), &key, &value, BPF_ANY) != 0)
        fail(bpf_map__name(map), errno);
}

template <typename Value, typename Key>
std::optional<Value> load(const bpf_map* map, const Key& key) {
    Value value{};
    if (bpf_map_lookup_elem(bpf_map__fd(map), &key, &value) == 0) return value;
    if (errno != ENOENT) fail(bpf_map__name(map), errno);
    return std::nullopt;
}

bool is_of_answer(int reason) {
    return reason == REASON_TX_RESET || reason == REASON_TX_UNREACHABLE;
}

// The one reason that was counted in between, and the one of an answer. A frame has one verdict.
void find_reason(const Verdicts& before, const Verdicts& after, Outcome& outcome) {
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        const auto at = static_cast<std::size_t>(reason);
        if (before[at].packets == after[at].packets && before[at].bytes == after[at].bytes)
            continue;
        if (is_of_answer(reason)) {
            if (outcome.sent >= 0 || after[at].packets - before[at].packets != 1)
                throw std::runtime_error("an answer was counted twice");
            outcome.sent = reason;
            outcome.sent_bytes = after[at].bytes - before[at].bytes;
            continue;
        }
        if (outcome.reason >= 0) throw std::runtime_error("a frame was counted twice");
        outcome.reason = reason;
        outcome.packets = after[at].packets - before[at].packets;
        outcome.bytes = after[at].bytes - before[at].bytes;
    }
}

struct XdpRun {
    int action;
    std::optional<verdict_note> note;
    Bytes frame;
    Bytes answer;
};

// `Context` is the kind of the program: xdp_md or __sk_buff. All must outlive the run.
template <typename Context>
bpf_test_run_opts run_options(const Bytes& frame, Bytes& out, const Context& in, Context& after) {
    LIBBPF_OPTS(bpf_test_run_opts, options);
    options.data_in = frame.data();
    options.data_size_in = static_cast<__u32>(frame.size());
    options.data_out = out.data();
    options.data_size_out = static_cast<__u32>(out.size());
    options.ctx_in = &in;
    options.ctx_size_in = sizeof in;
    options.ctx_out = &after;
    options.ctx_size_out = sizeof after;
    return options;
}

XdpRun run_xdp(int program, const Bytes& frame) {
    Bytes out(frame.size() + 256);
    xdp_md in{}, after{};
    in.data_end = static_cast<__u32>(frame.size());
    in.ingress_ifindex = kLoopback;
    auto options = run_options(frame, out, in, after);
    if (const int error = bpf_prog_test_run_opts(program, &options)) fail("XDP test run", error);

    XdpRun run{static_cast<int>(options.retval), std::nullopt, {}, {}};
    if (run.action == XDP_TX) run.answer.assign(out.begin(), out.begin() + options.data_size_out);
    if (after.data >= sizeof(verdict_note)) {
        run.note.emplace();
        std::memcpy(&*run.note, out.data(), sizeof *run.note);
    }
    run.frame.assign(out.begin() + after.data, out.begin() + options.data_size_out);
    return run;
}

// libbpf reads it until the programs are loaded.
const std::string& object_file(const char* path) {
    static const std::string bytes = [path] {
        std::ifstream file(path, std::ios::binary);
        std::string content{std::istreambuf_iterator<char>(file), {}};
        if (content.empty()) throw std::runtime_error(std::string("cannot read ") + path);
        return content;
    }();
    return bytes;
}

// portal_bpf__open(), with the bytes of another object.
portal_bpf* open_programs() {
    const char* other = std::getenv("PORTAL_BPF_OBJECT");
    if (other == nullptr) return portal_bpf__open();
    const std::string& bytes = object_file(other);
    auto* skeleton = static_cast<portal_bpf*>(std::calloc(1, sizeof(portal_bpf)));
    if (skeleton == nullptr || portal_bpf__create_skeleton(skeleton) != 0) return nullptr;
    skeleton->skeleton->data = const_cast<char*>(bytes.data());
    skeleton->skeleton->data_sz = bytes.size();
    if (bpf_object__open_skeleton(skeleton->skeleton, nullptr) == 0) return skeleton;
    portal_bpf__destroy(skeleton);
    return nullptr;
}

}  // namespace

bool runs_in_tc(const Bytes& frame) {
    constexpr std::size_t kLongest = 3000, kLinkAndIpv4 = 34, kLinkAndIpv6 = 54;
    const int type = frame.at(12) << 8 | frame.at(13);
    const std::size_t least = type == 0x0800 ? kLinkAndIpv4 : type == 0x86dd ? kLinkAndIpv6 : 0;
    return frame.size() >= least && frame.size() <= kLongest;
}

client_key key_of(const Mac& mac, std::uint16_t vlan) {
    client_key key{};
    std::ranges::copy(mac.bytes, key.mac);
    key.vlan = vlan;
    return key;
}

ip_address abi(const IpAddress& address) {
    ip_address out;
    std::memcpy(&out, address.bytes.data(), sizeof out);
    return out;
}

std::uint64_t now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(time.tv_nsec);
}

void Gate::Destroy::operator()(portal_bpf* skeleton) const {
    portal_bpf__destroy(skeleton);
}

Gate::Gate(const GateOptions& options) {
    enter_private_network();
    skeleton_.reset(open_programs());
    if (!skeleton_) fail("opening the BPF object", errno);
    auto& config = skeleton_->rodata->config;
    config.mark = kMark;
    config.mark_mask = kMarkMask;
    config.http_port = htons(kHttpPort);
    config.https_port = htons(kHttpsPort);
    config.reset = options.reset ? 1 : 0;
    config.client_to_client = options.client_to_client ? 1 : 0;
    for (bpf_map* map : {skeleton_->maps.clients, skeleton_->maps.traffic, skeleton_->maps.meters,
                         skeleton_->maps.binding_counts})
        bpf_map__set_max_entries(map, options.max_clients);
    if (options.counting == Counting::shared) {
        bpf_map__set_type(skeleton_->maps.verdicts, BPF_MAP_TYPE_ARRAY);
        bpf_map__set_map_flags(skeleton_->maps.verdicts, BPF_F_MMAPABLE);
    }
    if (const int error = portal_bpf__load(skeleton_.get()))
        fail("loading the BPF object (are you root?)", error);
    if (options.counting == Counting::shared) share_counters();
    fill_world();
}

Gate::~Gate() {
    if (shared_ != nullptr)
        ::munmap(const_cast<verdict_count*>(shared_), REASON_COUNT * sizeof(verdict_count));
}

void Gate::share_counters() {
    void* counters = ::mmap(nullptr, REASON_COUNT * sizeof(verdict_count), PROT_READ, MAP_SHARED,
                            bpf_map__fd(skeleton_->maps.verdicts), 0);
    if (counters == MAP_FAILED) fail("mapping the counters", errno);
    shared_ = static_cast<const verdict_count*>(counters);
}

void Gate::fill_world() {
    for (const auto& [address, roles] : world_addresses())
        store(skeleton_->maps.addresses, abi(address), roles);
    for (const std::uint16_t vlan : kWorldVlans) {
        const auto store_network = [&](const Prefix& prefix, const network& value) {
            store(skeleton_->maps.networks,
                  network_key{.prefixlen = NETWORK_LINK_BITS + prefix.length,
                              .ifindex = kLoopback,
                              .vlan = vlan,
                              ._pad = 0,
                              .address = abi(prefix.address)},
                  value);
        };
        for (const Prefix& prefix : world_networks()) {
            const bool v4 = prefix.address.is_v4();
            store_network(prefix,
                          {.standing = NETWORK_ON_LINK,
                           .broadcast = v4 ? abi(kBroadcast4).word[3] : 0,
                           .gateway = abi(v4 ? packets::kGateway4 : packets::kGateway6)});
        }
        for (const Family& family : kFamilies)
            store_network({family.unspecified, family.client.is_v4() ? 96U : 0U},
                          {.standing = NETWORK_ELSEWHERE, .broadcast = 0, .gateway = {}});
    }
    for (const auto& [prefix, ports] : world_garden())
        store(skeleton_->maps.garden,
              prefix_key{.prefixlen = prefix.length, .address = abi(prefix.address)}, ports);
    add_interface(kLoopback, kLoopback);
}

void Gate::add_interface(unsigned ifindex, unsigned home) {
    interface own {};
    std::ranges::copy(packets::kGatewayMac.bytes, own.mac);
    own.home = home;
    store(skeleton_->maps.interfaces, ifindex, own);
    auto side = load<client_side>(skeleton_->maps.client_side, std::uint32_t{0}).value();
    side.bits[ifindex % CLIENT_SIDE_BITS / 64] |= std::uint64_t{1} << ifindex % 64;
    store(skeleton_->maps.client_side, std::uint32_t{0}, side);
}

Outcome Gate::ingress(const Bytes& frame) {
    const Verdicts before = verdicts();
    XdpRun run = run_xdp(bpf_program__fd(skeleton_->progs.portal_ingress), frame);
    Outcome outcome{.action = run.action,
                    .note = run.note,
                    .frame = std::move(run.frame),
                    .answer = std::move(run.answer)};
    find_reason(before, verdicts(), outcome);
    return outcome;
}

Bytes Gate::ingress_answer(const Bytes& frame) {
    return run_xdp(bpf_program__fd(skeleton_->progs.portal_ingress), frame).answer;
}

int Gate::ingress_action(const Bytes& frame) {
    return run_xdp(bpf_program__fd(skeleton_->progs.portal_ingress), frame).action;
}

Outcome Gate::run_tc(int program, const Bytes& frame, const TcContext& context) {
    Bytes out(frame.size() + 256);
    __sk_buff in{}, after{};
    in.ingress_ifindex = context.ingress_ifindex;
    in.gso_segs = context.gso_segs;
    in.gso_size = context.gso_size;
    in.wire_len = context.wire_len;
    in.mark = context.mark;
    in.ifindex = context.ifindex;
    auto options = run_options(frame, out, in, after);

    const Verdicts before = verdicts();
    if (const int error = bpf_prog_test_run_opts(program, &options)) fail("TC test run", error);
    out.resize(options.data_size_out);
    Outcome outcome{.action = static_cast<int>(options.retval),
                    .mark = after.mark,
                    .note = {},
                    .frame = std::move(out),
                    .answer = {}};
    find_reason(before, verdicts(), outcome);
    return outcome;
}

Outcome Gate::steer(const Bytes& frame, const TcContext& context) {
    return run_tc(bpf_program__fd(skeleton_->progs.portal_steer), frame, context);
}

Outcome Gate::egress(const Bytes& frame, const TcContext& context) {
    return run_tc(bpf_program__fd(skeleton_->progs.portal_egress), frame, context);
}

bool Gate::put(const client_key& key, const client& value) {
    if (bpf_map_update_elem(bpf_map__fd(skeleton_->maps.clients), &key, &value, BPF_ANY) == 0)
        return true;
    if (errno == E2BIG || errno == ENOSPC) return false;
    fail("clients", errno);
}

void Gate::remove(const client_key& key) {
    bpf_map_delete_elem(bpf_map__fd(skeleton_->maps.clients), &key);
}

std::optional<client> Gate::find(const client_key& key) const {
    return load<client>(skeleton_->maps.clients, key);
}

std::optional<neighbor> Gate::find_neighbor(const client_key& key, const IpAddress& address) const {
    return load<neighbor>(skeleton_->maps.neighbors,
                          neighbor_key{.client = key, .address = abi(address)});
}

void Gate::set_origin(const flow& flow, const client_key& key) {
    store(skeleton_->maps.flow_origins, flow, flow_origin{.client = key, .ifindex = 1, ._pad = 0});
}

std::optional<flow_origin> Gate::find_origin(const flow& flow) const {
    return load<flow_origin>(skeleton_->maps.flow_origins, flow);
}

void Gate::forget_origin(const flow& flow) {
    bpf_map_delete_elem(bpf_map__fd(skeleton_->maps.flow_origins), &flow);
}

void Gate::set_budget(budget which, const budget_limit& limit) {
    store(skeleton_->maps.budgets, static_cast<__u32>(which), limit);
}

void Gate::put_stranger(const client_key& key, const stranger& value) {
    store(skeleton_->maps.strangers, key, value);
}

std::optional<stranger> Gate::find_stranger(const client_key& key) const {
    return load<stranger>(skeleton_->maps.strangers, key);
}

void Gate::set_listener(listener which, int socket) {
    store(skeleton_->maps.listeners, static_cast<__u32>(which), static_cast<__u64>(socket));
}

void Gate::refill_answers() {
    static const std::vector<std::uint64_t> full(PORTAL_REJECT_SHARES + 1);
    static const std::vector<std::uint32_t> all = [] {
        std::vector<std::uint32_t> keys(full.size());
        std::iota(keys.begin(), keys.end(), 0U);
        return keys;
    }();
    auto count = static_cast<__u32>(all.size());
    if (const int error = bpf_map_update_batch(bpf_map__fd(skeleton_->maps.rejects), all.data(),
                                               full.data(), &count, nullptr))
        fail("rejects", error);
}

void Gate::offer_https() {
    for (const auto& [address, roles] : world_addresses())
        if ((roles & ADDRESS_PORTAL) != 0)
            store(skeleton_->maps.addresses, abi(address), roles | ADDRESS_HTTPS);
}

void Gate::set_merges() {
    interface own{.mac = {}, .merges = 1, ._pad = 0};
    std::ranges::copy(packets::kGatewayMac.bytes, own.mac);
    store(skeleton_->maps.interfaces, kLoopback, own);
    auto side = load<client_side>(skeleton_->maps.client_side, std::uint32_t{0}).value();
    side.merges[0] |= std::uint64_t{1} << kLoopback;
    store(skeleton_->maps.client_side, std::uint32_t{0}, side);
}

Verdicts Gate::verdicts() const {
    if (shared_ != nullptr) {
        Verdicts copy;
        std::copy_n(shared_, copy.size(), copy.begin());
        return copy;
    }
    return read_verdicts(bpf_map__fd(skeleton_->maps.verdicts));
}

void Gate::set_meter(std::uint32_t slot, const meter& value) {
    store(skeleton_->maps.meters, slot, value);
}

meter Gate::find_meter(std::uint32_t slot) const {
    return load<meter>(skeleton_->maps.meters, slot).value();
}

traffic Gate::used(std::uint32_t slot) const {
    return read_traffic(bpf_map__fd(skeleton_->maps.traffic), slot);
}

}  // namespace portal::gate
