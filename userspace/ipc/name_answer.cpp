#include "ipc/name_answer.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "ipc/members.h"
#include "ipc/protocol.h"

namespace portal::ipc {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestName = 253;  // RFC 1035 §2.3.4, as text
constexpr std::size_t kDeepestNesting = 2;

}  // namespace

bool is_answer_name(std::string_view name) {
    return name.size() <= kLongestName && std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                      c == '.';
           });
}

std::string encode(const NameAnswer& answer) {
    json::array addresses;
    for (const IpAddress& address : answer.addresses)
        addresses.emplace_back(address.to_string());
    return json::serialize(json::object{
        {"name", answer.name}, {"ttl", answer.ttl.count()}, {"addresses", std::move(addresses)}});
}

Result<NameAnswer> decode_name_answer(std::string_view text) {
    if (text.size() > kLargestMessage) return fail(ErrorCode::invalid, "the message is too long");
    json::parse_options options;
    options.max_depth = kDeepestNesting;
    boost::system::error_code error;
    const json::value value = json::parse({text.data(), text.size()}, error, {}, options);
    if (error || !value.is_object())
        return fail(ErrorCode::invalid, "the message is not a JSON object");
    Members members(value.get_object());
    NameAnswer answer;
    answer.name = members.text("name", kLongestName);
    if (!is_answer_name(answer.name)) members.fault("name", "is no host's");
    answer.ttl = members.seconds("ttl");
    answer.addresses = members.addresses("addresses", kMostAnswerAddresses);
    TRY(members.finish());
    return answer;
}

}  // namespace portal::ipc
