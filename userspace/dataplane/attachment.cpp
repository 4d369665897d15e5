#include "dataplane/attachment.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>

#include "base/log.h"
#include "base/unique_fd.h"

namespace portal::dataplane {

namespace {

// Of enum bpf_attach_type since Linux 6.6; the headers here are older.
constexpr auto kTcxIngress = static_cast<bpf_attach_type>(46);
constexpr auto kTcxEgress = static_cast<bpf_attach_type>(47);

// Where our clsact filters sit, so that a restart finds and replaces them.
constexpr std::uint32_t kFilterHandle = 1;
constexpr std::uint32_t kFilterPriority = 0x511;

constexpr std::array<std::pair<Hook, std::string_view>, 3> kHooks = {
    {{Hook::xdp, "xdp"}, {Hook::tc_ingress, "tc_ingress"}, {Hook::tc_egress, "tc_egress"}}};

constexpr std::string_view kProgramNames[] = {"portal_ingress", "portal_steer", "portal_egress"};

std::optional<bpf_prog_info> program_info(int fd) {
    bpf_prog_info info{};
    std::uint32_t size = sizeof info;
    if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) != 0) return std::nullopt;
    return info;
}

std::optional<bpf_link_info> link_info(int fd) {
    bpf_link_info info{};
    std::uint32_t size = sizeof info;
    if (bpf_obj_get_info_by_fd(fd, &info, &size) != 0) return std::nullopt;
    return info;
}

// Link infos of XDP and TCX both begin with the interface; 0 when it has gone or was detached.
std::uint32_t link_ifindex(const bpf_link_info& info) {
    return info.xdp.ifindex;
}

struct XdpPresent {
    std::uint32_t program = 0;  // 0: none
    std::string mode;
};

XdpPresent query_xdp(unsigned ifindex) {
    LIBBPF_OPTS(bpf_xdp_query_opts, options);
    if (bpf_xdp_query(static_cast<int>(ifindex), 0, &options) != 0) return {};
    XdpPresent present;
    present.program = options.prog_id;
    if (options.attach_mode == XDP_ATTACHED_SKB)
        present.mode = "generic";
    else if (present.program != 0)
        present.mode = "native";
    return present;
}

std::unexpected<Error> foreign_program(const std::string& interface, const XdpPresent& present) {
    std::string whose =
        "XDP program " + std::to_string(present.program) + " (" + present.mode + ")";
    // Another's program may be looked at with CAP_SYS_ADMIN only.
    const UniqueFd program(bpf_prog_get_fd_by_id(present.program));
    if (const auto info = program_info(program.get()))
        whose += " \"" + std::string(info->name) + "\", loaded by uid " +
                 std::to_string(info->created_by_uid);
    return fail(ErrorCode::conflict, interface + " already carries " + whose,
                "take it away first: ip link set dev " + interface +
                    " xdp off, or bpftool link detach if a link holds it");
}

bpf_tc_hook clsact_hook(unsigned ifindex, Hook hook) {
    bpf_tc_hook tc{};
    tc.sz = sizeof tc;
    tc.ifindex = static_cast<int>(ifindex);
    tc.attach_point = hook == Hook::tc_ingress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
    return tc;
}

bpf_tc_opts our_filter() {
    bpf_tc_opts filter{};
    filter.sz = sizeof filter;
    filter.handle = kFilterHandle;
    filter.priority = kFilterPriority;
    return filter;
}

std::filesystem::path qdisc_marker(const std::filesystem::path& links, unsigned ifindex) {
    return links / ("clsact-" + std::to_string(ifindex));
}

Status pin_link(int link, const std::filesystem::path& path) {
    if (const int error = bpf_obj_pin(link, path.c_str()))
        return fail_errno("cannot pin " + path.string(), {}, -error);
    return {};
}

// Puts `program` behind the link pinned at `path`. False when there is none that can hold it:
// no pin, or its interface went (then the pin is removed).
Result<bool> update_pinned(const std::filesystem::path& path, unsigned ifindex, int program) {
    const UniqueFd link(bpf_obj_get(path.c_str()));
    if (!link) return false;
    const auto info = link_info(link.get());
    if (info && link_ifindex(*info) == ifindex) {
        const int error = bpf_link_update(link.get(), program, nullptr);
        if (error == 0) return true;
        if (error != -ENOLINK)
            return fail_errno("cannot replace the program behind " + path.string(), {}, -error);
    }
    unlink(path.c_str());
    return false;
}

