#include "config/syntax.h"

#include <gtest/gtest.h>

#include <string>

namespace portal::config {
namespace {

TEST(Syntax, InterfaceNames) {
    for (const std::string_view text : {"e", "eth1", "br-guest", "eth1.100", "wlan0_1", "vlan@7"})
        EXPECT_TRUE(is_interface_name(text)) << text;
    for (const std::string_view text : {"", ".", "..", "a/b", "a:1", "a b", "a\tb", "a\n", "\x7f",
                                        "\xc3\xa9", "abcdefghijklmnop"})
        EXPECT_FALSE(is_interface_name(text)) << text;
}

TEST(Syntax, HostNames) {
    const std::string label(63, 'a');
    for (const std::string& text :
         {std::string("portal"), std::string("portal.example.net"), std::string("3com.example"),
          std::string("a-b.example"), label + ".example", std::string("1.2.3.x4")})
        EXPECT_TRUE(is_host_name(text)) << text;
    for (const std::string& text :
         {std::string(""), std::string("."), std::string("a."), std::string(".a"),
          std::string("a..b"), std::string("-a.b"), std::string("a-.b"), std::string("a_b"),
          std::string("a b"), std::string("a/b"), std::string("192.0.2.1"),
          std::string("example.1"), std::string("caf\xc3\xa9.example"), label + "a.example",
          label + "." + label + "." + label + "." + label})
        EXPECT_FALSE(is_host_name(text)) << text;
}

TEST(Syntax, HostAndPort) {
    for (const std::string_view text :
         {"127.0.0.1:9511", "[::1]:9511", "localhost:1", "0.0.0.0:65535"})
        EXPECT_TRUE(is_host_and_port(text)) << text;
    for (const std::string_view text :
         {"", ":9511", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "::1:9511",
          "[::1]", "[::1]9511", "[127.0.0.1]:9511", "[::1:9511", "a b:1", "127.0.0.1:+1", "h:1:2"})
        EXPECT_FALSE(is_host_and_port(text)) << text;
}

TEST(Syntax, AddressAndPort) {
    for (const std::string_view text : {"127.0.0.1:8443", "[::1]:8443", "0.0.0.0:65535"})
        EXPECT_TRUE(is_address_and_port(text)) << text;
    for (const std::string_view text : {"", "localhost:1", "a.example:1", "127.0.0.1", "[::1]:0"})
        EXPECT_FALSE(is_address_and_port(text)) << text;
}

TEST(Syntax, RemoteUrls) {
    for (const std::string_view text :
         {"https://a.example", "https://a.example:8443/x?y=z", "http://192.0.2.1/wifi",
          "http://192.0.2.1:8080", "http://[2001:db8::1]:8080/?a=b"})
        EXPECT_TRUE(is_remote_url(text)) << text;
    for (const std::string_view text :
         {"", "http://a.example/", "http://localhost/", "http://a.example:80?b",
          "https://a.example/#f", "ftp://192.0.2.1/"})
        EXPECT_FALSE(is_remote_url(text)) << text;
}

TEST(Syntax, WebUrls) {
    for (const std::string_view text :
         {"http://a.example", "https://a.example/", "https://a.example:8443/x?y=z&w=%20#f",
          "http://192.0.2.1/", "http://[2001:db8::1]/", "http://[2001:db8::1]:8080/"})
        EXPECT_TRUE(is_web_url(text)) << text;
    for (const std::string_view text : {"",
                                        "a.example",
                                        "/login",
                                        "//a.example/",
                                        "ftp://a.example/",
                                        "HTTP://a.example/",
                                        "javascript:alert(1)",
                                        "http:a.example",
                                        "http://",
                                        "http:///x",
                                        "https://?x",
                                        "http://user@a.example/",
                                        "http://a.example:0/",
                                        "http://a.example:x/",
                                        "http://a b/",
                                        "http://a.example/\r\n",
                                        "http://a.example/\"",
                                        "http://a.example/<x>",
                                        "http://a.example/\\",
                                        "http://caf\xc3\xa9.example/",
                                        "http://2001:db8::1/"})
        EXPECT_FALSE(is_web_url(text)) << text;
    EXPECT_TRUE(is_web_url("http://a.example/" + std::string(2048 - 17, 'x')));
    EXPECT_FALSE(is_web_url("http://a.example/" + std::string(2049 - 17, 'x')));
}

TEST(Syntax, SystemUsers) {
    for (const std::string_view text : {"xdp-portal", "_portal", "nobody", "a1"})
        EXPECT_TRUE(is_system_user(text)) << text;
    for (const std::string_view text : {"", "Root", "1a", "-a", "a b", "a:b", "a/b"})
        EXPECT_FALSE(is_system_user(text)) << text;
    EXPECT_FALSE(is_system_user(std::string(33, 'a')));
}

TEST(Syntax, FilePaths) {
    EXPECT_TRUE(is_file_path("/run/portald.sock"));
    for (const std::string_view text : {"", "/", "a", "./a", "/a/", "/a\n"})
        EXPECT_FALSE(is_file_path(text)) << text;
    EXPECT_FALSE(is_file_path(std::string_view("/a\0b", 4)));
}

}  // namespace
}  // namespace portal::config
