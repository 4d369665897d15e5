#include "domain/voucher.h"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

namespace portal {
namespace {

using std::chrono::hours;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr WallTime kNow(std::chrono::milliseconds(1'769'846'400'123));

std::string read(std::string_view text) {
    const auto code = parse_voucher_code(text);
    return code ? code->to_string() : code.error().what;
}

TEST(VoucherCode, HasMoreThan59Bits) {
    const std::set<char> letters(VoucherCode::kAlphabet.begin(), VoucherCode::kAlphabet.end());
    ASSERT_EQ(letters.size(), VoucherCode::kAlphabet.size());
    EXPECT_GE(
        static_cast<double>(VoucherCode::kLength) * std::log2(static_cast<double>(letters.size())),
        59);
}

TEST(VoucherCode, IsShownInGroups) {
    for (int i = 0; i < 100; ++i) {
        const std::string text = VoucherCode::generate()->to_string();
        EXPECT_THAT(text, MatchesRegex("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"));
        EXPECT_EQ(read(text), text);
    }
}

// Each place takes each letter: in 12,000 draws, one missing is a chance of 31 in e^387.
TEST(VoucherCode, DrawsFromTheWholeAlphabet) {
    std::set<char> seen;
    std::set<VoucherCode> codes;
    for (int i = 0; i < 1000; ++i) {
        const VoucherCode code = VoucherCode::generate().value();
        codes.insert(code);
        seen.insert(code.characters().begin(), code.characters().end());
    }
    EXPECT_EQ(codes.size(), 1000U);
    EXPECT_EQ(seen.size(), VoucherCode::kAlphabet.size());
}

TEST(VoucherCode, IsReadAsPeopleTypeIt) {
    for (const char* text : {"K7QF-M2XW-9RTD", "k7qfm2xw9rtd", " K7QF M2XW 9RTD ", "K7QFM2XW-9rtd",
                             "--k-7-Q-F-m2xw\t9rtd-"})
        EXPECT_EQ(read(text), "K7QF-M2XW-9RTD") << text;
}

TEST(VoucherCode, LookAlikesAreOneLetter) {
    EXPECT_EQ(read("oOiI lLsS uU0V"), "0011-1155-VV0V");
}

TEST(VoucherCode, RefusesWhatIsNone) {
    for (const std::string& text :
         {std::string(), std::string("K7QF-M2XW-9RT"), std::string("K7QF-M2XW-9RTDX"),
          std::string("K7QF-M2XW-9RT*"), std::string("K7QF-M2XW-9RT\0", 14),
          std::string("K7QF-M2XW-9RT\xc3\xa9"), std::string(65, '-') + "K7QFM2XW9RTD"})
        EXPECT_THAT(read(text), HasSubstr("no voucher code")) << text;
    EXPECT_THAT(read("secret"), Not(HasSubstr("secret")));
}

TEST(Voucher, StandsAsItsUseAndTimeSay) {
    Voucher voucher;
    voucher.uses = 2;
    voucher.valid_until = kNow + hours(1);
    EXPECT_EQ(state_of(voucher, kNow), VoucherState::unused);
    EXPECT_TRUE(admits_another(voucher, kNow));
    voucher.devices = 1;
    EXPECT_EQ(state_of(voucher, kNow), VoucherState::in_use);
    EXPECT_TRUE(admits_another(voucher, kNow));
    EXPECT_EQ(state_of(voucher, kNow + hours(1)), VoucherState::expired);
    EXPECT_FALSE(admits_another(voucher, kNow + hours(1)));
    voucher.devices = 2;
    EXPECT_EQ(state_of(voucher, kNow), VoucherState::used_up);
    EXPECT_FALSE(admits_another(voucher, kNow));
    voucher.revoked_at = kNow;
    EXPECT_EQ(state_of(voucher, kNow), VoucherState::revoked);
    EXPECT_FALSE(admits_another(voucher, kNow));
}

TEST(Voucher, EvenWithoutALimitThereIsAnEnd) {
    Voucher voucher;
    voucher.uses = 0;
    voucher.devices = kMostVoucherUses - 1;
    EXPECT_TRUE(admits_another(voucher, kNow));
    voucher.devices = kMostVoucherUses;
    EXPECT_FALSE(admits_another(voucher, kNow));
}

TEST(Voucher, ANoteIsPlainText) {
    EXPECT_TRUE(check_voucher_note(""));
    EXPECT_TRUE(check_voucher_note("caf\xc3\xa9, <b>May</b>"));
    EXPECT_FALSE(check_voucher_note("a\nb"));
    EXPECT_FALSE(check_voucher_note("\xff"));
    EXPECT_FALSE(check_voucher_note(std::string(kLongestVoucherNote + 1, 'x')));
}

}  // namespace
}  // namespace portal
