#include "control/control_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <utility>

namespace portal::control {

namespace {

constexpr int kBacklog = 128;
constexpr mode_t kMask = 0117;  // leaves 0660

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.native().size() >= sizeof address.sun_path)
        return fail(ErrorCode::invalid, path.string() + " is too long for a socket",
                    "at most " + std::to_string(sizeof address.sun_path - 1) +
                        " bytes; set control.socket or --run to a shorter one");
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

Result<UniqueFd> new_socket() {
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return fail_errno("socket");
    return socket;
}

// A socket that a dead process left; anything else at the path is not ours to remove.
Status remove_stale(const std::filesystem::path& path, const sockaddr_un& address) {
    struct stat info {};
    if (lstat(path.c_str(), &info) != 0) {
        if (errno == ENOENT) return {};
        return fail_errno(path.string());
    }
    if (!S_ISSOCK(info.st_mode))
        return fail(ErrorCode::conflict, path.string() + " is there and is no socket",
                    "remove it, or set control.socket to another path");
    TRY_ASSIGN(const UniqueFd probe, new_socket());
    if (connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
        errno != ECONNREFUSED)
        return fail(ErrorCode::conflict, "another process listens on " + path.string(),
                    "stop it first, or give this portald its own --run");
    if (unlink(path.c_str()) != 0) return fail_errno("cannot remove " + path.string());
    return {};
}

}  // namespace

Result<ControlSocket> ControlSocket::open(const std::filesystem::path& path) {
    TRY_ASSIGN(const sockaddr_un address, address_of(path));
    const std::filesystem::path folder = path.parent_path();
    if (mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST)
        return fail_errno("cannot create " + folder.string(),
                          "create the folder above it, or give --run DIR");
    TRY(remove_stale(path, address));
    TRY_ASSIGN(UniqueFd socket, new_socket());
    const mode_t former = umask(kMask);
    const int bound =
        bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int bind_error = errno;
    umask(former);
    if (bound != 0) return fail_errno("cannot bind " + path.string(), {}, bind_error);
    ControlSocket control(path, std::move(socket));
    if (listen(control.socket_.get(), kBacklog) != 0)
        return fail_errno("cannot listen on " + path.string());
    return control;
}

ControlSocket::ControlSocket(ControlSocket&& other) noexcept
    : path_(std::exchange(other.path_, {})), socket_(std::move(other.socket_)) {}

ControlSocket::~ControlSocket() {
    if (!path_.empty()) unlink(path_.c_str());
}

}  // namespace portal::control
