#include "responder/carried.h"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "responder/locale.h"
#include "responder/original_url.h"

namespace portal::responder {

namespace {

constexpr std::size_t kLongestSeal = 128;

bool is_seal(std::string_view text) {
    return text.size() <= kLongestSeal && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

void add(std::string& path, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    path += path.find('?') == std::string::npos ? '?' : '&';
    path += std::string(name) + "=" + boost::urls::encode(value, boost::urls::unreserved_chars);
}

}  // namespace

Carried carried_of(const Form& form) {
    Carried carried{.url = carried_url(field(form, "url")), .seal = {}, .lang = {}};
    if (std::string seal = field(form, "seal"); carried.url && is_seal(seal))
        carried.seal = std::move(seal);
    if (std::string lang = field(form, "lang"); find_locale(lang) != nullptr)
        carried.lang = std::move(lang);
    return carried;
}

std::string link_to(std::string path, const Carried& carried) {
    add(path, "url", carried.url.value_or(""));
    add(path, "seal", carried.seal);
    add(path, "lang", carried.lang);
    return path;
}

}  // namespace portal::responder
