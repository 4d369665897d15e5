// The captive portal API, requirement by requirement: each test is named after its section.
//
// By their nature elsewhere: the certificate's checks (RFC 8908 §4.1) in certificate_check_test,
// the wire in tests/system/capport_test, that an IP address alone is nobody (RFC 8952 §3.2) in
// tests/system/forgery_test.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "unit/responder/running_responder.h"

namespace portal::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kJson = "Accept: application/captive+json\r\n";

class Capport : public RunningResponder {
  protected:
    Capport() { use_tls(); }

    void called_by(const ipc::Caller& caller) {
        answers_ = [caller](const ipc::Request&) {
            ipc::Reply reply;
            reply.caller = caller;
            return reply;
        };
    }
    static ipc::Caller in_state(ClientState state) {
        ipc::Caller caller = stranger();
        caller.state = state;
        return caller;
    }
    RawResponse get(const std::string& fields = kJson) const {
        return ask_secure("GET /capport HTTP/1.1\r\nHost: portal.example.net\r\n" + fields +
                          "\r\n");
    }
    boost::json::object state() const {
        const RawResponse response = get();
        EXPECT_EQ(response.status(), 200);
        return boost::json::parse(response.body).as_object();
    }
    boost::json::object state_of(const ipc::Caller& caller) {
        called_by(caller);
        start();
        return state();
    }
};

using Rfc8908Section4 = Capport;   // the API server
using Rfc8908Section5 = Capport;   // the state
using Rfc8908Section7 = Capport;   // security
using Rfc8910Section2 = Capport;   // the URI
using Rfc8952Section23 = Capport;  // what an API offers
using Rfc8952Section32 = Capport;  // identifiers
using Rfc8952Section66 = Capport;  // privacy

TEST_F(Rfc8908Section4, IsServedByHttpsOnly) {
    start();
    EXPECT_EQ(get().status(), 200);
    const RawResponse plain =
        ask("GET /capport HTTP/1.1\r\nHost: portal.example.net\r\n" + std::string(kJson) + "\r\n");
    EXPECT_EQ(plain.status(), 302);
    EXPECT_EQ(plain.field("location"), "https://portal.example.net/capport");
}

TEST_F(Rfc8908Section4, IsNotThereWithoutTls) {
    configuration_.tls.reset();
    start();
    EXPECT_EQ(
        ask("GET /capport HTTP/1.1\r\nHost: portal.example.net\r\n" + std::string(kJson) + "\r\n")
            .status(),
        404);
}

TEST_F(Rfc8908Section4, KnowsTheClientByItsConnection) {
    start();
    get();
    const auto asked = portald_->asked<ipc::WhoIs>();
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_EQ(asked[0].flow.client, *parse_ip_address("127.0.0.1"));
    EXPECT_EQ(asked[0].flow.server_port, secure_port_);
}

TEST_F(Rfc8908Section5, HasItsMediaType) {
    start();
    EXPECT_EQ(get().field("content-type"), "application/captive+json");
}

TEST_F(Rfc8908Section5, IsOneJsonObjectInUtf8) {
    start();
    const RawResponse response = get();
    EXPECT_TRUE(boost::json::parse(response.body).is_object());
    EXPECT_EQ(response.field("content-length"), std::to_string(response.body.size()));
    EXPECT_LT(response.body.size(), 4096u) << "the most that Android reads";
}

TEST_F(Rfc8908Section5, AStrangerIsCaptive) {
    EXPECT_EQ(state_of(stranger()).at("captive"), true);
}

TEST_F(Rfc8908Section5, ABlockedClientIsCaptive) {
    EXPECT_EQ(state_of(in_state(ClientState::blocked)).at("captive"), true);
}

TEST_F(Rfc8908Section5, ASignedInClientIsNotCaptive) {
    EXPECT_EQ(state_of(guest()).at("captive"), false);
}

