// From words to an invocation, by the grammar's tables.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portalctl/grammar.h"
#include "portalctl/outcome.h"

namespace portal::portalctl {

enum class Format { plain, json, pretty };

struct Invocation {
    enum class Wish { run, help, version };

    Wish wish = Wish::run;
    Format format = Format::plain;
    std::string socket{kDefaultSocket};
    const Object* object = nullptr;    // null: help or version of the whole
    const Command* command = nullptr;  // set when the wish is run
    std::vector<std::string> arguments;
    std::vector<std::pair<std::string_view, std::string>> options;  // by name; flags are ""

    // The argument at `index`, or null if it was not given.
    const std::string* argument(std::size_t index) const;
    // The value of the option `name` ("--timeout"), or null if it was not given.
    const std::string* option(std::string_view name) const;
};

// Which options may stand among the words.
enum class OptionSet { all, of_command };

// Options may stand anywhere, those of a command after its name; "--" ends them. The values of
// arguments are not judged. The failure's exit is Exit::usage.
Outcome<Invocation> parse(std::span<const Object* const> objects,
                          std::span<const std::string> words, OptionSet options = OptionSet::all);

// The format that `words` ask for, whether or not they parse.
Format requested_format(std::span<const std::string> words);

}  // namespace portal::portalctl
