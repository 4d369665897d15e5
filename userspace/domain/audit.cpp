#include "domain/audit.h"

#include <array>
#include <utility>

namespace portal {

namespace {

constexpr std::array<std::pair<AuditOutcome, std::string_view>, 4> kOutcomes = {{
    {AuditOutcome::accepted, "accepted"},
    {AuditOutcome::refused, "refused"},
    {AuditOutcome::throttled, "throttled"},
    {AuditOutcome::failed, "failed"},
}};

}  // namespace

std::string_view to_string(AuditOutcome outcome) {
    for (const auto& [each, text] : kOutcomes)
        if (each == outcome) return text;
    std::unreachable();
}

std::optional<AuditOutcome> parse_audit_outcome(std::string_view text) {
    for (const auto& [outcome, each] : kOutcomes)
        if (each == text) return outcome;
    return std::nullopt;
}

}  // namespace portal
