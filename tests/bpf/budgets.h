// Strangers' budgets: what each service of the gateway's is asked by, and limits for it.
#pragma once

#include <string>
#include <vector>

#include "bpf/gate.h"
#include "bpf/tables/check.h"
#include "bpf/world.h"
#include "domain/budget.h"

namespace portal::gate {

// A frame that is charged to a budget.
struct Charged {
    std::string name;
    budget charged_to;
    reason passes_for;
    reason refused_for;
    packets::Bytes (*frame)(const Mac& from);
};

const std::vector<Charged>& charged_frames();

// `burst` at once, and no more for an hour.
budget_rate hourly(std::uint64_t burst);
budget_rate rate_of(const Budget& budget);

// Each of them is limited to one frame, and so gives its reason.
Reasons exhaust_budgets();

}  // namespace portal::gate
