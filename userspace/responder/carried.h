// What one page of the portal hands to the next: in its links, and in hidden fields of its forms.
#pragma once

#include <optional>
#include <string>

#include "responder/form.h"

namespace portal::responder {

struct Carried {
    std::optional<std::string> url;  // the page that was asked for at first; original_url.h
    std::string seal;                // what came with it, not looked at here; empty: none
    std::string lang;                // chosen in the language menu; empty: none was

    bool operator==(const Carried&) const = default;
};

// The fields `url`, `seal` and `lang` of a form or a query, as far as they are fit to be carried.
Carried carried_of(const Form& form);

// `path`, of the portal's own host, with what is carried as its query.
std::string link_to(std::string path, const Carried& carried);

}  // namespace portal::responder
