// Bytes on the responder's socket, and what comes back. The first byte of an input chooses the
// caller, the rest is sent; TOKEN in it stands for a form token that is valid.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "invariant.h"
#include "responder_under_fuzz.h"

namespace {

namespace beast = boost::beast;
using portal::fuzz::CallerKind;
using portal::fuzz::require;
using Field = beast::http::field;

std::string with_token(std::string_view text, const std::string& token) {
    constexpr std::string_view placeholder = "TOKEN";
    std::string whole(text);
    if (const std::size_t at = whole.find(placeholder); at != std::string::npos)
        whole.replace(at, placeholder.size(), token);
    return whole;
}

bool mentions(std::string_view text, std::string_view name) {
    const auto same = [](char a, char b) { return beast::detail::ascii_tolower(a) == b; };
    return std::search(text.begin(), text.end(), name.begin(), name.end(), same) != text.end();
}

// Answers to HEAD have the length of a body that is not there.
void check_answer(std::string_view request, std::string answer) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    if (answer.starts_with(go_on)) answer.erase(0, go_on.size());
    if (answer.empty()) return;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.eager(true);
    parser.skip(answer.ends_with("\r\n\r\n"));
    beast::error_code error;
    const std::size_t used = parser.put(boost::asio::buffer(answer), error);
    require(!error && parser.is_done(), "the answer is HTTP", answer);
    require(used == answer.size(), "there is one answer", answer);

    const auto& response = parser.get();
    for (const char* name :
         {"Set-Cookie", "WWW-Authenticate", "Access-Control-Allow-Origin",
          "Strict-Transport-Security", "Alt-Svc", "ETag", "Expires", "Last-Modified"})
        require(response.count(name) == 0, "a header that must not be there", answer);
    require(
        response[Field::cache_control] == "no-store" || response[Field::cache_control] == "private",
        "nothing is kept", answer);
    require(beast::iequals(response[Field::connection], "close"), "the connection ends", answer);
    require(!mentions(response.body(), "<script"), "no script", answer);
    const unsigned status = response.result_int();
    require(status != 500, "no fault of ours", answer);
    const bool to_portal =
        mentions(request, portal::fuzz::kPortalHost) || mentions(request, "127.0.0.1");
    if (status < 300) require(to_portal, "2xx comes from the portal alone", answer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static portal::fuzz::ResponderUnderFuzz responder;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::string request = with_token(text, responder.form_token());
    check_answer(request, responder.talk(request, static_cast<CallerKind>(data[0] % 3)));
    return 0;
}
