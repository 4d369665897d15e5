#include "base/error.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

Result<int> number(bool good) {
    if (!good) return fail(ErrorCode::not_found, "no number", "look elsewhere");
    return 7;
}

Result<std::string> text_of(bool good) {
    TRY_ASSIGN(const int value, number(good));
    return std::to_string(value);
}

Status checked(bool good) {
    TRY(number(good));
    return {};
}

TEST(Error, TryHandsOnValueAndError) {
    EXPECT_EQ(text_of(true).value(), "7");
    EXPECT_TRUE(checked(true));
    for (const Error& error : {text_of(false).error(), checked(false).error()}) {
        EXPECT_EQ(error.code, ErrorCode::not_found);
        EXPECT_EQ(error.what, "no number");
        EXPECT_EQ(error.hint, "look elsewhere");
    }
}

TEST(Error, NamesTheSystemsReason) {
    const Status status = fail_errno("opening /x", "make it", ENOENT);
    EXPECT_EQ(status.error().code, ErrorCode::system);
    EXPECT_EQ(status.error().what, "opening /x: No such file or directory");
    EXPECT_EQ(status.error().hint, "make it");
}

TEST(Error, WithinAddsThePlaceAndKeepsTheRest) {
    const Error error = within("eth1", Error{ErrorCode::full, "no room", "make some"});
    EXPECT_EQ(error.code, ErrorCode::full);
    EXPECT_EQ(error.what, "eth1: no room");
    EXPECT_EQ(error.hint, "make some");
}

}  // namespace
}  // namespace portal
