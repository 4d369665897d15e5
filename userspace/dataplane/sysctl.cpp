#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "base/text.h"
#include "dataplane/network.h"

namespace portal::dataplane {

namespace {

std::string path_of(const std::string& interface, const std::string& key) {
    return "/proc/sys/net/ipv4/conf/" + interface + "/" + key;
}

}  // namespace

Result<std::string> read_sysctl(const std::string& interface, const std::string& key) {
    const std::string path = path_of(interface, key);
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return fail_errno("cannot read " + path);
    std::array<char, 64> text{};
    const ssize_t size = read(file.get(), text.data(), text.size());
    if (size < 0) return fail_errno("cannot read " + path);
    return std::string(trimmed({text.data(), static_cast<std::size_t>(size)}));
}

Status write_sysctl(const std::string& interface, const std::string& key,
                    const std::string& value) {
    const std::string path = path_of(interface, key);
    const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file || write(file.get(), value.data(), value.size()) < 0)
        return fail_errno(
            "cannot set " + path + " to " + value,
            "set it by hand: sysctl net.ipv4.conf." + interface + "." + key + "=" + value);
    return {};
}

}  // namespace portal::dataplane
