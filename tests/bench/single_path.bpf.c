// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Runs a program on frames of many clients under BPF_PROG_TEST_RUN, which repeats one frame: this
 * draws the client and jumps. Beside it what the gate is compared with: nothing, and one lookup.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>

#include <bpf/bpf_helpers.h>

#include "../../bpf/portal_abi.h"

const volatile __u32 client_count = 1;

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct client_key);
	__type(value, struct client);
} bare SEC(".maps");

SEC("xdp.frags")
int draw_client(struct xdp_md *ctx)
{
	struct ethhdr *eth;
	__u32 client;

	/* The last run's note is still there. */
	bpf_xdp_adjust_meta(ctx, (int)(ctx->data - ctx->data_meta));
	eth = (void *)(long)ctx->data;
	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	client = client_count > 1 ? bpf_get_prandom_u32() % client_count : 0;
	eth->h_source[2] = client >> 24;
	eth->h_source[3] = client >> 16;
	eth->h_source[4] = client >> 8;
	eth->h_source[5] = client;
	bpf_tail_call(ctx, &next, 0);
	return XDP_ABORTED;
}

SEC("xdp.frags")
int empty(struct xdp_md *ctx __attribute__((unused)))
{
	return XDP_PASS;
}

SEC("xdp.frags")
int bare_lookup(struct xdp_md *ctx)
{
	const struct ethhdr *eth = (void *)(long)ctx->data;
	struct client_key key = {};

	if ((const void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	__builtin_memcpy(key.mac, eth->h_source, sizeof(key.mac));
	return bpf_map_lookup_elem(&bare, &key) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
