// The addresses that the garden's names lead to, as far as they are known by the answers that
// strangers got, each until it lapses. Bounded in all and for each name: beyond, of the name that
// has the most, the address that lapses first goes.
//
// No clock of its own: whoever calls says what time it is. What a call returns are the addresses
// whose names or time have changed.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/duration.h"
#include "base/ip_address.h"
#include "domain/garden_name.h"

namespace portal {

class LearntAddresses {
  public:
    // Of names and addresses together; PORTAL_LEARNT of the dataplane.
    static constexpr std::size_t kMost = 4096;
    static constexpr std::size_t kMostOfName = 256;

    using Changed = std::set<IpAddress>;
    using Names = std::map<GardenName, MonotonicTime>;  // with when each lapses

    // `name` leads to `addresses` until then, or until later, if that was known.
    Changed learn(const GardenName& name, std::span<const IpAddress> addresses,
                  MonotonicTime until);
    // Forgets what has lapsed.
    Changed lapse(MonotonicTime now);
    // Forgets the names that are not among these.
    Changed keep(const std::set<GardenName>& names);

    // Those that lead to `address`; none if it is not known.
    const Names& names_of(const IpAddress& address) const;
    struct Learnt {
        IpAddress address;
        MonotonicTime until;
    };
    // Sorted by address.
    std::vector<Learnt> addresses_of(const GardenName& name) const;
    std::size_t size() const { return size_; }

  private:
    void forget(const GardenName& name, const IpAddress& address);
    // Of those `name` leads to, the one that lapses first.
    IpAddress first_to_lapse(const GardenName& name) const;
    const GardenName& largest() const;

    std::map<IpAddress, Names> names_;
    std::map<GardenName, std::set<IpAddress>> addresses_;
    std::size_t size_ = 0;
};

}  // namespace portal
