// The socket pair between portald and portal-responder: SOCK_SEQPACKET, so that a message is a
// packet and neither side can leave half of one behind.
//
// What the peer sends is hostile: a packet longer than the receiver allows, one with file
// descriptors where none are expected, or with control data cut short is refused, and its
// descriptors closed.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "ipc/protocol.h"

namespace portal::ipc {

// The most file descriptors one message carries.
inline constexpr std::size_t kMostDescriptors = 8;

// Two connected ends, close-on-exec, each with room for a Configuration to be sent.
Result<std::pair<UniqueFd, UniqueFd>> make_channel_pair();

struct Received {
    std::string text;
    std::vector<UniqueFd> descriptors;  // close-on-exec, in the order sent
};

// One message, of at most `largest` bytes, with `descriptors`, which stay the caller's. On a
// non-blocking socket whose peer does not read: ErrorCode::unavailable.
Status send_with_descriptors(int socket, std::string_view message, std::span<const int> descriptors,
                             std::size_t largest = kLargestMessage);

// The next message, of at most `largest` bytes, and the descriptors it carries, at most `most` (and
// kMostDescriptors). ErrorCode::unavailable: the peer is gone, or (non-blocking) nothing is there
// yet.
Result<Received> receive_with_descriptors(int socket, std::size_t most,
                                          std::size_t largest = kLargestMessage);

// One end, asynchronous. On one thread: its executor's.
//
// Destroying or closing it ends the operations that wait on it, with ErrorCode::unavailable.
class Channel {
  public:
    // Owns `socket` and makes it non-blocking. Throws boost::system::system_error if it is none
    // that can be waited for.
    Channel(boost::asio::any_io_executor executor, UniqueFd socket);

    // Sends one message; waits while the peer's queue is full. Several may wait at a time.
    // ErrorCode::unavailable: the peer is gone.
    boost::asio::awaitable<Status> send(std::string message);

    // The next message. One at a time. ErrorCode::unavailable: the peer is gone;
    // ErrorCode::invalid: the packet is refused, and the channel can go on.
    boost::asio::awaitable<Result<std::string>> receive();
    boost::asio::awaitable<Result<Received>> receive_with_descriptors(
        std::size_t most, std::size_t largest = kLargestMessage);

    void close();

  private:
    boost::asio::posix::stream_descriptor socket_;
};

}  // namespace portal::ipc
