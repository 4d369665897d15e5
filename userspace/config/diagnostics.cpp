#include "config/diagnostics.h"

#include <algorithm>

#include "base/text.h"

namespace portal::config {

namespace {

constexpr std::size_t kMostShown = 20;

}  // namespace

Diagnostics::Diagnostics(std::string_view file) : file_(printable(file, 4096)) {}

void Diagnostics::add(std::string_view key, Fault fault) {
    if (!key.empty()) fault.text = printable(key) + ": " + fault.text;
    faults_.push_back(std::move(fault));
}

Error Diagnostics::error() const {
    std::vector<Fault> sorted = faults_;
    std::ranges::stable_sort(sorted, {}, &Fault::line);
    std::string what;
    for (std::size_t i = 0; i < std::min(sorted.size(), kMostShown); ++i) {
        if (i != 0) what += '\n';
        what += file_ + ":" + std::to_string(sorted[i].line) + ": " + sorted[i].text;
    }
    if (sorted.size() > kMostShown)
        what += "\n" + file_ + ": and " + std::to_string(sorted.size() - kMostShown) + " more";
    return {ErrorCode::invalid, std::move(what), "portald.toml(5) describes every key"};
}

}  // namespace portal::config
