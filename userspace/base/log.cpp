#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>

#include <memory>
#include <string>

namespace portal {

void start_log(std::string_view program) {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::logger>(std::string(program), std::move(sink));
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %n %l: %v");
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

void log_error(const Error& error) {
    spdlog::error("{}", error.what);
    if (!error.hint.empty()) spdlog::error("HINT: {}", error.hint);
}

}  // namespace portal
