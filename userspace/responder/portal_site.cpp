#include "responder/portal_site.h"

#include <boost/url/parse.hpp>

#include "base/text.h"
#include "domain/voucher.h"
#include "http/method.h"
#include "responder/form.h"
#include "responder/remote_site.h"

namespace portal::responder {

using http_status = boost::beast::http::status;

namespace {

// Said with a Retry-After when portald does not say how long.
constexpr Seconds kDefaultRetry = std::chrono::minutes(1);

// The code of a voucher's link, to be shown in the form: text that is none is not.
std::string linked_voucher(const Form& query) {
    const auto code = parse_voucher_code(field(query, "voucher"));
    return code ? code->to_string() : std::string();
}

// What was typed as a code, as far as it may stand in its field again.
std::string typed_voucher(const std::string& code) {
    constexpr std::size_t longest = 64;
    return code.size() <= longest && is_plain_text(code) ? code : std::string();
}

Refusal refusal_of(std::string_view method) {
    if (method == "password") return Refusal::password;
    if (method == "voucher") return Refusal::voucher;
    return Refusal::device;
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

}  // namespace

struct PortalSite::Visit {
    Form fields;
    Carried carried;
    const Locale& locale;
};

PortalSite::Visit PortalSite::visit_of(const http::Request& request, Form fields, const Flow& flow,
                                       FormToken::Time now) const {
    Carried carried{.lang = chosen_language(fields)};
    if (const auto url = carried_url(field(fields, "url"))) {
        std::string seal = field(fields, "seal");
        if (!seal_.valid(seal, *url, flow.client, now)) seal.clear();
        carried.original = OriginalUrl{*url, std::move(seal)};
    }
    const Locale& locale = locale_for(request, carried.lang);
    return {std::move(fields), std::move(carried), locale};
}

PortalSite::PortalSite(const ipc::Configuration& configuration)
    : pages_(configuration),
      token_(configuration.seal_key),
      seal_(configuration.seal_key),
      click_through_(configuration.click_through),
      password_(configuration.password),
      voucher_(configuration.voucher),
      remote_(configuration.remote) {}

bool PortalSite::offers(std::string_view method) const {
    return (method == "click-through" && click_through_) || (method == "password" && password_) ||
           (method == "voucher" && voucher_);
}

http::Response PortalSite::unavailable(const http::Request& request, const http::Target& target,
                                       const Flow& flow, FormToken::Time now) const {
    const Visit visit = visit_of(request, parse_form(target.query).value_or(Form()), flow, now);
    return pages_.unavailable(visit.locale, visit.carried);
}

std::variant<http::Response, Submission> PortalSite::receive(const http::Request& request,
                                                             const http::Target& target,
                                                             const Flow& flow,
                                                             const ipc::Caller& caller,
                                                             FormToken::Time now) const {
    const auto query = parse_form(target.query);
    const Visit visit = visit_of(request, query.value_or(Form()), flow, now);
    const bool page = target.path == "/" || target.path == "/status";
    const bool text = target.path == "/terms" || target.path == "/logo";
    const bool action = target.path == "/sign-in" || target.path == "/sign-out";
    const bool remote = remote_ && is_remote_path(target.path);
    if (!page && !text && !action && !remote) return pages_.not_found(visit.locale);
    // Not HEAD: what GET does there, nobody asks for who only looks.
    if (remote && request.method() != http::Method::get)
        return pages_.method_not_allowed(visit.locale, "GET");
    if (!action && !http::is_read(request.method()))
        return pages_.method_not_allowed(visit.locale, "GET, HEAD");
    if (action && request.method() != http::Method::post)
        return pages_.method_not_allowed(visit.locale, "POST");
    if (target.path == "/logo") return pages_.logo(visit.locale);
    if (target.path == "/terms") return pages_.terms(visit.locale, visit.carried);
    if (!caller.client) return pages_.unrecognised(visit.locale, visit.carried);
    if (action) return submitted(request, target, visit, flow, caller, now);
    if (remote && !query) return pages_.bad_form(visit.locale);
    if (remote) return to_remote(target, visit, flow, caller);
    return target.path == "/" ? front(visit, caller, now) : status(visit, caller, now);
}

http::Response PortalSite::front(const Visit& visit, const ipc::Caller& caller,
                                 FormToken::Time now) const {
    if (signed_in(caller)) return status(visit, caller, now);
    return pages_.sign_in(visit.locale, http_status::ok,
                          {.token = token_.issue(*caller.client, now),
                           .carried = visit.carried,
                           .voucher = linked_voucher(visit.fields)});
}

http::Response PortalSite::status(const Visit& visit, const ipc::Caller& caller,
                                  FormToken::Time now) const {
    if (!signed_in(caller)) return pages_.see_other(link_to("/", visit.carried));
    return pages_.status(visit.locale, http_status::ok, caller,
                         {.token = token_.issue(*caller.client, now), .carried = visit.carried});
}

std::variant<http::Response, Submission> PortalSite::submitted(const http::Request& request,
                                                               const http::Target& target,
                                                               const Visit& visit, const Flow& flow,
                                                               const ipc::Caller& caller,
                                                               FormToken::Time now) const {
    if (from_another_site(request, target)) return pages_.foreign_form(visit.locale);
    if (!announces_form(request)) return pages_.bad_form(visit.locale);
    const auto form = parse_form(request.body());
    if (!form) return pages_.bad_form(visit.locale);

    const ClientId client = *caller.client;
    const auto [fields, carried, locale] = visit_of(request, *form, flow, now);
    if (!token_.valid(field(*form, "token"), client, now)) {
        const std::string fresh = token_.issue(client, now);
        if (signed_in(caller))
            return pages_.status(locale, http_status::forbidden, caller,
                                 {.token = fresh, .carried = carried, .outdated = true});
        return pages_.sign_in(locale, http_status::forbidden,
                              {.token = fresh,
                               .carried = carried,
                               .user = field(fields, "user"),
                               .voucher = typed_voucher(field(fields, "voucher")),
                               .refusal = Refusal::outdated});
    }
    if (target.path == "/sign-out")
        return Submission{.question = ipc::SignOut{flow, client},
                          .client = client,
                          .carried = carried,
                          .locale = locale};

    ipc::SignIn question{.flow = flow,
                         .client = client,
                         .method = field(fields, "method"),
                         .user = {},
                         .password = {},
                         .voucher = {}};
    if (!offers(question.method)) return pages_.bad_form(locale);
    if (question.method == "password") {
        question.user = field(fields, "user");
        question.password = field(fields, "password");
    } else if (question.method == "voucher") {
        question.voucher = field(fields, "voucher");
    }
    return Submission{
        .question = std::move(question), .client = client, .carried = carried, .locale = locale};
}

std::variant<http::Response, Submission> PortalSite::to_remote(const http::Target& target,
                                                               const Visit& visit, const Flow& flow,
                                                               const ipc::Caller& caller) const {
    auto next = remote_question(target.path, visit.fields, visit.carried, flow, caller);
    if (const auto* path = std::get_if<std::string>(&next)) return pages_.see_other(*path);
    Submission submission{
        .question = {}, .client = *caller.client, .carried = visit.carried, .locale = visit.locale};
    std::visit([&](auto& question) { submission.question = std::move(question); },
               std::get<RemoteQuestion>(next));
    return submission;
}

http::Response PortalSite::done(const Submission& submission, const ipc::Reply& reply) const {
    const Carried& carried = submission.carried;
    if (std::holds_alternative<ipc::SignOut>(submission.question))
        return pages_.see_other(link_to("/", carried));
    if (std::holds_alternative<ipc::RemoteReturn>(submission.question))
        return pages_.see_other(remote_destination(reply, carried));
    if (std::holds_alternative<ipc::RemoteStart>(submission.question))
        return reply.location ? pages_.see_other(*reply.location)
                              : pages_.failed(submission.locale, carried);
    if (carried.original && !carried.original->seal.empty())
        return pages_.see_other(carried.original->url);
    return pages_.see_other(link_to("/status", carried));
}

http::Response PortalSite::conclude(const Submission& submission, const Result<ipc::Reply>& reply,
                                    FormToken::Time now) const {
    const Locale& locale = submission.locale;
    const Carried& carried = submission.carried;
    if (!reply) {
        // Text that no user name, password, code or grant can be never reaches portald.
        if (reply.error().code == ErrorCode::invalid) return refused(submission, now);
        return pages_.unavailable(locale, carried);
    }
    const bool sign_out = std::holds_alternative<ipc::SignOut>(submission.question);
    switch (reply->outcome) {
        case ipc::Outcome::done:
            return done(submission, *reply);
        case ipc::Outcome::replayed:
            // A page that is loaded again, most likely.
            if (signed_in(reply->caller)) return pages_.see_other(link_to("/status", carried));
            [[fallthrough]];
        case ipc::Outcome::refused:
            return sign_out ? pages_.see_other(link_to("/", carried)) : refused(submission, now);
        case ipc::Outcome::elsewhere:
            return refused(submission, now, Refusal::elsewhere);
        case ipc::Outcome::not_now:
            return refused(submission, now, Refusal::not_now);
        case ipc::Outcome::devices:
            return refused(submission, now, Refusal::devices, reply->devices.value_or(0));
        case ipc::Outcome::throttled:
            return pages_.throttled(locale, reply->retry_after.value_or(kDefaultRetry), carried);
        case ipc::Outcome::busy:
            return pages_.busy(locale, reply->retry_after.value_or(kDefaultRetry), carried);
        case ipc::Outcome::unknown:
            return pages_.unrecognised(locale, carried);
        case ipc::Outcome::failed:
            break;
    }
    return pages_.failed(locale, carried);
}

http::Response PortalSite::refused(const Submission& submission, FormToken::Time now,
                                   std::optional<Refusal> refusal, std::uint32_t devices) const {
    SignInView view{.token = token_.issue(submission.client, now),
                    .carried = submission.carried,
                    .refusal = refusal.value_or(Refusal::remote),
                    .devices = devices};
    if (const auto* question = std::get_if<ipc::SignIn>(&submission.question)) {
        view.user = question->user;
        view.voucher = typed_voucher(question->voucher);
        if (!refusal) view.refusal = refusal_of(question->method);
    }
    return pages_.sign_in(submission.locale, http_status::forbidden, view);
}

}  // namespace portal::responder
