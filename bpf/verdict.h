/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Verdicts. Every way out of a program goes through here: the reason is counted and turned into
 * the hook's action, and XDP leaves a note for TC.
 */
#ifndef PORTAL_VERDICT_H
#define PORTAL_VERDICT_H

#include <linux/pkt_cls.h>

#include "maps.h"

#define ACTION_PASS true
#define ACTION_DROP false

static __always_inline bool passes(enum reason reason)
{
	switch (reason) {
#define X(id, action, name, description)                                                           \
	case REASON_##id:                                                                          \
		return ACTION_##action;
		PORTAL_REASONS(X)
#undef X
	default:
		return false;
	}
}

static __always_inline void count(enum reason reason, __u64 packets, __u64 bytes)
{
	__u32 key = reason;
	struct verdict_count *verdict = bpf_map_lookup_elem(&verdicts, &key);

	if (verdict) {
		verdict->packets += packets;
		verdict->bytes += bytes;
	}
}

/* Where the driver has no room for metadata, TC classifies again. */
static __always_inline void leave_note(struct xdp_md *ctx, const struct verdict_note *note)
{
	struct verdict_note *place;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*place)))
		return;
	place = (void *)(long)ctx->data_meta;
	if ((void *)(place + 1) > (void *)(long)ctx->data)
		return;
	*place = *note;
}

static __always_inline bool read_note(const struct __sk_buff *skb, struct verdict_note *note)
{
	const struct verdict_note *place = (void *)(long)skb->data_meta;

	if ((const void *)(place + 1) > (void *)(long)skb->data || place->magic != VERDICT_MAGIC)
		return false;
	*note = *place;
	return true;
}

static __always_inline int verdict_xdp(enum reason reason, __u64 bytes)
{
	count(reason, 1, bytes);
	return passes(reason) ? XDP_PASS : XDP_DROP;
}

/* Of a frame that goes back out of XDP. What came in has its own verdict. */
static __always_inline int verdict_sent(enum reason reason, __u64 bytes)
{
	count(reason, 1, bytes);
	return XDP_TX;
}

static __always_inline int verdict_tc(enum reason reason, __u64 packets, __u64 bytes)
{
	count(reason, packets, bytes);
	return passes(reason) ? TC_ACT_UNSPEC : TC_ACT_SHOT;
}

#endif
