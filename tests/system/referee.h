// What has crossed an interface, as dumpcap has seen it and tshark reads it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "base/mac.h"
#include "system/lab/lab.h"
#include "system/lab/process.h"

namespace portal::system_test {

struct Count {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;

    void add(std::uint64_t length) {
        ++packets;
        bytes += length;
    }
    bool operator==(const Count&) const = default;
};
inline Count operator+(const Count& a, const Count& b) {
    return {a.packets + b.packets, a.bytes + b.bytes};
}
inline Count operator-(const Count& a, const Count& b) {
    return {a.packets - b.packets, a.bytes - b.bytes};
}
inline std::ostream& operator<<(std::ostream& out, const Count& count) {
    return out << count.packets << " packets, " << count.bytes << " bytes";
}

class Referee {
  public:
    // Begins to watch, and returns when it does.
    Referee(const lab::Lab& lab, const lab::NetNamespace& host, const char* interface);

    // Until what was sent with `mark` inside, in its first 100 bytes, is on record.
    void await(const std::string& mark) const;

    // The frames so far that each of some display filters of tshark's selects, in one reading:
    // tshark takes most of a second to start. A comma would end a filter.
    std::vector<Count> counts(const std::vector<std::string>& filters) const;
    Count count(const std::string& filter) const { return counts({filter}).front(); }

  private:
    std::filesystem::path file_;
    lab::Process process_;
};

}  // namespace portal::system_test
