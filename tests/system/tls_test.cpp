// The portal's own pages within TLS: by its name, on its port, and nobody else's.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>

#include "system/secure_portal.h"

namespace portal::system_test {
namespace {

constexpr const char* kPortalName = SecurePortal::kName;

bool mentions(const std::string& text, const std::string& what) {
    return text.find(what) != std::string::npos;
}

class TlsTest : public FamilyTest {
  protected:
    SecurePortal secure_{lab_};
    Portald portald_{lab_, secure_.settings()};
    Guest guest_ = secure_.guest(lab_.client, GetParam());
};

TEST_P(TlsTest, AGuestSignsInAndOutWithinTls) {
    const WebAnswer intercepted = guest_.get(Guest::url(guest().server(80)));
    EXPECT_EQ(intercepted.status, 511);
    EXPECT_TRUE(intercepted.header("refresh").starts_with("0; url=" + secure_.url()))
        << intercepted.header("refresh");
    EXPECT_EQ(lab::reach(lab_.client, guest().server(443)), Reach::silent);

    const WebAnswer signed_in = guest_.click_through();
    ASSERT_EQ(signed_in.status, 303) << signed_in.error << signed_in.body;
    EXPECT_TRUE(guest_.online());
    EXPECT_TRUE(mentions(guest_.get(secure_.url("/status")).body, "You are online"));
    ASSERT_EQ(guest_.sign_out().status, 303);
    EXPECT_TRUE(guest_.captive());
}

TEST_P(TlsTest, ItsCertificateIsVerifiedByName) {
    EXPECT_EQ(guest_.get(secure_.url()).status, 200);
    const std::string address = guest().gateway(443).address.to_url_host();
    const WebAnswer by_address = guest_.get("https://" + address + "/");
    EXPECT_EQ(by_address.exit, 60) << by_address.error;
    EXPECT_EQ(guest_.get("https://" + address + "/", {"--insecure"}).status, 200);
    EXPECT_EQ(lab::curl(lab_.client, secure_.url(),
                        {"--resolve", std::string(kPortalName) + ":443:" + address})
                  .exit,
              60)
        << "by an authority it does not know";
}

TEST_P(TlsTest, HttpLeadsToItAndHasNoForm) {
    const std::string plain = std::string("http://") + kPortalName;
    const WebAnswer front = guest_.get(plain + "/status?url=http%3A%2F%2Fexample.org%2F");
    EXPECT_EQ(front.status, 302);
    EXPECT_EQ(front.header("location"), secure_.url("/status?url=http%3A%2F%2Fexample.org%2F"));
    EXPECT_EQ(front.header("cache-control"), "no-store");
    EXPECT_EQ(front.header("strict-transport-security"), "");
    EXPECT_EQ(front.body, "");
    const WebAnswer by_address = guest().get(guest().portal());
    EXPECT_EQ(by_address.status, 302);
    EXPECT_EQ(by_address.header("location"), secure_.url());
    EXPECT_EQ(guest_.get(plain + "/sign-in", {"--data", "method=click-through"}).status, 405);
    EXPECT_EQ(portald_.state(kClientName), "stranger");
}

TEST_P(TlsTest, AnotherHostIsMisdirected) {
    const WebAnswer answer = guest_.get(secure_.url(), {"--header", "Host: example.org"});
    EXPECT_EQ(answer.status, 421);
    for (const char* name : {"refresh", "location", "strict-transport-security", "set-cookie"})
        EXPECT_EQ(answer.header(name), "") << name;
}

TEST_P(TlsTest, WithoutARunningPortaldItIsClosed) {
    const lab::WebServer other(lab_.gateway, {guest().gateway(443)});
    portald_.kill();
    lab::await("the responder's end",
               [&] { return lab::reach(lab_.client, guest().gateway(443)) == Reach::silent; });
    EXPECT_EQ(guest().get(Guest::url(guest().gateway(443))).exit, 28) << "not another server's";
    portald_.start();
    EXPECT_EQ(guest_.get(secure_.url()).status, 200);
}

PORTAL_BOTH_FAMILIES(TlsTest);

class TlsReloadTest : public SystemTest {
  protected:
    boost::json::value reload(const Settings& settings) {
        portald_.write_config(settings);
        return portald_.json({"config", "reload"});
    }
    static bool lists(const boost::json::value& answer, const char* key) {
        return mentions(boost::json::serialize(answer.at("applied")), key);
    }
    SecurePortal secure_{lab_};
    Guest guest_ = secure_.guest(lab_.client, Family::ipv4);
    Portald portald_{lab_, secure_.settings()};
};

TEST_F(TlsReloadTest, ARenewedCertificateIsShownAndNobodyNotices) {
    ASSERT_EQ(guest_.click_through().status, 303);
    const boost::json::object before = portald_.client(kClientName);
    // In the middle of its request while the certificate is changed.
    lab::Attempt halfway = lab::connect_tcp(lab_.client, guest4_.gateway(80));
    lab::send_stream(halfway.socket, "GET / HTTP/1.1\r\n");

    const test::Authority another("Another Authority");
    secure_.install(another.issue({.name = kPortalName}));
    EXPECT_TRUE(lists(reload(secure_.settings()), "portal.certificate"));
    // Whoever was faster than the reload met the former responder.
    constexpr int unknown_authority = 60;
    lab::await("the renewed one",
               [&] { return guest_.get(secure_.url()).exit == unknown_authority; });
    secure_.install(secure_.authority().issue({.name = kPortalName}));
    EXPECT_TRUE(lists(reload(secure_.settings()), "portal.certificate"));
    lab::await("one that is known", [&] { return guest_.get(secure_.url()).status == 200; });
    EXPECT_FALSE(lists(reload(secure_.settings()), "portal.certificate")) << "the same again";

    lab::send_stream(halfway.socket, "Host: portal.example.net\r\n\r\n");
    const auto answer = lab::receive(halfway.socket, lab::kPatience);
    EXPECT_TRUE(answer && answer->starts_with("HTTP/1.1 302")) << answer.value_or("nothing");
    EXPECT_EQ(portald_.client(kClientName).at("signed_in_at"), before.at("signed_in_at"));
    EXPECT_TRUE(guest_.online());
}

TEST_F(TlsReloadTest, WhatCannotBeServedChangesNothing) {
    const test::Authority another;
    {
        std::ofstream key(secure_.key());
        key << another.issue().key;
    }
    const Outcome outcome = portald_.ctl({"config", "reload"});
    EXPECT_EQ(outcome.exit, 1);
    EXPECT_TRUE(mentions(outcome.err, "portal.key")) << outcome.err;
    EXPECT_TRUE(mentions(outcome.err, secure_.key())) << outcome.err;
    EXPECT_EQ(guest_.get(secure_.url()).status, 200);
}

TEST_F(TlsReloadTest, IsSwitchedOnAndOff) {
    const lab::WebServer other(lab_.gateway, {guest4_.gateway(443)});
    const std::string other_url = Guest::url(guest4_.gateway(443));
    EXPECT_EQ(guest_.get(secure_.url()).status, 200);

    EXPECT_TRUE(lists(reload({}), "portal.key"));
    EXPECT_EQ(guest4_.get(other_url).body, lab::WebServer::kPage) << "as without TLS";
    lab::await("the pages by HTTP", [&] { return guest4_.get(guest4_.portal()).status == 200; });
    ASSERT_EQ(guest4_.click_through().status, 303);
    EXPECT_EQ(guest4_.get(other_url).body, lab::WebServer::kPage) << "signed in";

    EXPECT_TRUE(lists(reload(secure_.settings()), "portal.key"));
    EXPECT_TRUE(mentions(guest_.get(secure_.url()).body, "You are online"));
}

TEST_F(TlsReloadTest, TheDoctorLooksAtTheCertificate) {
    const auto verdict = [&](const std::string& name) {
        const Outcome outcome = portald_.ctl({"--json", "doctor"});
        const auto checks = boost::json::parse(outcome.out);
        for (const boost::json::value& check : checks.as_array())
            if (check.at("check").as_string() == name) return check.at("ok").as_bool();
        lab::fail("no check " + name);
    };
    EXPECT_TRUE(verdict("certificate_name"));
    EXPECT_TRUE(verdict("certificate_expiry"));
    EXPECT_TRUE(verdict("key_file"));
    secure_.install(
        secure_.authority().issue({.name = "other.example", .valid = std::chrono::days(13)}));
    std::filesystem::permissions(secure_.key(), std::filesystem::perms(0644));
    reload(secure_.settings());
    EXPECT_FALSE(verdict("certificate_name"));
    EXPECT_FALSE(verdict("certificate_expiry"));
    EXPECT_FALSE(verdict("key_file"));
    const std::string log = portald_.process().errors();
    EXPECT_TRUE(mentions(log, "does not name portal.example.net")) << log;
    EXPECT_TRUE(mentions(log, "it expires ")) << log;
}

class TlsStartTest : public SystemTest {
  protected:
    // Both ways to be told: at the start, and by --check.
    void expect_refusal(const Settings& settings, const std::vector<std::string>& words) const {
        for (const std::vector<std::string>& more :
             {std::vector<std::string>{}, std::vector<std::string>{"--check"}}) {
            const Outcome outcome = lab::run_portald(lab_, settings, more);
            EXPECT_EQ(outcome.exit, 1) << outcome.err;
            for (const std::string& word : words)
                EXPECT_TRUE(mentions(outcome.err, word)) << word << " in " << outcome.err;
        }
    }
    SecurePortal secure_{lab_};
};

TEST_F(TlsStartTest, FilesThatCannotBeServedAreNamed) {
    std::filesystem::remove(secure_.certificate());
    expect_refusal(secure_.settings(),
                   {"portal.certificate", secure_.certificate(), "no such file"});
    secure_.install({.certificate = "-", .key = "-"});
    expect_refusal(secure_.settings(), {"portal.certificate", "no certificate in PEM"});
    const test::Issued issued = secure_.authority().issue({.name = kPortalName});
    secure_.install({.certificate = issued.certificate, .key = "-"});
    expect_refusal(secure_.settings(), {"portal.key", secure_.key(), "no private key"});
    secure_.install(
        {.certificate = issued.certificate, .key = test::encrypted(issued.key, "secret")});
    expect_refusal(secure_.settings(), {"portal.key", "passphrase"});
    secure_.install({.certificate = issued.certificate, .key = secure_.authority().issue().key});
    expect_refusal(secure_.settings(),
                   {"portal.key", secure_.certificate(), "not the key of the certificate"});
}

TEST_F(TlsStartTest, TheCheckWarnsOfWhatMayNotBeMeant) {
    secure_.install(
        secure_.authority().issue({.name = "other.example", .valid = std::chrono::days(-1)}));
    std::filesystem::permissions(secure_.key(), std::filesystem::perms(0644));
    const Outcome outcome = lab::run_portald(lab_, secure_.settings(), {"--check"});
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    for (const char* word : {"WARNING: portal.certificate", "does not name", "expired",
                             "WARNING: portal.key", "every user"})
        EXPECT_TRUE(mentions(outcome.err, word)) << word << " in " << outcome.err;
}

}  // namespace
}  // namespace portal::system_test
