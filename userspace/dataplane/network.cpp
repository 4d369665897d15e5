#include "dataplane/network.h"

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "dataplane/netlink.h"

namespace portal::dataplane {

namespace {

struct LinkInfo {
    std::string_view kind;
    const nlattr* data = nullptr;
};

LinkInfo link_info(const nlattr* nested) {
    LinkInfo info;
    mnl_attr_parse_nested(
        nested,
        [](const nlattr* attribute, void* result) {
            auto* found = static_cast<LinkInfo*>(result);
            if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND)
                found->kind = mnl_attr_get_str(attribute);
            if (mnl_attr_get_type(attribute) == IFLA_INFO_DATA) found->data = attribute;
            return MNL_CB_OK;
        },
        &info);
    return info;
}

std::uint16_t vlan_id(const nlattr* data) {
    std::uint16_t id = 0;
    mnl_attr_parse_nested(
        data,
        [](const nlattr* attribute, void* result) {
            if (mnl_attr_get_type(attribute) == IFLA_VLAN_ID)
                *static_cast<std::uint16_t*>(result) = mnl_attr_get_u16(attribute);
            return MNL_CB_OK;
        },
        &id);
    return id;
}

Link to_link(const nlmsghdr* message) {
    const auto* info = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
    Link link;
    link.index = static_cast<unsigned>(info->ifi_index);
    bool sits_on_lower = true;
    for_each_attribute(message, sizeof *info, [&](const nlattr* attribute) {
        switch (mnl_attr_get_type(attribute)) {
            case IFLA_IFNAME:
                link.name = mnl_attr_get_str(attribute);
                break;
            case IFLA_ADDRESS:
                if (mnl_attr_get_payload_len(attribute) == link.mac.bytes.size())
                    std::copy_n(static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute)),
                                link.mac.bytes.size(), link.mac.bytes.begin());
                break;
            case IFLA_MASTER:
                link.master = mnl_attr_get_u32(attribute);
                break;
            case IFLA_LINK:
                link.lower = mnl_attr_get_u32(attribute);
                break;
            // Then IFLA_LINK names a device of another namespace.
            case IFLA_LINK_NETNSID:
                sits_on_lower = false;
                break;
            case IFLA_LINKINFO: {
                const LinkInfo about = link_info(attribute);
                // A veth's IFLA_LINK is its peer.
                if (about.kind == "veth") sits_on_lower = false;
                if (about.kind == "vlan" && about.data) link.vlan = vlan_id(about.data);
                link.aggregates = about.kind == "bond" || about.kind == "team";
                break;
            }
            default:
                break;
        }
    });
    if (!sits_on_lower || link.lower == link.index) link.lower = 0;
    return link;
}

std::optional<IpAddress> to_ip(const nlattr* attribute) {
    const auto* bytes = static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute));
    switch (mnl_attr_get_payload_len(attribute)) {
        case 4:
            return IpAddress::v4(std::span<const std::uint8_t, 4>(bytes, 4));
        case 16:
            return IpAddress::v6(std::span<const std::uint8_t, 16>(bytes, 16));
        default:
            return std::nullopt;
    }
}

IpAddress network_of(IpAddress address, unsigned length) {
    for (unsigned bit = length; bit < 128; ++bit)
        address.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
    return address;
}

std::optional<InterfaceAddress> to_address(const nlmsghdr* message) {
    const auto* info = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(message));
    std::optional<IpAddress> address;
    std::optional<IpAddress> local;
    for_each_attribute(message, sizeof *info, [&](const nlattr* attribute) {
        if (mnl_attr_get_type(attribute) == IFA_ADDRESS) address = to_ip(attribute);
        if (mnl_attr_get_type(attribute) == IFA_LOCAL) local = to_ip(attribute);
    });
    // On a point-to-point link IFA_ADDRESS is the peer's.
    if (local) address = local;
    if (!address) return std::nullopt;
    const unsigned length = info->ifa_prefixlen + (address->is_v4() ? 96U : 0U);
    return InterfaceAddress{info->ifa_index, {network_of(*address, length), length}, *address};
}

}  // namespace

Result<std::vector<Link>> list_links() {
    TRY_ASSIGN(Netlink netlink, Netlink::open());
    NetlinkRequest request(RTM_GETLINK, NLM_F_DUMP);
    request.extra<rtgenmsg>()->rtgen_family = AF_UNSPEC;
    std::vector<Link> links;
    TRY(netlink.dump(request, [&](const nlmsghdr* message) { links.push_back(to_link(message)); }));
    return links;
}

Result<std::vector<InterfaceAddress>> list_addresses() {
    TRY_ASSIGN(Netlink netlink, Netlink::open());
    NetlinkRequest request(RTM_GETADDR, NLM_F_DUMP);
    request.extra<rtgenmsg>()->rtgen_family = AF_UNSPEC;
    std::vector<InterfaceAddress> addresses;
    TRY(netlink.dump(request, [&](const nlmsghdr* message) {
        if (const auto address = to_address(message)) addresses.push_back(*address);
    }));
    return addresses;
}

std::map<unsigned, std::uint16_t> vlans_on(const std::vector<Link>& links, unsigned ifindex) {
    std::map<unsigned, std::uint16_t> found = {{ifindex, 0}};
    for (std::size_t before = 0; before != found.size();) {
        before = found.size();
        for (const Link& link : links) {
            if (const auto lower = found.find(link.lower); link.lower != 0 && lower != found.end())
                found.emplace(link.index, lower->second != 0 ? lower->second : link.vlan);
            if (const auto member = found.find(link.index);
                link.master != 0 && member != found.end())
                found.emplace(link.master, member->second);
        }
    }
    return found;
}

std::set<unsigned> stacked_on(const std::vector<Link>& links, unsigned ifindex) {
    std::set<unsigned> found;
    for (const auto& [index, vlan] : vlans_on(links, ifindex))
        found.insert(index);
    return found;
}

Result<UniqueFd> watch_network() {
    UniqueFd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
    if (!fd) return fail_errno("cannot watch the network");
    sockaddr_nl self{};
    self.nl_family = AF_NETLINK;
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&self), sizeof self) != 0)
        return fail_errno("cannot watch the network");
    for (const int group :
         {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE,
          RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE})
        if (setsockopt(fd.get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0)
            return fail_errno("cannot watch the network");
    return fd;
}

bool drain_network_watch(int fd) {
    std::array<char, 8192> buffer{};
    bool any = false;
    // ENOBUFS tells of messages lost: a change all the same.
    while (recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT) > 0 || errno == ENOBUFS ||
           errno == EINTR)
        any = true;
    return any;
}

}  // namespace portal::dataplane
