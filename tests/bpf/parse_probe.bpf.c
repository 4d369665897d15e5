// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The parser's BPF build, made visible: parses a frame into a global. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "parse_into.h"

int hidden_tag = NO_HIDDEN_TAG;
struct parse_result result;

SEC("xdp.frags")
int parse_probe(struct xdp_md* ctx) {
    struct frame frame = {
        .data = (void*)(long)ctx->data,
        .end = (void*)(long)ctx->data_end,
        .length = bpf_xdp_get_buff_len(ctx),
        .hidden_tag = hidden_tag,
    };

    parse_into(&frame, &result);
    return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
