// Text that only this portal can have made, and lately: a keyed hash over the text and the hour.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace portal::responder {

class HourlyMac {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // A tag of one purpose says nothing in another.
    enum class Purpose : std::uint64_t { form = 1, original_url = 2 };

    // `seal_key` is ipc::Configuration's. If it is none, the key is random, and tags end with the
    // process. sodium_init() has been called.
    HourlyMac(std::string_view seal_key, Purpose purpose);

    // Lower-case hex.
    std::string issue(std::string_view text, Time now) const;
    // Whether `tag` was issued for `text` in this hour or the one before.
    bool valid(std::string_view tag, std::string_view text, Time now) const;

  private:
    std::string compute(std::string_view text, std::int64_t hour) const;

    std::array<unsigned char, 32> key_;
};

}  // namespace portal::responder
