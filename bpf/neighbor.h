/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who is on the wire: the addresses each client uses, learnt from ARP, neighbor discovery, DHCP
 * and the connections steered to the responder. Shown to the operator; no verdict depends on it.
 */
#ifndef PORTAL_NEIGHBOR_H
#define PORTAL_NEIGHBOR_H

#include "client.h"
#include "event.h"
#include "maps.h"
#include "packet.h"

static __always_inline void learn_neighbor(const struct packet *packet, __u32 ifindex, __u64 now,
					   bool stranger)
{
	struct neighbor_key key = {.client = packet->client, .address = packet->source};
	struct neighbor *known, fresh = {.first_seen = now, .last_seen = now};

	if (is_unspecified(&key.address))
		key.address = (struct ip_address){};
	ifindex = fresh.ifindex = home_of(ifindex);
	known = bpf_map_lookup_elem(&neighbors, &key);
	if (known) {
		if (now >= known->last_seen + NSEC_PER_SEC)
			known->last_seen = now;
		known->ifindex = ifindex;
		return;
	}
	if (!bpf_map_update_elem(&neighbors, &key, &fresh, BPF_NOEXIST) && stranger)
		report(EVENT_STRANGER, &key.client, &key.address, ifindex, now, 0);
}

#endif
