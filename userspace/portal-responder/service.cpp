#include "service.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <optional>

#include "base/log.h"
#include "http/server.h"
#include "ipc/channel.h"
#include "ipc/protocol.h"
#include "responder/application.h"
#include "responder/portald_client.h"
#include "responder/sandbox.h"

namespace portal::responder {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kListeners = 2;  // IPv4 and IPv6
constexpr std::chrono::seconds kPortaldDeadline{3};

// Each connection is a descriptor; the usual soft limit of 1024 is for programs that select().
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

struct Assignment {
    ipc::Configuration configuration;
    std::vector<UniqueFd> listeners;
};

asio::awaitable<Result<Assignment>> receive_assignment(ipc::Channel& channel) {
    Result<ipc::Received> first =
        co_await channel.receive_with_descriptors(kListeners, ipc::kLargestConfiguration);
    if (!first) co_return std::unexpected(std::move(first).error());
    Result<ipc::Configuration> configuration = ipc::decode_configuration(first->text);
    if (!configuration)
        co_return std::unexpected(within("portald's configuration", configuration.error()));
    if (first->descriptors.empty())
        co_return fail(ErrorCode::invalid, "portald's configuration came without a listener");
    co_return Assignment{std::move(*configuration), std::move(first->descriptors)};
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

asio::awaitable<int> live(asio::io_context& context, UniqueFd socket) {
    ipc::Channel channel(context.get_executor(), std::move(socket));
    Result<Assignment> assignment = co_await receive_assignment(channel);
    if (!assignment) co_return end_with(assignment.error());
    const auto portald = std::make_shared<PortaldClient>(context.get_executor(), std::move(channel),
                                                         kPortaldDeadline);
    const auto application = std::make_shared<Application>(assignment->configuration, portald);
    if (const Status closed = enter_seccomp(); !closed) co_return end_with(closed.error());

    for (UniqueFd& listener : assignment->listeners)
        http::serve(context, std::move(listener), application, http::Limits{});
    const Error end = co_await portald->run();
    co_return end_with(end);
}

}  // namespace

int serve_strangers(UniqueFd channel) {
    raise_descriptor_limit();
    asio::io_context context(1);
    asio::signal_set signals(context, SIGTERM, SIGINT);
    int status = 0;
    signals.async_wait([&](const boost::system::error_code&, int) { context.stop(); });
    asio::co_spawn(context, live(context, std::move(channel)),
                   [&](const std::exception_ptr& failure, int ended) {
                       status = failure ? end_with(failure) : ended;
                       context.stop();
                   });
    context.run();
    return status;
}

}  // namespace portal::responder
