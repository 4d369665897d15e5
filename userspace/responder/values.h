// What fills the holes of a page.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace portal::responder {

struct Values;
using Value = std::variant<bool, std::string, std::vector<Values>>;

// A name that is not there renders as nothing, and its {{#section}} is left out. A list's section
// is rendered for each of its entries, which may use the names outside too.
struct Values : std::map<std::string, Value, std::less<>> {
    using map::map;
};

}  // namespace portal::responder
