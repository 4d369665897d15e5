#include "control/vouchers.h"

#include <gmock/gmock.h>

#include <set>

#include "fakes.h"

namespace portal::control::test {

namespace {

using std::chrono::hours;
using testing::IsEmpty;
using testing::SizeIs;

class VouchersTest : public testing::Test {
  protected:
    void sign_in(const ClientId& client, const std::string& method, const std::string& user) {
        ASSERT_TRUE(sessions.sign_in({.client = client, .method = method, .user = user}));
    }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    FakeAuditStore audit_store;
    FakeVoucherStore voucher_store;
    EventBus bus;
    Listener events{bus};
    AuditTrail audit{audit_store, clock};
    SessionManager sessions{store, table, clock, bus, audit};
    Vouchers vouchers{voucher_store, sessions, clock};
};

TEST_F(VouchersTest, MakesAsManyAsAskedFor) {
    const auto made = vouchers
                          .create({.count = 10'000,
                                   .timeout = hours(24),
                                   .policy = "default",
                                   .uses = 3,
                                   .valid_for = hours(100),
                                   .note = "May"})
                          .value();
    std::set<VoucherCode> codes;
    for (const Voucher& each : made) {
        codes.insert(each.code);
        EXPECT_EQ(each.timeout, hours(24));
        EXPECT_EQ(each.policy, "default");
        EXPECT_EQ(each.uses, 3U);
        EXPECT_EQ(each.valid_until, clock.wall() + hours(100));
        EXPECT_EQ(each.created_at, clock.wall());
        EXPECT_EQ(each.note, "May");
    }
    EXPECT_THAT(codes, SizeIs(10'000));
    EXPECT_THAT(voucher_store.all, SizeIs(10'000));
}

TEST_F(VouchersTest, RefusesAnOrderThatMakesNoSense) {
    EXPECT_EQ(vouchers.create({.count = 0}).error().code, ErrorCode::invalid);
    EXPECT_EQ(vouchers.create({.count = 10'001}).error().code, ErrorCode::invalid);
    EXPECT_EQ(vouchers.create({.policy = "none"}).error().code, ErrorCode::not_found);
    EXPECT_EQ(vouchers.create({.uses = 100'001}).error().code, ErrorCode::invalid);
    EXPECT_EQ(vouchers.create({.note = "\n"}).error().code, ErrorCode::invalid);
    voucher_store.failing = true;
    EXPECT_FALSE(vouchers.create({}));
    EXPECT_THAT(voucher_store.all, IsEmpty());
}

TEST_F(VouchersTest, RevokingEndsItsSessionsAndNoOthers) {
    const auto made = vouchers.create({.count = 2}).value();
    const std::string code = made[0].code.to_string();
    sign_in(client(1), "voucher", code);
    sign_in(client(2), "voucher", made[1].code.to_string());
    sign_in(client(3), "password", code);
    sign_in(client(4), "voucher", code);
    events.take();
    const auto revoked = vouchers.revoke(made[0].code).value();
    EXPECT_EQ(revoked.voucher.revoked_at, clock.wall());
    EXPECT_FALSE(sessions.find(client(1)));
    EXPECT_TRUE(sessions.find(client(2)));
    EXPECT_TRUE(sessions.find(client(3)));
    EXPECT_FALSE(sessions.find(client(4)));
    const auto seen = events.take();
    ASSERT_THAT(seen, SizeIs(2));
    EXPECT_EQ(seen[0].type, EventType::sign_out);
    EXPECT_EQ(seen[0].detail, "voucher revoked");
    EXPECT_EQ(store.records.back().method, "operator");
    EXPECT_EQ(store.records.back().user, code);
    EXPECT_EQ(store.records.back().detail, "voucher revoked");
}

TEST_F(VouchersTest, RevokingAgainGoesOn) {
    const auto made = vouchers.create({}).value();
    sign_in(client(1), "voucher", made[0].code.to_string());
    table.failing = true;
    EXPECT_FALSE(vouchers.revoke(made[0].code));
    EXPECT_TRUE(sessions.find(client(1)));
    table.failing = false;
    EXPECT_TRUE(vouchers.revoke(made[0].code));
    EXPECT_FALSE(sessions.find(client(1)));
}

TEST_F(VouchersTest, WhatIsNotThereIsNotFound) {
    EXPECT_EQ(vouchers.find({}).error().code, ErrorCode::not_found);
    EXPECT_EQ(vouchers.revoke({}).error().code, ErrorCode::not_found);
}

}  // namespace

}  // namespace portal::control::test
