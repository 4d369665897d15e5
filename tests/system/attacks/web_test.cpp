// Attacks through port 80, which leads to the responder and nowhere else.
#include "system/attacks/attack.h"

namespace portal::system_test {
namespace {

class WebAttack : public AttackTest {
  protected:
    std::string server(std::uint16_t port) const { return Guest::url(guest_server(port)); }
    Endpoint guest_server(std::uint16_t port) const { return {server_address(), port}; }

    // What an open connection to port 80 of the internet answers to these bytes, as far as it does
    // so at once.
    std::string answer_to(const std::string& bytes) const {
        const lab::Attempt attempt = lab::connect_tcp(lab_.client, guest_server(80));
        EXPECT_EQ(attempt.reach, Reach::open);
        lab::send_stream(attempt.socket, bytes);
        std::string all;
        while (const auto more = lab::receive(attempt.socket, 2s))
            all += *more;
        return all;
    }
    // Nothing of what happened so far came from the internet, or went there.
    void expect_internet_untouched() const { expect_nothing_leaves({}); }
};

TEST_P(WebAttack, AProxyOnPort80) {
    const WebAnswer connect =
        lab::curl(lab_.client, server(443), {"--proxytunnel", "--proxy", server(80)});
    EXPECT_NE(connect.exit, 0);
    EXPECT_EQ(connect.body.find(lab::WebServer::kPage), std::string::npos);
    const WebAnswer absolute = lab::curl(lab_.client, server(80), {"--proxy", server(80)});
    EXPECT_EQ(absolute.status, 511);
    for (const char* method : {"CONNECT", "GET", "POST", "OPTIONS"})
        EXPECT_EQ(answer_to(std::string(method) + " 203.0.113.80:443 HTTP/1.1\r\nHost: x\r\n\r\n")
                      .find(lab::WebServer::kPage),
                  std::string::npos)
            << method;
    expect_internet_untouched();
}

TEST_P(WebAttack, AnotherServiceOnPort80) {
    const std::string tls("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10);
    const std::string socks("\x05\x01\x00", 3);
    const std::string binary("\x00\xff\x00\xff", 4);
    for (const std::string& greeting :
         {std::string("SSH-2.0-OpenSSH_9.2\r\n"), tls, socks, binary, std::string("\r\n\r\n\r\n"),
          std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")}) {
        const std::string answer = answer_to(greeting);
        EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.")) << answer;
        EXPECT_EQ(answer.find(" 200 "), std::string::npos) << answer;
    }
    expect_internet_untouched();
}

// Protocols that begin as HTTP and become something else.
TEST_P(WebAttack, AnUpgradeOnPort80) {
    for (const char* protocol : {"websocket", "h2c", "TLS/1.0", "connect-udp"}) {
        const std::string answer =
            answer_to("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: " +
                      std::string(protocol) + "\r\nSec-WebSocket-Version: 13\r\n" +
                      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 511 ")) << protocol << ": " << answer;
    }
    expect_internet_untouched();
}

// Whatever the request says of its host, it is the portal that answers.
TEST_P(WebAttack, TheHostIsNotWhereItGoes) {
    for (const char* head :
         {"GET / HTTP/1.1\r\nHost: www.example.com\r\n", "GET / HTTP/1.0\r\n",
          "GET http://www.example.com/ HTTP/1.1\r\nHost: other.example\r\n",
          "GET / HTTP/1.1\r\nHost: www.example.com\r\nX-Forwarded-Host: portal\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", "GET / HTTP/1.1\r\nHost: a, b\r\n",
          "GET / HTTP/1.1\r\nHost: 203.0.113.80:80@portal\r\n",
          "GET //www.example.com/ HTTP/1.1\r\nHost: x\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n"}) {
        const std::string answer = answer_to(std::string(head) + "\r\n");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 511 ") || answer.starts_with("HTTP/1.1 4") ||
                    answer.starts_with("HTTP/1.0 511 ") || answer.starts_with("HTTP/1.0 4") ||
                    answer.empty())
            << head << answer;
    }
    expect_internet_untouched();
    EXPECT_EQ(portald_.state(kClientName), "stranger");
}

// By its own addresses, 443 is the portal's or nobody's, whatever name a client asks for.
TEST_P(WebAttack, Port443ByThePortalsAddress) {
    const WebAnswer answer =
        lab::curl(lab_.client, "https://www.example.com/",
                  {"--insecure", "--connect-to",
                   "www.example.com:443:" + gateway_address().to_url_host() + ":443"});
    EXPECT_NE(answer.exit, 0);
    expect_internet_untouched();
}

PORTAL_BOTH_FAMILIES(WebAttack);

}  // namespace
}  // namespace portal::system_test
