#include "http/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "certificates/issue.h"
#include "http/tls.h"

namespace portal::http {
namespace {

using test::Authority;
using test::Issued;
using testing::HasSubstr;

class CertificateTest : public testing::Test {
  protected:
    const Authority authority_;
};

TEST_F(CertificateTest, TellsForWhomAndForHowLong) {
    const WallTime now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto certificate =
        Certificate::parse(authority_.issue({.valid = std::chrono::days(90)}).certificate);
    ASSERT_TRUE(certificate) << certificate.error().what;
    EXPECT_TRUE(certificate->names("portal.example.net"));
    EXPECT_TRUE(certificate->names("PORTAL.example.net"));
    EXPECT_FALSE(certificate->names("example.net"));
    EXPECT_FALSE(certificate->names("x.portal.example.net"));
    EXPECT_LT(certificate->valid_from(), now);
    EXPECT_GT(certificate->valid_until(), now + std::chrono::days(89));
    EXPECT_LT(certificate->valid_until(), now + std::chrono::days(91));
}

TEST_F(CertificateTest, AWildcardNamesOneLabel) {
    const auto certificate =
        Certificate::parse(authority_.issue({.name = "*.example.net"}).certificate);
    ASSERT_TRUE(certificate);
    EXPECT_TRUE(certificate->names("portal.example.net"));
    EXPECT_FALSE(certificate->names("a.portal.example.net"));
}

TEST_F(CertificateTest, KnowsWhatClientsWouldHaveToFetch) {
    const auto intermediate = authority_.intermediate("Intermediate");
    const Issued issued = intermediate->issue({.issuer_url = "http://ca.example/i.crt"});
    EXPECT_TRUE(Certificate::parse(issued.certificate)->lacks_issuer());
    EXPECT_FALSE(
        Certificate::parse(issued.certificate + intermediate->certificate())->lacks_issuer());
    EXPECT_TRUE(Certificate::parse(issued.certificate + authority_.certificate())->lacks_issuer())
        << "another's";
    EXPECT_FALSE(Certificate::parse(authority_.issue().certificate)->lacks_issuer())
        << "says of none";
}

TEST_F(CertificateTest, WhatIsNoCertificateIsRefused) {
    const Issued issued = authority_.issue();
    for (const std::string& text : {std::string(), std::string("certificate"), issued.key})
        EXPECT_THAT(Certificate::parse(text).error().what, HasSubstr("no certificate in PEM"));
    std::string torn = issued.certificate;
    torn.replace(torn.find("\n") + 5, 8, "AAAAAAAA");
    EXPECT_THAT(Certificate::parse(torn).error().what, HasSubstr("cannot be read"));
    EXPECT_FALSE(Certificate::parse(issued.certificate + torn)) << "in its chain";
}

TEST_F(CertificateTest, AKeyIsRecognised) {
    const Issued issued = authority_.issue(), other = authority_.issue();
    const auto certificate = Certificate::parse(issued.certificate);
    EXPECT_TRUE(PrivateKey::parse(issued.key)->belongs_to(*certificate));
    EXPECT_FALSE(PrivateKey::parse(other.key)->belongs_to(*certificate));
    const Issued rsa = authority_.issue({.rsa = true});
    EXPECT_TRUE(PrivateKey::parse(rsa.key)->belongs_to(*Certificate::parse(rsa.certificate)));
}

TEST_F(CertificateTest, WhatIsNoKeyIsRefused) {
    const Issued issued = authority_.issue();
    for (const std::string& text : {std::string(), std::string("key"), issued.certificate})
        EXPECT_THAT(PrivateKey::parse(text).error().what, HasSubstr("no private key in PEM"));
    EXPECT_THAT(PrivateKey::parse(test::encrypted(issued.key, "secret")).error().what,
                HasSubstr("passphrase"));
}

TEST_F(CertificateTest, ServesWithItsKeyAlone) {
    const Issued issued = authority_.issue(), other = authority_.issue();
    const auto certificate = Certificate::parse(issued.certificate);
    EXPECT_TRUE(make_tls_context(*certificate, *PrivateKey::parse(issued.key)));
    EXPECT_FALSE(make_tls_context(*certificate, *PrivateKey::parse(other.key)));
}

TEST_F(CertificateTest, AWeakKeyDoesNotServe) {
    const Issued weak = authority_.issue({.rsa = true, .rsa_bits = 1024});
    const auto context =
        make_tls_context(*Certificate::parse(weak.certificate), *PrivateKey::parse(weak.key));
    ASSERT_FALSE(context);
    EXPECT_THAT(context.error().what, HasSubstr("key too small"));
}

}  // namespace
}  // namespace portal::http
