#include "control/portal_files.h"

#include "base/file.h"
#include "base/text.h"
#include "control/certificate_check.h"
#include "http/certificate.h"
#include "http/tls.h"

namespace portal::control {

namespace {

// "portal.key: /etc/xdp-portal/portal.key"
std::string place(std::string_view key, const std::filesystem::path& file) {
    return "portal." + std::string(key) + ": " + printable(file.string(), 4096);
}

std::unexpected<Error> fault(std::string_view key, const std::filesystem::path& file, Error error) {
    return std::unexpected(within(place(key, file), std::move(error)));
}

void warn(PortalFiles& files, std::string_view key, const std::filesystem::path& file,
          const Check& check) {
    if (!check.ok)
        files.warnings.push_back(place(key, file) + ": " + check.detail + "; " + check.cure);
}

Status read_tls(const config::Portal& portal, WallTime now, PortalFiles& files) {
    ipc::Tls tls;
    auto text = read_file(portal.certificate, ipc::kLargestPem);
    if (!text) return fault("certificate", portal.certificate, text.error());
    tls.certificate = *std::move(text);
    const auto certificate = http::Certificate::parse(tls.certificate);
    if (!certificate) return fault("certificate", portal.certificate, certificate.error());

    text = read_file(portal.key, ipc::kLargestPem);
    if (!text) return fault("key", portal.key, text.error());
    tls.key = *std::move(text);
    const auto key = http::PrivateKey::parse(tls.key);
    if (!key) return fault("key", portal.key, key.error());
    if (!key->belongs_to(*certificate))
        return fault("key", portal.key,
                     {ErrorCode::invalid,
                      "is not the key of the certificate in " + portal.certificate.string(),
                      "name the two that were issued together"});
    if (const auto usable = http::make_tls_context(*certificate, *key); !usable)
        return fault("certificate", portal.certificate, usable.error());

    for (const Check& check : check_certificate(*certificate, portal.hostname, now))
        warn(files, "certificate", portal.certificate, check);
    warn(files, "key", portal.key, check_key_file(portal.key));
    files.tls = std::move(tls);
    return {};
}

}  // namespace

Result<PortalFiles> read_portal_files(const config::Portal& portal, WallTime now) {
    PortalFiles files;
    if (!portal.certificate.empty()) TRY(read_tls(portal, now, files));
    return files;
}

}  // namespace portal::control
