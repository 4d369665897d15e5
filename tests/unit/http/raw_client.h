// A client that sends what it is told, byte for byte, and reads what comes.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace portal::test {

// A response, taken apart without mercy: ill-formed ones fail the test that reads them.
struct RawResponse {
    std::string status_line;
    std::vector<std::pair<std::string, std::string>> fields;  // names in lower case
    std::string body;

    int status() const;
    std::size_t count(std::string_view name) const;
    // The value of the only field of that name; empty if there is none.
    std::string field(std::string_view name) const;
};

class RawClient {
  public:
    static RawClient to_loopback(std::uint16_t port, int family = AF_INET);
    // From 127.0.0.0/8, an address in host order.
    static RawClient from_loopback(std::uint32_t source, std::uint16_t port);
    // Whether anybody listens.
    static bool reaches(std::uint16_t port);
    static RawClient to_unix(const std::string& path);

    // Whether all of it went out.
    bool send(std::string_view bytes);
    void shutdown_send();
    // Until the server ends the connection. `reset()` tells whether it was by RST.
    std::string read_to_end();
    // One response of a connection that stays open, by its Content-Length.
    std::string read_response();
    bool reset() const { return reset_; }
    int fd() const { return socket_.get(); }

  private:
    explicit RawClient(UniqueFd socket) : socket_(std::move(socket)) {}

    UniqueFd socket_;
    bool reset_ = false;
};

RawResponse parse_response(std::string_view bytes);

// A listening TCP socket on a loopback port of the kernel's choosing.
UniqueFd listen_on_loopback(int family = AF_INET);
UniqueFd listen_on_unix(const std::string& path);
std::uint16_t port_of(int socket);

}  // namespace portal::test
