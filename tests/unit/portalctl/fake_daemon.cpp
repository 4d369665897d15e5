#include "fake_daemon.h"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <map>
#include <mutex>
#include <thread>
#include <variant>

namespace portal::portalctl::test {

namespace net = boost::asio;
namespace http = boost::beast::http;
using Local = net::local::stream_protocol;

namespace {

struct Document {
    unsigned status;
    std::string body;
};

struct Raw {
    std::string bytes;
    FakeDaemon::Then then;
};

}  // namespace

struct FakeDaemon::State {
    explicit State(const std::string& path)
        : acceptor(context, Local::endpoint(path)), thread([this] { serve(); }) {}

    ~State() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
            // Wakes the thread from whatever it waits for.
            ::shutdown(acceptor.native_handle(), SHUT_RDWR);
            if (connected >= 0) ::shutdown(connected, SHUT_RDWR);
        }
        thread.join();
    }

    void serve() {
        for (int connection = 1;; ++connection) {
            boost::system::error_code error;
            Local::socket peer(context);
            acceptor.accept(peer, error);
            {
                const std::lock_guard lock(mutex);
                if (stopping) return;
                if (error) continue;
                connected = peer.native_handle();
            }
            converse(peer, connection);
            const std::lock_guard lock(mutex);
            connected = -1;
            if (stopping) return;
        }
    }

    void converse(Local::socket& peer, int connection) {
        boost::beast::flat_buffer buffer;
        boost::system::error_code error;
        while (true) {
            http::request<http::string_body> request;
            http::read(peer, buffer, request, error);
            if (error) return;
            const std::string key =
                std::string(request.method_string()) + " " + std::string(request.target());
            std::variant<Document, Raw> answer =
                Document{404, R"({"type":"about:blank","title":"Not Found","status":404,)"
                              R"("detail":"no answer is prepared"})"};
            {
                const std::lock_guard lock(mutex);
                received.push_back(
                    {std::string(request.method_string()), std::string(request.target()),
                     std::string(request[http::field::content_type]), request.body(), connection});
                if (const auto found = answers.find(key); found != answers.end())
                    answer = found->second;
            }
            if (const auto* raw = std::get_if<Raw>(&answer)) {
                net::write(peer, net::buffer(raw->bytes), error);
                char rest = 0;
                if (raw->then == Then::keep_open) net::read(peer, net::buffer(&rest, 1), error);
                return;
            }
            const auto& document = std::get<Document>(answer);
            http::response<http::string_body> response(http::int_to_status(document.status), 11);
            response.set(http::field::content_type,
                         document.status == 200 ? "application/json" : "application/problem+json");
            response.body() = document.body;
            response.prepare_payload();
            http::write(peer, response, error);
            if (error) return;
        }
    }

    mutable std::mutex mutex;
    std::map<std::string, std::variant<Document, Raw>, std::less<>> answers;
    std::vector<Received> received;
    int connected = -1;
    bool stopping = false;
    net::io_context context;
    Local::acceptor acceptor;
    std::thread thread;  // last: it uses the rest
};

FakeDaemon::FakeDaemon()
    : socket_(directory_.path("portald.sock")), state_(std::make_unique<State>(socket_)) {}

FakeDaemon::~FakeDaemon() = default;

void FakeDaemon::answer(std::string_view request, std::string_view body, unsigned status) {
    const std::lock_guard lock(state_->mutex);
    state_->answers.insert_or_assign(std::string(request), Document{status, std::string(body)});
}

void FakeDaemon::answer_raw(std::string_view request, std::string_view bytes, Then then) {
    const std::lock_guard lock(state_->mutex);
    state_->answers.insert_or_assign(std::string(request), Raw{std::string(bytes), then});
}

std::vector<Received> FakeDaemon::received() const {
    const std::lock_guard lock(state_->mutex);
    return state_->received;
}

}  // namespace portal::portalctl::test
