#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <fstream>
#include <vector>

#include "dataplane/netlink.h"
#include "dataplane/network.h"

namespace portal::dataplane {

namespace {

// Before the main table's rule (32766), so that a default route there does not win.
constexpr std::uint32_t kPriority = 511;

// IPv6 may be off, in the kernel or by sysctl; then nothing of it is steered either.
std::vector<unsigned char> families() {
    std::ifstream setting("/proc/sys/net/ipv6/conf/lo/disable_ipv6");
    char off = '1';
    setting >> off;
    if (off == '0') return {AF_INET, AF_INET6};
    return {AF_INET};
}

std::string_view family_name(unsigned char family) {
    return family == AF_INET ? "IPv4" : "IPv6";
}

NetlinkRequest rule_request(std::uint16_t type, std::uint16_t flags, unsigned char family,
                            const PolicyRoute& route) {
    NetlinkRequest request(type, flags);
    auto* rule = request.extra<fib_rule_hdr>();
    rule->family = family;
    rule->action = FR_ACT_TO_TBL;
    mnl_attr_put_u32(request.header(), FRA_PRIORITY, kPriority);
    mnl_attr_put_u32(request.header(), FRA_FWMARK, route.mark);
    mnl_attr_put_u32(request.header(), FRA_FWMASK, route.mask);
    mnl_attr_put_u32(request.header(), FRA_TABLE, route.table);
    return request;
}

NetlinkRequest route_request(std::uint16_t type, std::uint16_t flags, unsigned char family,
                             const PolicyRoute& route) {
    NetlinkRequest request(type, flags);
    auto* local = request.extra<rtmsg>();
    local->rtm_family = family;
    local->rtm_type = RTN_LOCAL;
    local->rtm_scope = family == AF_INET ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
    local->rtm_protocol = RTPROT_STATIC;
    mnl_attr_put_u32(request.header(), RTA_TABLE, route.table);
    mnl_attr_put_u32(request.header(), RTA_OIF, if_nametoindex("lo"));
    return request;
}

constexpr std::uint16_t kCreate = NLM_F_CREATE | NLM_F_EXCL;

Status change(Netlink& netlink, NetlinkRequest request, int harmless, const std::string& what) {
    TRY_ASSIGN(const int error, netlink.change(request));
    if (error == 0 || error == harmless) return {};
    return fail_errno(what, "is lo up? ip link set lo up", error);
}

// Runs a dump of `family` and says whether any answer satisfies `wanted`.
template <typename Header, typename Predicate>
Result<bool> any_of(std::uint16_t type, unsigned char family, Predicate wanted) {
    TRY_ASSIGN(Netlink netlink, Netlink::open());
    NetlinkRequest request(type, NLM_F_DUMP);
    if constexpr (std::is_same_v<Header, rtmsg>)
        request.extra<rtmsg>()->rtm_family = family;
    else
        request.extra<fib_rule_hdr>()->family = family;
    bool found = false;
    TRY(netlink.dump(request, [&](const nlmsghdr* message) {
        found =
            found || wanted(*static_cast<const Header*>(mnl_nlmsg_get_payload(message)), message);
    }));
    return found;
}

std::uint32_t attribute_u32(const nlmsghdr* message, std::size_t header, int type) {
    std::uint32_t value = 0;
    for_each_attribute(message, header, [&](const nlattr* attribute) {
        if (mnl_attr_get_type(attribute) == type) value = mnl_attr_get_u32(attribute);
    });
    return value;
}

}  // namespace

Status add_policy_route(const PolicyRoute& route) {
    TRY_ASSIGN(Netlink netlink, Netlink::open());
    for (const unsigned char family : families()) {
        const std::string name(family_name(family));
        TRY(change(netlink, route_request(RTM_NEWROUTE, kCreate, family, route), EEXIST,
                   "cannot add the local " + name + " route for steered packets"));
        TRY(change(netlink, rule_request(RTM_NEWRULE, kCreate, family, route), EEXIST,
                   "cannot add the " + name + " rule for steered packets"));
    }
    return {};
}

Status remove_policy_route(const PolicyRoute& route) {
    TRY_ASSIGN(Netlink netlink, Netlink::open());
    for (const unsigned char family : families()) {
        const std::string name(family_name(family));
        TRY(change(netlink, rule_request(RTM_DELRULE, 0, family, route), ENOENT,
                   "cannot remove the " + name + " rule for steered packets"));
        TRY(change(netlink, route_request(RTM_DELROUTE, 0, family, route), ESRCH,
                   "cannot remove the local " + name + " route for steered packets"));
    }
    return {};
}

Result<std::string> missing_policy_route(const PolicyRoute& route) {
    std::string missing;
    for (const unsigned char family : families()) {
        TRY_ASSIGN(const bool rule,
                   any_of<fib_rule_hdr>(
                       RTM_GETRULE, family, [&](const fib_rule_hdr&, const nlmsghdr* message) {
                           const std::size_t size = sizeof(fib_rule_hdr);
                           return attribute_u32(message, size, FRA_FWMARK) == route.mark &&
                                  attribute_u32(message, size, FRA_TABLE) == route.table;
                       }));
        TRY_ASSIGN(
            const bool local,
            any_of<rtmsg>(RTM_GETROUTE, family, [&](const rtmsg& header, const nlmsghdr* message) {
                return header.rtm_type == RTN_LOCAL && header.rtm_dst_len == 0 &&
                       attribute_u32(message, sizeof(rtmsg), RTA_TABLE) == route.table;
            }));
        if (!rule)
            missing += std::string(missing.empty() ? "" : ", ") + "the " +
                       std::string(family_name(family)) + " rule";
        if (!local)
            missing += std::string(missing.empty() ? "" : ", ") + "the local " +
                       std::string(family_name(family)) + " route";
    }
    return missing;
}

}  // namespace portal::dataplane
