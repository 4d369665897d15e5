#include "responder/dns_answer.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

namespace portal::responder {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kA = 1;
constexpr int kCname = 5;
constexpr int kTxt = 16;
constexpr int kAaaa = 28;
constexpr int kHttps = 65;

IpAddress ip(std::string_view text) {
    return parse_ip_address(text).value();
}

// A DNS message, record by record.
class Message {
  public:
    explicit Message(std::string_view question, int type = kA, int in_class = 1) {
        for (const int word : {0x0511, 0x8180, 1, 0, 0, 0})
            put16(word);
        put_name(question);
        put16(type);
        put16(in_class);
    }

    Message& a(std::string_view owner, std::string_view address, unsigned ttl = 60) {
        const IpAddress value = ip(address);
        const std::vector<std::uint8_t> data(value.bytes.begin() + (value.is_v4() ? 12 : 0),
                                             value.bytes.end());
        return record(owner, value.is_v4() ? kA : kAaaa, ttl, data);
    }
    Message& cname(std::string_view owner, std::string_view target, unsigned ttl = 60) {
        return record(owner, kCname, ttl, name_bytes(target));
    }
    Message& record(std::string_view owner, int type, unsigned ttl,
                    const std::vector<std::uint8_t>& data, int in_class = 1) {
        put_name(owner);
        put16(type);
        put16(in_class);
        put16(static_cast<int>(ttl >> 16));
        put16(static_cast<int>(ttl & 0xffff));
        put16(static_cast<int>(data.size()));
        bytes_.insert(bytes_.end(), data.begin(), data.end());
        ++bytes_[7];
        return *this;
    }
    Message& set(std::size_t at, std::uint8_t value) {
        bytes_[at] = value;
        return *this;
    }

    const std::vector<std::uint8_t>& bytes() const { return bytes_; }
    std::optional<ipc::NameAnswer> read() const { return read_dns_answer(bytes_); }

  private:
    static std::vector<std::uint8_t> name_bytes(std::string_view name) {
        std::vector<std::uint8_t> bytes;
        while (!name.empty()) {
            const std::string_view label = name.substr(0, name.find('.'));
            bytes.push_back(static_cast<std::uint8_t>(label.size()));
            bytes.insert(bytes.end(), label.begin(), label.end());
            name.remove_prefix(std::min(label.size() + 1, name.size()));
        }
        bytes.push_back(0);
        return bytes;
    }
    void put_name(std::string_view name) {
        const auto bytes = name_bytes(name);
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    void put16(int word) {
        bytes_.push_back(static_cast<std::uint8_t>(word >> 8));
        bytes_.push_back(static_cast<std::uint8_t>(word));
    }

    std::vector<std::uint8_t> bytes_;
};

TEST(DnsAnswer, TellsWhereTheNameLeads) {
    const auto answer = Message("Pay.Example.COM")
                            .a("pay.example.com", "203.0.113.7", 300)
                            .a("PAY.example.com", "203.0.113.8", 200)
                            .read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->name, "pay.example.com");
    EXPECT_EQ(answer->ttl, Seconds(200));
    EXPECT_THAT(answer->addresses, ElementsAre(ip("203.0.113.7"), ip("203.0.113.8")));
    EXPECT_THAT(
        Message("pay.example.com", kAaaa).a("pay.example.com", "2001:db8::7").read()->addresses,
        ElementsAre(ip("2001:db8::7")));
}

TEST(DnsAnswer, FollowsAliasesInAnyOrder) {
    const auto answer = Message("shop.example.com")
                            .a("edge.cdn.test", "203.0.113.7", 300)
                            .cname("alias.test", "edge.cdn.test", 50)
                            .cname("shop.example.com", "Alias.TEST", 100)
                            .read();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->name, "shop.example.com");
    EXPECT_EQ(answer->ttl, Seconds(50));
    EXPECT_THAT(answer->addresses, ElementsAre(ip("203.0.113.7")));
}

TEST(DnsAnswer, WhatDoesNotFollowFromTheQuestionDoesNotCount) {
    const auto answer = Message("pay.example.com")
                            .a("evil.example.net", "203.0.113.66")
                            .cname("evil.example.net", "pay.example.com")
                            .a("pay.example.com", "203.0.113.7")
                            .a("example.com", "203.0.113.66")
                            .record("pay.example.com", kTxt, 1, {1, 'x'})
                            .record("pay.example.com", kA, 1, {203, 0, 113, 66}, 3)
                            .record("pay.example.com", kA, 1, {203, 0, 113, 66, 1})
                            .read();
    ASSERT_TRUE(answer);
    EXPECT_THAT(answer->addresses, ElementsAre(ip("203.0.113.7")));
    // An alias leads away from what its own name has.
    EXPECT_THAT(Message("pay.example.com")
                    .cname("pay.example.com", "edge.test")
                    .a("pay.example.com", "203.0.113.66")
                    .read()
                    ->addresses,
                IsEmpty());
}

