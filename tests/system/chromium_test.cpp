// The pages as Chromium shows them. What it does with them stands in tests/clients/*.mjs.
#include <boost/json/serialize.hpp>

#include "system/lab/requirement.h"
#include "system/system_test.h"

namespace portal::system_test {
namespace {

constexpr auto kBrowsing = std::chrono::minutes(10);

// A script and all that it starts, in a PID namespace: they end together.
void run_script(const std::string& name, const std::string& argument,
                const std::vector<std::string>& more = {},
                const lab::NetNamespace* where = nullptr) {
    std::vector<std::string> command{"unshare",      "--pid", "--fork",           "--kill-child",
                                     "--mount-proc", "node",  CLIENTS "/" + name, argument};
    command.insert(command.end(), more.begin(), more.end());
    Process script(lab::Launch{.command = command, .where = where});
    const Outcome outcome = script.wait(kBrowsing);
    EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err;
}

class ChromiumPagesTest : public testing::Test {
  protected:
    void SetUp() override {
        for (const char* program : {"chromium", "node"})
            lab::require_program(program);
    }
};

TEST_F(ChromiumPagesTest, EveryPageIsAccessibleSmallAndSelfContained) {
    run_script("pages.mjs", GALLERY, {"--pictures", PICTURES});
}

class ChromiumTest : public SystemTest {
  protected:
    void SetUp() override {
        for (const char* program : {"chromium", "node"})
            lab::require_program(program);
        portald_.emplace(lab_,
                         Settings{{"sign_in", "methods = [\"click-through\", \"password\"]"}});
    }

    // The namespace has no resolver: all names are the web server's, and the portal goes by its
    // address.
    boost::json::object settings() const {
        return {{"hosts", {{"*", kServer4.to_string()}, {"portal", kGateway4.to_string()}}},
                {"portal", guest4_.portal()}};
    }

    void visit(bool script) {
        ASSERT_EQ(portald_->ctl({"user", "add", "ada"}, "correct horse\n").exit, 0);
        boost::json::object visit = settings();
        visit["site"] = {{"url", "http://site.example/news"}, {"says", "This is the internet"}};
        visit["user"] = "ada";
        visit["password"] = "correct horse";
        visit["script"] = script;
        if (script) visit["pictures"] = PICTURES "/visit";
        run_script("visit.mjs", boost::json::serialize(visit), {}, &lab_.client);
        EXPECT_EQ(portald_->state(kClientName), "stranger");
    }

    void ask_for_https(bool refused) {
        boost::json::object guest = settings();
        guest["refused"] = refused;
        run_script("blocked_https.mjs", boost::json::serialize(guest), {}, &lab_.client);
    }

    std::optional<Portald> portald_;
};

TEST_F(ChromiumTest, AGuestSignsInAndGetsToTheSite) {
    visit(true);
}

TEST_F(ChromiumTest, AGuestWithoutScriptSignsInAndGetsToTheSite) {
    visit(false);
}

TEST_F(ChromiumTest, ASilentPort443OpensALoginTab) {
    ask_for_https(false);
}

TEST_F(ChromiumTest, ARefusedPort443OpensNone) {
    portald_->stop();
    portald_->write_config({{"strangers", "blocked_traffic = \"reset\""}});
    portald_->start();
    const UniqueFd receiving = lab_.receive_from_xdp();
    ask_for_https(true);
    EXPECT_GT(portald_->packets("tx_reset"), 0U);
}

}  // namespace
}  // namespace portal::system_test
