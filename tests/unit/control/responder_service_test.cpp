#include "control/responder_service.h"

#include <gmock/gmock.h>

#include <latch>

#include "auth/click_through.h"
#include "auth/voucher.h"
#include "fakes.h"

namespace portal::control::test {

namespace {

using ipc::Outcome;
using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

// Knows one password, and can be made to wait or to break.
class FakePassword final : public auth::Authenticator {
  public:
    std::string_view method() const override { return "password"; }
    Result<auth::Identity> authenticate(const auth::Credentials& credentials) override {
        if (hold) hold->wait();
        ++checks;
        if (broken) return fail(ErrorCode::system, "out of memory");
        if (credentials.password != "correct") return fail(ErrorCode::denied, "wrong password");
        return auth::Identity{.user = credentials.user, .timeout = std::nullopt, .policy = policy};
    }

    std::latch* hold = nullptr;
    std::atomic<int> checks = 0;
    bool broken = false;
    std::optional<std::string> policy;  // of every user
};

Flow flow(std::uint16_t port) {
    return {ip("192.0.2.7"), port, ip("198.51.100.9"), 80};
}

class ResponderServiceTest : public testing::Test {
  protected:
    ResponderServiceTest() {
        sessions.set_rules({.timeout = hours(8)});
        service.configure({{"click-through", "password", "voucher"}, 2, 5});
        gate.flows = {{flow(1), {client(1), 3}}, {flow(2), {client(2), 3}}};
        Topology topology;
        topology.links = {{.index = 3, .name = "eth1"}, {.index = 4, .name = "eth2"}};
        topology.addresses = {{3, prefix("192.0.2.0/24"), ip("192.0.2.1")}};
        topology.client_side = {3};
        service.set_topology(topology);
    }

    // The reply, once it is there: completions run on this thread.
    ipc::Reply ask(decltype(ipc::Request::body) body) {
        std::optional<ipc::Reply> reply;
        service.ask({.id = ++last_id, .body = std::move(body)},
                    [&](const ipc::Reply& answer) { reply = answer; });
        while (!reply)
            run_one();
        EXPECT_EQ(reply->id, last_id);
        return *reply;
    }
    void post(WorkerPool::Completion completion) {
        {
            const std::lock_guard lock(mutex);
            posted.push_back(std::move(completion));
        }
        changed.notify_all();
    }
    void run_one() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return !posted.empty(); });
        const auto completion = std::move(posted.front());
        posted.pop_front();
        lock.unlock();
        completion();
    }
    ipc::SignIn with_password(std::uint16_t port, std::string typed) {
        return {flow(port), client(static_cast<std::uint8_t>(port)), "password", "ada",
                std::move(typed)};
    }
    ipc::SignIn with_voucher(std::uint16_t port, std::string typed) {
        return {.flow = flow(port),
                .client = client(static_cast<std::uint8_t>(port)),
                .method = "voucher",
                .voucher = std::move(typed)};
    }
    ipc::SignIn click(std::uint16_t port) {
        return {flow(port), client(static_cast<std::uint8_t>(port)), "click-through", {}, {}};
    }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    FakeGate gate;
    EventBus bus;
    Listener events{bus};
    FakeAuditStore audit_store;
    FakeVoucherStore vouchers;
    AuditTrail audit{audit_store, clock};
    SessionManager sessions{store, table, clock, bus, audit};
    std::shared_ptr<FakePassword> password = std::make_shared<FakePassword>();
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<WorkerPool::Completion> posted;
    std::uint64_t last_id = 100;
    WorkerPool workers{1, 2, [this](WorkerPool::Completion done) { post(std::move(done)); }};
    ResponderService service{gate,
                             sessions,
                             workers,
                             {{"password", password},
                              {"click-through", std::make_shared<auth::ClickThrough>()},
                              {"voucher", std::make_shared<auth::Voucher>(vouchers)}},
                             clock,
                             bus,
                             audit};
};

