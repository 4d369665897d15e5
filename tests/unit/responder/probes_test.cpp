// Every probe of the table, over a real connection; and that nothing else gets their answer.
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cctype>
#include <ostream>

#include "responder/assets.h"
#include "unit/responder/running_responder.h"

namespace portal::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Probe {
    std::string client;
    std::string host;
    std::string path;
    std::string user_agent;
    int status = 0;
    bool one_path = true;  // and not all below it
};

std::ostream& operator<<(std::ostream& out, const Probe& probe) {
    return out << probe.client << ": " << probe.host << probe.path;
}

std::string text(const boost::json::object& row, const char* name) {
    const auto* value = row.if_contains(name);
    return value ? value->as_string().c_str() : "";
}

// A row for each host and path, read without the help of what is tested.
std::vector<Probe> probes() {
    const std::string_view table = responder::asset("probes.json");
    const auto rows = boost::json::parse(boost::json::string_view(table.data(), table.size()));
    std::vector<Probe> probes;
    for (const auto& entry : rows.as_array()) {
        const auto& row = entry.as_object();
        for (const auto& host : row.at("hosts").as_array())
            for (const auto& pattern : row.at("paths").as_array()) {
                Probe probe{.client = text(row, "client"),
                            .host = host == "*" ? "any.example" : host.as_string().c_str(),
                            .path = pattern.as_string().c_str(),
                            .user_agent = text(row, "user_agent"),
                            .status = std::stoi(text(row, "answer"))};
                if (probe.path.ends_with('*')) {
                    probe.one_path = false;
                    probe.path.replace(probe.path.size() - 1, 1, "wifistub.html");
                }
                probes.push_back(std::move(probe));
            }
    }
    return probes;
}

std::string request(const std::string& method, const std::string& host, const std::string& path,
                    const std::string& agent) {
    const std::string field = agent.empty() ? "" : "User-Agent: " + agent + "-1.0 wispr\r\n";
    return method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + field + "\r\n";
}

void expect_302(const RawResponse& response) {
    EXPECT_EQ(response.status_line, "HTTP/1.1 302 Found");
    EXPECT_EQ(response.field("location"), "http://portal.example.net/");
    EXPECT_EQ(response.field("content-length"), "0");
    EXPECT_EQ(response.field("cache-control"), "no-store");
    EXPECT_EQ(response.field("connection"), "close");
    EXPECT_EQ(response.count("set-cookie"), 0u);
    EXPECT_EQ(response.body, "");
}

void expect_511(const RawResponse& response) {
    EXPECT_EQ(response.status(), 511);
    EXPECT_EQ(response.count("location"), 0u);
    EXPECT_EQ(response.field("cache-control"), "no-store");
}

class ProbeTest : public RunningResponder, public testing::WithParamInterface<Probe> {
  protected:
    RawResponse get(const std::string& host, const std::string& path) const {
        return ask(request("GET", host, path, GetParam().user_agent));
    }
    static void expect_answer(const RawResponse& response) {
        if (GetParam().status == 302)
            expect_302(response);
        else
            expect_511(response);
        for (const auto& [name, value] : response.fields)
            EXPECT_THAT(value, Not(HasSubstr("url=http%3A"))) << name;
        EXPECT_THAT(response.body, Not(HasSubstr("?url=")));
    }
};

TEST_P(ProbeTest, GetsItsAnswerAndCarriesNoUrl) {
    const auto& [client, host, path, agent, status, one_path] = GetParam();
    std::string upper = host;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    start();
    expect_answer(get(host, path));
    expect_answer(get(upper + ".:80", path + "?query"));
    expect_answer(ask("GET http://" + host + path + " HTTP/1.0\r\nUser-Agent: " + agent +
                      "\r\nAccept: application/json\r\n\r\n"));
    const RawResponse head = ask(request("HEAD", host, path, agent));
    EXPECT_EQ(head.status(), status);
    EXPECT_EQ(head.body, "");
}

TEST_P(ProbeTest, IsNotTheRestOfItsHost) {
    const auto& [client, host, path, agent, status, one_path] = GetParam();
    start();
    for (const char* method : {"POST", "PUT", "OPTIONS", "PROPFIND", "FROBNICATE"})
        expect_511(ask(request(method, host, path, agent)));
    if (one_path) expect_511(get(host, path + "x"));
    expect_511(get(host + ".evil.example", "/x" + path));
    expect_511(get(host + ":8080", path));
    if (!agent.empty()) expect_511(ask(request("GET", "x" + host, path, "")));
}

TEST_P(ProbeTest, Gets511WithoutCompatibility) {
    configuration_.probe_compatibility = false;
    start();
    const RawResponse response = get(GetParam().host, GetParam().path);
    expect_511(response);
    EXPECT_EQ(response.field("refresh"), "0; url=http://portal.example.net/");
}

INSTANTIATE_TEST_SUITE_P(Table, ProbeTest, testing::ValuesIn(probes()), [](const auto& probe) {
    std::string name = std::to_string(probe.index) + probe.param.host;
    std::erase_if(name, [](unsigned char c) { return !std::isalnum(c); });
    return name;
});

using Probes = RunningResponder;

TEST_F(Probes, WithoutAHostnameTheyAreSentToTheAddress) {
    configuration_.hostname.clear();
    answers_ = [](const ipc::Request&) {
        ipc::Reply reply;
        reply.caller = stranger();
        reply.caller.portal_address = *parse_ip_address("192.0.2.1");
        return reply;
    };
    start();
    const RawResponse response =
        ask(request("GET", "captive.apple.com", "/hotspot-detect.html", ""));
    EXPECT_EQ(response.status(), 302);
    EXPECT_EQ(response.field("location"), "http://192.0.2.1/");
}

TEST_F(Probes, GoWhereLoginUrlSays) {
    configuration_.login_url = "https://login.example.net/start?venue=7";
    start();
    EXPECT_EQ(ask(request("GET", "captive.apple.com", "/", "")).field("location"),
              configuration_.login_url);
}

// A redirect to where they would only be back would be a loop.
TEST_F(Probes, Get511WhileTheWayIsNotKnown) {
    configuration_.hostname.clear();
    answers_ = [](const ipc::Request&) { return std::nullopt; };
    portald_deadline_ = std::chrono::milliseconds(50);
    start();
    expect_511(ask(request("GET", "captive.apple.com", "/hotspot-detect.html", "")));
}

TEST_F(Probes, AreNoQuestionToPortald) {
    start();
    expect_302(ask(request("GET", "captive.apple.com", "/hotspot-detect.html", "")));
    EXPECT_TRUE(portald_->requests().empty());
}

// What is said by no row never gets 2xx or 3xx, whatever it looks like.
TEST_F(Probes, NothingElseGetsTheirAnswer) {
    start();
    const std::vector<std::string> hosts{"example.org", "203.0.113.80", "",
                                         "captive.apple.com.example"};
    std::vector<std::string> paths{"/",       "/*",           "*",
                                   "/204",    "/favicon.ico", "/robots.txt",
                                   "/status", "/sign-in",     "/%2e%2e/generate_204"};
    for (const Probe& probe : probes())
        if (std::ranges::find(paths, probe.path) == paths.end()) paths.push_back(probe.path);
    for (const std::string& host : hosts)
        for (const std::string& path : paths)
            for (const char* method : {"GET", "HEAD", "POST"}) {
                const int status = ask(request(method, host, path, "")).status();
                EXPECT_TRUE(status == 511 || status == 400) << method << ' ' << host << path;
            }
}

}  // namespace
}  // namespace portal::test
