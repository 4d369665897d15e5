#include "system/lab/net_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "system/lab/failure.h"

namespace portal::lab {

namespace {

UniqueFd open_current() {
    return UniqueFd(
        must(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "network namespace"));
}

void enter(int fd) {
    must(::setns(fd, CLONE_NEWNET), "setns");
}

}  // namespace

NetNamespace::NetNamespace() {
    const UniqueFd home = open_current();
    must(::unshare(CLONE_NEWNET), "unshare (needs root)");
    fd_ = open_current();
    enter(home.get());
}

NetNamespace::Visit::Visit(int target) : home_(open_current()) {
    enter(target);
}

NetNamespace::Visit::~Visit() {
    enter(home_.get());
}

void NetNamespace::set(const char* path, const char* value) const {
    run([&] {
        const std::string file = std::string("/proc/sys/") + path;
        const UniqueFd fd(must(::open(file.c_str(), O_WRONLY | O_CLOEXEC), file));
        must(::write(fd.get(), value, std::strlen(value)), file);
    });
}

}  // namespace portal::lab
