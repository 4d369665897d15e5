#include "control/remote_secret.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "unit/temporary_directory.h"

namespace portal::control::test {

namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RemoteSecretTest : public testing::Test {
  protected:
    std::filesystem::path write(std::string_view text, mode_t mode = 0600) const {
        std::ofstream(file_, std::ios::binary) << text;
        EXPECT_EQ(chmod(file_.c_str(), mode), 0);
        return file_;
    }
    Error refusal(std::string_view text, mode_t mode = 0600) const {
        const auto secret = read_remote_secret(write(text, mode));
        if (secret) {
            ADD_FAILURE() << "was accepted: " << text;
            return {};
        }
        EXPECT_THAT(secret.error().what, StartsWith("remote.secret_file: " + file_.string()));
        if (text.size() > 4) {
            EXPECT_THAT(secret.error().what, Not(HasSubstr(std::string(text))));
        }
        return secret.error();
    }

    TemporaryDirectory directory_;
    const std::filesystem::path file_ = directory_.path() / "remote.secret";
    const std::string secret_ = "0123456789abcdef0123456789abcdef";
};

TEST_F(RemoteSecretTest, IsReadWithoutTheBlanksAroundIt) {
    EXPECT_EQ(read_remote_secret(write(secret_)), secret_);
    EXPECT_EQ(read_remote_secret(write(" \t" + secret_ + "\r\n\n")), secret_);
    EXPECT_EQ(read_remote_secret(write("a secret of many words, with blanks")),
              "a secret of many words, with blanks");
    EXPECT_EQ(read_remote_secret(write(std::string(1024, 'x'), 0440)), std::string(1024, 'x'));
}

TEST_F(RemoteSecretTest, AShortOneIsRefused) {
    EXPECT_THAT(refusal("").what, HasSubstr("holds 0 bytes, fewer than 32"));
    EXPECT_THAT(refusal(secret_.substr(1) + "\n").what, HasSubstr("holds 31 bytes"));
    EXPECT_THAT(refusal(std::string(100, '\n')).hint, HasSubstr("openssl rand -hex 32"));
}

TEST_F(RemoteSecretTest, WhatIsNoLineOfTextIsRefused) {
    EXPECT_THAT(refusal(secret_ + "\n" + secret_).what, HasSubstr("more than one line"));
    EXPECT_THAT(refusal(secret_ + std::string("\0x", 2)).what, HasSubstr("printable ASCII"));
    EXPECT_THAT(refusal(secret_ + "\xc3\xa9").what, HasSubstr("printable ASCII"));
    EXPECT_THAT(refusal(std::string(1025, 'x')).what, HasSubstr("more than 1024 bytes"));
    EXPECT_THAT(refusal(std::string(1'000'000, 'x')).what, HasSubstr("larger than 4096 bytes"));
}

TEST_F(RemoteSecretTest, AFileThatIsOpenToOthersIsRefused) {
    for (const mode_t mode : {0604, 0602, 0601, 0620, 0666, 0644}) {
        const Error error = refusal(secret_, mode);
        EXPECT_EQ(error.code, ErrorCode::denied);
        EXPECT_THAT(error.what, HasSubstr("open to others")) << mode;
        EXPECT_THAT(error.hint, HasSubstr("600"));
    }
    if (geteuid() != 0) return;
    write(secret_);
    ASSERT_EQ(chown(file_.c_str(), 65534, 65534), 0);
    const auto foreign = read_remote_secret(file_);
    ASSERT_FALSE(foreign);
    EXPECT_THAT(foreign.error().what, HasSubstr("another user"));
}

TEST_F(RemoteSecretTest, WhatIsNoFileIsRefused) {
    EXPECT_THAT(read_remote_secret(file_).error().what, HasSubstr("no such file"));
    EXPECT_THAT(read_remote_secret(directory_.path()).error().what, HasSubstr("regular file"));
    ASSERT_EQ(mkfifo(file_.c_str(), 0600), 0);
    EXPECT_THAT(read_remote_secret(file_).error().what, HasSubstr("regular file"));
}

}  // namespace

}  // namespace portal::control::test
