// portald's end of the channel: answers as it is told, and remembers what it was asked.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/unique_fd.h"
#include "ipc/channel.h"
#include "ipc/protocol.h"

namespace portal::test {

class FakePortald {
  public:
    // None: no answer at all.
    using Answers = std::function<std::optional<ipc::Reply>(const ipc::Request&)>;

    // Answers on `context`'s thread. Outlives the context's run.
    FakePortald(boost::asio::io_context& context, UniqueFd socket, Answers answers);

    // Closes its end. On the context's thread.
    void hang_up() { channel_.close(); }

    std::vector<ipc::Request> requests() const;
    // Every request of that kind: `asked<ipc::SignIn>()`.
    template <typename Question>
    std::vector<Question> asked() const {
        std::vector<Question> found;
        for (const auto& request : requests())
            if (const auto* question = std::get_if<Question>(&request.body))
                found.push_back(*question);
        return found;
    }

  private:
    boost::asio::awaitable<void> run();

    ipc::Channel channel_;
    Answers answers_;
    mutable std::mutex mutex_;
    std::vector<ipc::Request> requests_;
};

// A stranger on the portal's own address 127.0.0.1.
ipc::Caller stranger();
// The same, signed in as "ada" for two hours more.
ipc::Caller guest();

}  // namespace portal::test
