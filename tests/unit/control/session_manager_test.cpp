#include "control/session_manager.h"

#include <gmock/gmock.h>

#include "fakes.h"

namespace portal::control::test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Usage kSome{1, 100, 2, 200};
constexpr Usage kMore{3, 300, 4, 400};
constexpr Limits kFast{.down = 100'000'000, .up = 50'000'000, .quota = 1'000};

class SessionManagerTest : public testing::Test {
  protected:
    SessionManagerTest() {
        manager.set_rules({.timeout = hours(8),
                           .idle_timeout = minutes(30),
                           .policies = {{"default", {}}, {"fast", {kFast}}}});
    }

    // The client's frame, as the kernel notes it.
    void seen(const ClientId& id) { table.entries.at(id).last_seen = clock.monotonic(); }
    ErrorCode code_of(const Status& status) { return status.error().code; }
    bool nowhere(const ClientId& id) {
        return !store.sessions.contains(id) && !table.entries.contains(id) && !manager.find(id);
    }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    EventBus bus;
    Listener events{bus};
    FakeAuditStore audit_store;
    AuditTrail audit{audit_store, clock};
    SessionManager manager{store, table, clock, bus, audit};
};

TEST_F(SessionManagerTest, AuthorizesAClientNeverSeen) {
    ASSERT_TRUE(manager.authorize(client(1), {}));
    const auto session = manager.find(client(1));
    ASSERT_TRUE(session);
    EXPECT_EQ(session->state, ClientState::authorized);
    EXPECT_EQ(session->method, "operator");
    EXPECT_EQ(session->policy, "default");
    EXPECT_EQ(session->signed_in_at, clock.wall());
    EXPECT_EQ(session->expires_at, clock.wall() + hours(8));
    EXPECT_EQ(session->idle_timeout, minutes(30));
    EXPECT_EQ(session->last_seen, std::nullopt);
    EXPECT_EQ(store.sessions.at(client(1)).id, table.entries.at(client(1)).session);
    EXPECT_EQ(table.entries.at(client(1)).expires_at, clock.monotonic() + hours(8));
    EXPECT_THAT(events.types(), ElementsAre(EventType::sign_in));
}

TEST_F(SessionManagerTest, RenewalKeepsIdAndCounters) {
    ASSERT_TRUE(manager.authorize(client(1), {.user = "ada"}));
    const auto first = store.sessions.at(client(1));
    table.used[client(1)] = kSome;
    clock.advance(minutes(10));
    seen(client(1));
    clock.advance(minutes(10));
    ASSERT_TRUE(manager.authorize(client(1), {.timeout = hours(1), .policy = "fast"}));
    const auto session = manager.find(client(1));
    ASSERT_TRUE(session);
    EXPECT_EQ(session->id, first.id);
    EXPECT_EQ(session->user, "ada");
    EXPECT_EQ(session->policy, "fast");
    EXPECT_EQ(session->signed_in_at, first.signed_in_at);
    EXPECT_EQ(session->expires_at, clock.wall() + hours(1));
    EXPECT_EQ(session->usage, kSome);
    EXPECT_EQ(session->last_seen, clock.wall() - minutes(10));
    EXPECT_EQ(store.sessions.at(client(1)).usage, kSome);
}

TEST_F(SessionManagerTest, ASessionCountsOnTheInterfaceItWasBegunOn) {
    ASSERT_TRUE(manager.place({.interfaces = {{"eth1", 3}, {"eth2", 4}}, .bind_addresses = true}));
    ASSERT_TRUE(manager.sign_in({.client = client(1), .method = "m", .interface = "eth1"}));
    ASSERT_TRUE(manager.authorize(client(2), {}));
    ASSERT_TRUE(manager.trust(client(3)));
    EXPECT_EQ(table.entries.at(client(1)).ifindex, 3U);
    EXPECT_TRUE(table.entries.at(client(1)).bound);
    EXPECT_EQ(table.entries.at(client(2)).ifindex, 0U);
    EXPECT_TRUE(table.entries.at(client(2)).bound);
    EXPECT_EQ(table.entries.at(client(3)).ifindex, 0U);
    EXPECT_FALSE(table.entries.at(client(3)).bound);
    EXPECT_EQ(store.sessions.at(client(1)).interface, "eth1");

    const auto before = table.entries.at(client(1));
    ASSERT_TRUE(manager.place({.interfaces = {{"eth1", 9}, {"eth2", 4}}}));
    EXPECT_EQ(table.entries.at(client(1)).ifindex, 9U);
    EXPECT_FALSE(table.entries.at(client(1)).bound);
    EXPECT_EQ(table.entries.at(client(1)).expires_at, before.expires_at);
    ASSERT_TRUE(manager.place({.interfaces = {{"eth2", 4}}}));
    EXPECT_NE(table.entries.at(client(1)).ifindex, 0U) << "gone is not any";
    EXPECT_NE(table.entries.at(client(1)).ifindex, 4U);
}

TEST_F(SessionManagerTest, SigningInElsewhereMovesTheSession) {
    ASSERT_TRUE(manager.place({.interfaces = {{"eth1", 3}, {"eth2", 4}}}));
    ASSERT_TRUE(manager.sign_in({.client = client(1), .method = "m", .interface = "eth1"}));
    ASSERT_TRUE(manager.sign_in({.client = client(1), .method = "m", .interface = "eth2"}));
    EXPECT_EQ(table.entries.at(client(1)).ifindex, 4U);
    EXPECT_EQ(store.records.back().detail, "moved from eth1 to eth2");
    ASSERT_TRUE(manager.authorize(client(1), {}));
    EXPECT_EQ(table.entries.at(client(1)).ifindex, 4U) << "an operator renews where it is";
}

TEST_F(SessionManagerTest, ARestartPlacesWhatTheTableKept) {
    ASSERT_TRUE(manager.place({.interfaces = {{"eth1", 3}}}));
    ASSERT_TRUE(manager.sign_in({.client = client(1), .method = "m", .interface = "eth1"}));
    SessionManager next{store, table, clock, bus, audit};
    ASSERT_TRUE(next.place({.interfaces = {{"eth1", 8}}}));
    ASSERT_TRUE(next.start());
    EXPECT_EQ(table.entries.at(client(1)).ifindex, 8U);
}

TEST_F(SessionManagerTest, FindsTheSameMacOnAnotherVlan) {
    ASSERT_TRUE(manager.authorize(client(1, 100), {}));
    ASSERT_TRUE(manager.authorize(client(2), {}));
    EXPECT_EQ(manager.find_namesake(client(1))->client, client(1, 100));
    EXPECT_EQ(manager.find_namesake(client(1, 200))->client, client(1, 100));
    EXPECT_FALSE(manager.find_namesake(client(1, 100)));
    EXPECT_FALSE(manager.find_namesake(client(3)));
}

TEST_F(SessionManagerTest, WhoeverMayUseTheGateNoMoreIsCut) {
    std::vector<ClientId> cut;
    manager.on_cut([&](const ClientId& id) {
        EXPECT_FALSE(manager.find(id) && manager.find(id)->state == ClientState::authorized);
        cut.push_back(id);
    });
    for (std::uint8_t number = 1; number <= 4; ++number)
        ASSERT_TRUE(manager.authorize(client(number), {.timeout = hours(1)}));
    ASSERT_TRUE(manager.trust(client(5)));
    EXPECT_THAT(cut, IsEmpty());
    ASSERT_TRUE(manager.deauthorize(client(1)));
    ASSERT_TRUE(manager.sign_out(client(2)));
    ASSERT_TRUE(manager.block(client(3)));
    ASSERT_TRUE(manager.untrust(client(5)));
    clock.advance(hours(2));
    manager.sweep();
    EXPECT_THAT(cut, ElementsAre(client(1), client(2), client(3), client(5), client(4)));
}

TEST_F(SessionManagerTest, RefusesWhatCannotBe) {
    manager.set_gateway_macs({client(9).mac});
    EXPECT_EQ(code_of(manager.authorize(client(9), {})), ErrorCode::invalid);
    EXPECT_EQ(code_of(manager.trust(client(9))), ErrorCode::invalid);
    EXPECT_EQ(code_of(manager.block(client(9, 100))), ErrorCode::invalid);
    EXPECT_EQ(code_of(manager.authorize(client(1), {.policy = "none"})), ErrorCode::not_found);
    EXPECT_EQ(code_of(manager.authorize(client(1), {.user = "a b"})), ErrorCode::invalid);
    for (const Seconds timeout : {Seconds(0), Seconds(-1), kLongestDuration + Seconds(1)})
        EXPECT_EQ(code_of(manager.authorize(client(1), {.timeout = timeout})), ErrorCode::invalid);
    EXPECT_TRUE(manager.authorize(client(1), {.timeout = kLongestDuration}));
    EXPECT_EQ(store.sessions.size(), 1U);
}

TEST_F(SessionManagerTest, TrustedAndBlockedAreNotAuthorized) {
    ASSERT_TRUE(manager.trust(client(1)));
    ASSERT_TRUE(manager.block(client(2)));
    for (const ClientId& id : {client(1), client(2)}) {
        const Status refused = manager.authorize(id, {});
        EXPECT_EQ(code_of(refused), ErrorCode::conflict);
        EXPECT_FALSE(refused.error().hint.empty());
    }
    EXPECT_EQ(manager.find(client(1))->state, ClientState::trusted);
    EXPECT_EQ(manager.find(client(1))->expires_at, std::nullopt);
    EXPECT_EQ(table.entries.at(client(1)).idle_timeout, Seconds(0));
    EXPECT_EQ(manager.find(client(2))->state, ClientState::blocked);
}

TEST_F(SessionManagerTest, BlockEndsTheSessionAndUnblockLeavesAStranger) {
    ASSERT_TRUE(manager.authorize(client(1), {}));
    const auto id = store.sessions.at(client(1)).id;
    ASSERT_TRUE(manager.block(client(1)));
    EXPECT_NE(store.sessions.at(client(1)).id, id);
    EXPECT_EQ(table.entries.at(client(1)).state, ClientState::blocked);
    EXPECT_EQ(table.entries.at(client(1)).expires_at, std::nullopt);
    ASSERT_TRUE(manager.block(client(1)));
    EXPECT_EQ(code_of(manager.deauthorize(client(1))), ErrorCode::not_found);
    ASSERT_TRUE(manager.unblock(client(1)));
    EXPECT_TRUE(nowhere(client(1)));
    EXPECT_EQ(code_of(manager.unblock(client(1))), ErrorCode::not_found);
    EXPECT_THAT(events.types(),
                ElementsAre(EventType::sign_in, EventType::blocked, EventType::unblocked));
}

TEST_F(SessionManagerTest, DeauthorizeEndsSessionsAndTrust) {
    ASSERT_TRUE(manager.authorize(client(1), {}));
    ASSERT_TRUE(manager.trust(client(2)));
    EXPECT_TRUE(manager.deauthorize(client(1)));
    EXPECT_TRUE(manager.deauthorize(client(2)));
    EXPECT_TRUE(nowhere(client(1)));
    EXPECT_TRUE(nowhere(client(2)));
    EXPECT_EQ(code_of(manager.deauthorize(client(1))), ErrorCode::not_found);
    EXPECT_EQ(code_of(manager.untrust(client(2))), ErrorCode::not_found);
}

TEST_F(SessionManagerTest, VlansAreDifferentClients) {
    ASSERT_TRUE(manager.authorize(client(1, 100), {}));
    EXPECT_FALSE(manager.find(client(1)));
    EXPECT_TRUE(manager.find(client(1, 100)));
}

TEST_F(SessionManagerTest, GuestsSignInUnlessBlocked) {
    ASSERT_TRUE(manager.sign_in({.client = client(1), .method = "password", .user = "ada"}));
    const auto first = store.sessions.at(client(1)).id;
    ASSERT_TRUE(manager.sign_in({.client = client(1), .method = "password", .user = "ada"}));
    EXPECT_EQ(store.sessions.at(client(1)).id, first);
    ASSERT_TRUE(manager.sign_in({.client = client(1), .method = "password", .user = "bob"}));
    EXPECT_NE(store.sessions.at(client(1)).id, first);
    EXPECT_EQ(manager.find(client(1))->user, "bob");

    ASSERT_TRUE(manager.block(client(2)));
    EXPECT_EQ(code_of(manager.sign_in({.client = client(2), .method = "click-through"})),
              ErrorCode::denied);
    ASSERT_TRUE(manager.trust(client(3)));
    EXPECT_TRUE(manager.sign_in({.client = client(3), .method = "click-through"}));
    EXPECT_TRUE(manager.sign_out(client(3)));
    EXPECT_EQ(manager.find(client(3))->state, ClientState::trusted);
    EXPECT_TRUE(manager.sign_out(client(1)));
    EXPECT_TRUE(nowhere(client(1)));
    EXPECT_TRUE(manager.sign_out(client(1)));
}

TEST_F(SessionManagerTest, StoreFailureChangesNothing) {
    ASSERT_TRUE(manager.authorize(client(1), {}));
    const auto entries = table.entries;
    const auto sessions = store.sessions;
    (void)events.take();
    store.failing = true;
    EXPECT_FALSE(manager.authorize(client(2), {}));
    EXPECT_FALSE(manager.authorize(client(1), {.timeout = hours(1)}));
    EXPECT_FALSE(manager.block(client(1)));
    EXPECT_FALSE(manager.deauthorize(client(1)));
    EXPECT_EQ(table.entries, entries);
    EXPECT_EQ(store.sessions, sessions);
    EXPECT_THAT(events.take(), IsEmpty());
    store.failing = false;
    EXPECT_TRUE(manager.deauthorize(client(1)));
}

TEST_F(SessionManagerTest, TableFailureLeavesTheStoreAsItWas) {
    ASSERT_TRUE(manager.authorize(client(1), {}));
    const auto sessions = store.sessions;
    (void)events.take();
    table.failing = true;
    EXPECT_EQ(code_of(manager.authorize(client(2), {})), ErrorCode::full);
    EXPECT_EQ(code_of(manager.authorize(client(1), {.timeout = hours(1)})), ErrorCode::full);
    EXPECT_EQ(code_of(manager.trust(client(1))), ErrorCode::full);
    EXPECT_EQ(code_of(manager.deauthorize(client(1))), ErrorCode::system);
    EXPECT_EQ(store.sessions, sessions);
    EXPECT_THAT(events.take(), IsEmpty());
    table.failing = false;
    EXPECT_EQ(manager.find(client(1))->expires_at, clock.wall() + hours(8));
    EXPECT_TRUE(manager.deauthorize(client(1)));
}

TEST_F(SessionManagerTest, FullTableRefusesButRenewsAndMakesRoom) {
    table.room = 2;
    ASSERT_TRUE(manager.authorize(client(1), {.timeout = minutes(5)}));
    ASSERT_TRUE(manager.authorize(client(2), {}));
    const Status refused = manager.authorize(client(3), {});
    EXPECT_EQ(code_of(refused), ErrorCode::full);
    EXPECT_FALSE(store.sessions.contains(client(3)));
    EXPECT_TRUE(manager.authorize(client(2), {}));
    EXPECT_TRUE(manager.block(client(2)));
    // The dead make room without waiting to be collected.
    clock.advance(minutes(5));
    EXPECT_TRUE(manager.authorize(client(3), {}));
    EXPECT_TRUE(nowhere(client(1)));
}

TEST_F(SessionManagerTest, SweepsAtTheMomentTheKernelEndsIt) {
    ASSERT_TRUE(manager.authorize(client(1), {.timeout = minutes(5)}));
    (void)events.take();
    clock.advance(minutes(5) - Seconds(1));
    manager.sweep();
    EXPECT_TRUE(manager.find(client(1)));
    clock.advance(Seconds(1));
    EXPECT_FALSE(manager.find(client(1)));
    manager.sweep();
    EXPECT_TRUE(nowhere(client(1)));
    const auto seen = events.take();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].type, EventType::expiry);
    EXPECT_EQ(seen[0].detail, "timeout");
    EXPECT_EQ(seen[0].client, client(1));
}

