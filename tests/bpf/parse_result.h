/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the parser made of a frame, in a layout that BPF, C and C++ share: the outcome, and every
 * field of struct packet. Padding is named, so that two results compare as bytes.
 */
#ifndef PARSE_RESULT_H
#define PARSE_RESULT_H

#include "../../bpf/portal_abi.h"

/* In place of a reason: nothing speaks against the frame. */
#define PARSE_ACCEPTED (-1)

/* parse_network() was not reached. */
#define PARSE_SKIPPED (-2)

struct parse_result {
    __s32 link;    /* parse_link(): enum reason or PARSE_ACCEPTED */
    __s32 network; /* parse_network(): the same, or PARSE_SKIPPED */
    struct client_key client;
    struct ip_address source;
    struct ip_address destination;
    __be16 source_port;
    __be16 destination_port;
    __be16 ethertype;
    __u16 network_at;
    __u16 transport_at;
    __u16 transport_size;
    __u8 protocol;
    __u8 type;
    __u8 hop_limit;
    __u8 to_group;
};

PORTAL_ASSERT(sizeof(struct parse_result) == 64);

#endif
