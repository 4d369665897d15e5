// portal-responder: answers strangers' HTTP, or reads the answers of their resolver, without
// privileges. Started by portald.
#include <sodium.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <string>

#include "answers.h"
#include "base/log.h"
#include "base/unique_fd.h"
#include "ipc/protocol.h"
#include "responder/sandbox.h"
#include "service.h"

namespace {

constexpr int kFailure = 1;
constexpr int kUsage = 2;

bool is_channel(int fd) {
    int type = 0;
    socklen_t size = sizeof type;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

int run(const std::string& user, bool read_answers) {
    using namespace portal;
    if (!is_channel(ipc::kResponderFd)) {
        log_error({ErrorCode::invalid, "file descriptor 3 is not a channel to portald",
                   "portal-responder is started by portald, not by hand"});
        return kUsage;
    }
    UniqueFd channel(ipc::kResponderFd);
    if (sodium_init() < 0) {
        log_error({ErrorCode::system, "libsodium does not start", {}});
        return kFailure;
    }
    if (const Status dropped = responder::drop_privileges(user); !dropped) {
        log_error(dropped.error());
        return kFailure;
    }
    if (read_answers) return responder::read_answers(channel);
    return responder::serve_strangers(std::move(channel));
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__)
// LeakSanitizer looks for leaks by tracing the process, which the sandbox forbids.
extern "C" int __lsan_is_turned_off() {
    return 1;
}
#endif

int main(int argc, char** argv) {
    portal::start_log("portal-responder");
    CLI::App app("Answers strangers' HTTP requests. Started by portald.", "portal-responder");
    std::string user;
    app.add_option("--user", user, "the unprivileged user to run as")->required();
    bool read_answers = false;
    app.add_flag("--read-answers", read_answers, "read DNS answers instead");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kUsage;
    }
    try {
        return run(user, read_answers);
    } catch (const std::exception& error) {
        portal::log_error({portal::ErrorCode::system, error.what(), {}});
        return kFailure;
    }
}
