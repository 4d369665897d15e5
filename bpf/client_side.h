/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interfaces on the clients' side. A bit in one array answers for most of the others, and of
 * whether XDP is generic for nearly all, without a lookup in a hash.
 */
#ifndef PORTAL_CLIENT_SIDE_H
#define PORTAL_CLIENT_SIDE_H

#include <stdbool.h>

#include "maps.h"

static __always_inline const struct client_side *clients_side(void)
{
	__u32 first = 0;

	return bpf_map_lookup_elem(&client_side, &first);
}

static __always_inline bool has_bit(const __u64 *bits, __u32 ifindex)
{
	__u32 bit = ifindex % CLIENT_SIDE_BITS;

	return bits[bit / 64] & 1ULL << bit % 64;
}

static __always_inline bool is_clients(__u32 ifindex)
{
	const struct client_side *side = clients_side();

	return ifindex && side && has_bit(side->bits, ifindex) &&
	       bpf_map_lookup_elem(&interfaces, &ifindex);
}

/* XDP leaves no note there: bpf_skb_change_head warns of one since Linux 6.19. A global function:
 * it has a stack of its own. */
__noinline int is_generic(__u32 ifindex)
{
	const struct client_side *side = clients_side();
	const struct interface *interface;

	if (!side || !has_bit(side->merges, ifindex))
		return 0;
	interface = bpf_map_lookup_elem(&interfaces, &ifindex);
	return interface && interface->merges;
}

#endif
