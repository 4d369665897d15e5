#include "control/responder_service.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "base/log.h"
#include "config/config.h"

namespace portal::control {

namespace {

// How long a guest is asked to wait where all workers are busy.
constexpr Seconds kBusyWait{2};

constexpr std::uint32_t kAttemptsPerHour = 20;  // until configured

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

}  // namespace

// A guest who is signing in.
struct ResponderService::Attempt {
    std::uint64_t id = 0;
    Flow flow;
    dataplane::FlowOrigin origin;
    std::string method;
    Answer answer;
    bool counted = false;   // by the limiter
    std::string user = {};  // as typed

    void reply(ipc::Reply reply, ipc::Outcome outcome) const {
        reply.id = id;
        reply.outcome = outcome;
        answer(reply);
    }
};

ResponderService::ResponderService(Gate& gate, SessionManager& sessions, WorkerPool& workers,
                                   Authenticators authenticators, const Clock& clock,
                                   EventBus& events)
    : gate_(gate),
      sessions_(sessions),
      workers_(workers),
      authenticators_(std::move(authenticators)),
      clock_(clock),
      events_(events),
      limiter_(kAttemptsPerHour) {}

void ResponderService::configure(std::vector<std::string> methods,
                                 std::uint32_t attempts_per_hour) {
    methods_ = std::move(methods);
    limiter_.set_limit(attempts_per_hour);
}

void ResponderService::ask(const ipc::Request& request, Answer answer) {
    const auto send = [&](ipc::Reply reply) {
        reply.id = request.id;
        answer(reply);
    };
    std::visit(Overloaded{
                   [&](const ipc::WhoIs& question) { send(who_is(question.flow)); },
                   [&](const ipc::SignOut& question) { send(sign_out(question)); },
                   [&](const ipc::SignIn& question) { sign_in(request.id, question, answer); },
               },
               request.body);
}

ipc::Reply ResponderService::who_is(const Flow& flow, ipc::Outcome outcome) const {
    ipc::Reply reply;
    const auto origin = gate_.origin(flow);
    if (!origin) {
        reply.outcome = ipc::Outcome::unknown;
        return reply;
    }
    reply.outcome = outcome;
    reply.caller.client = origin->client;
    reply.caller.to_portal = topology_.is_portal_address(flow.server);
    reply.caller.portal_address = topology_.portal_address(origin->ifindex, flow.client);
    const auto session = sessions_.find(origin->client);
    if (!session) return reply;
    reply.caller.state = session->state;
    if (session->state != ClientState::authorized) return reply;
    reply.caller.user = session->user;
    reply.caller.usage = session->usage;
    if (session->expires_at)
        reply.caller.remaining =
            std::clamp(std::chrono::ceil<Seconds>(*session->expires_at - clock_.wall()),
                       Seconds::zero(), kLongestDuration);
    return reply;
}

// A connection may have become another client's since the guest was shown the form.
std::optional<dataplane::FlowOrigin> ResponderService::origin_of(const Flow& flow,
                                                                 const ClientId& client) const {
    const auto origin = gate_.origin(flow);
    if (!origin || origin->client != client) return std::nullopt;
    return origin;
}

ipc::Reply ResponderService::sign_out(const ipc::SignOut& question) {
    const auto origin = origin_of(question.flow, question.client);
    if (!origin) return {.outcome = ipc::Outcome::unknown};
    if (const Status done = sessions_.sign_out(origin->client); !done) {
        log_error(within("signing out " + origin->client.to_string(), done.error()));
        return who_is(question.flow, ipc::Outcome::failed);
    }
    return who_is(question.flow);
}

void ResponderService::sign_in(std::uint64_t id, const ipc::SignIn& question, Answer answer) {
    const auto origin = origin_of(question.flow, question.client);
    if (!origin) return answer({.id = id, .outcome = ipc::Outcome::unknown});
    Attempt attempt{id, question.flow, *origin, question.method, std::move(answer)};
    attempt.user = question.user;
    const auto authenticator = authenticators_.find(question.method);
    if (std::ranges::find(methods_, question.method) == methods_.end() ||
        authenticator == authenticators_.end()) {
        deny(attempt, {}, "the method is not configured");
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
    }
    if (question.method == config::to_string(config::SignInMethod::click_through))
        return finish(attempt, authenticator->second->authenticate({}));
    check_password(std::move(attempt), authenticator->second, {question.user, question.password});
}

void ResponderService::check_password(Attempt attempt,
                                      std::shared_ptr<auth::Authenticator> authenticator,
                                      auth::Credentials credentials) {
    const ClientId client = attempt.origin.client;
    if (const Seconds wait = limiter_.retry_after(client, clock_.monotonic());
        wait > Seconds::zero()) {
        ipc::Reply reply = who_is(attempt.flow);
        reply.retry_after = wait;
        return attempt.reply(std::move(reply), ipc::Outcome::throttled);
    }
    limiter_.count(client, clock_.monotonic());
    attempt.counted = true;
    const auto work = [this, attempt, authenticator,
                       credentials = std::move(credentials)]() -> WorkerPool::Completion {
        return [this, attempt, identity = authenticator->authenticate(credentials)] {
            finish(attempt, identity);
        };
    };
    if (workers_.submit(work)) return;
    limiter_.take_back(client, clock_.monotonic());
    ipc::Reply reply = who_is(attempt.flow);
    reply.retry_after = kBusyWait;
    attempt.reply(std::move(reply), ipc::Outcome::busy);
}

void ResponderService::finish(const Attempt& attempt, const Result<auth::Identity>& identity) {
    const bool wrong = !identity && identity.error().code == ErrorCode::denied;
    if (attempt.counted && !wrong) limiter_.take_back(attempt.origin.client, clock_.monotonic());
    if (wrong) {
        deny(attempt, attempt.user, identity.error().what);
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
    }
    const Status done =
        !identity ? Status(std::unexpected(identity.error()))
                  : sessions_.sign_in({.client = attempt.origin.client,
                                       .method = attempt.method,
                                       .user = identity->user,
                                       .ip = attempt.flow.client,
                                       .interface = topology_.name_of(attempt.origin.ifindex)});
    if (done) return attempt.reply(who_is(attempt.flow), ipc::Outcome::done);
    if (done.error().code == ErrorCode::denied || done.error().code == ErrorCode::invalid) {
        deny(attempt, attempt.user, done.error().what);
        return attempt.reply(who_is(attempt.flow), ipc::Outcome::refused);
    }
    log_error(within("signing in " + attempt.origin.client.to_string(), done.error()));
    attempt.reply(who_is(attempt.flow), ipc::Outcome::failed);
}

void ResponderService::deny(const Attempt& attempt, const std::string& user, std::string why) {
    Event denial{.time = clock_.wall(), .type = EventType::denial, .client = attempt.origin.client};
    denial.ip = attempt.flow.client;
    denial.interface = topology_.name_of(attempt.origin.ifindex);
    if (!user.empty()) denial.user = user;
    denial.method = attempt.method;
    denial.detail = std::move(why);
    events_.publish(std::move(denial));
}

}  // namespace portal::control
