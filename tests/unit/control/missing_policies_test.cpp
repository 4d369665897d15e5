#include "control/missing_policies.h"

#include <gmock/gmock.h>

#include "fakes.h"

namespace portal::control::test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MissingPoliciesTest : public testing::Test {
  protected:
    std::vector<std::string> warnings() {
        return missing_policies(sessions, users, vouchers, clock).value();
    }
    void add_voucher(std::string_view code, const std::string& policy, bool revoked = false) {
        Voucher voucher;
        voucher.code = parse_voucher_code(code).value();
        voucher.policy = policy;
        if (revoked) voucher.revoked_at = clock.wall();
        ASSERT_TRUE(vouchers.add(std::span(&voucher, 1)));
    }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    EventBus bus;
    FakeAuditStore audit_store;
    FakeUserStore users;
    FakeVoucherStore vouchers;
    AuditTrail audit{audit_store, clock};
    SessionManager sessions{store, table, clock, bus, audit};
};

TEST_F(MissingPoliciesTest, AreNoneWhereAllAreThere) {
    ASSERT_TRUE(users.add({"ada", "", {}, "default"}));
    ASSERT_TRUE(users.add({"bob", "", {}}));
    ASSERT_TRUE(sessions.authorize(client(1), {}));
    EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(MissingPoliciesTest, NamesWhomTheyWereFor) {
    sessions.set_rules({.policies = {{"default", {}}, {"staff", {}}, {"night", {}}}});
    ASSERT_TRUE(sessions.authorize(client(1), {.policy = "staff"}));
    ASSERT_TRUE(sessions.authorize(client(2, 100), {.policy = "staff"}));
    ASSERT_TRUE(users.add({"ada", "", {}, "staff"}));
    add_voucher("0000-0000-0001", "night");
    add_voucher("0000-0000-0002", "night", true);
    EXPECT_THAT(warnings(), IsEmpty());
    sessions.set_rules({});
    EXPECT_THAT(warnings(),
                ElementsAre("policy \"night\" is not in the configuration; \"default\" stands in "
                            "for it: 1 voucher (0000-0000-0001)",
                            "policy \"staff\" is not in the configuration; \"default\" stands in "
                            "for it: 2 sessions (02:00:00:00:00:01, 02:00:00:00:00:02@100), "
                            "1 user (ada)"));
}

TEST_F(MissingPoliciesTest, CountsTheRestOfMany) {
    for (int i = 0; i < 12; ++i)
        ASSERT_TRUE(users.add({"user" + std::to_string(i), "", {}, "staff"}));
    EXPECT_THAT(warnings(), ElementsAre(HasSubstr("12 users (user0, ")));
    EXPECT_THAT(warnings().front(), testing::EndsWith(" and 2 more)"));
}

}  // namespace

}  // namespace portal::control::test
