#include "portalctl/voucher_sheet.h"

#include <cstdint>
#include <string_view>

#include "portalctl/qr_code.h"

namespace portal::portalctl {

namespace {

constexpr std::string_view kStyle = R"css(
@page { size: A4; margin: 10mm }
* { box-sizing: border-box }
body { margin: 0; font: 11pt/1.35 system-ui, sans-serif; color: #000; background: #fff }
ul { display: grid; grid-template-columns: 1fr 1fr; margin: 0; padding: 0; list-style: none }
li { display: flex; gap: 4mm; align-items: center; height: 46mm; padding: 4mm;
     border: 1px dashed #999; break-inside: avoid; overflow: hidden }
.qr { flex: none; width: 36mm; height: 36mm }
.text { min-width: 0; overflow-wrap: anywhere }
.venue { margin: 0; font-size: 10pt }
.code { margin: 1mm 0; font: 700 14pt/1.2 ui-monospace, monospace; white-space: nowrap }
.fine { margin: 0; font-size: 9pt }
)css";

// The first code point of `text`, which is taken off; none where it is malformed.
std::optional<std::uint32_t> take_code_point(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80             ? 1
                               : (lead & 0xe0) == 0xc0 ? 2
                               : (lead & 0xf0) == 0xe0 ? 3
                               : (lead & 0xf8) == 0xf0 ? 4
                                                       : 0;
    if (length == 0 || text.size() < length) return std::nullopt;
    std::uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i)
        point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3f);
    text.remove_prefix(length);
    return point;
}

// For element content and quoted attributes.
std::string escaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto point = take_code_point(text);
        if (!point) return out + "?";
        const bool plain = *point >= 0x20 && *point < 0x7f && *point != '&' && *point != '<' &&
                           *point != '>' && *point != '"' && *point != '\'';
        if (plain)
            out += static_cast<char>(*point);
        else if (*point >= 0x20)
            out += "&#" + std::to_string(*point) + ";";
    }
    return out;
}

Result<std::string> card_html(const std::string& venue, const VoucherCard& card) {
    std::string html = "<li>";
    if (card.link) {
        TRY_ASSIGN(const std::string picture, qr_code_svg(*card.link));
        html += picture;
    }
    html += "<div class=\"text\"><p class=\"venue\">" + escaped(venue) +
            "</p>\n<p class=\"code\">" + escaped(card.code) + "</p>\n<p class=\"fine\">" +
            escaped(card.time);
    if (card.devices) html += "<br>\n" + escaped(*card.devices);
    if (card.valid_until) html += "<br>\nvalid until " + escaped(*card.valid_until);
    return html + "</p></div></li>\n";
}

}  // namespace

Result<std::string> voucher_sheet(const std::string& venue, std::span<const VoucherCard> cards) {
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
        escaped(venue) + ": vouchers</title>\n<style>" + std::string(kStyle) +
        "</style>\n</head>\n<body>\n<ul>\n";
    for (const VoucherCard& card : cards) {
        TRY_ASSIGN(const std::string text, card_html(venue, card));
        html += text;
    }
    return html + "</ul>\n</body>\n</html>";
}

}  // namespace portal::portalctl
