#include "domain/garden_name.h"

#include <gmock/gmock.h>

#include "domain/address_scope.h"

namespace portal {
namespace {

using testing::ElementsAre;

TEST(GardenName, IsWrittenInOneForm) {
    for (const auto& [text, form] : std::initializer_list<std::pair<const char*, const char*>>{
             {"pay.example.com", "pay.example.com"},
             {"PAY.Example.COM.", "pay.example.com"},
             {"*.Example.org", "*.example.org"},
             {"*.a.b.example.org.", "*.a.b.example.org"},
             {"xn--bcher-kva.example", "xn--bcher-kva.example"},
             {"3com.example", "3com.example"}})
        EXPECT_EQ(parse_garden_name(text).value().to_string(), form) << text;
}

TEST(GardenName, IsRefusedWithWhatToDo) {
    const std::string label(64, 'a');
    std::string longest;
    for (int i = 0; i < 64; ++i)
        longest += "abc.";
    for (const std::string& text : {std::string(""),
                                    std::string("*"),
                                    std::string("*."),
                                    std::string("*.com"),
                                    std::string("*.com."),
                                    std::string("com"),
                                    std::string("localhost"),
                                    std::string("pay..example.com"),
                                    std::string(".example.com"),
                                    std::string("example.com.."),
                                    std::string("a.*.example.com"),
                                    std::string("*.*.example.com"),
                                    std::string("*pay.example.com"),
                                    std::string("pay_1.example.com"),
                                    std::string("-pay.example.com"),
                                    std::string("pay-.example.com"),
                                    std::string("pay example.com"),
                                    std::string("b\u00fccher.example"),
                                    std::string("203.0.113.7"),
                                    std::string("1.2"),
                                    std::string("pay.example.com\0x", 17),
                                    label + ".example",
                                    longest + "example"}) {
        const auto name = parse_garden_name(text);
        ASSERT_FALSE(name) << text;
        EXPECT_EQ(name.error().code, ErrorCode::invalid) << text;
        EXPECT_FALSE(name.error().hint.empty()) << text;
    }
}

TEST(GardenName, IsToldFromAPrefix) {
    for (const char* text : {"pay.example.com", "*.example.org", "com", "*", "nonsense"})
        EXPECT_TRUE(is_meant_as_name(text)) << text;
    for (const char* text :
         {"203.0.113.7", "203.0.113.0/24", "2001:db8::1", "::", "dead:beef::/32"})
        EXPECT_FALSE(is_meant_as_name(text)) << text;
}

TEST(GardenName, AHostIsHeldByItselfAndByWildcardsAboveIt) {
    const auto texts = [](std::string_view host) {
        std::vector<std::string> list;
        for (const GardenName& name : garden_names_of(host))
            list.push_back(name.to_string());
        return list;
    };
    EXPECT_THAT(texts("a.b.example.org"),
                ElementsAre("a.b.example.org", "*.b.example.org", "*.example.org", "*.org"));
    // Not the domain itself, nor one that merely ends like it.
    EXPECT_THAT(texts("example.org"), ElementsAre("example.org", "*.org"));
    EXPECT_THAT(texts("badexample.org"), ElementsAre("badexample.org", "*.org"));
}

AddressScope scope(std::string_view text) {
    return scope_of(parse_ip_address(text).value());
}

TEST(AddressScope, KnowsWhereAnAddressIs) {
    for (const char* text : {"203.0.113.7", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1",
                             "2001:db8::1", "2606:4700::1111", "64:ff9b::808:808"})
        EXPECT_EQ(scope(text), AddressScope::global) << text;
    for (const char* text : {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                             "100.64.0.1", "fc00::1", "fd12::1", "fec0::1", "64:ff9b::a00:1"})
        EXPECT_EQ(scope(text), AddressScope::internal) << text;
    for (const char* text : {"0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255", "169.254.1.1",
                             "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::5",
                             "fe80::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:1"})
        EXPECT_EQ(scope(text), AddressScope::nowhere) << text;
}

}  // namespace
}  // namespace portal
