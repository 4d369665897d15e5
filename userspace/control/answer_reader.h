// The process that reads DNS answers for portald, which reads nothing that strangers have a say in:
// portal-responder, once more, with that for its only work. Started again when it ends, later each
// time. Answers that come while none runs, or faster than it reads, are let go: clients ask again.
//
// One thread, the io_context's.
#pragma once

#include <sys/types.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/error.h"
#include "ipc/name_answer.h"

namespace portal::control {

class AnswerReader {
  public:
    // Messages that it has and has not answered.
    static constexpr std::size_t kMostOutstanding = 64;

    struct Options {
        std::filesystem::path program;
        std::string user;
        std::chrono::milliseconds first_wait{50};
        std::chrono::milliseconds longest_wait{5000};
    };
    using Learnt = std::function<void(const ipc::NameAnswer&)>;

    // `learnt` is called for each message that says something, with what it says: hostile, but of
    // the form that ipc::decode_name_answer() has.
    AnswerReader(boost::asio::io_context& context, Options options, Learnt learnt);
    ~AnswerReader();

    // Whether one is to run.
    void run(bool wanted);
    void read(std::span<const std::uint8_t> message);

    std::optional<pid_t> pid() const;

  private:
    struct Child;

    void start();
    Result<std::shared_ptr<Child>> launch();
    void listen(const std::shared_ptr<Child>& child);
    void ended(const std::shared_ptr<Child>& child);
    void start_later();

    boost::asio::io_context& context_;
    const Options options_;
    const Learnt learnt_;
    std::shared_ptr<Child> child_;
    bool wanted_ = false;
    std::chrono::milliseconds wait_;
    boost::asio::steady_timer timer_;
};

}  // namespace portal::control
