#include "control/control_socket.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <fstream>

#include "control/state_lock.h"
#include "unit/temporary_directory.h"

namespace portal::control::test {

namespace {

using testing::HasSubstr;

mode_t mode_of(const std::filesystem::path& path) {
    struct stat info {};
    EXPECT_EQ(lstat(path.c_str(), &info), 0);
    return info.st_mode & 07777;
}

bool answers(const std::filesystem::path& path) {
    const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    return connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

TEST(ControlSocket, IsForTheGroupAndGoesWithItsOwner) {
    const TemporaryDirectory directory;
    const auto path = directory / "run/portald.sock";
    {
        const auto socket = ControlSocket::open(path);
        ASSERT_TRUE(socket);
        EXPECT_EQ(mode_of(path), 0660U);
        EXPECT_TRUE(answers(path));
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ControlSocket, TakesThePlaceOfADeadOne) {
    const TemporaryDirectory directory;
    const auto path = directory / "portald.sock";
    {
        auto dead = ControlSocket::open(path);
        ASSERT_TRUE(dead);
        std::filesystem::create_hard_link(path, directory / "left");
    }
    std::filesystem::rename(directory / "left", path);
    EXPECT_FALSE(answers(path));
    const auto socket = ControlSocket::open(path);
    ASSERT_TRUE(socket);
    EXPECT_TRUE(answers(path));
}

TEST(ControlSocket, LeavesALivingOneAlone) {
    const TemporaryDirectory directory;
    const auto path = directory / "portald.sock";
    const auto first = ControlSocket::open(path);
    ASSERT_TRUE(first);
    const auto second = ControlSocket::open(path);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    EXPECT_TRUE(answers(path));
}

TEST(ControlSocket, LeavesAFileAlone) {
    const TemporaryDirectory directory;
    const auto path = directory / "portald.sock";
    std::ofstream(path) << "precious";
    EXPECT_EQ(ControlSocket::open(path).error().code, ErrorCode::conflict);
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(ControlSocket, ATooLongPathIsSaidToBe) {
    const auto socket = ControlSocket::open("/tmp/" + std::string(200, 'x'));
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().code, ErrorCode::invalid);
    EXPECT_THAT(socket.error().what, HasSubstr("too long"));
}

TEST(StateLock, IsHeldByOne) {
    const TemporaryDirectory directory;
    const auto folder = directory / "state";
    auto first = lock_state(folder);
    ASSERT_TRUE(first);
    EXPECT_EQ(mode_of(folder), 0700U);
    const auto second = lock_state(folder);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    first->reset();
    EXPECT_TRUE(lock_state(folder));
    EXPECT_FALSE(lock_state(directory / "no/such/folder"));
}

}  // namespace

}  // namespace portal::control::test
