#include "portalctl/interrupt.h"

#include <sys/signalfd.h>
#include <unistd.h>

namespace portal::portalctl {

Interrupt::Interrupt() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&ending, signal);
    sigset_t held = ending;
    sigaddset(&held, SIGTSTP);
    sigprocmask(SIG_BLOCK, &held, &before_);
    fd_.reset(signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd_) sigprocmask(SIG_SETMASK, &before_, nullptr);
}

Interrupt::~Interrupt() {
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

void Interrupt::accept() {
    signalfd_siginfo signal;
    while (read(fd_.get(), &signal, sizeof signal) == sizeof signal) {
    }
}

}  // namespace portal::portalctl
