// A portal with a name and a certificate for it, from an authority that its guests trust.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "certificates/issue.h"
#include "system/system_test.h"

namespace portal::system_test {

class SecurePortal {
  public:
    static constexpr const char* kName = "portal.example.net";

    // Its files are in the lab's folder.
    explicit SecurePortal(const lab::Lab& lab);

    const test::Authority& authority() const { return authority_; }
    std::filesystem::path certificate() const { return folder_ / "portal.pem"; }
    std::filesystem::path key() const { return folder_ / "portal.key"; }
    // The authority's own certificate.
    std::filesystem::path authority_file() const { return folder_ / "authority.pem"; }
    // Replaces both.
    void install(const test::Issued& issued) const;

    // For portald: `more` lines in [portal], and other sections.
    Settings settings(const std::string& more = {}, Settings others = {}) const;

    static std::string url(const std::string& path = "/") {
        return std::string("https://") + kName + path;
    }
    // Who finds the name and knows the authority.
    Guest guest(const lab::NetNamespace& host, Family family) const;

  private:
    const std::filesystem::path folder_;
    const test::Authority authority_;
};

}  // namespace portal::system_test
