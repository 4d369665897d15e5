#include "base/time.h"

#include <array>
#include <ctime>

namespace portal {

std::string format_rfc3339(WallTime time) {
    const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time)
                                    .time_since_epoch()
                                    .count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%FT%TZ", &parts);
    return {text.data(), length};
}

}  // namespace portal
