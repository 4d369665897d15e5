/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Runs the parser as the programs do; the same few lines for the BPF and the native build. */
#ifndef PARSE_INTO_H
#define PARSE_INTO_H

#include "../../bpf/packet.h"
#include "parse_result.h"

static __always_inline void parse_into(const struct frame* frame, struct parse_result* result) {
    struct packet packet = {};

    result->link = parse_link(frame, &packet);
    result->network = result->link == NO_REASON ? parse_network(frame, &packet) : PARSE_SKIPPED;
    result->client = packet.client;
    result->source = packet.source;
    result->destination = packet.destination;
    result->source_port = packet.source_port;
    result->destination_port = packet.destination_port;
    result->ethertype = packet.ethertype;
    result->network_at = packet.network;
    result->transport_at = packet.transport;
    result->transport_size = packet.size;
    result->protocol = packet.protocol;
    result->type = packet.type;
    result->hop_limit = packet.hop_limit;
    result->to_group = packet.to_group;
}

#endif
