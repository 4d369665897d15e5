// Methods by what they do.
#pragma once

#include "http/message.h"

namespace portal::http {

// Whether `method` only reads: GET or HEAD.
inline bool is_read(Method method) {
    return method == Method::get || method == Method::head;
}

}  // namespace portal::http
