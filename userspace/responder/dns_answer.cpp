#include "responder/dns_answer.h"

#include <arpa/nameser.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace portal::responder {

namespace {

// Resolvers give up at such lengths as well.
constexpr int kMostAliases = 16;
// No name is to be asked for again only after longer; and no sum of times overflows.
constexpr std::uint32_t kLongestTtl = 7 * 24 * 3600;

struct Record {
    std::string owner;
    int type = 0;
    std::uint32_t ttl = 0;
    std::string target;  // of a CNAME
    IpAddress address;   // of A and AAAA
};

std::string lower(std::string_view name) {
    std::string text(name);
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

// RFC 2181 §8: with the highest bit set, it is none.
std::uint32_t ttl_of(const ns_rr& record) {
    const std::uint32_t ttl = ns_rr_ttl(record);
    return ttl > INT32_MAX ? 0 : std::min(ttl, kLongestTtl);
}

std::optional<std::string> target_of(const ns_msg& message, const ns_rr& record) {
    std::array<char, NS_MAXDNAME> name{};
    if (ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record),
                           name.data(), name.size()) < 0)
        return std::nullopt;
    return lower(name.data());
}

std::optional<IpAddress> address_of(const ns_rr& record) {
    const std::span data(ns_rr_rdata(record), ns_rr_rdlen(record));
    if (ns_rr_type(record) == ns_t_a && data.size() == 4) return IpAddress::v4(data.first<4>());
    if (ns_rr_type(record) != ns_t_aaaa || data.size() != 16) return std::nullopt;
    const IpAddress address = IpAddress::v6(data.first<16>());
    if (address.is_v4()) return std::nullopt;
    return address;
}

// Those of use, in their order.
std::optional<std::vector<Record>> records_of(ns_msg& message) {
    std::vector<Record> records;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
        ns_rr raw;
        if (ns_parserr(&message, ns_s_an, i, &raw) != 0) return std::nullopt;
        if (ns_rr_class(raw) != ns_c_in) continue;
        Record record{.owner = lower(ns_rr_name(raw)), .type = ns_rr_type(raw), .ttl = ttl_of(raw)};
        if (record.type == ns_t_cname) {
            auto target = target_of(message, raw);
            if (!target) return std::nullopt;
            record.target = *std::move(target);
        } else if (const auto address = address_of(raw)) {
            record.address = *address;
        } else {
            continue;
        }
        records.push_back(std::move(record));
    }
    return records;
}

const Record* alias_of(const std::vector<Record>& records, std::string_view name) {
    const auto found = std::ranges::find_if(records, [&](const Record& record) {
        return record.type == ns_t_cname && record.owner == name;
    });
    return found == records.end() ? nullptr : &*found;
}

bool is_answer(const ns_msg& message) {
    return ns_msg_getflag(message, ns_f_qr) == 1 &&
           ns_msg_getflag(message, ns_f_opcode) == ns_o_query &&
           ns_msg_getflag(message, ns_f_tc) == 0 &&
           ns_msg_getflag(message, ns_f_rcode) == ns_r_noerror &&
           ns_msg_count(message, ns_s_qd) == 1;
}

}  // namespace

std::optional<ipc::NameAnswer> read_dns_answer(std::span<const std::uint8_t> message) {
    ns_msg parsed;
    ns_rr question;
    if (ns_initparse(message.data(), static_cast<int>(message.size()), &parsed) != 0 ||
        !is_answer(parsed) || ns_parserr(&parsed, ns_s_qd, 0, &question) != 0 ||
        ns_rr_class(question) != ns_c_in ||
        (ns_rr_type(question) != ns_t_a && ns_rr_type(question) != ns_t_aaaa))
        return std::nullopt;
    ipc::NameAnswer answer{.name = lower(ns_rr_name(question)), .ttl = {}, .addresses = {}};
    if (answer.name == "." || !ipc::is_answer_name(answer.name)) return std::nullopt;
    const auto records = records_of(parsed);
    if (!records) return std::nullopt;

    std::string name = answer.name;
    std::uint32_t ttl = kLongestTtl;
    int aliases = 0;
    while (const Record* alias = alias_of(*records, name)) {
        if (++aliases > kMostAliases) return std::nullopt;
        ttl = std::min(ttl, alias->ttl);
        name = alias->target;
    }
    for (const Record& record : *records) {
        if (record.type == ns_t_cname || record.owner != name) continue;
        if (answer.addresses.size() == ipc::kMostAnswerAddresses) break;
        ttl = std::min(ttl, record.ttl);
        answer.addresses.push_back(record.address);
    }
    answer.ttl = Seconds(ttl);
    return answer;
}

}  // namespace portal::responder
