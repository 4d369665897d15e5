/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where generic XDP has copied a packet, which it does since Linux 6.9 with all that are cloned or
 * short of headroom (netif_skb_check_for_xdp, skb_pp_cow_data), the copy has lost its mac_len, and
 * TC begins at the network header. The link header is still in front of it: this puts it back.
 */
#ifndef PORTAL_LINK_HEADER_H
#define PORTAL_LINK_HEADER_H

#include "client_side.h"
#include "packet.h"

static __always_inline bool same_header(const struct ethhdr *a, const struct ethhdr *b)
{
	return same_mac(a->h_dest, b->h_dest) && same_mac(a->h_source, b->h_source) &&
	       a->h_proto == b->h_proto;
}

/* False where the packet cannot be told to begin with its link header. */
static __always_inline bool restore_link_header(struct __sk_buff *skb)
{
	struct ethhdr link, first, next;

	if (!is_generic(skb->ifindex))
		return true;
	if (bpf_skb_load_bytes_relative(skb, 0, &link, sizeof(link), BPF_HDR_START_MAC))
		return false;
	if (!bpf_skb_load_bytes(skb, 0, &first, sizeof(first)) && same_header(&first, &link))
		/* Or the network header has been made to look like the link header. */
		return bpf_skb_load_bytes_relative(skb, sizeof(link), &next, sizeof(next),
						   BPF_HDR_START_MAC) ||
		       !same_header(&next, &link);
	return !bpf_skb_change_head(skb, sizeof(link), 0) &&
	       !bpf_skb_store_bytes(skb, 0, &link, sizeof(link), 0);
}

#endif
