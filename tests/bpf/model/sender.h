// Who made a packet that goes to a client.
#pragma once

namespace portal::model {

enum class Sender {
    gateway,
    uplink,  // forwarded
    client,  // forwarded from a client interface
};

}  // namespace portal::model
