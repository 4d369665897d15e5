// The responder's life: hear from portald what to serve, lock the door behind, serve.
#pragma once

#include "base/unique_fd.h"

namespace portal::responder {

// Serves until portald's end of `channel` closes, or until SIGTERM or SIGINT has come and the
// connections there were have ended, within ipc::kFinishTime. Returns the exit status: 0 then; 1
// when portald sends what it should not, or the seccomp filter fails.
// drop_privileges() has been called.
int serve_strangers(UniqueFd channel);

}  // namespace portal::responder
