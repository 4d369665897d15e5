#include "control/api/audit_routes.h"

#include <boost/json/array.hpp>
#include <charconv>
#include <string>

#include "base/text.h"
#include "control/api/json_text.h"
#include "domain/session.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

constexpr std::uint64_t kMostRecords = 10'000;

json::value shown(const AuditRecord& record) {
    std::optional<std::string> ip;
    if (record.ip) ip = record.ip->to_string();
    return {{"id", record.id},
            {"time", to_json(record.time)},
            {"mac", to_json(record.client.mac.to_string())},
            {"vlan", record.client.vlan},
            {"interface", or_null(record.interface)},
            {"ip", or_null(ip)},
            {"method", to_json(record.method)},
            {"user", or_null(record.user)},
            {"outcome", to_json(to_string(record.outcome))},
            {"attempts", record.attempts},
            {"count", record.count},
            {"detail", or_null(record.detail)}};
}

Result<std::uint64_t> parse_number(std::string_view name, std::string_view text,
                                   std::uint64_t most) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number == 0 || number > most)
        return fail(ErrorCode::invalid,
                    "query parameter \"" + std::string(name) + "\" is \"" + printable(text) + "\"",
                    "give a whole number from 1 to " + std::to_string(most));
    return number;
}

Result<store::AuditFilter> read_filter(const Call& call, WallTime now) {
    store::AuditFilter filter;
    const auto parameter = [&](std::string_view name) -> const std::string* {
        const auto found = call.query.find(name);
        return found == call.query.end() ? nullptr : &found->second;
    };
    if (const std::string* client = parameter("client")) {
        TRY_ASSIGN(filter.client, parse_client_id(*client));
    }
    if (const std::string* user = parameter("user")) filter.user = *user;
    if (const std::string* since = parameter("since")) {
        TRY_ASSIGN(const Seconds span, parse_duration(*since));
        filter.since = now - span;
    }
    if (const std::string* before = parameter("before")) {
        TRY_ASSIGN(filter.before,
                   parse_number("before", *before, std::numeric_limits<std::int64_t>::max()));
    }
    if (const std::string* limit = parameter("limit")) {
        TRY_ASSIGN(filter.limit, parse_number("limit", *limit, kMostRecords));
    }
    return filter;
}

}  // namespace

Endpoints audit_routes(AuditTrail& audit, const Clock& clock) {
    const auto list = [&audit, &clock](const Call& call) -> Answer {
        TRY_ASSIGN(const store::AuditFilter filter, read_filter(call, clock.wall()));
        TRY_ASSIGN(const std::vector<AuditRecord> records, audit.list(filter));
        json::array array;
        for (const AuditRecord& record : records)
            array.push_back(shown(record));
        return array;
    };
    return {{.method = "GET",
             .path = "/v1/audit",
             .call = Immediate(list),
             .query = {"client", "user", "since", "limit", "before"}}};
}

}  // namespace portal::control::api
