/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What only the gateway may say on the clients' link, from clients that are signed in: router
 * advertisements, redirects, answers of DHCP, ARP and neighbor discovery for its addresses. What
 * cannot be read to its end, and so may hide one (RFC 7113), is refused where it stays on the link.
 */
#ifndef PORTAL_ROGUE_H
#define PORTAL_ROGUE_H

#include "packet.h"
#include "preauth.h"

static __always_inline bool is_link_scope(const struct packet *packet)
{
	return is_link_local(&packet->source) || is_unspecified(&packet->source) ||
	       is_link_local(&packet->destination) || is_link_group(&packet->destination);
}

/* The verdict on a frame whose chain of headers the parser did not follow to the end. */
static __always_inline int check_hidden(const struct packet *packet, int fault)
{
	switch (packet->ethertype) {
	case bpf_htons(ETH_P_ARP):
		return fault;
	case bpf_htons(ETH_P_IPV6):
		return is_link_scope(packet) ? fault : NO_REASON;
	case bpf_htons(ETH_P_IP):
		/* The answer of a DHCP server, in pieces or behind options. */
		if (packet->protocol == IPPROTO_UDP && packet->to_group)
			return fault;
	}
	return NO_REASON;
}

static __always_inline bool is_dhcp_answer(const struct packet *packet)
{
	return packet->destination_port ==
	       (is_v4(&packet->destination) ? PORT_DHCP_CLIENT : PORT_DHCPV6_CLIENT);
}

/* NO_REASON when nothing speaks against it. */
static __always_inline int check_rogue(const struct packet *packet, const struct frame *frame,
				       int fault)
{
	int reason;

	if (fault != NO_REASON)
		return check_hidden(packet, fault);
	if (packet->ethertype != bpf_htons(ETH_P_IP) && packet->ethertype != bpf_htons(ETH_P_IPV6))
		return NO_REASON;
	if (packet->protocol == IPPROTO_UDP && is_dhcp_answer(packet))
		return REASON_ROGUE_SERVER;
	if (packet->protocol != IPV6_ICMP || packet->type < ICMP6_ROUTER_SOLICIT ||
	    packet->type > ICMP6_REDIRECT)
		return NO_REASON;
	reason = preauth_icmpv6(packet, frame);
	return reason == REASON_NEIGHBOR_DISCOVERY ? NO_REASON : reason;
}

#endif
