/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a stranger may do: get on the link, resolve names, reach the portal and the walled garden.
 * Anything not recognised here is dropped, with the reason it was not.
 */
#ifndef PORTAL_PREAUTH_H
#define PORTAL_PREAUTH_H

#include "binding.h"
#include "maps.h"
#include "packet.h"
#include "verdict.h"

#define PORT_DNS           bpf_htons(53)
#define PORT_DHCP_SERVER   bpf_htons(67)
#define PORT_DHCP_CLIENT   bpf_htons(68)
#define PORT_HTTP          bpf_htons(80)
#define PORT_HTTPS         bpf_htons(443)
#define PORT_DHCPV6_CLIENT bpf_htons(546)
#define PORT_DHCPV6_SERVER bpf_htons(547)

static __always_inline __u32 roles_of(const struct ip_address *address)
{
	const __u32 *roles = bpf_map_lookup_elem(&addresses, address);

	return roles ? *roles : 0;
}

static __always_inline bool is_link_local(const struct ip_address *address)
{
	return bpf_ntohl(address->word[0]) >> 22 == 0xfe80 >> 6;
}

static __always_inline bool opens(const struct garden_ports *open, __u8 protocol, __be16 port)
{
	for (__u32 i = 0; i < GARDEN_PORTS; i++) {
		if (i >= open->count)
			break;
		if (open->ports[i].port == port && open->ports[i].protocol == protocol)
			return true;
	}
	return false;
}

/* Of the gateway itself only ports that are named are open, not what a wide prefix happens to
 * hold. */
static __always_inline bool in_garden_prefix(const struct ip_address *address, __u8 protocol,
					     __be16 port)
{
	struct prefix_key key = {.prefixlen = 128, .address = *address};
	const struct garden_ports *open = bpf_map_lookup_elem(&garden, &key);

	if (!open)
		return false;
	if (!open->count)
		return !(roles_of(address) & ADDRESS_GATEWAY);
	return opens(open, protocol, port);
}

/* Whether the garden has names. Where it has none, nothing is learnt. */
static __always_inline bool names_wanted(void)
{
	__u32 key = 0;
	const __u32 *wanted = bpf_map_lookup_elem(&dns_watch, &key);

	return wanted && *wanted;
}

/* Who answers for a name says where it leads: never to the gateway itself. */
static __always_inline bool in_garden_name(const struct ip_address *address, __u8 protocol,
					   __be16 port)
{
	const struct learnt_address *name;

	if (!names_wanted())
		return false;
	name = bpf_map_lookup_elem(&learnt, address);
	if (!name || bpf_ktime_get_coarse_ns() >= name->lapses_at ||
	    (roles_of(address) & ADDRESS_GATEWAY))
		return false;
	return !name->ports.count || opens(&name->ports, protocol, port);
}

/* Whether the garden opens `port` of `address`; ICMP has no port and needs the whole of it. A
 * function of its own, which the verifier looks at once, and then takes for what it returns. */
__noinline bool in_garden(const struct ip_address *address, __u8 protocol, __be16 port)
{
	struct ip_address place; /* a key of Linux 6.1 lies on the function's own stack */

	if (!address)
		return false;
	place = *address;
	return in_garden_prefix(&place, protocol, port) || in_garden_name(&place, protocol, port);
}

static __always_inline bool is_dhcp_multicast(const struct ip_address *address)
{
	/* ff02::1:2, All_DHCP_Relay_Agents_and_Servers (RFC 8415 section 7.1) */
	return address->word[0] == bpf_htonl(0xff020000) && !address->word[1] &&
	       !address->word[2] && address->word[3] == bpf_htonl(0x00010002);
}

/* A source that no client can have, whatever it asks for (RFC 1122 section 3.2.1.3, RFC 4291). */
static __always_inline bool impossible_source(const struct ip_address *source)
{
	__u32 first = bpf_ntohl(source->word[0]);

	if (is_v4(source)) {
		first = bpf_ntohl(source->word[3]) >> 24;
		return first == 0 || first == 127 || first >= 224;
	}
	/* multicast and ::1 */
	return first >> 24 == 0xff || (!first && !source->word[1] && !source->word[2] &&
				       source->word[3] == bpf_htonl(1));
}

/* A destination that cannot be a web server's: nothing is steered from it. */
static __always_inline bool impossible_server(const struct ip_address *destination)
{
	__u32 first = bpf_ntohl(destination->word[0]);

	if (is_v4(destination)) {
		first = bpf_ntohl(destination->word[3]) >> 24;
		return first == 0 || first == 127 || first >= 224;
	}
	/* multicast, link-local, :: and ::1 */
	return first >> 24 == 0xff || is_link_local(destination) ||
	       (!first && !destination->word[1] && !destination->word[2] &&
		bpf_ntohl(destination->word[3]) <= 1);
}

