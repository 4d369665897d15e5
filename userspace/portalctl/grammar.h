// The command language as data: objects, their commands, and what each takes. Parsing, usage
// text, the man page's test and the completion's test all go by these tables.
#pragma once

#include <span>
#include <string_view>

#include "portalctl/outcome.h"

namespace portal::portalctl {

struct Context;
struct Invocation;

// Carries a command out. The failure is not reported yet when it returns.
using Handler = Outcome<Exit> (*)(Context&, const Invocation&);

// What the shell can offer for a word.
enum class Completes { nothing, clients, files };

struct Argument {
    std::string_view name;  // "MAC"
    bool required = true;   // the optional ones stand last
    Completes completes = Completes::nothing;
    bool repeats = false;  // any number of them; the last argument only
};

struct Option {
    std::string_view name;   // "--timeout"
    std::string_view value;  // "DURATION"; empty: a flag
    std::string_view about;
    char letter = '\0';  // 'j' for -j; none for most
};

struct Command {
    std::string_view name;  // empty: the object is itself the command
    std::string_view about;
    Handler run = nullptr;
    std::span<const Argument> arguments = {};
    std::span<const Option> options = {};
    bool in_batch = true;

    // "list" is another word for "show".
    bool answers_to(std::string_view word) const {
        return word == name || (name == "show" && word == "list");
    }
};

struct Object {
    std::string_view name;
    std::string_view about;
    std::span<const Command> commands;

    // The command that `word` names, or null.
    const Command* find(std::string_view word) const;
    // What the object's name alone means: its show, or its only command if that needs no
    // argument; else null.
    const Command* default_command() const;
};

inline constexpr Option kGlobalOptions[] = {
    {"--json", "", "data as JSON on standard output, and nothing else", 'j'},
    {"--pretty", "", "the same, indented", 'p'},
    {"--socket", "PATH", "the daemon's socket, by default /run/xdp-portal/portald.sock", 's'},
    {"--version", "", "print the version", 'V'},
    {"--help", "", "print this, or the help of the object", 'h'},
};

inline constexpr std::string_view kDefaultSocket = "/run/xdp-portal/portald.sock";

}  // namespace portal::portalctl