TEST_F(Rfc8908Section5, ATrustedClientIsNotCaptive) {
    EXPECT_EQ(state_of(in_state(ClientState::trusted)).at("captive"), false);
}

TEST_F(Rfc8908Section5, WhoseTimeIsUpIsCaptive) {
    ipc::Caller caller = guest();
    caller.remaining = Seconds::zero();
    const auto state = state_of(caller);
    EXPECT_EQ(state.at("captive"), true);
    EXPECT_FALSE(state.contains("seconds-remaining"));
}

TEST_F(Rfc8908Section5, TheUserPortalIsWithinTls) {
    EXPECT_EQ(state_of(stranger()).at("user-portal-url"), "https://portal.example.net/");
}

TEST_F(Rfc8908Section5, TheUserPortalHasItsPort) {
    configuration_.https_port = 8443;
    EXPECT_EQ(state_of(guest()).at("user-portal-url"), "https://portal.example.net:8443/");
}

TEST_F(Rfc8908Section5, TheUserPortalIsWhereTheOperatorHasIt) {
    configuration_.login_url = "https://login.example.org/venue";
    EXPECT_EQ(state_of(stranger()).at("user-portal-url"), "https://login.example.org/venue");
}

TEST_F(Rfc8908Section5, TheUserPortalIsNeverWithoutTls) {
    configuration_.login_url = "http://login.example.org/venue";
    EXPECT_EQ(state_of(stranger()).at("user-portal-url"), "https://portal.example.net/");
}

TEST_F(Rfc8908Section5, TheVenueIsToldIfThereIsAPage) {
    configuration_.venue_info_url = "https://www.example.net/menu";
    EXPECT_EQ(state_of(guest()).at("venue-info-url"), "https://www.example.net/menu");
}

TEST_F(Rfc8908Section5, NoVenueIsNoMember) {
    EXPECT_FALSE(state_of(guest()).contains("venue-info-url"));
}

TEST_F(Rfc8908Section5, ASessionIsNotExtended) {
    EXPECT_EQ(state_of(guest()).at("can-extend-session"), false);
}

TEST_F(Rfc8908Section5, SecondsRemainOfALimitedSession) {
    EXPECT_EQ(state_of(guest()).at("seconds-remaining"), 7200);
}

TEST_F(Rfc8908Section5, NoSecondsRemainOfAnUnlimitedSession) {
    ipc::Caller caller = guest();
    caller.remaining.reset();
    const auto state = state_of(caller);
    EXPECT_EQ(state.at("captive"), false);
    EXPECT_FALSE(state.contains("seconds-remaining"));
}

TEST_F(Rfc8908Section5, NoSecondsRemainToACaptiveClient) {
    ipc::Caller caller = stranger();
    caller.remaining = Seconds(60);
    EXPECT_FALSE(state_of(caller).contains("seconds-remaining"));
}

