#include "control/certificate_check.h"

#include <system_error>

namespace portal::control {

namespace {

constexpr const char* kRenew = "renew it, then: portalctl config reload";

Check check_name(const http::Certificate& certificate, const std::string& hostname) {
    const std::string name = "certificate_name";
    if (certificate.names(hostname)) return well(name, "it is " + hostname + "'s");
    return ill(name, "it does not name " + hostname + ": browsers will refuse the portal",
               "have one issued for " + hostname + ", or correct portal.hostname");
}

Check check_validity(const http::Certificate& certificate, WallTime now) {
    const std::string name = "certificate_expiry";
    const std::string until = format_rfc3339(certificate.valid_until());
    if (now < certificate.valid_from())
        return ill(name, "it is not valid before " + format_rfc3339(certificate.valid_from()),
                   "see that the clock is right, or take one that is valid now");
    if (now >= certificate.valid_until()) return ill(name, "it expired " + until, kRenew);
    if (now + kExpiryNotice >= certificate.valid_until())
        return ill(name, "it expires " + until, kRenew);
    return well(name, "valid until " + until);
}

// RFC 8908 §4.1
Check check_chain(const http::Certificate& certificate) {
    const std::string name = "certificate_chain";
    if (!certificate.lacks_issuer()) return well(name, "nothing needs to be fetched to verify it");
    return ill(name,
               "the certificate of its issuer is not in the file, and clients cannot fetch "
               "it before they have signed in",
               "name the file with the whole chain, as fullchain.pem");
}

}  // namespace

std::vector<Check> check_certificate(const http::Certificate& certificate,
                                     const std::string& hostname, WallTime now) {
    return {check_name(certificate, hostname), check_validity(certificate, now),
            check_chain(certificate)};
}

Check check_key_file(const std::filesystem::path& file) {
    using std::filesystem::perms;
    const std::string name = "key_file";
    std::error_code error;
    const perms mode = std::filesystem::status(file, error).permissions();
    if (!error && (mode & (perms::others_read | perms::others_write)) != perms::none)
        return ill(name, "every user of this host can read or change it",
                   "chmod o= " + file.string() + ", and have a new key made if others were here");
    return well(name, "kept from other users");
}

}  // namespace portal::control
