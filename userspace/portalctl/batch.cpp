// batch: many commands over one connection.
#include <fcntl.h>

#include <string>

#include "base/text.h"
#include "base/unique_fd.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"
#include "portalctl/parse.h"
#include "portalctl/run.h"
#include "portalctl/words.h"

namespace portal::portalctl {

namespace {

Outcome<Exit> run_line(Context& context, const std::string& line) {
    TRY_ASSIGN(const auto words, split_words(line));
    if (words.empty()) return Exit::done;
    TRY_ASSIGN(const Invocation invocation, parse(objects(), words, OptionSet::of_command));
    if (invocation.command && !invocation.command->in_batch)
        return stop(Exit::failed, std::string(invocation.object->name) + " cannot stand in a batch",
                    "give it as a command of its own");
    return carry_out(context, invocation);
}

Outcome<Exit> run_lines(Context& context, LineReader& lines, const std::string& name) {
    for (std::size_t number = 1;; ++number) {
        const std::string place = name + ":" + std::to_string(number) + ": ";
        auto line = lines.next();
        if (!line) return stop(Exit::failed, place + line.error().what, line.error().hint);
        if (!*line) return Exit::done;
        auto result = run_line(context, **line);
        // Each answer is there before the next command is asked for.
        context.out.flush();
        if (!result) {
            Failure failure = std::move(result).error();
            failure.what = place + failure.what;
            if (failure.exit == Exit::usage) failure.exit = Exit::failed;
            return std::unexpected(std::move(failure));
        }
        if (*result != Exit::done)
            return stop(*result, place + "the command found something wrong");
    }
}

Outcome<Exit> file(Context& context, const Invocation& invocation) {
    const std::string& name = invocation.arguments[0];
    if (name == "-") return run_lines(context, context.in, "standard input");
    const UniqueFd fd(open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd) return std::unexpected(fail_errno("cannot open " + printable(name, 4096)).error());
    LineReader lines(fd.get());
    return run_lines(context, lines, printable(name, 4096));
}

constexpr Argument kFile[] = {{"FILE|-", true, Completes::files}};

constexpr Command kCommands[] = {
    {.name = "file",
     .about = "Carry out one command a line, until one fails; - is standard input.",
     .run = file,
     .arguments = kFile,
     .in_batch = false},
};

}  // namespace

const Object kBatch{"batch", "many commands over one connection", kCommands};

}  // namespace portal::portalctl
