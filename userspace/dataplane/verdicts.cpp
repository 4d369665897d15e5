#include "dataplane/verdicts.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "portal_abi.h"

namespace portal::dataplane {

namespace {

constexpr bool kPASS = true;
constexpr bool kDROP = false;

constexpr struct {
    std::string_view name;
    std::string_view description;
    bool passes;
} kReasons[] = {
#define X(id, action, name, description) {name, description, k##action},
    PORTAL_REASONS(X)
#undef X
};

}  // namespace

std::string_view reason_name(std::uint32_t reason) {
    return reason < REASON_COUNT ? kReasons[reason].name : std::string_view{};
}

Result<std::vector<Verdict>> read_verdicts(int map_fd) {
    std::vector<verdict_count> cpus(static_cast<std::size_t>(libbpf_num_possible_cpus()));
    std::vector<Verdict> verdicts;
    verdicts.reserve(REASON_COUNT);
    for (std::uint32_t reason = 0; reason < REASON_COUNT; ++reason) {
        if (const int error = bpf_map_lookup_elem(map_fd, &reason, cpus.data()))
            return fail_errno("cannot read the verdict counters", {}, -error);
        Verdict verdict{kReasons[reason].name, kReasons[reason].description,
                        kReasons[reason].passes, 0, 0};
        for (const verdict_count& cpu : cpus) {
            verdict.packets += cpu.packets;
            verdict.bytes += cpu.bytes;
        }
        verdicts.push_back(verdict);
    }
    return verdicts;
}

}  // namespace portal::dataplane
