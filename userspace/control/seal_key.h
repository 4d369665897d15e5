// The secret that responders seal forms and links with.
#pragma once

#include <string>

namespace portal::control {

// A new one, as ipc::Configuration::seal_key has it. It is kept in memory only: with portald, what
// was sealed ends too.
std::string make_seal_key();

}  // namespace portal::control
