#include "domain/remote_nonces.h"

#include <gtest/gtest.h>

namespace portal {
namespace {

using std::chrono::minutes;
using std::chrono::nanoseconds;

constexpr MonotonicTime kStart = std::chrono::hours(1);

ClientId client(std::uint8_t number, std::uint16_t vlan = 0) {
    return {Mac{{2, 0, 0, 0, 0, number}}, vlan};
}

TEST(RemoteNonces, AreKnownUntilTheirEnd) {
    RemoteNonces nonces{minutes(10)};
    nonces.issue("a", {.client = client(1), .wanted = WantedPage{"http://example.org/", true}},
                 kStart);
    const auto issued = nonces.find("a", kStart + minutes(10) - nanoseconds(1));
    ASSERT_TRUE(issued);
    EXPECT_EQ(issued->client, client(1));
    EXPECT_EQ(issued->wanted, (WantedPage{"http://example.org/", true}));
    EXPECT_FALSE(issued->used);
    EXPECT_FALSE(nonces.find("a", kStart + minutes(10)));
    EXPECT_FALSE(nonces.find("b", kStart));
    EXPECT_FALSE(nonces.find("", kStart));
}

TEST(RemoteNonces, AUsedOneStaysUsed) {
    RemoteNonces nonces{minutes(10)};
    nonces.issue("a", {.client = client(1)}, kStart);
    nonces.issue("b", {.client = client(1)}, kStart);
    nonces.use("a");
    EXPECT_TRUE(nonces.find("a", kStart)->used);
    EXPECT_FALSE(nonces.find("b", kStart)->used);
    nonces.use("never issued");
    EXPECT_EQ(nonces.size(), 2U);
}

TEST(RemoteNonces, AClientPushesOutItsOwnOldest) {
    RemoteNonces nonces{minutes(10)};
    nonces.issue("other", {.client = client(2)}, kStart);
    nonces.issue("on a VLAN", {.client = client(1, 100)}, kStart);
    for (std::size_t i = 0; i < 100; ++i)
        nonces.issue(std::to_string(i), {.client = client(1)}, kStart);
    EXPECT_EQ(nonces.size(), RemoteNonces::kPlacesOfAClient + 2);
    EXPECT_FALSE(nonces.find("95", kStart));
    EXPECT_TRUE(nonces.find("96", kStart));
    EXPECT_TRUE(nonces.find("99", kStart));
    EXPECT_TRUE(nonces.find("other", kStart));
    EXPECT_TRUE(nonces.find("on a VLAN", kStart));
}

TEST(RemoteNonces, WhereAllPlacesAreTakenTheOldestGivesWay) {
    RemoteNonces nonces{minutes(10), 3};
    for (std::uint8_t i = 1; i <= 4; ++i)
        nonces.issue(std::to_string(i), {.client = client(i)}, kStart);
    EXPECT_EQ(nonces.size(), 3U);
    EXPECT_FALSE(nonces.find("1", kStart));
    EXPECT_TRUE(nonces.find("2", kStart));
}

TEST(RemoteNonces, TheEndedMakeRoom) {
    RemoteNonces nonces{minutes(10)};
    for (std::uint8_t i = 1; i <= 100; ++i)
        nonces.issue(std::to_string(i), {.client = client(i)}, kStart);
    nonces.issue("later", {.client = client(1)}, kStart + minutes(10));
    EXPECT_EQ(nonces.size(), 1U);
    EXPECT_TRUE(nonces.find("later", kStart + minutes(10)));
}

}  // namespace
}  // namespace portal