// A station with the MAC address of a session, on another of the gate's interfaces.
TEST_F(ResponderServiceTest, ASessionElsewhereIsNotTheCallers) {
    ASSERT_EQ(ask(click(1)).outcome, ipc::Outcome::done);
    gate.flows.push_back({flow(9), {client(1), 4}});
    EXPECT_EQ(ask(ipc::WhoIs{flow(9)}).caller.state, ClientState::stranger);
    EXPECT_EQ(ask(ipc::SignOut{flow(9), client(1)}).caller.state, ClientState::stranger);
    EXPECT_EQ(sessions.find(client(1))->state, ClientState::authorized);
    EXPECT_EQ(ask(ipc::WhoIs{flow(1)}).caller.state, ClientState::authorized);
    EXPECT_EQ(ask(ipc::SignOut{flow(1), client(1)}).caller.state, ClientState::stranger);
}

TEST_F(ResponderServiceTest, TellsWhoIsCalling) {
    const auto stranger = ask(ipc::WhoIs{flow(1)});
    EXPECT_EQ(stranger.outcome, Outcome::done);
    EXPECT_EQ(stranger.caller.client, client(1));
    EXPECT_EQ(stranger.caller.state, ClientState::stranger);
    EXPECT_EQ(stranger.caller.portal_address, ip("192.0.2.1"));
    EXPECT_FALSE(stranger.caller.to_portal);
    EXPECT_EQ(stranger.caller.remaining, std::nullopt);

    ASSERT_TRUE(sessions.authorize(client(1), {.timeout = Seconds(90), .user = "ada"}));
    table.used[client(1)] = {.rx_packets = 1, .rx_bytes = 2, .tx_packets = 3, .tx_bytes = 4};
    const auto known = ask(ipc::WhoIs{flow(1)});
    EXPECT_EQ(known.caller.state, ClientState::authorized);
    EXPECT_EQ(known.caller.user, "ada");
    EXPECT_EQ(known.caller.remaining, Seconds(90));
    EXPECT_EQ(known.caller.usage->tx_bytes, 4U);

    const Flow direct{ip("192.0.2.7"), 5, ip("192.0.2.1"), 80};
    gate.flows.push_back({direct, {client(1), 3}});
    EXPECT_TRUE(ask(ipc::WhoIs{direct}).caller.to_portal);
}

TEST_F(ResponderServiceTest, AFlowTheDataplaneDoesNotKnowGetsNothing) {
    for (const auto& body : std::initializer_list<decltype(ipc::Request::body)>{
             ipc::WhoIs{flow(9)}, click(9), with_password(9, "correct"),
             ipc::SignOut{flow(9), client(9)}}) {
        const auto reply = ask(body);
        EXPECT_EQ(reply.outcome, Outcome::unknown);
        EXPECT_EQ(reply.caller.client, std::nullopt);
    }
    EXPECT_TRUE(store.sessions.empty());
    EXPECT_EQ(password->checks, 0);
}

TEST_F(ResponderServiceTest, AConnectionThatIsAnothersByNowDoesNothing) {
    ASSERT_TRUE(sessions.authorize(client(1), {}));
    const std::size_t before = store.sessions.size();
    for (const auto& body : std::initializer_list<decltype(ipc::Request::body)>{
             ipc::SignIn{flow(1), client(2), "click-through", {}, {}},
             ipc::SignIn{flow(1), client(2), "password", "ada", "correct"},
             ipc::SignOut{flow(1), client(2)}})
        EXPECT_EQ(ask(body).outcome, Outcome::unknown);
    EXPECT_EQ(store.sessions.size(), before);
    EXPECT_EQ(password->checks, 0);
}

TEST_F(ResponderServiceTest, ClickingThroughSignsInAndOut) {
    const auto in = ask(click(1));
    EXPECT_EQ(in.outcome, Outcome::done);
    EXPECT_EQ(in.caller.state, ClientState::authorized);
    EXPECT_EQ(store.sessions.at(client(1)).method, "click-through");
    const auto out = ask(ipc::SignOut{flow(1), client(1)});
    EXPECT_EQ(out.outcome, Outcome::done);
    EXPECT_EQ(out.caller.state, ClientState::stranger);
    const auto seen = events.take();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0].type, EventType::sign_in);
    EXPECT_EQ(seen[0].ip, ip("192.0.2.7"));
    EXPECT_EQ(seen[0].interface, "eth1");
    EXPECT_EQ(seen[1].type, EventType::sign_out);
}

