// What a stranger may be sent: answers to what it may ask.
#pragma once

#include "bpf/model/frame.h"

namespace portal::model {

// `local`: made by the gateway itself, not forwarded.
Verdict stranger_receives(const Frame& frame, bool local);

}  // namespace portal::model
