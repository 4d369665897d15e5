#include "control/responder_link.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <utility>

namespace portal::control {

namespace asio = boost::asio;

ResponderLink::ResponderLink(asio::any_io_executor executor, UniqueFd channel, Ask ask)
    : channel_(executor, std::move(channel)), ask_(std::move(ask)), place_free_(executor) {}

asio::awaitable<Error> ResponderLink::run(std::shared_ptr<ResponderLink> self) {
    for (;;) {
        while (self->outstanding_ >= kMostOutstanding) {
            self->place_free_.expires_at(asio::steady_timer::time_point::max());
            co_await self->place_free_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        Result<std::string> message = co_await self->channel_.receive();
        if (!message) co_return std::move(message).error();
        const Result<ipc::Request> request = ipc::decode_request(*message);
        if (!request) co_return request.error();
        ++self->outstanding_;
        self->ask_(*request, [self](const ipc::Reply& reply) {
            asio::co_spawn(self->place_free_.get_executor(), send(self, reply), asio::detached);
        });
    }
}

asio::awaitable<void> ResponderLink::send(std::shared_ptr<ResponderLink> self, ipc::Reply reply) {
    // A responder that is gone is noticed by run().
    (void)co_await self->channel_.send(ipc::encode(reply));
    --self->outstanding_;
    self->place_free_.cancel();
}

void ResponderLink::close() {
    channel_.close();
    place_free_.cancel();
}

}  // namespace portal::control
