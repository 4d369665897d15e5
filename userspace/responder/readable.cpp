#include "responder/readable.h"

#include <array>

namespace portal::responder {

std::string readable_duration(Seconds duration) {
    struct Unit {
        std::int64_t seconds;
        const char* name;
    };
    constexpr std::array<Unit, 3> units{{{86400, " d"}, {3600, " h"}, {60, " min"}}};
    std::int64_t rest = duration.count();
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (rest < units[i].seconds) continue;
        std::string text = std::to_string(rest / units[i].seconds) + units[i].name;
        rest %= units[i].seconds;
        if (i + 1 < units.size() && rest >= units[i + 1].seconds)
            text += " " + std::to_string(rest / units[i + 1].seconds) + units[i + 1].name;
        return text;
    }
    return "less than a minute";
}

std::string readable_size(std::uint64_t bytes) {
    constexpr std::array names{" B", " kB", " MB", " GB", " TB", " PB", " EB"};
    std::uint64_t unit = 1;
    std::size_t name = 0;
    while (name + 1 < names.size() && bytes / unit >= 1000) {
        unit *= 1000;
        ++name;
    }
    std::string text = std::to_string(bytes / unit);
    if (unit > 1 && bytes / unit < 10) text += "." + std::to_string(bytes % unit / (unit / 10));
    return text + names[name];
}

}  // namespace portal::responder
