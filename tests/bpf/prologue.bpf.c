// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a driver or an earlier program does to a frame before the gate's TC programs see it, where
 * BPF_PROG_TEST_RUN offers no way to ask for it.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "../../bpf/portal_abi.h"

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u32);
} next SEC(".maps");

__u16 tag;
__u32 program; /* which of `next` */
struct verdict_note note;

/* The outer tag outside the frame, as a NIC that strips tags leaves it. */
SEC("tc")
int hide_tag(struct __sk_buff* skb) {
    bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), tag);
    bpf_tail_call(skb, &next, program);
    return TC_ACT_SHOT;
}

/* A note for TC, whatever it says. */
SEC("xdp")
int leave_any_note(struct xdp_md* ctx) {
    struct verdict_note* place;

    if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*place))) return XDP_ABORTED;
    place = (void*)(long)ctx->data_meta;
    if ((void*)(place + 1) > (void*)(long)ctx->data) return XDP_ABORTED;
    *place = note;
    return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
