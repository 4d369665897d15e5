// Which requests are an operating system's probe for a portal, and what to answer.
//
// 511 is the right answer to everything but a few probes whose makers do not know it; those get
// 302, which tells them of the portal. Each is a row of assets/probes.json, with its source:
//
//   client      whose probe it is
//   hosts       names, or "*"
//   paths       exact, without the query; or a prefix, ending in "/*"
//   user_agent  if there: what User-Agent also has to contain. Never alone: anybody can say it.
//   answer      "302", or "511" for a probe that knows it
//   source      where the row comes from
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/message.h"
#include "http/target.h"

namespace portal::responder {

enum class ProbeAnswer { found, network_authentication_required };  // 302, 511

class ProbePolicy {
  public:
    // Of the asset, which must be well-formed.
    ProbePolicy();

    // ErrorCode::invalid: not such a table; says which row and why.
    static Result<ProbePolicy> parse(std::string_view json);

    // None: no probe. `target` is that of `request`. A probe is plain HTTP for port 80 by GET or
    // HEAD; the host's case, a trailing dot and an explicit ":80" make no difference.
    std::optional<ProbeAnswer> match(const http::Request& request,
                                     const http::Target& target) const;

  private:
    struct Row {
        std::vector<std::string> paths;
        std::string user_agent;  // empty: any
        ProbeAnswer answer;

        bool matches(std::string_view path, std::string_view agent) const;
    };

    explicit ProbePolicy(std::multimap<std::string, std::shared_ptr<const Row>, std::less<>> rows)
        : rows_(std::move(rows)) {}

    std::optional<ProbeAnswer> match(std::string_view host, std::string_view path,
                                     std::string_view agent) const;

    // By host; "*" is any.
    std::multimap<std::string, std::shared_ptr<const Row>, std::less<>> rows_;
};

}  // namespace portal::responder
