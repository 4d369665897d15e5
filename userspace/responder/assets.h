// The pages' raw material, embedded at build time: no file is opened to answer a request.
#pragma once

#include <string_view>

namespace portal::responder {

// The bytes of assets/`name`; empty if there is no such file.
std::string_view asset(std::string_view name);

}  // namespace portal::responder
