// One connection of the server: requests in, answers out, an orderly end.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <string_view>

#include "http/first_bytes.h"
#include "http/server.h"
#include "http/transport.h"
#include "http/waiting_list.h"

namespace portal::http {

// What the connections of one listener have in common.
struct Service {
    std::shared_ptr<Handler> handler;
    std::shared_ptr<boost::asio::ssl::context> tls;  // none: plain
    Limits limits;
    WaitingList waiting;     // every connection that has no request to be answered
    bool finishing = false;  // the answers are the last
};

class Connection final : public Waiting {
  public:
    // `service` outlives this.
    Connection(Transport::Socket socket, Peer peer, Service& service);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // From the first request to the close. Throws nothing of its own.
    boost::asio::awaitable<void> run();

    void give_up() override { transport_.abort(); }

  private:
    // Waits for the peer from now on, until the deadline at most.
    void wait_for_peer(std::chrono::seconds longest);
    // One request and its answer. Returns whether another may follow.
    boost::asio::awaitable<bool> exchange();
    boost::asio::awaitable<FirstBytes> read_first_bytes();
    boost::asio::awaitable<Answer> ask_handler(const Request& request);
    boost::asio::awaitable<bool> refuse(boost::beast::http::status status, std::string_view why,
                                        bool head);
    boost::asio::awaitable<bool> write(Response response, bool head, bool keep_alive);
    boost::asio::awaitable<bool> write(Stream answer, bool head);

    Service& service_;
    Transport transport_;
    boost::beast::flat_buffer buffer_;
    const Peer peer_;
};

}  // namespace portal::http
