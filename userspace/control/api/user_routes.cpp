#include "control/api/user_routes.h"

#include <boost/json/array.hpp>
#include <string>
#include <utility>

#include "auth/password_hash.h"
#include "control/api/json_text.h"
#include "domain/session.h"
#include "ipc/members.h"

namespace portal::control::api {

namespace json = boost::json;

namespace {

using Done = std::function<void(Answer)>;

json::value shown(const store::User& user) {
    return {{"name", to_json(user.name)},
            {"policy", or_null(user.policy)},
            {"created_at", to_json(user.created_at)}};
}

Answer list(store::UserStore& users) {
    TRY_ASSIGN(const std::vector<store::User> all, users.list());
    json::array array;
    for (const store::User& user : all)
        array.push_back(shown(user));
    return array;
}

Answer erase(store::UserStore& users, const std::string& name) {
    TRY(check_name("user", name));
    TRY_ASSIGN(const store::User user, users.erase(name));
    return shown(user);
}

struct NewPassword {
    std::string name;
    std::string password;
    std::optional<std::string> policy;  // of a new user
};

// `name` is of the path, or in the body where there is none: then the user is new.
Result<NewPassword> read(const json::object& body, const std::string* name) {
    ipc::Members members(body);
    NewPassword read;
    read.name = name ? *name : members.text("name", kLongestName);
    read.password = members.text("password", auth::kLongestPassword);
    if (!name && body.contains("policy")) read.policy = members.text("policy", kLongestName);
    TRY(members.finish());
    TRY(check_name("user", read.name));
    TRY(auth::check_password(read.password));
    return read;
}

// Hashes the password on a worker, then lets `keep` put it into the store.
void hash_and_keep(WorkerPool& workers, NewPassword wanted,
                   const std::function<Answer(std::string name, std::string hash)>& keep,
                   const Done& done) {
    const bool accepted = workers.submit([wanted = std::move(wanted), keep, done] {
        auto hash = auth::hash_password(wanted.password);
        return [name = wanted.name, hash = std::move(hash), keep, done] {
            done(hash ? keep(name, *hash) : Answer(std::unexpected(hash.error())));
        };
    });
    if (!accepted)
        done(fail(ErrorCode::unavailable, "too many passwords are being checked",
                  "try again in a few seconds"));
}

}  // namespace

Endpoints user_routes(store::UserStore& users, const SessionManager& sessions, WorkerPool& workers,
                      const Clock& clock) {
    const auto add = [&users, &sessions, &workers, &clock](const Call& call, const Done& done) {
        auto wanted = read(call.body, nullptr);
        if (!wanted) return done(std::unexpected(wanted.error()));
        if (wanted->policy)
            if (const Status known = sessions.check_policy(*wanted->policy); !known)
                return done(std::unexpected(known.error()));
        const auto keep = [&users, &clock, policy = wanted->policy](std::string name,
                                                                    std::string hash) -> Answer {
            const store::User user{std::move(name), std::move(hash), clock.wall(), policy};
            TRY(users.add(user));
            return shown(user);
        };
        hash_and_keep(workers, std::move(*wanted), keep, done);
    };
    const auto set_password = [&users, &workers](const Call& call, const Done& done) {
        auto wanted = read(call.body, &call.parameters.at(0));
        if (!wanted) return done(std::unexpected(wanted.error()));
        const auto keep = [&users](const std::string& name, const std::string& hash) -> Answer {
            TRY_ASSIGN(const store::User user, users.set_password(name, hash));
            return shown(user);
        };
        hash_and_keep(workers, std::move(*wanted), keep, done);
    };
    return {
        {.method = "GET", .path = "/v1/users", .call = Immediate([&users](const Call&) {
                                                   return list(users);
                                               })},
        {.method = "POST",
         .path = "/v1/users",
         .call = Deferred(add),
         .body = Endpoint::Body::required},
        {.method = "DELETE",
         .path = "/v1/users/{name}",
         .call =
             Immediate([&users](const Call& call) { return erase(users, call.parameters.at(0)); })},
        {.method = "POST",
         .path = "/v1/users/{name}/password",
         .call = Deferred(set_password),
         .body = Endpoint::Body::required},
    };
}

}  // namespace portal::control::api
