// What the service makes of guests who come back from the venue's application.
#include <gmock/gmock.h>
#include <sodium.h>

#include "control/responder_service.h"
#include "remote_application.h"

namespace portal::control::test {

namespace {

using ipc::Outcome;
using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Flow flow(std::uint16_t port) {
    return {ip("192.0.2.7"), port, ip("192.0.2.1"), 80};
}

class RemoteServiceTest : public testing::Test {
  protected:
    RemoteServiceTest() {
        EXPECT_GE(sodium_init(), 0);
        sessions.set_rules({.timeout = hours(8), .policies = {{"default", {}}, {"staff", {}}}});
        service.configure({.methods = {"remote"}, .attempts_per_hour = 3});
        service.configure_remote(settings());
        gate.flows = {{flow(1), {client(1), 3}}, {flow(2), {client(2), 3}}};
        Topology topology;
        topology.links = {{.index = 3, .name = "eth1"}};
        topology.addresses = {{3, prefix("192.0.2.0/24"), ip("192.0.2.1")}};
        topology.client_side = {3};
        service.set_topology(topology);
    }

    ipc::Reply ask(decltype(ipc::Request::body) body) {
        std::optional<ipc::Reply> reply;
        service.ask({.id = 7, .body = std::move(body)},
                    [&](const ipc::Reply& answer) { reply = answer; });
        EXPECT_TRUE(reply) << "no answer at once";
        EXPECT_EQ(reply.value_or(ipc::Reply{}).id, 7U);
        return reply.value_or(ipc::Reply{});
    }
    static ClientId at(std::uint16_t port) { return client(static_cast<std::uint8_t>(port)); }
    ipc::Reply start(std::uint16_t port, std::string url = {}, bool sealed = false) {
        return ask(ipc::RemoteStart{flow(port), at(port), std::move(url), sealed});
    }
    // What the application is told of the client.
    boost::json::object sent(std::uint16_t port) {
        return application.read(start(port).location.value_or(""));
    }
    ipc::Reply bring(std::uint16_t port, const std::string& grant) {
        return ask(ipc::RemoteReturn{flow(port), at(port), grant});
    }
    ipc::Reply call(const std::string& grant, const char* peer = "198.51.100.7") {
        return ask(ipc::RemoteCallback{ip(peer), grant});
    }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    FakeGate gate;
    EventBus bus;
    Listener events{bus};
    FakeAuditStore audit_store;
    AuditTrail audit{audit_store, clock};
    SessionManager sessions{store, table, clock, bus, audit};
    WorkerPool workers{1, 1, [](WorkerPool::Completion) {}};
    ResponderService service{gate, sessions, workers, {}, clock, bus, audit};
    RemoteApplication application{clock};
};

TEST_F(RemoteServiceTest, AGuestIsSentAndComesBackSignedIn) {
    const auto started = start(1, "http://example.org/a");
    EXPECT_EQ(started.outcome, Outcome::done);
    const auto request = application.read(started.location.value_or(""));
    EXPECT_EQ(request.at("sub").as_string(), client(1).to_string());

    const auto back = bring(
        1,
        application.grant(request, {{"user", "room-12"}, {"timeout", "2h"}, {"policy", "staff"}}));
    EXPECT_EQ(back.outcome, Outcome::done);
    EXPECT_EQ(back.location, "http://example.org/a");
    EXPECT_FALSE(back.sealed);
    EXPECT_EQ(back.caller.state, ClientState::authorized);
    EXPECT_EQ(back.caller.remaining, hours(2));
    const Session& session = store.sessions.at(client(1));
    EXPECT_EQ(session.method, "remote");
    EXPECT_EQ(session.user, "room-12");
    EXPECT_EQ(session.policy, "staff");
    const auto seen = events.take();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].type, EventType::sign_in);
    EXPECT_EQ(seen[0].ip, ip("192.0.2.7"));
    EXPECT_EQ(seen[0].interface, "eth1");
    EXPECT_EQ(seen[0].method, "remote");
}

TEST_F(RemoteServiceTest, ThePageThatWasWantedComesBackAsItWasSealed) {
    const auto started = start(1, "http://example.org/a", true);
    const auto back = bring(1, application.grant(application.read(started.location.value_or(""))));
    EXPECT_EQ(back.location, "http://example.org/a");
    EXPECT_TRUE(back.sealed);
}

TEST_F(RemoteServiceTest, AUsedGrantIsReplayed) {
    const std::string grant = application.grant(sent(1));
    EXPECT_EQ(bring(1, grant).outcome, Outcome::done);
    EXPECT_EQ(bring(1, grant).outcome, Outcome::replayed);
    ASSERT_TRUE(sessions.sign_out(client(1)));
    const auto again = bring(1, grant);
    EXPECT_EQ(again.outcome, Outcome::replayed);
    EXPECT_EQ(again.caller.state, ClientState::stranger);
    EXPECT_EQ(call(grant).outcome, Outcome::replayed);
    EXPECT_TRUE(store.sessions.empty());
}

