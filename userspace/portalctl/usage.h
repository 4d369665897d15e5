// Help text, made of the grammar's tables.
#pragma once

#include <span>
#include <string>

#include "portalctl/grammar.h"

namespace portal::portalctl {

// One command on one line: "client authorize MAC [--timeout DURATION]".
std::string synopsis(const Object& object, const Command& command);

// The help of the whole program.
std::string usage(std::span<const Object* const> objects);

// The help of one object.
std::string usage(const Object& object);

}  // namespace portal::portalctl
