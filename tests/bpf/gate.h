// The dataplane, loaded into the kernel for one test: its maps filled with the world, frames run
// through its programs by BPF_PROG_TEST_RUN.
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

client_key key_of(const Mac& mac, std::uint16_t vlan = 0);
ip_address abi(const IpAddress& address);

// The dataplane's clock.
std::uint64_t now();

class Gate {
  public:
    explicit Gate(std::uint32_t max_clients = 64, bool client_to_client = false);
    ~Gate();
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    Outcome ingress(const packets::Bytes& frame);
    // The XDP action alone: for many frames.
    int ingress_action(const packets::Bytes& frame);
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
    void set_listener(listener which, int socket);
    // The responder speaks TLS on the portal's addresses.
    void offer_https();

    Verdicts verdicts() const;
    traffic used(std::uint32_t slot) const;

    const portal_bpf& programs() const { return *skeleton_; }

  private:
    struct Destroy {
        void operator()(portal_bpf* skeleton) const;
    };

    void fill_world();

    std::unique_ptr<portal_bpf, Destroy> skeleton_;
};

}  // namespace portal::gate
