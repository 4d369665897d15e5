// What one page of the portal hands to the next: in its links, and in hidden fields of its forms.
#pragma once

#include <optional>
#include <string>

#include "responder/form.h"
#include "responder/original_url.h"

namespace portal::responder {

struct Carried {
    std::optional<OriginalUrl> original = {};
    std::string lang = {};  // chosen in the language menu; empty: none was

    bool operator==(const Carried&) const = default;
};

// The field `lang`, if it is a language of ours; else empty.
std::string chosen_language(const Form& form);

// `path`, of the portal's own host, with what is carried as its query: `url`, `seal` and `lang`.
std::string link_to(std::string path, const Carried& carried);

}  // namespace portal::responder
