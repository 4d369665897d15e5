// How the table of probes is read, and what matches a row.
#include "responder/probe_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace portal::responder {
namespace {

using testing::HasSubstr;

std::string row(const std::string& more) {
    return R"([{"client":"Test","source":"RFC 0",)" + more + "}]";
}

constexpr const char* kTable = R"([
  {"client":"A","source":"s","hosts":["a.example","b.example"],"paths":["/one","/two/*"],
   "answer":"302"},
  {"client":"B","source":"s","hosts":["b.example"],"paths":["/three"],"answer":"511"},
  {"client":"C","source":"s","hosts":["*"],"paths":["/any"],"user_agent":"Probe","answer":"302"}])";

class ProbePolicyTest : public testing::Test {
  protected:
    std::optional<ProbeAnswer> match(const std::string& host, const std::string& target,
                                     const std::string& agent = {},
                                     http::Method method = http::Method::get) const {
        http::Request request(method, target, 11);
        request.set(http::Field::host, host);
        if (!agent.empty()) request.set(http::Field::user_agent, agent);
        return policy_.match(request, *http::parse_target(request));
    }

    const ProbePolicy policy_ = *ProbePolicy::parse(kTable);
};

TEST_F(ProbePolicyTest, MatchesHostAndPath) {
    EXPECT_EQ(match("a.example", "/one"), ProbeAnswer::found);
    EXPECT_EQ(match("b.example", "/one"), ProbeAnswer::found);
    EXPECT_EQ(match("b.example", "/three"), ProbeAnswer::network_authentication_required);
    EXPECT_EQ(match("a.example", "/one?x=y"), ProbeAnswer::found);
    EXPECT_EQ(match("", "http://a.example/one"), ProbeAnswer::found);
    for (const char* host : {"A.Example", "a.example.", "a.example:80", "A.EXAMPLE.:80"})
        EXPECT_EQ(match(host, "/one"), ProbeAnswer::found) << host;
}

TEST_F(ProbePolicyTest, ASubtreeIsWhatIsBelowIt) {
    EXPECT_EQ(match("a.example", "/two/"), ProbeAnswer::found);
    EXPECT_EQ(match("a.example", "/two/x/y"), ProbeAnswer::found);
    EXPECT_FALSE(match("a.example", "/two"));
    EXPECT_FALSE(match("a.example", "/twofold"));
}

TEST_F(ProbePolicyTest, PassesOverWhatIsOnlyAlike) {
    for (const char* host : {"xa.example", "a.example.evil.example", "example", "", "a.example..",
                             "a.example:81", "a.example:443", "www.a.example"})
        EXPECT_FALSE(match(host, "/one")) << host;
    for (const char* path : {"/", "/One", "/one/", "/one.html", "/%6fne", "//one", "/three",
                             "https://a.example/one", "ftp://a.example/one"})
        EXPECT_FALSE(match("a.example", path)) << path;
}

TEST_F(ProbePolicyTest, OnlyReadsAreProbes) {
    EXPECT_TRUE(match("a.example", "/one", {}, http::Method::head));
    for (const http::Method method :
         {http::Method::post, http::Method::put, http::Method::options, http::Method::delete_,
          http::Method::propfind, http::Method::trace})
        EXPECT_FALSE(match("a.example", "/one", {}, method));
    EXPECT_FALSE(match("a.example", "a.example:80", {}, http::Method::connect));
}

TEST_F(ProbePolicyTest, AUserAgentNarrowsAndNeverDecides) {
    EXPECT_EQ(match("any.example", "/any", "Probe-1 wispr"), ProbeAnswer::found);
    EXPECT_EQ(match("a.example", "/any", "Probe"), ProbeAnswer::found);
    EXPECT_FALSE(match("any.example", "/any", "Mozilla"));
    EXPECT_FALSE(match("any.example", "/any"));
    EXPECT_FALSE(match("any.example", "/other", "Probe"));
    EXPECT_FALSE(match("*", "/any"));
}

TEST(ProbeTable, OfTheAssetIsSound) {
    const ProbePolicy policy;
    http::Request request(http::Method::get, "/generate_204", 11);
    request.set(http::Field::host, "connectivitycheck.gstatic.com");
    EXPECT_EQ(policy.match(request, *http::parse_target(request)), ProbeAnswer::found);
}

struct Fault {
    const char* name;
    std::string table;
    std::string error;
};

class BadTable : public testing::TestWithParam<Fault> {};

TEST_P(BadTable, IsRefusedByName) {
    const auto policy = ProbePolicy::parse(GetParam().table);
    ASSERT_FALSE(policy);
    EXPECT_EQ(policy.error().code, ErrorCode::invalid);
    EXPECT_THAT(policy.error().what, HasSubstr(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Tables, BadTable,
    testing::Values(
        Fault{"NoJson", "[", "not a list"}, Fault{"NoList", "{}", "not a list"},
        Fault{"NoObject", "[1]", "not an object"}, Fault{"NoClient", "[{}]", "no client"},
        Fault{"NoSource", R"([{"client":"Test","hosts":["a"],"paths":["/"],"answer":"302"}])",
              "no source"},
        Fault{"Answer", row(R"("hosts":["a"],"paths":["/"],"answer":"200")"), "neither 302"},
        Fault{"NoAnswer", row(R"("hosts":["a"],"paths":["/"])"), "neither 302"},
        Fault{"NoHosts", row(R"("hosts":[],"paths":["/"],"answer":"302")"), "hosts"},
        Fault{"UpperCase", row(R"("hosts":["A"],"paths":["/"],"answer":"302")"), "hosts"},
        Fault{"HostPattern", row(R"("hosts":["*.a"],"paths":["/"],"answer":"302")"), "hosts"},
        Fault{"NoPaths", row(R"("hosts":["a"],"paths":["/",1],"answer":"302")"), "paths"},
        Fault{"RelativePath", row(R"("hosts":["a"],"paths":["x"],"answer":"302")"), "paths"},
        Fault{"StarInside", row(R"("hosts":["a"],"paths":["/*/x"],"answer":"302")"), "paths"},
        Fault{"StarOfPart", row(R"("hosts":["a"],"paths":["/x*"],"answer":"302")"), "paths"},
        Fault{"AnyHost", row(R"("hosts":["*"],"paths":["/"],"answer":"302")"), "user agent"},
        Fault{"EmptyAgent", row(R"("hosts":["a"],"paths":["/"],"user_agent":"","answer":"302")"),
              "user agent"},
        Fault{"Unknown", row(R"("hosts":["a"],"paths":["/"],"answer":"302","x":1)"), "unknown"}),
    [](const auto& fault) { return std::string(fault.param.name); });

}  // namespace
}  // namespace portal::responder
