// The pages' raw material, embedded at build time: no file is opened to answer a request.
#pragma once

#include <span>
#include <string_view>

namespace portal::responder {

// The bytes of assets/`name`; empty if there is no such file.
std::string_view asset(std::string_view name);

// Every file's path in assets/, in the order of CMakeLists.txt.
std::span<const std::string_view> asset_names();

}  // namespace portal::responder
