#include "auth/click_through.h"

#include <gtest/gtest.h>

namespace portal::auth {
namespace {

TEST(ClickThrough, LetsEverybodyInAsNobody) {
    ClickThrough click_through;
    EXPECT_EQ(click_through.method(), "click-through");
    EXPECT_EQ(click_through.authenticate({}).value(), Identity{});
    EXPECT_EQ(click_through.authenticate({"ann", "secret"}).value(), Identity{});
}

}  // namespace
}  // namespace portal::auth
