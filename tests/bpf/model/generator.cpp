#include "bpf/model/generator.h"

#include <algorithm>

#include "bpf/gate.h"
#include "bpf/tables/egress.h"
#include "bpf/tables/ingress.h"
#include "packets/addresses.h"
#include "packets/samples.h"

namespace portal::model {

using packets::Bytes;

namespace {

constexpr std::uint16_t kVlans[] = {0, 100, 200};
constexpr std::size_t kDestination = 0, kSource = 6;
constexpr std::uint32_t kIdleTimeout = 30;

std::vector<Bytes> from_clients() {
    std::vector<Bytes> frames = packets::sample_frames();
    for (const gate::IngressRow& row : gate::ingress_rows())
        // Longer ones reach XDP in pieces, and what lies in a later piece is not read.
        if (gate::runs_in_tc(row.frame)) frames.push_back(row.frame);
    return frames;
}

void swap_ranges(Bytes& frame, std::size_t a, std::size_t b, std::size_t size) {
    if (std::max(a, b) + size > frame.size()) return;
    const auto at = [&](std::size_t offset) {
        return frame.begin() + static_cast<std::ptrdiff_t>(offset);
    };
    std::swap_ranges(at(a), at(a + size), at(b));
}

// The same the other way: an answer, as far as it goes.
Bytes turned_around(Bytes frame) {
    swap_ranges(frame, kDestination, kSource, 6);
    std::size_t type = 12;
    while (type + 6 <= frame.size() &&
           (frame[type] << 8 | frame[type + 1]) == packets::kCustomerTag)
        type += 4;
    const std::size_t network = type + 2;
    if (network > frame.size()) return frame;
    const bool v4 = (frame[type] << 8 | frame[type + 1]) == 0x0800;
    if (v4)
        swap_ranges(frame, network + 12, network + 16, 4);
    else
        swap_ranges(frame, network + 8, network + 24, 16);
    const std::size_t transport = network + (v4 ? 20 : 40);
    swap_ranges(frame, transport, transport + 2, 2);
    return frame;
}

std::vector<Bytes> to_clients() {
    std::vector<Bytes> frames;
    for (const Bytes& frame : from_clients())
        frames.push_back(turned_around(frame));
    for (int often = 0; often < 4; often++)
        for (const gate::EgressRow& row : gate::egress_rows())
            frames.push_back(row.frame);
    return frames;
}

std::uint64_t moment(End end, std::uint64_t at) {
    switch (end) {
        case End::never:
            return 0;
        case End::past:
            return at - 10 * kSecond;
        case End::just_past:
            return at - 1;
        case End::now:
            return at;
        case End::next:
            return at + 1;
        case End::far:
            return at + kIdleTimeout * kSecond;
    }
    return 0;
}

bool is_an_edge(End end) {
    return end == End::just_past || end == End::now || end == End::next;
}

}  // namespace

client State::entry(std::uint64_t at, std::uint32_t slot) const {
    client value{};
    value.state = state;
    value.slot = slot;
    value.session = slot + 1;
    value.expires_at = moment(expiry, at);
    value.last_seen = at;
    if (idleness != End::never) {
        value.idle_timeout = kIdleTimeout;
        value.last_seen = moment(idleness, at) - kIdleTimeout * kSecond;
    }
    return value;
}

bool State::is_on_the_edge() const {
    return is_an_edge(expiry) || is_an_edge(idleness);
}

Generator::Generator(std::uint64_t seed)
    : random_(seed), from_clients_(seed + 1, from_clients()), to_clients_(seed + 2, to_clients()) {
    for (const Mac& mac : {packets::kClientMac, packets::kOtherMac,
                           packets::mac("02:00:00:00:00:66"), packets::mac("00:00:5e:00:53:01")})
        for (const std::uint16_t vlan : kVlans)
            keys_.push_back({mac, vlan});
}

std::optional<State> Generator::state() {
    constexpr End kEnds[] = {End::never, End::never, End::never, End::past, End::just_past,
                             End::now,   End::next,  End::far,   End::far};
    if (below(3) == 0) return std::nullopt;
    return State{static_cast<std::uint8_t>(1 + below(3)), kEnds[below(std::size(kEnds))],
                 kEnds[below(std::size(kEnds))]};
}

// Puts the MAC of one of the clients in place of the one at `at`, also where the layers above
// repeat it.
void Generator::give(Bytes& frame, std::size_t at) {
    const Mac mac = keys_[below(keys_.size())].mac;
    const Bytes old(frame.begin() + static_cast<std::ptrdiff_t>(at),
                    frame.begin() + static_cast<std::ptrdiff_t>(at + 6));
    std::ranges::copy(mac.bytes, frame.begin() + static_cast<std::ptrdiff_t>(at));
    for (auto place = frame.begin() + 14;
         (place = std::search(place, frame.end(), old.begin(), old.end())) != frame.end();)
        place = std::ranges::copy(mac.bytes, place).out;
}

Trial Generator::next() {
    Trial trial;
    const std::size_t hook = below(10);
    trial.hook = hook < 5 ? Hook::ingress : hook < 7 ? Hook::route : Hook::egress;
    const bool egress = trial.hook == Hook::egress;
    trial.frame = (egress ? to_clients_ : from_clients_).next();
    if (below(8) != 0) give(trial.frame, egress ? kDestination : kSource);
    if (trial.hook == Hook::ingress) return trial;
    if (!gate::runs_in_tc(trial.frame)) {
        trial.hook = Hook::ingress;
        return trial;
    }
    if (below(3) == 0)
        trial.hidden_tag =
            static_cast<std::uint16_t>(below(8) << 13 | kVlans[below(std::size(kVlans))]);
    constexpr Sender kSenders[] = {Sender::gateway, Sender::gateway, Sender::uplink,
                                   Sender::client};
    trial.sender = kSenders[below(std::size(kSenders))];
    if (below(8) == 0) trial.segments = static_cast<std::uint32_t>(2 + below(40));
    return trial;
}

}  // namespace portal::model
