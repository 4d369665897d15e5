#include "responder/probe_policy.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>

#include "base/log.h"
#include "http/method.h"
#include "responder/assets.h"

namespace portal::responder {

namespace json = boost::json;

namespace {

constexpr const char* kAssetName = "probes.json";
constexpr std::string_view kAnyHost = "*";

std::unexpected<Error> fault(std::string_view client, std::string_view what) {
    return fail(ErrorCode::invalid, "probe \"" + std::string(client) + "\": " + std::string(what));
}

// A member that must be a string with something in it; empty if it is not.
std::string text(const json::object& row, json::string_view name) {
    const json::value* value = row.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
}

// A member that must be a list of such strings; empty if it is not.
std::vector<std::string> texts(const json::object& row, json::string_view name) {
    const json::value* value = row.if_contains(name);
    if (!value || !value->is_array()) return {};
    std::vector<std::string> list;
    for (const json::value& entry : value->get_array()) {
        if (!entry.is_string() || entry.get_string().empty()) return {};
        list.emplace_back(entry.get_string().c_str());
    }
    return list;
}

bool is_host(std::string_view host) {
    return host == kAnyHost || std::ranges::all_of(host, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
           });
}

// A '*' stands nowhere but at the end, after a '/'.
bool is_path(std::string_view path) {
    if (!path.starts_with('/')) return false;
    const std::size_t star = path.find('*');
    return star == std::string_view::npos || (star + 1 == path.size() && path[star - 1] == '/');
}

std::optional<ProbeAnswer> parse_answer(std::string_view text) {
    if (text == "302") return ProbeAnswer::found;
    if (text == "511") return ProbeAnswer::network_authentication_required;
    return std::nullopt;
}

bool is_member(json::string_view name) {
    constexpr std::array<json::string_view, 6> known = {"client",     "hosts",  "paths",
                                                        "user_agent", "answer", "source"};
    return std::ranges::find(known, name) != known.end();
}

}  // namespace

bool ProbePolicy::Row::matches(std::string_view path, std::string_view agent) const {
    if (agent.find(user_agent) == std::string_view::npos) return false;
    return std::ranges::any_of(paths, [&](std::string_view pattern) {
        if (!pattern.ends_with('*')) return path == pattern;
        return path.starts_with(pattern.substr(0, pattern.size() - 1));
    });
}

Result<ProbePolicy> ProbePolicy::parse(std::string_view text_of_table) {
    boost::system::error_code error;
    const json::value table =
        json::parse(json::string_view(text_of_table.data(), text_of_table.size()), error);
    if (error || !table.is_array()) return fail(ErrorCode::invalid, "not a list of probes");

    std::multimap<std::string, std::shared_ptr<const Row>, std::less<>> rows;
    for (const json::value& entry : table.get_array()) {
        if (!entry.is_object()) return fault("", "not an object");
        const json::object& object = entry.get_object();
        const std::string client = text(object, "client");
        if (client.empty()) return fault("", "no client");
        for (const auto& member : object)
            if (!is_member(member.key())) return fault(client, "an unknown member");
        if (text(object, "source").empty()) return fault(client, "no source");
        const std::vector<std::string> hosts = texts(object, "hosts");
        const std::vector<std::string> paths = texts(object, "paths");
        const std::string agent = text(object, "user_agent");
        const auto answer = parse_answer(text(object, "answer"));
        if (!answer) return fault(client, "the answer is neither 302 nor 511");
        if (hosts.empty() || !std::ranges::all_of(hosts, is_host))
            return fault(client, "hosts are lower-case names, or \"*\"");
        if (paths.empty() || !std::ranges::all_of(paths, is_path))
            return fault(client, "paths begin with '/'; '*' is a whole last part");
        if (object.contains("user_agent") && agent.empty())
            return fault(client, "the user agent is empty");
        if (agent.empty() && std::ranges::find(hosts, kAnyHost) != hosts.end())
            return fault(client, "any host needs a user agent");

        const auto row = std::make_shared<const Row>(Row{paths, agent, *answer});
        for (const std::string& host : hosts)
            rows.emplace(host, row);
    }
    return ProbePolicy(std::move(rows));
}

ProbePolicy::ProbePolicy() {
    Result<ProbePolicy> parsed = parse(asset(kAssetName));
    if (!parsed) {
        spdlog::critical("asset {}: {}", kAssetName, parsed.error().what);
        std::abort();
    }
    *this = std::move(*parsed);
}

std::optional<ProbeAnswer> ProbePolicy::match(const http::Request& request,
                                              const http::Target& target) const {
    if (!http::is_read(request.method())) return std::nullopt;
    const http::Authority& authority = target.authority;
    if (target.scheme != "http" || (!authority.port.empty() && authority.port != "80"))
        return std::nullopt;
    std::string_view host = authority.host;
    if (host.ends_with('.')) host.remove_suffix(1);
    const auto field = request[http::Field::user_agent];
    const std::string_view agent(field.data(), field.size());
    if (const auto answer = match(host, target.path, agent)) return answer;
    return match(kAnyHost, target.path, agent);
}

std::optional<ProbeAnswer> ProbePolicy::match(std::string_view host, std::string_view path,
                                              std::string_view agent) const {
    const auto [first, last] = rows_.equal_range(host);
    const auto entry = std::find_if(
        first, last, [&](const auto& candidate) { return candidate.second->matches(path, agent); });
    if (entry == last) return std::nullopt;
    return entry->second->answer;
}

}  // namespace portal::responder
