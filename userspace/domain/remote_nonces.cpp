#include "domain/remote_nonces.h"

#include <utility>

namespace portal {

RemoteNonces::RemoteNonces(Seconds lifetime, std::size_t places)
    : lifetime_(lifetime), places_(places) {}

void RemoteNonces::issue(const std::string& nonce, Issued issued, MonotonicTime now) {
    while (!entries_.empty() &&
           (entries_.begin()->second.ends <= now || entries_.size() >= places_))
        erase(entries_.begin()->first);
    const ClientId client = issued.client;
    if (const auto own = of_clients_.find(client);
        own != of_clients_.end() && own->second.size() >= kPlacesOfAClient)
        erase(own->second.front());
    const Number number = ++last_;
    entries_.emplace(number, Entry{nonce, std::move(issued), now + lifetime_});
    numbers_.emplace(nonce, number);
    of_clients_[client].push_back(number);
}

std::optional<RemoteNonces::Issued> RemoteNonces::find(const std::string& nonce,
                                                       MonotonicTime now) const {
    const auto number = numbers_.find(nonce);
    if (number == numbers_.end()) return std::nullopt;
    const Entry& entry = entries_.at(number->second);
    if (entry.ends <= now) return std::nullopt;
    return entry.issued;
}

void RemoteNonces::use(const std::string& nonce) {
    if (const auto number = numbers_.find(nonce); number != numbers_.end())
        entries_.at(number->second).issued.used = true;
}

void RemoteNonces::erase(Number number) {
    const auto entry = entries_.find(number);
    const auto own = of_clients_.find(entry->second.issued.client);
    std::erase(own->second, number);
    if (own->second.empty()) of_clients_.erase(own);
    numbers_.erase(entry->second.nonce);
    entries_.erase(entry);
}

}  // namespace portal
