// Content negotiation by language (RFC 9110 §12.5.4), with the lookup of RFC 4647 §3.4: "pt-BR" is
// content with "pt".
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace portal::responder {

// Which of `available`, language tags in lower case, suits the value of Accept-Language best: the
// range with the highest q-value counts first, of equal ones the first. None if none is asked for;
// "*" asks for none in particular. A range that does not parse is passed over, as is what comes
// after the first kilobyte.
std::optional<std::size_t> lookup_language(std::string_view accept_language,
                                           std::span<const std::string_view> available);

}  // namespace portal::responder
