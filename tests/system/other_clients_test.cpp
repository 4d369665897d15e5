// Programs that are no browser, on the network of a stranger: they must fail, say why, and keep
// nothing of the portal's as if it were the site's (RFC 6585 §6).
#include <filesystem>
#include <fstream>

#include "system/lab/names.h"
#include "system/lab/requirement.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSite = "http://site.example";

class OtherClientsTest : public SystemTest {
  protected:
    OtherClientsTest() { fs::create_directories(home_); }

    // A program on the client, in an empty folder of its own.
    Outcome run(const std::vector<std::string>& command, const std::string& input = {}) const {
        std::vector<std::string> there{"env", "--chdir=" + home_.string()};
        there.insert(there.end(), command.begin(), command.end());
        return lab::run({.command = there,
                         .input = input,
                         .environment = {"HOME=" + home_.string(), "http_proxy=", "HTTP_PROXY=",
                                         "all_proxy=", "ALL_PROXY=", "no_proxy=*", "LC_ALL=C.UTF-8",
                                         "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0"},
                         .where = &lab_.client});
    }
    // The program has failed, for the reason that we gave.
    static void expect_511(const Outcome& outcome) {
        EXPECT_GT(outcome.exit, 0) << outcome.out << outcome.err;
        EXPECT_NE((outcome.out + outcome.err).find("511"), std::string::npos)
            << outcome.out << outcome.err;
    }
    fs::path write(const std::string& name, const std::string& text) const {
        fs::create_directories((home_ / name).parent_path());
        std::ofstream(home_ / name) << text;
        return home_ / name;
    }
    // No file in the home folder but those named has any of the portal's words in it.
    void expect_nothing_kept() const {
        for (const auto& entry : fs::recursive_directory_iterator(home_)) {
            if (!entry.is_regular_file()) continue;
            std::ifstream file(entry.path());
            const std::string text(std::istreambuf_iterator<char>(file), {});
            EXPECT_EQ(text.find("sign-in page"), std::string::npos) << entry.path();
        }
    }
    bool exists(const std::string& name) const { return fs::exists(home_ / name); }

    const fs::path home_ = lab_.folder() / "home";
    const lab::Names names_{lab_, {{"site.example", kServer4}, {"site.example", kServer6}}};
    Portald portald_{lab_};
};

class GitTest : public OtherClientsTest {
  protected:
    void SetUp() override { lab::require_program("git"); }
};

// Through a redirect, git says that the repository is empty.
TEST_F(GitTest, ClonesNothing) {
    expect_511(run({"git", "clone", std::string(kSite) + "/project.git"}));
    EXPECT_FALSE(exists("project"));
}

TEST_F(GitTest, ListsNothing) {
    expect_511(run({"git", "ls-remote", std::string(kSite) + "/project.git"}));
}

class CurlTest : public OtherClientsTest {
  protected:
    void SetUp() override { lab::require_program("curl"); }
};

TEST_F(CurlTest, DownloadsNothing) {
    const Outcome outcome =
        run({"curl", "-fsSL", "-o", "package.deb", std::string(kSite) + "/package.deb"});
    expect_511(outcome);
    EXPECT_EQ(outcome.exit, 22);
    EXPECT_FALSE(exists("package.deb"));
}

TEST_F(CurlTest, DoesNotGoOnWithADownload) {
    write("image.iso", "the first part");
    expect_511(
        run({"curl", "-fsSL", "-C", "-", "-o", "image.iso", std::string(kSite) + "/image.iso"}));
    EXPECT_EQ(fs::file_size(home_ / "image.iso"), std::string("the first part").size());
}

TEST_F(CurlTest, UploadsNothing) {
    write("report.txt", "a report");
    const Outcome outcome =
        run({"curl", "-fsS", "-T", "report.txt", std::string(kSite) + "/report.txt"});
    expect_511(outcome);
    EXPECT_EQ(outcome.exit, 22);
}

