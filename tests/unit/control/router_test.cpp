#include "control/router.h"

#include <gmock/gmock.h>

namespace portal::control::test {

namespace {

using testing::ElementsAre;

class RouterTest : public testing::Test {
  protected:
    RouterTest() {
        router_.add("GET", "/v1/clients");
        router_.add("GET", "/v1/clients/{client}");
        router_.add("DELETE", "/v1/clients/{client}");
        router_.add("POST", "/v1/clients/{client}/notes/{note}");
    }

    Router router_;
};

TEST_F(RouterTest, FindsTheRouteAndItsParameters) {
    const auto list = router_.match("GET", "/v1/clients");
    EXPECT_EQ(std::get<Router::Found>(list).route, 0U);
    const auto note = router_.match("POST", "/v1/clients/02%3a00@5/notes/%41b");
    EXPECT_EQ(std::get<Router::Found>(note).route, 3U);
    EXPECT_THAT(std::get<Router::Found>(note).parameters, ElementsAre("02:00@5", "Ab"));
}

TEST_F(RouterTest, AnEncodedSlashIsPartOfItsSegment) {
    const auto match = router_.match("GET", "/v1/clients/a%2fb");
    EXPECT_THAT(std::get<Router::Found>(match).parameters, ElementsAre("a/b"));
}

TEST_F(RouterTest, AnotherMethodNamesThoseAllowed) {
    const auto match = router_.match("PUT", "/v1/clients/x");
    EXPECT_THAT(std::get<Router::NoSuchMethod>(match).allowed, ElementsAre("GET", "DELETE"));
}

TEST_F(RouterTest, WhatIsNoPathOfOurs) {
    for (const char* path :
         {"", "*", "/", "/v1", "/v1/clients/", "/v1/clients//", "/v2/clients", "/v1/clients/x/y",
          "/v1/clients/%", "/v1/clients/%4", "/v1/clients/%zz", "/v1/clients/% 1",
          "/v1/clients/../clients/x", "v1/clients"})
        EXPECT_TRUE(std::holds_alternative<Router::NoSuchPath>(router_.match("GET", path))) << path;
}

}  // namespace

}  // namespace portal::control::test
