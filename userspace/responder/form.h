// Fields of an HTML form, as application/x-www-form-urlencoded carries them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace portal::responder {

// Larger bodies are no form of ours.
inline constexpr std::size_t kLargestForm = 8 * 1024;

using Form = std::map<std::string, std::string, std::less<>>;

// Decoded, '+' as a space; of fields with one name, the first. None if `text` is not such a form.
std::optional<Form> parse_form(std::string_view text);

// The field's value, empty if it is not there.
std::string field(const Form& form, std::string_view name);

// Whether `head` announces a form of a size that is read.
bool announces_form(const http::Request& head);

}  // namespace portal::responder
