#include "domain/learnt_addresses.h"

#include <algorithm>

namespace portal {

auto LearntAddresses::learn(const GardenName& name, std::span<const IpAddress> addresses,
                            MonotonicTime until) -> Changed {
    Changed changed;
    for (const IpAddress& address : addresses) {
        if (const auto known = names_.find(address); known != names_.end())
            if (const auto time = known->second.find(name); time != known->second.end()) {
                if (until <= time->second) continue;
                time->second = until;
                changed.insert(address);
                continue;
            }
        if (addresses_[name].size() >= kMostOfName || size_ >= kMost) {
            const GardenName loser = addresses_[name].size() >= kMostOfName ? name : largest();
            const IpAddress gone = first_to_lapse(loser);
            forget(loser, gone);
            changed.insert(gone);
        }
        names_[address].emplace(name, until);
        addresses_[name].insert(address);
        ++size_;
        changed.insert(address);
    }
    return changed;
}

auto LearntAddresses::lapse(MonotonicTime now) -> Changed {
    std::vector<std::pair<GardenName, IpAddress>> gone;
    for (const auto& [address, names] : names_)
        for (const auto& [name, until] : names)
            if (until <= now) gone.emplace_back(name, address);
    Changed changed;
    for (const auto& [name, address] : gone) {
        forget(name, address);
        changed.insert(address);
    }
    return changed;
}

auto LearntAddresses::keep(const std::set<GardenName>& names) -> Changed {
    Changed changed;
    std::vector<std::pair<GardenName, IpAddress>> gone;
    for (const auto& [name, addresses] : addresses_)
        if (!names.contains(name))
            for (const IpAddress& address : addresses)
                gone.emplace_back(name, address);
    for (const auto& [name, address] : gone) {
        forget(name, address);
        changed.insert(address);
    }
    return changed;
}

auto LearntAddresses::names_of(const IpAddress& address) const -> const Names& {
    static const Names kNone;
    const auto known = names_.find(address);
    return known == names_.end() ? kNone : known->second;
}

auto LearntAddresses::addresses_of(const GardenName& name) const -> std::vector<Learnt> {
    std::vector<Learnt> list;
    const auto known = addresses_.find(name);
    if (known == addresses_.end()) return list;
    for (const IpAddress& address : known->second)
        list.push_back({address, names_.at(address).at(name)});
    return list;
}

void LearntAddresses::forget(const GardenName& name, const IpAddress& address) {
    const auto known = names_.find(address);
    known->second.erase(name);
    if (known->second.empty()) names_.erase(known);
    const auto of_name = addresses_.find(name);
    of_name->second.erase(address);
    if (of_name->second.empty()) addresses_.erase(of_name);
    --size_;
}

IpAddress LearntAddresses::first_to_lapse(const GardenName& name) const {
    return *std::ranges::min_element(addresses_.at(name), {}, [&](const IpAddress& address) {
        return names_.at(address).at(name);
    });
}

const GardenName& LearntAddresses::largest() const {
    return std::ranges::max_element(addresses_, {},
                                    [](const auto& entry) { return entry.second.size(); })
        ->first;
}

}  // namespace portal
