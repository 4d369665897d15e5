// portal-responder as a process.
#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <fstream>

#include "certificates/issue.h"
#include "unit/http/tls_client.h"
#include "unit/responder/process_fixture.h"

namespace portal::test {
namespace {

using testing::HasSubstr;

constexpr std::string_view kFront = "GET / HTTP/1.1\r\nHost: portal.example.net\r\n\r\n";

TEST_F(Process, ServesInItsSandboxUntilItIsTold) {
    launch(user_to_run_as());
    configure();
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n").status(), 511);
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: portal.example.net\r\n\r\n").status(), 200);
    EXPECT_EQ(ask("GET /\r\n").status(), 400);

    std::ifstream file("/proc/" + std::to_string(child_) + "/status");
    const std::string status(std::istreambuf_iterator<char>(file), {});
    EXPECT_THAT(status, HasSubstr("\nSeccomp:\t2\n"));
    EXPECT_THAT(status, HasSubstr("\nNoNewPrivs:\t1\n"));
    EXPECT_THAT(status, HasSubstr("\nCapEff:\t0000000000000000\n"));

    kill(child_, SIGTERM);
    EXPECT_EQ(wait(), 0);
}

// All that OpenSSL does once the sandbox has closed.
TEST_F(Process, SpeaksTlsInItsSandbox) {
    const Authority authority;
    for (const bool rsa : {false, true}) {
        const Issued issued = authority.issue({.rsa = rsa});
        launch(user_to_run_as());
        configure(ipc::Tls{.certificate = issued.certificate, .key = issued.key});
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            TlsClient client(RawClient::to_loopback(secure_port_),
                             {.authority = authority.certificate(),
                              .least_version = version,
                              .most_version = version});
            ASSERT_TRUE(client.connected()) << client.error();
            client.send(kFront);
            EXPECT_EQ(parse_response(client.read_to_end()).status(), 200);
            EXPECT_TRUE(client.closed_properly());
        }
        EXPECT_FALSE(
            TlsClient(RawClient::to_loopback(secure_port_), {.most_version = TLS1_1_VERSION})
                .connected());
        EXPECT_EQ(ask(kFront).status(), 302);
        kill(child_, SIGTERM);
        EXPECT_EQ(wait(), 0);
        context_.restart();
    }
}

TEST_F(Process, RefusesACertificateThatIsNone) {
    launch(user_to_run_as());
    configure(ipc::Tls{.certificate = "-", .key = "-"});
    EXPECT_EQ(wait(), 1);
}

TEST_F(Process, FinishesWhatItHasBegun) {
    launch(user_to_run_as());
    configure();
    RawClient halfway = RawClient::to_loopback(port_);
    halfway.send("GET / HTTP/1.1\r\n");
    EXPECT_EQ(ask(kFront).status(), 200) << "and so the other is accepted";
    kill(child_, SIGTERM);
    while (RawClient::reaches(port_)) {
    }
    halfway.send("Host: portal.example.net\r\n\r\n");
    EXPECT_EQ(parse_response(halfway.read_to_end()).status(), 200);
    EXPECT_EQ(wait(), 0);
}

TEST_F(Process, EndsWithPortald) {
    launch(user_to_run_as());
    configure();
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n").status(), 511);
    context_.stop();
    portald_.reset();
    EXPECT_EQ(wait(), 0);
}

TEST_F(Process, EndsWithPortaldBeforeItIsConfigured) {
    launch(user_to_run_as());
    channel_.reset();
    EXPECT_EQ(wait(), 0);
}

TEST_F(Process, RefusesAConfigurationThatIsNone) {
    launch(user_to_run_as());
    ASSERT_TRUE(ipc::send_with_descriptors(channel_.get(), "{}", {}));
    EXPECT_EQ(wait(), 1);
}

TEST_F(Process, ExplainsItselfWithoutAChannel) {
    launch(user_to_run_as(), false);
    EXPECT_EQ(wait(), 2);
}

TEST_F(Process, NeedsAUserThatExists) {
    launch("no-such-user-here");
    EXPECT_EQ(wait(), 1);
}

}  // namespace
}  // namespace portal::test
