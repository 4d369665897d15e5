#include "control/api/voucher_routes.h"

#include <boost/json/array.hpp>
#include <string>

#include "control/api/json_text.h"
#include "domain/session.h"
#include "ipc/members.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestText = 256;  // told apart further by what the text must be

json::object shown(const Voucher& voucher, WallTime now) {
    std::optional<std::int64_t> timeout;
    if (voucher.timeout) timeout = voucher.timeout->count();
    return {{"code", to_json(voucher.code.to_string())},
            {"state", to_json(to_string(state_of(voucher, now)))},
            {"timeout_s", number_or_null(timeout)},
            {"policy", or_null(voucher.policy)},
            {"uses", voucher.uses},
            {"devices", voucher.devices},
            {"valid_until", or_null(voucher.valid_until)},
            {"note", text_or_null(voucher.note)},
            {"created_at", to_json(voucher.created_at)},
            {"revoked_at", or_null(voucher.revoked_at)}};
}

json::value shown(const Vouchers::Details& details, WallTime now) {
    json::object object = shown(details.voucher, now);
    json::array redemptions;
    for (const Redemption& redemption : details.redemptions)
        redemptions.push_back({{"mac", to_json(redemption.client.mac.to_string())},
                               {"vlan", redemption.client.vlan},
                               {"redeemed_at", to_json(redemption.redeemed_at)},
                               {"ends_at", to_json(redemption.ends_at)}});
    object["redemptions"] = std::move(redemptions);
    return object;
}

json::value shown(const std::vector<Voucher>& vouchers, WallTime now) {
    json::array array;
    for (const Voucher& voucher : vouchers)
        array.push_back(shown(voucher, now));
    return array;
}

Result<Vouchers::Order> read_order(const json::object& body) {
    ipc::Members members(body);
    Vouchers::Order order;
    const auto given = [&](std::string_view name) {
        return body.contains(json::string_view(name.data(), name.size()));
    };
    const auto text = [&](std::string_view name) -> std::optional<std::string> {
        if (!given(name)) return std::nullopt;
        return members.text(name, kLongestText);
    };
    order.count = static_cast<std::uint32_t>(members.number("count", Vouchers::kMostAtOnce));
    const auto timeout = text("timeout");
    order.policy = text("policy");
    if (given("uses"))
        order.uses = static_cast<std::uint32_t>(members.number("uses", kMostVoucherUses));
    const auto valid_for = text("valid_for");
    order.note = text("note").value_or("");
    TRY(members.finish());
    if (timeout) {
        TRY_ASSIGN(order.timeout, parse_session_timeout(*timeout));
    }
    if (valid_for) {
        TRY_ASSIGN(order.valid_for, parse_duration(*valid_for));
        if (*order.valid_for == Seconds::zero())
            return fail(ErrorCode::invalid, "vouchers that are valid for no time",
                        "give a time such as 30d, or leave it out for vouchers without an end");
    }
    return order;
}

}  // namespace

Endpoints voucher_routes(Vouchers& vouchers, const Clock& clock) {
    const auto list = [&vouchers, &clock](const Call&) -> Answer {
        TRY_ASSIGN(const std::vector<Voucher> all, vouchers.list());
        return shown(all, clock.wall());
    };
    const auto create = [&vouchers, &clock](const Call& call) -> Answer {
        TRY_ASSIGN(const Vouchers::Order order, read_order(call.body));
        TRY_ASSIGN(const std::vector<Voucher> made, vouchers.create(order));
        return shown(made, clock.wall());
    };
    const auto find = [&vouchers, &clock](const Call& call) -> Answer {
        TRY_ASSIGN(const VoucherCode code, parse_voucher_code(call.parameters.at(0)));
        TRY_ASSIGN(const Vouchers::Details details, vouchers.find(code));
        return shown(details, clock.wall());
    };
    const auto revoke = [&vouchers, &clock](const Call& call) -> Answer {
        TRY_ASSIGN(const VoucherCode code, parse_voucher_code(call.parameters.at(0)));
        TRY_ASSIGN(const Vouchers::Details details, vouchers.revoke(code));
        return shown(details, clock.wall());
    };
    return {
        {.method = "GET", .path = "/v1/vouchers", .call = Immediate(list)},
        {.method = "POST",
         .path = "/v1/vouchers",
         .call = Immediate(create),
         .body = Endpoint::Body::required},
        {.method = "GET", .path = "/v1/vouchers/{code}", .call = Immediate(find)},
        {.method = "POST", .path = "/v1/vouchers/{code}/revoke", .call = Immediate(revoke)},
    };
}

}  // namespace portal::control::api
