#include "responder/portal_site.h"

#include <boost/url/parse.hpp>

#include "domain/voucher.h"
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

// The code of a voucher's link, to be shown in the form: text that is none is not.
std::string voucher_parameter(const std::string& query) {
    const auto form = parse_form(query);
    const auto code = parse_voucher_code(form ? field(*form, "voucher") : std::string());
    return code ? code->to_string() : std::string();
}

// What the page says of a refused attempt; it does not tell which part was wrong.
std::string refusal(std::string_view method) {
    if (method == "password") return "The user name or the password is wrong.";
    if (method == "voucher") return "This code is not valid or has been used up.";
    return "This device may not sign in here.";
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
      token_(configuration.seal_key),
      seal_(configuration.seal_key),
      click_through_(configuration.click_through),
      password_(configuration.password),
      voucher_(configuration.voucher) {
    if (configuration.remote) remote_.emplace(pages_);
}

bool PortalSite::offers(std::string_view method) const {
    return (method == "click-through" && click_through_) || (method == "password" && password_) ||
           (method == "voucher" && voucher_);
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
    if (remote_ && RemoteSite::serves(target.path)) {
        const auto original = original_in(parse_form(target.query).value_or(Form{}), flow, now);
        auto received = remote_->receive(request, target, flow, caller, original);
        if (auto* response = std::get_if<http::Response>(&received)) return std::move(*response);
        Submission submission{.question = {}, .client = *caller.client, .original = original};
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
    const auto original = original_in(parse_form(target.query).value_or(Form{}), flow, now);
    return target.path == "/" ? front(target, original, caller, now) : status(original, caller, now);
}

http::Response PortalSite::front(const http::Target& target,
                                 const std::optional<OriginalUrl>& original,
                                 const ipc::Caller& caller, FormToken::Time now) const {
    if (signed_in(caller)) return status(original, caller, now);
    return pages_.sign_in(http_status::ok, {.token = token_.issue(*caller.client, now),
                                            .url = url_of(original),
                                            .seal = seal_of(original),
                                            .user = {},
                                            .voucher = voucher_parameter(target.query),
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
                                                       .voucher = field(*form, "voucher"),
                                                       .alert = alert});
    }
    if (target.path == "/sign-out")
        return Submission{
            .question = ipc::SignOut{flow, client}, .client = client, .original = original};

    ipc::SignIn question{.flow = flow,
                         .client = client,
                         .method = field(*form, "method"),
                         .user = {},
                         .password = {},
                         .voucher = {}};
    if (!offers(question.method)) return pages_.bad_form();
    if (question.method == "password") {
        question.user = field(*form, "user");
        question.password = field(*form, "password");
    } else if (question.method == "voucher") {
        question.voucher = field(*form, "voucher");
    }
    return Submission{.question = std::move(question), .client = client, .original = original};
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
        // Text that no user name, password or code can be never reaches portald.
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
        case ipc::Outcome::replayed:
            return sign_out ? pages_.see_other("/") : refused(submission, now);
        case ipc::Outcome::throttled:
            return pages_.throttled(reply->retry_after.value_or(kDefaultRetry));
        case ipc::Outcome::busy:
            return pages_.unavailable();
        case ipc::Outcome::unknown:
            return pages_.unrecognised();
        case ipc::Outcome::failed:
            break;
    }
    return pages_.failed();
}

http::Response PortalSite::refused(const Submission& submission, FormToken::Time now) const {
    const auto& question = std::get<ipc::SignIn>(submission.question);
    return pages_.sign_in(http_status::forbidden, {.token = token_.issue(submission.client, now),
                                                   .url = url_of(submission.original),
                                                   .seal = seal_of(submission.original),
                                                   .user = question.user,
                                                   .voucher = question.voucher,
                                                   .alert = refusal(question.method)});
}

}  // namespace portal::responder
