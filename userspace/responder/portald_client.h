// portal-responder's side of its talk with portald: questions out, replies back, matched by id.
//
// On one thread: the executor's. Own it by shared_ptr; its coroutines keep it alive.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "ipc/channel.h"
#include "ipc/protocol.h"

namespace portal::responder {

using Question = decltype(ipc::Request::body);

class PortaldClient : public std::enable_shared_from_this<PortaldClient> {
  public:
    PortaldClient(boost::asio::any_io_executor executor, ipc::Channel channel,
                  std::chrono::milliseconds deadline);

    // Carries questions and replies until the channel ends. ErrorCode::unavailable: portald has
    // gone; any other: it sent what is no reply.
    boost::asio::awaitable<Error> run();

    // ErrorCode::invalid: the question itself cannot be asked (text too long, or not UTF-8);
    // ErrorCode::unavailable: no reply within the deadline, or portald has gone.
    boost::asio::awaitable<Result<ipc::Reply>> ask(Question question);

  private:
    struct Waiting {
        boost::asio::steady_timer until;  // cancelled when the reply is there
        std::optional<ipc::Reply> reply;
    };

    boost::asio::awaitable<void> write(std::shared_ptr<PortaldClient> self);
    void end();

    boost::asio::any_io_executor executor_;
    ipc::Channel channel_;
    const std::chrono::milliseconds deadline_;
    std::uint64_t last_id_ = 0;
    bool ended_ = false;
    std::map<std::uint64_t, Waiting*> waiting_;    // by id; each lives in the frame of its ask()
    std::map<std::uint64_t, std::string> unsent_;  // by id, and so in the order asked
    boost::asio::steady_timer work_;               // cancelled when something is to be sent
};

}  // namespace portal::responder
