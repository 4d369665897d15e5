#include "base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace portal {
namespace {

UniqueFd open_null() {
    return UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC));
}
bool is_open(int fd) {
    return fcntl(fd, F_GETFD) >= 0;
}

TEST(UniqueFd, ClosesAtItsEnd) {
    int number = -1;
    {
        const UniqueFd fd = open_null();
        number = fd.get();
        ASSERT_TRUE(fd);
        EXPECT_TRUE(is_open(number));
    }
    EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, MovesOwnership) {
    UniqueFd first = open_null();
    UniqueFd second = open_null();
    const int kept = first.get();
    const int dropped = second.get();
    second = std::move(first);
    EXPECT_EQ(second.get(), kept);
    EXPECT_TRUE(is_open(kept));
    EXPECT_FALSE(is_open(dropped));
}

TEST(UniqueFd, ReleaseLeavesItOpen) {
    UniqueFd fd = open_null();
    const UniqueFd other(fd.release());
    EXPECT_FALSE(fd);
    EXPECT_TRUE(is_open(other.get()));
}

}  // namespace
}  // namespace portal