TEST_F(ResponderServiceTest, AMethodThatIsNotConfiguredSignsNobodyIn) {
    service.configure({{"password"}, 2, 5});
    EXPECT_EQ(ask(click(1)).outcome, Outcome::refused);
    EXPECT_EQ(ask(ipc::SignIn{flow(1), client(1), "operator", {}, {}}).outcome, Outcome::refused);
    EXPECT_TRUE(store.sessions.empty());
    EXPECT_THAT(events.types(), ElementsAre(EventType::denial, EventType::denial));
}

TEST_F(ResponderServiceTest, TheRightPasswordSignsIn) {
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::done);
    EXPECT_EQ(store.sessions.at(client(1)).user, "ada");
    EXPECT_EQ(store.sessions.at(client(1)).method, "password");
}

TEST_F(ResponderServiceTest, FailuresAreLimitedPerClientAndSuccessesAreNot) {
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::done);
    EXPECT_EQ(ask(with_password(1, "wrong")).outcome, Outcome::refused);
    EXPECT_EQ(ask(with_password(1, "wrong")).outcome, Outcome::refused);
    const int checks = password->checks;
    const auto throttled = ask(with_password(1, "correct"));
    EXPECT_EQ(throttled.outcome, Outcome::throttled);
    EXPECT_GT(throttled.retry_after, Seconds(0));
    EXPECT_EQ(password->checks, checks);
    EXPECT_EQ(ask(with_password(2, "correct")).outcome, Outcome::done);
    clock.advance(hours(2));
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::done);
}

TEST_F(ResponderServiceTest, OurOwnFailuresAreNoAttempts) {
    password->broken = true;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::failed);
    password->broken = false;
    store.failing = true;
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::failed);
    store.failing = false;
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::done);
}

TEST_F(ResponderServiceTest, BusyWorkersAreNobodysFault) {
    std::latch latch(1);
    password->hold = &latch;
    std::vector<Outcome> outcomes;
    for (int i = 0; i < 3; ++i)
        service.ask({.id = 1, .body = with_password(i == 0 ? 1 : 2, "correct")},
                    [&](const ipc::Reply& reply) { outcomes.push_back(reply.outcome); });
    EXPECT_THAT(outcomes, ElementsAre(Outcome::busy));
    latch.count_down();
    run_one();
    run_one();
    EXPECT_THAT(outcomes, ElementsAre(Outcome::busy, Outcome::done, Outcome::done));
}

TEST_F(ResponderServiceTest, BlockedWhileThePasswordIsChecked) {
    std::latch latch(1);
    password->hold = &latch;
    std::optional<ipc::Reply> reply;
    service.ask({.id = 1, .body = with_password(1, "correct")},
                [&](const ipc::Reply& answer) { reply = answer; });
    ASSERT_TRUE(sessions.block(client(1)));
    latch.count_down();
    run_one();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->outcome, Outcome::refused);
    EXPECT_EQ(reply->caller.state, ClientState::blocked);
    EXPECT_EQ(sessions.find(client(1))->state, ClientState::blocked);
}

TEST_F(ResponderServiceTest, AFullTableIsOurFailure) {
    table.room = 0;
    EXPECT_EQ(ask(click(1)).outcome, Outcome::failed);
    EXPECT_THAT(events.take(), IsEmpty());
}

TEST_F(ResponderServiceTest, AnAccountIsThrottledWhicheverClientTries) {
    for (std::uint8_t i = 1; i <= 7; ++i)
        gate.flows.push_back({flow(i), {client(i), 3}});
    for (std::uint16_t i = 1; i <= 5; ++i)
        EXPECT_EQ(ask(with_password(i, "wrong")).outcome, Outcome::refused);
    const int checks = password->checks;
    ipc::SignIn other_case = with_password(6, "correct");
    other_case.user = "ADA";
    const auto throttled = ask(other_case);
    EXPECT_EQ(throttled.outcome, Outcome::throttled);
    EXPECT_GT(throttled.retry_after, Seconds(0));
    EXPECT_EQ(password->checks, checks);
    ipc::SignIn other_account = with_password(6, "correct");
    other_account.user = "bob";
    EXPECT_EQ(ask(other_account).outcome, Outcome::done);
    EXPECT_EQ(ask(click(7)).outcome, Outcome::done);
    clock.advance(hours(2));
    EXPECT_EQ(ask(with_password(7, "correct")).outcome, Outcome::done);
}

