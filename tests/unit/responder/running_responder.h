// The responder as strangers meet it: the real server and application on loopback, with a fake
// portald at the other end of a socket pair.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "http/server.h"
#include "unit/http/raw_client.h"
#include "unit/http/running_context.h"
#include "unit/responder/fake_portald.h"

namespace portal::test {

class RunningResponder : public testing::Test {
    RunningContext context_;  // before what runs on it

  protected:
    // By the name "portal.example.net", click-through and password, and a stranger calling.
    RunningResponder();
    ~RunningResponder() override;

    // Gives it a certificate for its name. Before start().
    void use_tls();
    // After `configuration_` and `answers_` have been set as the test wants them.
    void start(int family = AF_INET);
    RawClient connect() const { return RawClient::to_loopback(port_, family_); }
    // Sends all of `bytes`, and reads until the responder closes.
    std::string talk(std::string_view bytes) const;
    RawResponse ask(std::string_view bytes) const { return parse_response(talk(bytes)); }
    // The same within TLS, the certificate verified.
    RawResponse ask_secure(std::string_view bytes) const;
    // Closes portald's end.
    void lose_portald();

    ipc::Configuration configuration_;
    FakePortald::Answers answers_;
    http::Limits limits_;
    std::chrono::milliseconds portald_deadline_ = std::chrono::seconds(10);
    std::unique_ptr<FakePortald> portald_;
    std::uint16_t port_ = 0;
    std::uint16_t secure_port_ = 0;

  private:
    std::string authority_;  // PEM
    int family_ = AF_INET;
};

}  // namespace portal::test
