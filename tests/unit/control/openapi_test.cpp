// docs/openapi.json against the routes that there are.
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "api_fixture.h"
#include "control/api/client_json.h"
#include "control/api/event_routes.h"

namespace portal::control::test {

namespace {

namespace json = boost::json;

json::value read_document() {
    std::ifstream file(PORTAL_OPENAPI);
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

const json::value kDocument = read_document();

// "GET /v1/clients" for every operation.
std::set<std::string> documented() {
    std::set<std::string> operations;
    for (const auto& path : kDocument.at("paths").as_object())
        for (const auto& operation : path.value().as_object()) {
            if (operation.key() == "parameters") continue;
            std::string method = operation.key();
            std::ranges::transform(method, method.begin(),
                                   [](unsigned char c) { return std::toupper(c); });
            operations.insert(method + " " + std::string(path.key()));
        }
    return operations;
}

json::object operation_of(const api::Endpoint& endpoint) {
    std::string method(endpoint.method);
    std::ranges::transform(method, method.begin(), [](unsigned char c) { return std::tolower(c); });
    return kDocument.at("paths").at(std::string(endpoint.path)).at(method).as_object();
}

std::set<std::string> members_of(const json::object& object) {
    std::set<std::string> names;
    for (const auto& member : object)
        names.emplace(member.key());
    return names;
}

std::set<std::string> schema_members(const char* schema) {
    return members_of(
        kDocument.at("components").at("schemas").at(schema).at("properties").as_object());
}

class OpenApiTest : public testing::Test {
  protected:
    json::object call(std::string_view path, const json::object& body = {}) {
        const auto endpoint = std::ranges::find(routes, path, &api::Endpoint::path);
        const api::Call request{
            .parameters = {path.contains("{code}") ? std::string("0000-0000-0000")
                                                   : std::string("02:00:00:00:00:01")},
            .query = {},
            .body = body};
        json::value answer;
        if (const auto* final = std::get_if<api::Final>(&endpoint->call))
            answer = final->answer(request).value();
        else
            answer = std::get<api::Immediate>(endpoint->call)(request).value();
        return answer.is_array() ? answer.at(0).as_object() : answer.as_object();
    }

    boost::asio::io_context context;
    ApiFixture fixture{context};
    const api::Endpoints routes = fixture.routes();
};

TEST_F(OpenApiTest, NamesEveryRouteAndNoOther) {
    std::set<std::string> implemented;
    for (const api::Endpoint& endpoint : routes)
        implemented.insert(std::string(endpoint.method) + " " + std::string(endpoint.path));
    EXPECT_EQ(implemented, documented());
}

TEST_F(OpenApiTest, AgreesOnBodiesAndQueries) {
    for (const api::Endpoint& endpoint : routes) {
        const json::object operation = operation_of(endpoint);
        const auto* body = operation.if_contains("requestBody");
        const auto expected = !body                            ? api::Endpoint::Body::none
                              : body->at("required").as_bool() ? api::Endpoint::Body::required
                                                               : api::Endpoint::Body::optional;
        EXPECT_EQ(endpoint.body, expected) << endpoint.method << " " << endpoint.path;

        std::set<std::string> query;
        if (const auto* parameters = operation.if_contains("parameters"))
            for (const json::value& parameter : parameters->as_array())
                if (const auto* in = parameter.as_object().if_contains("in"); in && *in == "query")
                    query.emplace(parameter.at("name").as_string());
        EXPECT_EQ(std::set<std::string>(endpoint.query.begin(), endpoint.query.end()), query)
            << endpoint.path;
    }
}

TEST_F(OpenApiTest, AgreesOnTheMembersOfAnswers) {
    const auto expect = [&](std::string_view path, const char* schema,
                            const json::object& body = {}) {
        EXPECT_EQ(members_of(call(path, body)), schema_members(schema)) << path;
    };
    ASSERT_TRUE(fixture.gate.attach("eth1"));
    expect("/v1/status", "Status");
    expect("/v1/clients/{client}/authorize", "Client");
    expect("/v1/stats", "VerdictCount");
    expect("/v1/programs", "Program");
    expect("/v1/policies", "Policy");
    expect("/v1/config/reload", "Reload");
    expect("/v1/features", "Feature");
    expect("/v1/doctor", "Check");
    expect("/v1/detach", "Detached", {{"confirm", true}});
    EXPECT_EQ(members_of(api::to_json(Event{}).as_object()), schema_members("Event"));
    ASSERT_TRUE(fixture.garden.add({prefix("203.0.113.0/24"), {}}));
    expect("/v1/garden", "GardenEntry");
    ASSERT_TRUE(fixture.users.add({"ada", "", {}}));
    expect("/v1/users", "User");
    Voucher voucher;
    ASSERT_TRUE(fixture.voucher_store.add(std::span(&voucher, 1)));
    expect("/v1/vouchers", "Voucher");
    expect("/v1/vouchers/{code}/revoke", "RedeemedVoucher");
    fixture.audit.note({});
    expect("/v1/audit", "AuditRecord");
}

TEST_F(OpenApiTest, KnowsEveryEvent) {
    const json::array& types = kDocument.at("components")
                                   .at("schemas")
                                   .at("Event")
                                   .at("properties")
                                   .at("type")
                                   .at("enum")
                                   .as_array();
    int number = 0;
    for (const json::value& type : types)
        EXPECT_EQ(type.as_string(), to_string(static_cast<EventType>(number++)));
    EXPECT_EQ(static_cast<EventType>(number - 1), EventType::lost);
}

}  // namespace

}  // namespace portal::control::test
