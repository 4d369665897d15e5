// portal-responder as a process: started as portald starts it, in its sandbox.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "ipc/channel.h"
#include "unit/http/raw_client.h"
#include "unit/http/running_context.h"
#include "unit/responder/fake_portald.h"

namespace portal::test {
namespace {

using testing::HasSubstr;

std::string user_to_run_as() {
    return geteuid() == 0 ? "nobody" : getpwuid(geteuid())->pw_name;
}

class Process : public testing::Test {
  protected:
    ~Process() override {
        context_.stop();
        if (child_ > 0) {
            kill(child_, SIGKILL);
            waitpid(child_, nullptr, 0);
        }
    }

    void launch(const std::string& user, bool with_channel = true) {
        auto pair = ipc::make_channel_pair();
        ASSERT_TRUE(pair);
        channel_ = std::move(pair->first);
        child_ = fork();
        ASSERT_GE(child_, 0);
        if (child_ != 0) return;
        if (with_channel)
            dup2(pair->second.get(), ipc::kResponderFd);
        else
            close(ipc::kResponderFd);
        execl(PORTAL_RESPONDER, "portal-responder", "--user", user.c_str(), nullptr);
        _exit(127);
    }

    // The configuration with one listener, and someone to answer the questions that follow.
    void configure() {
        ipc::Configuration configuration;
        configuration.portal_name = "Example venue";
        configuration.hostname = "portal.example.net";
        configuration.click_through = true;
        UniqueFd v4 = listen_on_loopback(AF_INET);
        UniqueFd v6 = listen_on_loopback(AF_INET6);
        port_ = port_of(v4.get());
        const std::vector<int> listeners{v4.get(), v6.get()};
        ASSERT_TRUE(
            ipc::send_with_descriptors(channel_.get(), ipc::encode(configuration), listeners));
        portald_ = std::make_unique<FakePortald>(context_.get(), std::move(channel_),
                                                 [](const ipc::Request&) {
                                                     ipc::Reply reply;
                                                     reply.caller = stranger();
                                                     return reply;
                                                 });
        context_.start();
    }

    RawResponse ask(std::string_view bytes) const {
        RawClient client = RawClient::to_loopback(port_);
        client.send(bytes);
        return parse_response(client.read_to_end());
    }

    int wait() {
        int status = 0;
        EXPECT_EQ(waitpid(child_, &status, 0), child_);
        child_ = -1;
        EXPECT_TRUE(WIFEXITED(status)) << "killed by signal " << WTERMSIG(status);
        return WEXITSTATUS(status);
    }

    RunningContext context_;
    pid_t child_ = -1;
    UniqueFd channel_;
    std::unique_ptr<FakePortald> portald_;
    std::uint16_t port_ = 0;
};

TEST_F(Process, ServesInItsSandboxUntilItIsTold) {
    launch(user_to_run_as());
    configure();
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n").status(), 511);
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: portal.example.net\r\n\r\n").status(), 200);
    EXPECT_EQ(ask("GET /\r\n").status(), 400);

    std::ifstream file("/proc/" + std::to_string(child_) + "/status");
    const std::string status(std::istreambuf_iterator<char>(file), {});
    EXPECT_THAT(status, HasSubstr("\nSeccomp:\t2\n"));
    EXPECT_THAT(status, HasSubstr("\nNoNewPrivs:\t1\n"));
    EXPECT_THAT(status, HasSubstr("\nCapEff:\t0000000000000000\n"));

    kill(child_, SIGTERM);
    EXPECT_EQ(wait(), 0);
}

TEST_F(Process, EndsWithPortald) {
    launch(user_to_run_as());
    configure();
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n").status(), 511);
    context_.stop();
    portald_.reset();
    EXPECT_EQ(wait(), 0);
}

TEST_F(Process, EndsWithPortaldBeforeItIsConfigured) {
    launch(user_to_run_as());
    channel_.reset();
    EXPECT_EQ(wait(), 0);
}

TEST_F(Process, RefusesAConfigurationThatIsNone) {
    launch(user_to_run_as());
    ASSERT_TRUE(ipc::send_with_descriptors(channel_.get(), "{}", {}));
    EXPECT_EQ(wait(), 1);
}

TEST_F(Process, ExplainsItselfWithoutAChannel) {
    launch(user_to_run_as(), false);
    EXPECT_EQ(wait(), 2);
}

TEST_F(Process, NeedsAUserThatExists) {
    launch("no-such-user-here");
    EXPECT_EQ(wait(), 1);
}

}  // namespace
}  // namespace portal::test