TEST_F(CurlTest, StopsALargeUploadBeforeItBegins) {
    const fs::path large = write("large", {});
    fs::resize_file(large, 20 << 20);
    const WebAnswer answer = lab::curl(lab_.client, std::string(kSite) + "/large",
                                       {"-T", large, "-H", "Expect: 100-continue",
                                        "--expect100-timeout", "9", "-w", "sent %{size_upload}"});
    EXPECT_EQ(answer.status, 511) << answer.error;
    EXPECT_TRUE(answer.body.ends_with("sent 0")) << answer.body;
}

TEST_F(CurlTest, ReadsThePageAfterAnUploadThatDoesNotWait) {
    const fs::path large = write("large", {});
    fs::resize_file(large, 20 << 20);
    const WebAnswer answer =
        lab::curl(lab_.client, std::string(kSite) + "/large", {"-T", large, "-H", "Expect:"});
    EXPECT_EQ(answer.status, 511) << answer.error;
    EXPECT_NE(answer.body.find("Sign in to continue"), std::string::npos);
}

TEST_F(CurlTest, OpensNoTunnel) {
    const Outcome outcome =
        run({"curl", "-sS", "--noproxy", "", "--proxy", std::string(kSite) + ":80", "--proxytunnel",
             "http://other.example/"});
    EXPECT_EQ(outcome.exit, 56) << outcome.err;
    EXPECT_NE(outcome.err.find("511"), std::string::npos) << outcome.err;
}

// RFC 6749 §4.1.3: -L would send the code on.
TEST_F(CurlTest, ForwardsNoToken) {
    const WebAnswer answer = lab::curl(
        lab_.client, std::string(kSite) + "/token",
        {"-L", "-d", "grant_type=authorization_code&code=c0de", "-H", "Accept: application/json"});
    EXPECT_EQ(answer.status, 511);
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_EQ(answer.body.find("c0de"), std::string::npos) << answer.body;
}

// Whatever the method, the same answer, and no permission of the other site's.
TEST_F(CurlTest, EveryMethodIsAnsweredAlike) {
    for (const char* method : {"GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "REPORT",
                               "MKCALENDAR", "TRACE", "FROBNICATE"}) {
        const WebAnswer answer = lab::curl(lab_.client, std::string(kSite) + "/x",
                                           {"-X", method, "-H", "Origin: http://app.example", "-H",
                                            "Access-Control-Request-Method: PUT"});
        EXPECT_EQ(answer.status, 511) << method;
        EXPECT_EQ(answer.header("cache-control"), "no-store") << method;
        EXPECT_EQ(answer.header("connection"), "close") << method;
        for (const auto& [name, value] : answer.headers) {
            EXPECT_FALSE(name.starts_with("access-control-")) << method << name;
            EXPECT_NE(name, "set-cookie") << method;
            EXPECT_NE(name, "location") << method;
        }
    }
}

class WgetTest : public OtherClientsTest {
  protected:
    void SetUp() override { lab::require_program("wget"); }
};

TEST_F(WgetTest, DownloadsNothing) {
    const Outcome outcome = run({"wget", "-nv", std::string(kSite) + "/release.tar.gz"});
    expect_511(outcome);
    EXPECT_EQ(outcome.exit, 8);
    EXPECT_FALSE(exists("release.tar.gz"));
}

TEST_F(WgetTest, MirrorsNothing) {
    expect_511(run({"wget", "-nv", "--mirror", "--page-requisites", std::string(kSite) + "/"}));
    EXPECT_FALSE(exists("site.example/index.html"));
    EXPECT_FALSE(exists("site.example/robots.txt"));
    expect_nothing_kept();
}

class AptTest : public OtherClientsTest {
  protected:
    void SetUp() override { lab::require_program("apt-get"); }

