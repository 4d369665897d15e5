#include "portalctl/event_parser.h"

namespace portal::portalctl {

Status EventParser::feed(std::string_view bytes, const Sink& sink) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, end);
        if (line_.size() + piece.size() > kLargestEvent)
            return fail(ErrorCode::invalid, "the daemon sent an event that is too long");
        line_ += piece;
        if (end == std::string_view::npos) return {};
        bytes.remove_prefix(end + 1);
        if (line_.ends_with('\r')) line_.pop_back();
        TRY(take_line(line_, sink));
        line_.clear();
    }
    return {};
}

Status EventParser::take_line(std::string_view line, const Sink& sink) {
    if (line.empty()) {
        if (has_data_) TRY(sink(data_));
        data_.clear();
        has_data_ = false;
        return {};
    }
    const std::size_t colon = line.find(':');
    if (line.substr(0, colon) != "data") return {};
    std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (data_.size() + value.size() > kLargestEvent)
        return fail(ErrorCode::invalid, "the daemon sent an event that is too long");
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
    return {};
}

}  // namespace portal::portalctl
