#include "unit/responder/running_responder.h"

#include <sodium.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <future>

#include "certificates/issue.h"
#include "http/tls.h"
#include "ipc/channel.h"
#include "responder/application.h"
#include "responder/portald_client.h"
#include "unit/http/tls_client.h"

namespace portal::test {

RunningResponder::RunningResponder() {
    EXPECT_GE(sodium_init(), 0);
    configuration_.portal_name = "Example venue";
    configuration_.hostname = "portal.example.net";
    configuration_.click_through = true;
    configuration_.password = true;
    answers_ = [](const ipc::Request&) {
        ipc::Reply reply;
        reply.caller = stranger();
        return reply;
    };
}

RunningResponder::~RunningResponder() {
    context_.stop();
}

void RunningResponder::start(int family) {
    family_ = family;
    auto pair = ipc::make_channel_pair();
    ASSERT_TRUE(pair);
    auto& context = context_.get();
    portald_ = std::make_unique<FakePortald>(context, std::move(pair->first), answers_);
    const auto client = std::make_shared<responder::PortaldClient>(
        context.get_executor(), ipc::Channel(context.get_executor(), std::move(pair->second)),
        portald_deadline_);
    boost::asio::co_spawn(context, client->run(), boost::asio::detached);
    const auto application = std::make_shared<responder::Application>(configuration_, client);
    UniqueFd listener = listen_on_loopback(family);
    port_ = port_of(listener.get());
    http::serve(context, std::move(listener), application, limits_);
    if (configuration_.tls) {
        const auto tls =
            http::make_tls_context(*http::Certificate::parse(configuration_.tls->certificate),
                                   *http::PrivateKey::parse(configuration_.tls->key));
        ASSERT_TRUE(tls);
        UniqueFd secure = listen_on_loopback(family);
        secure_port_ = port_of(secure.get());
        http::serve(context, std::move(secure), application, limits_, *tls);
    }
    context_.start();
}

void RunningResponder::use_tls() {
    const Authority authority;
    const Issued issued = authority.issue({.name = configuration_.hostname});
    authority_ = authority.certificate();
    configuration_.tls = ipc::Tls{.certificate = issued.certificate, .key = issued.key};
}

RawResponse RunningResponder::ask_secure(std::string_view bytes) const {
    TlsClient client(RawClient::to_loopback(secure_port_, family_), {.authority = authority_});
    EXPECT_TRUE(client.connected()) << client.error();
    client.send(bytes);
    const std::string got = client.read_to_end();
    EXPECT_TRUE(client.closed_properly());
    return parse_response(got);
}

std::string RunningResponder::talk(std::string_view bytes) const {
    RawClient client = connect();
    client.send(bytes);
    std::string got = client.read_to_end();
    EXPECT_FALSE(client.reset());
    return got;
}

void RunningResponder::lose_portald() {
    std::promise<void> done;
    boost::asio::post(context_.get(), [&] {
        portald_->hang_up();
        done.set_value();
    });
    done.get_future().wait();
}

}  // namespace portal::test
