// SIGINT, SIGTERM and SIGHUP as a readable descriptor for as long as this lives, so that a wait
// can end in order. SIGTSTP is held back meanwhile. For a process of one thread.
#pragma once

#include <csignal>

#include "base/unique_fd.h"

namespace portal::portalctl {

class Interrupt {
  public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    // Readable once a signal has come. -1 where the kernel refused: signals then do as ever.
    int fd() const { return fd_.get(); }
    // Takes the signal that came, if one did: it then does nothing more.
    void accept();

  private:
    sigset_t before_{};
    UniqueFd fd_;
};

}  // namespace portal::portalctl
