// Reads a DNS answer (RFC 1035), which strangers have a say in: where the name leads that was asked
// for, through whatever aliases the answer has.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "ipc/name_answer.h"

namespace portal::responder {

// None where `message` is no whole and successful answer to a question for A or AAAA of the
// internet's class, or its name is no host's. Records that do not follow from the question do not
// count, nor does IPv4 that comes as IPv6.
std::optional<ipc::NameAnswer> read_dns_answer(std::span<const std::uint8_t> message);

}  // namespace portal::responder
