#include "portalctl/password.h"

#include <termios.h>

#include <optional>
#include <utility>

#include "portalctl/interrupt.h"

namespace portal::portalctl {

namespace {

// The terminal shows nothing of what is typed while this lives.
class EchoOff {
  public:
    explicit EchoOff(int fd) : fd_(fd) {
        if (tcgetattr(fd, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ECHONL;
        off_ = tcsetattr(fd, TCSAFLUSH, &silent) == 0;
    }
    ~EchoOff() {
        if (off_) tcsetattr(fd_, TCSAFLUSH, &before_);
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;

    bool is_off() const { return off_; }

  private:
    int fd_;
    termios before_{};
    bool off_ = false;
};

Outcome<std::string> read_line(LineReader& in, int interrupt) {
    TRY_ASSIGN(auto line, in.next(interrupt));
    if (!line) return stop(Exit::failed, "no password is given");
    return *std::move(line);
}

}  // namespace

Outcome<std::string> read_password(Context& context) {
    if (!context.in.is_terminal()) return read_line(context.in, -1);
    Interrupt interrupt;
    const EchoOff echo_off(context.in.fd());
    if (!echo_off.is_off())
        return stop(Exit::failed, "the terminal cannot be kept from showing the password",
                    "give it on standard input");
    context.out.prompt("Password: ");
    TRY_ASSIGN(std::string password, read_line(context.in, interrupt.fd()));
    context.out.prompt("Again: ");
    TRY_ASSIGN(const std::string again, read_line(context.in, interrupt.fd()));
    if (password != again) return stop(Exit::failed, "the two passwords differ");
    return password;
}

}  // namespace portal::portalctl
