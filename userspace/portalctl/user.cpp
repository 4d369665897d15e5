// user: who may sign in with a password.
#include "portalctl/api_client.h"
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"
#include "portalctl/password.h"

namespace portal::portalctl {

namespace {

constexpr Column kColumns[] = {
    {"NAME", of<text, "name">},
    {"POLICY", of<text, "policy">},
    {"CREATED", of<text, "created_at">},
};

constexpr Column kRecord[] = {
    {"name", of<text, "name">},
    {"policy", of<text, "policy">},
    {"created_at", of<time, "created_at">},
};

Outcome<Exit> show(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::array users, context.api.get_array("/v1/users"));
    context.out.table(users, kColumns);
    return Exit::done;
}

Outcome<Exit> add(Context& context, const Invocation& invocation) {
    TRY_ASSIGN(const std::string password, read_password(context));
    json::object wanted{{"name", invocation.arguments[0]}, {"password", password}};
    if (const std::string* policy = invocation.option("--policy")) wanted["policy"] = *policy;
    TRY_ASSIGN(const json::object user, context.api.post("/v1/users", wanted));
    context.out.record(user, kRecord);
    return Exit::done;
}

Outcome<Exit> passwd(Context& context, const Invocation& invocation) {
    TRY_ASSIGN(const std::string password, read_password(context));
    const std::string path = "/v1/users/" + ApiClient::segment(invocation.arguments[0]);
    TRY_ASSIGN(const json::object user,
               context.api.post(path + "/password", {{"password", password}}));
    context.out.record(user, kRecord);
    return Exit::done;
}

Outcome<Exit> remove(Context& context, const Invocation& invocation) {
    TRY_ASSIGN(const json::object user,
               context.api.remove("/v1/users/" + ApiClient::segment(invocation.arguments[0])));
    context.out.record(user, kRecord);
    return Exit::done;
}

constexpr Argument kName[] = {{"NAME"}};
constexpr Option kNewUser[] = {
    {"--policy", "NAME", "a policy of the configuration; by default of the method's list"},
};

constexpr Command kCommands[] = {
    {"show", "Show the users.", show},
    {"add", "Add a user; the password is asked for, or is a line of standard input.", add, kName,
     kNewUser},
    {"passwd", "Set a user's password, given likewise.", passwd, kName},
    {"delete", "Delete a user.", remove, kName},
};

}  // namespace

const Object kUser{"user", "who may sign in with a password", kCommands};

}  // namespace portal::portalctl
