/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Budgets: how much of what a stranger may do it may do at once, and all strangers together. Each
 * frame that would pass is paid for by its client first, so that nobody uses up what is
 * everybody's.
 *
 * MAC addresses cost nothing, so a client that is new has less: its entry in `strangers` is paid
 * for from the newcomers' budget, and for its first seconds what it sends from pools of their own.
 * However many MAC addresses a station invents, those who were there before keep their share, and
 * nothing is written for a frame that is not paid for.
 */
#ifndef PORTAL_BUDGET_H
#define PORTAL_BUDGET_H

#include "bucket.h"
#include "client.h"
#include "event.h"
#include "maps.h"
#include "packet.h"
#include "verdict.h"

#define NEWCOMER_NSEC (10 * NSEC_PER_SEC)
/* One event for a flood that goes on. */
#define FLOOD_NSEC (10 * NSEC_PER_SEC)

/* What a frame that would pass for `reason` is charged to; BUDGET_COUNT for nothing. */
static __always_inline __u32 budget_of(const struct packet *packet, enum reason reason)
{
	switch (reason) {
	case REASON_DNS:
		return BUDGET_DNS;
	case REASON_PORTAL:
	case REASON_STEERED:
		return (packet->type & (TCP_SYN | TCP_ACK)) == TCP_SYN ? BUDGET_CONNECTIONS
								       : BUDGET_SEGMENTS;
	case REASON_ARP:
	case REASON_NEIGHBOR_DISCOVERY:
	case REASON_MLD:
	case REASON_EAPOL:
		return BUDGET_LINK;
	case REASON_ICMP_ECHO:
		return BUDGET_ICMP;
	case REASON_DHCP:
		return BUDGET_DHCP;
	default:
		return BUDGET_COUNT;
	}
}

static __always_inline enum reason exceeded(__u32 budget)
{
	switch (budget) {
	case BUDGET_DNS:
	case BUDGET_DNS_BYTES:
		return REASON_BUDGET_DNS;
	case BUDGET_CONNECTIONS:
	case BUDGET_SEGMENTS:
		return REASON_BUDGET_CONNECTIONS;
	case BUDGET_LINK:
		return REASON_BUDGET_LINK;
	case BUDGET_ICMP:
		return REASON_BUDGET_ICMP;
	default:
		return REASON_BUDGET_DHCP;
	}
}

static __always_inline bool affords(__u64 *due, __u64 now, const struct budget_rate *rate,
				    __u64 units)
{
	return !rate->cost || take(due, now, rate->cost * units, rate->burst);
}

/* Whether a flood is to be told of; on two CPUs at once, by one of them. */
static __always_inline bool is_news(__u64 *told, __u64 now)
{
	__u64 last = *(volatile __u64 *)told;

	if (last && now < last + FLOOD_NSEC)
		return false;
	return __sync_val_compare_and_swap(told, last, now) == last;
}

/* Of all strangers together: no client's name belongs to it. */
static __always_inline enum reason pool_exceeded(struct budget_pool *pool, __u32 ifindex, __u64 now,
						 enum reason reason)
{
	struct client_key nobody = {};
	struct ip_address nowhere = {};

	if (is_news(&pool->told, now))
		report(EVENT_FLOOD, &nobody, &nowhere, ifindex, now, reason);
	return reason;
}

/* The client's entry, made if there is room for one more newcomer. */
static __always_inline struct stranger *find_stranger(const struct client_key *key, __u64 now)
{
	struct stranger *known = bpf_map_lookup_elem(&strangers, key), fresh = {.since = now};
	__u32 newcomers = BUDGET_NEWCOMERS;
	struct budget_limit *limit;
	struct budget_pool *pool;

	if (known)
		return known;
	limit = bpf_map_lookup_elem(&budgets, &newcomers);
	pool = bpf_map_lookup_elem(&pools, &newcomers);
	if (!limit || !pool || !affords(&pool->newcomers, now, &limit->all, 1))
		return NULL;
	/* Another CPU may have been first, or have just evicted it. */
	bpf_map_update_elem(&strangers, key, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&strangers, key);
}

static __always_inline bool is_limited(const struct budget_limit *limit)
{
	return limit && (limit->client.cost || limit->all.cost);
}

/* NO_REASON when `units` are paid for. */
static __always_inline int draw(struct stranger *stranger, __u32 budget, __u64 units, __u32 ifindex,
				__u64 now)
{
	struct budget_limit *limit = bpf_map_lookup_elem(&budgets, &budget);
	struct budget_pool *pool = bpf_map_lookup_elem(&pools, &budget);
	__u32 at = budget;

	if (!limit || !pool)
		return NO_REASON;
	/* The compiler knows the bound, the verifier does not. */
	asm volatile("" : "+r"(at));
	if (!affords(&stranger->due[at & (BUDGET_WORDS - 1)], now, &limit->client, units))
		return exceeded(budget);
	if (!affords(now < stranger->since + NEWCOMER_NSEC ? &pool->newcomers : &pool->known, now,
		     &limit->all, units))
		return pool_exceeded(pool, ifindex, now, REASON_BUDGET_ALL);
	return NO_REASON;
}

/*
 * The verdict on a stranger's frame that would pass for `reason`. A global function: the verifier
 * looks at it once, and its stack is its own.
 */
__noinline int spend(const struct packet *packet, __u32 ifindex, __u64 bytes, __u64 now, int reason)
{
	struct client_key client;
	struct ip_address source;
	__u32 newcomers = BUDGET_NEWCOMERS, of_bytes = BUDGET_DNS_BYTES;
	struct stranger *stranger;
	struct budget_pool *pool;
	__u32 budget;
	int refusal;

	if (!packet)
		return REASON_BUDGET_ALL;
	budget = budget_of(packet, reason);
	if (budget == BUDGET_COUNT)
		return reason;
	/* Linux 6.1 takes no map's key out of an argument. */
	client = packet->client;
	source = packet->source;
	if (!is_limited(bpf_map_lookup_elem(&budgets, &budget)) &&
	    (budget != BUDGET_DNS || !is_limited(bpf_map_lookup_elem(&budgets, &of_bytes))))
		return reason;
	stranger = find_stranger(&client, now);
	if (!stranger) {
		pool = bpf_map_lookup_elem(&pools, &newcomers);
		return pool ? pool_exceeded(pool, ifindex, now, REASON_BUDGET_NEWCOMERS)
			    : REASON_BUDGET_NEWCOMERS;
	}
	refusal = draw(stranger, budget, 1, ifindex, now);
	if (refusal == NO_REASON && budget == BUDGET_DNS)
		refusal = draw(stranger, of_bytes, bytes, ifindex, now);
	if (refusal == NO_REASON)
		return reason;
	if (refusal != REASON_BUDGET_ALL && is_news(&stranger->told, now))
		report(EVENT_FLOOD, &client, &source, ifindex, now, refusal);
	return refusal;
}

#endif
