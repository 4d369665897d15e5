/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The token bucket, as a virtual schedule: one number, the time at which all that was taken so far
 * is paid for. Exact whichever CPUs take from it, and it needs no refilling.
 */
#ifndef PORTAL_BUCKET_H
#define PORTAL_BUCKET_H

#include <stdbool.h>

#include <linux/types.h>

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* Takes `cost` nanoseconds of the schedule; false when more than `burst` of it is ahead of `now`.
 */
static __always_inline bool take(__u64 *tat, __u64 now, __u64 cost, __u64 burst)
{
	__u64 due = *(volatile __u64 *)tat;

	if (due < now) {
		__u64 found = __sync_val_compare_and_swap(tat, due, now);

		/* Else another CPU was first: what that one took counts. */
		due = found == due ? now : found;
	}
	/* Another CPU's clock may be ahead of this one's. */
	if (due > now && due - now > burst)
		return false;
	__sync_fetch_and_add(tat, cost);
	return true;
}

#endif
