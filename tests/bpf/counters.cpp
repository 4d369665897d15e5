#include "bpf/counters.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace portal::gate {

namespace {

std::size_t cpus() {
    return static_cast<std::size_t>(libbpf_num_possible_cpus());
}

template <typename T>
std::vector<T> read_per_cpu(int map, std::uint32_t key) {
    std::vector<T> values(cpus());
    if (bpf_map_lookup_elem(map, &key, values.data()) != 0)
        throw std::system_error(errno, std::generic_category(), "reading a counter");
    return values;
}

}  // namespace

Verdicts read_verdicts(int map) {
    Verdicts verdicts{};
    for (std::uint32_t reason = 0; reason < REASON_COUNT; reason++) {
        for (const auto& on_cpu : read_per_cpu<verdict_count>(map, reason)) {
            verdicts[reason].packets += on_cpu.packets;
            verdicts[reason].bytes += on_cpu.bytes;
        }
    }
    return verdicts;
}

traffic read_traffic(int map, std::uint32_t slot) {
    traffic sum{};
    for (const auto& on_cpu : read_per_cpu<traffic>(map, slot)) {
        sum.rx_packets += on_cpu.rx_packets;
        sum.rx_bytes += on_cpu.rx_bytes;
        sum.tx_packets += on_cpu.tx_packets;
        sum.tx_bytes += on_cpu.tx_bytes;
    }
    return sum;
}

const char* name_of(int reason) {
    switch (reason) {
#define X(id, action, name, description) \
    case REASON_##id:                    \
        return name;
        PORTAL_REASONS(X)
#undef X
        default:
            return "none";
    }
}

bool is_pass(int reason) {
    constexpr bool PASS = true, DROP = false;
    switch (reason) {
#define X(id, action, name, description) \
    case REASON_##id:                    \
        return action;
        PORTAL_REASONS(X)
#undef X
        default:
            return false;
    }
}

}  // namespace portal::gate
