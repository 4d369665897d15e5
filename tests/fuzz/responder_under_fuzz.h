// The responder on a loopback socket, with a portald that knows every caller, all on one thread:
// an input is one connection from its first byte to its close.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ipc/channel.h"
#include "ipc/protocol.h"

namespace portal::fuzz {

// Who the portald of these tests says is calling.
enum class CallerKind { stranger, guest, unknown };

class ResponderUnderFuzz {
  public:
    ResponderUnderFuzz();

    // All that comes back of a connection that sends `bytes` and then ends its side.
    std::string talk(std::string_view bytes, CallerKind caller);

    // What a form of this responder's carries for the caller of these tests.
    const std::string& form_token() const { return form_token_; }

  private:
    boost::asio::awaitable<void> answer_questions();
    ipc::Reply reply_to(const ipc::Request& request) const;

    boost::asio::io_context context_{1};
    std::unique_ptr<ipc::Channel> portald_;
    std::uint16_t port_ = 0;
    CallerKind caller_ = CallerKind::stranger;
    std::string form_token_;
};

// The name of the portal of these tests.
inline constexpr std::string_view kPortalHost = "portal.example.net";

}  // namespace portal::fuzz
