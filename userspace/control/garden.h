// The walled garden in force: the rules of the configuration and those an operator added.
//
// A change is in the store first and then in the dataplane; on failure both are as they were. One
// thread.
#pragma once

#include <vector>

#include "base/error.h"
#include "control/gate.h"
#include "domain/garden.h"
#include "store/garden_store.h"

namespace portal::control {

class Garden {
  public:
    enum class Source { config, added };
    struct Entry {
        GardenRule rule;
        Source source;
    };

    // Both must outlive this.
    Garden(store::GardenStore& store, Gate& gate) : store_(store), gate_(gate) {}

    // Brings into force `rules` of the configuration and what the store holds.
    Status start(std::vector<GardenRule> rules);
    // Other rules of the configuration.
    Status configure(std::vector<GardenRule> rules);

    // ErrorCode::conflict: it is there; ErrorCode::full: it does not fit.
    Status add(const GardenRule& rule);
    // ErrorCode::not_found: it is not there; ErrorCode::conflict: it is the configuration's.
    Status erase(const GardenRule& rule);

    // Those of the configuration first; sorted.
    std::vector<Entry> list() const;

  private:
    Status apply(const std::vector<GardenRule>& configured, const std::vector<GardenRule>& added);

    store::GardenStore& store_;
    Gate& gate_;
    std::vector<GardenRule> configured_;
    std::vector<GardenRule> added_;
};

}  // namespace portal::control