// The interface a pin's name ends in; 0 when it is not one of ours.
unsigned pinned_ifindex(const std::string& name) {
    const std::size_t dash = name.rfind('-');
    unsigned ifindex = 0;
    if (dash == std::string::npos) return 0;
    std::from_chars(name.data() + dash + 1, name.data() + name.size(), ifindex);
    return ifindex;
}

}  // namespace

std::string_view to_string(Hook hook) {
    for (const auto& [value, name] : kHooks)
        if (value == hook) return name;
    std::unreachable();
}

Attachment::Attachment(std::filesystem::path links, Programs programs, XdpMode xdp_mode,
                       TcMode tc_mode, int marker_map)
    : links_(std::move(links)),
      programs_(programs),
      xdp_mode_(xdp_mode),
      tc_mode_(tc_mode),
      marker_map_(marker_map) {}

std::filesystem::path Attachment::pin(Hook hook, unsigned ifindex) const {
    return links_ / (std::string(to_string(hook)) + "-" + std::to_string(ifindex));
}

Status Attachment::attach(const std::string& interface) {
    const unsigned ifindex = if_nametoindex(interface.c_str());
    if (ifindex == 0)
        return fail(ErrorCode::not_found, "there is no interface " + interface,
                    "check gateway.client_interfaces against: ip link");
    remove_stale_pins();
    TRY(attach_xdp(interface, ifindex));
    TRY(attach_tc(interface, ifindex, Hook::tc_egress, programs_.egress));
    TRY(attach_tc(interface, ifindex, Hook::tc_ingress, programs_.steer));
    return {};
}

Status Attachment::check(const std::string& interface) const {
    const unsigned ifindex = if_nametoindex(interface.c_str());
    const UniqueFd link(bpf_obj_get(pin(Hook::xdp, ifindex).c_str()));
    if (link) {
        const auto info = link_info(link.get());
        if (info && link_ifindex(*info) == ifindex) return {};
    }
    const XdpPresent present = query_xdp(ifindex);
    if (present.program == 0) return {};
    return foreign_program(interface, present);
}

void Attachment::remove_stale_pins() const {
    std::error_code ignored;
    std::vector<std::filesystem::path> stale;
    char name[IF_NAMESIZE];
    for (const auto& entry : std::filesystem::directory_iterator(links_, ignored))
        if (if_indextoname(pinned_ifindex(entry.path().filename()), name) == nullptr)
            stale.push_back(entry.path());
    for (const auto& path : stale)
        unlink(path.c_str());
}

Status Attachment::attach_xdp(const std::string& interface, unsigned ifindex) {
    const auto path = pin(Hook::xdp, ifindex);
    TRY_ASSIGN(const bool updated, update_pinned(path, ifindex, programs_.ingress));
    if (updated) return {};
    TRY(check(interface));

    const auto create = [&](std::uint32_t flags) {
        LIBBPF_OPTS(bpf_link_create_opts, options, .flags = flags);
        return bpf_link_create(programs_.ingress, static_cast<int>(ifindex), BPF_XDP, &options);
    };
    int link = -EINVAL;
    if (xdp_mode_ != XdpMode::generic) link = create(XDP_FLAGS_DRV_MODE);
    if (link < 0 && xdp_mode_ == XdpMode::automatic)
        spdlog::warn("{}: no native XDP ({}), falling back to generic", interface,
                     std::generic_category().message(-link));
    if (link < 0 && xdp_mode_ != XdpMode::native) link = create(XDP_FLAGS_SKB_MODE);
    if (link < 0)
        return fail_errno("cannot attach XDP to " + interface,
                          "gateway.xdp_mode = \"auto\" also tries generic mode", -link);
    const UniqueFd held(link);
    return pin_link(held.get(), path);
}

Status Attachment::attach_tc(const std::string& interface, unsigned ifindex, Hook hook,
                             int program) {
    const auto path = pin(hook, ifindex);
    TRY_ASSIGN(const bool updated, update_pinned(path, ifindex, program));
    if (updated) return {};

    if (tc_mode_ != TcMode::clsact) {
        const auto type = hook == Hook::tc_ingress ? kTcxIngress : kTcxEgress;
        const int link = bpf_link_create(program, static_cast<int>(ifindex), type, nullptr);
        if (link >= 0) {
            const UniqueFd held(link);
            return pin_link(held.get(), path);
        }
        if (tc_mode_ == TcMode::tcx || link != -EINVAL)
            return fail_errno("cannot attach TC to " + interface, "TCX needs Linux 6.6", -link);
    }

    bpf_tc_hook clsact = clsact_hook(ifindex, hook);
    const int created = bpf_tc_hook_create(&clsact);
    if (created != 0 && created != -EEXIST)
        return fail_errno("cannot add a clsact qdisc to " + interface, {}, -created);
    // A pin, of any object, remembers that the qdisc is ours to remove.
    if (created == 0) bpf_obj_pin(marker_map_, qdisc_marker(links_, ifindex).c_str());
    bpf_tc_opts filter = our_filter();
    filter.prog_fd = program;
    filter.flags = BPF_TC_F_REPLACE;
    if (const int error = bpf_tc_attach(&clsact, &filter))
        return fail_errno("cannot attach TC to " + interface, {}, -error);
    return {};
}

