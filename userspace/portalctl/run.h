// portalctl as a function.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "portalctl/context.h"
#include "portalctl/outcome.h"
#include "portalctl/parse.h"

namespace portal::portalctl {

// `words` are the arguments without the program's name; `input` is a descriptor, not owned.
// Data goes to `out`, errors and questions to `err`. No exception leaves.
Exit run(std::span<const std::string> words, int input, std::ostream& out, std::ostream& err);

// What an invocation asks for: its command, help or the version.
Outcome<Exit> carry_out(Context& context, const Invocation& invocation);

}  // namespace portal::portalctl
