#include "control/cutter.h"

#include <map>
#include <utility>

#include "base/log.h"

namespace portal::control {

std::set<IpAddress> addresses_of(const std::set<ClientId>& clients,
                                 const std::vector<dataplane::Neighbor>& neighbors) {
    // The last user of each address on its VLAN.
    std::map<std::pair<IpAddress, std::uint16_t>, const dataplane::Neighbor*> last;
    for (const auto& neighbor : neighbors) {
        const dataplane::Neighbor*& known = last[{neighbor.address, neighbor.client.vlan}];
        if (!known || known->last_seen < neighbor.last_seen) known = &neighbor;
    }
    std::set<IpAddress> addresses;
    for (const auto& [address, neighbor] : last)
        if (!neighbor->address.is_unspecified() && clients.contains(neighbor->client))
            addresses.insert(neighbor->address);
    return addresses;
}

Cutter::Cutter(Work work)
    : work_(std::move(work)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

Cutter::~Cutter() {
    thread_.request_stop();
    thread_.join();
}

void Cutter::cut(const ClientId& client) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.insert(client);
    }
    changed_.notify_one();
}

void Cutter::run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
        const std::set<ClientId> clients = std::exchange(waiting_, {});
        lock.unlock();
        do_cut(clients);
        lock.lock();
    }
}

void Cutter::do_cut(const std::set<ClientId>& clients) {
    const auto neighbors = work_.neighbors();
    if (!neighbors) return log_error(within("cutting connections", neighbors.error()));
    const std::set<IpAddress> addresses = addresses_of(clients, *neighbors);
    if (addresses.empty()) return;
    if (const Status done = work_.forget(addresses); !done)
        log_error(within("cutting connections", done.error()));
}

}  // namespace portal::control
