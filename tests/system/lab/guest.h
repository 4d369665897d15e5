// A guest with a browser: reads the portal's pages and submits their forms, by curl.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "system/lab/lab.h"
#include "system/lab/web.h"

namespace portal::lab {

enum class Family { ipv4, ipv6 };

class Guest {
  public:
    Guest(const NetNamespace& host, Family family) : host_(host), family_(family) {}
    // One who goes to the portal by `portal`, "https://portal.example.net/", and for whom curl
    // needs `options`.
    Guest(const NetNamespace& host, Family family, std::string portal,
          std::vector<std::string> options)
        : host_(host), family_(family), portal_(std::move(portal)), options_(std::move(options)) {}

    // Addresses in this guest's family.
    Endpoint server(std::uint16_t port) const;
    Endpoint gateway(std::uint16_t port) const;
    // "http://203.0.113.80:443/"
    static std::string url(const Endpoint& endpoint);
    std::string portal() const { return portal_.empty() ? url(gateway(80)) : portal_; }

    WebAnswer get(const std::string& address, std::vector<std::string> options = {}) const;

    // Where the portal sends whoever asks for some site, as its answer says.
    std::string login_page() const;

    // Posts the form of `page` that goes to `action`, its hidden fields and `fields`.
    WebAnswer submit(const std::string& page, const std::string& action,
                     const std::vector<std::string>& fields = {}) const;

    WebAnswer click_through() const;
    WebAnswer sign_in(const std::string& user, const std::string& password) const;
    WebAnswer sign_out() const;

    // The internet's page comes on both ports.
    bool online() const;
    // Port 80 is answered with 511, and 443 not at all.
    bool captive() const;

  private:
    const NetNamespace& host_;
    Family family_;
    std::string portal_;
    std::vector<std::string> options_;
};

// Each family's name, for the names of tests.
std::string to_string(Family family);
std::ostream& operator<<(std::ostream& out, Family family);

}  // namespace portal::lab
