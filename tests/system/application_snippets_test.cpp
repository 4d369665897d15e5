// What docs/APPLICATIONS.md tells authors of applications, run as it stands there.
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "system/lab/names.h"
#include "system/lab/requirement.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSite = "http://api.example.org";

// The blocks of the page that have a name: NAME → text.
std::map<std::string, std::string> blocks() {
    std::ifstream page(APPLICATIONS_MD);
    std::map<std::string, std::string> blocks;
    std::string name;
    bool inside = false;
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("```")) {
            const std::size_t space = line.find(' ');
            name = inside || space == std::string::npos ? "" : line.substr(space + 1);
            inside = !inside;
        } else if (!name.empty()) {
            blocks[name] += line + "\n";
        }
    }
    return blocks;
}

std::string block(const std::string& name) {
    const auto all = blocks();
    const auto found = all.find(name);
    if (found == all.end()) throw std::runtime_error("no block named " + name);
    return found->second;
}

std::string content(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A stranger's host, in a folder that holds the blocks as files.
class SnippetTest : public SystemTest {
  protected:
    SnippetTest() {
        fs::create_directories(folder_);
        for (const auto& [name, text] : blocks())
            std::ofstream(folder_ / name) << text;
    }
    Outcome run(const std::vector<std::string>& command) const {
        std::vector<std::string> there{"env", "--chdir=" + folder_.string()};
        there.insert(there.end(), command.begin(), command.end());
        return lab::run({.command = there,
                         .environment = {"http_proxy=", "HTTP_PROXY=", "no_proxy=*"},
                         .where = &lab_.client});
    }
    bool exists(const std::string& name) const { return fs::exists(folder_ / name); }

    const fs::path folder_ = lab_.folder() / "snippets";
    const lab::Names names_{lab_, {{"api.example.org", kServer4}}};
    Portald portald_{lab_, {{"portal", "hostname = \"portal.example.net\""}}};
};

class CurlSnippetTest : public SnippetTest {
    void SetUp() override { lab::require_program("curl"); }
};

TEST_F(CurlSnippetTest, DownloadsOnlyWhatTheSiteSends) {
    const std::vector<std::string> download{"sh", "download.sh", std::string(kSite) + "/", "page"};
    const Outcome captive = run(download);
    EXPECT_EQ(captive.exit, 75) << captive.err;
    EXPECT_EQ(captive.err, "download.sh: sign in to this network first\n");
    EXPECT_FALSE(exists("page"));
    EXPECT_FALSE(exists("page.part"));
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName}).exit, 0);
    EXPECT_EQ(run(download).exit, 0);
    EXPECT_EQ(content(folder_ / "page"), lab::WebServer::kPage);
}

TEST_F(CurlSnippetTest, WithoutFailTheFileIsThePortalsPage) {
    EXPECT_EQ(run({"curl", "--silent", "--output", "page", kSite}).exit, 0);
    EXPECT_NE(content(folder_ / "page").find("sign-in page"), std::string::npos);
    EXPECT_EQ(run({"curl", "--silent", "--fail", "--output", "other", kSite}).exit, 22);
    EXPECT_FALSE(exists("other"));
}

class WgetSnippetTest : public SnippetTest {
    void SetUp() override { lab::require_program("wget"); }
};

TEST_F(WgetSnippetTest, FetchesOnlyWhatTheSiteSends) {
    const std::vector<std::string> fetch{"sh", "fetch.sh", std::string(kSite) + "/page"};
    const Outcome captive = run(fetch);
    EXPECT_EQ(captive.exit, 75) << captive.err;
    EXPECT_EQ(captive.err, "fetch.sh: sign in to this network first\n");
    EXPECT_FALSE(exists("page"));
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName}).exit, 0);
    EXPECT_EQ(run(fetch).exit, 0);
    EXPECT_EQ(content(folder_ / "page"), lab::WebServer::kPage);
}

TEST_F(WgetSnippetTest, WithOutputDocumentTheFileIsEmpty) {
    EXPECT_EQ(run({"wget", "--quiet", "--output-document=page", kSite}).exit, 8);
    EXPECT_EQ(content(folder_ / "page"), "");
}

class PythonSnippetTest : public SnippetTest {
    void SetUp() override { lab::require_program("python3"); }

  protected:
    Outcome get_json() const {
        return run({"python3", "-c",
                    "import fetch\n"
                    "try:\n"
                    "    fetch.get_json('" +
                        std::string(kSite) +
                        "/items')\n"
                        "except fetch.SignInNeeded as error:\n"
                        "    print(error.login_url)\n"});
    }
};

TEST_F(PythonSnippetTest, RaisesWithTheWayToTheSignInPage) {
    const Outcome captive = get_json();
    EXPECT_EQ(captive.exit, 0) << captive.err;
    EXPECT_TRUE(captive.out.starts_with(
        "http://portal.example.net/?url=http%3A%2F%2Fapi.example.org%2Fitems&seal="))
        << captive.out;
    ASSERT_EQ(portald_.ctl({"client", "authorize", kClientName}).exit, 0);
    const Outcome online = get_json();
    EXPECT_NE(online.err.find("JSONDecodeError"), std::string::npos)
        << "the site's page is no JSON, and is read: " << online.err;
}

// RFC 9309 §2.3.1.4, as Python's own parser has it.
TEST_F(PythonSnippetTest, ARobotsFileThatIsA511DisallowsAll) {
    const Outcome outcome = run({"python3", "-c",
                                 "from urllib.robotparser import RobotFileParser\n"
                                 "robots = RobotFileParser('" +
                                     std::string(kSite) +
                                     "/robots.txt')\n"
                                     "robots.read()\n"
                                     "print(robots.can_fetch('*', '/'))\n"});
    EXPECT_EQ(outcome.out, "False\n") << outcome.err;
}

TEST_F(SnippetTest, TheProblemDocumentIsTheOneThatIsSent) {
    const WebAnswer answer = lab::curl(lab_.client, std::string(kSite) + "/items",
                                       {"--header", "Accept: application/json"});
    auto shown = boost::json::parse(block("problem.json")).as_object();
    auto sent = boost::json::parse(answer.body).as_object();
    const std::string link(shown.at("login_url").as_string());
    const std::string cut = link.substr(0, link.find("…"));
    EXPECT_LT(cut.size(), link.size());
    EXPECT_TRUE(std::string(sent.at("login_url").as_string()).starts_with(cut)) << sent;
    shown.erase("login_url");
    sent.erase("login_url");
    EXPECT_EQ(shown, sent);
}

// The JavaScript blocks have a site of their own: service workers need a secure context.
class BrowserSnippetTest : public testing::Test {
    void SetUp() override {
        lab::require_program("node");
        lab::require_program("chromium");
    }
};

TEST_F(BrowserSnippetTest, TheJavaScriptRuns) {
    lab::Process script(
        {.command = {"node", CLIENT_SCRIPTS "/application_snippets.mjs", APPLICATIONS_MD}});
    const Outcome outcome = script.wait(std::chrono::seconds(110));
    EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("# pass "), std::string::npos) << outcome.out;
}

// A block that no test runs is a promise that nobody keeps.
TEST(Snippets, AreThoseThatAreRun) {
    std::vector<std::string> names;
    for (const auto& [name, text] : blocks())
        if (!name.ends_with(".js")) names.push_back(name);
    const std::vector<std::string> run{"download.sh", "fetch.py", "fetch.sh", "problem.json"};
    EXPECT_EQ(names, run);
}

}  // namespace
}  // namespace portal::system_test
