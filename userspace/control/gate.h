// What the control side asks of the dataplane. LoadedGate gives it; tests give their own.
//
// One thread. Contracts are those of dataplane/dataplane.h and dataplane/attachment.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "dataplane/attachment.h"
#include "dataplane/dataplane.h"
#include "dataplane/features.h"
#include "dataplane/neighbors.h"
#include "dataplane/verdicts.h"
#include "domain/flow.h"
#include "domain/garden.h"
#include "domain/learnt_opening.h"

namespace portal::control {

class Gate {
  public:
    virtual ~Gate() = default;

    virtual Result<std::vector<dataplane::Neighbor>> neighbors() const = 0;
    virtual Result<std::vector<dataplane::Verdict>> verdicts() const = 0;
    virtual std::optional<dataplane::FlowOrigin> origin(const Flow& flow) const = 0;

    virtual Status set_addresses(std::span<const dataplane::AddressRoles> addresses) = 0;
    virtual Status set_networks(std::span<const dataplane::LinkNetwork> networks) = 0;
    virtual Status set_garden(std::span<const GardenEntry> entries) = 0;
    virtual Status watch_answers(bool watch) = 0;
    virtual Result<std::vector<LearntOpening>> learnt() const = 0;
    virtual Status set_learnt(const LearntOpening& opening) = 0;
    virtual Status erase_learnt(const IpAddress& address) = 0;
    virtual Status set_client_links(std::span<const dataplane::ClientLink> links) = 0;

    // Whether attach() would meet another's program.
    virtual Status check(const std::string& interface) const = 0;
    virtual Status attach(const std::string& interface) = 0;
    virtual bool is_attached(const std::string& interface) const = 0;
    virtual std::vector<dataplane::HookState> hooks(const std::string& interface) const = 0;
    virtual Result<std::vector<std::string>> detach() = 0;
    virtual std::vector<dataplane::Feature> features(
        const std::vector<std::string>& interfaces) const = 0;
};

}  // namespace portal::control
