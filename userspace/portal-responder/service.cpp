#include "service.h"

#include <sodium.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/log.h"
#include "http/certificate.h"
#include "http/server.h"
#include "http/tls.h"
#include "ipc/channel.h"
#include "ipc/protocol.h"
#include "responder/application.h"
#include "responder/grant_api.h"
#include "responder/portald_client.h"
#include "responder/sandbox.h"

namespace portal::responder {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kFamilies = 2;
// HTTP and HTTPS, each by IPv4 and IPv6, and the venue's application's.
constexpr std::size_t kMostListeners = 2 * kFamilies + 1;
constexpr std::chrono::seconds kPortaldDeadline{3};

// Of one listener, so that who fills one does not fill the others. A connection within TLS takes
// ten times the memory of a plain one.
constexpr std::size_t kConnections = 16384;
constexpr std::size_t kSecureConnections = 4096;
constexpr std::size_t kOtherDescriptors = 64;

// Each connection is a descriptor; the usual soft limit of 1024 is for programs that select().
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

// `limits`, or where this process may not have as many descriptors, its share of them.
http::Limits limits_for(http::Limits limits) {
    constexpr std::size_t all =
        kFamilies * (kConnections + kSecureConnections) + GrantApi::kLimits.connections;
    rlimit descriptors{};
    if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return limits;
    const std::size_t most =
        std::max<std::size_t>(descriptors.rlim_cur, 2 * kOtherDescriptors) - kOtherDescriptors;
    if (most < all) limits.connections = std::max<std::size_t>(1, most * limits.connections / all);
    return limits;
}

http::Limits limits_for(std::size_t connections) {
    http::Limits limits;
    limits.connections = connections;
    return limits_for(limits);
}

struct Assignment {
    ipc::Configuration configuration;
    std::vector<UniqueFd> http;   // by IPv4 and IPv6
    std::vector<UniqueFd> https;  // likewise, with `tls`
    UniqueFd remote;              // the venue's application's, if there is one
    std::shared_ptr<asio::ssl::context> tls;
};

Result<std::shared_ptr<asio::ssl::context>> read_tls(const ipc::Tls& tls) {
    TRY_ASSIGN(const auto certificate, http::Certificate::parse(tls.certificate));
    TRY_ASSIGN(const auto key, http::PrivateKey::parse(tls.key));
    return http::make_tls_context(certificate, key);
}

Result<Assignment> read_assignment(ipc::Received message) {
    Assignment assignment;
    auto configuration = ipc::decode_configuration(message.text);
    if (!configuration)
        return std::unexpected(within("portald's configuration", configuration.error()));
    assignment.configuration = *std::move(configuration);
    auto& tls = assignment.configuration.tls;
    auto& sockets = message.descriptors;
    const bool remote = assignment.configuration.remote_listener;
    if (remote && !tls)
        return fail(ErrorCode::invalid,
                    "portald's configuration has a remote listener without TLS");
    if (sockets.size() != (tls ? 2 : 1) * kFamilies + (remote ? 1 : 0))
        return fail(ErrorCode::invalid, "portald's configuration came with " +
                                            std::to_string(sockets.size()) + " listeners");
    assignment.http.assign(std::make_move_iterator(sockets.begin()),
                           std::make_move_iterator(sockets.begin() + kFamilies));
    if (!tls) return assignment;
    if (remote) {
        assignment.remote = std::move(sockets.back());
        sockets.pop_back();
    }
    assignment.https.assign(std::make_move_iterator(sockets.begin() + kFamilies),
                            std::make_move_iterator(sockets.end()));
    auto context = read_tls(*tls);
    if (!context) return std::unexpected(within("portald's certificate", context.error()));
    assignment.tls = *std::move(context);
    // OpenSSL has it; the pages need to know that there is one.
    sodium_memzero(tls->key.data(), tls->key.size());
    tls->key.clear();
    return assignment;
}

int end_with(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& exception) {
        log_error({ErrorCode::system, exception.what(), {}});
    }
    return 1;
}

int end_with(const Error& error) {
    // portald has gone, and that is how the responder is told to go.
    if (error.code == ErrorCode::unavailable) return 0;
    log_error(error);
    return 1;
}

using Services = std::vector<std::shared_ptr<http::Serving>>;

asio::awaitable<int> live(asio::io_context& context, UniqueFd socket, const Clock& clock,
                          Services& services) {
    ipc::Channel channel(context.get_executor(), std::move(socket));
    auto message = co_await channel.receive_with_descriptors(kMostListeners);
    if (!message) co_return end_with(message.error());
    auto assignment = read_assignment(*std::move(message));
    if (!assignment) co_return end_with(assignment.error());
    const auto portald = std::make_shared<PortaldClient>(context.get_executor(), std::move(channel),
                                                         kPortaldDeadline);
    const auto application = std::make_shared<Application>(assignment->configuration, portald);
    if (const Status closed = enter_seccomp(); !closed) co_return end_with(closed.error());

    for (UniqueFd& listener : assignment->http)
        services.push_back(
            http::serve(context, std::move(listener), application, limits_for(kConnections)));
    for (UniqueFd& listener : assignment->https)
        services.push_back(http::serve(context, std::move(listener), application,
                                       limits_for(kSecureConnections), assignment->tls));
    if (assignment->remote)
        services.push_back(http::serve(context, std::move(assignment->remote),
                                       std::make_shared<GrantApi>(portald, clock),
                                       limits_for(GrantApi::kLimits), assignment->tls));
    const Error end = co_await portald->run();
    co_return end_with(end);
}

// Until every connection has ended, or kFinishTime has passed.
void finish(asio::io_context& context, const Services& services, asio::steady_timer& deadline) {
    deadline.expires_after(ipc::kFinishTime);
    deadline.async_wait([&](const boost::system::error_code&) { context.stop(); });
    asio::co_spawn(
        context,
        [](Services all) -> asio::awaitable<void> {
            for (const auto& service : all)
                if (service) co_await service->finish();
        }(services),
        [&](const std::exception_ptr&) { context.stop(); });
}

}  // namespace

int serve_strangers(UniqueFd channel) {
    raise_descriptor_limit();
    const SystemClock clock;
    asio::io_context context(1);
    asio::signal_set signals(context, SIGTERM, SIGINT);
    asio::steady_timer deadline(context);
    Services services;
    int status = 0;
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) finish(context, services, deadline);
    });
    asio::co_spawn(context, live(context, std::move(channel), clock, services),
                   [&](const std::exception_ptr& failure, int ended) {
                       status = failure ? end_with(failure) : ended;
                       context.stop();
                   });
    context.run();
    return status;
}

}  // namespace portal::responder
