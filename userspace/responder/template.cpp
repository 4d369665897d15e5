#include "responder/template.h"

#include <cstdlib>
#include <kainjow/mustache.hpp>
#include <map>

#include "base/log.h"
#include "responder/assets.h"

namespace portal::responder {

namespace mustache = kainjow::mustache;

namespace {

mustache::data data_of(const Values& values);

struct ToData {
    mustache::data operator()(bool value) const { return value; }
    mustache::data operator()(const std::string& value) const { return value; }
    mustache::data operator()(const std::vector<Values>& entries) const {
        mustache::data list(mustache::data::type::list);
        for (const Values& entry : entries)
            list.push_back(data_of(entry));
        return list;
    }
};

mustache::data data_of(const Values& values) {
    mustache::data data;
    for (const auto& [name, value] : values)
        data.set(name, std::visit(ToData(), value));
    return data;
}

// The values, and behind them the language's texts.
class Context : public mustache::context<std::string> {
  public:
    Context(const mustache::data& data, const Locale& locale, const Values& values)
        : mustache::context<std::string>(&data), locale_(locale), values_(values) {}

    const mustache::data* get(const std::string& name) const override {
        constexpr std::string_view texts = "t.";
        if (!name.starts_with(texts)) return mustache::context<std::string>::get(name);
        auto [entry, added] = texts_.try_emplace(name);
        if (added) entry->second = mustache::data(locale_.text(name.substr(texts.size()), values_));
        return &entry->second;
    }

  private:
    const Locale& locale_;
    const Values& values_;
    mutable std::map<std::string, mustache::data> texts_;  // what get() has pointed to
};

}  // namespace

struct Template::Parsed {
    mustache::mustache page;
};

Template::Template(std::string_view asset_name)
    : parsed_(new Parsed{mustache::mustache(std::string(asset(asset_name)))}) {
    if (asset(asset_name).empty() || !parsed_->page.is_valid()) {
        spdlog::critical("asset {} is no template: {}", asset_name, parsed_->page.error_message());
        std::abort();
    }
}

Template::~Template() = default;

std::string Template::render(const Locale& locale, const Values& values) const {
    const mustache::data data = data_of(values);
    Context context(data, locale, values);
    return parsed_->page.render(context);
}

}  // namespace portal::responder
