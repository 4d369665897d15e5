/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What may be sent to a stranger: the answers to what it may ask, and nothing else. A download
 * that was under way when a session ended stops here.
 */
#ifndef PORTAL_ANSWER_H
#define PORTAL_ANSWER_H

#include "packet.h"
#include "preauth.h"

/* Made by this host, not forwarded for another. */
static __always_inline bool is_local(const struct __sk_buff *skb)
{
	return !skb->ingress_ifindex;
}

static __always_inline bool is_icmp_answer(const struct packet *packet)
{
	switch (packet->type) {
	case ICMP4_ECHO_REPLY:
	case ICMP4_UNREACHABLE:
	case ICMP4_TIME_EXCEEDED:
	case ICMP4_PARAMETER_PROBLEM:
		return true;
	}
	return false;
}

static __always_inline bool is_icmpv6_answer(const struct packet *packet)
{
	switch (packet->type) {
	case ICMP6_UNREACHABLE:
	case ICMP6_PACKET_TOO_BIG:
	case ICMP6_TIME_EXCEEDED:
	case ICMP6_PARAMETER_PROBLEM:
	case ICMP6_ECHO_REPLY:
	case ICMP6_MLD_QUERY:
	case ICMP6_MLD_REPORT:
	case ICMP6_MLD_DONE:
	case ICMP6_MLDV2_REPORT:
	case ICMP6_ROUTER_ADVERT:
	case ICMP6_NEIGHBOR_SOLICIT:
	case ICMP6_NEIGHBOR_ADVERT:
		return true;
	}
	return false;
}

static __always_inline bool is_tcp_answer(const struct packet *packet, bool local)
{
	__be16 port = packet->source_port;
	__u32 roles;

	if (local && port == PORT_HTTP) /* steered: the source is whoever was asked */
		return true;
	roles = roles_of(&packet->source);
	if (port == PORT_DNS)
		return roles & ADDRESS_RESOLVER;
	return (roles & ADDRESS_PORTAL) && (port == config.http_port || port == config.https_port);
}

static __always_inline bool is_udp_answer(const struct packet *packet, bool local)
{
	if (packet->source_port == PORT_DNS)
		return roles_of(&packet->source) & ADDRESS_RESOLVER;
	return local && ((packet->source_port == PORT_DHCP_SERVER &&
			  packet->destination_port == PORT_DHCP_CLIENT) ||
			 (packet->source_port == PORT_DHCPV6_SERVER &&
			  packet->destination_port == PORT_DHCPV6_CLIENT));
}

static __always_inline bool is_answer(const struct __sk_buff *skb, const struct packet *packet,
				      int fault)
{
	bool local = is_local(skb);

	if (packet->ethertype == bpf_htons(ETH_P_ARP) || packet->ethertype == bpf_htons(ETH_P_PAE))
		return local;
	/* IGMP carries a router alert, which the parser refuses as an option. */
	if (local && packet->ethertype == bpf_htons(ETH_P_IP) && packet->protocol == IPPROTO_IGMP)
		return true;
	if (fault != NO_REASON)
		return false;
	switch (packet->protocol) {
	case IPPROTO_TCP:
		if (is_tcp_answer(packet, local))
			return true;
		break;
	case IPPROTO_UDP:
		if (is_udp_answer(packet, local))
			return true;
		break;
	case IPPROTO_ICMP:
		if (local && is_icmp_answer(packet))
			return true;
		break;
	case IPV6_ICMP:
		if (local && is_icmpv6_answer(packet))
			return true;
		break;
	default:
		return false;
	}
	return !packet->to_group && in_garden(&packet->source, packet->protocol, packet->source_port);
}

#endif
