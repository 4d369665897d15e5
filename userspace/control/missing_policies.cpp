#include "control/missing_policies.h"

#include <map>

namespace portal::control {

namespace {

// Named in a warning; of the rest it says how many there are.
constexpr std::size_t kMostNamed = 10;

using Names = std::vector<std::string>;

// " 2 users (alice, bob)"
std::string listed(const Names& names, const std::string& thing) {
    if (names.empty()) return {};
    std::string text = " " + std::to_string(names.size()) + " " + thing;
    if (names.size() > 1) text += "s";
    text += " (";
    for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > kMostNamed)
        text += " and " + std::to_string(names.size() - kMostNamed) + " more";
    return text + ")";
}

struct Owners {
    Names clients;
    Names users;
    Names vouchers;

    std::string to_string() const {
        std::string text;
        for (const std::string& part :
             {listed(clients, "session"), listed(users, "user"), listed(vouchers, "voucher")})
            if (!part.empty()) text += (text.empty() ? "" : ",") + part;
        return text;
    }
};

}  // namespace

Result<std::vector<std::string>> missing_policies(const SessionManager& sessions,
                                                  store::UserStore& users,
                                                  store::VoucherStore& vouchers,
                                                  const Clock& clock) {
    std::map<std::string, Owners> missing;
    TRY_ASSIGN(const auto without, sessions.without_policy());
    for (const auto& [policy, clients] : without)
        for (const ClientId& client : clients)
            missing[policy].clients.push_back(client.to_string());
    TRY_ASSIGN(const std::vector<store::User> all_users, users.list());
    for (const store::User& user : all_users)
        if (user.policy && !sessions.has_policy(*user.policy))
            missing[*user.policy].users.push_back(user.name);
    TRY_ASSIGN(const std::vector<Voucher> all_vouchers, vouchers.list());
    for (const Voucher& voucher : all_vouchers) {
        const VoucherState state = state_of(voucher, clock.wall());
        if (state == VoucherState::expired || state == VoucherState::revoked) continue;
        if (voucher.policy && !sessions.has_policy(*voucher.policy))
            missing[*voucher.policy].vouchers.push_back(voucher.code.to_string());
    }
    std::vector<std::string> warnings;
    for (const auto& [policy, owners] : missing)
        warnings.push_back("policy \"" + policy + "\" is not in the configuration; \"" +
                           std::string(kDefaultPolicy) +
                           "\" stands in for it:" + owners.to_string());
    return warnings;
}

}  // namespace portal::control
