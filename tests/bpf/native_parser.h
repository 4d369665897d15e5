/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The dataplane's parser, and its rules of time and limits, compiled for this machine. */
#ifndef NATIVE_PARSER_H
#define NATIVE_PARSER_H

#include <stdbool.h>
#include <stddef.h>

#include "parse_result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* No tag was taken out of the frame. */
#define NATIVE_NO_HIDDEN_TAG (-1)

/*
 * Parses a frame of `length` bytes of which the first `linear` lie at `data`. `data` is at 2
 * modulo 4, as the kernel places frames (NET_IP_ALIGN).
 */
void native_parse(const void* data, size_t linear, size_t length, int hidden_tag,
                  struct parse_result* result);

bool native_client_alive(const struct client* client, __u64 now);

bool native_bucket_take(struct bucket* bucket, __u64 now, __u64 bytes);
__u64 native_meter_ticks(__u64 rate, __u64 bytes);
bool native_meter_spent(const struct meter* meter);

/*
 * What holds for every frame: offsets lie within it, and the outcome is a reason or acceptance.
 * The rule that is broken, or NULL.
 */
const char* broken_invariant(const struct parse_result* result, size_t linear, size_t length);

#ifdef __cplusplus
}
#endif
#endif
