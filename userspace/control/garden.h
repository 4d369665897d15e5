// The walled garden in force: the rules of the configuration and those an operator added, and where
// their names lead.
//
// A change of the rules is in the store first and then in the dataplane; on failure both are as
// they were. What names lead to is in the dataplane alone, and is found there again after a
// restart. One thread.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/gate.h"
#include "domain/garden.h"
#include "domain/learnt_addresses.h"
#include "store/garden_store.h"

namespace portal::control {

class Garden {
  public:
    // The longest that an answer counts.
    static constexpr Seconds kLongestTtl = std::chrono::hours(24);

    struct NamePolicy {
        // The least time that an address stays open after an answer, whatever its TTL.
        Seconds least_ttl = std::chrono::minutes(5);
        // Whether names may lead to addresses of private networks.
        bool allow_private = false;
    };
    enum class Source { config, added };
    struct Learnt {
        IpAddress address;
        WallTime lapses_at;
    };
    struct Entry {
        GardenRule rule;
        Source source;
        std::vector<Learnt> learnt = {};  // where a name leads
    };

    // All must outlive this.
    Garden(store::GardenStore& store, Gate& gate, const Clock& clock)
        : store_(store), gate_(gate), clock_(clock) {}

    // Brings into force `rules` of the configuration and what the store holds.
    Status start(std::vector<GardenRule> rules);
    // Other rules of the configuration.
    Status configure(std::vector<GardenRule> rules);
    // For answers from now on.
    void set_policy(const NamePolicy& policy) { policy_ = policy; }

    // ErrorCode::conflict: it is there; ErrorCode::full: it does not fit.
    Status add(const GardenRule& rule);
    // ErrorCode::not_found: it is not there; ErrorCode::conflict: it is the configuration's.
    Status erase(const GardenRule& rule);

    // A stranger was told that `name` leads there. Nothing follows from it but for names of the
    // garden.
    void learn(std::string_view name, Seconds ttl, std::span<const IpAddress> addresses);
    // Closes what has lapsed; call it each second.
    void lapse();
    // `changed` is told now, and with each change, whether there are names.
    void on_names(std::function<void(bool)> changed);

    // Those of the configuration first; sorted.
    std::vector<Entry> list() const;

  private:
    Status apply(const std::vector<GardenRule>& configured, const std::vector<GardenRule>& added);
    Status restore();
    bool may_lead_to(const IpAddress& address) const;
    void write(const LearntAddresses::Changed& changed);
    void write(const IpAddress& address);
    Entry entry_of(const GardenRule& rule, Source source) const;

    store::GardenStore& store_;
    Gate& gate_;
    const Clock& clock_;
    std::vector<GardenRule> configured_;
    std::vector<GardenRule> added_;
    NamePolicy policy_;
    NameOpenings names_;
    LearntAddresses learnt_;
    std::function<void(bool)> names_changed_ = [](bool) {};
};

}  // namespace portal::control
