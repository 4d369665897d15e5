// The other work that portal-responder is started for: reading DNS answers for portald.
#pragma once

#include "base/unique_fd.h"

namespace portal::responder {

// Answers each message on `channel` with what it says, until portald is gone; returns the exit
// status. Has nothing but that socket.
int read_answers(const UniqueFd& channel);

}  // namespace portal::responder
