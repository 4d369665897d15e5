#include "answers.h"

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <span>

#include "base/log.h"
#include "ipc/name_answer.h"
#include "ipc/protocol.h"
#include "responder/dns_answer.h"
#include "responder/sandbox.h"

namespace portal::responder {

int read_answers(const UniqueFd& channel) {
    if (const Status closed = enter_seccomp(); !closed) {
        log_error(closed.error());
        return 1;
    }
    std::array<std::uint8_t, ipc::kLargestMessage> buffer{};
    for (;;) {
        const ssize_t size = recv(channel.get(), buffer.data(), buffer.size(), 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return 0;
        const auto answer =
            read_dns_answer(std::span(buffer).first(static_cast<std::size_t>(size)));
        const std::string text = ipc::encode(answer.value_or(ipc::NameAnswer{}));
        if (send(channel.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return 0;
    }
}

}  // namespace portal::responder
