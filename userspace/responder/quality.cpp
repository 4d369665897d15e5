#include "responder/quality.h"

#include <algorithm>

namespace portal::responder {

std::optional<int> parse_quality(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int quality = (text[0] - '0') * 1000;
    int weight = 100;
    for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return std::nullopt;
        quality += (c - '0') * weight;
        weight /= 10;
    }
    if (quality > kBestQuality) return std::nullopt;
    return quality;
}

}  // namespace portal::responder
