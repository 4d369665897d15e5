// Stand-ins for what the control side works with, each able to fail when told to.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "control/event_bus.h"
#include "control/gate.h"
#include "control/host.h"
#include "dataplane/client_table.h"
#include "store/audit_store.h"
#include "store/garden_store.h"
#include "store/session_store.h"
#include "store/user_store.h"
#include "store/voucher_store.h"

namespace portal::control::test {

inline ClientId client(std::uint8_t number, std::uint16_t vlan = 0) {
    return {Mac{{0x02, 0, 0, 0, 0, number}}, vlan};
}
inline IpAddress ip(std::string_view text) {
    return parse_ip_address(text).value();
}
inline Prefix prefix(std::string_view text) {
    return parse_prefix(text).value();
}

class FakeClock final : public Clock {
  public:
    // The venue's clock shows UTC.
    FakeClock() { setenv("TZ", "UTC0", 1); }

    WallTime wall() const override { return wall_time; }
    MonotonicTime monotonic() const override { return monotonic_time; }
    // Time passes on both clocks.
    void advance(Seconds time) {
        wall_time += time;
        monotonic_time += time;
    }

    WallTime wall_time{std::chrono::sys_days(std::chrono::year(2026) / 1 / 31)};
    MonotonicTime monotonic_time = std::chrono::hours(1);
};

class FakeSessionStore final : public store::SessionStore {
  public:
    Result<std::vector<Session>> load_all() override {
        std::vector<Session> all;
        for (const auto& [id, session] : sessions)
            all.push_back(session);
        return all;
    }
    Result<std::uint64_t> put(const Session& session, const AuditRecord* record) override {
        if (failing) return fail(ErrorCode::system, "the disk is full");
        if (record) records.push_back(*record);
        Session stored = session;
        if (stored.id == 0) stored.id = ++last_id;
        sessions[session.client] = stored;
        return stored.id;
    }
    Result<bool> erase(const ClientId& client, const AuditRecord* record) override {
        if (failing) return fail(ErrorCode::system, "the disk is full");
        if (record) records.push_back(*record);
        return sessions.erase(client) != 0;
    }
    Status checkpoint(std::span<const store::Checkpoint> checkpoints) override {
        if (failing) return fail(ErrorCode::system, "the disk is full");
        written = checkpoints.size();
        for (const auto& point : checkpoints)
            for (auto& [id, session] : sessions)
                if (session.id == point.session) {
                    session.usage = point.usage;
                    if (point.last_seen) session.last_seen = point.last_seen;
                }
        return {};
    }

    std::map<ClientId, Session> sessions;
    std::vector<AuditRecord> records;  // stored beside sessions
    std::uint64_t last_id = 0;
    std::size_t written = 0;  // by the last checkpoint
    bool failing = false;
};

class FakeTable final : public dataplane::ClientTable {
  public:
    Status put(const dataplane::ClientEntry& entry, const Usage& carried) override {
        if (failing) return fail(ErrorCode::full, "the map is full");
        const auto known = entries.find(entry.client);
        if (known == entries.end() || known->second.session != entry.session)
            used[entry.client] = carried;
        entries[entry.client] = entry;
        return {};
    }
    Status erase(const ClientId& client) override {
        if (failing) return fail(ErrorCode::system, "the map refuses");
        entries.erase(client);
        return {};
    }
    std::optional<dataplane::ClientEntry> find(const ClientId& client) const override {
        const auto found = entries.find(client);
        if (found == entries.end()) return std::nullopt;
        return found->second;
    }
    Usage usage(const ClientId& client) const override {
        const auto found = used.find(client);
        return found == used.end() || !entries.contains(client) ? Usage{} : found->second;
    }
    Result<std::vector<dataplane::ClientEntry>> list() const override {
        std::vector<dataplane::ClientEntry> all;
        for (const auto& [id, entry] : entries)
            all.push_back(entry);
        return all;
    }
    std::vector<ClientId> spent() const override {
        std::vector<ClientId> clients;
        for (const auto& [id, entry] : entries)
            if (entry.spent) clients.push_back(id);
        return clients;
    }
    std::size_t capacity() const override { return room; }

