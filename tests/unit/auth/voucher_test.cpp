#include "auth/voucher.h"

#include <gmock/gmock.h>

#include "store/sqlite/store.h"
#include "unit/temporary_directory.h"

namespace portal::auth {
namespace {

using std::chrono::hours;

constexpr WallTime kNow(std::chrono::milliseconds(1'769'846'400'123));
constexpr const char* kCode = "K7QF-M2XW-9RTD";

class VoucherTest : public testing::Test {
  protected:
    VoucherTest() {
        portal::Voucher voucher;
        voucher.code = parse_voucher_code(kCode).value();
        voucher.timeout = hours(2);
        voucher.policy = "fast";
        voucher.valid_until = kNow + hours(50);
        EXPECT_TRUE(store_->vouchers().add(std::span(&voucher, 1)));
    }

    Result<Identity> try_code(std::string text, WallTime now = kNow, std::uint8_t device = 1) {
        return voucher_.authenticate(
            {.voucher = std::move(text),
             .client = {Mac{{2, 0, 0, 0, 0, device}}, 0},
             .now = now,
             .session_timeout = [this](const std::optional<std::string>& policy) {
                 asked_ = policy;
                 return timeout_;
             }});
    }

    std::optional<Seconds> timeout_ = hours(8);  // of sessions; none: the policy keeps all out
    std::optional<std::string> asked_;
    TemporaryDirectory directory_;
    std::unique_ptr<store::sqlite::Store> store_ =
        store::sqlite::open(directory_ / "portal.db").value();
    Voucher voucher_{store_->vouchers()};
};

TEST_F(VoucherTest, TheCodeIsTheUserHoweverTyped) {
    EXPECT_EQ(try_code("k7qf m2xw 9rtd"),
              (Identity{.user = kCode, .timeout = hours(2), .policy = "fast"}));
}

TEST_F(VoucherTest, TheSameDeviceGetsTheRest) {
    ASSERT_TRUE(try_code(kCode));
    EXPECT_EQ(try_code(kCode, kNow + Seconds(90))->timeout, hours(2) - Seconds(90));
    EXPECT_EQ(try_code(kCode, kNow + hours(2) - std::chrono::milliseconds(1))->timeout, Seconds(1));
}

TEST_F(VoucherTest, WithoutATimeOfItsOwnItLastsAsItsPolicyHasIt) {
    portal::Voucher voucher;
    voucher.code = parse_voucher_code("0000-0000-0003").value();
    voucher.policy = "night";
    ASSERT_TRUE(store_->vouchers().add(std::span(&voucher, 1)));
    EXPECT_EQ(try_code("0000-0000-0003")->timeout, hours(8));
    EXPECT_EQ(asked_, "night");
}

TEST_F(VoucherTest, IsNotRedeemedWhereItsPolicyKeepsTheClientOut) {
    timeout_.reset();
    EXPECT_EQ(try_code(kCode), (Identity{.user = kCode, .policy = "fast"}));
    EXPECT_EQ(store_->vouchers().find(parse_voucher_code(kCode).value()).value()->devices, 0U);
    EXPECT_EQ(try_code(kCode, kNow + hours(51)).error().code, ErrorCode::denied);
    timeout_ = hours(8);
    EXPECT_EQ(try_code(kCode, kNow + hours(1))->timeout, hours(2));
}

TEST_F(VoucherTest, EveryRefusalIsTheSame) {
    ASSERT_TRUE(try_code(kCode));
    portal::Voucher revoked;
    revoked.code = parse_voucher_code("0000-0000-0001").value();
    revoked.revoked_at = kNow;
    portal::Voucher expired;
    expired.code = parse_voucher_code("0000-0000-0002").value();
    expired.valid_until = kNow;
    ASSERT_TRUE(store_->vouchers().add(std::vector{revoked, expired}));
    const Error unknown = try_code("0000-0000-0000").error();
    EXPECT_EQ(unknown.code, ErrorCode::denied);
    for (const auto& refused : {try_code(""), try_code("nonsense"), try_code(kCode, kNow, 2),
                                try_code(kCode, kNow + hours(2)), try_code("0000-0000-0001"),
                                try_code("0000-0000-0002"), try_code(std::string(100'000, 'K'))}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::denied);
        EXPECT_EQ(refused.error().what, unknown.what);
    }
}

}  // namespace
}  // namespace portal::auth
