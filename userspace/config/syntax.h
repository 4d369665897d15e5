// The forms that texts in the configuration must have.
#pragma once

#include <string_view>

namespace portal::config {

// As the kernel takes it: 1 to 15 bytes, not "." or "..", without '/', ':' or blanks.
bool is_interface_name(std::string_view text);

// RFC 1123 §2.1: labels of letters, digits and inner hyphens, at most 253 bytes; the last label is
// no number, so that no address is taken for a name. Without a final dot.
bool is_host_name(std::string_view text);

// An IP address, IPv6 in brackets, or a host name, then ':' and a port from 1 to 65535.
bool is_host_and_port(std::string_view text);

// An IP address, IPv6 in brackets, then ':' and a port from 1 to 65535.
bool is_address_and_port(std::string_view text);

// An absolute http or https URL of RFC 3986's characters, without user information; at most 2048
// bytes.
bool is_web_url(std::string_view text);

// A web URL that guests may be sent to with a token: https, or http where the host is an IP address
// and so a lab's; without a fragment; at most 1024 bytes.
bool is_remote_url(std::string_view text);

// As useradd(8) takes it: a lower-case letter or '_', then those, digits and '-'; 1 to 32 bytes.
bool is_system_user(std::string_view text);

// A policy's name in the configuration: 1 to 64 letters, digits, '-' and '_'. Narrower than
// check_name(), so that a dotted key has one reading.
bool is_policy_name(std::string_view text);

// An absolute path of plain text that names a file.
bool is_file_path(std::string_view text);

}  // namespace portal::config
