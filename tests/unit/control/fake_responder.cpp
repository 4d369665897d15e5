// Stands in for portal-responder: a real process, whose --user says how it behaves.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>

#include "ipc/channel.h"
#include "ipc/protocol.h"

namespace {

using namespace portal;

constexpr int kSurprised = 42;

bool is_open(int fd) {
    return fcntl(fd, F_GETFD) != -1;
}

// What it may find: no environment, and no descriptors but the standard ones and its channel.
bool finds_nothing_else() {
    if (environ != nullptr && *environ != nullptr) return false;
    for (int fd = ipc::kResponderFd + 1; fd < 64; ++fd)
        if (is_open(fd)) return false;
    return is_open(ipc::kResponderFd);
}

bool is_listening(int socket) {
    int value = 0;
    socklen_t size = sizeof value;
    return getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value == 1;
}

// Asks who `port` is, `times` times, and counts the replies.
bool ask(int times) {
    for (int i = 1; i <= times; ++i) {
        const ipc::Request request{.id = static_cast<std::uint64_t>(i), .body = ipc::WhoIs{}};
        if (!ipc::send_with_descriptors(ipc::kResponderFd, ipc::encode(request), {})) return false;
        const auto reply = ipc::receive_with_descriptors(ipc::kResponderFd, 0);
        if (!reply) return false;
        const auto decoded = ipc::decode_reply(reply->text);
        if (!decoded || decoded->id != request.id) return false;
    }
    return true;
}

void wait_for_the_end() {
    (void)ipc::receive_with_descriptors(ipc::kResponderFd, 0);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3 || std::string_view(argv[1]) != "--user") return kSurprised;
    const std::string_view way = argv[2];
    if (!finds_nothing_else()) return kSurprised;
    const auto first = ipc::receive_with_descriptors(ipc::kResponderFd, 2);
    if (!first || first->descriptors.size() != 2) return kSurprised;
    const auto configuration = ipc::decode_configuration(first->text);
    if (!configuration || configuration->portal_name.empty()) return kSurprised;
    for (const UniqueFd& listener : first->descriptors)
        if (!is_listening(listener.get())) return kSurprised;

    if (way == "exits") return 3;
    if (way == "crashes") std::raise(SIGKILL);
    if (way == "asks") return ask(3) ? 0 : kSurprised;
    if (way == "babbles") {
        (void)ipc::send_with_descriptors(ipc::kResponderFd, "{\"ask\":\"for money\"}", {});
        wait_for_the_end();
        return 0;
    }
    if (way == "stays") wait_for_the_end();
    if (way == "tells-its-name") {
        // Its question carries the name of the portal, as a host's port: the test's way to see it.
        ipc::Request request{.id = configuration->portal_name.size(), .body = ipc::WhoIs{}};
        (void)ipc::send_with_descriptors(ipc::kResponderFd, ipc::encode(request), {});
        (void)ipc::receive_with_descriptors(ipc::kResponderFd, 0);
        wait_for_the_end();
    }
    if (way == "tells-its-key") {
        ipc::Request request{.id = std::stoull(configuration->seal_key.substr(0, 8), nullptr, 16),
                             .body = ipc::WhoIs{}};
        (void)ipc::send_with_descriptors(ipc::kResponderFd, ipc::encode(request), {});
        (void)ipc::receive_with_descriptors(ipc::kResponderFd, 0);
    }
    return 0;
}
