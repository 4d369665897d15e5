// What is wrong with the portal's certificate and key or will be, though they can be used.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/time.h"
#include "control/check.h"
#include "http/certificate.h"

namespace portal::control {

// How long before a certificate expires it is time to say so.
inline constexpr std::chrono::days kExpiryNotice{14};

// Whether it stands for `hostname`, is valid for a while yet, and can be verified by who has no
// internet yet. Each check, well or not.
std::vector<Check> check_certificate(const http::Certificate& certificate,
                                     const std::string& hostname, WallTime now);

// Whether others than its owner and group can read it.
Check check_key_file(const std::filesystem::path& file);

}  // namespace portal::control