TEST_F(RemoteServiceTest, AnothersGrantSignsNobodyIn) {
    const std::string grant = application.grant(sent(1));
    EXPECT_EQ(bring(2, grant).outcome, Outcome::refused);
    EXPECT_TRUE(store.sessions.empty());
    const auto seen = events.take();
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].type, EventType::denial);
    EXPECT_EQ(seen[0].client, client(2));
    EXPECT_THAT(seen[0].detail.value_or(""), HasSubstr("is for " + client(1).to_string()));
    // It still is the first one's.
    EXPECT_EQ(bring(1, grant).outcome, Outcome::done);
}

TEST_F(RemoteServiceTest, AConnectionThatIsNotTheClientsDoesNothing) {
    const std::string grant = application.grant(sent(1));
    EXPECT_EQ(ask(ipc::RemoteReturn{flow(2), client(1), grant}).outcome, Outcome::unknown);
    EXPECT_EQ(ask(ipc::RemoteReturn{flow(9), client(1), grant}).outcome, Outcome::unknown);
    const auto started = ask(ipc::RemoteStart{flow(2), client(1), {}});
    EXPECT_EQ(started.outcome, Outcome::unknown);
    EXPECT_EQ(started.location, std::nullopt);
    EXPECT_TRUE(store.sessions.empty());
}

TEST_F(RemoteServiceTest, BadGrantsAreLimitedByClient) {
    const auto request = sent(1);
    const std::string grant = application.grant(request);
    EXPECT_EQ(bring(1, "a.b.c").outcome, Outcome::refused);
    EXPECT_EQ(bring(1, grant.substr(1)).outcome, Outcome::refused);
    EXPECT_EQ(bring(1, application.grant(request, {{"aud", "other"}})).outcome, Outcome::refused);
    const auto throttled = bring(1, grant);
    EXPECT_EQ(throttled.outcome, Outcome::throttled);
    EXPECT_GT(throttled.retry_after, Seconds(0));
    EXPECT_TRUE(store.sessions.empty());
    EXPECT_EQ(bring(2, application.grant(sent(2))).outcome, Outcome::done);
    clock.advance(hours(2));
    EXPECT_EQ(bring(1, application.grant(sent(1))).outcome, Outcome::done);
}

TEST_F(RemoteServiceTest, GoodGrantsAndReplaysAreNotLimited) {
    for (int i = 0; i < 10; ++i) {
        const std::string grant = application.grant(sent(1));
        EXPECT_EQ(bring(1, grant).outcome, Outcome::done);
        EXPECT_EQ(bring(1, grant).outcome, Outcome::replayed);
    }
}

TEST_F(RemoteServiceTest, OurFailureLeavesTheGrantGood) {
    const std::string grant = application.grant(sent(1));
    store.failing = true;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(bring(1, grant).outcome, Outcome::failed);
    EXPECT_EQ(call(grant).outcome, Outcome::failed);
    store.failing = false;
    EXPECT_EQ(bring(1, grant).outcome, Outcome::done);
}

TEST_F(RemoteServiceTest, AnUnknownPolicyIsRefused) {
    EXPECT_EQ(bring(1, application.grant(sent(1), {{"policy", "vip"}})).outcome, Outcome::refused);
    EXPECT_TRUE(store.sessions.empty());
    EXPECT_THAT(events.take().at(0).detail.value_or(""), HasSubstr("no policy \"vip\""));
}

TEST_F(RemoteServiceTest, ABlockedClientIsNeitherSentNorSignedIn) {
    const std::string grant = application.grant(sent(1));
    ASSERT_TRUE(sessions.block(client(1)));
    const auto started = start(1);
    EXPECT_EQ(started.outcome, Outcome::refused);
    EXPECT_EQ(started.location, std::nullopt);
    EXPECT_EQ(bring(1, grant).outcome, Outcome::refused);
    EXPECT_EQ(call(grant).outcome, Outcome::refused);
    EXPECT_EQ(sessions.find(client(1))->state, ClientState::blocked);
}

TEST_F(RemoteServiceTest, AMethodThatIsNotConfiguredSignsNobodyIn) {
    const std::string grant = application.grant(sent(1));
    service.configure({.methods = {"password"}, .attempts_per_hour = 3});
    EXPECT_EQ(start(1).outcome, Outcome::refused);
    EXPECT_EQ(bring(1, grant).outcome, Outcome::refused);
    EXPECT_EQ(call(grant).outcome, Outcome::refused);
    EXPECT_TRUE(store.sessions.empty());
}

