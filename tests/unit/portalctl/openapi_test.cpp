#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <functional>
#include <set>

#include "openapi.h"
#include "portalctl.h"
#include "portalctl/objects.h"
#include "samples.h"

namespace portal::portalctl::test {

namespace json = boost::json;

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
    const OpenApi api;
    const std::function<void(const json::value&)> visit = [&](const json::value& value) {
        if (const auto* array = value.if_array())
            for (const json::value& item : *array)
                visit(item);
        if (const auto* object = value.if_object()) {
            for (const auto& [name, member] : *object) {
                visit(member);
                if (name != "$ref") continue;
                boost::system::error_code error;
                EXPECT_TRUE(api.document().find_pointer(
                    std::string_view(member.as_string()).substr(1), error))
                    << member;
            }
        }
    };
    visit(api.document());
}

TEST(OpenApi, EveryOperationIsNamedOnce) {
    const OpenApi api;
    std::set<std::string> names;
    for (const auto& [path, item] : api.document().at("paths").as_object())
        for (const auto& [verb, operation] : item.as_object())
            if (verb != "parameters") {
                EXPECT_TRUE(names.emplace(operation.at("operationId").as_string().c_str()).second);
            }
    EXPECT_EQ(names.size(), 30u);
}

TEST(OpenApi, SamplesAreAsItSays) {
    const OpenApi api;
    for (const Sample& sample : samples()) {
        const std::string_view request = sample.request;
        const std::size_t blank = request.find(' ');
        const auto* operation = api.find(request.substr(0, blank), request.substr(blank + 1));
        ASSERT_TRUE(operation) << request;
        const auto* schema = OpenApi::answer_schema(*operation);
        ASSERT_TRUE(schema) << request;
        EXPECT_EQ(api.fault(json::parse(sample.answer), *schema), std::nullopt) << request;
    }
}

TEST(OpenApi, FindsFaults) {
    const OpenApi api;
    const auto& schema = api.document().at_pointer("/components/schemas/GardenEntry");
    const auto fault = [&](std::string_view text) {
        return api.fault(json::parse(text), schema).has_value();
    };
    const auto entry = [&](std::string_view more, std::string_view prefix = R"("192.0.2.1")",
                           std::string_view protocol = "udp") {
        return fault(R"({"name":null,"learnt":[],"port":1,"prefix":)" + std::string(prefix) +
                     R"(,"protocol":")" + std::string(protocol) + "\"" + std::string(more) + "}");
    };
    EXPECT_FALSE(entry(R"(,"source":"config")"));
    EXPECT_TRUE(entry(""));
    EXPECT_TRUE(entry(R"(,"source":"config")", R"("192.0.2.1")", "sctp"));
    EXPECT_TRUE(entry(R"(,"source":"config")", "1"));
    EXPECT_TRUE(entry(R"(,"source":"config","more":true)"));
}

// Every command has a sample, so what it really sends is seen here.
TEST(OpenApi, HoldsEveryRequestOfPortalctl) {
    const OpenApi api;
    Gateway gateway;
    std::set<std::string> seen;
    for (const Sample& sample : samples()) {
        const Ended ended = gateway.run(sample.words, sample.input);
        EXPECT_EQ(ended.status, 0) << ended.error;
        const Received last = gateway.daemon().received().back();
        EXPECT_EQ(last.method + " " + last.target, sample.request);
        seen.insert(sample.words[0] + " " + sample.words[1]);
        const auto* operation = api.find(last.method, last.target);
        ASSERT_TRUE(operation) << last.method << " " << last.target;
        const auto* schema = OpenApi::body_schema(*operation);
        EXPECT_EQ(schema != nullptr, !last.body.empty()) << sample.request;
        if (!schema || last.body.empty()) continue;
        EXPECT_EQ(last.content_type, "application/json");
        EXPECT_EQ(api.fault(json::parse(last.body), *schema), std::nullopt);
    }
    for (const Object* object : objects()) {
        for (const Command& command : object->commands) {
            const std::string name = std::string(object->name) + " " + std::string(command.name);
            // These ask nothing, or not by a single request.
            if (name == "config check" || name == "batch file" || name == "event monitor" ||
                name == "voucher sheet")
                continue;
            EXPECT_TRUE(seen.contains(name == "detach " ? "detach --yes" : name)) << name;
        }
    }
}

}  // namespace portal::portalctl::test
