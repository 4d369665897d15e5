#include "system/lab/names.h"

#include <sys/mount.h>

#include <fstream>

#include "system/lab/failure.h"

namespace portal::lab {

namespace {

constexpr const char* kHosts = "/etc/hosts";

}  // namespace

Names::Names(const Lab& lab, const std::multimap<std::string, IpAddress>& names) {
    const std::filesystem::path path = lab.folder() / "hosts";
    std::ofstream file(path);
    file << "127.0.0.1 localhost\n::1 localhost\n";
    for (const auto& [name, address] : names)
        file << address.to_string() << ' ' << name << '\n';
    file.close();
    if (!file) fail("cannot write " + path.string());
    must(::mount(path.c_str(), kHosts, nullptr, MS_BIND, nullptr), kHosts);
}

Names::~Names() {
    ::umount2(kHosts, MNT_DETACH);
}

}  // namespace portal::lab
