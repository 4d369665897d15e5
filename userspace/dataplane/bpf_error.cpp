#include "dataplane/bpf_error.h"

#include <bpf/libbpf.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <string_view>

#include "base/log.h"
#include "base/text.h"

namespace portal::dataplane {

namespace {

__attribute__((format(printf, 2, 0))) int print(libbpf_print_level level, const char* format,
                                                va_list arguments) {
    if (level == LIBBPF_DEBUG) return 0;
    std::array<char, 1024> line{};
    const int length = std::vsnprintf(line.data(), line.size(), format, arguments);
    spdlog::debug("{}", trimmed(line.data()));
    return length;
}

}  // namespace

void quiet_libbpf() {
    libbpf_set_print(print);
}

}  // namespace portal::dataplane