    std::map<ClientId, dataplane::ClientEntry> entries;
    std::map<ClientId, Usage> used;
    std::size_t room = 100;
    bool failing = false;
};

class FakeGate final : public Gate {
  public:
    Result<std::vector<dataplane::Neighbor>> neighbors() const override { return seen; }
    Result<std::vector<dataplane::Verdict>> verdicts() const override {
        return std::vector<dataplane::Verdict>{{"https", "TCP port 443", false, 7, 420}};
    }
    std::optional<dataplane::FlowOrigin> origin(const Flow& flow) const override {
        for (const auto& [known, from] : flows)
            if (known == flow) return from;
        return std::nullopt;
    }
    Status set_addresses(std::span<const dataplane::AddressRoles> roles) override {
        if (failing) return fail(ErrorCode::system, "the map refuses");
        addresses.assign(roles.begin(), roles.end());
        return {};
    }
    Status set_networks(std::span<const dataplane::LinkNetwork> now) override {
        if (failing) return fail(ErrorCode::system, "the map refuses");
        networks.assign(now.begin(), now.end());
        return {};
    }
    Status set_garden(std::span<const GardenEntry> entries) override {
        if (failing) return fail(ErrorCode::system, "the map refuses");
        garden.assign(entries.begin(), entries.end());
        return {};
    }
    Status watch_answers(bool watch) override {
        watching = watch;
        return {};
    }
    Result<std::vector<LearntOpening>> learnt() const override {
        std::vector<LearntOpening> all;
        for (const auto& [address, opening] : names)
            all.push_back(opening);
        return all;
    }
    Status set_learnt(const LearntOpening& opening) override {
        names[opening.address] = opening;
        return {};
    }
    Status erase_learnt(const IpAddress& address) override {
        names.erase(address);
        return {};
    }
    Status set_client_links(std::span<const dataplane::ClientLink> wanted) override {
        if (failing) return fail(ErrorCode::system, "the map refuses");
        links.clear();
        for (const auto& link : wanted)
            links.emplace(link.ifindex, link);
        return {};
    }
    Status check(const std::string& interface) const override {
        if (taken.contains(interface))
            return fail(ErrorCode::conflict, interface + " carries another program");
        return {};
    }
    Status attach(const std::string& interface) override {
        if (failing) return fail(ErrorCode::conflict, "another program is there");
        attached.insert(interface);
        ++attempts;
        return {};
    }
    bool is_attached(const std::string& interface) const override {
        return attached.contains(interface);
    }
    std::vector<dataplane::HookState> hooks(const std::string& interface) const override {
        dataplane::HookState state;
        state.interface = interface;
        state.program = "portal_ingress";
        state.attached = is_attached(interface);
        if (state.attached) state.mode = "native";
        if (!state.attached) state.detail = "the qdisc was replaced";
        return {state};
    }
    Result<std::vector<std::string>> detach() override {
        return std::vector<std::string>(attached.begin(), attached.end());
    }
    std::vector<dataplane::Feature> features(const std::vector<std::string>&) const override {
        return {{"tcx", true, {}}};
    }

    std::vector<dataplane::Neighbor> seen;
    std::vector<std::pair<Flow, dataplane::FlowOrigin>> flows;
    std::vector<dataplane::AddressRoles> addresses;
    std::vector<dataplane::LinkNetwork> networks;
    std::set<std::string> taken;  // interfaces with another's program
    std::vector<GardenEntry> garden;
    std::map<IpAddress, LearntOpening> names;
    bool watching = false;
    std::map<unsigned, dataplane::ClientLink> links;
    std::set<std::string> attached;
    int attempts = 0;
    bool failing = false;
};

class FakeHost final : public Host {
  public:
    Result<std::vector<dataplane::Link>> links() const override { return all_links; }
    Result<std::vector<dataplane::InterfaceAddress>> addresses() const override {
        return all_addresses;
    }
    Status add_policy_route(const dataplane::PolicyRoute&) override {
        missing_route.clear();
        ++routes_added;
        return {};
    }
    Status remove_policy_route(const dataplane::PolicyRoute&) override { return {}; }
    Result<std::string> missing_policy_route(const dataplane::PolicyRoute&) const override {
        return missing_route;
    }
    Result<std::string> sysctl(const std::string& interface,
                               const std::string& key) const override {
        const auto found = sysctls.find(interface + "." + key);
        return found == sysctls.end() ? "0" : found->second;
    }
    Status set_sysctl(const std::string& interface, const std::string& key,
                      const std::string& value) override {
        sysctls[interface + "." + key] = value;
        return {};
    }
    Result<std::string> ipv6_forwarding() const override { return "1"; }
    Result<bool> keep_vlan_tags(const std::string&) override { return keeps_tags; }

    std::vector<dataplane::Link> all_links;
    std::vector<dataplane::InterfaceAddress> all_addresses;
    std::map<std::string, std::string> sysctls;
    std::string missing_route = "rule";
    int routes_added = 0;
    bool keeps_tags = true;
};

class FakeGardenStore final : public store::GardenStore {
  public:
    Result<std::vector<GardenRule>> list() override {
        return std::vector(rules.begin(), rules.end());
    }
    Status add(const GardenRule& rule) override {
        if (failing) return fail(ErrorCode::system, "the disk is full");
        rules.insert(rule);
        return {};
    }
    Status erase(const GardenRule& rule) override {
        if (failing) return fail(ErrorCode::system, "the disk is full");
        rules.erase(rule);
        return {};
    }

