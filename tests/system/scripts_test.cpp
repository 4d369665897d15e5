// scripts/lab and scripts/demo: what they make is gone when they are, however they end. And
// scripts/bench.
#include <signal.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "system/system_test.h"

namespace portal::system_test {
namespace {

namespace fs = std::filesystem;

class ScriptsTest : public testing::Test {
  protected:
    ~ScriptsTest() override { lab_script({"down"}); }

    Outcome lab_script(std::vector<std::string> words) const {
        words.insert(words.begin(), {SCRIPTS "/lab", "--name", name_});
        return lab::run({.command = words});
    }
    lab::Launch demo(const std::vector<std::string>& options = {}) const {
        lab::Launch launch{.command = {SCRIPTS "/demo", "--name", name_}, .own_group = true};
        launch.command.insert(launch.command.end(), options.begin(), options.end());
        if (std::ranges::find(options, "--programs") == options.end())
            launch.command.insert(launch.command.end(), {"--programs", PROGRAMS});
        return launch;
    }
    void expect_nothing_left() const {
        for (const char* host : {"client", "gateway", "internet"})
            EXPECT_FALSE(fs::exists("/run/netns/" + name_ + "-" + host)) << host;
        EXPECT_FALSE(fs::exists("/run/xdp-portal-lab/" + name_));
        std::ifstream mounts("/proc/self/mounts");
        for (std::string line; std::getline(mounts, line);)
            EXPECT_EQ(line.find(name_), std::string::npos) << line;
        for (const auto& entry : fs::directory_iterator("/proc")) {
            std::ifstream file(entry.path() / "cmdline");
            std::string words;
            std::getline(file, words);
            if (entry.path().filename() == std::to_string(::getpid())) continue;
            EXPECT_EQ(words.find("/xdp-portal-lab/" + name_ + "/"), std::string::npos) << words;
        }
    }

    const std::string name_ = "test-" + std::to_string(::getpid());
};

using LabScriptTest = ScriptsTest;
using DemoTest = ScriptsTest;

TEST_F(LabScriptTest, UpAndDown) {
    EXPECT_EQ(lab_script({"status"}).exit, 1);
    ASSERT_EQ(lab_script({"up"}).exit, 0);
    EXPECT_EQ(lab_script({"status"}).exit, 0);
    EXPECT_EQ(lab_script({"up"}).exit, 1);
    const Outcome inside = lab_script({"exec", "client", "cat", "/proc/sys/net/ipv4/ip_forward"});
    EXPECT_EQ(inside.out, "0\n");
    EXPECT_EQ(lab_script({"exec", "gateway", "cat", "/proc/sys/net/ipv4/ip_forward"}).out, "1\n");
    EXPECT_EQ(lab_script({"exec", "gateway", "false"}).exit, 1);
    EXPECT_EQ(lab_script({"exec", "nowhere", "true"}).exit, 2);
    EXPECT_EQ(lab_script({"down"}).exit, 0);
    expect_nothing_left();
    EXPECT_EQ(lab_script({"down"}).exit, 0);
}

TEST_F(LabScriptTest, DownEndsWhatRunsInside) {
    ASSERT_EQ(lab_script({"up"}).exit, 0);
    Process stubborn({.command = {SCRIPTS "/lab", "--name", name_, "exec", "client", "bash", "-c",
                                  "trap '' TERM; echo here; read -r < <(tail -f /dev/null)"}});
    stubborn.await_line("here");
    EXPECT_EQ(lab_script({"down"}).exit, 0);
    EXPECT_EQ(stubborn.wait().signal, SIGKILL);
    expect_nothing_left();
}

TEST_F(DemoTest, TellsTheStory) {
    Process story(demo());
    const Outcome outcome = story.wait(2min);
    EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
    expect_nothing_left();
}

TEST_F(DemoTest, CleansUpWhenInterrupted) {
    const std::pair<const char*, int> interruptions[] = {{"A client, a gateway", SIGINT},
                                                         {"portald on the gateway", SIGTERM},
                                                         {"Sign-in over IPv4", SIGINT}};
    for (const auto& [step, signal] : interruptions) {
        Process story(demo());
        story.await_line(step);
        story.signal_group(signal);
        EXPECT_EQ(story.wait(2min).exit, 128 + signal) << step;
        expect_nothing_left();
    }
}

TEST_F(DemoTest, FailsAndCleansUpWhenPortaldDoesNotStart) {
    const fs::path programs = fs::temp_directory_path() / name_;
    fs::create_directories(programs / "userspace/portald");
    fs::create_directories(programs / "userspace/portalctl");
    fs::create_symlink("/bin/false", programs / "userspace/portald/portald");
    fs::create_symlink("/bin/false", programs / "userspace/portalctl/portalctl");
    Process story(demo({"--programs", programs}));
    const Outcome outcome = story.wait(2min);
    fs::remove_all(programs);
    EXPECT_EQ(outcome.exit, 1) << outcome.out << outcome.err;
    expect_nothing_left();
}

TEST_F(DemoTest, KeepsTheLabWhenAsked) {
    Process story(demo({"--keep"}));
    const Outcome outcome = story.wait(2min);
    EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("scripts/lab --name " + name_ + " down"), std::string::npos);
    EXPECT_EQ(
        lab_script({"exec", "client", "curl", "--silent", "--fail", "http://198.51.100.2/"}).exit,
        22);
    EXPECT_EQ(lab_script({"down"}).exit, 0);
    expect_nothing_left();
}

// What the figures are is not for a test to say; that they are there is.
TEST(BenchScriptTest, MeasuresEverySubject) {
    const fs::path folder = fs::temp_directory_path() / ("bench-" + std::to_string(::getpid()));
    Process bench(
        {.command = {SCRIPTS "/bench", "--quick", "--output", folder, "--programs", PROGRAMS}});
    const Outcome outcome = bench.wait(5min);
    ASSERT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
    const auto read = [&](const char* name) {
        std::ifstream file(folder / name);
        return std::string{std::istreambuf_iterator<char>(file), {}};
    };
    const boost::json::value results = boost::json::parse(read("benchmarks/results.json"));
    std::set<std::string> subjects;
    for (const auto& row : results.at("results").as_array()) {
        subjects.emplace(row.at("subject").as_string());
        for (const auto& sample : row.at("samples").as_array())
            EXPECT_GT(sample.to_number<double>(), 0) << row;
    }
    for (const char* subject :
         {"empty program", "bare hash lookup", "xdp-portal", "xdp-portal, with a rate",
          "xdp-portal, 1,000 garden prefixes", "xdp-filter, by MAC", "nftables, a set of MACs",
          "rules of openNDS"})
        EXPECT_TRUE(subjects.contains(subject)) << subject;
    const std::string text = read("BENCHMARKS.md");
    for (const auto& plot : fs::directory_iterator(folder / "benchmarks"))
        if (plot.path().extension() == ".svg") {
            EXPECT_NE(text.find(plot.path().filename()), std::string::npos) << plot;
        }
    fs::remove_all(folder);
}

}  // namespace
}  // namespace portal::system_test
