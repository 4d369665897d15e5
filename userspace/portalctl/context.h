// What a command has at hand. Owns nothing.
#pragma once

#include "portalctl/api_client.h"
#include "portalctl/line_reader.h"
#include "portalctl/output.h"

namespace portal::portalctl {

struct Context {
    ApiClient& api;
    Output& out;
    LineReader& in;
};

}  // namespace portal::portalctl
