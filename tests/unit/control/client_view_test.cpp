#include "control/client_view.h"

#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include "control/api/client_json.h"
#include "fakes.h"

namespace portal::control::test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;

class ClientViewTest : public testing::Test {
  protected:
    ClientViewTest() {
        sessions.set_rules({.timeout = hours(8), .idle_timeout = minutes(30)});
        Topology topology;
        topology.links = {{.index = 2, .name = "eth1"}, {.index = 3, .name = "eth2"}};
        views.set_topology(topology);
    }

    void seen(const ClientId& id, std::string_view address, unsigned ifindex, Seconds ago) {
        gate.seen.push_back({id, ip(address), ifindex, MonotonicTime(1), clock.monotonic() - ago});
    }
    std::string json_of(const ClientId& id) {
        return boost::json::serialize(api::to_json(views.show(id).value()));
    }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    FakeGate gate;
    EventBus bus;
    FakeAuditStore audit_store;
    AuditTrail audit{audit_store, clock};
    SessionManager sessions{store, table, clock, bus, audit};
    ClientViews views{sessions, gate, clock};
};

TEST_F(ClientViewTest, EveryMemberIsThereAndAbsentIsNull) {
    EXPECT_EQ(json_of(client(1)),
              R"({"mac":"02:00:00:00:00:01","vlan":0,"state":"stranger","ip":[],"user":null,)"
              R"("method":null,"policy":null,"signed_in_at":null,"expires_at":null,)"
              R"("idle_timeout_s":null,"rx_bytes":0,"rx_packets":0,"tx_bytes":0,"tx_packets":0,)"
              R"("last_seen":null,"interface":null})");
}

TEST_F(ClientViewTest, ASessionInFull) {
    ASSERT_TRUE(sessions.sign_in({.client = client(1, 100), .method = "password", .user = "ada"}));
    table.used[client(1, 100)] = {.rx_packets = 1, .rx_bytes = 2, .tx_packets = 3, .tx_bytes = 4};
    seen(client(1, 100), "2001:db8::7", 2, Seconds(60));
    seen(client(1, 100), "192.0.2.30", 2, Seconds(5));
    seen(client(1, 100), "192.0.2.7", 3, Seconds(0));
    seen(client(1, 100), "::", 2, Seconds(90));
    EXPECT_EQ(json_of(client(1, 100)),
              R"({"mac":"02:00:00:00:00:01","vlan":100,"state":"authorized",)"
              R"("ip":["192.0.2.7","192.0.2.30","2001:db8::7"],"user":"ada","method":"password",)"
              R"("policy":"default","signed_in_at":"2026-01-31T00:00:00Z",)"
              R"("expires_at":"2026-01-31T08:00:00Z","idle_timeout_s":1800,"rx_bytes":2,)"
              R"("rx_packets":1,"tx_bytes":4,"tx_packets":3,"last_seen":"2026-01-31T00:00:00Z",)"
              R"("interface":"eth2"})");
}

TEST_F(ClientViewTest, TrustedAndBlockedHaveNotSignedIn) {
    ASSERT_TRUE(sessions.trust(client(1)));
    ASSERT_TRUE(sessions.block(client(2)));
    for (const ClientId& id : {client(1), client(2)}) {
        const auto view = views.show(id).value();
        EXPECT_EQ(view.method, std::nullopt);
        EXPECT_EQ(view.signed_in_at, std::nullopt);
        EXPECT_EQ(view.idle_timeout, std::nullopt);
    }
    EXPECT_EQ(views.show(client(1))->state, ClientState::trusted);
    EXPECT_EQ(views.show(client(2))->state, ClientState::blocked);
}

TEST_F(ClientViewTest, ListsSessionsAndStrangersSorted) {
    ASSERT_TRUE(sessions.authorize(client(3), {}));
    ASSERT_TRUE(sessions.authorize(client(1, 7), {.timeout = minutes(1)}));
    seen(client(2), "192.0.2.2", 2, Seconds(1));
    seen(client(1), "192.0.2.1", 2, Seconds(1));
    clock.advance(minutes(1));
    std::vector<std::pair<ClientId, ClientState>> listed;
    const auto all = views.list().value();
    for (const auto& view : all)
        listed.emplace_back(view.id, view.state);
    EXPECT_THAT(listed, ElementsAre(std::pair(client(1), ClientState::stranger),
                                    std::pair(client(2), ClientState::stranger),
                                    std::pair(client(3), ClientState::authorized)));
    EXPECT_FALSE(views.find(client(9)).value());
}

}  // namespace

}  // namespace portal::control::test