TEST_F(RemoteServiceTest, TheApplicationBringsAGrantByItself) {
    const std::string grant = application.grant(sent(1), {{"user", "room-12"}});
    const auto reply = call(grant);
    EXPECT_EQ(reply.outcome, Outcome::done);
    EXPECT_EQ(reply.caller.client, client(1));
    EXPECT_EQ(reply.caller.remaining, hours(8));
    EXPECT_EQ(store.sessions.at(client(1)).user, "room-12");
    EXPECT_EQ(call(grant).outcome, Outcome::replayed);
    EXPECT_EQ(bring(1, grant).outcome, Outcome::replayed);
    EXPECT_THAT(events.types(),
                ElementsAre(EventType::sign_in, EventType::denial, EventType::denial));
}

TEST_F(RemoteServiceTest, BadGrantsOfAnAddressAreLimited) {
    const std::string grant = application.grant(sent(1));
    Outcome outcome = Outcome::refused;
    int refused = 0;
    while (outcome == Outcome::refused && refused < 10'000) {
        outcome = call("a.b.c").outcome;
        ++refused;
    }
    EXPECT_EQ(outcome, Outcome::throttled);
    EXPECT_EQ(refused, 601);
    EXPECT_EQ(call(grant).outcome, Outcome::throttled);
    EXPECT_TRUE(store.sessions.empty());
    EXPECT_EQ(call(grant, "198.51.100.8").outcome, Outcome::done);
}

TEST_F(RemoteServiceTest, EveryEndOfAnAttemptIsOnRecord) {
    const auto request = sent(1);
    EXPECT_EQ(bring(1, "a.b.c").outcome, Outcome::refused);
    EXPECT_EQ(
        bring(1, application.grant(request, {{"policy", "vip"}, {"user", "room-12"}})).outcome,
        Outcome::refused);
    EXPECT_EQ(bring(1, application.grant(request, {{"user", "room-12"}})).outcome, Outcome::done);
    EXPECT_EQ(bring(1, application.grant(request)).outcome, Outcome::replayed);
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(bring(1, "a.b.c").outcome, Outcome::refused);
    EXPECT_EQ(bring(1, "a.b.c").outcome, Outcome::throttled);

    std::vector<AuditOutcome> outcomes;
    for (const AuditRecord& record : audit_store.records) {
        EXPECT_EQ(record.client, client(1));
        EXPECT_EQ(record.method, "remote");
        EXPECT_EQ(record.ip, ip("192.0.2.7"));
        EXPECT_EQ(record.interface, "eth1");
        outcomes.push_back(record.outcome);
    }
    EXPECT_THAT(outcomes,
                ElementsAre(AuditOutcome::refused, AuditOutcome::refused, AuditOutcome::refused,
                            AuditOutcome::refused, AuditOutcome::refused, AuditOutcome::throttled));
    EXPECT_EQ(audit_store.records[1].user, "room-12");
    EXPECT_EQ(audit_store.records.back().attempts, 3U);
    // The accepted one is stored with its session.
    ASSERT_EQ(store.records.size(), 1U);
    EXPECT_EQ(store.records[0].outcome, AuditOutcome::accepted);
    EXPECT_EQ(store.records[0].method, "remote");
    EXPECT_EQ(store.records[0].user, "room-12");
    EXPECT_EQ(store.records[0].attempts, 1U);
}

TEST_F(RemoteServiceTest, AGrantTheApplicationBringsIsOnRecordForItsClient) {
    const std::string grant = application.grant(sent(1), {{"user", "room-12"}});
    EXPECT_EQ(call("a.b.c").outcome, Outcome::refused);
    EXPECT_TRUE(audit_store.records.empty());  // of no client
    ASSERT_TRUE(sessions.block(client(1)));
    EXPECT_EQ(call(grant).outcome, Outcome::refused);
    ASSERT_EQ(audit_store.records.size(), 1U);
    EXPECT_EQ(audit_store.records[0].client, client(1));
    EXPECT_EQ(audit_store.records[0].user, "room-12");
    EXPECT_EQ(audit_store.records[0].outcome, AuditOutcome::refused);
    EXPECT_EQ(audit_store.records[0].ip, std::nullopt);
}

TEST_F(RemoteServiceTest, SignInByFormKnowsNoSuchMethod) {
    EXPECT_EQ(ask(ipc::SignIn{flow(1), client(1), "remote", {}, {}}).outcome, Outcome::refused);
    EXPECT_TRUE(store.sessions.empty());
}

}  // namespace

}  // namespace portal::control::test
