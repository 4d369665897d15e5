#include "dataplane/conntrack.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <vector>

#include "dataplane/netlink.h"

namespace portal::dataplane {

namespace {

// So many addresses are asked for one by one, and the kernel sends what it finds; of more, it sends
// the whole table once.
constexpr std::size_t kAskedSingly = 8;

// CTA_FILTER's flag for a tuple's source address (net/netfilter/nf_conntrack_netlink.c, Linux 5.8).
constexpr std::uint32_t kFilterSource = 1U << 0;

constexpr std::uint16_t message_type(int type) {
    return static_cast<std::uint16_t>(NFNL_SUBSYS_CTNETLINK << 8 | type);
}

NetlinkRequest request_of(int type, std::uint8_t family, std::uint16_t flags) {
    NetlinkRequest request(message_type(type), flags);
    auto* header = request.extra<nfgenmsg>();
    header->nfgen_family = family;
    header->version = NFNETLINK_V0;
    return request;
}

void each_nested(const nlattr* nest, const std::function<void(const nlattr*)>& each) {
    auto callback = each;
    mnl_attr_parse_nested(
        nest,
        [](const nlattr* attribute, void* call) {
            (*static_cast<std::function<void(const nlattr*)>*>(call))(attribute);
            return MNL_CB_OK;
        },
        &callback);
}

std::optional<IpAddress> address_in(const nlattr* attribute) {
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

struct Tuple {
    std::optional<IpAddress> source;
    std::optional<IpAddress> destination;
    std::uint8_t protocol = 0;
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;
};

Tuple read_tuple(const nlattr* nest) {
    Tuple tuple;
    each_nested(nest, [&](const nlattr* part) {
        const int kind = mnl_attr_get_type(part);
        if (kind != CTA_TUPLE_IP && kind != CTA_TUPLE_PROTO) return;
        each_nested(part, [&](const nlattr* field) {
            const int type = mnl_attr_get_type(field);
            if (kind == CTA_TUPLE_IP) {
                if (type == CTA_IP_V4_SRC || type == CTA_IP_V6_SRC)
                    tuple.source = address_in(field);
                if (type == CTA_IP_V4_DST || type == CTA_IP_V6_DST)
                    tuple.destination = address_in(field);
                return;
            }
            if (type == CTA_PROTO_NUM) tuple.protocol = mnl_attr_get_u8(field);
            if (type == CTA_PROTO_SRC_PORT) tuple.source_port = ntohs(mnl_attr_get_u16(field));
            if (type == CTA_PROTO_DST_PORT) tuple.destination_port = ntohs(mnl_attr_get_u16(field));
        });
    });
    return tuple;
}

// What names a connection to the kernel, as it was told to us.
struct Entry {
    std::uint8_t family = 0;
    std::vector<char> tuple;  // CTA_TUPLE_ORIG's payload
    std::optional<std::uint16_t> zone;
    std::optional<std::uint32_t> id;
};

class Search {
  public:
    Search(const std::set<IpAddress>& clients, const std::function<bool(const Flow&)>& keep)
        : clients_(clients), keep_(keep) {}

    void look_at(const nlmsghdr* message) {
        Entry entry;
        Tuple original;
        Tuple reply;
        entry.family = static_cast<const nfgenmsg*>(mnl_nlmsg_get_payload(message))->nfgen_family;
        for_each_attribute(message, sizeof(nfgenmsg), [&](const nlattr* attribute) {
            switch (mnl_attr_get_type(attribute)) {
                case CTA_TUPLE_ORIG: {
                    original = read_tuple(attribute);
                    const auto* payload = static_cast<const char*>(mnl_attr_get_payload(attribute));
                    entry.tuple.assign(payload, payload + mnl_attr_get_payload_len(attribute));
                    break;
                }
                case CTA_TUPLE_REPLY:
                    reply = read_tuple(attribute);
                    break;
                case CTA_ZONE:
                    entry.zone = mnl_attr_get_u16(attribute);
                    break;
                case CTA_ID:
                    entry.id = mnl_attr_get_u32(attribute);
                    break;
                default:
                    break;
            }
        });
        if (is_a_clients(original, reply)) found.push_back(std::move(entry));
    }

    std::vector<Entry> found;

  private:
    bool is_a_clients(const Tuple& original, const Tuple& reply) const {
        if (reply.source && clients_.contains(*reply.source)) return true;
        if (!original.source || !original.destination || !clients_.contains(*original.source))
            return false;
        return original.protocol != IPPROTO_TCP ||
               !keep_({.client = *original.source,
                       .client_port = original.source_port,
                       .server = *original.destination,
                       .server_port = original.destination_port});
    }

    const std::set<IpAddress>& clients_;
    const std::function<bool(const Flow&)>& keep_;
};

void put_source(nlmsghdr* header, int tuple, const IpAddress& source) {
    nlattr* outer = mnl_attr_nest_start(header, static_cast<std::uint16_t>(tuple));
    nlattr* inner = mnl_attr_nest_start(header, CTA_TUPLE_IP);
    if (source.is_v4())
        mnl_attr_put(header, CTA_IP_V4_SRC, 4, source.bytes.data() + 12);
    else
        mnl_attr_put(header, CTA_IP_V6_SRC, 16, source.bytes.data());
    mnl_attr_nest_end(header, inner);
    mnl_attr_nest_end(header, outer);
}

// Both ways, since a connection to the client has it for the source of its answers.
Status ask_for(Netlink& netlink, const IpAddress& client, Search& search) {
    const std::uint8_t family = client.is_v4() ? AF_INET : AF_INET6;
    const auto collect = [&](const nlmsghdr* message) { search.look_at(message); };
    for (const auto& [tuple, flags] : {std::pair(CTA_TUPLE_ORIG, CTA_FILTER_ORIG_FLAGS),
                                       std::pair(CTA_TUPLE_REPLY, CTA_FILTER_REPLY_FLAGS)}) {
        NetlinkRequest request = request_of(IPCTNL_MSG_CT_GET, family, NLM_F_DUMP);
        put_source(request.header(), tuple, client);
        nlattr* filter = mnl_attr_nest_start(request.header(), CTA_FILTER);
        mnl_attr_put_u32(request.header(), CTA_FILTER_ORIG_FLAGS,
                         flags == CTA_FILTER_ORIG_FLAGS ? kFilterSource : 0);
        mnl_attr_put_u32(request.header(), CTA_FILTER_REPLY_FLAGS,
                         flags == CTA_FILTER_REPLY_FLAGS ? kFilterSource : 0);
        mnl_attr_nest_end(request.header(), filter);
        TRY(netlink.dump(request, collect));
    }
    return {};
}

Status ask_for_all(Netlink& netlink, Search& search) {
    for (const auto family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
        NetlinkRequest request = request_of(IPCTNL_MSG_CT_GET, family, NLM_F_DUMP);
        TRY(netlink.dump(request, [&](const nlmsghdr* message) { search.look_at(message); }));
    }
    return {};
}

// False where it was gone already.
Result<bool> forget(Netlink& netlink, const Entry& entry) {
    NetlinkRequest request = request_of(IPCTNL_MSG_CT_DELETE, entry.family, 0);
    mnl_attr_put(request.header(), CTA_TUPLE_ORIG | NLA_F_NESTED, entry.tuple.size(),
                 entry.tuple.data());
    if (entry.zone) mnl_attr_put_u16(request.header(), CTA_ZONE, *entry.zone);
    if (entry.id) mnl_attr_put_u32(request.header(), CTA_ID, *entry.id);
    TRY_ASSIGN(const int error, netlink.change(request));
    if (error == 0) return true;
    if (error == ENOENT) return false;
    return fail_errno("cannot forget a connection", {}, error);
}

bool is_tracking() {
    return access("/proc/sys/net/netfilter/nf_conntrack_count", F_OK) == 0;
}

}  // namespace

Result<std::size_t> forget_connections(const std::set<IpAddress>& clients,
                                       const std::function<bool(const Flow&)>& keep) {
    if (clients.empty() || !is_tracking()) return 0;
    TRY_ASSIGN(Netlink netlink, Netlink::open(NETLINK_NETFILTER));
    Search search(clients, keep);
    if (clients.size() > kAskedSingly)
        TRY(ask_for_all(netlink, search));
    else
        for (const IpAddress& client : clients)
            TRY(ask_for(netlink, client, search));
    std::size_t count = 0;
    for (const Entry& entry : search.found) {
        TRY_ASSIGN(const bool forgotten, forget(netlink, entry));
        count += forgotten ? 1 : 0;
    }
    return count;
}

}  // namespace portal::dataplane
