// The matrix of what the store and the pinned table may hold after a crash, a stop or a boot.
#include "control/reconcile.h"

#include <gmock/gmock.h>

#include "control/session_manager.h"
#include "fakes.h"

namespace portal::control::test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Usage kStored{1, 100, 2, 200};
constexpr Usage kCounted{5, 500, 6, 600};

class ReconcileTest : public testing::Test {
  protected:
    // Signed in two hours ago for eight.
    Session& stored(const ClientId& id, std::uint64_t number,
                    ClientState state = ClientState::authorized) {
        Session session;
        session.id = number;
        session.client = id;
        session.state = state;
        session.method = "click-through";
        session.signed_in_at = clock.wall() - hours(2);
        if (state == ClientState::authorized) {
            session.expires_at = clock.wall() + hours(6);
            session.idle_timeout = minutes(30);
        }
        session.usage = kStored;
        return store.sessions[id] = session;
    }
    dataplane::ClientEntry& pinned(const ClientId& id, std::uint64_t session) {
        dataplane::ClientEntry entry;
        entry.client = id;
        entry.session = session;
        entry.expires_at = clock.monotonic() + hours(3);
        entry.last_seen = clock.monotonic();
        table.used[id] = kCounted;
        return table.entries[id] = entry;
    }
    Reconciled run() {
        auto result = reconcile(store, table, placement, limits_of, clock);
        EXPECT_TRUE(result);
        return result ? *std::move(result) : Reconciled{};
    }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    Limits limits;
    const LimitsOf limits_of = [this](const Session&) { return limits; };
    Placement placement;
};

TEST_F(ReconcileTest, TheKernelsEntryOfTheSameSessionIsKept) {
    stored(client(1), 7);
    const auto entry = pinned(client(1), 7);
    const auto result = run();
    EXPECT_EQ(result.sessions.size(), 1U);
    EXPECT_EQ(table.entries.at(client(1)), entry);
    EXPECT_EQ(table.usage(client(1)), kCounted);
}

TEST_F(ReconcileTest, TheKernelRulesWhereTheWallClockDiffers) {
    stored(client(1), 7).expires_at = clock.wall() - hours(1);
    pinned(client(1), 7);
    stored(client(2), 8);
    pinned(client(2), 8).expires_at = clock.monotonic();
    const auto result = run();
    EXPECT_TRUE(table.entries.contains(client(1)));
    EXPECT_FALSE(table.entries.contains(client(2)));
    EXPECT_FALSE(store.sessions.contains(client(2)));
    ASSERT_EQ(result.ended.size(), 1U);
    EXPECT_EQ(result.ended[0].client, client(2));
}

TEST_F(ReconcileTest, AfterABootSessionsComeBackWithTheirUsage) {
    stored(client(1), 7);
    stored(client(2), 8, ClientState::trusted);
    stored(client(3), 9, ClientState::blocked);
    EXPECT_EQ(run().sessions.size(), 3U);
    const auto& entry = table.entries.at(client(1));
    EXPECT_EQ(entry.session, 7U);
    EXPECT_EQ(entry.expires_at, clock.monotonic() + hours(6));
    EXPECT_EQ(entry.last_seen, clock.monotonic());
    EXPECT_EQ(entry.idle_timeout, minutes(30));
    EXPECT_EQ(table.usage(client(1)), kStored);
    EXPECT_EQ(table.entries.at(client(2)).expires_at, std::nullopt);
    EXPECT_EQ(table.entries.at(client(3)).state, ClientState::blocked);
}

TEST_F(ReconcileTest, LimitsAreAsConfiguredNow) {
    stored(client(1), 7);
    auto entry = pinned(client(1), 7);
    stored(client(2), 8);
    limits = {.down = 20'000'000};
    EXPECT_EQ(run().sessions.size(), 2U);
    entry.limits = limits;
    EXPECT_EQ(table.entries.at(client(1)), entry);
    EXPECT_EQ(table.usage(client(1)), kCounted);
    EXPECT_EQ(table.entries.at(client(2)).limits, limits);
}

TEST_F(ReconcileTest, AUsedUpQuotaEndsTheSession) {
    stored(client(1), 7);
    pinned(client(1), 7).spent = true;
    const auto result = run();
    EXPECT_TRUE(table.entries.empty());
    ASSERT_EQ(result.ended.size(), 1U);
}

TEST_F(ReconcileTest, AClockThatWasReadyTooEarlyProlongsNothing) {
    stored(client(1), 7);
    clock.wall_time = WallTime{};  // 1970
    run();
    EXPECT_EQ(table.entries.at(client(1)).expires_at, clock.monotonic() + hours(8));
}

TEST_F(ReconcileTest, ExpiredByTheWallClockGoesFromBoth) {
    stored(client(1), 7).expires_at = clock.wall();
    stored(client(2), 8).expires_at = clock.wall() - hours(1);
    pinned(client(2), 3);
    const auto result = run();
    EXPECT_TRUE(store.sessions.empty());
    EXPECT_TRUE(table.entries.empty());
    EXPECT_EQ(result.ended.size(), 2U);
}

TEST_F(ReconcileTest, EntriesTheStoreDoesNotKnowGo) {
    pinned(client(1), 7);
    EXPECT_TRUE(run().sessions.empty());
    EXPECT_TRUE(table.entries.empty());
}

TEST_F(ReconcileTest, AnEntryOfAnotherSessionGivesWay) {
    stored(client(1), 8, ClientState::blocked);
    pinned(client(1), 7);
    run();
    EXPECT_EQ(table.entries.at(client(1)).session, 8U);
    EXPECT_EQ(table.entries.at(client(1)).state, ClientState::blocked);
    EXPECT_EQ(table.usage(client(1)), kStored);
}

TEST_F(ReconcileTest, AnEntryInAnotherStateGivesWay) {
    stored(client(1), 7, ClientState::blocked);
    pinned(client(1), 7);
    run();
    EXPECT_EQ(table.entries.at(client(1)).state, ClientState::blocked);
}

TEST_F(ReconcileTest, MoreSessionsThanPlacesIsAnErrorThatChangesNothing) {
    table.room = 1;
    stored(client(1), 7);
    stored(client(2), 8);
    pinned(client(3), 9);
    const auto result = reconcile(store, table, placement, limits_of, clock);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::full);
    EXPECT_EQ(store.sessions.size(), 2U);
    EXPECT_TRUE(table.entries.contains(client(3)));
}

TEST_F(ReconcileTest, TheManagerGoesOnFromThere) {
    stored(client(1), 7);
    pinned(client(1), 7).expires_at = clock.monotonic() + minutes(1);
    stored(client(2), 8).expires_at = clock.wall();
    EventBus bus;
    Listener events{bus};
    FakeAuditStore audit_store;
    AuditTrail audit(audit_store, clock);
    SessionManager manager(store, table, clock, bus, audit);
    ASSERT_TRUE(manager.start());
    EXPECT_EQ(manager.find(client(1))->usage, kCounted);
    EXPECT_EQ(manager.find(client(1))->last_seen, std::nullopt);
    clock.advance(minutes(1));
    manager.sweep();
    EXPECT_TRUE(store.sessions.empty());
    EXPECT_THAT(events.types(), testing::ElementsAre(EventType::expiry, EventType::expiry));
}

}  // namespace

}  // namespace portal::control::test
