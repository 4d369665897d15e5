#include "control/remote_sign_in.h"

#include <gmock/gmock.h>
#include <sodium.h>

#include "remote_application.h"

namespace portal::control::test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::StartsWith;

class RemoteSignInTest : public testing::Test {
  protected:
    RemoteSignInTest() {
        EXPECT_GE(sodium_init(), 0);
        remote.configure(settings());
    }

    // Sends a client, and returns what the application is told.
    boost::json::object send(const ClientId& client, std::optional<WantedPage> wanted = {}) {
        const auto address = remote.start(client, std::nullopt, std::move(wanted));
        EXPECT_TRUE(address);
        return application.read(address.value_or(""));
    }
    ErrorCode refusal(const std::string& grant) const {
        const auto accepted = remote.accept(grant);
        EXPECT_FALSE(accepted);
        return accepted ? ErrorCode::system : accepted.error().code;
    }

    FakeClock clock;
    RemoteApplication application{clock};
    RemoteSignIn remote{clock};
};

TEST_F(RemoteSignInTest, TellsTheApplicationOfTheGuest) {
    const auto request = send(client(1, 100), WantedPage{"http://example.org/"});
    EXPECT_EQ(request.at("iss"), "portal.example.net");
    EXPECT_EQ(request.at("sub"), "02:00:00:00:00:01@100");
    EXPECT_EQ(request.at("return"), "http://portal.example.net/remote/return");
    EXPECT_EQ(request.at("url"), "http://example.org/");
    EXPECT_EQ(request.at("exp").as_int64() - request.at("iat").as_int64(), 600);
    EXPECT_NE(request.at("jti"), send(client(1, 100)).at("jti"));
}

TEST_F(RemoteSignInTest, TheReturnIsWhereThePortalIs) {
    auto changed = settings();
    changed.portal = {.tls = true, .hostname = "wifi.example.net", .port = 8443};
    remote.configure(changed);
    EXPECT_EQ(send(client(1)).at("return"), "https://wifi.example.net:8443/remote/return");
    changed.portal.port = 443;
    remote.configure(changed);
    EXPECT_EQ(send(client(1)).at("return"), "https://wifi.example.net/remote/return");
    changed.portal = {.tls = false, .hostname = "", .port = 8080};
    remote.configure(changed);
    const auto address = remote.start(client(1), ip("2001:db8::1"), std::nullopt);
    EXPECT_EQ(application.read(*address).at("return"), "http://[2001:db8::1]:8080/remote/return");
    EXPECT_EQ(remote.start(client(1), std::nullopt, std::nullopt).error().code,
              ErrorCode::unavailable);
}

TEST_F(RemoteSignInTest, AGrantCountsOnce) {
    const auto request = send(client(1), WantedPage{"http://example.org/", true});
    const std::string grant = application.grant(request, {{"user", "room-12"}});
    const auto accepted = remote.accept(grant);
    ASSERT_TRUE(accepted) << accepted.error().what;
    EXPECT_EQ(accepted->client, client(1));
    EXPECT_EQ(accepted->identity, (auth::Identity{.user = "room-12"}));
    EXPECT_EQ(accepted->wanted, (WantedPage{"http://example.org/", true}));
    // Not used until it is said to be: our failure costs the guest nothing.
    EXPECT_TRUE(remote.accept(grant));
    remote.use(*accepted);
    EXPECT_EQ(refusal(grant), ErrorCode::conflict);
    // Nor does another grant for the same nonce count.
    EXPECT_EQ(refusal(application.grant(request, {{"user", "room-13"}})), ErrorCode::conflict);
}

TEST_F(RemoteSignInTest, AGrantIsForWhomTheNonceWasIssued) {
    const auto request = send(client(1));
    send(client(2));
    EXPECT_EQ(refusal(application.grant(request, {{"sub", client(2).to_string()}})),
              ErrorCode::denied);
    EXPECT_EQ(refusal(application.grant(request, {{"sub", client(1, 100).to_string()}})),
              ErrorCode::denied);
    EXPECT_EQ(refusal(application.grant(request, {{"nonce", "0123"}})), ErrorCode::denied);
    EXPECT_EQ(refusal(application.grant(request, {{"nonce", ""}})), ErrorCode::denied);
    EXPECT_TRUE(remote.accept(application.grant(request)));
}

TEST_F(RemoteSignInTest, ANonceEnds) {
    const auto request = send(client(1));
    clock.advance(minutes(10) - Seconds(1));
    EXPECT_TRUE(remote.accept(application.grant(request)));
    clock.advance(Seconds(1));
    EXPECT_EQ(refusal(application.grant(request)), ErrorCode::denied);
}

TEST_F(RemoteSignInTest, AnExpiredGrantIsRefused) {
    const auto request = send(client(1));
    const std::string grant = application.grant(request);
    clock.advance(Seconds(60) + auth::kClockLeeway);
    EXPECT_EQ(refusal(grant), ErrorCode::denied);
}

TEST_F(RemoteSignInTest, ATokenIsNoGrant) {
    const auto address = remote.start(client(1), std::nullopt, std::nullopt);
    EXPECT_EQ(refusal(address->substr(address->find("token=") + 6)), ErrorCode::denied);
}

TEST_F(RemoteSignInTest, AGrantShortensASessionAndNeverProlongsIt) {
    const auto request = send(client(1));
    const auto timeout = [&](boost::json::value value) {
        return remote.accept(application.grant(request, {{"timeout", std::move(value)}}))
            ->identity.timeout;
    };
    EXPECT_EQ(timeout("2h"), hours(2));
    EXPECT_EQ(timeout(90), Seconds(90));
    EXPECT_EQ(timeout("30d"), hours(8));
    EXPECT_EQ(remote.accept(application.grant(request))->identity.timeout, std::nullopt);
}

TEST_F(RemoteSignInTest, UnconfiguredItSendsNobodyAndTakesNothing) {
    const auto request = send(client(1));
    remote.configure(std::nullopt);
    EXPECT_EQ(remote.start(client(1), std::nullopt, std::nullopt).error().code, ErrorCode::denied);
    EXPECT_EQ(refusal(application.grant(request)), ErrorCode::denied);
}

TEST_F(RemoteSignInTest, AnotherSecretEndsTheOldGrants) {
    const auto request = send(client(1));
    const std::string grant = application.grant(request);
    auto changed = settings();
    changed.application.secret = std::string(32, 'x');
    remote.configure(changed);
    EXPECT_EQ(refusal(grant), ErrorCode::denied);
}

}  // namespace

}  // namespace portal::control::test
