#include "control/seal_key.h"

#include <sodium.h>

#include <array>

namespace portal::control {

std::string make_seal_key() {
    std::array<unsigned char, 32> key{};
    randombytes_buf(key.data(), key.size());
    std::array<char, 2 * key.size() + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), key.data(), key.size());
    sodium_memzero(key.data(), key.size());
    return hex.data();
}

}  // namespace portal::control
