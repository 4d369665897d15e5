// The API end to end: over a Unix socket, with stand-ins behind it.
#include <gmock/gmock.h>

#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <future>

#include "api_fixture.h"
#include "auth/password_hash.h"
#include "control/api/handler.h"
#include "control/control_socket.h"
#include "unit/http/raw_client.h"
#include "unit/http/running_context.h"
#include "unit/temporary_directory.h"

namespace portal::control::test {

namespace {

namespace json = boost::json;
using portal::test::parse_response;
using portal::test::RawClient;
using portal::test::RawResponse;
using testing::HasSubstr;

class ApiTest : public testing::Test {
  protected:
    ApiTest() {
        auto socket = ControlSocket::open(path_);
        EXPECT_TRUE(socket);
        http::serve(context_.get(), socket->take(), std::make_shared<api::Handler>(api_.routes()),
                    {});
        socket_.emplace(std::move(*socket));
        context_.start();
    }
    ~ApiTest() override { context_.stop(); }

    RawClient connect() const { return RawClient::to_unix(path_); }
    static std::string request(std::string_view method, std::string_view target,
                               std::string_view body = {},
                               std::string_view type = "application/json") {
        std::string text = std::string(method) + " " + std::string(target) +
                           " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        if (!body.empty())
            text += "Content-Type: " + std::string(type) +
                    "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
        return text + "\r\n" + std::string(body);
    }
    RawResponse raw(std::string_view bytes) const {
        RawClient client = connect();
        client.send(bytes);
        return parse_response(client.read_to_end());
    }
    template <typename... Arguments>
    RawResponse ask(Arguments... arguments) const {
        return raw(request(arguments...));
    }
    template <typename... Arguments>
    json::value get(Arguments... arguments) const {
        const RawResponse response = ask(arguments...);
        EXPECT_EQ(response.status(), 200) << response.body;
        EXPECT_EQ(response.field("content-type"), "application/json");
        return json::parse(response.body);
    }
    // The detail of a problem that must come.
    template <typename... Arguments>
    std::string problem(int status, Arguments... arguments) const {
        const RawResponse response = ask(arguments...);
        EXPECT_EQ(response.status(), status) << response.body;
        EXPECT_EQ(response.field("content-type"), "application/problem+json");
        const json::value document = json::parse(response.body);
        EXPECT_EQ(document.at("status"), status);
        return std::string(document.at("detail").as_string());
    }
    // Runs on the API's thread.
    template <typename Task>
    void there(Task task) {
        std::promise<void> done;
        boost::asio::post(context_.get(), [&] {
            task();
            done.set_value();
        });
        done.get_future().wait();
    }

