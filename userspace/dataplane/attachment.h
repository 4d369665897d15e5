// Where the programs hang: one XDP and two TC hooks on each client interface, held by links
// pinned under <bpffs>/v<ABI>/links, so that they outlive this process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace portal::dataplane {

enum class XdpMode { automatic, native, generic };
// How TC programs are attached: by link (Linux 6.6) or as clsact filters. `automatic` takes the
// link where the kernel has it.
enum class TcMode { automatic, tcx, clsact };

enum class Hook { xdp, tc_ingress, tc_egress };

std::string_view to_string(Hook hook);

// One program on one hook, as the kernel has it now.
struct HookState {
    std::string interface;
    Hook hook = Hook::xdp;
    std::string program;  // "portal_ingress", …
    bool attached = false;
    std::string mode;  // "native", "generic", "tcx", "clsact"; empty when not attached
    std::optional<std::uint32_t> program_id;
    std::optional<std::uint32_t> link_id;
    std::optional<std::uint64_t> run_count;    // with kernel.bpf_stats_enabled
    std::optional<std::uint64_t> run_time_ns;  // likewise
    std::string detail;                        // why it is not attached
};

class Attachment {
  public:
    struct Programs {
        int ingress = -1;
        int steer = -1;
        int egress = -1;
    };

    // `programs` are not owned and outlive this.
    Attachment(std::filesystem::path links, Programs programs, XdpMode xdp_mode, TcMode tc_mode,
               int marker_map);

    // Fails, naming it, if `interface` holds an XDP program that is not ours.
    Status check(const std::string& interface) const;

    // Puts the programs on `interface`: an existing link of ours is updated in place, without a
    // gap; else one is made and pinned. An XDP program of someone else is named and refused. Pins
    // of interfaces that are no more are removed.
    // On failure, hooks already attached stay: the gate closes hook by hook.
    Status attach(const std::string& interface);

    // What is attached to `interface`, asked of the kernel.
    std::vector<HookState> state(const std::string& interface) const;

    // Whether all three hooks of `interface` hold our programs.
    bool is_attached(const std::string& interface) const;

  private:
    void remove_stale_pins() const;
    Status attach_xdp(const std::string& interface, unsigned ifindex);
    Status attach_tc(const std::string& interface, unsigned ifindex, Hook hook, int program);
    std::filesystem::path pin(Hook hook, unsigned ifindex) const;

    std::filesystem::path links_;
    Programs programs_;
    XdpMode xdp_mode_;
    TcMode tc_mode_;
    int marker_map_;
};

// Takes away every hook pinned under `links`. Returns the names of the interfaces that were
// freed. Needs no loaded program: it works on what a dead process left.
Result<std::vector<std::string>> detach_all(const std::filesystem::path& links);

}  // namespace portal::dataplane
