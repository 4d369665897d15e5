#include "responder/portal_site.h"

#include <boost/url/parse.hpp>

#include "responder/login_url.h"

namespace portal::responder {

using http_status = boost::beast::http::status;

namespace {

// Said with a Retry-After when portald does not say how long.
constexpr Seconds kDefaultRetry = std::chrono::minutes(1);

bool signed_in(const ipc::Caller& caller) {
    return caller.state == ClientState::authorized || caller.state == ClientState::trusted;
}

std::optional<std::string> url_of(const std::optional<OriginalUrl>& original) {
    if (!original) return std::nullopt;
    return original->url;
}

std::string seal_of(const std::optional<OriginalUrl>& original) {
    return original ? original->seal : std::string();
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

}  // namespace

PortalSite::PortalSite(const ipc::Configuration& configuration)
    : pages_(configuration),
      token_(configuration.seal_key),
      seal_(configuration.seal_key),
      click_through_(configuration.click_through),
      password_(configuration.password) {}

bool PortalSite::offers(std::string_view method) const {
    return (method == "click-through" && click_through_) || (method == "password" && password_);
}

std::optional<OriginalUrl> PortalSite::original_in(const Form& form, const Flow& flow,
                                                   FormToken::Time now) const {
    const auto url = carried_url(field(form, "url"));
    if (!url) return std::nullopt;
    std::string seal = field(form, "seal");
    if (!seal_.valid(seal, *url, flow.client, now)) seal.clear();
    return OriginalUrl{*url, std::move(seal)};
}

std::variant<http::Response, Submission> PortalSite::receive(const http::Request& request,
                                                             const http::Target& target,
                                                             const Flow& flow,
                                                             const ipc::Caller& caller,
                                                             FormToken::Time now) const {
    const bool page = target.path == "/" || target.path == "/status";
    const bool action = target.path == "/sign-in" || target.path == "/sign-out";
    if (!page && !action) return pages_.not_found();
    if (page && !is_read(request.method())) return pages_.method_not_allowed("GET, HEAD");
    if (action && request.method() != http::Method::post) return pages_.method_not_allowed("POST");
    if (!caller.client) return pages_.unrecognised();
    if (action) return submitted(request, target, flow, caller, now);
    const auto original = original_in(parse_form(target.query).value_or(Form{}), flow, now);
    return target.path == "/" ? front(original, caller, now) : status(original, caller, now);
}

http::Response PortalSite::front(const std::optional<OriginalUrl>& original,
                                 const ipc::Caller& caller, FormToken::Time now) const {
    if (signed_in(caller)) return status(original, caller, now);
    return pages_.sign_in(http_status::ok, {.token = token_.issue(*caller.client, now),
                                            .url = url_of(original),
                                            .seal = seal_of(original),
                                            .user = {},
                                            .alert = {}});
}

http::Response PortalSite::status(const std::optional<OriginalUrl>& original,
                                  const ipc::Caller& caller, FormToken::Time now) const {
    if (!signed_in(caller)) return pages_.see_other(with_original("/", original));
    return pages_.status(http_status::ok, caller,
                         {.token = token_.issue(*caller.client, now),
                          .url = url_of(original),
                          .seal = seal_of(original),
                          .alert = {}});
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
    const auto original = original_in(*form, flow, now);
    if (!token_.valid(field(*form, "token"), client, now)) {
        const std::string alert = "This page was out of date. Please try again.";
        const std::string fresh = token_.issue(client, now);
        if (signed_in(caller))
            return pages_.status(http_status::forbidden, caller,
                                 {.token = fresh,
                                  .url = url_of(original),
                                  .seal = seal_of(original),
                                  .alert = alert});
        return pages_.sign_in(http_status::forbidden, {.token = fresh,
                                                       .url = url_of(original),
                                                       .seal = seal_of(original),
                                                       .user = field(*form, "user"),
                                                       .alert = alert});
    }
    if (target.path == "/sign-out")
        return Submission{
            .question = ipc::SignOut{flow, client}, .client = client, .original = original};

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
    return Submission{.question = std::move(question), .client = client, .original = original};
}

http::Response PortalSite::conclude(const Submission& submission, const Result<ipc::Reply>& reply,
                                    FormToken::Time now) const {
    if (!reply) {
        // Text that no user name or password can be never reaches portald.
        if (reply.error().code == ErrorCode::invalid) return refused(submission, now);
        return pages_.unavailable();
    }
    const bool sign_out = std::holds_alternative<ipc::SignOut>(submission.question);
    switch (reply->outcome) {
        case ipc::Outcome::done:
            if (sign_out) return pages_.see_other(with_original("/", submission.original));
            if (!seal_of(submission.original).empty())
                return pages_.see_other(submission.original->url);
            return pages_.see_other(with_original("/status", submission.original));
        case ipc::Outcome::refused:
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
         .url = url_of(submission.original),
         .seal = seal_of(submission.original),
         .user = question.user,
         .alert = question.method == "password" ? "The user name or the password is wrong."
                                                : "This device may not sign in here."});
}

}  // namespace portal::responder
