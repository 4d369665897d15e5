// The Gate of the loaded dataplane.
#pragma once

#include "control/gate.h"

namespace portal::control {

class LoadedGate final : public Gate {
  public:
    // `dataplane` outlives this.
    explicit LoadedGate(dataplane::Dataplane& dataplane) : dataplane_(dataplane) {}

    Result<std::vector<dataplane::Neighbor>> neighbors() const override;
    Result<std::vector<dataplane::Verdict>> verdicts() const override;
    std::optional<dataplane::FlowOrigin> origin(const Flow& flow) const override;
    Status set_addresses(std::span<const dataplane::AddressRoles> addresses) override;
    Status set_networks(std::span<const dataplane::LinkNetwork> networks) override;
    Status set_garden(std::span<const GardenEntry> entries) override;
    Status watch_answers(bool watch) override;
    Result<std::vector<LearntOpening>> learnt() const override;
    Status set_learnt(const LearntOpening& opening) override;
    Status erase_learnt(const IpAddress& address) override;
    Status set_client_links(std::span<const dataplane::ClientLink> links) override;
    Status check(const std::string& interface) const override;
    Status attach(const std::string& interface) override;
    bool is_attached(const std::string& interface) const override;
    std::vector<dataplane::HookState> hooks(const std::string& interface) const override;
    Result<std::vector<std::string>> detach() override;
    std::vector<dataplane::Feature> features(
        const std::vector<std::string>& interfaces) const override;

  private:
    dataplane::Dataplane& dataplane_;
};

}  // namespace portal::control
