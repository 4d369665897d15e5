#include "bpf/model/comparison.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <iomanip>
#include <sstream>
#include <stdexcept>

#include "bpf/private_network.h"

namespace portal::model {

using gate::name_of;
using gate::Outcome;

namespace {

constexpr std::uint64_t kFramesOfAScene = 64;
constexpr int kPatience = 100;
constexpr int kEnough = 5;
constexpr std::uint32_t kUplink = 7;
constexpr std::size_t kTagBytes = 4;

client_key abi(const Key& key) {
    return gate::key_of(key.mac, key.vlan);
}

flow abi(const Flow& flow) {
    return {.client = gate::abi(flow.client),
            .server = gate::abi(flow.server),
            .client_port = htons(flow.client_port),
            .server_port = htons(flow.server_port)};
}

std::string names(const Reasons& reasons) {
    std::string text;
    for (int reason = 0; reason < REASON_COUNT; reason++)
        if (reasons.test(static_cast<std::size_t>(reason)))
            text += (text.empty() ? "" : " or ") + std::string(name_of(reason));
    return text.empty() ? "no reason" : text;
}

bool is_among(int reason, const Reasons& reasons) {
    return reason >= 0 && reasons.test(static_cast<std::size_t>(reason));
}

std::string expected(bool passes, const Reasons& reasons) {
    return std::string(passes ? "pass" : "drop") + " as " + names(reasons);
}

bool agrees(const Verdict& verdict, const Outcome& outcome, int pass, int drop) {
    return outcome.action == (verdict.passes ? pass : drop) &&
           is_among(outcome.reason, verdict.reasons);
}

std::uint32_t device_of(Sender sender) {
    switch (sender) {
        case Sender::uplink:
            return kUplink;
        case Sender::client:
            return gate::kLoopback;
        default:
            return 0;
    }
}

// With its segments' headers, and a tag of each that is kept outside.
std::size_t wire_bytes(const Trial& trial) {
    const std::size_t headers = trial.segments > 1 ? trial.segments : 0;
    const std::size_t tags = trial.hidden_tag ? trial.segments * kTagBytes : 0;
    return trial.frame.size() + headers + tags;
}

bool is_the_clients_own(const Key& key) {
    return !key.mac.is_multicast() && !key.mac.is_zero();
}

}  // namespace

Comparison::Comparison(std::uint64_t seed, bool https)
    : gate_({.counting = gate::Counting::shared}), stripper_(gate_), generator_(seed) {
    if (https) gate_.offer_https();
    model_.https = https;
    for (const Key& key : generator_.keys()) {
        slots_.emplace(key, static_cast<std::uint32_t>(slots_.size()));
        used_.emplace_back();
    }
}

std::uint64_t Comparison::run(std::uint64_t frames) {
    std::uint64_t tried = 0;
    for (; tried < frames && differences_ < kEnough; tried++) {
        if (tried % kFramesOfAScene == 0) begin_scene();
        try_one(generator_.next());
        if ((tried + 1) % kFramesOfAScene == 0) end_scene();
    }
    return tried;
}

void Comparison::begin_scene() {
    const std::uint64_t at = gate::now();
    for (const Key& key : generator_.keys()) {
        gate_.remove(abi(key));
        model_.clients.erase(key);
        states_.erase(key);
        if (const auto state = generator_.state()) {
            states_.emplace(key, *state);
            renew(key, at);
        }
    }
    for (const auto& [flow, opener] : model_.origins)
        gate_.forget_origin(abi(flow));
    model_.origins.clear();
}

void Comparison::end_scene() {
    for (const auto& [key, slot] : slots_) {
        const traffic seen = gate_.used(slot);
        const traffic& due = used_[slot];
        if (seen.rx_packets == due.rx_packets && seen.rx_bytes == due.rx_bytes &&
            seen.tx_packets == due.tx_packets && seen.tx_bytes == due.tx_bytes)
            continue;
        differences_++;
        ADD_FAILURE() << "the traffic of " << key.mac.to_string() << '@' << key.vlan
                      << " is counted otherwise than its frames were";
    }
}

void Comparison::renew(const Key& key, std::uint64_t at) {
    const client entry = states_.at(key).entry(at, slots_.at(key));
    gate_.put(abi(key), entry);
    model_.clients[key] = entry;
}

Outcome Comparison::run_program(const Trial& trial) {
    if (trial.hook == Hook::ingress) return gate_.ingress(trial.frame);
    gate::TcContext context;
    if (trial.hook == Hook::egress) {
        context.ingress_ifindex = device_of(trial.sender);
        if (trial.segments > 1) {
            context.gso_segs = trial.segments;
            context.wire_len = static_cast<std::uint32_t>(trial.frame.size()) + trial.segments;
        }
        return trial.hidden_tag ? stripper_.egress(*trial.hidden_tag, trial.frame, context)
                                : gate_.egress(trial.frame, context);
    }
    return trial.hidden_tag ? stripper_.steer(*trial.hidden_tag, trial.frame)
                            : gate_.steer(trial.frame);
}

// What the reasons given say of a client's traffic.
void Comparison::account(const Key& key, const Outcome& outcome) {
    const auto slot = slots_.find(key);
    if (slot == slots_.end()) return;
    traffic& used = used_[slot->second];
    switch (outcome.reason) {
        case REASON_AUTHORIZED:
        case REASON_TRUSTED:
            used.rx_packets += outcome.packets;
            used.rx_bytes += outcome.bytes;
            break;
        case REASON_TX_AUTHORIZED:
        case REASON_TX_TRUSTED:
            used.tx_packets += outcome.packets;
            used.tx_bytes += outcome.bytes;
            break;
        default:
            break;
    }
}

// The clock the gate reads must not tick in between; it does so some hundred times a second.
Comparison::Run Comparison::decide(const Trial& trial, const Frame& frame, const Key& key) {
    const auto state = states_.find(key);
    for (int attempt = 0; attempt < kPatience; attempt++) {
        const std::uint64_t at = gate::now();
        if (state != states_.end() && state->second.is_on_the_edge()) renew(key, at);
        const Run run{run_program(trial), at};
        account(key, run.outcome);
        if (state == states_.end() || gate::now() == at) return run;
        if (!state->second.is_on_the_edge()) renew(key, at);
        forget(frame);
    }
    throw std::runtime_error("the clock does not stand still");
}

void Comparison::forget(const Frame& frame) {
    if (frame.protocol != 6 || frame.transport.empty()) return;
    const Flow flow = flow_of(frame);
    const auto known = model_.origins.find(flow);
    if (known == model_.origins.end())
        gate_.forget_origin(abi(flow));
    else
        gate_.set_origin(abi(flow), abi(known->second));
}

void Comparison::try_one(const Trial& trial) {
    const Frame frame = read_frame(trial.frame, trial.hidden_tag);
    const Key key{trial.hook == Hook::egress ? frame.destination : frame.source, frame.vlan};
    const Run run = decide(trial, frame, key);
    if (run.outcome.reason >= 0) given_[static_cast<std::size_t>(run.outcome.reason)]++;
    std::string difference = trial.hook == Hook::ingress ? compare_ingress(frame, trial, run)
                             : trial.hook == Hook::route ? compare_route(frame, trial, run)
                                                         : compare_egress(frame, trial, run);
    const auto entry = model_.clients.find(key);
    if (difference.empty() && entry != model_.clients.end() && is_the_clients_own(key)) {
        if (gate_.find(abi(key))->last_seen != entry->second.last_seen)
            difference = "it is on record as heard at another time than it was";
    }
    if (difference.empty()) return;
    differences_++;
    ADD_FAILURE() << difference << '\n' << describe(trial, key, run);
}

std::string Comparison::compare_ingress(const Frame& frame, const Trial& trial, const Run& run) {
    const Verdict verdict = model_.ingress(frame, run.at);
    const auto entry = model_.clients.find({frame.source, frame.vlan});
    if (verdict.passes && entry != model_.clients.end() && counts(entry->second, run.at))
        entry->second.last_seen = heard(entry->second, run.at);
    const Outcome& outcome = run.outcome;
    if (!agrees(verdict, outcome, XDP_PASS, XDP_DROP))
        return "expected " + expected(verdict.passes, verdict.reasons);
    if (outcome.packets != 1 || outcome.bytes != trial.frame.size())
        return "the verdict is not counted as one frame of its size";
    if (outcome.note.has_value() != verdict.passes)
        return "TC is told of what does not reach it, or not of what does";
    if (!outcome.note) return {};
    if (outcome.note->vlan != frame.vlan || outcome.note->reason != outcome.reason)
        return "TC is told of another verdict";
    if (outcome.note->steering == STEER_NONE && model_.is_the_responders(frame, verdict))
        return "TC is not told that it is the responder's";
    return {};
}

// BPF_PROG_TEST_RUN does not assign sockets: without a listener, what is the responder's is
// counted as such.
std::string Comparison::compare_route(const Frame& frame, const Trial& trial, const Run& run) {
    const Routing routing = model_.route(frame, run.at);
    const Outcome& outcome = run.outcome;
    if (routing.course == Course::ordinary)
        return outcome.action == TC_ACT_UNSPEC && outcome.reason < 0 ? ""
                                                                     : "expected no part in it";
    const Reasons due =
        routing.course == Course::responder ? reasons({REASON_STEER_NO_LISTENER}) : routing.reasons;
    if (outcome.action != TC_ACT_SHOT || !is_among(outcome.reason, due))
        return "expected " + expected(false, due);
    return outcome.bytes == trial.frame.size() ? "" : "the verdict is not counted with its size";
}

std::string Comparison::compare_egress(const Frame& frame, const Trial& trial, const Run& run) {
    const Verdict verdict = model_.egress(frame, trial.sender, run.at);
    const Outcome& outcome = run.outcome;
    if (!agrees(verdict, outcome, TC_ACT_UNSPEC, TC_ACT_SHOT))
        return "expected " + expected(verdict.passes, verdict.reasons);
    if (outcome.packets != trial.segments || outcome.bytes != wire_bytes(trial))
        return "the verdict is not counted as so many packets on the wire";
    return {};
}

std::string Comparison::describe(const Trial& trial, const Key& key, const Run& run) const {
    std::ostringstream out;
    out << (trial.hook == Hook::ingress ? "from"
            : trial.hook == Hook::route ? "in TC, from"
                                        : "to")
        << ' ' << key.mac.to_string() << '@' << key.vlan;
    const auto entry = model_.clients.find(key);
    if (entry == model_.clients.end())
        out << ", unknown";
    else
        out << ", state " << int{entry->second.state} << ", expires_at " << entry->second.expires_at
            << ", last seen " << entry->second.last_seen << ", idle timeout "
            << entry->second.idle_timeout;
    out << ", at " << run.at;
    if (trial.hidden_tag) out << ", tag outside the frame " << *trial.hidden_tag;
    if (trial.hook == Hook::egress)
        out << (trial.sender == Sender::gateway  ? ", local"
                : trial.sender == Sender::uplink ? ", forwarded"
                                                 : ", from a client")
            << ", segments " << trial.segments;
    out << "\ngot action " << run.outcome.action << " as " << name_of(run.outcome.reason)
        << "\nframe " << std::hex << std::setfill('0');
    for (const std::uint8_t byte : trial.frame)
        out << std::setw(2) << int{byte};
    return out.str();
}

}  // namespace portal::model
