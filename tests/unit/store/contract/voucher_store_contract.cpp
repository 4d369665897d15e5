#include <gmock/gmock.h>

#include "unit/store/contract/backend.h"

namespace portal::store {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr WallTime kNow(std::chrono::milliseconds(1'769'846'400'123));
constexpr Seconds kDefault = hours(8);
constexpr std::size_t kAll = 1000;
constexpr const char* kCode = "K7QF-M2XW-9RTD";
constexpr const char* kOther = "Z7QF-M2XW-9RTD";

VoucherCode code(std::string_view text) {
    return parse_voucher_code(text).value();
}

Voucher voucher(std::string_view text, std::uint32_t uses = 1) {
    Voucher voucher;
    voucher.code = code(text);
    voucher.uses = uses;
    voucher.created_at = kNow;
    return voucher;
}

ClientId client(std::uint8_t number, std::uint16_t vlan = 0) {
    return {Mac{{0x02, 0, 0, 0, 0, number}}, vlan};
}

void add(VoucherStore& store, const Voucher& voucher) {
    ASSERT_TRUE(store.add(std::span(&voucher, 1)));
}

// When the client's time ends; none if it is not admitted.
std::optional<WallTime> redeem(VoucherStore& store, std::string_view text, const ClientId& client,
                               WallTime now = kNow) {
    const auto redeemed = store.redeem(code(text), client, now, kDefault).value();
    if (!redeemed) return std::nullopt;
    EXPECT_EQ(redeemed->voucher, store.find(code(text)).value());
    EXPECT_EQ(redeemed->redemption.client, client);
    return redeemed->redemption.ends_at;
}

}  // namespace

TEST_P(VoucherStoreContract, StartsEmpty) {
    EXPECT_THAT(vouchers().list().value(), IsEmpty());
    EXPECT_EQ(vouchers().find(code(kCode)).value(), std::nullopt);
    EXPECT_THAT(vouchers().redemptions(code(kCode)).value(), IsEmpty());
    EXPECT_EQ(redeem(vouchers(), kCode, client(1)), std::nullopt);
}

TEST_P(VoucherStoreContract, KeepsVouchersSortedByCreationAndCode) {
    Voucher full = voucher(kOther, 3);
    full.timeout = hours(24);
    full.policy = "fast";
    full.valid_until = kNow + hours(100);
    full.note = "room 12, caf\xc3\xa9";
    Voucher later = voucher("07QF-M2XW-9RTD");
    later.created_at = kNow + hours(1);
    const Voucher first = voucher(kCode);
    ASSERT_TRUE(vouchers().add(std::vector{later, full, first}));
    reopen();
    EXPECT_THAT(vouchers().list().value(), ElementsAre(first, full, later));
    EXPECT_EQ(vouchers().find(full.code).value(), full);
}

TEST_P(VoucherStoreContract, AddsAllOrNone) {
    add(vouchers(), voucher(kCode));
    const std::vector batch{voucher(kOther), voucher(kCode)};
    EXPECT_EQ(vouchers().add(batch).error().code, ErrorCode::conflict);
    EXPECT_THAT(vouchers().list().value(), ElementsAre(voucher(kCode)));
}

TEST_P(VoucherStoreContract, TimeRunsFromTheFirstRedemption) {
    Voucher one = voucher(kCode);
    one.timeout = hours(2);
    add(vouchers(), one);
    EXPECT_EQ(redeem(vouchers(), kCode, client(1)), kNow + hours(2));
    reopen();
    EXPECT_EQ(redeem(vouchers(), kCode, client(1), kNow + hours(1)), kNow + hours(2));
    EXPECT_EQ(vouchers().find(one.code).value()->devices, 1U);
    EXPECT_EQ(redeem(vouchers(), kCode, client(1), kNow + hours(2)), std::nullopt);
    EXPECT_EQ(redeem(vouchers(), kCode, client(1), kNow + hours(50)), std::nullopt);
    EXPECT_THAT(vouchers().redemptions(one.code).value(),
                ElementsAre(Redemption{client(1), kNow, kNow + hours(2)}));
}

TEST_P(VoucherStoreContract, WithoutATimeItIsTheSessionsOfThatMoment) {
    add(vouchers(), voucher(kCode));
    EXPECT_EQ(redeem(vouchers(), kCode, client(1)), kNow + kDefault);
    const auto again =
        vouchers().redeem(code(kCode), client(1), kNow + hours(1), Seconds(1)).value();
    EXPECT_EQ(again->redemption.ends_at, kNow + kDefault);
}

