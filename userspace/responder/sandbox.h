// What the process that speaks with strangers gives up before it does.
//
// Both calls are for the whole process, cannot be undone, and are to be made while it has one
// thread. On failure the process is in between, and should end.
#pragma once

#include <string>

#include "base/error.h"

namespace portal::responder {

// Becomes `user`, from root, without supplementary groups and with an empty bounding set, or stays
// it; either way with no capability, no_new_privs, no core dumps, and not to be traced. Checks
// that it took.
// ErrorCode::not_found: there is no such user.
Status drop_privileges(const std::string& user);

// Allows the system calls that serving needs on sockets already open, and no others: no file, no
// new socket, no connection out, no program, no process. Opening a file fails with EPERM, since
// libraries try; the rest ends the process.
Status enter_seccomp();

}  // namespace portal::responder