TEST_F(SessionManagerTest, FramesPutOffTheIdleEnd) {
    ASSERT_TRUE(manager.authorize(client(1), {}));
    (void)events.take();
    clock.advance(minutes(20));
    seen(client(1));
    clock.advance(minutes(20));
    manager.sweep();
    EXPECT_TRUE(manager.find(client(1)));
    clock.advance(minutes(10));
    manager.sweep();
    EXPECT_TRUE(nowhere(client(1)));
    const auto ended = events.take();
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].detail, "idle");
}

TEST_F(SessionManagerTest, ASessionHasTheLimitsOfItsPolicy) {
    ASSERT_TRUE(manager.authorize(client(1), {.policy = "fast"}));
    EXPECT_EQ(table.entries.at(client(1)).limits, kFast);
    ASSERT_TRUE(manager.authorize(client(1), {.timeout = hours(1)}));
    EXPECT_EQ(table.entries.at(client(1)).limits, kFast);
    ASSERT_TRUE(manager.authorize(client(1), {.policy = "default"}));
    EXPECT_EQ(table.entries.at(client(1)).limits, Limits{});
    ASSERT_TRUE(
        manager.sign_in({.client = client(2), .method = "click-through", .policy = "fast"}));
    EXPECT_EQ(table.entries.at(client(2)).limits, kFast);
    ASSERT_TRUE(manager.trust(client(2)));
    EXPECT_EQ(table.entries.at(client(2)).limits, Limits{});
}

