// Garden rules that an operator added while portald ran; those of the configuration are not here.
//
// Every call may wait for the disk, and is durable when it returns; on failure nothing has
// changed. Any thread; calls are taken one at a time.
#pragma once

#include <vector>

#include "base/error.h"
#include "domain/garden.h"

namespace portal::store {

class GardenStore {
  public:
    virtual ~GardenStore() = default;

    // Sorted as GardenRule compares.
    virtual Result<std::vector<GardenRule>> list() = 0;

    // ErrorCode::conflict if the rule is there already.
    virtual Status add(const GardenRule& rule) = 0;

    // ErrorCode::not_found if it is not.
    virtual Status erase(const GardenRule& rule) = 0;
};

}  // namespace portal::store
