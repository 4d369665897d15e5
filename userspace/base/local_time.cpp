#include "base/local_time.h"

#include <algorithm>
#include <ctime>

namespace portal {

namespace {

using std::chrono::seconds;
using Moment = std::chrono::sys_seconds;

constexpr seconds kDay = std::chrono::hours(24);

// How far the local clock is ahead of UTC.
seconds offset_at(Moment time) {
    const std::time_t since_epoch = time.time_since_epoch().count();
    std::tm parts{};
    localtime_r(&since_epoch, &parts);
    return seconds(parts.tm_gmtoff);
}

seconds since_midnight(Moment time) {
    const seconds local = (time.time_since_epoch() + offset_at(time)) % kDay;
    return local < seconds::zero() ? local + kDay : local;
}

// The first second with another offset than `from` has; `to` has another.
Moment change_of_offset(Moment from, Moment to) {
    const seconds before = offset_at(from);
    while (to - from > seconds(1)) {
        const Moment middle = from + (to - from) / 2;
        (offset_at(middle) == before ? from : to) = middle;
    }
    return to;
}

}  // namespace

std::chrono::minutes local_time_of_day(WallTime time) {
    tzset();  // localtime_r() alone does not look again
    return std::chrono::floor<std::chrono::minutes>(
        since_midnight(std::chrono::floor<seconds>(time)));
}

WallTime next_local_change(WallTime time, std::span<const std::chrono::minutes> times_of_day) {
    tzset();
    const auto now = std::chrono::floor<seconds>(time);
    const seconds today = since_midnight(now);
    seconds wait = kDay;
    for (const seconds wanted : times_of_day)
        wait = std::min(wait, wanted > today ? wanted - today : wanted - today + kDay);
    Moment next = now + wait;
    if (offset_at(next) != offset_at(now)) next = change_of_offset(now, next);
    return next;
}

}  // namespace portal
