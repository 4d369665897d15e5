/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include "native_parser.h"

#include "client.h"
#include "parse_into.h"

void native_parse(const void* data, size_t linear, size_t length, int hidden_tag,
                  struct parse_result* result) {
    struct frame frame = {
        .data = data,
        .end = (const char*)data + linear,
        .length = length,
        .hidden_tag = hidden_tag,
    };

    parse_into(&frame, result);
}

bool native_client_alive(const struct client* client, __u64 now) {
    return client_alive(client, now);
}

bool native_bucket_take(struct bucket* bucket, __u64 now, __u64 bytes) {
    return bucket_take(bucket, now, bytes);
}

__u64 native_meter_ticks(__u64 rate, __u64 bytes) {
    return meter_ticks(rate, bytes);
}

bool native_meter_spent(const struct meter* meter) {
    return meter_spent(meter);
}

static bool is_outcome(int outcome) {
    return outcome == PARSE_ACCEPTED || (outcome >= 0 && outcome < REASON_COUNT);
}

static size_t least_transport(__u8 protocol) {
    switch (protocol) {
        case IPPROTO_TCP:
            return sizeof(struct tcphdr);
        case IPPROTO_UDP:
        case IPPROTO_ICMP:
        case IPV6_ICMP:
            return 8;
    }
    return 0;
}

const char* broken_invariant(const struct parse_result* result, size_t linear, size_t length) {
    bool ipv4 = result->ethertype == bpf_htons(ETH_P_IP);
    bool ipv6 = result->ethertype == bpf_htons(ETH_P_IPV6);
    size_t network = result->network_at, transport = result->transport_at;

    if (!is_outcome(result->link)) return "the link has an outcome";
    if (result->link != PARSE_ACCEPTED)
        return result->network == PARSE_SKIPPED ? NULL : "a refused link ends it";
    if (!is_outcome(result->network)) return "the network has an outcome";
    if (result->client.vlan > 0x0fff) return "a VLAN ID has 12 bits";
    if (result->client.mac[0] & 1) return "a client's MAC is no group's";
    if (network < ETH_HLEN || network > linear) return "the network header begins in the frame";
    if (result->network != PARSE_ACCEPTED) return NULL;
    if (result->ethertype == bpf_htons(ETH_P_ARP))
        return network + sizeof(struct arp_ethernet) <= linear ? NULL : "ARP is whole";
    if (!ipv4 && !ipv6)
        return result->ethertype == bpf_htons(ETH_P_PAE) ? NULL : "an accepted type is known";
    if (transport < network + (ipv4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr)))
        return "the transport is behind the network header";
    if (transport + result->transport_size > length ||
        result->transport_size < least_transport(result->protocol))
        return "the transport is in the frame";
    if (least_transport(result->protocol) && transport + least_transport(result->protocol) > linear)
        return "the transport header was there to be read";
    if (ipv4 != is_v4(&result->source) || ipv4 != is_v4(&result->destination))
        return "addresses are of their family";
    return NULL;
}