TEST_F(SessionManagerTest, AUsedUpQuotaEndsTheSession) {
    ASSERT_TRUE(manager.authorize(client(1), {.policy = "fast"}));
    ASSERT_TRUE(manager.authorize(client(2), {.policy = "fast"}));
    (void)events.take();
    table.entries.at(client(1)).spent = true;
    EXPECT_FALSE(manager.find(client(1)));
    manager.sweep();
    EXPECT_TRUE(nowhere(client(1)));
    EXPECT_TRUE(manager.find(client(2)));
    const auto seen = events.take();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].type, EventType::quota);
    EXPECT_EQ(seen[0].client, client(1));
}

TEST_F(SessionManagerTest, AUsedUpQuotaAndAnEndingTimeAreOneEnd) {
    ASSERT_TRUE(manager.authorize(client(1), {.timeout = minutes(5), .policy = "fast"}));
    (void)events.take();
    table.entries.at(client(1)).spent = true;
    clock.advance(minutes(5));
    manager.sweep();
    EXPECT_TRUE(nowhere(client(1)));
    EXPECT_THAT(events.types(), ElementsAre(EventType::quota));
}

TEST_F(SessionManagerTest, SweepTriesAgain) {
    ASSERT_TRUE(manager.authorize(client(1), {.timeout = minutes(5)}));
    (void)events.take();
    clock.advance(minutes(5));
    store.failing = true;
    manager.sweep();
    store.failing = false;
    table.failing = true;
    manager.sweep();
    EXPECT_THAT(events.take(), IsEmpty());
    table.failing = false;
    manager.sweep();
    EXPECT_TRUE(nowhere(client(1)));
    EXPECT_THAT(events.types(), ElementsAre(EventType::expiry));
}

