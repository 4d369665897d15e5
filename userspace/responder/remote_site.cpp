#include "responder/remote_site.h"

namespace portal::responder {

namespace {

constexpr std::string_view kStart = "/remote";
constexpr std::string_view kReturn = "/remote/return";

}  // namespace

bool is_remote_path(std::string_view path) {
    return path == kStart || path == kReturn;
}

std::variant<RemoteQuestion, std::string> remote_question(std::string_view path, const Form& fields,
                                                          const Carried& carried, const Flow& flow,
                                                          const ipc::Caller& caller) {
    if (path == kReturn) {
        std::string grant = field(fields, "grant");
        if (grant.empty()) return link_to("/", carried);
        return ipc::RemoteReturn{flow, *caller.client, std::move(grant)};
    }
    if (signed_in(caller)) return link_to("/status", carried);
    ipc::RemoteStart question{.flow = flow, .client = *caller.client, .url = {}};
    if (const auto& original = carried.original) {
        question.url = original->url;
        question.sealed = !original->seal.empty();
    }
    return question;
}

std::string remote_destination(const ipc::Reply& reply, const Carried& carried) {
    if (!reply.location) return link_to("/status", carried);
    if (reply.sealed) return *reply.location;
    return link_to("/status", {.original = OriginalUrl{*reply.location, {}}, .lang = carried.lang});
}

}  // namespace portal::responder
