#include "control/garden.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace portal::control {

namespace {

bool has(const std::vector<GardenRule>& rules, const GardenRule& rule) {
    return std::ranges::find(rules, rule) != rules.end();
}

}  // namespace

Status Garden::start(std::vector<GardenRule> rules) {
    TRY_ASSIGN(added_, store_.list());
    return configure(std::move(rules));
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

std::vector<Garden::Entry> Garden::list() const {
    std::vector<Entry> entries;
    for (const GardenRule& rule : configured_)
        entries.emplace_back(rule, Source::config);
    for (const GardenRule& rule : added_)
        entries.emplace_back(rule, Source::added);
    return entries;
}

Status Garden::apply(const std::vector<GardenRule>& configured,
                     const std::vector<GardenRule>& added) {
    std::vector<GardenRule> rules = configured;
    rules.insert(rules.end(), added.begin(), added.end());
    TRY_ASSIGN(const std::vector<GardenEntry> entries, compile_garden(rules));
    return gate_.set_garden(entries);
}

}  // namespace portal::control
