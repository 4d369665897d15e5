// portald's end of the talk with one responder: questions in, answers out, each side's pace
// bounded by the other's.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>
#include <memory>

#include "ipc/channel.h"
#include "ipc/protocol.h"

namespace portal::control {

// On one thread: the executor's. Own it by shared_ptr; answers under way keep it alive.
class ResponderLink {
  public:
    // Questions taken from the responder that have no answer yet; more wait in its socket.
    static constexpr std::size_t kMostOutstanding = 256;

    using Ask = std::function<void(const ipc::Request&, std::function<void(const ipc::Reply&)>)>;

    ResponderLink(boost::asio::any_io_executor executor, UniqueFd channel, Ask ask);

    // Carries questions until the channel ends. ErrorCode::unavailable: the responder is gone;
    // any other: it sent what is no question, and is not to be talked with further.
    static boost::asio::awaitable<Error> run(std::shared_ptr<ResponderLink> self);

    void close();

  private:
    static boost::asio::awaitable<void> send(std::shared_ptr<ResponderLink> self, ipc::Reply reply);

    ipc::Channel channel_;
    const Ask ask_;
    std::size_t outstanding_ = 0;
    boost::asio::steady_timer place_free_;  // cancelled when an answer is sent
};

}  // namespace portal::control
