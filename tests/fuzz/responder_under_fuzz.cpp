#include "responder_under_fuzz.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sodium.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>

#include "base/unique_fd.h"
#include "http/server.h"
#include "invariant.h"
#include "responder/application.h"
#include "responder/portald_client.h"

namespace portal::fuzz {

namespace asio = boost::asio;

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

UniqueFd listen_on_loopback(std::uint16_t& port) {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    require(bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
    require(listen(socket.get(), 16) == 0, "listen");
    require(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0,
            "getsockname");
    port = ntohs(address.sin_port);
    return socket;
}

// libFuzzer's watchdog is a signal, which interrupts a connect() that waits; it then goes on by
// itself (connect(2), EINTR).
bool connect_despite_signals(int socket, const sockaddr_in& address) {
    if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return true;
    if (errno != EINTR) return false;
    pollfd connected{.fd = socket, .events = POLLOUT, .revents = 0};
    while (poll(&connected, 1, -1) < 0)
        if (errno != EINTR) return false;
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

// Closing it leaves no TIME_WAIT behind, of which millions of inputs would leave too many.
UniqueFd connect_to_loopback(std::uint16_t port) {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    require(setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0,
            "SO_LINGER");
    require(connect_despite_signals(socket.get(), loopback(port)), "connect");
    return socket;
}

ipc::Configuration configuration() {
    ipc::Configuration all;
    all.portal_name = "Example <venue> & \"friends\"";
    all.hostname = std::string(kPortalHost);
    all.click_through = true;
    all.password = true;
    all.voucher = true;
    all.remote = true;
    all.terms = "Be <kind>.\n\nBe & stay so.";
    return all;
}

}  // namespace

ResponderUnderFuzz::ResponderUnderFuzz() {
    require(sodium_init() >= 0, "libsodium starts");
    auto pair = ipc::make_channel_pair();
    require(pair.has_value(), "a channel");
    portald_ = std::make_unique<ipc::Channel>(context_.get_executor(), std::move(pair->first));
    asio::co_spawn(context_, answer_questions(), asio::detached);
    const auto client = std::make_shared<responder::PortaldClient>(
        context_.get_executor(), ipc::Channel(context_.get_executor(), std::move(pair->second)),
        std::chrono::seconds(3));
    asio::co_spawn(context_, client->run(), asio::detached);
    http::serve(context_, listen_on_loopback(port_),
                std::make_shared<responder::Application>(configuration(), client), http::Limits{});

    const std::string page =
        talk("GET / HTTP/1.1\r\nHost: portal.example.net\r\n\r\n", CallerKind::stranger);
    constexpr std::string_view before = "name=\"token\" value=\"";
    const std::size_t at = page.find(before);
    require(at != std::string::npos, "the sign-in page has a token", page);
    const std::size_t start = at + before.size();
    form_token_ = page.substr(start, page.find('"', start) - start);
}

std::string ResponderUnderFuzz::talk(std::string_view bytes, CallerKind caller) {
    caller_ = caller;
    const UniqueFd socket = connect_to_loopback(port_);
    std::string got;
    bool sending = true;
    for (;;) {
        if (sending) {
            const ssize_t sent =
                send(socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
            sending = !bytes.empty() && (sent >= 0 || errno == EAGAIN);
            if (!sending) (void)shutdown(socket.get(), SHUT_WR);
        }
        context_.run_one_for(std::chrono::milliseconds(1));
        context_.poll();
        std::array<char, 4096> chunk;
        const ssize_t size = recv(socket.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
        if (size > 0) got.append(chunk.data(), static_cast<std::size_t>(size));
        if (size == 0 || (size < 0 && errno != EAGAIN)) return got;
    }
}

asio::awaitable<void> ResponderUnderFuzz::answer_questions() {
    for (;;) {
        const Result<std::string> text = co_await portald_->receive();
        if (!text) co_return;
        const Result<ipc::Request> request = ipc::decode_request(*text);
        require(request.has_value(), "what the responder asks can be read", *text);
        const Status sent = co_await portald_->send(ipc::encode(reply_to(*request)));
        if (!sent) co_return;
    }
}

ipc::Reply ResponderUnderFuzz::reply_to(const ipc::Request& request) const {
    ipc::Reply reply;
    reply.id = request.id;
    if (caller_ == CallerKind::unknown) {
        reply.outcome = ipc::Outcome::unknown;
        return reply;
    }
    if (std::holds_alternative<ipc::SignIn>(request.body) ||
        std::holds_alternative<ipc::RemoteReturn>(request.body))
        reply.outcome = ipc::Outcome::refused;
    if (std::holds_alternative<ipc::RemoteStart>(request.body))
        reply.location = "https://venue.example.net/?token=a.b.c";
    ipc::Caller& caller = reply.caller;
    caller.client = ClientId{Mac{{2, 0, 0, 0, 0, 1}}, 0};
    caller.to_portal = true;
    caller.portal_address = *parse_ip_address("127.0.0.1");
    if (caller_ == CallerKind::guest) {
        caller.state = ClientState::authorized;
        caller.user = "<ada>";
        caller.remaining = std::chrono::hours(2);
        caller.data_remaining = 5'000'000;
        caller.usage = Usage{1, 2, 3, 4};
    }
    return reply;
}

}  // namespace portal::fuzz
