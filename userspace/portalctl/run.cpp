#include "portalctl/run.h"

#include <exception>
#include <utility>

#include "portalctl/api_client.h"
#include "portalctl/line_reader.h"
#include "portalctl/objects.h"
#include "portalctl/output.h"
#include "portalctl/usage.h"

namespace portal::portalctl {

namespace {

Exit run_parsed(const Invocation& invocation, int input, Output& output) {
    ApiClient api(invocation.socket);
    LineReader in(input);
    Context context{api, output, in};
    const Outcome<Exit> result = carry_out(context, invocation);
    if (!result) output.failure(result.error());
    return result ? *result : result.error().exit;
}

}  // namespace

Outcome<Exit> carry_out(Context& context, const Invocation& invocation) {
    switch (invocation.wish) {
        case Invocation::Wish::version:
            context.out.answer(json::object{{"version", PORTAL_VERSION}},
                               "portalctl " PORTAL_VERSION);
            return Exit::done;
        case Invocation::Wish::help: {
            const std::string text =
                invocation.object ? usage(*invocation.object) : usage(objects());
            context.out.answer(json::object{{"usage", text}}, text.substr(0, text.size() - 1));
            return Exit::done;
        }
        case Invocation::Wish::run:
            return invocation.command->run(context, invocation);
    }
    std::unreachable();
}

Exit run(std::span<const std::string> words, int input, std::ostream& out, std::ostream& err) {
    Output output(requested_format(words), out, err);
    Exit exit = Exit::failed;
    try {
        const auto invocation = parse(objects(), words);
        if (invocation) {
            Output chosen(invocation->format, out, err);
            exit = run_parsed(*invocation, input, chosen);
        } else {
            output.failure(invocation.error());
            exit = invocation.error().exit;
        }
    } catch (const std::exception& error) {
        output.failure(Failure(error.what(), "", Exit::failed));
    }
    output.flush();
    if (!output.good()) {
        err << "Error: the output could not be written\n";
        return Exit::failed;
    }
    return exit;
}

}  // namespace portal::portalctl
