#include "control/loaded_gate.h"

namespace portal::control {

Result<std::vector<dataplane::Neighbor>> LoadedGate::neighbors() const {
    return dataplane_.neighbors();
}

Result<std::vector<dataplane::Verdict>> LoadedGate::verdicts() const {
    return dataplane_.verdicts();
}

std::optional<dataplane::FlowOrigin> LoadedGate::origin(const Flow& flow) const {
    return dataplane_.origin(flow);
}

Status LoadedGate::set_addresses(std::span<const dataplane::AddressRoles> addresses) {
    return dataplane_.set_addresses(addresses);
}

Status LoadedGate::set_networks(std::span<const dataplane::LinkNetwork> networks) {
    return dataplane_.set_networks(networks);
}

Status LoadedGate::set_garden(std::span<const GardenEntry> entries) {
    return dataplane_.set_garden(entries);
}

Status LoadedGate::watch_answers(bool watch) {
    return dataplane_.watch_answers(watch);
}

Result<std::vector<LearntOpening>> LoadedGate::learnt() const {
    return dataplane_.learnt();
}

Status LoadedGate::set_learnt(const LearntOpening& opening) {
    return dataplane_.set_learnt(opening);
}

Status LoadedGate::erase_learnt(const IpAddress& address) {
    return dataplane_.erase_learnt(address);
}

Status LoadedGate::set_client_links(std::span<const dataplane::ClientLink> links) {
    return dataplane_.set_client_links(links);
}

Status LoadedGate::check(const std::string& interface) const {
    return dataplane_.attachment().check(interface);
}

Status LoadedGate::attach(const std::string& interface) {
    return dataplane_.attachment().attach(interface);
}

bool LoadedGate::is_attached(const std::string& interface) const {
    return dataplane_.attachment().is_attached(interface);
}

std::vector<dataplane::HookState> LoadedGate::hooks(const std::string& interface) const {
    return dataplane_.attachment().state(interface);
}

Result<std::vector<std::string>> LoadedGate::detach() {
    return dataplane_.detach();
}

std::vector<dataplane::Feature> LoadedGate::features(
    const std::vector<std::string>& interfaces) const {
    return dataplane::probe_features(interfaces);
}

}  // namespace portal::control
