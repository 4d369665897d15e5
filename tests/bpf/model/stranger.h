// What a stranger may send, written from the rules and not from the dataplane's code.
#pragma once

#include "bpf/model/frame.h"

namespace portal::model {

Verdict stranger_sends(const Frame& frame);

}  // namespace portal::model
