// How the pages look like the venue's own.
#pragma once

#include <string>

#include "base/color.h"
#include "http/message.h"
#include "ipc/protocol.h"

namespace portal::responder {

// The style sheet's variables that follow from the accent colour, on light screens and on dark
// ones. White text can be read on `accent`; what is made of it keeps that contrast or has more.
std::string accent_style(const Color& accent);

// The logo as a file. It is shown by <img>; opened by itself, an SVG file is kept from running
// script and from loading anything.
http::Response logo_file(const ipc::Logo& logo);

}  // namespace portal::responder
