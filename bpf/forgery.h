/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Word of a forgery to userspace: at most one for a client in ten seconds, whatever it sends.
 */
#ifndef PORTAL_FORGERY_H
#define PORTAL_FORGERY_H

#include "event.h"
#include "maps.h"
#include "packet.h"

static __always_inline void report_forgery(const struct client_key *client,
					   const struct ip_address *address, __u32 ifindex,
					   __u64 now, enum reason reason)
{
	const __u64 *reported = bpf_map_lookup_elem(&forgeries, client);

	if (reported && now < *reported + FORGERY_QUIET_NS)
		return;
	if (bpf_map_update_elem(&forgeries, client, &now, BPF_ANY))
		return;
	report(EVENT_FORGERY, client, address, ifindex, now, reason);
}

#endif
