// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Makes frames of many clients: run with BPF_F_TEST_XDP_LIVE_FRAMES, it sends each out of the
 * client's end of the cable. The kernel hands frames back as their receiver left them, so the whole
 * of one is written anew each time.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>

#include <bpf/bpf_helpers.h>

#define FRAME_BYTES 64

const volatile __u32 client_count = 1;
const volatile __u32 outgoing = 0; /* ifindex */
const volatile __u8 frame[FRAME_BYTES] = {};

SEC("xdp")
int generate(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u8 *bytes = (void *)(long)ctx->data;
	__u32 client;

	if ((void *)(bytes + FRAME_BYTES) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	for (int i = 0; i < FRAME_BYTES; i += 8)
		*(__u64 *)(bytes + i) = *(const volatile __u64 *)(frame + i);
	client = client_count > 1 ? bpf_get_prandom_u32() % client_count : 0;
	eth->h_source[2] = client >> 24;
	eth->h_source[3] = client >> 16;
	eth->h_source[4] = client >> 8;
	eth->h_source[5] = client;
	return bpf_redirect(outgoing, 0);
}

/* At the gateway, where nothing else is compared: the floor. */
SEC("xdp")
int drop(struct xdp_md *ctx __attribute__((unused)))
{
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
