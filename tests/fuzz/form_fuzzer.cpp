// Form bodies and the URLs they carry: what is accepted is in its one canonical form.
#include <cstdint>
#include <string>
#include <string_view>

#include "invariant.h"
#include "responder/carried.h"
#include "responder/form.h"
#include "responder/original_url.h"

namespace {

using portal::fuzz::require;
namespace responder = portal::responder;

void check_carried(const std::string& url) {
    require(url.starts_with("http://") || url.starts_with("https://"), "http or https", url);
    require(url.find_first_of("?#@\"<> \r\n") == std::string::npos ||
                url.find('@') > url.find('/', url.find("//") + 2),
            "nothing but host and path", url);
    require(url.find_first_of("\"<> \r\n") == std::string::npos, "it fits an attribute", url);
    require(responder::carried_url(url) == url, "carried again it is the same", url);
    require(!responder::host_of(url).empty(), "it has a host", url);

    const std::string link = responder::link_to(
        "/", {.original = responder::OriginalUrl{url, std::string(64, 'a')}, .lang = "de"});
    require(link.starts_with("/?url="), "the link is ours", link);
    const auto back = responder::parse_form(std::string_view(link).substr(2));
    require(back && responder::field(*back, "url") == url, "the link brings it back", link);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto url = responder::carried_url(text)) check_carried(*url);
    const auto form = responder::parse_form(text);
    if (!form) return 0;
    for (const auto& [name, value] : *form)
        if (const auto url = responder::carried_url(value)) check_carried(*url);
    return 0;
}