std::vector<HookState> Attachment::state(const std::string& interface) const {
    const unsigned ifindex = if_nametoindex(interface.c_str());
    const int programs[] = {programs_.ingress, programs_.steer, programs_.egress};
    std::vector<HookState> hooks;
    for (std::size_t i = 0; i < kHooks.size(); ++i) {
        const Hook hook = kHooks[i].first;
        HookState state;
        state.interface = interface;
        state.hook = hook;
        state.program = kProgramNames[i];
        const auto ours = program_info(programs[i]);
        std::uint32_t present = 0;

        const UniqueFd link(ifindex == 0 ? -1 : bpf_obj_get(pin(hook, ifindex).c_str()));
        if (link) {
            const auto info = link_info(link.get());
            if (info && link_ifindex(*info) == ifindex) {
                present = info->prog_id;
                state.link_id = info->id;
                state.mode = hook == Hook::xdp ? query_xdp(ifindex).mode : "tcx";
            }
        } else if (ifindex != 0 && hook != Hook::xdp) {
            bpf_tc_hook clsact = clsact_hook(ifindex, hook);
            bpf_tc_opts filter = our_filter();
            if (bpf_tc_query(&clsact, &filter) == 0) {
                present = filter.prog_id;
                state.mode = "clsact";
            }
        }
        state.attached = present != 0 && ours && present == ours->id;
        if (ifindex == 0)
            state.detail = "the interface does not exist";
        else if (present == 0)
            state.detail = "detached by another tool, or never attached";
        else if (!state.attached)
            state.detail = "holds program " + std::to_string(present) + ", which is not ours";
        if (!state.attached) state.mode.clear();
        if (present != 0) state.program_id = present;
        if (state.attached && ours->run_time_ns != 0) {
            state.run_count = ours->run_cnt;
            state.run_time_ns = ours->run_time_ns;
        }
        hooks.push_back(std::move(state));
    }
    return hooks;
}

bool Attachment::is_attached(const std::string& interface) const {
    for (const HookState& hook : state(interface))
        if (!hook.attached) return false;
    return true;
}

namespace {

void remove_filters(const std::filesystem::path& links, unsigned ifindex) {
    for (const Hook hook : {Hook::tc_ingress, Hook::tc_egress}) {
        bpf_tc_hook clsact = clsact_hook(ifindex, hook);
        bpf_tc_opts filter = our_filter();
        bpf_tc_detach(&clsact, &filter);
    }
    if (std::filesystem::exists(qdisc_marker(links, ifindex))) {
        bpf_tc_hook clsact = clsact_hook(ifindex, Hook::tc_ingress);
        clsact.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
        bpf_tc_hook_destroy(&clsact);
    }
}

}  // namespace

Result<std::vector<std::string>> detach_all(const std::filesystem::path& links) {
    std::error_code error;
    std::vector<std::string> freed;
    std::vector<std::filesystem::path> pins;
    for (const auto& entry : std::filesystem::directory_iterator(links, error))
        pins.push_back(entry.path());
    if (error) return fail_errno("cannot list " + links.string(), {}, error.value());
    for (const auto& path : pins) {
        const std::string name = path.filename();
        const unsigned ifindex = pinned_ifindex(name);
        char interface[IF_NAMESIZE] = {};
        if (name.starts_with("xdp-")) {
            remove_filters(links, ifindex);
            if (if_indextoname(ifindex, interface) != nullptr) freed.emplace_back(interface);
        }
    }
    for (const auto& path : pins) {
        // A link without references ends some time later; the gate is open when we say so.
        if (const UniqueFd link(bpf_obj_get(path.c_str())); link) bpf_link_detach(link.get());
        if (unlink(path.c_str()) != 0) return fail_errno("cannot remove " + path.string());
    }
    return freed;
}

}  // namespace portal::dataplane
