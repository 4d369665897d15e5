/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Events: what the daemon is told of as it happens. A station can cause any number of most of
 * them, so that each type has a rate of its own on each CPU, and those leave half of the ring to
 * the rest. What is left out is counted.
 */
#ifndef PORTAL_EVENT_H
#define PORTAL_EVENT_H

#include "client.h"
#include "maps.h"

/* Whether there is one left of this type's in this second. */
static __always_inline bool may_report(enum event_type type, __u64 now)
{
	__u32 key = type;
	struct event_count *count = bpf_map_lookup_elem(&event_counts, &key);

	if (!count)
		return false;
	if (now >= count->second + NSEC_PER_SEC) {
		count->second = now;
		count->sent = 0;
	}
	if (count->sent >= PORTAL_EVENT_RATE) {
		count->lost++;
		return false;
	}
	count->sent++;
	return true;
}

static __always_inline void lose_event(enum event_type type)
{
	__u32 key = type;
	struct event_count *count = bpf_map_lookup_elem(&event_counts, &key);

	if (count)
		count->lost++;
}

/* `reason`: what the frame was dropped for, where the event is of one that was. */
static __always_inline void report(enum event_type type, const struct client_key *client,
				   const struct ip_address *address, __u32 ifindex, __u64 now,
				   __u16 reason)
{
	struct event *event;

	if (!may_report(type, now))
		return;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		lose_event(type);
		return;
	}
	event->time = now;
	event->type = type;
	event->reason = reason;
	event->ifindex = ifindex;
	event->client = *client;
	event->address = *address;
	bpf_ringbuf_submit(event, 0);
}

#endif
