#include "responder/branding.h"

#include "responder/page.h"

namespace portal::responder {

namespace {

// --card and --page on dark screens, as portal.css has them.
constexpr Color kDarkCard{0x18, 0x23, 0x2b};
constexpr Color kDarkPage{0x0e, 0x16, 0x1b};

// More than text needs: accents on dark are also thin lines.
constexpr double kDarkContrast = 6;

// `accent`, as much lighter as it must be to stand out on a dark card.
Color on_dark(const Color& accent) {
    constexpr int steps = 20;
    for (int step = 0; step < steps; ++step) {
        const Color lighter = mixed(accent, kWhite, static_cast<double>(step) / steps);
        if (contrast(lighter, kDarkCard) >= kDarkContrast) return lighter;
    }
    return kWhite;
}

std::string variables(const Color& accent, const Color& strong, const Color& text,
                      const Color& glow) {
    return ":root{--accent:" + accent.to_string() + ";--accent-strong:" + strong.to_string() +
           ";--on-accent:" + text.to_string() + ";--glow:" + glow.to_string() + "}";
}

}  // namespace

std::string accent_style(const Color& accent) {
    const Color light = on_dark(accent);
    return variables(accent, mixed(accent, kBlack, 0.2), kWhite, mixed(accent, kWhite, 0.86)) +
           "@media (prefers-color-scheme:dark){" +
           variables(light, mixed(light, kWhite, 0.3), kDarkPage, mixed(kDarkPage, light, 0.18)) +
           "}\n";
}

http::Response logo_file(const ipc::Logo& logo) {
    http::Response response = uncached(boost::beast::http::status::ok, logo.media_type, logo.bytes);
    response.set("Content-Security-Policy",
                 "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
    return response;
}

}  // namespace portal::responder