TEST_P(VoucherStoreContract, AnotherDeviceTakesAUseWhileThereIsOne) {
    add(vouchers(), voucher(kCode, 2));
    EXPECT_TRUE(redeem(vouchers(), kCode, client(1)));
    EXPECT_TRUE(redeem(vouchers(), kCode, client(1, 100)));  // another VLAN, another device
    EXPECT_FALSE(redeem(vouchers(), kCode, client(2)));
    EXPECT_TRUE(redeem(vouchers(), kCode, client(1)));
    EXPECT_EQ(vouchers().find(code(kCode)).value()->devices, 2U);
    // Time that is over does not give a use back.
    EXPECT_FALSE(redeem(vouchers(), kCode, client(2), kNow + hours(100)));
}

TEST_P(VoucherStoreContract, NoUsesAreNoLimit) {
    add(vouchers(), voucher(kCode, 0));
    for (std::uint8_t i = 1; i < 100; ++i)
        EXPECT_TRUE(redeem(vouchers(), kCode, client(i)));
}

TEST_P(VoucherStoreContract, ExpiryIsForDevicesThatComeAnew) {
    Voucher one = voucher(kCode, 2);
    one.timeout = hours(10);
    one.valid_until = kNow + hours(1);
    add(vouchers(), one);
    EXPECT_TRUE(redeem(vouchers(), kCode, client(1)));
    EXPECT_FALSE(redeem(vouchers(), kCode, client(2), kNow + hours(1)));
    EXPECT_EQ(redeem(vouchers(), kCode, client(1), kNow + hours(9)), kNow + hours(10));
}

TEST_P(VoucherStoreContract, ARevokedOneAdmitsNobody) {
    add(vouchers(), voucher(kCode, 5));
    add(vouchers(), voucher(kOther));
    EXPECT_TRUE(redeem(vouchers(), kCode, client(1)));
    const Voucher revoked = vouchers().revoke(code(kCode), kNow + hours(1)).value();
    EXPECT_EQ(revoked.revoked_at, kNow + hours(1));
    EXPECT_EQ(revoked.devices, 1U);
    EXPECT_EQ(vouchers().revoke(code(kCode), kNow + hours(2)).value(), revoked);
    reopen();
    EXPECT_FALSE(redeem(vouchers(), kCode, client(1)));
    EXPECT_FALSE(redeem(vouchers(), kCode, client(2)));
    EXPECT_TRUE(redeem(vouchers(), kOther, client(2)));
}

TEST_P(VoucherStoreContract, WhatIsNotThereIsNotRevoked) {
    EXPECT_EQ(vouchers().revoke(code(kCode), kNow).error().code, ErrorCode::not_found);
}

TEST_P(VoucherStoreContract, ForgetsWhatNobodyCouldUseSince) {
    const WallTime horizon = kNow + hours(100);
    Voucher expired = voucher("0000-0000-0001");
    expired.valid_until = horizon - hours(1);
    Voucher expired_late = voucher("0000-0000-0002");
    expired_late.valid_until = horizon + hours(1);
    const Voucher used_up = voucher("0000-0000-0003");
    Voucher still_running = voucher("0000-0000-0004");
    still_running.timeout = hours(1000);
    const Voucher revoked = voucher("0000-0000-0005");
    const Voucher unused = voucher("0000-0000-0006");
    ASSERT_TRUE(vouchers().add(
        std::vector{expired, expired_late, used_up, still_running, revoked, unused}));
    ASSERT_TRUE(redeem(vouchers(), "0000-0000-0003", client(1)));
    ASSERT_TRUE(redeem(vouchers(), "0000-0000-0004", client(1)));
    ASSERT_TRUE(vouchers().revoke(revoked.code, kNow));
    EXPECT_EQ(vouchers().forget(horizon, 1).value(), 1U);
    EXPECT_EQ(vouchers().forget(horizon, kAll).value(), 2U);
    EXPECT_EQ(vouchers().forget(horizon, kAll).value(), 0U);
    std::vector<VoucherCode> left;
    const auto kept = vouchers().list().value();
    for (const Voucher& each : kept)
        left.push_back(each.code);
    EXPECT_THAT(left, ElementsAre(expired_late.code, still_running.code, unused.code));
    EXPECT_THAT(vouchers().redemptions(used_up.code).value(), IsEmpty());
}

TEST_P(VoucherStoreContract, ThereIsAMostOfThem) {
    std::vector<Voucher> many;
    for (std::size_t i = 0; i < VoucherStore::kMostVouchers; ++i) {
        std::string text = std::to_string(i);
        text.insert(0, VoucherCode::kLength - text.size(), '0');
        many.push_back(voucher(text));
    }
    ASSERT_TRUE(vouchers().add(many));
    const Voucher one_more = voucher(kCode);
    EXPECT_EQ(vouchers().add(std::span(&one_more, 1)).error().code, ErrorCode::full);
    EXPECT_EQ(vouchers().list().value().size(), VoucherStore::kMostVouchers);
}

}  // namespace portal::store
