// What a session is allowed.
#pragma once

#include "domain/limits.h"

namespace portal {

struct Policy {
    Limits limits;

    bool operator==(const Policy&) const = default;
};

}  // namespace portal
