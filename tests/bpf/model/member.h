// What a client that the gate knows may send, and what may be sent to it.
#pragma once

#include "bpf/model/client.h"
#include "bpf/model/frame.h"
#include "bpf/model/sender.h"

namespace portal::model {

// `entry` counts. Of a frame without link_faults.
Verdict member_sends(const Frame& frame, const client& entry);
Verdict member_receives(const Frame& frame, const client& entry, Sender sender);

}  // namespace portal::model
