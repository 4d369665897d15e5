#include "responder/accept_language.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "responder/quality.h"

namespace portal::responder {

namespace {

constexpr std::size_t kLongestValue = 1024;
constexpr std::size_t kLongestTag = 35;  // RFC 5646 §4.4.1

struct Range {
    std::string tag;  // in lower case
    int quality = kBestQuality;
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

// "de-ch", or "de-CH;q=0.8".
std::optional<Range> parse_range(std::string_view text) {
    const std::size_t mark = std::min(text.find(';'), text.size());
    Range range{.tag = lower(trimmed(text.substr(0, mark)))};
    if (range.tag.empty() || range.tag.size() > kLongestTag) return std::nullopt;
    if (mark == text.size()) return range;
    std::string_view weight = trimmed(text.substr(mark + 1));
    if (!weight.starts_with("q=") && !weight.starts_with("Q=")) return std::nullopt;
    const auto quality = parse_quality(weight.substr(2));
    if (!quality) return std::nullopt;
    range.quality = *quality;
    return range;
}

std::vector<Range> parse(std::string_view text) {
    std::vector<Range> ranges;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        if (auto range = parse_range(text.substr(0, comma)); range && range->quality > 0)
            ranges.push_back(*std::move(range));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return ranges;
}

// Takes the last subtag off, and a single letter that would then be last. False: none is left.
bool shorten(std::string_view& tag) {
    const std::size_t end = tag.rfind('-');
    if (end == tag.npos) return false;
    tag = tag.substr(0, end);
    if (tag.size() >= 2 && tag[tag.size() - 2] == '-') tag.remove_suffix(2);
    return true;
}

}  // namespace

std::optional<std::size_t> lookup_language(std::string_view accept_language,
                                           std::span<const std::string_view> available) {
    std::vector<Range> ranges = parse(accept_language.substr(0, kLongestValue));
    std::ranges::stable_sort(ranges, std::ranges::greater(), &Range::quality);
    for (const Range& range : ranges) {
        std::string_view tag = range.tag;
        bool more = true;
        while (more) {
            const auto found = std::ranges::find(available, tag);
            if (found != available.end())
                return static_cast<std::size_t>(found - available.begin());
            more = shorten(tag);
        }
    }
    return std::nullopt;
}

}  // namespace portal::responder
