#include "unit/responder/fake_portald.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace portal::test {

FakePortald::FakePortald(boost::asio::io_context& context, UniqueFd socket, Answers answers)
    : channel_(context.get_executor(), std::move(socket)), answers_(std::move(answers)) {
    boost::asio::co_spawn(context, run(), boost::asio::detached);
}

std::vector<ipc::Request> FakePortald::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

boost::asio::awaitable<void> FakePortald::run() {
    for (;;) {
        const Result<std::string> text = co_await channel_.receive();
        if (!text) co_return;
        const Result<ipc::Request> request = ipc::decode_request(*text);
        if (!request) {
            ADD_FAILURE() << "the responder sent no request: " << request.error().what;
            co_return;
        }
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(*request);
        }
        std::optional<ipc::Reply> reply = answers_(*request);
        if (!reply) continue;
        reply->id = request->id;
        const Status sent = co_await channel_.send(ipc::encode(*reply));
        if (!sent) co_return;
    }
}

ipc::Caller stranger() {
    ipc::Caller caller;
    caller.client = ClientId{Mac{{2, 0, 0, 0, 0, 1}}, 0};
    caller.to_portal = true;
    caller.portal_address = *parse_ip_address("127.0.0.1");
    return caller;
}

ipc::Caller guest() {
    ipc::Caller caller = stranger();
    caller.state = ClientState::authorized;
    caller.user = "ada";
    caller.remaining = std::chrono::hours(2);
    caller.usage =
        Usage{.rx_packets = 1, .rx_bytes = 2'300'000, .tx_packets = 2, .tx_bytes = 10'000'000};
    return caller;
}

}  // namespace portal::test
