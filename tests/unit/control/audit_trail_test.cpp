#include "control/audit_trail.h"

#include <gmock/gmock.h>

#include "fakes.h"

namespace portal::control::test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

AuditRecord record(const ClientId& client, AuditOutcome outcome, std::string user = "ada",
                   std::string method = "password") {
    return {
        .client = client, .method = std::move(method), .user = std::move(user), .outcome = outcome};
}

class AuditTrailTest : public testing::Test {
  protected:
    void note(int times, const AuditRecord& record) {
        for (int i = 0; i < times; ++i)
            trail.note(record);
    }
    // What the counts say of repeats, once they are in the store.
    std::uint32_t counted() {
        EXPECT_TRUE(trail.checkpoint());
        std::uint32_t sum = 0;
        for (const auto& repeat : store.counted)
            sum += repeat.times;
        return sum;
    }

    FakeAuditStore store;
    FakeClock clock;
    AuditTrail trail{store, clock};
};

TEST_F(AuditTrailTest, ARecordHasItsTimeAndIsStoredAtOnce) {
    clock.advance(minutes(5));
    trail.note(record(client(1), AuditOutcome::refused));
    ASSERT_THAT(store.records, SizeIs(1));
    EXPECT_EQ(store.records[0].time, clock.wall());
    EXPECT_EQ(store.records[0].user, "ada");
    EXPECT_EQ(counted(), 0U);
}

TEST_F(AuditTrailTest, ThrottledAttemptsOfAnHourAreOneRecord) {
    for (int i = 0; i < 1000; ++i)
        trail.note(record(client(1), AuditOutcome::throttled, "user" + std::to_string(i)));
    EXPECT_THAT(store.records, SizeIs(1));
    EXPECT_EQ(counted(), 999U);
    EXPECT_EQ(counted(), 999U) << "written twice";
    note(1, record(client(2), AuditOutcome::throttled));
    note(1, record(client(1), AuditOutcome::throttled, "", "voucher"));
    EXPECT_THAT(store.records, SizeIs(3));
    clock.advance(hours(1));
    note(2, record(client(1), AuditOutcome::throttled));
    EXPECT_THAT(store.records, SizeIs(4));
    EXPECT_EQ(counted(), 1000U);
}

TEST_F(AuditTrailTest, FailuresOfOursAreOneRecordToo) {
    note(10, record(client(1), AuditOutcome::failed));
    EXPECT_THAT(store.records, SizeIs(1));
    EXPECT_EQ(counted(), 9U);
}

TEST_F(AuditTrailTest, RefusalsHaveARecordEachWithinReason) {
    note(AuditTrail::kRecordsPerHour + 7, record(client(1), AuditOutcome::refused));
    EXPECT_THAT(store.records, SizeIs(AuditTrail::kRecordsPerHour));
    EXPECT_EQ(counted(), 7U);
}

TEST_F(AuditTrailTest, WhatIsAcceptedIsGivenToBeStoredWithItsSession) {
    std::size_t admitted = 0;
    for (std::uint32_t i = 0; i < AuditTrail::kRecordsPerHour + 3; ++i)
        if (const auto each = trail.admit(record(client(1), AuditOutcome::accepted))) {
            EXPECT_EQ(each->time, clock.wall());
            ++admitted;
        }
    EXPECT_EQ(admitted, AuditTrail::kRecordsPerHour);
    EXPECT_THAT(store.records, IsEmpty());
    EXPECT_TRUE(trail.admit(record(client(1), AuditOutcome::accepted, "bob")));
    EXPECT_EQ(counted(), 3U);
    EXPECT_THAT(store.counted, ElementsAre(store::AuditRepeat{client(1), "password", "ada",
                                                              AuditOutcome::accepted, 3}));
}

TEST_F(AuditTrailTest, WhatIsCountedIsShownAtOnce) {
    note(3, record(client(1), AuditOutcome::throttled));
    ASSERT_TRUE(trail.list({}));
    EXPECT_THAT(store.counted, SizeIs(1));
}

TEST_F(AuditTrailTest, CountsSurviveAStoreThatFails) {
    note(3, record(client(1), AuditOutcome::throttled));
    store.failing = true;
    EXPECT_FALSE(trail.checkpoint());
    store.failing = false;
    EXPECT_EQ(counted(), 2U);
}

TEST_F(AuditTrailTest, MemoryIsBounded) {
    ClientId id;
    for (std::size_t i = 0; i < AuditTrail::kMostCounted + 10; ++i) {
        id.mac.bytes = {0x02,
                        0,
                        0,
                        static_cast<std::uint8_t>(i >> 16),
                        static_cast<std::uint8_t>(i >> 8),
                        static_cast<std::uint8_t>(i)};
        note(2, record(id, AuditOutcome::throttled));
    }
    EXPECT_EQ(counted(), AuditTrail::kMostCounted + 10) << "none is lost";
}

TEST_F(AuditTrailTest, ErasesWhatIsOlderThanTheRetention) {
    trail.set_retention(hours(48));
    ASSERT_TRUE(trail.checkpoint());
    EXPECT_EQ(store.purged_before, clock.wall() - hours(48));
    EXPECT_EQ(trail.horizon(), clock.wall() - hours(48));
}

}  // namespace

}  // namespace portal::control::test
