// A TOML file as a tree of nodes that know their line. Keeps toml++ inside one source file.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace portal::config {

struct Node {
    enum class Type { string, integer, floating, boolean, time, array, table };

    Type type = Type::table;
    unsigned line = 1;
    std::string key;  // its name in the table around it
    bool boolean = false;
    std::int64_t integer = 0;
    std::string text;
    std::vector<Node> children;  // of an array or a table, in the order of the file

    const Node* find(std::string_view name) const;
    // For a message: "an integer".
    std::string_view type_name() const;
    // For a message: a string as it is written, anything else by its type.
    std::string shown() const;
};

struct SyntaxError {
    unsigned line = 1;
    std::string text;
};

// The root table.
std::expected<Node, SyntaxError> parse_document(std::string_view text);

}  // namespace portal::config
