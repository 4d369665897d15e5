#include <gmock/gmock.h>

#include <limits>
#include <thread>

#include "unit/store/contract/backend.h"

namespace portal::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Session session_of(std::string_view client) {
    Session session;
    session.client = parse_client_id(client).value();
    session.method = "click-through";
    session.signed_in_at = WallTime(std::chrono::milliseconds(1'769'846'400'123));
    session.expires_at = session.signed_in_at + std::chrono::hours(8);
    session.idle_timeout = std::chrono::minutes(30);
    return session;
}

// As stored under the id that put() gave.
Session put(SessionStore& store, Session session) {
    session.id = store.put(session, nullptr).value();
    return session;
}

TEST_P(SessionStoreContract, StartsEmpty) {
    EXPECT_THAT(sessions().load_all().value(), IsEmpty());
}

TEST_P(SessionStoreContract, KeepsEveryMember) {
    Session full = session_of("02:00:00:00:00:02@100");
    full.state = ClientState::blocked;
    full.method = "password";
    full.user = "zo\xc3\xab";
    full.policy = "staff";
    full.policy_named = true;
    full.interface = "eth1";
    full.usage = {1, 2, 3, std::numeric_limits<std::uint64_t>::max()};
    full.last_seen = full.signed_in_at + std::chrono::milliseconds(1);
    full = put(sessions(), full);

    Session bare = session_of("02:00:00:00:00:01");
    bare.state = ClientState::trusted;
    bare.expires_at.reset();
    bare.idle_timeout = Seconds(0);
    bare = put(sessions(), bare);

    EXPECT_THAT(sessions().load_all().value(), ElementsAre(bare, full));
    reopen();
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(bare, full));
}

TEST_P(SessionStoreContract, SortsByClient) {
    const Session c = put(sessions(), session_of("fe:00:00:00:00:00"));
    const Session b = put(sessions(), session_of("02:00:00:00:00:01@7"));
    const Session a = put(sessions(), session_of("02:00:00:00:00:01"));
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(a, b, c));
}

TEST_P(SessionStoreContract, ANewSessionReplacesTheClients) {
    const Session first = put(sessions(), session_of("02:00:00:00:00:01"));
    Session second = session_of("02:00:00:00:00:01");
    second.user = "ann";
    second = put(sessions(), second);
    EXPECT_NE(second.id, first.id);
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(second));
}

TEST_P(SessionStoreContract, AnIdKeepsTheSession) {
    Session session = put(sessions(), session_of("02:00:00:00:00:01"));
    session.expires_at = *session.expires_at + std::chrono::hours(1);
    EXPECT_EQ(sessions().put(session, nullptr).value(), session.id);
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(session));
}

TEST_P(SessionStoreContract, AnIdIsNeverZeroAndNeverGivenTwice) {
    const Session first = put(sessions(), session_of("02:00:00:00:00:01"));
    EXPECT_NE(first.id, 0U);
    EXPECT_TRUE(sessions().erase(first.client, nullptr).value());
    const Session second = put(sessions(), session_of("02:00:00:00:00:01"));
    EXPECT_NE(second.id, first.id);
    EXPECT_TRUE(sessions().erase(second.client, nullptr).value());
    reopen();
    const Session third = put(sessions(), session_of("02:00:00:00:00:02"));
    EXPECT_NE(third.id, first.id);
    EXPECT_NE(third.id, second.id);
}

TEST_P(SessionStoreContract, AnothersIdIsAConflictAndChangesNothing) {
    const Session first = put(sessions(), session_of("02:00:00:00:00:01"));
    const Session second = put(sessions(), session_of("02:00:00:00:00:02"));
    Session thief = session_of("02:00:00:00:00:02");
    thief.id = first.id;
    EXPECT_EQ(sessions().put(thief, nullptr).error().code, ErrorCode::conflict);
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(first, second));
}

TEST_P(SessionStoreContract, EraseTellsWhetherThereWasOne) {
    const Session kept = put(sessions(), session_of("02:00:00:00:00:01"));
    const Session other_vlan = put(sessions(), session_of("02:00:00:00:00:01@5"));
    EXPECT_TRUE(sessions().erase(other_vlan.client, nullptr).value());
    EXPECT_FALSE(sessions().erase(other_vlan.client, nullptr).value());
    reopen();
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(kept));
}

TEST_P(SessionStoreContract, CheckpointUpdatesUsageAndLastSeen) {
    Session first = put(sessions(), session_of("02:00:00:00:00:01"));
    Session second = put(sessions(), session_of("02:00:00:00:00:02"));
    first.usage = {10, 1000, 20, 2000};
    first.last_seen = first.signed_in_at + std::chrono::minutes(5);
    second.usage = {1, 100, 2, 200};
    ASSERT_TRUE(sessions().checkpoint(std::vector<Checkpoint>{
        {first.id, first.usage, first.last_seen}, {second.id, second.usage, std::nullopt}}));
    reopen();
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(first, second));
}

TEST_P(SessionStoreContract, CheckpointKeepsAnEarlierLastSeen) {
    Session session = session_of("02:00:00:00:00:01");
    session.last_seen = session.signed_in_at;
    session = put(sessions(), session);
    session.usage.rx_bytes = 1;
    ASSERT_TRUE(
        sessions().checkpoint(std::vector<Checkpoint>{{session.id, session.usage, std::nullopt}}));
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(session));
}

TEST_P(SessionStoreContract, CheckpointPassesOverASessionThatIsGone) {
    const Session old = put(sessions(), session_of("02:00:00:00:00:01"));
    const Session renewed = put(sessions(), session_of("02:00:00:00:00:01"));
    ASSERT_TRUE(sessions().checkpoint(
        std::vector<Checkpoint>{{old.id, {1, 2, 3, 4}, old.signed_in_at},
                                {std::numeric_limits<std::uint64_t>::max(), {}, std::nullopt}}));
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(renewed));
    EXPECT_TRUE(sessions().checkpoint({}));
}

TEST_P(SessionStoreContract, TextIsNoSql) {
    Session session = session_of("02:00:00:00:00:01");
    session.user = "x'); DROP TABLE sessions; --";
    session = put(sessions(), session);
    EXPECT_THAT(sessions().load_all().value(), ElementsAre(session));
}

TEST_P(SessionStoreContract, ThreadsMayShareIt) {
    constexpr unsigned kThreads = 4;
    constexpr std::uint8_t kEach = 25;
    {
        std::vector<std::jthread> threads;
        for (std::uint8_t thread = 0; thread < kThreads; ++thread)
            threads.emplace_back([this, thread] {
                for (std::uint8_t i = 0; i < kEach; ++i) {
                    Session session = session_of("02:00:00:00:00:00");
                    session.client.mac.bytes[4] = thread;
                    session.client.mac.bytes[5] = i;
                    EXPECT_TRUE(sessions().put(session, nullptr));
                    EXPECT_TRUE(users().find("nobody"));
                }
            });
    }
    EXPECT_EQ(sessions().load_all().value().size(), kThreads * kEach);
}

}  // namespace
}  // namespace portal::store