    TemporaryDirectory directory_;
    const std::filesystem::path path_ = directory_ / "portald.sock";
    portal::test::RunningContext context_;
    ApiFixture api_{context_.get()};
    std::optional<ControlSocket> socket_;
};

constexpr const char* kClient = "/v1/clients/02:00:00:00:00:01";

std::string at(const char* base, const char* action) {
    return std::string(base) + "/" + action;
}

TEST_F(ApiTest, AClientsLife) {
    EXPECT_EQ(problem(404, "GET", kClient), "02:00:00:00:00:01 was never seen");
    const auto authorized = get("POST", at(kClient, "authorize"),
                                R"({"timeout":"1h","policy":"default","user":"ada"})");
    EXPECT_EQ(authorized.at("state"), "authorized");
    EXPECT_EQ(authorized.at("user"), "ada");
    EXPECT_EQ(authorized.at("expires_at"), "2026-01-31T01:00:00Z");
    EXPECT_EQ(get("GET", kClient).as_array().size(), 1U);
    EXPECT_EQ(get("GET", "/v1/clients?state=authorized").as_array().size(), 1U);
    EXPECT_EQ(get("GET", "/v1/clients?state=blocked").as_array().size(), 0U);
    EXPECT_EQ(get("POST", at(kClient, "block")).at("state"), "blocked");
    EXPECT_THAT(problem(409, "POST", at(kClient, "authorize")), HasSubstr("is blocked"));
    EXPECT_EQ(get("POST", at(kClient, "unblock"), "{}").at("state"), "stranger");
    EXPECT_EQ(get("POST", at(kClient, "trust")).at("state"), "trusted");
    EXPECT_EQ(get("POST", at(kClient, "untrust")).at("state"), "stranger");
    problem(404, "POST", at(kClient, "untrust"));
    problem(404, "POST", at(kClient, "unblock"));
    problem(404, "POST", at(kClient, "deauthorize"));
    EXPECT_EQ(get("POST", at("/v1/clients/02-00-00-00-00-01%40100", "authorize")).at("vlan"), 100);
}

TEST_F(ApiTest, FindsClientsByAddress) {
    there([&] { api_.gate.seen.push_back({client(1), ip("192.0.2.7"), 3, {}, {}}); });
    EXPECT_EQ(get("GET", "/v1/clients/192.0.2.7").at(0).at("mac"), "02:00:00:00:00:01");
    problem(404, "GET", "/v1/clients/2001:db8::7");
    problem(400, "GET", "/v1/clients/nobody");
}

TEST_F(ApiTest, FullIsInsufficientStorage) {
    there([&] { api_.table.room = 0; });
    problem(507, "POST", at(kClient, "authorize"));
    there([&] { api_.store.failing = true, api_.table.room = 1; });
    problem(500, "POST", at(kClient, "authorize"));
}

TEST_F(ApiTest, RefusesWhatItDoesNotUnderstand) {
    problem(404, "GET", "/v2/clients");
    const auto wrong_method = ask("PUT", "/v1/garden");
    EXPECT_EQ(wrong_method.status(), 405);
    EXPECT_EQ(wrong_method.field("allow"), "GET, POST, DELETE");
    EXPECT_THAT(problem(400, "GET", "/v1/clients?color=red"), HasSubstr("color"));
    problem(400, "GET", "/v1/clients?state=gone");
    const std::string authorize = at(kClient, "authorize");
    EXPECT_THAT(problem(400, "POST", authorize, R"({"timeut":"1h"})"), HasSubstr("timeut"));
    EXPECT_THAT(problem(400, "POST", authorize, R"({"timeout":8})"), HasSubstr("timeout"));
    EXPECT_THAT(problem(400, "POST", authorize, R"({"timeout":null})"), HasSubstr("timeout"));
    for (const char* timeout : {"0", "-1s", "soon", "87601h"})
        problem(400, "POST", authorize, R"({"timeout":")" + std::string(timeout) + R"("})");
    EXPECT_THAT(problem(400, "POST", at(kClient, "block"), R"({"why":"x"})"), HasSubstr("why"));
    for (const char* body : {"[]", "{", "7", "{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}", "\xff"})
        problem(400, "POST", authorize, body);
    problem(415, "POST", authorize, "{}", "text/plain");
    EXPECT_EQ(ask("POST", authorize, "{}", "Application/JSON; charset=utf-8").status(), 200);
    problem(400, "POST", "/v1/garden");
    problem(400, "POST", "/v1/clients/ff:ff:ff:ff:ff:ff/authorize");
    EXPECT_EQ(ask("POST", authorize, "{\"user\":\"" + std::string(20000, 'x') + "\"}").status(),
              413);
    EXPECT_EQ(raw("nonsense\r\n\r\n").status(), 400);
    EXPECT_EQ(get("GET", "/v1/clients?state=authorized").as_array().size(), 1U);
}

TEST_F(ApiTest, HeadIsGetWithoutTheBody) {
    const auto response = raw(request("HEAD", "/v1/status"));
    EXPECT_EQ(response.status(), 200);
    EXPECT_TRUE(response.body.empty());
}

TEST_F(ApiTest, TheGarden) {
    const std::string entry = R"({"prefix":"203.0.113.0/24","port":"853/udp"})";
    const auto added = get("POST", "/v1/garden", entry);
    EXPECT_EQ(added, (json::value{{"prefix", "203.0.113.0/24"},
                                  {"name", nullptr},
                                  {"port", 853},
                                  {"protocol", "udp"},
                                  {"source", "operator"},
                                  {"learnt", json::array{}}}));
    problem(409, "POST", "/v1/garden", entry);
    EXPECT_EQ(get("GET", "/v1/garden").at(0), added);
    EXPECT_EQ(get("DELETE", "/v1/garden", entry), added);
    problem(404, "DELETE", "/v1/garden", entry);
    problem(400, "POST", "/v1/garden", R"({"prefix":"203.0.113.1/24"})");
    problem(400, "POST", "/v1/garden", R"({"prefix":"::/0"})");
    EXPECT_EQ(get("POST", "/v1/garden", R"({"prefix":"2001:db8::1"})").at("port"), nullptr);
    EXPECT_EQ(get("POST", "/v1/garden", R"({"name":"*.Example.org."})").at("name"),
              "*.example.org");
    problem(409, "POST", "/v1/garden", R"({"name":"*.example.org"})");
    problem(400, "POST", "/v1/garden", R"({"name":"*.org"})");
    problem(400, "POST", "/v1/garden", R"({"name":"203.0.113.7"})");
    problem(400, "POST", "/v1/garden", R"({"name":"a.example.org","prefix":"203.0.113.7"})");
}

TEST_F(ApiTest, UsersAndTheirPasswords) {
    const auto user = get("POST", "/v1/users", R"({"name":"ada","password":"correct horse"})");
    EXPECT_EQ(user,
              (json::value{
                  {"name", "ada"}, {"policy", nullptr}, {"created_at", "2026-01-31T00:00:00Z"}}));
    problem(409, "POST", "/v1/users", R"({"name":"ada","password":"correct horse"})");
    problem(400, "POST", "/v1/users", R"({"name":"bob","password":"short"})");
    problem(400, "POST", "/v1/users", R"({"name":"b b","password":"correct horse"})");
    EXPECT_THAT(problem(400, "POST", "/v1/users", R"({"name":"bob"})"), HasSubstr("password"));
    EXPECT_EQ(get("POST", "/v1/users/ada/password", R"({"password":"battery staple"})"), user);
    there([&] {
        const auto& hash = api_.users.users.at("ada").password_hash;
        EXPECT_TRUE(auth::verify_password("battery staple", hash).value());
    });
    problem(404, "POST", "/v1/users/bob/password", R"({"password":"battery staple"})");
    EXPECT_EQ(get("GET", "/v1/users").as_array().size(), 1U);
    EXPECT_EQ(get("DELETE", "/v1/users/ada"), user);
    problem(404, "DELETE", "/v1/users/ada");
}

TEST_F(ApiTest, ConfigurationByItsSections) {
    const auto config = get("GET", "/v1/config");
    EXPECT_EQ(config.at("gateway").at("client_interfaces").at(0), "eth1");
    EXPECT_EQ(config.at("session").at("timeout"), "8h");
    EXPECT_EQ(config.at("policies").at("default").at("down"), "0");
    EXPECT_EQ(get("POST", "/v1/config/reload").at("applied").at(0), "session.timeout");
    there([&] { api_.reload_fails = true; });
    EXPECT_EQ(problem(400, "POST", "/v1/config/reload"), "portald.toml:3: wrong");
}

TEST_F(ApiTest, Policies) {
    there([&] {
        api_.config.policies["night"] = {
            .limits = {.down = 20'000'000, .up = 0, .quota = 5'000'000'000},
            .timeout = std::chrono::hours(2),
            .idle_timeout = Seconds(0),
            .devices = 3,
            .vlans = {{100, 100}, {200, 299}},
            .hours = Hours{std::chrono::hours(22), std::chrono::hours(6)}};
        api_.config.sign_in.policies.click_through = {"night"};
        api_.sessions.set_rules({.policies = api_.config.policies});
        (void)api_.sessions.authorize(client(1, 100), {.policy = "night"});
    });
    EXPECT_EQ(get("GET", "/v1/policies"), (json::array{{{"name", "default"},
                                                        {"down", "0"},
                                                        {"up", "0"},
                                                        {"quota", "0"},
                                                        {"timeout_s", nullptr},
                                                        {"idle_timeout_s", nullptr},
                                                        {"devices", 0},
                                                        {"vlans", json::array()},
                                                        {"hours", nullptr},
                                                        {"methods", json::array()},
                                                        {"sessions", 0}},
                                                       {{"name", "night"},
                                                        {"down", "20Mbit"},
                                                        {"up", "0"},
                                                        {"quota", "5GB"},
                                                        {"timeout_s", 7200},
                                                        {"idle_timeout_s", 0},
                                                        {"devices", 3},
                                                        {"vlans", {"100", "200-299"}},
                                                        {"hours", "22:00-06:00"},
                                                        {"methods", {"click-through"}},
                                                        {"sessions", 1}}}));
    EXPECT_THAT(problem(409, "POST", at(kClient, "authorize"), R"({"policy":"night"})"),
                HasSubstr("does not apply on VLAN 0"));
}

TEST_F(ApiTest, AUserMayHaveAPolicy) {
    problem(404, "POST", "/v1/users",
            R"({"name":"ada","password":"correct horse","policy":"none"})");
    EXPECT_EQ(
        get("POST", "/v1/users", R"({"name":"ada","password":"correct horse","policy":"default"})")
            .at("policy"),
        "default");
    EXPECT_EQ(get("GET", "/v1/users").at(0).at("policy"), "default");
    problem(400, "POST", "/v1/users/ada/password",
            R"({"password":"battery staple","policy":"default"})");
}

TEST_F(ApiTest, Status) {
    there([&] {
        (void)api_.gate.attach("eth1");
        (void)api_.sessions.trust(client(1));
        api_.clock.advance(Seconds(90));
    });
    const auto status = get("GET", "/v1/status");
    EXPECT_EQ(status.at("uptime_s"), 90);
    EXPECT_EQ(status.at("interfaces").at(0),
              (json::value{
                  {"name", "eth1"}, {"attached", true}, {"mode", "native"}, {"detail", nullptr}}));
    EXPECT_EQ(status.at("responder"),
              (json::value{{"running", true}, {"pid", 42}, {"restarts", 1}}));
    EXPECT_EQ(
        status.at("clients"),
        (json::value{
            {"authorized", 0}, {"trusted", 1}, {"blocked", 0}, {"stranger", 0}, {"limit", 100}}));
}

// Ids begin with the bus's clock, in microseconds.
const auto kFirstEvent = static_cast<std::uint64_t>(
    std::chrono::microseconds(FakeClock().wall().time_since_epoch()).count());

TEST_F(ApiTest, EventsAsTheyHappen) {
    RawClient watcher = connect();
    watcher.send(request("GET", "/v1/events"));
    // Events come to those who listen; the head of the answer says that it does.
    std::string text;
    const auto read_until = [&](std::string_view mark) {
        std::array<char, 4096> bytes{};
        while (text.find(mark) == std::string::npos) {
            const ssize_t size = ::recv(watcher.fd(), bytes.data(), bytes.size(), 0);
            ASSERT_GT(size, 0);
            text.append(bytes.data(), static_cast<std::size_t>(size));
        }
    };
    read_until("\r\n\r\n");
    EXPECT_THAT(text, HasSubstr("text/event-stream"));
    get("POST", at(kClient, "block"));
    read_until("}\n\n");
    EXPECT_THAT(text, HasSubstr("retry: 2000\n\n"));
    EXPECT_THAT(text, HasSubstr(R"(event: blocked
id: )" + std::to_string(kFirstEvent + 1) +
                                R"(
data: {"time":"2026-01-31T00:00:00Z","type":"blocked","mac":"02:00:00:00:00:01","vlan":0,)"
                                R"("ip":null,"interface":null,"user":null,"method":"operator",)"
                                "\"detail\":null,\"lost\":null}\n\n"));
    there([&] {
        for (int i = 0; i < 2000; ++i)
            api_.events.publish({.type = EventType::responder});
    });
    read_until("event: lost\ndata: ");
    read_until(R"("detail":null,"lost":{"responder":976}})"
               "\n\n");
}

TEST_F(ApiTest, AWatcherThatComesBackMissesNothing) {
    for (const char* what : {"block", "unblock", "trust"})
        get("POST", at(kClient, what));
    const auto watch = [&](const std::string& last, const char* mark) {
        RawClient watcher = connect();
        std::string wanted = request("GET", "/v1/events");
        wanted.insert(wanted.find("\r\n") + 2, "Last-Event-ID: " + last + "\r\n");
        watcher.send(wanted);
        std::string text;
        std::array<char, 4096> bytes{};
        while (text.find(mark) == std::string::npos) {
            const ssize_t size = ::recv(watcher.fd(), bytes.data(), bytes.size(), 0);
            if (size <= 0) break;
            text.append(bytes.data(), static_cast<std::size_t>(size));
        }
        return text;
    };
    const std::string since = watch(std::to_string(kFirstEvent + 1), "event: trusted");
    EXPECT_THAT(since, HasSubstr("event: unblocked\nid: " + std::to_string(kFirstEvent + 2)));
    EXPECT_THAT(since, Not(HasSubstr("event: blocked")));
    EXPECT_THAT(since, HasSubstr("event: trusted"));
    for (const char* other : {"yesterday", "-1", "99999999999999999999", ""})
        EXPECT_THAT(watch(other, "retry"), Not(HasSubstr("event:"))) << other;
}

TEST_F(ApiTest, DetachAnswersAndThenEnds) {
    problem(400, "POST", "/v1/detach", R"({"confirm":false})");
    problem(400, "POST", "/v1/detach", "{}");
    there([&] {
        EXPECT_FALSE(api_.ended);
        (void)api_.gate.attach("eth1");
    });
    EXPECT_EQ(get("POST", "/v1/detach", R"({"confirm":true})"),
              (json::value{{"detached", json::array{"eth1"}}}));
    there([&] { EXPECT_TRUE(api_.ended); });
}

TEST_F(ApiTest, AVouchersLife) {
    const auto made = get("POST", "/v1/vouchers",
                          R"({"count":2,"timeout":"8h","policy":"default","uses":3,)"
                          R"("valid_for":"1d","note":"room 12"})");
    ASSERT_EQ(made.as_array().size(), 2U);
    const json::object voucher = made.at(0).as_object();
    EXPECT_EQ(voucher.at("state"), "unused");
    EXPECT_EQ(voucher.at("timeout_s"), 8 * 3600);
    EXPECT_EQ(voucher.at("uses"), 3);
    EXPECT_EQ(voucher.at("devices"), 0);
    EXPECT_EQ(voucher.at("valid_until"), "2026-02-01T00:00:00Z");
    EXPECT_EQ(voucher.at("note"), "room 12");
    EXPECT_EQ(get("GET", "/v1/vouchers"), made);
    const std::string code(voucher.at("code").as_string());
    const std::string path = "/v1/vouchers/" + code;
    there([&] {
        ASSERT_TRUE(api_.voucher_store.redeem(parse_voucher_code(code).value(), client(1, 100),
                                              api_.clock.wall(), Seconds(1)));
    });
    const auto shown = get("GET", path);
    EXPECT_EQ(shown.at("redemptions").at(0).at("vlan"), 100);
    EXPECT_EQ(shown.at("redemptions").at(0).at("ends_at"), "2026-01-31T08:00:00Z");
    EXPECT_EQ(get("POST", path + "/revoke").at("state"), "revoked");
    EXPECT_EQ(get("GET", path).at("revoked_at"), "2026-01-31T00:00:00Z");
    problem(404, "GET", "/v1/vouchers/0000-0000-0000");
    problem(400, "GET", "/v1/vouchers/nonsense");
}

TEST_F(ApiTest, AVoucherOrderIsRead) {
    const auto bare = get("POST", "/v1/vouchers", R"({"count":1})").at(0);
    EXPECT_EQ(bare.at("uses"), 1);
    for (const char* member : {"timeout_s", "policy", "valid_until", "note", "revoked_at"})
        EXPECT_TRUE(bare.at(member).is_null()) << member;
    for (const char* body : {R"({})", R"({"count":0})", R"({"count":10001})", R"({"count":"1"})",
                             R"({"count":1,"uses":-1})", R"({"count":1,"uses":100001})",
                             R"({"count":1,"timeout":"0"})", R"({"count":1,"valid_for":"0"})",
                             R"({"count":1,"valid_for":"soon"})",
                             R"({"count":1,"note":"a\u0000b"})", R"({"count":1,"colour":"red"})"})
        problem(400, "POST", "/v1/vouchers", body);
    problem(404, "POST", "/v1/vouchers", R"({"count":1,"policy":"none"})");
}

TEST_F(ApiTest, TheAuditTrailIsSearched) {
    there([&] {
        api_.audit.note({.client = client(1, 100),
                         .ip = ip("192.0.2.7"),
                         .method = "password",
                         .user = "ada",
                         .outcome = AuditOutcome::refused,
                         .attempts = 2,
                         .detail = "wrong user name or password"});
    });
    const auto records =
        get("GET",
            "/v1/audit?client=02:00:00:00:00:01%40100&user=zo%C3%AB&since=24h&limit=7&before=123");
    EXPECT_EQ(records.at(0).at("outcome"), "refused");
    EXPECT_EQ(records.at(0).at("ip"), "192.0.2.7");
    EXPECT_EQ(records.at(0).at("attempts"), 2);
    EXPECT_EQ(records.at(0).at("count"), 1);
    EXPECT_TRUE(records.at(0).at("interface").is_null());
    const auto& asked = api_.audit_store.asked;
    EXPECT_EQ(asked.client, client(1, 100));
    EXPECT_EQ(asked.user, "zo\xc3\xab");
    EXPECT_EQ(asked.since, api_.clock.wall() - std::chrono::hours(24));
    EXPECT_EQ(asked.limit, 7U);
    EXPECT_EQ(asked.before, 123U);
    get("GET", "/v1/audit");
    EXPECT_EQ(asked.limit, 100U);
    for (const char* query :
         {"client=nobody", "since=-1s", "since=", "limit=0", "limit=10001", "limit=1x", "before=0",
          "before=-1", "before=99999999999999999999", "user=%zz", "colour=red"})
        problem(400, "GET", "/v1/audit?" + std::string(query));
}

}  // namespace

}  // namespace portal::control::test
