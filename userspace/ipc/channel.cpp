#include "ipc/channel.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <optional>

namespace portal::ipc {

namespace asio = boost::asio;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

bool would_block(int error_number) {
    return error_number == EAGAIN || error_number == EWOULDBLOCK;
}

std::unexpected<Error> fail_gone(std::string what) {
    return fail(ErrorCode::unavailable, std::move(what));
}

std::unexpected<Error> fail_closed() {
    return fail_gone("the other end of the channel is gone");
}

// Room for the control message of SCM_RIGHTS, aligned as it must be.
struct alignas(cmsghdr) Control {
    std::array<char, CMSG_SPACE(sizeof(int) * kMostDescriptors)> bytes{};
};

// Takes ownership of every descriptor in `header`'s control data.
std::vector<UniqueFd> take_descriptors(msghdr& header) {
    std::vector<UniqueFd> descriptors;
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
            descriptors.emplace_back(fd);
        }
    }
    return descriptors;
}

// Whether it was sent; if not, the peer's queue is full.
Result<bool> try_send(int socket, std::string_view message, std::span<const int> descriptors,
                      std::size_t largest = kLargestMessage) {
    if (message.empty() || message.size() > largest)
        return fail(ErrorCode::invalid, "a message of this length cannot be sent");
    if (descriptors.size() > kMostDescriptors)
        return fail(ErrorCode::invalid, "too many descriptors for one message");

    std::string bytes(message);
    iovec data{.iov_base = bytes.data(), .iov_len = bytes.size()};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    Control control;
    if (!descriptors.empty()) {
        header.msg_control = control.bytes.data();
        header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* part = CMSG_FIRSTHDR(&header);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(part), descriptors.data(), descriptors.size_bytes());
    }
    ssize_t sent = -1;
    do {
        sent = sendmsg(socket, &header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) return true;
    if (would_block(errno)) return false;
    if (errno == EPIPE || errno == ECONNRESET) return fail_closed();
    return fail_errno("sendmsg");
}

// None if no message is there.
Result<std::optional<Received>> try_receive(int socket, std::size_t most, std::size_t largest) {
    std::string text(largest, '\0');
    iovec data{.iov_base = text.data(), .iov_len = text.size()};
    Control control;
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    ssize_t size = -1;
    do {
        size = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (size < 0 && errno == EINTR);
    if (size < 0) {
        if (would_block(errno)) return std::nullopt;
        if (errno == ECONNRESET) return fail_closed();
        return fail_errno("recvmsg");
    }
    std::vector<UniqueFd> descriptors = take_descriptors(header);
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
        return fail(ErrorCode::invalid, "a message came that is too long");
    if (descriptors.size() > most)
        return fail(ErrorCode::invalid, "a message came with descriptors that nobody asked for");
    // An empty packet reads as the end does, and is treated as one.
    if (size == 0) return fail_closed();
    text.resize(static_cast<std::size_t>(size));
    return Received{std::move(text), std::move(descriptors)};
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> make_channel_pair() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail_errno("socketpair");
    std::pair pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
    // A packet must fit the sender's buffer as a whole; the usual one is smaller. Whose right does
    // not reach beyond net.core.wmem_max gets that much.
    constexpr int room = kLargestConfiguration;
    for (const int end : ends)
        if (setsockopt(end, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room) != 0 &&
            setsockopt(end, SOL_SOCKET, SO_SNDBUF, &room, sizeof room) != 0)
            return fail_errno("setsockopt SO_SNDBUF");
    return pair;
}

Status send_with_descriptors(int socket, std::string_view message, std::span<const int> descriptors,
                             std::size_t largest) {
    TRY_ASSIGN(const bool sent, try_send(socket, message, descriptors, largest));
    if (!sent) return fail_gone("the other end of the channel does not read");
    return {};
}

Result<Received> receive_with_descriptors(int socket, std::size_t most, std::size_t largest) {
    TRY_ASSIGN(std::optional<Received> received, try_receive(socket, most, largest));
    if (!received) return fail_gone("no message has come");
    return std::move(*received);
}

Channel::Channel(asio::any_io_executor executor, UniqueFd socket) : socket_(std::move(executor)) {
    socket_.assign(socket.get());
    (void)socket.release();
    socket_.native_non_blocking(true);
}

asio::awaitable<Status> Channel::send(std::string message) {
    while (socket_.is_open()) {
        const Result<bool> sent = try_send(socket_.native_handle(), message, {});
        if (!sent) co_return std::unexpected(sent.error());
        if (*sent) co_return Status{};
        // After a failed wait this object may be gone.
        const auto [error] =
            co_await socket_.async_wait(asio::posix::stream_descriptor::wait_write, kAwait);
        if (error) break;
    }
    co_return fail_gone("the channel is closed");
}

asio::awaitable<Result<std::string>> Channel::receive() {
    Result<Received> received = co_await receive_with_descriptors(0);
    if (!received) co_return std::unexpected(std::move(received).error());
    co_return std::move(received->text);
}

asio::awaitable<Result<Received>> Channel::receive_with_descriptors(std::size_t most,
                                                                    std::size_t largest) {
    while (socket_.is_open()) {
        Result<std::optional<Received>> received =
            try_receive(socket_.native_handle(), most, largest);
        if (!received) co_return std::unexpected(std::move(received).error());
        if (*received) co_return std::move(**received);
        // After a failed wait this object may be gone.
        const auto [error] =
            co_await socket_.async_wait(asio::posix::stream_descriptor::wait_read, kAwait);
        if (error) break;
    }
    co_return fail_gone("the channel is closed");
}

void Channel::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace portal::ipc
