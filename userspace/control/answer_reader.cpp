#include "control/answer_reader.h"

#include <fcntl.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "control/responder_process.h"
#include "ipc/channel.h"

namespace portal::control {

namespace asio = boost::asio;

struct AnswerReader::Child {
    Child(asio::io_context& context, ResponderProcess started, UniqueFd socket)
        : process(std::move(started)),
          exit(context, fcntl(process.pidfd(), F_DUPFD_CLOEXEC, 0)),
          channel(context.get_executor(), std::move(socket)) {}

    void close() {
        boost::system::error_code ignored;
        exit.cancel(ignored);
        channel.close();
    }

    ResponderProcess process;
    asio::posix::stream_descriptor exit;  // a copy of its pidfd
    ipc::Channel channel;
    std::size_t outstanding = 0;
};

AnswerReader::AnswerReader(asio::io_context& context, Options options, Learnt learnt)
    : context_(context),
      options_(std::move(options)),
      learnt_(std::move(learnt)),
      wait_(options_.first_wait),
      timer_(context) {}

AnswerReader::~AnswerReader() {
    run(false);
}

void AnswerReader::run(bool wanted) {
    if (std::exchange(wanted_, wanted) == wanted) return;
    timer_.cancel();
    wait_ = options_.first_wait;
    if (wanted) return start();
    if (!child_) return;
    // It has nothing to finish.
    child_->close();
    child_->process.kill();
    child_->process.reap();
    child_.reset();
}

std::optional<pid_t> AnswerReader::pid() const {
    if (!child_) return std::nullopt;
    return child_->process.pid();
}

void AnswerReader::read(std::span<const std::uint8_t> message) {
    if (!child_ || child_->outstanding >= kMostOutstanding) return;
    ++child_->outstanding;
    // A reader that is gone is noticed by its end.
    asio::co_spawn(
        context_,
        [](std::shared_ptr<Child> child, std::string text) -> asio::awaitable<void> {
            (void)co_await child->channel.send(std::move(text));
        }(child_, std::string(message.begin(), message.end())),
        asio::detached);
}

void AnswerReader::start() {
    auto launched = launch();
    if (!launched) {
        log_error(launched.error());
        return start_later();
    }
    child_ = *std::move(launched);
    child_->exit.async_wait(asio::posix::stream_descriptor::wait_read,
                            [this, child = child_](const boost::system::error_code& error) {
                                if (!error) ended(child);
                            });
    listen(child_);
}

Result<std::shared_ptr<AnswerReader::Child>> AnswerReader::launch() {
    TRY_ASSIGN(auto ends, ipc::make_channel_pair());
    TRY_ASSIGN(auto process, ResponderProcess::spawn(options_.program, options_.user,
                                                     ends.second.get(), {"--read-answers"}));
    return std::make_shared<Child>(context_, std::move(process), std::move(ends.first));
}

void AnswerReader::listen(const std::shared_ptr<Child>& child) {
    asio::co_spawn(
        context_,
        [](std::shared_ptr<Child> reader, Learnt learnt) -> asio::awaitable<void> {
            for (;;) {
                const auto text = co_await reader->channel.receive();
                if (!text) co_return;
                const auto answer = ipc::decode_name_answer(*text);
                if (!answer || reader->outstanding == 0) {
                    // What sends nonsense has a fault or another master; either ends here.
                    spdlog::error("the reader of DNS answers sent what is no reply: {}",
                                  answer ? "" : printable(answer.error().what));
                    reader->process.kill();
                    co_return;
                }
                --reader->outstanding;
                if (!answer->name.empty()) learnt(*answer);
            }
        }(child, learnt_),
        asio::detached);
}

void AnswerReader::ended(const std::shared_ptr<Child>& child) {
    if (child != child_) return;
    child->close();
    spdlog::warn("the reader of DNS answers {}", child->process.reap());
    child_.reset();
    start_later();
}

void AnswerReader::start_later() {
    timer_.expires_after(wait_);
    wait_ = std::min(2 * wait_, options_.longest_wait);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error && wanted_) start();
    });
}

}  // namespace portal::control