TEST_F(ResponderServiceTest, AVoucherSignsInForItsTime) {
    Voucher voucher;
    voucher.timeout = hours(1);
    ASSERT_TRUE(vouchers.add(std::span(&voucher, 1)));
    const auto reply = ask(with_voucher(1, "0000 0000 0000"));
    EXPECT_EQ(reply.outcome, Outcome::done);
    EXPECT_EQ(reply.caller.remaining, hours(1));
    EXPECT_EQ(reply.caller.user, "0000-0000-0000");
    EXPECT_EQ(store.sessions.at(client(1)).method, "voucher");
    EXPECT_EQ(store.sessions.at(client(1)).policy, "default");
    EXPECT_EQ(store.records.back().user, "0000-0000-0000");
}

TEST_F(ResponderServiceTest, WhoseUserHasAPolicyGetsIt) {
    sessions.set_rules({.policies = {{"default", {}}, {"staff", {.timeout = hours(1)}}}});
    password->policy = "staff";
    EXPECT_EQ(ask(with_password(1, "correct")).caller.remaining, hours(1));
    EXPECT_EQ(sessions.find(client(1))->policy, "staff");
}

TEST_F(ResponderServiceTest, APolicyThatDoesNotApplyRefusesOnItsGround) {
    const Policy floor{.vlans = {{200, 299}}};
    const Policy night{.hours = Hours{hours(22), hours(6)}};
    sessions.set_rules({.policies = {{"default", {}}, {"floor", floor}, {"night", night}}});
    clock.wall_time += hours(12);
    password->policy = "floor";
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::elsewhere);
    password->policy = "night";
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::not_now);
    ASSERT_EQ(audit_store.records.size(), 2U);
    EXPECT_EQ(audit_store.records[0].outcome, AuditOutcome::refused);
    EXPECT_EQ(audit_store.records[0].detail, "policy \"floor\" does not apply on VLAN 0");
    EXPECT_EQ(audit_store.records[1].detail, "policy \"night\" applies at 22:00-06:00 only");
    EXPECT_THAT(events.types(), ElementsAre(EventType::denial, EventType::denial));
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::not_now)
        << "they are no failures that count";
    clock.wall_time += hours(12);
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::done);
}

TEST_F(ResponderServiceTest, AVoucherOutOfItsHoursIsNotSpent) {
    Voucher voucher;
    voucher.policy = "night";
    ASSERT_TRUE(vouchers.add(std::span(&voucher, 1)));
    const Policy night{.timeout = hours(2), .hours = Hours{hours(22), hours(6)}};
    sessions.set_rules({.policies = {{"default", {}}, {"night", night}}});
    clock.wall_time += hours(12);
    EXPECT_EQ(ask(with_voucher(1, "0000 0000 0000")).outcome, Outcome::not_now);
    EXPECT_EQ(vouchers.all.at(voucher.code).devices, 0U);
    clock.wall_time += hours(12);
    const auto reply = ask(with_voucher(1, "0000 0000 0000"));
    EXPECT_EQ(reply.outcome, Outcome::done);
    EXPECT_EQ(reply.caller.remaining, hours(2));
}

TEST_F(ResponderServiceTest, OnTooManyDevicesItSaysHowManyThereAre) {
    sessions.set_rules({.policies = {{"default", {.devices = 1}}}});
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::done);
    const auto second = ask(with_password(2, "correct"));
    EXPECT_EQ(second.outcome, Outcome::devices);
    EXPECT_EQ(second.devices, 1U);
    EXPECT_EQ(audit_store.records.back().detail, "signed in on 1 device already");
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::done);
    ASSERT_TRUE(sessions.sign_out(client(1)));
    EXPECT_EQ(ask(with_password(2, "correct")).outcome, Outcome::done);
}

TEST_F(ResponderServiceTest, TellsWhatIsLeftOfAQuota) {
    EXPECT_EQ(ask(click(1)).caller.data_remaining, std::nullopt);
    sessions.set_rules(
        {.policies = {{"default", {.limits = {.down = 0, .up = 0, .quota = 1000}}}}});
    EXPECT_EQ(ask(ipc::WhoIs{flow(1)}).caller.data_remaining, 1000U);
    table.used[client(1)] = {1, 100, 2, 200};
    EXPECT_EQ(ask(ipc::WhoIs{flow(1)}).caller.data_remaining, 700U);
    table.used[client(1)] = {1, 1000, 2, 200};
    EXPECT_EQ(ask(ipc::WhoIs{flow(1)}).caller.data_remaining, 0U);
}

