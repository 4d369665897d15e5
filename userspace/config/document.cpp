#include "config/document.h"

#include <toml++/toml.h>
#include <algorithm>
#include <utility>

#include "base/text.h"

namespace portal::config {

namespace {

// toml++ nests a table for each dot of a key, and recurses to free them. A key stands on one line.
constexpr std::size_t kLongestLine = 8192;

// policies.NAME.key = [ "…" ]: what lies deeper is ill-typed whatever it holds.
constexpr unsigned kDeepest = 4;

Node::Type type_of(const toml::node& source) {
    switch (source.type()) {
        case toml::node_type::string:
            return Node::Type::string;
        case toml::node_type::integer:
            return Node::Type::integer;
        case toml::node_type::floating_point:
            return Node::Type::floating;
        case toml::node_type::boolean:
            return Node::Type::boolean;
        case toml::node_type::array:
            return Node::Type::array;
        case toml::node_type::table:
            return Node::Type::table;
        default:
            return Node::Type::time;
    }
}

Node convert(const toml::node& source, std::string_view key, unsigned depth) {
    Node node;
    node.type = type_of(source);
    node.line = std::max<unsigned>(source.source().begin.line, 1);
    node.key = key;
    if (const auto* boolean = source.as_boolean()) node.boolean = boolean->get();
    if (const auto* integer = source.as_integer()) node.integer = integer->get();
    if (const auto* text = source.as_string()) node.text = text->get();
    if (depth == kDeepest) return node;
    if (const auto* array = source.as_array())
        for (const toml::node& item : *array)
            node.children.push_back(convert(item, key, depth + 1));
    if (const auto* table = source.as_table())
        for (const auto& [name, item] : *table)
            node.children.push_back(convert(item, name.str(), depth + 1));
    // toml++ sorts a table by key.
    std::ranges::stable_sort(node.children, {}, &Node::line);
    return node;
}

}  // namespace

const Node* Node::find(std::string_view name) const {
    if (type != Type::table) return nullptr;
    const auto found = std::ranges::find(children, name, &Node::key);
    return found == children.end() ? nullptr : &*found;
}

std::string_view Node::type_name() const {
    switch (type) {
        case Type::string:
            return "a string";
        case Type::integer:
            return "an integer";
        case Type::floating:
            return "a number with a fraction";
        case Type::boolean:
            return "a boolean";
        case Type::time:
            return "a date or time";
        case Type::array:
            return "a list";
        case Type::table:
            return "a table";
    }
    std::unreachable();
}

std::string Node::shown() const {
    if (type == Type::string) return "\"" + printable(text) + "\"";
    return std::string(type_name());
}

std::expected<Node, SyntaxError> parse_document(std::string_view text) {
    unsigned line = 1;
    for (std::string_view rest = text; !rest.empty(); ++line) {
        const std::size_t length = std::min(rest.find('\n'), rest.size());
        if (length > kLongestLine)
            return std::unexpected(SyntaxError{line, "expected a line of at most " +
                                                         std::to_string(kLongestLine) +
                                                         " bytes, got " + std::to_string(length)});
        rest.remove_prefix(std::min(length + 1, rest.size()));
    }
    try {
        return convert(toml::parse(text), {}, 0);
    } catch (const toml::parse_error& error) {
        return std::unexpected(SyntaxError{std::max<unsigned>(error.source().begin.line, 1),
                                           printable(error.description(), 512)});
    }
}

}  // namespace portal::config
