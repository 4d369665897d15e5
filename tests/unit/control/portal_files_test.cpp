// The files that [portal] names, and what is said of them.
#include "control/portal_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "certificates/issue.h"
#include "control/certificate_check.h"
#include "unit/temporary_directory.h"

namespace portal::control {
namespace {

using portal::test::Authority;
using portal::test::Issued;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

WallTime now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

class PortalFilesTest : public testing::Test {
  protected:
    PortalFilesTest() {
        portal_.hostname = "portal.example.net";
        portal_.certificate = directory_.path() / "portal.pem";
        portal_.key = directory_.path() / "portal.key";
        install(authority_.issue());
    }

    void install(const Issued& issued) const {
        std::ofstream(portal_.certificate) << issued.certificate;
        std::ofstream(portal_.key) << issued.key;
        std::filesystem::permissions(portal_.key, std::filesystem::perms(0640));
    }
    std::string refusal() const {
        const auto files = read_portal_files(portal_, now());
        EXPECT_FALSE(files);
        return files ? std::string() : files.error().what;
    }
    std::vector<std::string> warnings(WallTime at = now()) const {
        const auto files = read_portal_files(portal_, at);
        EXPECT_TRUE(files) << files.error().what;
        return files ? files->warnings : std::vector<std::string>();
    }

    const TemporaryDirectory directory_;
    const Authority authority_;
    config::Portal portal_;
};

TEST_F(PortalFilesTest, AreReadAsTheyAre) {
    const Issued issued = authority_.issue();
    install(issued);
    const auto files = read_portal_files(portal_, now());
    ASSERT_TRUE(files) << files.error().what;
    EXPECT_EQ(files->tls, (ipc::Tls{.certificate = issued.certificate, .key = issued.key}));
    EXPECT_THAT(files->warnings, IsEmpty());
}

TEST_F(PortalFilesTest, NoneAreNamed) {
    const auto files = read_portal_files(config::Portal{}, now());
    ASSERT_TRUE(files);
    EXPECT_FALSE(files->tls);
}

TEST_F(PortalFilesTest, AFaultNamesKeyAndFile) {
    const Issued issued = authority_.issue();
    const auto of_certificate =
        AllOf(HasSubstr("portal.certificate: "), HasSubstr(portal_.certificate.string()));
    const auto of_key = AllOf(HasSubstr("portal.key: "), HasSubstr(portal_.key.string()));

    install({.certificate = issued.key, .key = issued.key});
    EXPECT_THAT(refusal(), AllOf(of_certificate, HasSubstr("no certificate in PEM")));
    install({.certificate = issued.certificate, .key = issued.certificate});
    EXPECT_THAT(refusal(), AllOf(of_key, HasSubstr("no private key in PEM")));
    install(
        {.certificate = issued.certificate, .key = portal::test::encrypted(issued.key, "secret")});
    EXPECT_THAT(refusal(), AllOf(of_key, HasSubstr("passphrase")));
    install({.certificate = issued.certificate, .key = authority_.issue().key});
    EXPECT_THAT(refusal(), AllOf(of_key, HasSubstr("not the key of the certificate")));
    install({.certificate = issued.certificate, .key = std::string(ipc::kLargestPem + 1, 'k')});
    EXPECT_THAT(refusal(), AllOf(of_key, HasSubstr("larger than")));
    install(authority_.issue({.rsa = true, .rsa_bits = 1024}));
    EXPECT_THAT(refusal(), AllOf(of_certificate, HasSubstr("key too small")));

    std::filesystem::remove(portal_.key);
    install(issued);
    std::filesystem::remove(portal_.key);
    EXPECT_THAT(refusal(), AllOf(of_key, HasSubstr("no such file")));
    std::filesystem::create_directory(portal_.key);
    EXPECT_THAT(refusal(), AllOf(of_key, HasSubstr("not a regular file")));
}

TEST_F(PortalFilesTest, WarnsOfAnotherName) {
    install(authority_.issue({.name = "other.example"}));
    EXPECT_THAT(warnings(), ElementsAre(AllOf(HasSubstr("portal.certificate: "),
                                              HasSubstr("does not name portal.example.net"))));
}

TEST_F(PortalFilesTest, WarnsFourteenDaysBefore) {
    install(authority_.issue({.valid = std::chrono::days(100)}));
    EXPECT_THAT(warnings(now() + std::chrono::days(85)), IsEmpty());
    EXPECT_THAT(warnings(now() + std::chrono::days(87)), ElementsAre(HasSubstr("it expires ")));
    EXPECT_THAT(warnings(now() + std::chrono::days(101)), ElementsAre(HasSubstr("it expired ")));
    EXPECT_THAT(warnings(now() - std::chrono::days(2)), ElementsAre(HasSubstr("not valid before")));
}

TEST_F(PortalFilesTest, WarnsOfAnIssuerThatClientsWouldHaveToFetch) {
    install(authority_.issue({.issuer_url = "http://ca.example/issuer.crt"}));
    EXPECT_THAT(warnings(), ElementsAre(HasSubstr("certificate of its issuer")));
}

TEST_F(PortalFilesTest, WarnsOfAKeyThatOthersCanRead) {
    std::filesystem::permissions(portal_.key, std::filesystem::perms(0644));
    EXPECT_THAT(warnings(), ElementsAre(AllOf(HasSubstr("portal.key: "),
                                              HasSubstr("every user of this host"))));
}

TEST(CertificateCheck, WhatIsWellNeedsNoCure) {
    const Authority authority;
    const auto certificate = http::Certificate::parse(authority.issue().certificate);
    for (const Check& check : check_certificate(*certificate, "portal.example.net", now())) {
        EXPECT_TRUE(check.ok) << check.name;
        EXPECT_TRUE(check.cure.empty()) << check.name;
        EXPECT_FALSE(check.detail.empty()) << check.name;
    }
}

}  // namespace
}  // namespace portal::control