TEST_F(ResponderServiceTest, GuessesAtVouchersAreLimitedPerClient) {
    EXPECT_EQ(ask(with_voucher(1, "1111-1111-1111")).outcome, Outcome::refused);
    EXPECT_EQ(ask(with_voucher(1, "nonsense")).outcome, Outcome::refused);
    EXPECT_EQ(ask(with_voucher(1, "1111-1111-1111")).outcome, Outcome::throttled);
    EXPECT_EQ(ask(with_password(1, "correct")).outcome, Outcome::throttled);
    EXPECT_EQ(ask(with_voucher(2, "1111-1111-1111")).outcome, Outcome::refused);
    EXPECT_EQ(ask(click(1)).outcome, Outcome::done) << "there is nothing to guess";
}

TEST_F(ResponderServiceTest, NoUseIsSpentOnWhoIsTrustedOrBlocked) {
    Voucher voucher;
    ASSERT_TRUE(vouchers.add(std::span(&voucher, 1)));
    ASSERT_TRUE(sessions.trust(client(1)));
    ASSERT_TRUE(sessions.block(client(2)));
    EXPECT_EQ(ask(with_voucher(1, "0000-0000-0000")).outcome, Outcome::done);
    EXPECT_EQ(ask(with_voucher(2, "0000-0000-0000")).outcome, Outcome::refused);
    EXPECT_TRUE(vouchers.redeemed.empty());
    EXPECT_EQ(sessions.find(client(1))->state, ClientState::trusted);
}

TEST_F(ResponderServiceTest, EveryAttemptIsOnRecord) {
    ask(with_password(1, "wrong"));
    ask(with_voucher(1, "1111-1111-1111"));
    ask(with_password(1, "wrong"));
    ask(with_password(1, "correct"));
    ask(click(2));
    const auto& notes = audit_store.records;
    ASSERT_EQ(notes.size(), 3U);
    EXPECT_EQ(notes[0].outcome, AuditOutcome::refused);
    EXPECT_EQ(notes[0].method, "password");
    EXPECT_EQ(notes[0].user, "ada");
    EXPECT_EQ(notes[0].ip, ip("192.0.2.7"));
    EXPECT_EQ(notes[0].interface, "eth1");
    EXPECT_EQ(notes[0].attempts, 1U);
    EXPECT_EQ(notes[0].detail, "wrong password");
    EXPECT_EQ(notes[1].outcome, AuditOutcome::refused);
    EXPECT_EQ(notes[1].user, "1111-1111-1111");
    EXPECT_EQ(notes[1].attempts, 2U);
    // The second of them is counted in the first.
    EXPECT_EQ(notes[2].outcome, AuditOutcome::throttled);
    EXPECT_EQ(notes[2].attempts, 2U);
    ASSERT_TRUE(audit.checkpoint());
    ASSERT_EQ(audit_store.counted.size(), 1U);
    EXPECT_EQ(audit_store.counted[0].outcome, AuditOutcome::throttled);
    // What was accepted is stored with its session.
    ASSERT_EQ(store.records.size(), 1U);
    EXPECT_EQ(store.records[0].client, client(2));
    EXPECT_EQ(store.records[0].method, "click-through");
    EXPECT_EQ(store.records[0].outcome, AuditOutcome::accepted);
}

TEST_F(ResponderServiceTest, OurOwnFailuresAreOnRecordAsSuch) {
    password->broken = true;
    ask(with_password(1, "correct"));
    ASSERT_EQ(audit_store.records.size(), 1U);
    EXPECT_EQ(audit_store.records[0].outcome, AuditOutcome::failed);
    EXPECT_EQ(audit_store.records[0].attempts, 0U);
    table.failing = true;
    ask(click(2));
    ASSERT_EQ(audit_store.records.size(), 2U);
    EXPECT_EQ(audit_store.records[1].outcome, AuditOutcome::failed);
    EXPECT_EQ(audit_store.records[1].detail, "the map is full");
}

}  // namespace

}  // namespace portal::control::test
