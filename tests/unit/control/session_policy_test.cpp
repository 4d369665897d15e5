// Which policy a session has, what it gets by it, and how that changes while it runs.
#include <gmock/gmock.h>

#include "control/session_manager.h"
#include "fakes.h"

namespace portal::control::test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr Limits kSlow{.down = 5'000'000, .up = 1'000'000, .quota = 0};
constexpr Limits kFast{.down = 50'000'000, .up = 10'000'000, .quota = 5'000'000'000};
constexpr Usage kSome{1, 100, 2, 200};

using Ground = SessionManager::Refusal::Ground;

// Midnight by the clock on the wall to begin with.
class SessionPolicyTest : public testing::Test {
  protected:
    SessionPolicyTest() { manager.set_rules(rules()); }

    static SessionManager::Rules rules() {
        return {.timeout = hours(8),
                .idle_timeout = minutes(30),
                .policies = {{"default", {.limits = kSlow}},
                             {"night", {.limits = kFast, .hours = Hours{hours(22), hours(6)}}},
                             {"floor", {.limits = kFast, .vlans = {{200, 299}}}},
                             {"staff",
                              {.limits = kFast,
                               .timeout = hours(12),
                               .idle_timeout = Seconds(0),
                               .devices = 2}}},
                .by_method = {{"click-through", {"floor", "night"}}}};
    }

    Status click(const ClientId& id) {
        return manager.sign_in({.client = id, .method = "click-through"});
    }
    Status with_password(const ClientId& id, std::optional<std::string> policy = "staff",
                         std::string user = "ada") {
        return manager.sign_in({.client = id,
                                .method = "password",
                                .user = std::move(user),
                                .policy = std::move(policy)});
    }
    std::string policy_of(const ClientId& id) { return manager.find(id)->policy; }
    Limits limits_of(const ClientId& id) { return table.entries.at(id).limits; }
    ErrorCode code_of(const Status& status) { return status.error().code; }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    EventBus bus;
    Listener events{bus};
    FakeAuditStore audit_store;
    AuditTrail audit{audit_store, clock};
    SessionManager manager{store, table, clock, bus, audit};
};

TEST_F(SessionPolicyTest, IsTheFirstOfTheMethodThatApplies) {
    ASSERT_TRUE(click(client(1, 250)));
    EXPECT_EQ(policy_of(client(1, 250)), "floor");
    ASSERT_TRUE(click(client(2)));
    EXPECT_EQ(policy_of(client(2)), "night");
    EXPECT_EQ(limits_of(client(2)), kFast);
    clock.wall_time += hours(12);
    ASSERT_TRUE(click(client(3)));
    EXPECT_EQ(policy_of(client(3)), "default");
    EXPECT_EQ(limits_of(client(3)), kSlow);
    ASSERT_TRUE(manager.authorize(client(4), {}));
    EXPECT_EQ(policy_of(client(4)), "default");
}

TEST_F(SessionPolicyTest, NamedWinsOverTheList) {
    ASSERT_TRUE(
        manager.sign_in({.client = client(1), .method = "click-through", .policy = "staff"}));
    EXPECT_EQ(policy_of(client(1)), "staff");
    EXPECT_TRUE(store.sessions.at(client(1)).policy_named);
    ASSERT_TRUE(click(client(1)));
    EXPECT_EQ(policy_of(client(1)), "staff") << "a renewal that names none leaves it";
}

TEST_F(SessionPolicyTest, TimesAreTheSignInsThenThePolicysThenTheConfigurations) {
    ASSERT_TRUE(with_password(client(1)));
    EXPECT_EQ(manager.find(client(1))->expires_at, clock.wall() + hours(12));
    EXPECT_EQ(manager.find(client(1))->idle_timeout, Seconds(0));
    ASSERT_TRUE(manager.sign_in({.client = client(2),
                                 .method = "voucher",
                                 .user = "K7QF-M2XW-9RTD",
                                 .timeout = hours(1),
                                 .policy = "staff"}));
    EXPECT_EQ(manager.find(client(2))->expires_at, clock.wall() + hours(1));
    ASSERT_TRUE(click(client(3)));
    EXPECT_EQ(manager.find(client(3))->expires_at, clock.wall() + hours(8));
    EXPECT_EQ(manager.find(client(3))->idle_timeout, minutes(30));
    ASSERT_TRUE(manager.authorize(client(4), {.policy = "staff"}));
    EXPECT_EQ(manager.find(client(4))->expires_at, clock.wall() + hours(12));
    ASSERT_TRUE(manager.authorize(client(4), {.timeout = hours(3)}));
    EXPECT_EQ(manager.find(client(4))->expires_at, clock.wall() + hours(3));
    EXPECT_EQ(manager.timeout_of({.client = client(5), .method = "voucher", .policy = "staff"}),
              hours(12));
}

TEST_F(SessionPolicyTest, OneThatDoesNotApplyKeepsTheGuestOut) {
    clock.wall_time += hours(12);
    const SessionManager::Guest night{
        .client = client(1), .method = "password", .user = "ada", .policy = "night"};
    ASSERT_TRUE(manager.refusal_of(night));
    EXPECT_EQ(manager.refusal_of(night)->ground, Ground::hours);
    EXPECT_EQ(code_of(manager.sign_in(night)), ErrorCode::denied);
    SessionManager::Guest floor = night;
    floor.policy = "floor";
    EXPECT_EQ(manager.refusal_of(floor)->ground, Ground::vlan);
    EXPECT_EQ(code_of(manager.sign_in(floor)), ErrorCode::denied);
    EXPECT_THAT(store.sessions, IsEmpty());
    floor.client.vlan = 200;
    EXPECT_TRUE(manager.sign_in(floor));
}

TEST_F(SessionPolicyTest, OneThatDoesNotApplyIsAnOperatorsError) {
    clock.wall_time += hours(12);
    for (const char* name : {"night", "floor"}) {
        const Status refused = manager.authorize(client(1), {.policy = name});
        EXPECT_EQ(code_of(refused), ErrorCode::conflict);
        EXPECT_THAT(refused.error().what, HasSubstr(name));
        EXPECT_FALSE(refused.error().hint.empty());
    }
    EXPECT_THAT(store.sessions, IsEmpty());
}

TEST_F(SessionPolicyTest, AUserHasSoManyDevices) {
    ASSERT_TRUE(with_password(client(1)));
    ASSERT_TRUE(with_password(client(2)));
    const Status third = with_password(client(3));
    EXPECT_EQ(code_of(third), ErrorCode::denied);
    EXPECT_EQ(third.error().what, "signed in on 2 devices already");
    EXPECT_TRUE(with_password(client(2))) << "that is a renewal";
    EXPECT_TRUE(with_password(client(3), "staff", "bob"));
    EXPECT_TRUE(with_password(client(4), std::nullopt)) << "\"default\" has no such limit";
    ASSERT_TRUE(manager.sign_out(client(4)));
    ASSERT_TRUE(manager.sign_out(client(1)));
    EXPECT_TRUE(with_password(client(4)));
}

TEST_F(SessionPolicyTest, WhoIsInRenewsAlsoWhereFewerDevicesMayBeNow) {
    ASSERT_TRUE(with_password(client(1)));
    ASSERT_TRUE(with_password(client(2)));
    SessionManager::Rules fewer = rules();
    fewer.policies["staff"].devices = 1;
    manager.set_rules(fewer);
    EXPECT_TRUE(with_password(client(1)));
    EXPECT_TRUE(with_password(client(2)));
    EXPECT_FALSE(with_password(client(3)));
}

TEST_F(SessionPolicyTest, ADeviceWhoseSessionIsOverDoesNotCount) {
    ASSERT_TRUE(with_password(client(1)));
    ASSERT_TRUE(with_password(client(2)));
    clock.advance(hours(12));
    EXPECT_TRUE(with_password(client(3)));
}

TEST_F(SessionPolicyTest, VouchersAndThoseWithoutANameAreNotCounted) {
    SessionManager::Rules strict = rules();
    strict.policies["default"].devices = 1;
    strict.by_method.clear();
    manager.set_rules(strict);
    for (std::uint8_t number = 1; number <= 3; ++number) {
        EXPECT_TRUE(click(client(number)));
        EXPECT_TRUE(manager.sign_in({.client = client(static_cast<std::uint8_t>(number + 10)),
                                     .method = "voucher",
                                     .user = "K7QF-M2XW-9RTD"}));
    }
}

TEST_F(SessionPolicyTest, AnotherUserOnTheSameDeviceIsCounted) {
    ASSERT_TRUE(with_password(client(1)));
    ASSERT_TRUE(with_password(client(2)));
    ASSERT_TRUE(with_password(client(3), "staff", "bob"));
    EXPECT_FALSE(with_password(client(3)));
    EXPECT_EQ(manager.find(client(3))->user, "bob");
}

TEST_F(SessionPolicyTest, NewRulesAreInForceAtOnceForRunningSessions) {
    ASSERT_TRUE(with_password(client(1)));
    const Session before = manager.find(client(1)).value();
    table.used[client(1)] = kSome;
    SessionManager::Rules changed = rules();
    changed.policies["staff"].limits = kSlow;
    changed.policies["staff"].timeout = hours(1);
    manager.set_rules(changed);
    EXPECT_EQ(limits_of(client(1)), kSlow);
    const Session after = manager.find(client(1)).value();
    EXPECT_EQ(after.id, before.id);
    EXPECT_EQ(after.usage, kSome) << "what was used is used";
    EXPECT_EQ(after.expires_at, before.expires_at);
    EXPECT_THAT(events.types(), ElementsAre(EventType::sign_in));
}

TEST_F(SessionPolicyTest, NewListsChooseAnew) {
    ASSERT_TRUE(click(client(1)));
    ASSERT_TRUE(manager.authorize(client(2), {.policy = "night"}));
    SessionManager::Rules changed = rules();
    changed.by_method["click-through"] = {"staff"};
    manager.set_rules(changed);
    EXPECT_EQ(policy_of(client(1)), "staff");
    EXPECT_EQ(policy_of(client(2)), "night");
}

TEST_F(SessionPolicyTest, AtTheEndOfTheHoursListsChooseAnew) {
    ASSERT_TRUE(click(client(1)));
    ASSERT_TRUE(manager.sign_in(
        {.client = client(2), .method = "password", .user = "ada", .policy = "night"}));
    EXPECT_EQ(manager.next_change(), clock.wall() + hours(6));
    clock.wall_time += hours(6);
    manager.reconsider();
    EXPECT_EQ(policy_of(client(1)), "default");
    EXPECT_EQ(limits_of(client(1)), kSlow);
    EXPECT_EQ(policy_of(client(2)), "night") << "who named it keeps it";
    EXPECT_EQ(manager.next_change(), clock.wall() + hours(16));
}

TEST_F(SessionPolicyTest, WithoutHoursInAListNothingIsAwaited) {
    SessionManager::Rules timeless = rules();
    timeless.by_method["click-through"] = {"floor"};
    manager.set_rules(timeless);
    EXPECT_EQ(manager.next_change(), std::nullopt);
}

TEST_F(SessionPolicyTest, WhatTheTableRefusesIsTriedAgain) {
    ASSERT_TRUE(click(client(1)));
    table.failing = true;
    clock.wall_time += hours(6);
    manager.reconsider();
    EXPECT_EQ(limits_of(client(1)), kFast);
    table.failing = false;
    manager.sweep();
    EXPECT_EQ(limits_of(client(1)), kSlow);
}

TEST_F(SessionPolicyTest, TheDefaultStandsInForOneThatIsGone) {
    ASSERT_TRUE(with_password(client(1)));
    ASSERT_TRUE(click(client(2)));
    SessionManager::Rules without = rules();
    without.policies.erase("staff");
    manager.set_rules(without);
    EXPECT_EQ(policy_of(client(1)), "default");
    EXPECT_EQ(limits_of(client(1)), kSlow);
    EXPECT_THAT(manager.without_policy().value(),
                ElementsAre(Pair("staff", ElementsAre(client(1)))));
    ASSERT_TRUE(with_password(client(3), "staff", "bob"));
    EXPECT_EQ(policy_of(client(3)), "default");
    manager.set_rules(rules());
    EXPECT_EQ(policy_of(client(1)), "staff") << "it is there again";
    EXPECT_EQ(limits_of(client(3)), kFast);
    EXPECT_THAT(manager.without_policy().value(), IsEmpty());
}

TEST_F(SessionPolicyTest, AfterARestartLimitsAreAsConfiguredNow) {
    ASSERT_TRUE(with_password(client(1)));
    ASSERT_TRUE(click(client(2)));
    clock.wall_time += hours(6);
    SessionManager::Rules changed = rules();
    changed.policies["staff"].limits = kSlow;
    SessionManager next(store, table, clock, bus, audit);
    next.set_rules(changed);
    ASSERT_TRUE(next.start());
    EXPECT_EQ(limits_of(client(1)), kSlow);
    EXPECT_EQ(next.find(client(1))->policy, "staff");
    EXPECT_EQ(limits_of(client(2)), kSlow);
    EXPECT_EQ(next.find(client(2))->policy, "default");
}

TEST_F(SessionPolicyTest, CountsThoseSignedInUnderEach) {
    ASSERT_TRUE(with_password(client(1)));
    ASSERT_TRUE(with_password(client(2)));
    ASSERT_TRUE(click(client(3)));
    ASSERT_TRUE(manager.trust(client(4)));
    EXPECT_THAT(manager.count_by_policy().value(),
                UnorderedElementsAre(Pair("staff", 2), Pair("night", 1)));
}

TEST_F(SessionPolicyTest, TrustedClientsHaveNoLimits) {
    ASSERT_TRUE(click(client(1)));
    ASSERT_TRUE(manager.trust(client(1)));
    manager.reconsider();
    EXPECT_EQ(limits_of(client(1)), Limits{});
}

}  // namespace

}  // namespace portal::control::test