/* A handshake's start, or a segment of a connection; never a server's SYN-ACK. */
static __always_inline bool plausible_flags(__u8 flags)
{
	flags &= TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK;
	return flags == TCP_SYN || (!(flags & TCP_SYN) && (flags & (TCP_ACK | TCP_RST)));
}

static __always_inline int preauth_tcp(const struct packet *packet)
{
	__u32 roles = roles_of(&packet->destination);
	__be16 port = packet->destination_port;

	if (port == PORT_DNS)
		return roles & ADDRESS_RESOLVER ? REASON_DNS : REASON_DNS_FOREIGN;
	if ((roles & ADDRESS_PORTAL) && (port == config.http_port || port == config.https_port))
		return plausible_flags(packet->type) ? REASON_PORTAL : REASON_TCP_FLAGS;
	if (in_garden(&packet->destination, IPPROTO_TCP, port))
		return REASON_GARDEN;
	if (port == PORT_HTTP) {
		if (impossible_server(&packet->destination) || packet->to_group)
			return REASON_DESTINATION;
		return plausible_flags(packet->type) ? REASON_STEERED : REASON_TCP_FLAGS;
	}
	return port == PORT_HTTPS ? REASON_HTTPS : REASON_TCP;
}

static __always_inline bool is_dhcp_request(const struct packet *packet)
{
	if (packet->destination_port == PORT_DHCP_SERVER)
		return packet->source_port == PORT_DHCP_CLIENT && is_v4(&packet->destination) &&
		       (packet->destination.word[3] == bpf_htonl(INADDR_BROADCAST) ||
			(roles_of(&packet->destination) & ADDRESS_PORTAL));
	if (packet->destination_port == PORT_DHCPV6_SERVER)
		return !is_v4(&packet->destination) &&
		       (is_dhcp_multicast(&packet->destination) ||
			(roles_of(&packet->destination) & ADDRESS_PORTAL));
	return false;
}

static __always_inline int preauth_udp(const struct packet *packet)
{
	if (is_dhcp_request(packet))
		return REASON_DHCP;
	if ((packet->source_port == PORT_DHCP_SERVER &&
	     packet->destination_port == PORT_DHCP_CLIENT) ||
	    (packet->source_port == PORT_DHCPV6_SERVER &&
	     packet->destination_port == PORT_DHCPV6_CLIENT))
		return REASON_ROGUE_SERVER;
	if (packet->destination_port == PORT_DNS)
		return roles_of(&packet->destination) & ADDRESS_RESOLVER ? REASON_DNS
									 : REASON_DNS_FOREIGN;
	if (in_garden(&packet->destination, IPPROTO_UDP, packet->destination_port))
		return REASON_GARDEN;
	return packet->destination_port == PORT_HTTPS ? REASON_QUIC : REASON_UDP;
}

static __always_inline int preauth_icmp(const struct packet *packet, __u8 echo_request)
{
	if (packet->type == echo_request) {
		if (roles_of(&packet->destination) & ADDRESS_PORTAL)
			return REASON_ICMP_ECHO;
		if (in_garden(&packet->destination, packet->protocol, 0))
			return REASON_GARDEN;
	}
	return REASON_ICMP;
}

/* Multicast of link-local scope (RFC 4291 section 2.7). */
static __always_inline bool is_link_group(const struct ip_address *destination)
{
	return (bpf_ntohl(destination->word[0]) & 0xff0f0000) == 0xff020000;
}

/* Link-local, or the gateway's own: what the gateway would not forward. */
static __always_inline bool stays_on_link(const struct ip_address *destination)
{
	return is_link_local(destination) || is_link_group(destination) ||
	       (roles_of(destination) & ADDRESS_GATEWAY);
}

/* Without these the client and the gateway lose each other; they lead nowhere else. */
static __always_inline bool keeps_link(const struct packet *packet)
{
	if (packet->ethertype == bpf_htons(ETH_P_ARP))
		return true;
	return packet->ethertype == bpf_htons(ETH_P_IPV6) && packet->protocol == IPV6_ICMP &&
	       (packet->type == ICMP6_NEIGHBOR_SOLICIT || packet->type == ICMP6_NEIGHBOR_ADVERT) &&
	       packet->hop_limit == 255 && stays_on_link(&packet->destination);
}

/* Neighbor discovery counts only from the link itself, hop limit 255 (RFC 4861 section 7.1), and
 * to the link itself, or it would carry a payload to anywhere. MLD has hop limit 1 (RFC 3810
 * section 5). */
