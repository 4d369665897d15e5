#include "control/venue_files.h"

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "control/picture_type.h"

namespace portal::control {

namespace {

Result<ipc::Logo> read_logo(const std::filesystem::path& path) {
    TRY_ASSIGN(std::string bytes, read_file(path, ipc::kLargestLogo));
    const auto type = picture_type(bytes);
    if (!type) return fail(ErrorCode::invalid, "neither SVG (as UTF-8), PNG, JPEG nor WebP");
    return ipc::Logo{std::string(*type), std::move(bytes)};
}

Result<std::string> read_terms(const std::filesystem::path& path) {
    TRY_ASSIGN(std::string text, read_file(path, ipc::kLargestTerms));
    std::erase(text, '\r');
    std::ranges::replace(text, '\t', ' ');
    std::string line = text;
    std::ranges::replace(line, '\n', ' ');
    if (!is_plain_text(line))
        return fail(ErrorCode::invalid, "not text in UTF-8 without control characters");
    if (trimmed(text).empty()) return fail(ErrorCode::invalid, "empty");
    return text;
}

Error named(std::string_view key, const std::filesystem::path& path, Error error) {
    return within(key, within(printable(path.string(), 4096), std::move(error)));
}

}  // namespace

Result<VenueFiles> read_venue_files(const config::Portal& portal) {
    VenueFiles files;
    if (!portal.logo.empty()) {
        auto logo = read_logo(portal.logo);
        if (!logo) return std::unexpected(named("portal.logo", portal.logo, logo.error()));
        files.logo = *std::move(logo);
    }
    if (!portal.terms.empty()) {
        auto terms = read_terms(portal.terms);
        if (!terms) return std::unexpected(named("portal.terms", portal.terms, terms.error()));
        files.terms = *std::move(terms);
    }
    return files;
}

}  // namespace portal::control
