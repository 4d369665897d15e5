/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Addresses bound to sessions, first come first served (RFC 6620): an address on a link belongs to
 * the client with CLIENT_BOUND that used it first, until the session ends or the address has been
 * unused for BINDING_LAPSE_NS. A client has CLIENT_BINDINGS at most.
 */
#ifndef PORTAL_BINDING_H
#define PORTAL_BINDING_H

#include "client.h"
#include "forgery.h"
#include "maps.h"
#include "packet.h"

static __always_inline bool same_client(const struct client_key *a, const struct client_key *b)
{
	return a->vlan == b->vlan && same_mac(a->mac, b->mac);
}

static __always_inline struct binding_key binding_key_of(const struct ip_address *address,
							 __u32 home, __u16 vlan)
{
	return (struct binding_key){.address = *address, .ifindex = home, .vlan = vlan};
}

static __always_inline bool is_held(const struct binding *binding, __u64 now)
{
	const struct client *owner;

	if (now >= binding->last_used + BINDING_LAPSE_NS)
		return false;
	owner = bpf_map_lookup_elem(&clients, &binding->owner);
	return owner && (owner->flags & CLIENT_BOUND) && client_alive(owner, now);
}

/* Whether `address` belongs to another client than the one that sent the packet; reported. */
static __always_inline bool is_anothers(const struct ip_address *address,
					const struct packet *packet, __u32 ifindex, __u32 home,
					__u64 now)
{
	struct binding_key key = binding_key_of(address, home, packet->client.vlan);
	const struct binding *binding = bpf_map_lookup_elem(&bindings, &key);

	if (!binding || same_client(&binding->owner, &packet->client) || !is_held(binding, now))
		return false;
	report_forgery(&packet->client, address, ifindex, now, REASON_SOURCE_BOUND);
	return true;
}

/* One more of the client's; false when it has as many as it may. */
static __always_inline bool count_binding(const struct client *client)
{
	__u32 slot = client->slot;
	struct binding_count *held = bpf_map_lookup_elem(&binding_counts, &slot);

	if (!held)
		return false;
	/* The slot was another session's. */
	if (held->session != client->session) {
		held->session = client->session;
		held->count = 0;
	}
	if (held->count >= CLIENT_BINDINGS)
		return false;
	__sync_fetch_and_add(&held->count, 1);
	return true;
}

/* Takes the packet's source for the client, or finds that it has it. */
static __always_inline bool bind_source(const struct packet *packet, const struct client *client,
					__u32 ifindex, __u32 home, __u64 now)
{
	struct binding_key key = binding_key_of(&packet->source, home, packet->client.vlan);
	struct binding fresh = {.owner = packet->client, .last_used = now};
	struct binding *binding = bpf_map_lookup_elem(&bindings, &key);

	if (binding && same_client(&binding->owner, &packet->client)) {
		binding->last_used = now;
		return true;
	}
	if (is_anothers(&packet->source, packet, ifindex, home, now) || !count_binding(client))
		return false;
	/* Of two that come at once, one is first. */
	return !bpf_map_update_elem(&bindings, &key, &fresh, binding ? BPF_EXIST : BPF_NOEXIST);
}

#endif
