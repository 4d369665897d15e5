#include "control/garden.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "domain/address_scope.h"

namespace portal::control {

namespace {

bool has(const std::vector<GardenRule>& rules, const GardenRule& rule) {
    return std::ranges::find(rules, rule) != rules.end();
}

}  // namespace

Status Garden::start(std::vector<GardenRule> rules) {
    TRY_ASSIGN(added_, store_.list());
    TRY(configure(std::move(rules)));
    return restore();
}

Status Garden::configure(std::vector<GardenRule> rules) {
    TRY(apply(rules, added_));
    std::ranges::sort(rules);
    configured_ = std::move(rules);
    return {};
}

Status Garden::add(const GardenRule& rule) {
    if (has(configured_, rule) || has(added_, rule))
        return fail(ErrorCode::conflict, rule.to_string() + " is in the garden already");
    std::vector<GardenRule> next = added_;
    next.insert(std::ranges::upper_bound(next, rule), rule);
    TRY(store_.add(rule));
    if (const Status applied = apply(configured_, next); !applied) {
        if (const Status undone = store_.erase(rule); !undone) log_error(undone.error());
        return applied;
    }
    added_ = std::move(next);
    return {};
}

Status Garden::erase(const GardenRule& rule) {
    if (!has(added_, rule)) {
        if (has(configured_, rule))
            return fail(ErrorCode::conflict, rule.to_string() + " is from the configuration",
                        "take it out of strangers.allow and reload");
        return fail(ErrorCode::not_found, rule.to_string() + " is not in the garden",
                    "portalctl garden show lists what is");
    }
    std::vector<GardenRule> next = added_;
    std::erase(next, rule);
    TRY(store_.erase(rule));
    if (const Status applied = apply(configured_, next); !applied) {
        if (const Status undone = store_.add(rule); !undone) log_error(undone.error());
        return applied;
    }
    added_ = std::move(next);
    return {};
}

void Garden::learn(std::string_view name, Seconds ttl, std::span<const IpAddress> addresses) {
    std::vector<IpAddress> leading;
    std::ranges::copy_if(addresses, std::back_inserter(leading),
                         [this](const IpAddress& address) { return may_lead_to(address); });
    const MonotonicTime until =
        clock_.monotonic() + std::clamp(ttl, policy_.least_ttl, kLongestTtl);
    LearntAddresses::Changed changed;
    for (const GardenName& each : garden_names_of(name))
        if (names_.contains(each)) changed.merge(learnt_.learn(each, leading, until));
    write(changed);
}

void Garden::lapse() {
    write(learnt_.lapse(clock_.monotonic()));
}

void Garden::on_names(std::function<void(bool)> changed) {
    names_changed_ = std::move(changed);
    names_changed_(!names_.empty());
}

std::vector<Garden::Entry> Garden::list() const {
    std::vector<Entry> entries;
    for (const GardenRule& rule : configured_)
        entries.push_back(entry_of(rule, Source::config));
    for (const GardenRule& rule : added_)
        entries.push_back(entry_of(rule, Source::added));
    return entries;
}

Garden::Entry Garden::entry_of(const GardenRule& rule, Source source) const {
    Entry entry{rule, source};
    if (!rule.name()) return entry;
    for (const auto& [address, until] : learnt_.addresses_of(*rule.name()))
        entry.learnt.push_back(
            {address, clock_.wall() + std::chrono::duration_cast<WallTime::duration>(
                                          until - clock_.monotonic())});
    return entry;
}

Status Garden::apply(const std::vector<GardenRule>& configured,
                     const std::vector<GardenRule>& added) {
    std::vector<GardenRule> rules = configured;
    rules.insert(rules.end(), added.begin(), added.end());
    TRY_ASSIGN(CompiledGarden compiled, compile_garden(rules));
    TRY(gate_.watch_answers(!compiled.names.empty()));
    TRY(gate_.set_garden(compiled.entries));
    if (names_ == compiled.names) return {};
    names_ = std::move(compiled.names);
    // Those of a name that is no more are closed; those that stay may open other ports.
    std::set<GardenName> staying;
    LearntAddresses::Changed changed;
    for (const auto& [name, ports] : names_) {
        staying.insert(name);
        for (const auto& [address, until] : learnt_.addresses_of(name))
            changed.insert(address);
    }
    changed.merge(learnt_.keep(staying));
    write(changed);
    names_changed_(!names_.empty());
    return {};
}

Status Garden::restore() {
    TRY_ASSIGN(const std::vector<LearntOpening> openings, gate_.learnt());
    LearntAddresses::Changed changed;
    for (const LearntOpening& opening : openings) {
        changed.insert(opening.address);
        if (names_.contains(opening.name) && opening.until > clock_.monotonic())
            changed.merge(learnt_.learn(opening.name, {&opening.address, 1}, opening.until));
    }
    write(changed);
    return {};
}

bool Garden::may_lead_to(const IpAddress& address) const {
    const AddressScope scope = scope_of(address);
    return scope == AddressScope::global ||
           (scope == AddressScope::internal && policy_.allow_private);
}

void Garden::write(const LearntAddresses::Changed& changed) {
    // The dataplane has room for no more than are learnt: what goes makes way first.
    for (const bool known : {false, true})
        for (const IpAddress& address : changed)
            if (learnt_.names_of(address).empty() != known) write(address);
}

void Garden::write(const IpAddress& address) {
    const LearntAddresses::Names& leading = learnt_.names_of(address);
    Status written;
    if (leading.empty()) {
        written = gate_.erase_learnt(address);
    } else {
        std::vector<GardenName> names;
        for (const auto& [name, until] : leading)
            names.push_back(name);
        const auto last =
            std::ranges::max_element(leading, {}, [](const auto& entry) { return entry.second; });
        written = gate_.set_learnt({.address = address,
                                    .ports = ports_of(names_, names),
                                    .until = last->second,
                                    .name = last->first});
    }
    if (!written) log_error(written.error());
}

}  // namespace portal::control
