/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a signed-in client may call itself: an address of its link that is not the gateway's, nor
 * bound to another. A source that was found good is good for about a second, so that the common
 * packet costs a comparison.
 */
#ifndef PORTAL_SOURCE_H
#define PORTAL_SOURCE_H

#include "binding.h"
#include "neighbor.h"
#include "preauth.h"
#include "rogue.h"

/* Returned instead of a reason for a source that is the client's. */
#define SOURCE_KEEPS (-3)

static __always_inline bool same_address(const struct ip_address *a, const struct ip_address *b)
{
	return !((a->word[0] ^ b->word[0]) | (a->word[1] ^ b->word[1]) | (a->word[2] ^ b->word[2]) |
		 (a->word[3] ^ b->word[3]));
}

static __always_inline __u32 tick_of(__u64 now)
{
	return (now >> CHECKED_TICK_SHIFT) + 1;
}

static __always_inline struct checked_source *checked_source(const struct client *client)
{
	__u32 slot = client->slot;
	struct traffic *used = bpf_map_lookup_elem(&traffic, &slot);

	return used ? &used->checked : NULL;
}

static __always_inline bool is_last(const struct checked_source *checked,
				    const struct packet *packet)
{
	if (packet->ethertype == bpf_htons(ETH_P_IPV6))
		return same_address(&checked->v6, &packet->source);
	return checked->v4 == packet->source.word[3];
}

static __always_inline bool is_checked(const struct checked_source *checked,
				       const struct packet *packet, __u32 tick)
{
	__u32 then = packet->ethertype == bpf_htons(ETH_P_IPV6) ? checked->v6_tick
								: checked->v4_tick;

	return then == tick && is_last(checked, packet);
}

static __always_inline void remember(struct checked_source *checked, const struct packet *packet,
				     __u32 tick)
{
	if (packet->ethertype == bpf_htons(ETH_P_IPV6)) {
		checked->v6 = packet->source;
		checked->v6_tick = tick;
	} else {
		checked->v4 = packet->source.word[3];
		checked->v4_tick = tick;
	}
}

/* What is sent before a client has an address, and what a group is told. */
static __always_inline bool may_lack_address(const struct packet *packet)
{
	if (packet->ethertype == bpf_htons(ETH_P_ARP))
		return true;
	switch (packet->protocol) {
	case IPPROTO_IGMP:
		return packet->ethertype == bpf_htons(ETH_P_IP);
	case IPPROTO_UDP:
		return is_dhcp_request(packet);
	case IPV6_ICMP:
		return packet->type == ICMP6_ROUTER_SOLICIT ||
		       packet->type == ICMP6_NEIGHBOR_SOLICIT ||
		       packet->type == ICMP6_MLD_REPORT || packet->type == ICMP6_MLD_DONE ||
		       packet->type == ICMP6_MLDV2_REPORT;
	}
	return false;
}

/* ARP, neighbor discovery and MLD stay on the link whatever their source. */
static __always_inline bool is_link_message(const struct packet *packet)
{
	return packet->ethertype == bpf_htons(ETH_P_ARP) ||
	       (packet->protocol == IPV6_ICMP && packet->type >= ICMP6_MLD_QUERY &&
		(packet->type <= ICMP6_REDIRECT || packet->type == ICMP6_MLDV2_REPORT) &&
		stays_on_link(&packet->destination));
}

/*
 * A source that was not looked at lately; SOURCE_KEEPS when it need not be again for a while. A
 * global function: the verifier looks at it once, and not for each way that leads here.
 */
__noinline int search_source(const struct packet *sent, const struct client *client, __u32 ifindex,
			     int fault, __u64 now)
{
	enum network_standing standing;
	struct packet packet;
	__u32 home;

	if (!sent || !client)
		return REASON_SOURCE_ADDRESS;
	/* Linux 6.1 takes no map's key out of an argument. */
	packet = *sent;
	if (is_unspecified(&packet.source)) {
		if (fault == REASON_RUNT || fault == REASON_IP_HEADER)
			return fault;
		return may_lack_address(&packet) ? NO_REASON : REASON_SOURCE_ADDRESS;
	}
	if (impossible_source(&packet.source) || (roles_of(&packet.source) & ADDRESS_GATEWAY))
		return REASON_SOURCE_ADDRESS;
	home = home_of(ifindex);
	standing = standing_of(&packet.source, home, packet.client.vlan);
	if (standing == NETWORK_ELSEWHERE)
		return is_link_message(&packet) ? NO_REASON : REASON_SOURCE_ADDRESS;
	if ((client->flags & CLIENT_BOUND) && !bind_source(&packet, client, ifindex, home, now))
		return REASON_SOURCE_BOUND;
	return SOURCE_KEEPS;
}

static __always_inline int check_address(const struct packet *packet, const struct client *client,
					 __u32 ifindex, int fault, __u64 now)
{
	struct checked_source *checked = checked_source(client);
	int reason;

	if (checked && is_checked(checked, packet, tick_of(now)))
		return NO_REASON;
	reason = search_source(packet, client, ifindex, fault, now);
	if (reason != SOURCE_KEEPS)
		return reason;
	if (!checked) {
		learn_neighbor(packet, ifindex, now, false);
		return NO_REASON;
	}
	if (!is_last(checked, packet) || tick_of(now) - checked->told_tick >= CHECKED_TELL_TICKS) {
		learn_neighbor(packet, ifindex, now, false);
		checked->told_tick = tick_of(now);
	}
	remember(checked, packet, tick_of(now));
	return NO_REASON;
}

/* An advertisement speaks for its target, whatever its source. */
static __always_inline bool is_anothers_target(const struct packet *packet,
					       const struct frame *frame, __u32 ifindex,
					       __u64 now)
{
	const struct ip_address *target =
		header_at(frame, packet->transport + sizeof(struct icmp_header));
	struct ip_address address;

	if (packet->protocol != IPV6_ICMP || packet->type != ICMP6_NEIGHBOR_ADVERT ||
	    (const void *)(target + 1) > frame->end)
		return false;
	address = *target;
	return is_anothers(&address, packet, ifindex, home_of(ifindex), now);
}

/* A trusted client may route for others, and is never the gateway. */
static __always_inline int check_trusted(const struct packet *packet)
{
	return roles_of(&packet->source) & ADDRESS_GATEWAY ? REASON_SOURCE_ADDRESS : NO_REASON;
}

/* Whether a signed-in client's frame is its own to send. NO_REASON when it is. */
static __always_inline int check_member(const struct packet *packet, const struct frame *frame,
					const struct client *client, __u32 ifindex, int fault,
					__u64 now)
{
	int reason = check_rogue(packet, frame, fault);

	if (reason != NO_REASON)
		return reason;
	if (packet->ethertype != bpf_htons(ETH_P_IP) &&
	    packet->ethertype != bpf_htons(ETH_P_IPV6) && packet->ethertype != bpf_htons(ETH_P_ARP))
		return NO_REASON;
	if ((client->flags & CLIENT_BOUND) && is_anothers_target(packet, frame, ifindex, now))
		return REASON_SOURCE_BOUND;
	return check_address(packet, client, ifindex, fault, now);
}

#endif