TEST_F(Rfc8908Section5, BytesRemainOfAQuota) {
    ipc::Caller caller = guest();
    caller.data_remaining = 5'000'000'000;
    const auto state = state_of(caller);
    EXPECT_EQ(state.at("captive"), false);
    EXPECT_EQ(state.at("bytes-remaining"), 5'000'000'000);
}

TEST_F(Rfc8908Section5, WhoseDataIsUsedUpIsCaptive) {
    ipc::Caller caller = guest();
    caller.data_remaining = 0;
    const auto state = state_of(caller);
    EXPECT_EQ(state.at("captive"), true);
    EXPECT_FALSE(state.contains("bytes-remaining"));
}

TEST_F(Rfc8908Section5, NoBytesRemainWithoutAQuota) {
    EXPECT_FALSE(state_of(guest()).contains("bytes-remaining"));
}

TEST_F(Rfc8908Section5, HasNoMemberBesides) {
    for (const auto& member : state_of(guest()))
        EXPECT_THAT(std::string(member.key()),
                    testing::AnyOf("captive", "user-portal-url", "can-extend-session",
                                   "seconds-remaining"));
}

TEST_F(Rfc8908Section5, IsNotCached) {
    start();
    EXPECT_EQ(get().field("cache-control"), "no-store");
    for (const char* field : {"etag", "last-modified", "expires"})
        EXPECT_EQ(get().field(field), "") << field;
}

TEST_F(Rfc8908Section7, LeavesNothingWithTheClient) {
    start();
    for (const char* field : {"set-cookie", "strict-transport-security", "alt-svc"})
        EXPECT_EQ(get().field(field), "") << field;
}

TEST_F(Rfc8910Section2, WhoTakesTheApisTypeGetsIt) {
    start();
    for (const char* accept : {"application/captive+json", "Application/Captive+JSON",
                               "text/html;q=0.5, application/captive+json",
                               "application/captive+json, */*;q=0.1", "application/*", "*/*"})
        EXPECT_EQ(get("Accept: " + std::string(accept) + "\r\n").status(), 200) << accept;
    EXPECT_EQ(get("").status(), 200) << "no preference";
}

TEST_F(Rfc8910Section2, ABrowserIsSentToTheUserPortal) {
    start();
    for (const char* accept :
         {"text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
          "application/json", "application/captive+json;q=0, */*", "image/png"}) {
        const RawResponse response = get("Accept: " + std::string(accept) + "\r\n");
        EXPECT_EQ(response.status(), 302) << accept;
        EXPECT_EQ(response.field("location"), "https://portal.example.net/") << accept;
    }
}

TEST_F(Rfc8910Section2, WhatItAnswersDependsOnAccept) {
    start();
    for (const char* fields : {kJson, "Accept: text/html\r\n"}) {
        const RawResponse response = get(fields);
        EXPECT_EQ(response.field("vary"), "Accept");
        EXPECT_EQ(response.field("cache-control"), "no-store");
    }
}

TEST_F(Rfc8952Section23, MayBeAskedAgainAndAgain) {
    start();
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(state().at("captive"), true);
}

TEST_F(Rfc8952Section23, HeadIsGetWithoutTheObject) {
    start();
    const RawResponse response = ask_secure(
        "HEAD /capport HTTP/1.1\r\nHost: portal.example.net\r\n" + std::string(kJson) + "\r\n");
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(response.field("content-type"), "application/captive+json");
    EXPECT_EQ(response.body, "");
}

TEST_F(Rfc8952Section23, ChangesNothing) {
    start();
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
        const RawResponse response = ask_secure(
            std::string(method) +
            " /capport HTTP/1.1\r\nHost: portal.example.net\r\nContent-Length: 0\r\n\r\n");
        EXPECT_EQ(response.status(), 405) << method;
        EXPECT_EQ(response.field("allow"), "GET, HEAD") << method;
    }
}

TEST_F(Rfc8952Section23, TellsNobodyOfAnotherDevice) {
    const auto state = state_of(guest());
    const std::string text = boost::json::serialize(state);
    EXPECT_THAT(text, Not(HasSubstr("02:00")));
    EXPECT_THAT(text, Not(HasSubstr("ada")));
}

TEST_F(Rfc8952Section32, WhoIsNotKnownGetsNoState) {
    called_by({});
    start();
    const RawResponse response = get();
    EXPECT_EQ(response.status(), 503);
    EXPECT_NE(response.field("retry-after"), "");
}

TEST_F(Rfc8952Section32, ItsAddressIsTheSameForEverybody) {
    called_by(guest());
    start();
    EXPECT_EQ(ask_secure("GET /capport?client=other HTTP/1.1\r\nHost: portal.example.net\r\n" +
                         std::string(kJson) + "\r\n")
                  .body,
              get().body)
        << "context-free (§3.5)";
}

TEST_F(Rfc8952Section66, WithoutPortaldThereIsNoState) {
    start();
    lose_portald();
    EXPECT_EQ(get().status(), 503);
}

}  // namespace
}  // namespace portal::test