    Outcome apt_get(const std::string& command) const {
        fs::create_directories(home_ / "state/lists/partial");
        fs::create_directories(home_ / "cache/archives/partial");
        write("sources.list", "deb " + std::string(kSite) + "/debian bookworm main\n");
        const fs::path config =
            write("apt.conf", "Dir::Etc::SourceList \"" + (home_ / "sources.list").string() +
                                  "\";\nDir::Etc::SourceParts \"-\";\nDir::Etc::Parts \"-\";\n"
                                  "Dir::State \"" +
                                  (home_ / "state").string() + "\";\nDir::State::Status \"" +
                                  write("status", "").string() + "\";\nDir::Cache \"" +
                                  (home_ / "cache").string() +
                                  "\";\nAcquire::http::Proxy \"DIRECT\";\nAcquire::Retries \"0\";\n"
                                  "APT::Sandbox::User \"root\";\n");
        return run({"env", "APT_CONFIG=" + config.string(), "apt-get", command});
    }
};

TEST_F(AptTest, UpdatesFromNothing) {
    expect_511(apt_get("update"));
    for (const auto& entry : fs::directory_iterator(home_ / "state/lists"))
        EXPECT_FALSE(entry.is_regular_file() && entry.file_size() > 0) << entry.path();
    expect_nothing_kept();
}

class CadaverTest : public OtherClientsTest {
  protected:
    void SetUp() override { lab::require_program("cadaver"); }
};

// Its exit status is that of the last line it read, so what counts is that it never connects.
TEST_F(CadaverTest, OpensNoCollection) {
    const Outcome outcome =
        run({"cadaver", std::string(kSite) + "/dav/"}, "ls\nget notes.txt\nquit\n");
    EXPECT_NE(outcome.out.find("511 Network Authentication Required"), std::string::npos)
        << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("only be used when connected"), std::string::npos) << outcome.out;
    EXPECT_FALSE(exists("notes.txt"));
}

class VdirsyncerTest : public OtherClientsTest {
  protected:
    void SetUp() override { lab::require_program("vdirsyncer"); }

    static constexpr const char* kEvent =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTAMP:20260101T000000Z\r\nDTSTART:20260102T000000Z\r\nSUMMARY:Meeting\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n";
};

// What is in the local calendar must stay there: a server without it would mean it was deleted.
TEST_F(VdirsyncerTest, SynchronizesNothingAndLosesNothing) {
    write("calendar/1.ics", kEvent);
    const fs::path config = write(
        "config", "[general]\nstatus_path = \"" + (home_ / "status").string() +
                      "/\"\n[pair calendar]\na = \"local\"\nb = \"remote\"\ncollections = null\n"
                      "[storage local]\ntype = \"filesystem\"\nfileext = \".ics\"\npath = \"" +
                      (home_ / "calendar").string() +
                      "/\"\n[storage remote]\ntype = \"caldav\"\nurl = \"" + kSite +
                      "/\"\nusername = \"ada\"\npassword = \"secret\"\n");
    run({"vdirsyncer", "-c", config, "discover"});
    expect_511(run({"vdirsyncer", "-c", config, "sync"}));
    std::ifstream event(home_ / "calendar/1.ics", std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(event), {}), kEvent);
    expect_nothing_kept();
}

class PythonTest : public OtherClientsTest {
  protected:
    void SetUp() override { lab::require_program("python3"); }
};

TEST_F(PythonTest, RaisesAndStoresNothing) {
    expect_511(run({"python3", "-c",
                    "import urllib.request\n"
                    "urllib.request.urlretrieve('" +
                        std::string(kSite) + "/data.csv', 'data.csv')"}));
    EXPECT_FALSE(exists("data.csv"));
}

TEST_F(PythonTest, ParsesNoJson) {
    expect_511(run({"python3", "-c",
                    "import json, urllib.request\n"
                    "request = urllib.request.Request('" +
                        std::string(kSite) +
                        "/items', headers={'Accept': 'application/json'})\n"
                        "print(json.load(urllib.request.urlopen(request)))"}));
}

// The same programs, once signed in: that they failed was the gate's doing.
TEST_F(CurlTest, GetsTheSitesAnswerAfterSigningIn) {
    ASSERT_EQ(guest4_.click_through().status, 303);
    const Outcome outcome = run({"curl", "-fsSL", "-o", "page", std::string(kSite) + "/"});
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    std::ifstream page(home_ / "page");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(page), {}), lab::WebServer::kPage);
}

}  // namespace
}  // namespace portal::system_test
