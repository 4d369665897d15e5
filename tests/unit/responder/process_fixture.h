// portal-responder as a process: started as portald starts it, in its sandbox.
#pragma once

#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ipc/channel.h"
#include "unit/http/raw_client.h"
#include "unit/http/running_context.h"
#include "unit/responder/fake_portald.h"

namespace portal::test {

inline std::string user_to_run_as() {
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

    // The configuration with its listeners, and someone to answer the questions that follow.
    void configure(const std::optional<ipc::Tls>& tls = std::nullopt) {
        ipc::Configuration configuration;
        configuration.portal_name = "Example venue";
        configuration.hostname = "portal.example.net";
        configuration.click_through = true;
        configuration.tls = tls;
        const std::size_t count = tls ? 4 : 2;
        std::vector<UniqueFd> sockets;
        std::vector<int> listeners;
        for (std::size_t i = 0; i < count; ++i) {
            sockets.push_back(listen_on_loopback(i % 2 == 0 ? AF_INET : AF_INET6));
            listeners.push_back(sockets.back().get());
            ASSERT_EQ(listen(listeners.back(), kBacklog), 0);
        }
        port_ = port_of(listeners[0]);
        if (tls) secure_port_ = port_of(listeners[2]);
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
    std::uint16_t secure_port_ = 0;

  private:
    static constexpr int kBacklog = 4096;  // as portald's
};

}  // namespace portal::test
