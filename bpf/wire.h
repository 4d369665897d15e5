/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a packet is on the wire. Under segmentation offload, or merged on arrival, it is several
 * frames, each with headers of its own, and a tag that is kept outside the packet is part of each.
 */
#ifndef PORTAL_WIRE_H
#define PORTAL_WIRE_H

#include "packet.h"

#define GSO_BY_FRAGS 0xffff /* gso_size of SCTP: segments of any size */

struct wire {
	__u64 packets;
	__u64 bytes;
};

static __always_inline __u32 outside_tag(const struct __sk_buff *skb)
{
	return skb->vlan_present ? sizeof(struct vlan_tag) : 0;
}

/* The headers that each segment repeats; 0 where they are not TCP's or UDP's. */
static __always_inline __u32 segment_headers(const struct frame *frame, const struct packet *packet)
{
	const struct tcphdr *tcp = header_at(frame, packet->transport);

	switch (packet->protocol) {
	case IPPROTO_TCP:
		if ((const void *)(tcp + 1) > frame->end)
			return 0;
		return packet->transport + tcp->doff * 4;
	case IPPROTO_UDP:
		return packet->transport + sizeof(struct udphdr);
	}
	return 0;
}

/* The kernel counts the segments of what it made itself, not of what a virtual machine's host
 * handed over. */
static __always_inline __u64 segments_of(const struct __sk_buff *skb, __u32 headers)
{
	__u32 size = skb->gso_size;

	if (skb->gso_segs)
		return skb->gso_segs;
	if (!size || size == GSO_BY_FRAGS || !headers || skb->len <= headers)
		return 1;
	return (skb->len - headers + size - 1) / size;
}

#endif
