// The daemon's API with prepared answers, on a Unix socket, one connection at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "temporary_directory.h"

namespace portal::portalctl::test {

// What a request was.
struct Received {
    std::string method;
    std::string target;
    std::string content_type;
    std::string body;
    int connection = 0;  // counted from 1
};

class FakeDaemon {
  public:
    enum class Then { keep_open, close };

    FakeDaemon();
    ~FakeDaemon();

    const std::string& socket() const { return socket_; }

    // `request` is "GET /v1/status". The content type goes by the status. What has no answer
    // gets 404.
    void answer(std::string_view request, std::string_view body, unsigned status = 200);
    // Bytes as they are, then the connection is closed or kept open, unread, until the end.
    void answer_raw(std::string_view request, std::string_view bytes, Then then);

    std::vector<Received> received() const;

  private:
    struct State;

    TemporaryDirectory directory_;
    std::string socket_;
    std::unique_ptr<State> state_;
};

}  // namespace portal::portalctl::test
