// The dataplane, loaded into the kernel for one test: its maps filled with the world, frames run
// through its programs by BPF_PROG_TEST_RUN.
//
// Strangers' budgets are unlimited until set. With PORTAL_BPF_OBJECT in the environment, programs
// from that file are loaded in place of those that the test was built with.
//
// Needs root. Everything throws std::runtime_error or std::system_error: a test that cannot run
// fails. Single-threaded. Unloaded with the object; nothing is pinned or attached.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "bpf/counters.h"
#include "packets/packet.h"
#include "portal_abi.h"

struct portal_bpf;

namespace portal::gate {

// What became of a frame.
struct Outcome {
    int action = 0;                    // XDP_… or TC_ACT_…
    int reason = -1;                   // enum reason; -1 where nothing was counted
    std::uint64_t packets = 0;         // counted for the reason
    std::uint64_t bytes = 0;           // counted for the reason
    std::uint32_t mark = 0;            // TC: afterwards
    std::optional<verdict_note> note;  // XDP: what it tells TC
    packets::Bytes frame;              // as the program left it, without the note
    packets::Bytes answer;             // XDP_TX: what goes back
    int sent = -1;                     // enum reason of the answer
    std::uint64_t sent_bytes = 0;      // counted for that
};

// What TC knows of a packet beside its bytes.
struct TcContext {
    std::uint32_t ingress_ifindex = 0;  // 0: made by this host
    std::uint32_t gso_segs = 0;
    std::uint32_t gso_size = 0;
    std::uint32_t wire_len = 0;  // 0: the frame's length
    std::uint32_t mark = 0;
    std::uint32_t ifindex = 0;  // of the device; 0: loopback
};

// How verdicts are counted while a test runs.
enum class Counting {
    per_cpu,  // as installed
    shared,   // in memory that is read without a system call: for many frames
};

struct GateOptions {
    std::uint32_t max_clients = 64;
    bool reset = false;
    bool client_to_client = false;
    Counting counting = Counting::per_cpu;
};

// Whether BPF_PROG_TEST_RUN makes a packet of it for TC: of none beyond a page, nor of one shorter
// than the IP header it announces.
bool runs_in_tc(const packets::Bytes& frame);

client_key key_of(const Mac& mac, std::uint16_t vlan = 0);
ip_address abi(const IpAddress& address);

// The dataplane's clock.
std::uint64_t now();

class Gate {
  public:
    explicit Gate(const GateOptions& options = {});
    ~Gate();
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    Outcome ingress(const packets::Bytes& frame);
    // The XDP action alone: for many frames.
    int ingress_action(const packets::Bytes& frame);
    // The answer alone, empty where there is none: for many frames.
    packets::Bytes ingress_answer(const packets::Bytes& frame);
    Outcome steer(const packets::Bytes& frame, const TcContext& context = {});
    Outcome egress(const packets::Bytes& frame, const TcContext& context = {});
    // Any TC program in place of the gate's.
    Outcome run_tc(int program, const packets::Bytes& frame, const TcContext& context = {});

    // Another client interface, none of whose networks are known.
    void add_interface(unsigned ifindex, unsigned home);

    // False where the map is full.
    bool put(const client_key& key, const client& value);
    void remove(const client_key& key);
    std::optional<client> find(const client_key& key) const;
    std::optional<neighbor> find_neighbor(const client_key& key, const IpAddress& address) const;
    void set_origin(const flow& flow, const client_key& key);
    std::optional<flow_origin> find_origin(const flow& flow) const;
    void forget_origin(const flow& flow);
    void set_budget(budget which, const budget_limit& limit);
    void put_stranger(const client_key& key, const stranger& value);
    std::optional<stranger> find_stranger(const client_key& key) const;
    void set_listener(listener which, int socket);
    // As if nothing had been answered for long.
    void refill_answers();
    // The responder speaks TLS on the portal's addresses.
    void offer_https();
    // XDP is generic: what reaches it may have been merged.
    void set_merges();

    Verdicts verdicts() const;
    traffic used(std::uint32_t slot) const;

    void set_meter(std::uint32_t slot, const meter& value);
    meter find_meter(std::uint32_t slot) const;

    const portal_bpf& programs() const { return *skeleton_; }

  private:
    struct Destroy {
        void operator()(portal_bpf* skeleton) const;
    };

    void fill_world();
    void share_counters();

    std::unique_ptr<portal_bpf, Destroy> skeleton_;
    const verdict_count* shared_ = nullptr;  // REASON_COUNT of them, mapped
};

}  // namespace portal::gate
