#include "http/server.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>

#include "base/log.h"
#include "http/connection.h"
#include "http/peer_limits.h"

namespace portal::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// How long to pause for a place, or for descriptors or memory, if no connection ends meanwhile.
constexpr std::chrono::milliseconds kShortagePause{100};

std::optional<tcp::endpoint> to_endpoint(const sockaddr_storage& address, socklen_t size) {
    tcp::endpoint endpoint;
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return std::nullopt;
    if (size > endpoint.capacity()) return std::nullopt;
    std::memcpy(endpoint.data(), &address, size);
    endpoint.resize(size);
    return endpoint;
}

Peer peer_of(int socket, const sockaddr_storage& remote, socklen_t remote_size) {
    Peer peer;
    if (remote.ss_family == AF_UNIX) {
        ucred credentials{};
        socklen_t size = sizeof credentials;
        if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0)
            peer.uid = credentials.uid;
        return peer;
    }
    peer.remote = to_endpoint(remote, remote_size);
    sockaddr_storage local{};
    socklen_t size = sizeof local;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&local), &size) == 0)
        peer.local = to_endpoint(local, size);
    return peer;
}

// A listening socket, and what its connections have in common.
class Listener final : public Serving, public std::enable_shared_from_this<Listener> {
  public:
    Listener(asio::io_context& context, UniqueFd socket, std::shared_ptr<Handler> handler,
             const Limits& limits, std::shared_ptr<asio::ssl::context> tls)
        : context_(context),
          socket_(context),
          service_{.handler = std::move(handler),
                   .tls = std::move(tls),
                   .limits = limits,
                   .waiting = {},
                   .finishing = false},
          peers_(limits.connections_per_peer),
          place_free_(context) {
        socket_.assign(socket.get());
        (void)socket.release();
        socket_.native_non_blocking(true);
    }

    // `self` keeps the listener while the coroutine runs.
    asio::awaitable<void> run([[maybe_unused]] std::shared_ptr<Listener> self) {
        for (;;) {
            if (service_.finishing) co_return;
            sockaddr_storage remote{};
            socklen_t size = sizeof remote;
            UniqueFd socket(accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&remote),
                                    &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
            if (socket) {
                co_await admit(std::move(socket), remote, size);
                continue;
            }
            switch (errno) {
                case EAGAIN: {
                    const auto [error] = co_await socket_.async_wait(
                        asio::posix::stream_descriptor::wait_read, kAwait);
                    if (error) co_return;
                    break;
                }
                case EMFILE:
                case ENFILE:
                case ENOBUFS:
                case ENOMEM:
                    co_await make_place();
                    break;
                case EBADF:
                case EINVAL:
                case ENOTSOCK:
                    log_error(fail_errno("accept").error());
                    co_return;
                default:  // accept(2): an error of the new connection, not of the listener
                    break;
            }
        }
    }

    asio::awaitable<void> finish() override {
        const auto self = shared_from_this();
        service_.finishing = true;
        socket_.close();
        while (open_ != 0)
            co_await wait_for_place();
    }

  private:
    // One connection's place in the counts, as long as it lives.
    class Place {
      public:
        Place(std::shared_ptr<Listener> listener, const Peer& peer)
            : listener_(std::move(listener)) {
            if (peer.remote) address_ = peer.remote->address();
            ++listener_->open_;
        }
        Place(Place&&) = default;
        Place& operator=(Place&&) = delete;
        ~Place() {
            if (!listener_) return;
            --listener_->open_;
            if (address_) listener_->peers_.release(*address_);
            listener_->place_free_.cancel();
        }

      private:
        std::shared_ptr<Listener> listener_;
        std::optional<asio::ip::address> address_;
    };

    // Whoever comes to a full house waits here until there is a place.
    asio::awaitable<void> admit(UniqueFd accepted, const sockaddr_storage& remote, socklen_t size) {
        Peer peer = peer_of(accepted.get(), remote, size);
        if (peer.remote && !peers_.admit(peer.remote->address())) co_return;
        Place place(shared_from_this(), peer);
        while (open_ > service_.limits.connections)
            co_await make_place();
        peer.secure = service_.tls != nullptr;
        Transport::Socket socket(context_);
        boost::system::error_code error;
        socket.assign({remote.ss_family, 0}, accepted.get(), error);
        if (error) co_return;
        (void)accepted.release();
        asio::co_spawn(context_, serve_one(std::move(socket), std::move(peer), std::move(place)),
                       asio::detached);
    }

    asio::awaitable<void> serve_one(Transport::Socket socket, Peer peer,
                                    [[maybe_unused]] Place place) {
        try {
            Connection connection(std::move(socket), std::move(peer), service_);
            co_await connection.run();
        } catch (const std::exception& error) {
            spdlog::error("a connection ended: {}", error.what());
        }
    }

    // Whoever has waited longest goes; if nobody waits, whoever is done next.
    asio::awaitable<void> make_place() {
        service_.waiting.end_longest();
        co_await wait_for_place();
    }

    // Until a connection ends, or a moment has passed.
    asio::awaitable<void> wait_for_place() {
        place_free_.expires_after(kShortagePause);
        co_await place_free_.async_wait(kAwait);
    }

    asio::io_context& context_;
    asio::posix::stream_descriptor socket_;
    Service service_;
    PeerLimits peers_;
    std::size_t open_ = 0;
    asio::steady_timer place_free_;  // cancelled whenever a connection ends
};

}  // namespace

std::shared_ptr<Serving> serve(asio::io_context& context, UniqueFd listener,
                               std::shared_ptr<Handler> handler, const Limits& limits,
                               std::shared_ptr<asio::ssl::context> tls) {
    try {
        auto server = std::make_shared<Listener>(context, std::move(listener), std::move(handler),
                                                 limits, std::move(tls));
        asio::co_spawn(context, server->run(server), asio::detached);
        return server;
    } catch (const std::exception& error) {
        log_error({ErrorCode::system, std::string("serving a socket: ") + error.what(), {}});
        return nullptr;
    }
}

}  // namespace portal::http
