#include "auth/password_hash.h"

#include <gmock/gmock.h>

namespace portal::auth {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(PasswordPolicy, CountsBytes) {
    EXPECT_FALSE(check_password(""));
    EXPECT_FALSE(check_password("1234567"));
    EXPECT_TRUE(check_password("12345678"));
    EXPECT_TRUE(check_password(std::string(1024, 'x')));
    EXPECT_FALSE(check_password(std::string(1025, 'x')));
    EXPECT_THAT(check_password("1234567").error().hint, HasSubstr("8 to 1024"));
}

TEST(PasswordPolicy, TakesPlainTextAlone) {
    EXPECT_TRUE(check_password("korrekt pferd \xc3\xa4"));
    EXPECT_FALSE(check_password("12345678\n"));
    EXPECT_FALSE(check_password("12345678\xff"));
    EXPECT_FALSE(check_password(std::string_view("1234\0005678", 9)));
}

TEST(PasswordPolicy, DoesNotRepeatThePassword) {
    EXPECT_THAT(check_password("secret\n\n\n").error().what, Not(HasSubstr("secret")));
    EXPECT_THAT(check_password("secret").error().what, Not(HasSubstr("secret")));
}

TEST(PasswordHash, IsArgon2idWithASaltOfItsOwn) {
    const std::string first = hash_password("correct horse").value();
    const std::string second = hash_password("correct horse").value();
    EXPECT_THAT(first, StartsWith("$argon2id$v=19$m=65536,t=2,p=1$"));
    EXPECT_NE(first, second);
    EXPECT_TRUE(verify_password("correct horse", first).value());
    EXPECT_TRUE(verify_password("correct horse", second).value());
}

TEST(PasswordHash, RefusesAPasswordThePolicyRefuses) {
    EXPECT_EQ(hash_password("short").error().code, ErrorCode::invalid);
}

TEST(PasswordHash, IsOfOnePassword) {
    const std::string hash = hash_password("correct horse").value();
    for (const std::string_view other :
         {"", "correct hors", "correct horse ", "Correct horse", "battery staple"})
        EXPECT_FALSE(verify_password(other, hash).value()) << other;
}

TEST(PasswordHash, AMalformedHashIsOfNone) {
    for (const char* hash :
         {"", "x", "$argon2id$", "$argon2id$v=19$m=65536,t=2,p=1$", "$1$abc$def"})
        EXPECT_FALSE(verify_password("", hash).value()) << hash;
}

}  // namespace
}  // namespace portal::auth
