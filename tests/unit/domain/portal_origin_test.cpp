#include "domain/portal_origin.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

TEST(PortalOrigin, GoesByItsNameBeforeItsAddress) {
    const auto address = parse_ip_address("192.0.2.1").value();
    EXPECT_EQ((PortalOrigin{.hostname = "portal.example.net"}.to_url(address)),
              "http://portal.example.net");
    EXPECT_EQ(PortalOrigin{}.to_url(address), "http://192.0.2.1");
}

TEST(PortalOrigin, PutsAnIpv6AddressInBrackets) {
    EXPECT_EQ(PortalOrigin{}.to_url(parse_ip_address("2001:db8::1").value()),
              "http://[2001:db8::1]");
}

TEST(PortalOrigin, NamesThePortWhereTheSchemeImpliesAnother) {
    const std::string name = "portal.example.net";
    EXPECT_EQ((PortalOrigin{.tls = true, .hostname = name, .port = 443}.to_url()),
              "https://portal.example.net");
    EXPECT_EQ((PortalOrigin{.tls = true, .hostname = name, .port = 80}.to_url()),
              "https://portal.example.net:80");
    EXPECT_EQ((PortalOrigin{.tls = false, .hostname = name, .port = 443}.to_url()),
              "http://portal.example.net:443");
}

TEST(PortalOrigin, IsNowhereWithoutNameAndAddress) {
    EXPECT_EQ(PortalOrigin{}.host(std::nullopt), std::nullopt);
    EXPECT_EQ(PortalOrigin{}.to_url(), std::nullopt);
}

}  // namespace
}  // namespace portal
