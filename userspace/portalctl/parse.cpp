#include "portalctl/parse.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace portal::portalctl {

namespace {

std::string quoted(std::string_view word) {
    return "\"" + printable(word) + "\"";
}

template <typename Named>
std::string names_of(const Named& range) {
    std::string names;
    for (const auto& name : range)
        names += (names.empty() ? "" : ", ") + std::string(name);
    return names;
}

class Parser {
  public:
    Parser(std::span<const Object* const> objects, std::span<const std::string> words,
           OptionSet options)
        : objects_(objects),
          words_(words),
          global_options_(options == OptionSet::all ? std::span<const Option>(kGlobalOptions)
                                                    : std::span<const Option>()) {}

    Outcome<Invocation> parse() {
        bool options_ended = false;
        while (next_ < words_.size()) {
            const std::string& word = words_[next_++];
            if (options_ended || word.size() < 2 || word[0] != '-') {
                TRY(take_word(word));
            } else if (word == "--") {
                options_ended = true;
            } else if (word[1] == '-') {
                TRY(take_long_option(word));
            } else {
                TRY(take_letters(word));
            }
        }
        TRY(finish());
        return std::move(invocation_);
    }

  private:
    using Wish = Invocation::Wish;
    using Step = Outcome<void>;

    std::unexpected<Failure> misuse(std::string what, std::string hint = {}) const {
        if (hint.empty()) {
            hint = invocation_.object
                       ? "see: portalctl " + std::string(invocation_.object->name) + " help"
                       : "see: portalctl help";
        }
        return stop(Exit::usage, std::move(what), std::move(hint));
    }

    Step take_word(const std::string& word) {
        if (!invocation_.object) return take_object(word);
        const bool whole_object = !invocation_.command || invocation_.command->name.empty();
        if (word == "help" && whole_object && invocation_.wish == Wish::run) {
            invocation_.wish = Wish::help;
            return {};
        }
        if (!invocation_.command) return take_command(word);
        const auto& arguments = invocation_.command->arguments;
        const bool more = !arguments.empty() && arguments.back().repeats;
        if (!more && invocation_.arguments.size() == arguments.size())
            return misuse("unexpected argument " + quoted(word));
        invocation_.arguments.push_back(word);
        return {};
    }

    Step take_object(const std::string& word) {
        if (word == "help" && invocation_.wish == Wish::run) {
            invocation_.wish = Wish::help;
            return {};
        }
        const auto found = std::ranges::find(objects_, word, [](auto* o) { return o->name; });
        if (found == objects_.end()) {
            std::vector<std::string_view> names;
            for (const Object* object : objects_)
                names.push_back(object->name);
            return misuse(quoted(word) + " is not an object", "objects are " + names_of(names));
        }
        invocation_.object = *found;
        if ((*found)->commands.front().name.empty())
            invocation_.command = &(*found)->commands.front();
        return {};
    }

    Step take_command(const std::string& word) {
        invocation_.command = invocation_.object->find(word);
        if (invocation_.command) return {};
        std::vector<std::string_view> names;
        for (const Command& command : invocation_.object->commands)
            names.push_back(command.name);
        return misuse(
            quoted(word) + " is not a command of " + std::string(invocation_.object->name),
            "commands are " + names_of(names));
    }

    // The option of that name, of the command so far or of the program.
    const Option* find_option(std::string_view name) const {
        if (invocation_.command) {
            for (const Option& option : invocation_.command->options)
                if (option.name == name) return &option;
        }
        for (const Option& option : global_options_)
            if (option.name == name) return &option;
        return nullptr;
    }

    Step take_long_option(std::string_view word) {
        const std::size_t equals = word.find('=');
        const std::string_view name = word.substr(0, equals);
        const Option* option = find_option(name);
        if (!option) return misuse("unknown option " + quoted(name));
        std::optional<std::string> value;
        if (equals != std::string_view::npos) value = word.substr(equals + 1);
        if (value && option->value.empty())
            return misuse("option " + std::string(name) + " takes no value");
        return take_option(*option, std::move(value));
    }

    // "-jp", "-s PATH", "-sPATH".
    Step take_letters(std::string_view word) {
        for (word.remove_prefix(1); !word.empty();) {
            const char letter = word.front();
            word.remove_prefix(1);
            const auto option = std::ranges::find(global_options_, letter, &Option::letter);
            if (option == global_options_.end())
                return misuse("unknown option " + quoted(std::string{'-', letter}));
            std::optional<std::string> value;
            if (!option->value.empty() && !word.empty()) value = std::exchange(word, {});
            TRY(take_option(*option, std::move(value)));
        }
        return {};
    }

    Step take_option(const Option& option, std::optional<std::string> value) {
        if (!option.value.empty() && !value) {
            if (next_ == words_.size())
                return misuse("option " + std::string(option.name) + " needs a value, " +
                              std::string(option.value));
            value = words_[next_++];
        }
        if (option.name == "--json") {
            if (invocation_.format == Format::plain) invocation_.format = Format::json;
        } else if (option.name == "--pretty") {
            invocation_.format = Format::pretty;
        } else if (option.name == "--socket") {
            invocation_.socket = std::move(*value);
        } else if (option.name == "--version") {
            invocation_.wish = Wish::version;
        } else if (option.name == "--help") {
            invocation_.wish = Wish::help;
        } else {
            if (invocation_.option(option.name))
                return misuse("option " + std::string(option.name) + " is given twice");
            invocation_.options.emplace_back(option.name, std::move(value).value_or(""));
        }
        return {};
    }

    Step finish() {
        if (invocation_.wish != Wish::run) return {};
        if (!invocation_.object) return misuse("no object is given");
        if (!invocation_.command) invocation_.command = invocation_.object->default_command();
        const std::string object(invocation_.object->name);
        if (!invocation_.command) return misuse(object + " needs a command");
        const auto& arguments = invocation_.command->arguments;
        const std::size_t given = invocation_.arguments.size();
        if (given < arguments.size() && arguments[given].required)
            return misuse(object + " " + std::string(invocation_.command->name) + " needs " +
                          std::string(arguments[given].name));
        return {};
    }

    std::span<const Object* const> objects_;
    std::span<const std::string> words_;
    std::span<const Option> global_options_;
    std::size_t next_ = 0;
    Invocation invocation_;
};

}  // namespace

const std::string* Invocation::argument(std::size_t index) const {
    return index < arguments.size() ? &arguments[index] : nullptr;
}

const std::string* Invocation::option(std::string_view name) const {
    for (const auto& [given, value] : options)
        if (given == name) return &value;
    return nullptr;
}

Outcome<Invocation> parse(std::span<const Object* const> objects,
                          std::span<const std::string> words, OptionSet options) {
    return Parser(objects, words, options).parse();
}

Format requested_format(std::span<const std::string> words) {
    Format format = Format::plain;
    for (const std::string& word : words) {
        if (word == "--") break;
        const bool letters = word.size() > 1 && word[0] == '-' && word[1] != '-' && word[1] != 's';
        if (word == "--pretty" || (letters && word.contains('p'))) return Format::pretty;
        if (word == "--json" || (letters && word.contains('j'))) format = Format::json;
    }
    return format;
}

}  // namespace portal::portalctl
