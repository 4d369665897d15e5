#include "responder/carried.h"

#include "responder/locale.h"
#include "responder/login_url.h"

namespace portal::responder {

std::string chosen_language(const Form& form) {
    std::string lang = field(form, "lang");
    return find_locale(lang) != nullptr ? lang : std::string();
}

std::string link_to(std::string path, const Carried& carried) {
    std::string link = with_original(std::move(path), carried.original);
    if (carried.lang.empty()) return link;
    link += link.find('?') == std::string::npos ? '?' : '&';
    return link + "lang=" + carried.lang;
}

}  // namespace portal::responder
