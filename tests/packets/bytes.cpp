#include "packets/bytes.h"

namespace portal::packets {

void put8(Bytes& bytes, std::uint8_t value) {
    bytes.push_back(value);
}

void put16(Bytes& bytes, std::uint16_t value) {
    put8(bytes, static_cast<std::uint8_t>(value >> 8));
    put8(bytes, static_cast<std::uint8_t>(value));
}

void put32(Bytes& bytes, std::uint32_t value) {
    put16(bytes, static_cast<std::uint16_t>(value >> 16));
    put16(bytes, static_cast<std::uint16_t>(value));
}

void put(Bytes& bytes, std::span<const std::uint8_t> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

void set16(Bytes& bytes, std::size_t at, std::uint16_t value) {
    bytes.at(at) = static_cast<std::uint8_t>(value >> 8);
    bytes.at(at + 1) = static_cast<std::uint8_t>(value);
}

std::uint32_t partial_sum(std::span<const std::uint8_t> bytes, std::uint32_t sum) {
    for (std::size_t i = 0; i < bytes.size(); i++)
        sum += i % 2 == 0 ? static_cast<std::uint32_t>(bytes[i]) << 8 : bytes[i];
    return sum;
}

std::uint16_t checksum(std::span<const std::uint8_t> bytes, std::uint32_t sum) {
    sum = partial_sum(bytes, sum);
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

Bytes truncate(Bytes bytes, std::size_t size) {
    if (size < bytes.size()) bytes.resize(size);
    return bytes;
}

Bytes pad(Bytes bytes, std::size_t minimum) {
    if (bytes.size() < minimum) bytes.resize(minimum);
    return bytes;
}

}  // namespace portal::packets
