// What a client that the gate knows may send, and what may be sent to it.
#pragma once

#include "bpf/model/frame.h"

namespace portal::model {

// `entry` counts. Of a frame without link_faults.
Verdict member_sends(const Frame& frame, const client& entry);
Verdict member_receives(const client& entry);

}  // namespace portal::model
