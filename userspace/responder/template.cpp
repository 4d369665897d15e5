#include "responder/template.h"

#include <cstdlib>
#include <kainjow/mustache.hpp>

#include "base/log.h"
#include "responder/assets.h"

namespace portal::responder {

namespace mustache = kainjow::mustache;

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

std::string Template::render(const Values& values) const {
    mustache::data data;
    for (const auto& [name, value] : values) {
        if (const auto* text = std::get_if<std::string>(&value))
            data.set(name, *text);
        else
            data.set(name, std::get<bool>(value));
    }
    return parsed_->page.render(data);
}

}  // namespace portal::responder
