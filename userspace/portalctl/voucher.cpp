// voucher: codes that sign devices in for a time.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "domain/voucher.h"
#include "portalctl/api_client.h"
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"
#include "portalctl/units.h"
#include "portalctl/voucher_sheet.h"

namespace portal::portalctl {

namespace {

constexpr auto kRight = Column::Align::right;

std::string duration_or_default(const json::object& voucher) {
    const std::string shown = seconds(voucher, "timeout_s");
    return shown == "-" ? "default" : shown;
}

// "2/3"; without a limit "2".
std::string devices(const json::object& voucher) {
    const std::string count = text(voucher, "devices");
    return number(voucher, "uses").value_or(0) == 0 ? count : count + "/" + text(voucher, "uses");
}

std::string redemptions(const json::object& voucher) {
    const json::value* value = voucher.if_contains("redemptions");
    const json::array* list = value ? value->if_array() : nullptr;
    std::string shown;
    for (const json::value& item : list ? *list : json::array()) {
        const json::object* redemption = item.if_object();
        if (!redemption) continue;
        shown += (shown.empty() ? "" : ", ") + client_id(*redemption) + " until " +
                 text(*redemption, "ends_at");
    }
    return shown.empty() ? "-" : shown;
}

constexpr Column kTable[] = {
    {"CODE", of<text, "code">},
    {"STATE", of<text, "state">},
    {"TIME", duration_or_default, kRight},
    {"POLICY", of<text, "policy">},
    {"DEVICES", devices, kRight},
    {"VALID", of<text, "valid_until">},
    {"NOTE", of<text, "note">},
};

constexpr Column kRecord[] = {
    {"code", of<text, "code">},
    {"state", of<text, "state">},
    {"timeout", duration_or_default},
    {"policy", of<text, "policy">},
    {"devices", devices},
    {"valid_until", of<time, "valid_until">},
    {"note", of<text, "note">},
    {"created_at", of<time, "created_at">},
    {"revoked_at", of<time, "revoked_at">},
    {"redemptions", redemptions},
};

std::string path_of(const std::string& code) {
    return "/v1/vouchers/" + ApiClient::segment(code);
}

Outcome<std::int64_t> parse_count(std::string_view option, const std::string& value) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
    if (error != std::errc() || end != value.data() + value.size() || count < 0)
        return stop(Exit::usage,
                    "\"" + printable(value) + "\" is not a number for " + std::string(option));
    return count;
}

Outcome<Exit> create(Context& context, const Invocation& invocation) {
    json::object body{{"count", 1}};
    for (const auto& [option, value] : invocation.options) {
        if (option == "--count" || option == "--uses") {
            TRY_ASSIGN(body[option.substr(2)], parse_count(option, value));
        } else {
            body[option == "--valid-for" ? "valid_for" : option.substr(2)] = value;
        }
    }
    TRY_ASSIGN(const json::array vouchers, context.api.post_for_array("/v1/vouchers", body));
    context.out.table(vouchers, kTable);
    return Exit::done;
}

Outcome<Exit> show(Context& context, const Invocation& invocation) {
    if (const std::string* code = invocation.argument(0)) {
        TRY_ASSIGN(const json::object voucher, context.api.get_object(path_of(*code)));
        context.out.record(voucher, kRecord);
    } else {
        TRY_ASSIGN(const json::array vouchers, context.api.get_array("/v1/vouchers"));
        context.out.table(vouchers, kTable);
    }
    return Exit::done;
}

Outcome<Exit> revoke(Context& context, const Invocation& invocation) {
    TRY_ASSIGN(const json::object voucher,
               context.api.post(path_of(invocation.arguments[0]) + "/revoke"));
    context.out.record(voucher, kRecord);
    return Exit::done;
}

// Strings as they are, for a page that escapes them itself.
std::optional<std::string> string_of(const json::object& object, std::string_view member) {
    const json::value* value = object.if_contains(json::string_view(member.data(), member.size()));
    const json::string* string = value ? value->if_string() : nullptr;
    if (!string) return std::nullopt;
    return std::string(string->data(), string->size());
}

bool is_redeemable(const json::object& voucher) {
    const std::string state = text(voucher, "state");
    return state == "unused" || state == "in_use";
}

// The vouchers a sheet is asked for: those named, or all that can be redeemed, of one note where
// one is given.
Outcome<std::vector<json::object>> select(const json::array& all, const Invocation& invocation) {
    std::vector<json::object> chosen;
    const auto with_code = [&](std::string_view code) {
        return std::ranges::find_if(all, [&](const json::value& value) {
            return value.is_object() && string_of(value.get_object(), "code") == code;
        });
    };
    for (const std::string& word : invocation.arguments) {
        TRY_ASSIGN(const VoucherCode code, parse_voucher_code(word));
        const auto found = with_code(code.to_string());
        if (found == all.end())
            return stop(Exit::failed, "there is no voucher " + code.to_string(),
                        "voucher show lists them");
        const json::object& voucher = found->get_object();
        if (!is_redeemable(voucher))
            return stop(Exit::failed,
                        "voucher " + code.to_string() + " is " + text(voucher, "state"),
                        "print those that can still be used");
        chosen.push_back(voucher);
    }
    if (!chosen.empty()) return chosen;
    const std::string* note = invocation.option("--note");
    for (const json::value& value : all) {
        const json::object* voucher = value.if_object();
        if (voucher && is_redeemable(*voucher) && (!note || string_of(*voucher, "note") == *note))
            chosen.push_back(*voucher);
    }
    if (chosen.empty()) return stop(Exit::failed, "there is no such voucher to print");
    return chosen;
}

// The sign-in page's address with the code as its parameter `voucher`.
std::string link_to(std::string page, const std::string& code) {
    const std::size_t fragment = page.find('#');
    const std::string rest = fragment == std::string::npos ? "" : page.substr(fragment);
    page.resize(std::min(fragment, page.size()));
    if (!page.contains('?'))
        page += '?';
    else if (!page.ends_with('?') && !page.ends_with('&'))
        page += '&';
    return page + "voucher=" + code + rest;
}

VoucherCard card_of(const json::object& voucher, const std::optional<std::string>& login_url) {
    VoucherCard card{.code = text(voucher, "code"),
                     .link = {},
                     .time = "for internet access",
                     .devices = {},
                     .valid_until = {}};
    if (const std::string span = seconds(voucher, "timeout_s"); span != "-")
        card.time = span + " of internet access";
    if (login_url) card.link = link_to(*login_url, card.code);
    if (const auto uses = number(voucher, "uses"); uses && *uses > 1)
        card.devices = "each on up to " + std::to_string(*uses) + " devices";
    if (const auto until = string_of(voucher, "valid_until"); until && until->size() >= 16)
        card.valid_until = until->substr(0, 10) + " " + until->substr(11, 5) + " UTC";
    return card;
}

Outcome<Exit> sheet(Context& context, const Invocation& invocation) {
    if (!invocation.arguments.empty() && invocation.option("--note"))
        return stop(Exit::usage, "name vouchers by their codes or by a note, not by both");
    TRY_ASSIGN(const json::object status, context.api.get_object("/v1/status"));
    TRY_ASSIGN(const json::array all, context.api.get_array("/v1/vouchers"));
    TRY_ASSIGN(const std::vector<json::object> chosen, select(all, invocation));
    static const json::object kEmpty;
    const json::value* front = status.if_contains("portal");
    const json::object& portal = front && front->is_object() ? front->get_object() : kEmpty;
    const auto login_url = string_of(portal, "login_url");
    std::vector<VoucherCard> cards;
    for (const json::object& voucher : chosen)
        cards.push_back(card_of(voucher, login_url));
    TRY_ASSIGN(const std::string html,
               voucher_sheet(string_of(portal, "name").value_or(""), cards));
    context.out.answer(json::object{{"html", html}}, html);
    return Exit::done;
}

constexpr Argument kOptionalCode[] = {{"CODE", false}};
constexpr Argument kOneCode[] = {{"CODE"}};
constexpr Argument kSomeCodes[] = {{"CODE", false, Completes::nothing, true}};
constexpr Option kOrder[] = {
    {"--count", "N", "how many; 1 by default, at most 10000"},
    {"--timeout", "DURATION", "a device's time, such as 8h; by default session.timeout"},
    {"--policy", "NAME", "a policy of the configuration; by default of the method's list"},
    {"--uses", "N", "devices for each; 1 by default, 0 without a limit"},
    {"--valid-for", "DURATION",
     "until when they can be redeemed, such as 30d; by default for ever"},
    {"--note", "TEXT", "for finding them again"},
};
constexpr Option kNote[] = {{"--note", "TEXT", "those with this note"}};

constexpr Command kCommands[] = {
    {"create", "Make vouchers.", create, {}, kOrder},
    {"show", "Show every voucher, or one with the devices that have redeemed it.", show,
     kOptionalCode},
    {"revoke", "Make a voucher void, and end the sessions begun with it.", revoke, kOneCode},
    {"sheet", "Print a page of vouchers to standard output, as HTML: all that can be redeemed.",
     sheet, kSomeCodes, kNote},
};

}  // namespace

const Object kVoucher{"voucher", "codes that sign devices in for a time", kCommands};

}  // namespace portal::portalctl
