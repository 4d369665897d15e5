// The web as the lab has it: servers on the internet, and curl.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "system/lab/net_namespace.h"
#include "system/lab/sockets.h"

namespace portal::lab {

// An answer in HTTP/1.1, after which the connection ends. `header` holds whole lines.
std::string http_answer(std::string_view status, std::string_view header, std::string_view body);

// Answers every HTTP request on its ports until destroyed: with a page that says kPage, or with
// what `answer` makes of the request's head. `answer` is called by several threads.
class WebServer {
  public:
    static constexpr std::string_view kPage = "This is the internet.\n";
    using Answer = std::function<std::string(const std::string& request)>;

    WebServer(const NetNamespace& host, const std::vector<Endpoint>& at, Answer answer = {});
    ~WebServer();
    WebServer(const WebServer&) = delete;
    WebServer& operator=(const WebServer&) = delete;

  private:
    void serve();

    Answer answer_;
    std::vector<UniqueFd> listeners_;
    UniqueFd stop_;  // an eventfd
    std::thread thread_;
};

// What curl brought.
struct WebAnswer {
    int exit = 0;       // of curl: 0 when there was an answer, 28 when there was none in time
    std::string error;  // curl's own words
    int status = 0;
    std::string status_line;
    std::multimap<std::string, std::string> headers;  // names in lower case
    std::string body;

    // The header's value, empty when it is not there; fails the test if it is there twice.
    std::string header(const std::string& name) const;
};

// `curl OPTIONS URL` on a host, which gives up after two seconds without a connection.
WebAnswer curl(const NetNamespace& from, const std::string& url,
               const std::vector<std::string>& options = {});

}  // namespace portal::lab
