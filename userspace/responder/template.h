// An HTML page with holes: Mustache. {{name}} is escaped for HTML, in text and in quoted
// attributes; {{{name}}} is not, and stands only where the value is HTML or CSS of our own.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace portal::responder {

// A name that is not there renders as nothing, and its {{#section}} is left out.
using Values = std::map<std::string, std::variant<bool, std::string>, std::less<>>;

class Template {
  public:
    // Of the asset of that name, which must exist and be well-formed.
    explicit Template(std::string_view asset_name);
    ~Template();

    std::string render(const Values& values) const;

  private:
    struct Parsed;
    std::unique_ptr<Parsed> parsed_;
};

}  // namespace portal::responder
