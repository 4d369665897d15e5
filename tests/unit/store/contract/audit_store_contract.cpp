#include <gmock/gmock.h>

#include "unit/store/contract/backend.h"

namespace portal::store {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr WallTime kNow(std::chrono::milliseconds(1'769'846'400'123));

ClientId client(std::uint8_t number, std::uint16_t vlan = 0) {
    return {Mac{{0x02, 0, 0, 0, 0, number}}, vlan};
}

AuditRecord record(const ClientId& client, AuditOutcome outcome = AuditOutcome::refused) {
    return {.time = kNow, .client = client, .method = "password", .outcome = outcome};
}

// As stored.
AuditRecord append(AuditStore& store, AuditRecord record) {
    record.id = store.append(record).value();
    return record;
}

}  // namespace

TEST_P(AuditStoreContract, StartsEmpty) {
    EXPECT_THAT(audit().list({}).value(), IsEmpty());
}

TEST_P(AuditStoreContract, KeepsRecordsNewestFirst) {
    const AuditRecord full = append(audit(), {.time = kNow,
                                              .client = client(1, 100),
                                              .interface = "eth1",
                                              .ip = parse_ip_address("2001:db8::7").value(),
                                              .method = "voucher",
                                              .user = "K7QF-M2XW-9RTD",
                                              .outcome = AuditOutcome::failed,
                                              .attempts = 7,
                                              .count = 3,
                                              .detail = "no room"});
    const AuditRecord next = append(audit(), record(client(2), AuditOutcome::throttled));
    const AuditRecord last = append(audit(), record(client(2), AuditOutcome::accepted));
    EXPECT_LT(full.id, next.id);
    reopen();
    EXPECT_THAT(audit().list({}).value(), ElementsAre(last, next, full));
}

TEST_P(AuditStoreContract, FindsByClientUserAndTime) {
    AuditRecord first = record(client(1));
    first.user = "ann";
    first = append(audit(), first);
    AuditRecord second = record(client(1, 100));
    second.user = "ann";
    second.time = kNow + hours(1);
    second = append(audit(), second);
    AuditRecord third = record(client(1));
    third.user = "Ann";
    third.time = kNow + hours(2);
    third = append(audit(), third);
    EXPECT_THAT(audit().list({.client = client(1)}).value(), ElementsAre(third, first));
    EXPECT_THAT(audit().list({.user = "ann"}).value(), ElementsAre(second, first));
    EXPECT_THAT(audit().list({.since = kNow + hours(1)}).value(), ElementsAre(third, second));
    EXPECT_THAT(audit().list({.client = client(1), .user = "ann"}).value(), ElementsAre(first));
    EXPECT_THAT(audit().list({.user = "a%"}).value(), IsEmpty());
}

TEST_P(AuditStoreContract, IsReadPageByPage) {
    std::vector<AuditRecord> all;
    for (std::uint8_t i = 0; i < 5; ++i)
        all.push_back(append(audit(), record(client(i))));
    EXPECT_THAT(audit().list({.limit = 2}).value(), ElementsAre(all[4], all[3]));
    EXPECT_THAT(audit().list({.before = all[3].id, .limit = 2}).value(),
                ElementsAre(all[2], all[1]));
    EXPECT_THAT(audit().list({.before = all[0].id}).value(), IsEmpty());
    EXPECT_THAT(audit().list({.before = ~std::uint64_t{0}}).value(), SizeIs(5));
}

TEST_P(AuditStoreContract, CountsOnInTheNewestAlike) {
    const AuditRecord old = append(audit(), record(client(1), AuditOutcome::throttled));
    AuditRecord newest = append(audit(), record(client(1), AuditOutcome::throttled));
    const AuditRecord refused = append(audit(), record(client(1), AuditOutcome::refused));
    const AuditRecord other = append(audit(), record(client(2), AuditOutcome::throttled));
    ASSERT_TRUE(audit().count(
        std::vector{AuditRepeat{.client = client(1), .method = "password", .times = 4},
                    AuditRepeat{.client = client(1), .method = "voucher", .times = 1},
                    AuditRepeat{.client = client(3), .method = "password", .times = 1}}));
    newest.count = 5;
    EXPECT_THAT(audit().list({}).value(), ElementsAre(other, refused, newest, old));
}

TEST_P(AuditStoreContract, WhatWasAcceptedCountsOnForItsUser) {
    AuditRecord ann = record(client(1), AuditOutcome::accepted);
    ann.user = "ann";
    ann = append(audit(), ann);
    AuditRecord bob = record(client(1), AuditOutcome::accepted);
    bob.user = "bob";
    bob = append(audit(), bob);
    ASSERT_TRUE(audit().count(std::vector{AuditRepeat{.client = client(1),
                                                      .method = "password",
                                                      .user = "ann",
                                                      .outcome = AuditOutcome::accepted}}));
    ann.count = 2;
    EXPECT_THAT(audit().list({}).value(), ElementsAre(bob, ann));
}

TEST_P(AuditStoreContract, PurgesWhatIsOlder) {
    AuditRecord old = record(client(1));
    old.time = kNow - hours(1);
    append(audit(), old);
    append(audit(), old);
    const AuditRecord kept = append(audit(), record(client(1)));
    EXPECT_EQ(audit().purge(kNow, 1).value(), 1U);
    EXPECT_EQ(audit().purge(kNow, 100).value(), 1U);
    EXPECT_EQ(audit().purge(kNow, 100).value(), 0U);
    EXPECT_THAT(audit().list({}).value(), ElementsAre(kept));
    EXPECT_GT(append(audit(), record(client(1))).id, kept.id);
}

TEST_P(AuditStoreContract, ARecordIsStoredWithItsSessionOrNotAtAll) {
    Session session;
    session.client = client(1);
    session.method = "password";
    AuditRecord accepted = record(client(1), AuditOutcome::accepted);
    session.id = sessions().put(session, &accepted).value();
    EXPECT_THAT(audit().list({}).value(), SizeIs(1));

    Session thief = session;
    thief.client = client(2);
    EXPECT_FALSE(sessions().put(thief, &accepted));
    EXPECT_THAT(audit().list({}).value(), SizeIs(1));

    AuditRecord ended = record(client(1), AuditOutcome::accepted);
    ended.method = "operator";
    EXPECT_TRUE(sessions().erase(client(1), &ended).value());
    reopen();
    const auto records = audit().list({}).value();
    ASSERT_THAT(records, SizeIs(2));
    EXPECT_EQ(records[0].method, "operator");
}

}  // namespace portal::store
