// The whole API over stand-ins.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "config/config.h"
#include "control/api/routes.h"
#include "fakes.h"

namespace portal::control::test {

struct ApiFixture {
    explicit ApiFixture(boost::asio::io_context& context)
        : workers(1, 4, [&context](WorkerPool::Completion completion) {
              boost::asio::post(context, std::move(completion));
          }) {
        config.gateway.client_interfaces = {"eth1"};
        sessions.set_rules(
            {.timeout = std::chrono::hours(8), .idle_timeout = std::chrono::minutes(30)});
    }

    api::Endpoints routes() {
        return api::all_routes(
            {sessions, views, garden, vouchers, audit, users, workers, events, gate, clock},
            {.running = [this]() -> const config::Config& { return config; },
             .reload = [this]() -> Result<config::ReloadResult> {
                 if (reload_fails) return fail(ErrorCode::invalid, "portald.toml:3: wrong");
                 return config::ReloadResult{config, {"session.timeout"}, {"store.url"}, {}};
             }},
            {.version = "0.1.0",
             .config = "/etc/xdp-portal/portald.toml",
             .store = config.store.url,
             .client_interfaces = {"eth1"},
             .portal =
                 [] {
                     return api::PortalFront{"Harbour Inn", "http://portal.example.net/"};
                 },
             .started_at = clock.wall(),
             .started = clock.monotonic(),
             .responder = [] { return ResponderState{.pid = 42, .restarts = 1}; },
             .doctor =
                 [] {
                     return std::vector<Check>{{"clock", true, "fine", {}},
                                               {"store", false, "full", "make room"}};
                 },
             .detach = [this] { return gate.detach(); },
             .end = [this] { ended = true; }});
    }

    FakeSessionStore store;
    FakeTable table;
    FakeClock clock;
    FakeGate gate;
    FakeGardenStore garden_store;
    FakeUserStore users;
    EventBus events{clock};
    config::Config config;
    FakeAuditStore audit_store;
    FakeVoucherStore voucher_store;
    AuditTrail audit{audit_store, clock};
    SessionManager sessions{store, table, clock, events, audit};
    Vouchers vouchers{voucher_store, sessions, clock};
    ClientViews views{sessions, gate, clock};
    Garden garden{garden_store, gate, clock};
    bool reload_fails = false;
    bool ended = false;
    WorkerPool workers;
};

}  // namespace portal::control::test
