// Server-sent events (HTML Living Standard §9.2) as the API sends them: the data of each event,
// comments and other fields skipped.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace portal::portalctl {

class EventParser {
  public:
    static constexpr std::size_t kLargestEvent = 64 * 1024;  // bytes, of a line and of the data

    // Called with the data of each whole event; its error ends the parsing.
    using Sink = std::function<Status(std::string_view data)>;

    // Bytes may come in any pieces. After an error the parser is of no further use.
    Status feed(std::string_view bytes, const Sink& sink);

  private:
    Status take_line(std::string_view line, const Sink& sink);

    std::string line_;
    std::string data_;
    bool has_data_ = false;
};

}  // namespace portal::portalctl
