#include "control/client_view.h"

#include <algorithm>
#include <map>
#include <utility>

namespace portal::control {

namespace {

ClientView view_of(const Session& session) {
    ClientView view{.id = session.client, .state = session.state};
    view.usage = session.usage;
    view.last_seen = session.last_seen;
    if (session.state != ClientState::authorized) return view;
    view.user = session.user;
    view.method = session.method;
    view.policy = session.policy;
    view.signed_in_at = session.signed_in_at;
    view.expires_at = session.expires_at;
    if (session.idle_timeout > Seconds::zero()) view.idle_timeout = session.idle_timeout;
    return view;
}

// Adds what the packets of clients told of them.
class Sightings {
  public:
    Sightings(const Clock& clock, const Topology& topology)
        : topology_(topology), wall_(clock.wall()), monotonic_(clock.monotonic()) {}

    void add(ClientView& view, const dataplane::Neighbor& neighbor) {
        if (!neighbor.address.is_unspecified()) view.ip.push_back(neighbor.address);
        const WallTime seen = wall_ + std::chrono::duration_cast<std::chrono::milliseconds>(
                                          neighbor.last_seen - monotonic_);
        view.last_seen = std::max(view.last_seen, std::optional(seen));
        auto& last = last_[view.id];
        if (neighbor.last_seen < last) return;
        last = neighbor.last_seen;
        view.interface = topology_.name_of(neighbor.ifindex);
    }

  private:
    const Topology& topology_;
    WallTime wall_;
    MonotonicTime monotonic_;
    std::map<ClientId, MonotonicTime> last_;
};

void sort_addresses(ClientView& view) {
    std::ranges::sort(
        view.ip, {}, [](const IpAddress& address) { return std::pair(!address.is_v4(), address); });
    const auto rest = std::ranges::unique(view.ip);
    view.ip.erase(rest.begin(), rest.end());
}

}  // namespace

Result<std::vector<ClientView>> ClientViews::list() const {
    TRY_ASSIGN(const std::vector<Session> sessions, sessions_.list());
    TRY_ASSIGN(const std::vector<dataplane::Neighbor> neighbors, gate_.neighbors());
    std::map<ClientId, ClientView> views;
    for (const Session& session : sessions)
        views.emplace(session.client, view_of(session));
    Sightings sightings(clock_, topology_);
    for (const auto& neighbor : neighbors) {
        const auto view =
            views.try_emplace(neighbor.client, ClientView{.id = neighbor.client}).first;
        sightings.add(view->second, neighbor);
    }
    for (const Session& session : sessions)
        if (session.interface) views.at(session.client).interface = session.interface;
    std::vector<ClientView> sorted;
    sorted.reserve(views.size());
    for (auto& [id, view] : views) {
        sort_addresses(view);
        sorted.push_back(std::move(view));
    }
    return sorted;
}

Result<std::optional<ClientView>> ClientViews::find(const ClientId& client) const {
    TRY_ASSIGN(const std::vector<dataplane::Neighbor> neighbors, gate_.neighbors());
    std::optional<ClientView> view;
    const auto session = sessions_.find(client);
    if (session) view = view_of(*session);
    Sightings sightings(clock_, topology_);
    for (const auto& neighbor : neighbors) {
        if (neighbor.client != client) continue;
        if (!view) view = ClientView{.id = client};
        sightings.add(*view, neighbor);
    }
    if (session && session->interface) view->interface = session->interface;
    if (view) sort_addresses(*view);
    return view;
}

Result<ClientView> ClientViews::show(const ClientId& client) const {
    TRY_ASSIGN(std::optional<ClientView> view, find(client));
    return view ? std::move(*view) : ClientView{.id = client};
}

}  // namespace portal::control
