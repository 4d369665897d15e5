// An HTML page with holes: Mustache. {{name}} is escaped for HTML, in text and in quoted
// attributes; {{{name}}} is not, and stands only where the value is HTML or CSS of our own.
// {{t.key}} is the text of that key in the page's language, its own {name}s filled from the values.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "responder/locale.h"
#include "responder/values.h"

namespace portal::responder {

class Template {
  public:
    // Of the asset of that name, which must exist and be well-formed.
    explicit Template(std::string_view asset_name);
    ~Template();

    std::string render(const Locale& locale, const Values& values) const;

  private:
    struct Parsed;
    std::unique_ptr<Parsed> parsed_;
};

}  // namespace portal::responder
