// Frames as plain bytes, and what is done to them once they are built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace portal::packets {

using Bytes = std::vector<std::uint8_t>;

// Appends in network order.
void put8(Bytes& bytes, std::uint8_t value);
void put16(Bytes& bytes, std::uint16_t value);
void put32(Bytes& bytes, std::uint32_t value);
void put(Bytes& bytes, std::span<const std::uint8_t> more);

// Overwrites in network order; `at` must lie within.
void set16(Bytes& bytes, std::size_t at, std::uint16_t value);

// The Internet checksum (RFC 1071) of `bytes`, on top of a partial sum.
std::uint32_t partial_sum(std::span<const std::uint8_t> bytes, std::uint32_t sum = 0);
std::uint16_t checksum(std::span<const std::uint8_t> bytes, std::uint32_t sum = 0);

// The first `size` bytes; all of them if there are fewer.
Bytes truncate(Bytes bytes, std::size_t size);

// Zeros up to the shortest Ethernet frame (without FCS).
Bytes pad(Bytes bytes, std::size_t minimum = 60);

}  // namespace portal::packets