TEST(DnsAnswer, AliasesInACircleLeadNowhere) {
    EXPECT_FALSE(Message("a.test").cname("a.test", "b.test").cname("b.test", "a.test").read());
    EXPECT_FALSE(Message("a.test").cname("a.test", "a.test").read());
}

TEST(DnsAnswer, IPv4AsIPv6IsNone) {
    std::vector<std::uint8_t> mapped(16);
    mapped[10] = mapped[11] = 0xff;
    mapped[12] = 10;
    EXPECT_THAT(Message("a.test", kAaaa).record("a.test", kAaaa, 60, mapped).read()->addresses,
                IsEmpty());
}

TEST(DnsAnswer, TtlsAreWithinReason) {
    EXPECT_EQ(Message("a.test").a("a.test", "203.0.113.7", 0x80000000).read()->ttl, Seconds(0));
    EXPECT_EQ(Message("a.test").a("a.test", "203.0.113.7", 0x7fffffff).read()->ttl,
              std::chrono::weeks(1));
}

TEST(DnsAnswer, HasNoMoreAddressesThanAreTold) {
    Message message("a.test");
    for (int i = 0; i < 200; ++i)
        message.a("a.test", "203.0.113." + std::to_string(i));
    EXPECT_THAT(message.read()->addresses, SizeIs(ipc::kMostAnswerAddresses));
}

TEST(DnsAnswer, OthersAreRefused) {
    const auto good = [] { return Message("a.test").a("a.test", "203.0.113.7"); };
    ASSERT_TRUE(good().read());
    EXPECT_FALSE(good().set(2, 0x01).read()) << "a query";
    EXPECT_FALSE(good().set(2, 0x83).read()) << "truncated";
    EXPECT_FALSE(good().set(2, 0xa1).read()) << "another operation";
    EXPECT_FALSE(good().set(3, 0x83).read()) << "no such name";
    EXPECT_FALSE(good().set(5, 0).read()) << "no question";
    EXPECT_FALSE(good().set(5, 2).read()) << "two questions";
    EXPECT_FALSE(Message("a.test", kHttps).a("a.test", "203.0.113.7").read()) << "another type";
    EXPECT_FALSE(Message("a.test", kA, 3).a("a.test", "203.0.113.7").read()) << "another class";
    EXPECT_FALSE(Message("").a("", "203.0.113.7").read()) << "the root";
    EXPECT_FALSE(Message("a b.test").a("a b.test", "203.0.113.7").read()) << "a blank";
    EXPECT_FALSE(Message("a\\.test").a("a\\.test", "203.0.113.7").read()) << "an escape";
    EXPECT_FALSE(read_dns_answer({}));
    const Message message = good();
    for (std::size_t size = 0; size < message.bytes().size(); ++size)
        EXPECT_FALSE(read_dns_answer(std::span(message.bytes()).first(size))) << size;
}

TEST(NameAnswer, SurvivesTheWayAndIsChecked) {
    const ipc::NameAnswer answer{.name = "pay.example.com",
                                 .ttl = Seconds(60),
                                 .addresses = {ip("203.0.113.7"), ip("2001:db8::7")}};
    EXPECT_EQ(ipc::decode_name_answer(ipc::encode(answer)).value(), answer);
    EXPECT_EQ(ipc::decode_name_answer(ipc::encode(ipc::NameAnswer{})).value(), ipc::NameAnswer{});
    ipc::NameAnswer many = answer;
    many.addresses.resize(ipc::kMostAnswerAddresses + 1);
    EXPECT_FALSE(ipc::decode_name_answer(ipc::encode(many)));
    for (const char* text : {"", "{}", "[]", R"({"name":"a.test","ttl":1})",
                             R"({"name":"a.test","ttl":-1,"addresses":[]})",
                             R"({"name":"A.test","ttl":1,"addresses":[]})",
                             R"({"name":"a.test","ttl":1,"addresses":["x"]})",
                             R"({"name":"a.test","ttl":1,"addresses":[7]})",
                             R"({"name":"a.test","ttl":1,"addresses":{}})",
                             R"({"name":"a.test","ttl":1,"addresses":[],"more":1})"})
        EXPECT_FALSE(ipc::decode_name_answer(text)) << text;
}

}  // namespace
}  // namespace portal::responder
