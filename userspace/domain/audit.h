// Who tried to sign in, when, how, and with what outcome; and what operators did to clients.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/time.h"
#include "domain/client.h"

namespace portal {

enum class AuditOutcome {
    accepted,
    refused,    // wrong credentials, or not allowed
    throttled,  // not looked at: too many failures before
    failed,     // ours
};

std::string_view to_string(AuditOutcome outcome);
std::optional<AuditOutcome> parse_audit_outcome(std::string_view text);

struct AuditRecord {
    std::uint64_t id = 0;  // given by the store; a later record's is higher
    WallTime time{};
    ClientId client;
    std::optional<std::string> interface = {};
    std::optional<IpAddress> ip = {};
    std::string method;                    // as Session::method
    std::optional<std::string> user = {};  // as typed, where it was refused
    AuditOutcome outcome = AuditOutcome::accepted;
    std::uint32_t attempts = 0;  // failures of this client within the hour, with this one
    std::uint32_t count = 1;     // how many like this one the record stands for
    std::optional<std::string> detail = {};

    bool operator==(const AuditRecord&) const = default;
};

}  // namespace portal
