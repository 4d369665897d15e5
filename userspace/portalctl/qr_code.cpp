#include "portalctl/qr_code.h"

#include <qrencode.h>

#include <memory>

namespace portal::portalctl {

namespace {

constexpr int kQuietZone = 4;

struct Free {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

bool is_dark(const QRcode& code, int x, int y) {
    return (code.data[y * code.width + x] & 1) != 0;
}

std::string dark_runs(const QRcode& code) {
    std::string path;
    for (int y = 0; y < code.width; ++y)
        for (int x = 0; x < code.width; ++x) {
            if (!is_dark(code, x, y)) continue;
            int length = 1;
            while (x + length < code.width && is_dark(code, x + length, y))
                ++length;
            path += "M" + std::to_string(x + kQuietZone) + " " + std::to_string(y + kQuietZone) +
                    "h" + std::to_string(length) + "v1h-" + std::to_string(length) + "z";
            x += length;
        }
    return path;
}

}  // namespace

Result<std::string> qr_code_svg(std::string_view text) {
    // The version that fits; level M, of which a sixth may be unreadable.
    const std::unique_ptr<QRcode, Free> code(
        QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M));
    if (!code)
        return fail(ErrorCode::invalid,
                    "a link of " + std::to_string(text.size()) + " bytes fits no QR code",
                    "shorten portal.login_url");
    const std::string size = std::to_string(code->width + 2 * kQuietZone);
    return "<svg class=\"qr\" viewBox=\"0 0 " + size + " " + size +
           "\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR code\"><path d=\"" +
           dark_runs(*code) + "\"/></svg>";
}

}  // namespace portal::portalctl
