// The nonces of guests who were sent to the venue's own application: each issued to one client,
// good for one sign-in, and only for so long.
//
// Memory is bounded twice. A client that is sent there again and again pushes out its own oldest
// nonce; where all places are taken, the oldest of all gives way. A used nonce stays known until
// it would have ended, so that a replay is told from a forgery.
//
// No clock, no randomness, no lock: the caller passes the time, which never goes back, and nonces
// that nobody can guess, and is one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/duration.h"
#include "domain/client.h"

namespace portal {

// The page a guest wanted before.
struct WantedPage {
    std::string url;
    // Whether the portal itself told this guest of it: the guest may be redirected there.
    bool sealed = false;

    bool operator==(const WantedPage&) const = default;
};

class RemoteNonces {
  public:
    static constexpr std::size_t kPlaces = 16384;
    static constexpr std::size_t kPlacesOfAClient = 4;

    struct Issued {
        ClientId client;
        std::optional<WantedPage> wanted;
        bool used = false;
    };

    explicit RemoteNonces(Seconds lifetime, std::size_t places = kPlaces);

    void issue(const std::string& nonce, Issued issued, MonotonicTime now);

    // None: never issued, forgotten, or ended.
    std::optional<Issued> find(const std::string& nonce, MonotonicTime now) const;

    // Of a nonce that find() gives.
    void use(const std::string& nonce);

    std::size_t size() const { return entries_.size(); }

  private:
    using Number = std::uint64_t;  // in the order of issue, and so of ending

    struct Entry {
        std::string nonce;
        Issued issued;
        MonotonicTime ends;
    };

    void erase(Number number);

    const Seconds lifetime_;
    const std::size_t places_;
    Number last_ = 0;
    std::map<Number, Entry> entries_;
    std::map<std::string, Number, std::less<>> numbers_;
    std::map<ClientId, std::deque<Number>> of_clients_;
};

}  // namespace portal
