#include "portalctl/words.h"

#include <cstddef>
#include <optional>

namespace portal::portalctl {

Result<std::vector<std::string>> split_words(std::string_view line) {
    std::vector<std::string> words;
    std::optional<std::string> word;  // the one begun
    char quote = '\0';
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != '\0') {
            if (c == quote) {
                quote = '\0';
            } else if (quote == '"' && c == '\\' && i + 1 < line.size() &&
                       (line[i + 1] == '"' || line[i + 1] == '\\')) {
                *word += line[++i];
            } else {
                *word += c;
            }
        } else if (c == ' ' || c == '\t') {
            if (word) words.push_back(*std::move(word));
            word.reset();
        } else if (c == '#' && !word) {
            break;
        } else {
            if (!word) word.emplace();
            if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '\\') {
                if (++i == line.size())
                    return fail(ErrorCode::invalid, "nothing follows the last backslash");
                *word += line[i];
            } else {
                *word += c;
            }
        }
    }
    if (quote != '\0')
        return fail(ErrorCode::invalid, std::string("a quote ") + quote + " is not closed");
    if (word) words.push_back(*std::move(word));
    return words;
}

}  // namespace portal::portalctl