TEST_F(SessionManagerTest, ASetClockNeitherEndsNorProlongs) {
    ASSERT_TRUE(manager.authorize(client(1), {}));
    for (const auto jump : {hours(24 * 365), -hours(2 * 24 * 365)}) {
        clock.wall_time += jump;
        manager.sweep();
        const auto session = manager.find(client(1));
        ASSERT_TRUE(session);
        EXPECT_EQ(session->expires_at, clock.wall() + hours(8));
    }
    seen(client(1));
    clock.monotonic_time += hours(8);
    manager.sweep();
    EXPECT_TRUE(nowhere(client(1)));
}

TEST_F(SessionManagerTest, CheckpointWritesWhatChanged) {
    ASSERT_TRUE(manager.authorize(client(1), {}));
    ASSERT_TRUE(manager.authorize(client(2), {}));
    clock.advance(minutes(1));
    table.used[client(1)] = kSome;
    seen(client(1));
    ASSERT_TRUE(manager.checkpoint());
    EXPECT_EQ(store.written, 1U);
    EXPECT_EQ(store.sessions.at(client(1)).usage, kSome);
    EXPECT_EQ(store.sessions.at(client(1)).last_seen, clock.wall());
    EXPECT_EQ(store.sessions.at(client(2)).last_seen, std::nullopt);
    ASSERT_TRUE(manager.checkpoint());
    EXPECT_EQ(store.written, 0U);
    table.used[client(1)] = kMore;
    store.failing = true;
    EXPECT_FALSE(manager.checkpoint());
    store.failing = false;
    ASSERT_TRUE(manager.checkpoint());
    EXPECT_EQ(store.sessions.at(client(1)).usage, kMore);
}

