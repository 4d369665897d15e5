// How many connections each address holds, so that one client cannot hold them all.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <map>

namespace portal::http {

class PeerLimits {
  public:
    explicit PeerLimits(std::size_t most) : most_(most) {}

    // Counts one more connection of `peer`, unless that would be too many.
    bool admit(const boost::asio::ip::address& peer) {
        std::size_t& count = connections_[peer];
        if (count >= most_) return false;
        ++count;
        return true;
    }

    // Ends one that was admitted.
    void release(const boost::asio::ip::address& peer) {
        const auto entry = connections_.find(peer);
        if (--entry->second == 0) connections_.erase(entry);
    }

  private:
    std::size_t most_;
    std::map<boost::asio::ip::address, std::size_t> connections_;
};

}  // namespace portal::http
