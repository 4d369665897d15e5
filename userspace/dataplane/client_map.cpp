#include "dataplane/client_map.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <string>

#include "dataplane/abi.h"
#include "dataplane/map_walk.h"

namespace portal::dataplane {

namespace {

std::uint64_t nanoseconds(MonotonicTime time) {
    return static_cast<std::uint64_t>(time.count());
}

MonotonicTime from_nanoseconds(std::uint64_t time) {
    return MonotonicTime(static_cast<std::int64_t>(time));
}

bool is_metered(const ::client& value) {
    return (value.flags & CLIENT_METERED) != 0;
}

std::uint64_t total(const Usage& usage) {
    return usage.rx_bytes + usage.tx_bytes;
}

}  // namespace

ClientMap::ClientMap(int clients_fd, int traffic_fd, Meters meters, std::uint32_t capacity)
    : clients_fd_(clients_fd),
      traffic_fd_(traffic_fd),
      capacity_(capacity),
      cpus_(libbpf_num_possible_cpus()),
      slots_(capacity),
      meters_(std::move(meters)) {}

Result<std::unique_ptr<ClientMap>> ClientMap::open(int clients_fd, int traffic_fd, int meters_fd,
                                                   std::uint32_t capacity) {
    TRY_ASSIGN(Meters meters, Meters::open(meters_fd, capacity));
    std::unique_ptr<ClientMap> map(
        new ClientMap(clients_fd, traffic_fd, std::move(meters), capacity));
    TRY_ASSIGN(const auto entries, (walk_map<client_key, ::client>(clients_fd, capacity)));
    for (const auto& [key, value] : entries) {
        map->slots_.hold(value.slot);
        if (map->to_entry(from_abi(key), value).limits.quota != 0)
            map->quotas_.insert_or_assign(value.slot, from_abi(key));
    }
    return map;
}

Status ClientMap::seed(std::uint32_t slot, const Usage& carried) const {
    std::vector<traffic> counters(static_cast<std::size_t>(cpus_));
    traffic& first = counters.front();
    first.rx_packets = carried.rx_packets;
    first.rx_bytes = carried.rx_bytes;
    first.tx_packets = carried.tx_packets;
    first.tx_bytes = carried.tx_bytes;
    if (const int error = bpf_map_update_elem(traffic_fd_, &slot, counters.data(), BPF_ANY))
        return fail_errno("cannot reset the counters of a client", {}, -error);
    return {};
}

Status ClientMap::put(const ClientEntry& entry, const Usage& carried) {
    const std::optional<::client> before = lookup(entry.client);
    const MonotonicTime now = clock_.monotonic();
    const bool counts_on = before && before->session == entry.session;

    ::client value{};
    if (counts_on) {
        value.slot = before->slot;
    } else {
        const auto slot = slots_.take(now);
        // A client that replaces its own entry needs no room, only another slot.
        if (!slot && !before)
            return fail(ErrorCode::full,
                        "the client table is full: " + std::to_string(capacity_) + " clients",
                        "raise limits.max_clients, or sign clients out");
        value.slot = slot ? *slot : before->slot;
        if (const Status seeded = seed(value.slot, carried); !seeded) {
            if (slot) slots_.give_back(*slot, now);
            return seeded;
        }
    }
    value.expires_at = entry.expires_at ? nanoseconds(*entry.expires_at) : 0;
    value.last_seen = nanoseconds(entry.last_seen);
    value.session = entry.session;
    value.idle_timeout = static_cast<std::uint32_t>(entry.idle_timeout.count());
    value.ifindex = entry.ifindex;
    value.state = static_cast<__u8>(to_abi(entry.state));
    if (entry.bound) value.flags |= CLIENT_BOUND;

    // The meter first: no packet passes without it.
    const Limits limits_before = meters_.limits(value.slot);
    if (entry.limits != Limits{}) {
        value.flags |= CLIENT_METERED;
        if (counts_on && is_metered(*before))
            meters_.change(value.slot, entry.limits, now);
        else
            meters_.begin(value.slot, entry.limits, total(counted(value.slot)), now);
    }

    const client_key key = to_abi(entry.client);
    if (const int error = bpf_map_update_elem(clients_fd_, &key, &value, BPF_ANY)) {
        if (!before || value.slot != before->slot) slots_.give_back(value.slot, now);
        if (counts_on) meters_.change(value.slot, limits_before, now);
        if (error == -E2BIG)
            return fail(ErrorCode::full,
                        "the client table is full: " + std::to_string(capacity_) + " clients",
                        "raise limits.max_clients, or sign clients out");
        return fail_errno("cannot write " + entry.client.to_string() + " to the client table", {},
                          -error);
    }
    if (before && before->slot != value.slot) {
        slots_.give_back(before->slot, now);
        quotas_.erase(before->slot);
    }
    if (entry.limits.quota != 0)
        quotas_.insert_or_assign(value.slot, entry.client);
    else
        quotas_.erase(value.slot);
    return {};
}

Status ClientMap::erase(const ClientId& client) {
    const std::optional<::client> before = lookup(client);
    if (!before) return {};
    const client_key key = to_abi(client);
    if (const int error = bpf_map_delete_elem(clients_fd_, &key); error != 0 && error != -ENOENT)
        return fail_errno("cannot take " + client.to_string() + " out of the client table", {},
                          -error);
    slots_.give_back(before->slot, clock_.monotonic());
    quotas_.erase(before->slot);
    return {};
}

std::optional<::client> ClientMap::lookup(const ClientId& client) const {
    const client_key key = to_abi(client);
    ::client value{};
    if (bpf_map_lookup_elem(clients_fd_, &key, &value) != 0) return std::nullopt;
    return value;
}

std::optional<ClientEntry> ClientMap::find(const ClientId& client) const {
    const auto value = lookup(client);
    if (!value) return std::nullopt;
    return to_entry(client, *value);
}

ClientEntry ClientMap::to_entry(const ClientId& client, const ::client& value) const {
    ClientEntry entry;
    entry.client = client;
    entry.state = from_abi(static_cast<client_state>(value.state));
    entry.session = value.session;
    if (value.expires_at != 0) entry.expires_at = from_nanoseconds(value.expires_at);
    entry.idle_timeout = Seconds(value.idle_timeout);
    entry.last_seen = from_nanoseconds(value.last_seen);
    entry.ifindex = value.ifindex;
    entry.bound = (value.flags & CLIENT_BOUND) != 0;
    if (is_metered(value)) {
        entry.limits = meters_.limits(value.slot);
        entry.spent = meters_.is_spent(value.slot);
    }
    return entry;
}

Usage ClientMap::usage(const ClientId& client) const {
    const auto value = lookup(client);
    return value ? counted(value->slot) : Usage{};
}

Usage ClientMap::counted(std::uint32_t slot) const {
    std::vector<traffic> counters(static_cast<std::size_t>(cpus_));
    if (bpf_map_lookup_elem(traffic_fd_, &slot, counters.data()) != 0) return {};
    Usage sum;
    for (const traffic& cpu : counters) {
        sum.rx_packets += cpu.rx_packets;
        sum.rx_bytes += cpu.rx_bytes;
        sum.tx_packets += cpu.tx_packets;
        sum.tx_bytes += cpu.tx_bytes;
    }
    return sum;
}

Result<std::vector<ClientEntry>> ClientMap::list() const {
    TRY_ASSIGN(const auto raw, (walk_map<client_key, ::client>(clients_fd_, capacity_)));
    std::vector<ClientEntry> entries;
    entries.reserve(raw.size());
    for (const auto& [key, value] : raw)
        entries.push_back(to_entry(from_abi(key), value));
    return entries;
}

std::vector<ClientId> ClientMap::spent() const {
    std::vector<ClientId> clients;
    for (const auto& [slot, client] : quotas_)
        if (meters_.is_spent(slot)) clients.push_back(client);
    return clients;
}

}  // namespace portal::dataplane
