/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The client's entry: whether it still counts, and here; and what it has used. The daemon writes
 * entries and collects the dead; the end of a session is decided here, on every packet.
 */
#ifndef PORTAL_CLIENT_H
#define PORTAL_CLIENT_H

#include <stdbool.h>

#include "meter.h"
#include "portal_abi.h"

#define NSEC_PER_SEC 1000000000ULL

static __always_inline bool client_alive(const struct client *client, __u64 now)
{
	if (client->expires_at && now >= client->expires_at)
		return false;
	return !client->idle_timeout ||
	       now < client->last_seen + client->idle_timeout * NSEC_PER_SEC;
}

#ifdef __bpf__

/* The client interface that `ifindex` is, or belongs to: XDP on a bond sees its members. */
static __always_inline __u32 home_of(__u32 ifindex)
{
	const struct interface *interface = bpf_map_lookup_elem(&interfaces, &ifindex);

	return interface ? interface->home : ifindex;
}

static __always_inline bool is_elsewhere(const struct client *client, __u32 ifindex)
{
	return client->ifindex && client->ifindex != ifindex && client->ifindex != home_of(ifindex);
}

/* The client's entry while it counts on this interface. None for a stranger, for one whose session
 * has ended, and for a station that has the key of a session elsewhere: then `elsewhere` is set. */
static __always_inline struct client *find_client(const struct client_key *key, __u32 ifindex,
						  __u64 now, bool *elsewhere)
{
	struct client *client = bpf_map_lookup_elem(&clients, key);

	const struct meter *meter;

	*elsewhere = false;
	if (!client || !client_alive(client, now))
		return NULL;
	meter = meter_of(client);
	if (meter && meter_spent(meter))
		return NULL;
	*elsewhere = is_elsewhere(client, ifindex);
	return *elsewhere ? NULL : client;
}

/* Once a second at most, so that the entry's cache line stays shared between CPUs. */
static __always_inline void mark_seen(struct client *client, __u64 now)
{
	if (now >= client->last_seen + NSEC_PER_SEC)
		client->last_seen = now;
}

static __always_inline void account_from(const struct client *client, __u64 packets,
					 __u64 bytes)
{
	__u32 slot = client->slot;
	struct traffic *used = bpf_map_lookup_elem(&traffic, &slot);

	if (used) {
		used->rx_packets += packets;
		used->rx_bytes += bytes;
	}
}

static __always_inline void account_to(const struct client *client, __u64 packets, __u64 bytes)
{
	__u32 slot = client->slot;
	struct traffic *used = bpf_map_lookup_elem(&traffic, &slot);

	if (used) {
		used->tx_packets += packets;
		used->tx_bytes += bytes;
	}
}

#endif
#endif
