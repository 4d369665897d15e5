// A crowd that holds connections and sends no request leaves others served.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "certificates/issue.h"
#include "unit/http/tls_client.h"
#include "unit/responder/process_fixture.h"

namespace portal::test {
namespace {

constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";

class Crowd : public Process {
  protected:
    Crowd() {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        launch(user_to_run_as());
    }

    // `count` connections to `port`, fifty from an address; every other has begun with `bytes`.
    void gather(int count, std::uint16_t port, std::string_view bytes) {
        constexpr int from_one = 50;  // fewer than an address may have
        for (int i = 0; i < count; ++i) {
            const auto source = 0x7f010000U + static_cast<std::uint32_t>(i / from_one);
            crowd_.push_back(RawClient::from_loopback(source, port));
            if (i % 2 == 0) crowd_.back().send(bytes);
        }
    }
    // One byte more of those that have begun.
    void trickle() {
        for (std::size_t i = 0; i < crowd_.size(); i += 2)
            crowd_[i].send("x");
    }

    std::vector<RawClient> crowd_;
};

TEST_F(Crowd, TenThousandThatSendNoRequest) {
    configure();
    for (int i = 0; i < 10; ++i) {
        gather(1000, port_, "GET / HTTP/1.1\r\nX: ");
        EXPECT_EQ(ask(kRequest).status(), 511);
    }
    for (int i = 0; i < 10; ++i) {
        trickle();
        EXPECT_EQ(ask(kRequest).status(), 511);
    }
}

TEST_F(Crowd, ThousandsThatFinishNoHandshake) {
    const Authority authority;
    const Issued issued = authority.issue();
    configure(ipc::Tls{.certificate = issued.certificate, .key = issued.key});
    // A ClientHello's beginning.
    constexpr std::string_view begun("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
    for (int i = 0; i < 6; ++i) {
        gather(1000, secure_port_, begun);
        trickle();
        TlsClient client(RawClient::to_loopback(secure_port_),
                         {.authority = authority.certificate()});
        ASSERT_TRUE(client.connected()) << client.error();
        client.send("GET / HTTP/1.1\r\nHost: portal.example.net\r\n\r\n");
        EXPECT_EQ(parse_response(client.read_to_end()).status(), 200);
        EXPECT_EQ(ask(kRequest).status(), 511) << "HTTP has places of its own";
    }
}

}  // namespace
}  // namespace portal::test
