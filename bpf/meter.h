/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a client may still use: a token bucket for each direction, and a quota for both together.
 * Only clients with limits have a meter.
 *
 * A bucket is one word, the time at which it is full again (virtual scheduling, ITU-T I.371): a
 * packet moves it on by what it takes at the client's rate, and none passes while it lies further
 * ahead than the bucket is deep. No CPU waits for another: each may let one packet pass too many,
 * and the bucket pays for it.
 */
#ifndef PORTAL_METER_H
#define PORTAL_METER_H

#include <stdbool.h>

#include "bucket.h"
#include "portal_abi.h"

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* What a bit takes at one bit a second. */
#define METER_TICKS_PER_BIT (1000000000ULL * METER_TICKS_PER_NSEC)
/* Bytes; no packet has more. */
#define METER_LONGEST (1 << 20)

/* Rounded up, so that the rate is never exceeded. */
static __always_inline __u64 meter_ticks(__u64 rate, __u64 bytes)
{
	if (!rate || !bytes)
		return 0;
	if (bytes > METER_LONGEST)
		bytes = METER_LONGEST;
	return (bytes * 8 * METER_TICKS_PER_BIT - 1) / rate + 1;
}

static __always_inline __u64 meter_read(const __u64 *word)
{
	return *(const volatile __u64 *)word;
}

/* The last of the credit is for small packets: where bulk has the rest, acknowledgements of the
 * other direction, queries and handshakes still come through. */
static __always_inline __u64 bucket_depth(const struct bucket *bucket, __u64 bytes)
{
	__u64 burst = meter_read(&bucket->burst);

	return bytes > METER_SMALL ? burst - burst / 8 : burst;
}

/* Whether the packet may pass; it is then paid for. One larger than the bucket passes while there
 * is credit, and leaves a debt. A refused one changes nothing. */
static __always_inline bool bucket_take(struct bucket *bucket, __u64 now, __u64 bytes)
{
	__u64 rate = meter_read(&bucket->rate);

	return !rate || take(&bucket->full_at, now * METER_TICKS_PER_NSEC,
			     meter_ticks(rate, bytes), bucket_depth(bucket, bytes));
}

/* Whether the quota is used up: the session is over. */
static __always_inline bool meter_spent(const struct meter *meter)
{
	__u64 quota = meter_read(&meter->quota);

	return quota && meter_read(&meter->used) >= quota;
}

static __always_inline void meter_charge(struct meter *meter, __u64 bytes)
{
	__sync_fetch_and_add(&meter->used, bytes);
}

#ifdef __bpf__

/* None for a client without limits. */
static __always_inline struct meter *meter_of(const struct client *client)
{
	__u32 slot = client->slot;

	return client->flags & CLIENT_METERED ? bpf_map_lookup_elem(&meters, &slot) : NULL;
}

/* Whether a packet of the client's, or one to it, may pass. */
static __always_inline bool police(const struct client *client, bool from, __u64 now, __u64 bytes)
{
	struct meter *meter = meter_of(client);

	if (!meter)
		return true;
	if (!bucket_take(from ? &meter->up : &meter->down, now, bytes))
		return false;
	meter_charge(meter, bytes);
	return true;
}

/* What passes though the rate is exceeded. */
static __always_inline void charge(const struct client *client, __u64 bytes)
{
	struct meter *meter = meter_of(client);

	if (meter)
		meter_charge(meter, bytes);
}

#endif
#endif
