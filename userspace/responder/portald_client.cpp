#include "responder/portald_client.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace portal::responder {

namespace asio = boost::asio;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace

PortaldClient::PortaldClient(asio::any_io_executor executor, ipc::Channel channel,
                             std::chrono::milliseconds deadline)
    : executor_(executor),
      channel_(std::move(channel)),
      deadline_(deadline),
      work_(executor, asio::steady_timer::time_point::max()) {}

asio::awaitable<Error> PortaldClient::run() {
    const auto self = shared_from_this();
    asio::co_spawn(executor_, write(self), asio::detached);
    for (;;) {
        const Result<std::string> text = co_await channel_.receive();
        if (!text) {
            end();
            co_return text.error();
        }
        Result<ipc::Reply> reply = ipc::decode_reply(*text);
        if (!reply) {
            end();
            co_return within("portald's reply", std::move(reply).error());
        }
        // Nobody waits for it: the deadline has passed.
        const auto entry = waiting_.find(reply->id);
        if (entry == waiting_.end()) continue;
        entry->second->reply = std::move(*reply);
        entry->second->until.cancel();
    }
}

asio::awaitable<Result<ipc::Reply>> PortaldClient::ask(Question question) {
    const auto self = shared_from_this();
    if (ended_) co_return fail(ErrorCode::unavailable, "portald has gone");
    const std::uint64_t id = ++last_id_;
    std::string text = ipc::encode(ipc::Request{id, std::move(question)});
    // portald treats what it cannot read as an attack, so it is not sent.
    if (const auto sound = ipc::decode_request(text); !sound)
        co_return fail(ErrorCode::invalid, sound.error().what);

    Waiting waiting{asio::steady_timer(executor_, deadline_), std::nullopt};
    waiting_.emplace(id, &waiting);
    unsent_.emplace(id, std::move(text));
    work_.cancel();
    co_await waiting.until.async_wait(kAwait);
    waiting_.erase(id);
    unsent_.erase(id);
    if (!waiting.reply) co_return fail(ErrorCode::unavailable, "portald does not answer");
    co_return std::move(*waiting.reply);
}

asio::awaitable<void> PortaldClient::write([[maybe_unused]] std::shared_ptr<PortaldClient> self) {
    while (!ended_) {
        if (unsent_.empty()) {
            co_await work_.async_wait(kAwait);
            continue;
        }
        std::string text = std::move(unsent_.begin()->second);
        unsent_.erase(unsent_.begin());
        // The reader sees the end too, and tells it.
        const Status sent = co_await channel_.send(std::move(text));
        if (!sent) co_return;
    }
}

void PortaldClient::end() {
    ended_ = true;
    channel_.close();
    work_.cancel();
    for (const auto& [id, waiting] : waiting_)
        waiting->until.cancel();
}

}  // namespace portal::responder
