// A password from the operator, never from the command line, where others could read it.
#pragma once

#include <string>

#include "portalctl/context.h"

namespace portal::portalctl {

// From a terminal: asked twice, without echo. Else one line of the input.
Outcome<std::string> read_password(Context& context);

}  // namespace portal::portalctl
