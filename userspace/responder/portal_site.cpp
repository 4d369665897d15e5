#include "responder/portal_site.h"

#include <boost/url/parse.hpp>

#include "responder/form.h"
#include "responder/login_url.h"
#include "responder/original_url.h"

namespace portal::responder {

using http_status = boost::beast::http::status;

namespace {

// Said with a Retry-After when portald does not say how long.
constexpr Seconds kDefaultRetry = std::chrono::minutes(1);

bool signed_in(const ipc::Caller& caller) {
    return caller.state == ClientState::authorized || caller.state == ClientState::trusted;
}

std::optional<std::string> url_parameter(const std::string& query) {
    const auto form = parse_form(query);
    if (!form) return std::nullopt;
    return carried_url(field(*form, "url"));
}

// Whether the browser says that the form stood on another site. "null" says nothing; the token
// decides then.
bool from_another_site(const http::Request& request, const http::Target& target) {
    const std::string origin(request[http::Field::origin]);
    if (origin.empty() || origin == "null") return false;
    const auto url = boost::urls::parse_uri(origin);
    if (!url || !url->has_authority()) return true;
    const auto authority = http::parse_authority(std::string(url->encoded_authority()));
    return !authority || authority->host != target.authority.host;
}

bool is_read(http::Method method) {
    return method == http::Method::get || method == http::Method::head;
}

std::optional<RemoteQuestion> remote_question(const Submission& submission) {
    if (const auto* start = std::get_if<ipc::RemoteStart>(&submission.question)) return *start;
    if (const auto* back = std::get_if<ipc::RemoteReturn>(&submission.question)) return *back;
    return std::nullopt;
}

}  // namespace

PortalSite::PortalSite(const ipc::Configuration& configuration)
    : pages_(configuration),
      click_through_(configuration.click_through),
      password_(configuration.password) {
    if (configuration.remote) remote_.emplace(pages_);
}

bool PortalSite::offers(std::string_view method) const {
    return (method == "click-through" && click_through_) || (method == "password" && password_);
}

std::variant<http::Response, Submission> PortalSite::receive(const http::Request& request,
                                                             const http::Target& target,
                                                             const Flow& flow,
                                                             const ipc::Caller& caller,
                                                             FormToken::Time now) const {
    if (remote_ && RemoteSite::serves(target.path)) {
        auto received = remote_->receive(request, target, flow, caller);
        if (auto* response = std::get_if<http::Response>(&received)) return std::move(*response);
        Submission submission{.question = {}, .client = *caller.client, .url = std::nullopt};
        std::visit([&](auto& question) { submission.question = std::move(question); },
                   std::get<RemoteQuestion>(received));
        return submission;
    }
    const bool page = target.path == "/" || target.path == "/status";
    const bool action = target.path == "/sign-in" || target.path == "/sign-out";
    if (!page && !action) return pages_.not_found();
    if (page && !is_read(request.method())) return pages_.method_not_allowed("GET, HEAD");
    if (action && request.method() != http::Method::post) return pages_.method_not_allowed("POST");
    if (!caller.client) return pages_.unrecognised();
    if (action) return submitted(request, target, flow, caller, now);
    return target.path == "/" ? front(target, caller, now) : status(target, caller, now);
}

http::Response PortalSite::front(const http::Target& target, const ipc::Caller& caller,
                                 FormToken::Time now) const {
    if (signed_in(caller)) return status(target, caller, now);
    return pages_.sign_in(http_status::ok, {.token = token_.issue(*caller.client, now),
                                            .url = url_parameter(target.query),
                                            .user = {},
                                            .alert = {}});
}

http::Response PortalSite::status(const http::Target& target, const ipc::Caller& caller,
                                  FormToken::Time now) const {
    const auto url = url_parameter(target.query);
    if (!signed_in(caller)) return pages_.see_other(with_original("/", url));
    return pages_.status(http_status::ok, caller,
                         {.token = token_.issue(*caller.client, now), .url = url, .alert = {}});
}

std::variant<http::Response, Submission> PortalSite::submitted(const http::Request& request,
                                                               const http::Target& target,
                                                               const Flow& flow,
                                                               const ipc::Caller& caller,
                                                               FormToken::Time now) const {
    if (from_another_site(request, target)) return pages_.foreign_form();
    if (!announces_form(request)) return pages_.bad_form();
    const auto form = parse_form(request.body());
    if (!form) return pages_.bad_form();

    const ClientId client = *caller.client;
    const auto url = carried_url(field(*form, "url"));
    if (!token_.valid(field(*form, "token"), client, now)) {
        const std::string alert = "This page was out of date. Please try again.";
        const std::string fresh = token_.issue(client, now);
        if (signed_in(caller))
            return pages_.status(http_status::forbidden, caller,
                                 {.token = fresh, .url = url, .alert = alert});
        return pages_.sign_in(
            http_status::forbidden,
            {.token = fresh, .url = url, .user = field(*form, "user"), .alert = alert});
    }
    if (target.path == "/sign-out")
        return Submission{.question = ipc::SignOut{flow, client}, .client = client, .url = url};

    ipc::SignIn question{.flow = flow,
                         .client = client,
                         .method = field(*form, "method"),
                         .user = {},
                         .password = {}};
    if (!offers(question.method)) return pages_.bad_form();
    if (question.method == "password") {
        question.user = field(*form, "user");
        question.password = field(*form, "password");
    }
    return Submission{.question = std::move(question), .client = client, .url = url};
}

http::Response PortalSite::conclude(const Submission& submission, const Result<ipc::Reply>& reply,
                                    FormToken::Time now) const {
    if (const auto remote = remote_question(submission)) {
        if (reply) return remote_->conclude(*remote, *reply);
        // A grant that cannot be one never reaches portald.
        return reply.error().code == ErrorCode::invalid ? pages_.remote_refused()
                                                        : pages_.unavailable();
    }
    if (!reply) {
        // Text that no user name or password can be never reaches portald.
        if (reply.error().code == ErrorCode::invalid) return refused(submission, now);
        return pages_.unavailable();
    }
    const bool sign_out = std::holds_alternative<ipc::SignOut>(submission.question);
    switch (reply->outcome) {
        case ipc::Outcome::done:
            return pages_.see_other(sign_out ? "/" : with_original("/status", submission.url));
        case ipc::Outcome::refused:
        case ipc::Outcome::replayed:
            return sign_out ? pages_.see_other("/") : refused(submission, now);
        case ipc::Outcome::throttled:
            return pages_.throttled(reply->retry_after.value_or(kDefaultRetry));
        case ipc::Outcome::unknown:
            return pages_.unrecognised();
        case ipc::Outcome::failed:
            break;
    }
    return pages_.failed();
}

http::Response PortalSite::refused(const Submission& submission, FormToken::Time now) const {
    const auto& question = std::get<ipc::SignIn>(submission.question);
    return pages_.sign_in(
        http_status::forbidden,
        {.token = token_.issue(submission.client, now),
         .url = submission.url,
         .user = question.user,
         .alert = question.method == "password" ? "The user name or the password is wrong."
                                                : "This device may not sign in here."});
}

}  // namespace portal::responder
