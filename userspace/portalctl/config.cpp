// config: portald's configuration.
#include "config/load.h"

#include <filesystem>

#include "base/text.h"
#include "portalctl/cells.h"
#include "portalctl/context.h"
#include "portalctl/objects.h"

namespace portal::portalctl {

namespace {

constexpr Column kSetting[] = {
    {"KEY", of<text, "key">},
    {"VALUE", of<text, "value">},
};

// The settings under `value`, each as {"key": "session.timeout", "value": …}.
void flatten(const std::string& key, const json::value& value, json::array& settings) {
    const json::object* section = value.if_object();
    if (!section) {
        settings.push_back(json::object{{"key", key}, {"value", value}});
        return;
    }
    for (const auto& [name, member] : *section)
        flatten((key.empty() ? key : key + ".") + std::string(name), member, settings);
}

Outcome<Exit> show(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::object config, context.api.get_object("/v1/config"));
    if (!context.out.plain()) {
        context.out.answer(config, "");
        return Exit::done;
    }
    json::array settings;
    flatten("", config, settings);
    context.out.table(settings, kSetting);
    return Exit::done;
}

Outcome<Exit> check(Context& context, const Invocation& invocation) {
    const std::string& file = invocation.arguments[0];
    TRY(config::load_file(std::filesystem::path(file)));
    context.out.answer(json::object{{"file", file}, {"valid", true}},
                       printable(file, 4096) + " is valid");
    return Exit::done;
}

Outcome<Exit> reload(Context& context, const Invocation&) {
    TRY_ASSIGN(const json::object result, context.api.post("/v1/config/reload"));
    std::string sentence;
    const std::string applied = text(result, "applied");
    const std::string waiting = text(result, "needs_restart");
    if (applied != "-") sentence = "applied: " + applied;
    if (waiting != "-")
        sentence += std::string(sentence.empty() ? "" : "\n") + "needs a restart: " + waiting;
    if (const auto* warnings = result.if_contains("warnings"); warnings && warnings->is_array())
        for (const json::value& warning : warnings->get_array())
            sentence += (sentence.empty() ? "" : "\n") + ("warning: " + value_text(warning));
    context.out.answer(result, sentence.empty() ? "nothing has changed" : sentence);
    return Exit::done;
}

constexpr Argument kFile[] = {{"FILE", true, Completes::files}};

constexpr Command kCommands[] = {
    {"show", "Show the effective configuration, defaults filled in.", show},
    {"check", "Say whether a configuration file is valid; needs no daemon.", check, kFile},
    {"reload", "Have portald read its file again; say what is applied and what needs a restart.",
     reload},
};

}  // namespace

const Object kConfig{"config", "portald's configuration", kCommands};

}  // namespace portal::portalctl