    std::set<GardenRule> rules;
    bool failing = false;
};

class FakeUserStore final : public store::UserStore {
  public:
    Status add(const store::User& user) override {
        if (!users.emplace(user.name, user).second)
            return fail(ErrorCode::conflict, "there already");
        return {};
    }
    Result<store::User> set_password(std::string_view name, std::string_view hash) override {
        const auto user = users.find(name);
        if (user == users.end()) return fail(ErrorCode::not_found, "no such user");
        user->second.password_hash = hash;
        return user->second;
    }
    Result<store::User> erase(std::string_view name) override {
        const auto user = users.find(name);
        if (user == users.end()) return fail(ErrorCode::not_found, "no such user");
        const store::User erased = user->second;
        users.erase(user);
        return erased;
    }
    Result<std::optional<store::User>> find(std::string_view name) override {
        const auto user = users.find(name);
        if (user == users.end()) return std::nullopt;
        return user->second;
    }
    Result<std::vector<store::User>> list() override {
        std::vector<store::User> all;
        for (const auto& [name, user] : users)
            all.push_back(user);
        return all;
    }

    std::map<std::string, store::User, std::less<>> users;
};

class FakeVoucherStore final : public store::VoucherStore {
  public:
    Status add(std::span<const Voucher> vouchers) override {
        if (failing) return fail(ErrorCode::system, "the disk is full");
        for (const Voucher& voucher : vouchers)
            all.emplace(voucher.code, voucher);
        return {};
    }
    Result<std::vector<Voucher>> list() override {
        std::vector<Voucher> list;
        for (const auto& [code, voucher] : all)
            list.push_back(voucher);
        return list;
    }
    Result<std::optional<Voucher>> find(const VoucherCode& code) override {
        const auto found = all.find(code);
        if (found == all.end()) return std::nullopt;
        return found->second;
    }
    Result<std::vector<Redemption>> redemptions(const VoucherCode& code) override {
        const auto found = redeemed.find(code);
        return found == redeemed.end() ? std::vector<Redemption>() : found->second;
    }
    // Admits every device of a voucher that there is.
    Result<std::optional<Redeemed>> redeem(const VoucherCode& code, const ClientId& client,
                                           WallTime now, Seconds default_timeout) override {
        const auto found = all.find(code);
        if (found == all.end() || found->second.revoked_at) return std::nullopt;
        const Seconds timeout = found->second.timeout.value_or(default_timeout);
        redeemed[code].push_back({client, now, now + timeout});
        return Redeemed{found->second, redeemed[code].back()};
    }
    Result<Voucher> revoke(const VoucherCode& code, WallTime now) override {
        const auto found = all.find(code);
        if (found == all.end()) return fail(ErrorCode::not_found, "no such voucher");
        found->second.revoked_at = now;
        return found->second;
    }
    Result<std::size_t> forget(WallTime before, std::size_t) override {
        forgotten_before = before;
        return 0;
    }

    std::map<VoucherCode, Voucher> all;
    std::map<VoucherCode, std::vector<Redemption>> redeemed;
    std::optional<WallTime> forgotten_before;
    bool failing = false;
};

class FakeAuditStore final : public store::AuditStore {
  public:
    Result<std::uint64_t> append(const AuditRecord& record) override {
        if (failing) return fail(ErrorCode::system, "the disk is full");
        records.push_back(record);
        records.back().id = records.size();
        return records.size();
    }
    Status count(std::span<const store::AuditRepeat> repeats) override {
        if (failing) return fail(ErrorCode::system, "the disk is full");
        counted.insert(counted.end(), repeats.begin(), repeats.end());
        return {};
    }
    Result<std::vector<AuditRecord>> list(const store::AuditFilter& filter) override {
        asked = filter;
        return std::vector(records.rbegin(), records.rend());
    }
    Result<std::size_t> purge(WallTime before, std::size_t) override {
        purged_before = before;
        return 0;
    }

    std::vector<AuditRecord> records;
    std::vector<store::AuditRepeat> counted;
    store::AuditFilter asked;
    std::optional<WallTime> purged_before;
    bool failing = false;
};

// Remembers what was published.
class Listener {
  public:
    explicit Listener(EventBus& bus) : subscription_(bus.subscribe(1000, [] {})) {}

    std::vector<Event> take() { return subscription_.take().events; }
    // The types alone, in order.
    std::vector<EventType> types() {
        std::vector<EventType> types;
        for (const Event& event : take())
            types.push_back(event.type);
        return types;
    }

  private:
    EventBus::Subscription subscription_;
};

}  // namespace portal::control::test
