#include "system/lab/web.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "system/lab/failure.h"
#include "system/lab/process.h"

namespace portal::lab {

namespace {

// Browsers open connections in advance, so this may wait in vain.
void answer_one(const UniqueFd& connection, const WebServer::Answer& answer) {
    std::string request;
    while (request.find("\r\n\r\n") == std::string::npos) {
        const auto more = receive(connection, std::chrono::seconds(2));
        if (!more) return;
        request += *more;
    }
    const std::string text = answer(request);
    ::send(connection.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

std::string page(const std::string& /*request*/) {
    return http_answer("200 OK", "", WebServer::kPage);
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char byte) {
        return static_cast<char>(std::tolower(byte));
    });
    return text;
}

void read_head(std::istringstream& text, WebAnswer& answer) {
    std::getline(text, answer.status_line);
    if (answer.status_line.ends_with('\r')) answer.status_line.pop_back();
    std::istringstream words(answer.status_line);
    std::string version;
    words >> version >> answer.status;
    for (std::string line; std::getline(text, line) && line != "\r";) {
        line.pop_back();
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos) fail("not a header: " + line);
        answer.headers.emplace(lower(line.substr(0, colon)), line.substr(colon + 2));
    }
}

}  // namespace

std::string http_answer(std::string_view status, std::string_view header, std::string_view body) {
    std::string text = "HTTP/1.1 ";
    text.append(status).append("\r\nConnection: close\r\n").append(header);
    // RFC 9110 §8.6: a 204 has no Content-Length.
    if (!status.starts_with("204"))
        text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    return text.append("\r\n").append(body);
}

WebServer::WebServer(const NetNamespace& host, const std::vector<Endpoint>& at, Answer answer)
    : answer_(answer ? std::move(answer) : page),
      stop_(must(::eventfd(0, EFD_CLOEXEC), "eventfd")) {
    for (const Endpoint& endpoint : at)
        listeners_.push_back(listen_tcp(host, endpoint));
    thread_ = std::thread([this] { serve(); });
}

WebServer::~WebServer() {
    ::eventfd_write(stop_.get(), 1);
    thread_.join();
}

void WebServer::serve() {
    std::vector<pollfd> wanted{{stop_.get(), POLLIN, 0}};
    for (const UniqueFd& listener : listeners_)
        wanted.push_back({listener.get(), POLLIN, 0});
    std::vector<std::jthread> answering;
    while (::poll(wanted.data(), wanted.size(), -1) > 0 && wanted[0].revents == 0) {
        for (std::size_t i = 1; i < wanted.size(); ++i) {
            if (wanted[i].revents == 0) continue;
            UniqueFd connection(::accept4(wanted[i].fd, nullptr, nullptr, SOCK_CLOEXEC));
            if (!connection) continue;
            answering.emplace_back(
                [this, connection = std::move(connection)] { answer_one(connection, answer_); });
        }
    }
}

std::string WebAnswer::header(const std::string& name) const {
    const auto [first, last] = headers.equal_range(name);
    if (first == last) return {};
    if (std::next(first) != last) fail("more than one header " + name);
    return first->second;
}

WebAnswer curl(const NetNamespace& from, const std::string& url,
               const std::vector<std::string>& options) {
    std::vector<std::string> command{
        "curl",      "--silent", "--show-error",      "--include", "--globoff",
        "--noproxy", "*",        "--connect-timeout", "2",         "--max-time",
        "10"};
    command.insert(command.end(), options.begin(), options.end());
    command.push_back(url);
    const Outcome outcome = run({.command = command, .where = &from});
    WebAnswer answer{.exit = outcome.exit, .error = outcome.err};
    if (outcome.out.empty()) return answer;
    std::istringstream text(outcome.out);
    read_head(text, answer);
    std::ostringstream body;
    body << text.rdbuf();
    answer.body = body.str();
    return answer;
}

}  // namespace portal::lab
