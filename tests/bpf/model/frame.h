// A frame as its standards have it read: IEEE 802.3 and 802.1Q, RFC 826, 791, 8200, 9293, 768.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/ip_address.h"
#include "base/mac.h"
#include "bpf/model/verdict.h"

namespace portal::model {

using Span = std::span<const std::uint8_t>;

std::uint16_t number16(Span bytes, std::size_t at);

struct Frame {
    Mac destination, source;
    std::uint16_t vlan = 0;       // the outermost that has a number
    std::uint16_t ethertype = 0;  // behind the tags
    Reasons link_faults;          // of Ethernet and tags: nobody may send it

    // What follows is there as far as it can be read.
    std::optional<IpAddress> src, dst;  // ARP: sender and target
    unsigned hop_limit = 0;
    unsigned protocol = 0;
    Span transport;  // header and payload, when nothing is wrong with the frame
    Reasons faults;  // of the layers above: no stranger may send it

    bool to_group() const { return destination.is_multicast(); }
    bool is_sound() const { return link_faults.none() && faults.none(); }
    bool is_ip() const { return ethertype == 0x0800 || ethertype == 0x86dd; }
    std::uint16_t source_port() const { return number16(transport, 0); }
    std::uint16_t destination_port() const { return number16(transport, 2); }
};

// `hidden_tag`: the control information of a tag outside the bytes. At least 14 bytes.
Frame read_frame(Span bytes, std::optional<std::uint16_t> hidden_tag = {});

}  // namespace portal::model
