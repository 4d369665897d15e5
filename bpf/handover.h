/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A stranger's port 80 passes XDP for TC alone to have. On the way there its destination MAC is
 * not the gateway's, so that the stack drops the frame (PACKET_OTHERHOST) where the TC program has
 * been taken away. Frames to another MAC, such as VRRP's, go as they are.
 */
#ifndef PORTAL_HANDOVER_H
#define PORTAL_HANDOVER_H

#include <linux/if_packet.h>

#include "maps.h"
#include "packet.h"

#define MAC_LOCALLY_ADMINISTERED 0x02

static __always_inline void hide_from_stack(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 ifindex = ctx->ingress_ifindex;
	const struct interface *own = bpf_map_lookup_elem(&interfaces, &ifindex);

	if (own && (void *)(eth + 1) <= (void *)(long)ctx->data_end &&
	    same_mac(eth->h_dest, own->mac))
		eth->h_dest[0] ^= MAC_LOCALLY_ADMINISTERED;
}

static __always_inline void show_to_stack(struct __sk_buff *skb)
{
	__u32 ifindex = skb->ifindex;
	const struct interface *own = bpf_map_lookup_elem(&interfaces, &ifindex);
	__u8 mac[ETH_ALEN];

	if (!own || bpf_skb_load_bytes(skb, 0, mac, sizeof(mac)))
		return;
	mac[0] ^= MAC_LOCALLY_ADMINISTERED;
	if (same_mac(mac, own->mac) && !bpf_skb_store_bytes(skb, 0, mac, sizeof(mac), 0))
		bpf_skb_change_type(skb, PACKET_HOST);
}

#endif
