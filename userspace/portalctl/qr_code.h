// QR codes (ISO/IEC 18004) as pictures in SVG.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace portal::portalctl {

// An <svg> element that shows `text`, with the quiet zone of four modules that readers need; the
// dark modules are one path of horizontal runs, a unit to the module. ErrorCode::invalid: the
// text is too long for a code.
Result<std::string> qr_code_svg(std::string_view text);

}  // namespace portal::portalctl
