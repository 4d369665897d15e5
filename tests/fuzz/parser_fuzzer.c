/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fuzzes the dataplane's parser, compiled natively. The first two bytes choose where a tag was
 * hidden and where the linear part ends; the rest is the frame.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/native_parser.h"

static const size_t kAlignment = 2; /* NET_IP_ALIGN */

static void parse_and_check(const uint8_t* frame, size_t linear, size_t length, int hidden_tag) {
    /* Exactly as long as what may be read, so that the sanitizer sees a byte too far. */
    uint8_t* buffer = malloc(kAlignment + linear);
    struct parse_result result = {0};

    if (!buffer) abort();
    if (linear) memcpy(buffer + kAlignment, frame, linear);
    native_parse(buffer + kAlignment, linear, length, hidden_tag, &result);
    free(buffer);

    const char* broken = broken_invariant(&result, linear, length);
    if (broken) {
        fprintf(stderr, "does not hold: %s\n", broken);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 2) return 0;
    const uint8_t* frame = data + 2;
    const size_t length = size - 2;
    const int hidden_tag = data[0] < 128 ? NATIVE_NO_HIDDEN_TAG : data[0] - 128;
    const size_t linear = data[1] < 128 || data[1] > length ? length : data[1];

    parse_and_check(frame, linear, length, hidden_tag);
    return 0;
}
