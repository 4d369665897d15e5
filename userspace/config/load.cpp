#include "config/load.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "config/diagnostics.h"
#include "config/document.h"
#include "config/keys.h"
#include "config/suggestion.h"
#include "config/syntax.h"

namespace portal::config {

namespace {

std::string dotted(std::string_view section, std::string_view name) {
    return std::string(section) + "." + std::string(name);
}

void add_unknown(Diagnostics& faults, std::string_view dotted_key, const Node& node,
                 std::string_view thing, const std::vector<std::string_view>& known) {
    std::string text = "unknown " + std::string(thing) + "; expected one of ";
    for (std::size_t i = 0; i < known.size(); ++i)
        text += (i == 0 ? "" : ", ") + std::string(known[i]);
    if (const auto meant = closest(node.key, known))
        text += "; did you mean \"" + std::string(*meant) + "\"?";
    faults.add(dotted_key, {node.line, std::move(text)});
}

// The sections within `section`, by their last names.
template <typename Owner>
std::vector<std::string_view> sections_in(std::string_view section,
                                          std::span<const Key<Owner>> keys) {
    std::vector<std::string_view> names;
    for (const auto& key : keys) {
        std::string_view name = key.section;
        if (name.size() <= section.size() + 1 || !name.starts_with(section) ||
            name[section.size()] != '.')
            continue;
        name.remove_prefix(section.size() + 1);
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    return names;
}

// Reads the keys of one table into `owner`: those of `keys` that stand in `section`, or in a
// section of it.
template <typename Owner>
void read_table(const Node& table, std::string_view section, std::string_view place,
                std::span<const Key<Owner>> keys, Owner& owner, Diagnostics& faults) {
    if (table.type != Node::Type::table) {
        faults.add(place, {table.line, "expected a table of keys, got " + table.shown()});
        return;
    }
    std::vector<std::string_view> known;
    for (const auto& key : keys)
        if (key.section == section) known.push_back(key.name);
    const std::vector<std::string_view> inner = sections_in(section, keys);
    known.insert(known.end(), inner.begin(), inner.end());
    for (const Node& node : table.children) {
        if (std::ranges::find(inner, node.key) != inner.end()) {
            read_table(node, dotted(section, node.key), dotted(place, node.key), keys, owner,
                       faults);
            continue;
        }
        const auto key = std::ranges::find_if(
            keys, [&](const auto& k) { return k.section == section && k.name == node.key; });
        if (key == keys.end())
            add_unknown(faults, dotted(place, node.key), node, "key", known);
        else if (auto fault = key->decode(node, owner))
            faults.add(dotted(place, node.key), *std::move(fault));
    }
}

void read_policies(const Node& table, Config& config, Diagnostics& faults) {
    if (table.type != Node::Type::table) {
        faults.add(kPolicies, {table.line,
                               "expected tables such as [policies.default], got " + table.shown()});
        return;
    }
    for (const Node& node : table.children) {
        const std::string place = dotted(kPolicies, node.key);
        if (!is_policy_name(node.key))
            faults.add(place, {node.line,
                               "expected a name of 1 to 64 letters, digits, - and _, "
                               "got \"" +
                                   printable(node.key) + "\""});
        else
            read_table(node, kPolicies, place, policy_keys(), config.policies[node.key], faults);
    }
}

// The line of a key, or of what stands nearest around it.
unsigned line_of(const Node& root, std::string_view section, std::string_view name) {
    const Node* table = root.find(section);
    if (table == nullptr) return root.line;
    const Node* node = table->find(name);
    return node == nullptr ? table->line : node->line;
}

// The one key without a default.
void check_present(const Node& root, Diagnostics& faults) {
    const Node* gateway = root.find("gateway");
    if (gateway == nullptr ||
        (gateway->type == Node::Type::table && gateway->find("client_interfaces") == nullptr))
        faults.add("gateway.client_interfaces",
                   {line_of(root, "gateway", "client_interfaces"),
                    "expected the interfaces that clients are on, such as [\"eth1\"], got none"});
}

// TLS takes all three: clients that go by an address would be shown another's name.
template <typename Fault>
void check_tls(const Portal& portal, const Fault& fault) {
    if (portal.certificate.empty() && !portal.key.empty())
        fault("portal", "key", "expected portal.certificate beside it, got none");
    if (portal.certificate.empty()) return;
    if (portal.key.empty())
        fault("portal", "certificate", "expected portal.key beside it, got none");
    if (portal.hostname.empty())
        fault("portal", "certificate",
              "expected portal.hostname, the name it was issued for, got none");
}

// What no key can tell by itself.
void check_together(const Node& root, const Config& config, Diagnostics& faults) {
    const Gateway& gateway = config.gateway;
    const auto fault = [&](std::string_view section, std::string_view name, std::string text) {
        faults.add(dotted(section, name), {line_of(root, section, name), std::move(text)});
    };
    for (const std::string& name : gateway.uplink_interfaces)
        if (std::ranges::find(gateway.client_interfaces, name) != gateway.client_interfaces.end())
            fault("gateway", "uplink_interfaces",
                  "expected other interfaces than client_interfaces, got \"" + name + "\"");
    if ((gateway.mark & ~gateway.mark_mask) != 0)
        fault("gateway", "mark",
              "expected bits within mark_mask, got " + std::to_string(gateway.mark) +
                  " outside of " + std::to_string(gateway.mark_mask));
    if (config.portal.http_port == config.portal.https_port)
        fault("portal", "https_port",
              "expected another port than http_port, got " +
                  std::to_string(config.portal.https_port));
    check_tls(config.portal, fault);
}

// What sign-in by the venue's own application takes.
void check_remote(const Node& root, const Config& config, Diagnostics& faults) {
    // A section that is not there has no line; what asks for it has.
    const auto missing = [&](std::string_view name, std::string_view what) {
        const unsigned line = root.find("remote") == nullptr ? line_of(root, "sign_in", "methods")
                                                             : line_of(root, "remote", name);
        faults.add(dotted("remote", name),
                   {line, "expected " + std::string(what) +
                              ", since sign_in.methods has \"remote\"; got none"});
    };
    if (config.sign_in.allows(SignInMethod::remote)) {
        if (config.remote.url.empty()) missing("url", "the address of the venue's application");
        if (config.remote.secret_file.empty())
            missing("secret_file", "the file of the secret shared with the venue's application");
    }
    if (!config.remote.listen.empty() &&
        (config.portal.certificate.empty() || config.portal.key.empty()))
        faults.add("remote.listen",
                   {line_of(root, "remote", "listen"),
                    "expected portal.certificate and portal.key beside it, since it is served "
                    "over HTTPS alone; got none"});
}

// What the policies and those that name them say of each other.
void check_policies(const Node& root, const Config& config, Diagnostics& faults) {
    const Node* sign_in = root.find("sign_in");
    const Node* lists = sign_in == nullptr ? nullptr : sign_in->find("policies");
    for (const SignInMethod method : kSignInMethods) {
        const std::string_view name = to_string(method);
        const Node* list = lists == nullptr ? nullptr : lists->find(name);
        if (list == nullptr) continue;
        for (const Node& entry : list->children)
            if (!config.policies.contains(entry.text))
                faults.add(dotted("sign_in.policies", name),
                           {entry.line, "expected policies that are there, got \"" + entry.text +
                                            "\" without a section [policies." + entry.text + "]"});
    }
    // It is what applies where no other does.
    const Node* policies = root.find(kPolicies);
    const Node* fallback = policies == nullptr ? nullptr : policies->find(kDefaultPolicy);
    if (fallback == nullptr) return;
    const Policy& policy = config.policies.at(std::string(kDefaultPolicy));
    const auto fault = [&](std::string_view name) {
        const std::string place = dotted(dotted(kPolicies, kDefaultPolicy), name);
        faults.add(place, {fallback->find(name)->line,
                           "expected no condition on the policy that takes whoever no other does, "
                           "got one"});
    };
    if (!policy.vlans.empty()) fault("vlans");
    if (policy.hours) fault("hours");
}

}  // namespace

Result<Config> parse(std::string_view text, std::string_view name, const Directories& directories) {
    Diagnostics faults(name);
    const auto root = parse_document(text);
    if (!root) {
        faults.add({}, {root.error().line, root.error().text});
        return std::unexpected(faults.error());
    }
    std::vector<std::string_view> sections;
    for (const auto& key : config_keys())
        if (!key.section.contains('.') &&
            std::ranges::find(sections, key.section) == sections.end())
            sections.push_back(key.section);
    sections.push_back(kPolicies);

    Config config(directories);
    for (const Node& node : root->children) {
        if (node.key == kPolicies)
            read_policies(node, config, faults);
        else if (std::ranges::find(sections, node.key) != sections.end())
            read_table(node, node.key, node.key, config_keys(), config, faults);
        else
            add_unknown(faults, node.key, node,
                        node.type == Node::Type::table ? "section" : "key outside a section",
                        sections);
    }
    check_present(*root, faults);
    if (faults.empty()) {
        check_together(*root, config, faults);
        check_remote(*root, config, faults);
        check_policies(*root, config, faults);
    }
    if (!faults.empty()) return std::unexpected(faults.error());
    return config;
}

Result<Config> load_file(const std::filesystem::path& path, const Directories& directories) {
    auto text = read_file(path, kLargestFile);
    if (!text) {
        Error error = within(printable(path.string(), 4096), text.error());
        if (error.code == ErrorCode::not_found) error.hint = "name it with --config";
        return std::unexpected(std::move(error));
    }
    return parse(*text, path.string(), directories);
}

}  // namespace portal::config
