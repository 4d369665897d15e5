#include "bpf/counters.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace portal::gate {

namespace {

std::size_t cpus() {
    static const int count = libbpf_num_possible_cpus();
    return static_cast<std::size_t>(count);
}

template <typename T>
std::vector<T> read_per_cpu(int map, std::uint32_t key) {
    std::vector<T> values(cpus());
    if (bpf_map_lookup_elem(map, &key, values.data()) != 0)
        throw std::system_error(errno, std::generic_category(), "reading a counter");
    return values;
}

}  // namespace

// In one system call: tests read them before and after each frame.
Verdicts read_verdicts(int map) {
    std::vector<verdict_count> values(REASON_COUNT * cpus());
    std::array<std::uint32_t, REASON_COUNT> reasons{};
    std::uint32_t next = 0, count = REASON_COUNT;
    const int error =
        bpf_map_lookup_batch(map, nullptr, &next, reasons.data(), values.data(), &count, nullptr);
    if ((error != 0 && errno != ENOENT) || count != REASON_COUNT)
        throw std::system_error(errno, std::generic_category(), "reading the counters");
    Verdicts verdicts{};
    for (std::size_t i = 0; i < values.size(); i++) {
        verdict_count& sum = verdicts[reasons[i / cpus()]];
        sum.packets += values[i].packets;
        sum.bytes += values[i].bytes;
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