TEST_F(SessionManagerTest, ListsWhatTheGateGoesBy) {
    ASSERT_TRUE(manager.authorize(client(2), {}));
    ASSERT_TRUE(manager.authorize(client(1), {.timeout = minutes(1)}));
    ASSERT_TRUE(manager.trust(client(3)));
    clock.advance(minutes(1));
    table.entries.erase(client(3));
    const auto sessions = manager.list();
    ASSERT_TRUE(sessions);
    ASSERT_EQ(sessions->size(), 1U);
    EXPECT_EQ(sessions->front().client, client(2));
}

TEST_F(SessionManagerTest, AGuestMayBringATimeAndAPolicy) {
    ASSERT_TRUE(manager.sign_in({.client = client(1),
                                 .method = "voucher",
                                 .user = "K7QF-M2XW-9RTD",
                                 .timeout = minutes(90),
                                 .policy = "fast"}));
    EXPECT_EQ(manager.find(client(1))->policy, "fast");
    EXPECT_EQ(manager.find(client(1))->expires_at, clock.wall() + minutes(90));
    EXPECT_EQ(manager.find(client(1))->idle_timeout, minutes(30));
}

TEST_F(SessionManagerTest, WhatChangesASessionIsStoredWithItsRecord) {
    ASSERT_TRUE(manager.sign_in({.client = client(1),
                                 .method = "password",
                                 .user = "ada",
                                 .ip = ip("192.0.2.7"),
                                 .interface = "eth1",
                                 .attempts = 3}));
    ASSERT_EQ(store.records.size(), 1U);
    EXPECT_EQ(store.records[0], (AuditRecord{.time = clock.wall(),
                                             .client = client(1),
                                             .interface = "eth1",
                                             .ip = ip("192.0.2.7"),
                                             .method = "password",
                                             .user = "ada",
                                             .outcome = AuditOutcome::accepted,
                                             .attempts = 3}));
    ASSERT_TRUE(manager.authorize(client(1), {}));
    ASSERT_TRUE(manager.deauthorize(client(1)));
    ASSERT_TRUE(manager.block(client(1)));
    ASSERT_TRUE(manager.unblock(client(1)));
    ASSERT_TRUE(manager.trust(client(1)));
    ASSERT_TRUE(manager.untrust(client(1)));
    std::vector<std::string> by_operators;
    for (const AuditRecord& record : store.records)
        if (record.method == "operator") by_operators.push_back(record.detail.value());
    EXPECT_THAT(by_operators, ElementsAre("authorized", "deauthorized", "blocked", "unblocked",
                                          "trusted", "untrusted"));
    EXPECT_THAT(audit_store.records, IsEmpty());
}

TEST_F(SessionManagerTest, AChangeTheTableRefusesIsOnRecordAsFailed) {
    table.failing = true;
    EXPECT_FALSE(manager.authorize(client(1), {}));
    table.failing = false;
    table.room = 0;
    EXPECT_FALSE(manager.sign_in({.client = client(2), .method = "password", .user = "ada"}));
    ASSERT_EQ(audit_store.records.size(), 2U);
    EXPECT_EQ(audit_store.records[0].outcome, AuditOutcome::failed);
    EXPECT_EQ(audit_store.records[0].detail, "the map is full");
    EXPECT_EQ(audit_store.records[1].client, client(2));
    EXPECT_EQ(audit_store.records[1].method, "password");
    EXPECT_EQ(audit_store.records[1].user, "ada");
}

}  // namespace

}  // namespace portal::control::test