static __always_inline int preauth_icmpv6(const struct packet *packet, const struct frame *frame)
{
	const struct ip_address *target =
		header_at(frame, packet->transport + sizeof(struct icmp_header));

	switch (packet->type) {
	case ICMP6_ROUTER_SOLICIT:
		return packet->hop_limit == 255 && stays_on_link(&packet->destination)
			       ? REASON_NEIGHBOR_DISCOVERY
			       : REASON_ND_INVALID;
	case ICMP6_NEIGHBOR_SOLICIT:
	case ICMP6_NEIGHBOR_ADVERT:
		if (packet->hop_limit != 255 || !stays_on_link(&packet->destination) ||
		    packet->size < sizeof(struct icmp_header) + sizeof(*target) ||
		    (const void *)(target + 1) > frame->end)
			return REASON_ND_INVALID;
		/* Nobody else answers for the gateway. */
		if (packet->type == ICMP6_NEIGHBOR_ADVERT && (roles_of(target) & ADDRESS_GATEWAY))
			return REASON_ND_INVALID;
		return REASON_NEIGHBOR_DISCOVERY;
	case ICMP6_ROUTER_ADVERT:
	case ICMP6_REDIRECT:
		return REASON_ROGUE_SERVER;
	case ICMP6_MLD_REPORT:
	case ICMP6_MLD_DONE:
	case ICMP6_MLDV2_REPORT:
		return packet->hop_limit == 1 ? REASON_MLD : REASON_ND_INVALID;
	}
	return preauth_icmp(packet, ICMP6_ECHO_REQUEST);
}

static __always_inline int preauth_ip(const struct packet *packet, const struct frame *frame)
{
	switch (packet->protocol) {
	case IPPROTO_TCP:
		return preauth_tcp(packet);
	case IPPROTO_UDP:
		return preauth_udp(packet);
	case IPPROTO_ICMP:
		return preauth_icmp(packet, ICMP4_ECHO_REQUEST);
	case IPV6_ICMP:
		return preauth_icmpv6(packet, frame);
	}
	return REASON_PROTOCOL;
}

static __always_inline const struct network *network_of(const struct ip_address *address,
							__u32 home, __u16 vlan)
{
	struct network_key key = {.prefixlen = NETWORK_LINK_BITS + 128,
				  .ifindex = home,
				  .vlan = vlan,
				  .address = *address};

	return bpf_map_lookup_elem(&networks, &key);
}

/* What `source` is on the link of the client. */
static __always_inline enum network_standing standing_of(const struct ip_address *source,
							 __u32 home, __u16 vlan)
{
	const struct network *network;

	if (is_link_local(source))
		return NETWORK_ON_LINK;
	network = network_of(source, home, vlan);
	return network ? network->standing : NETWORK_UNKNOWN;
}

/* What stays on the link whatever its source, and may come from a client that has no address. */
static __always_inline bool is_link_talk(enum reason reason)
{
	return reason == REASON_ARP || reason == REASON_NEIGHBOR_DISCOVERY || reason == REASON_MLD;
}

/*
 * The source of a frame that would pass: not the gateway's own, and one that a client here can
 * have, since an answer to another would go to whoever has that address elsewhere. A global
 * function: the verifier looks at it once, and not for each way that leads here.
 */
__noinline int check_source(const struct packet *sent, __u32 ifindex, __u64 now, __u32 reason)
{
	const struct interface *own;
	struct packet packet;
	__u32 home = ifindex;

	if (!sent)
		return REASON_SOURCE_ADDRESS;
	/* Linux 6.1 takes no map's key out of an argument. */
	packet = *sent;
	own = bpf_map_lookup_elem(&interfaces, &ifindex);
	if (own) {
		home = own->home;
		if (same_mac(own->mac, packet.client.mac))
			return REASON_SOURCE_MAC;
	}
	if (reason == REASON_EAPOL)
		return reason;
	if (is_unspecified(&packet.source))
		return is_link_talk(reason) || reason == REASON_DHCP ? reason
								     : REASON_SOURCE_ADDRESS;
	if (impossible_source(&packet.source) || (roles_of(&packet.source) & ADDRESS_GATEWAY))
		return REASON_SOURCE_ADDRESS;
	if (is_anothers(&packet.source, &packet, ifindex, home, now))
		return REASON_SOURCE_BOUND;
	if (is_link_talk(reason) ||
	    standing_of(&packet.source, home, packet.client.vlan) == NETWORK_ON_LINK)
		return reason;
	return REASON_SOURCE_ADDRESS;
}

/* The verdict on a stranger's frame. `fault` is what the parser said of it. */
static __always_inline int preauth(const struct packet *packet, const struct frame *frame,
				   __u32 ifindex, __u64 now, int fault)
{
	int reason;

	if (fault != NO_REASON)
		return fault;
	if (packet->ethertype == bpf_htons(ETH_P_PAE))
		reason = REASON_EAPOL;
	else if (packet->ethertype == bpf_htons(ETH_P_ARP))
		reason = REASON_ARP;
	else
		reason = preauth_ip(packet, frame);
	return passes(reason) ? check_source(packet, ifindex, now, reason) : reason;
}

#endif
