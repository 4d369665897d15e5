/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The parser. From the bytes of a frame to struct packet: the client's key, the addresses, the
 * transport. It is total: for any bytes it gives a classification or the reason to refuse them.
 * It takes bytes, not a context, so that XDP, TC and a native fuzzer call the same code.
 */
#ifndef PORTAL_PACKET_H
#define PORTAL_PACKET_H

#include <stdbool.h>

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/types.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>

#include "portal_abi.h"

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* Returned instead of a reason when nothing speaks against the frame so far. */
#define NO_REASON (-1)

#define NO_HIDDEN_TAG (-1)

#define IPV6_HOP_BY_HOP   0
#define IPV6_ROUTING      43
#define IPV6_FRAGMENT     44
#define IPV6_ICMP         58
#define IPV6_NO_NEXT      59
#define IPV6_DESTINATION  60
#define IPV6_AH           51
#define IPV6_MOBILITY     135
#define IPV6_HIP          139
#define IPV6_SHIM6        140

#define IPV4_FRAGMENTED 0x3fff /* MF and the offset */

#define ICMP4_ECHO_REPLY        0
#define ICMP4_UNREACHABLE       3
#define ICMP4_ECHO_REQUEST      8
#define ICMP4_TIME_EXCEEDED     11
#define ICMP4_PARAMETER_PROBLEM 12

#define ICMP6_UNREACHABLE       1
#define ICMP6_PACKET_TOO_BIG    2
#define ICMP6_TIME_EXCEEDED     3
#define ICMP6_PARAMETER_PROBLEM 4
#define ICMP6_ECHO_REQUEST      128
#define ICMP6_ECHO_REPLY        129
#define ICMP6_MLD_QUERY         130
#define ICMP6_MLD_REPORT        131
#define ICMP6_MLD_DONE          132
#define ICMP6_ROUTER_SOLICIT    133
#define ICMP6_ROUTER_ADVERT     134
#define ICMP6_NEIGHBOR_SOLICIT  135
#define ICMP6_NEIGHBOR_ADVERT   136
#define ICMP6_REDIRECT          137
#define ICMP6_MLDV2_REPORT      143

#define ARP_ETHERNET 1
#define ARP_REQUEST  1
#define ARP_REPLY    2

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* The frame as it lies in memory. `length` counts what `end` may not reach (XDP fragments). */
struct frame {
	const void *data;
	const void *end;
	__u32 length;
	int hidden_tag; /* VLAN ID that was taken out of the frame, or NO_HIDDEN_TAG */
};

struct packet {
	struct client_key client;      /* source MAC and VLAN */
	struct ip_address source;      /* ARP: of the sender */
	struct ip_address destination; /* ARP: the target */
	__be16 source_port;
	__be16 destination_port;
	__be16 ethertype; /* behind the tags */
	__u16 network;    /* offset of the header behind the tags */
	__u16 transport;  /* offset of the transport header */
	__u16 size;       /* of the transport header and what it carries */
	__u8 protocol;    /* IANA number of the transport */
	__u8 type;        /* TCP: flags; ICMP: type */
	__u8 hop_limit;
	__u8 to_group; /* the destination MAC is multicast or broadcast */
};

struct vlan_tag {
	__be16 tci;
	__be16 ethertype; /* of what follows */
};

/* RFC 826, for IPv4 over Ethernet. <linux/if_arp.h> drags in the C library. */
struct arp_ethernet {
	__be16 hardware;
	__be16 protocol;
	__u8 hardware_size;
	__u8 protocol_size;
	__be16 operation;
	__u8 sender_mac[6];
	__u8 sender_ip[4];
	__u8 target_mac[6];
	__u8 target_ip[4];
} __attribute__((packed));

/* RFC 792 and RFC 4443. <linux/icmp.h> drags in the C library. */
struct icmp_header {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__be32 rest;
};

struct ipv6_extension {
	__u8 next;
	__u8 length; /* in 8 bytes, the first not counted */
};

/*
 * The header at an offset. The verifier forgets the bound of an offset that was kept in memory;
 * the mask, wider than any offset the parser gives, states it again. Hidden from the compiler,
 * which knows the bound and would drop the mask.
 */
static __always_inline const void *header_at(const struct frame *frame, __u32 offset)
{
#ifdef __bpf__
	asm volatile("" : "+r"(offset));
#endif
	return frame->data + (offset & 0x3fff);
}

static __always_inline bool is_vlan(__be16 ethertype)
{
	return ethertype == bpf_htons(ETH_P_8021Q) || ethertype == bpf_htons(ETH_P_8021AD);
}

/* clang makes a call of memcmp() where it does not know the alignment. */
static __always_inline bool same_mac(const __u8 *a, const __u8 *b)
{
	__u8 difference = 0;

	for (int i = 0; i < 6; i++)
		difference |= a[i] ^ b[i];
	return !difference;
}

static __always_inline struct ip_address address_v4(__be32 address)
{
	return (struct ip_address){{0, 0, bpf_htonl(0xffff), address}};
}

static __always_inline bool is_v4(const struct ip_address *address)
{
	return !(address->word[0] | address->word[1]) && address->word[2] == bpf_htonl(0xffff);
}

static __always_inline bool is_unspecified(const struct ip_address *address)
{
	return !(address->word[0] | address->word[1] | address->word[3]) &&
	       (!address->word[2] || address->word[2] == bpf_htonl(0xffff));
}

/* Ethernet and its tags. */
static __always_inline int parse_link(const struct frame *frame, struct packet *packet)
{
	const struct ethhdr *eth = frame->data;
	__u32 at = sizeof(*eth);

	if ((const void *)(eth + 1) > frame->end)
		return REASON_RUNT;
	__builtin_memcpy(packet->client.mac, eth->h_source, sizeof(packet->client.mac));
	packet->client.vlan = frame->hidden_tag != NO_HIDDEN_TAG ? frame->hidden_tag : 0;
	packet->to_group = eth->h_dest[0] & 1;
	packet->ethertype = eth->h_proto;

	for (int i = 0; i < PORTAL_VLAN_TAGS; i++) {
		const struct vlan_tag *tag = header_at(frame, at);

		if (!is_vlan(packet->ethertype) || (i == PORTAL_VLAN_TAGS - 1 &&
						    frame->hidden_tag != NO_HIDDEN_TAG))
			break;
		if ((const void *)(tag + 1) > frame->end)
			return REASON_RUNT;
		/* VLAN ID 0 is a priority tag: the kernel, too, goes on to the VLAN behind it. */
		if (!packet->client.vlan)
			packet->client.vlan = bpf_ntohs(tag->tci) & 0x0fff;
		packet->ethertype = tag->ethertype;
		at += sizeof(*tag);
	}
	packet->network = at;
	if (is_vlan(packet->ethertype))
		return REASON_VLAN_TAGS;
	if ((packet->client.mac[0] & 1) ||
	    !(packet->client.mac[0] | packet->client.mac[1] | packet->client.mac[2] |
	      packet->client.mac[3] | packet->client.mac[4] | packet->client.mac[5]))
		return REASON_SOURCE_MAC;
	return NO_REASON;
}

static __always_inline int parse_arp(const struct frame *frame, struct packet *packet)
{
	const struct arp_ethernet *arp = header_at(frame, packet->network);
	__be32 sender, target;

	if ((const void *)(arp + 1) > frame->end)
		return REASON_RUNT;
	if (arp->hardware != bpf_htons(ARP_ETHERNET) || arp->protocol != bpf_htons(ETH_P_IP) ||
	    arp->hardware_size != 6 || arp->protocol_size != 4 ||
	    (arp->operation != bpf_htons(ARP_REQUEST) && arp->operation != bpf_htons(ARP_REPLY)) ||
	    !same_mac(arp->sender_mac, packet->client.mac))
		return REASON_ARP_INVALID;
	__builtin_memcpy(&sender, arp->sender_ip, sizeof(sender));
	__builtin_memcpy(&target, arp->target_ip, sizeof(target));
	packet->source = address_v4(sender);
	packet->destination = address_v4(target);
	return NO_REASON;
}

/* TCP, UDP, ICMP: `size` bytes of it are in the IP packet. */
static __always_inline int parse_transport(const struct frame *frame, struct packet *packet,
					   __u32 at, __u32 size)
{
	const void *header = header_at(frame, at);

	packet->transport = at;
	packet->size = size;
	switch (packet->protocol) {
	case IPPROTO_TCP: {
		const struct tcphdr *tcp = header;

		if ((const void *)(tcp + 1) > frame->end || size < sizeof(*tcp) || tcp->doff < 5 ||
		    tcp->doff * 4 > size)
			return REASON_TRANSPORT_HEADER;
		packet->source_port = tcp->source;
		packet->destination_port = tcp->dest;
		packet->type = ((const __u8 *)tcp)[13];
		return NO_REASON;
	}
	case IPPROTO_UDP: {
		const struct udphdr *udp = header;

		if ((const void *)(udp + 1) > frame->end || size < sizeof(*udp) ||
		    bpf_ntohs(udp->len) < sizeof(*udp) || bpf_ntohs(udp->len) > size)
			return REASON_TRANSPORT_HEADER;
		packet->source_port = udp->source;
		packet->destination_port = udp->dest;
		return NO_REASON;
	}
	case IPPROTO_ICMP:
	case IPV6_ICMP: {
		const struct icmp_header *icmp = header;

		if ((const void *)(icmp + 1) > frame->end || size < sizeof(*icmp))
			return REASON_TRANSPORT_HEADER;
		packet->type = icmp->type;
		return NO_REASON;
	}
	}
	return NO_REASON;
}

static __always_inline int parse_ipv4(const struct frame *frame, struct packet *packet)
{
	const struct iphdr *ip = header_at(frame, packet->network);
	__u32 total;

	if ((const void *)(ip + 1) > frame->end)
		return REASON_RUNT;
	total = bpf_ntohs(ip->tot_len);
	if (ip->version != 4 || ip->ihl < 5 || total < ip->ihl * 4)
		return REASON_IP_HEADER;
	packet->source = address_v4(ip->saddr);
	packet->destination = address_v4(ip->daddr);
	packet->hop_limit = ip->ttl;
	packet->protocol = ip->protocol;
	if (packet->network + total > frame->length)
		return REASON_RUNT;
	if (ip->ihl > 5)
		return REASON_IP_OPTIONS;
	if (ip->frag_off & bpf_htons(IPV4_FRAGMENTED))
		return REASON_FRAGMENT;
	/* ICMP of the other family means nothing here. */
	if (packet->protocol == IPV6_ICMP)
		return REASON_PROTOCOL;
	return parse_transport(frame, packet, packet->network + sizeof(*ip), total - sizeof(*ip));
}

static __always_inline int parse_ipv6(const struct frame *frame, struct packet *packet)
{
	const struct ipv6hdr *ip = header_at(frame, packet->network);
	__u32 at = packet->network + sizeof(*ip), end;
	__u8 next;

	if ((const void *)(ip + 1) > frame->end)
		return REASON_RUNT;
	if (ip->version != 6)
		return REASON_IP_HEADER;
	__builtin_memcpy(&packet->source, &ip->saddr, sizeof(packet->source));
	__builtin_memcpy(&packet->destination, &ip->daddr, sizeof(packet->destination));
	/* Addresses of this form are IPv4's in the maps (RFC 4038 section 4.2: not on the wire). */
	if (is_v4(&packet->source) || is_v4(&packet->destination))
		return REASON_IP_HEADER;
	packet->hop_limit = ip->hop_limit;
	end = at + bpf_ntohs(ip->payload_len);
	if (end > frame->length)
		return REASON_RUNT;

	next = ip->nexthdr;
	for (int i = 0; i <= PORTAL_IPV6_HEADERS; i++) {
		const struct ipv6_extension *extension = header_at(frame, at);

		if (next != IPV6_HOP_BY_HOP && next != IPV6_DESTINATION)
			break;
		if (i == PORTAL_IPV6_HEADERS || (next == IPV6_HOP_BY_HOP && i > 0))
			return REASON_IP_EXTENSION;
		if ((const void *)(extension + 1) > frame->end)
			return REASON_RUNT;
		next = extension->next;
		at += (extension->length + 1) * 8;
		if (at > end)
			return REASON_IP_HEADER;
	}
	packet->protocol = next;
	switch (next) {
	case IPV6_FRAGMENT:
		return REASON_FRAGMENT;
	case IPV6_ROUTING:
		return REASON_IP_OPTIONS;
	case IPV6_AH:
	case IPV6_MOBILITY:
	case IPV6_HIP:
	case IPV6_SHIM6:
		return REASON_IP_EXTENSION;
	case IPPROTO_ICMP:
		return REASON_PROTOCOL;
	}
	return parse_transport(frame, packet, at, end - at);
}

/* What is behind the tags. */
static __always_inline int parse_network(const struct frame *frame, struct packet *packet)
{
	switch (packet->ethertype) {
	case bpf_htons(ETH_P_IP):
		return parse_ipv4(frame, packet);
	case bpf_htons(ETH_P_IPV6):
		return parse_ipv6(frame, packet);
	case bpf_htons(ETH_P_ARP):
		return parse_arp(frame, packet);
	case bpf_htons(ETH_P_PAE):
		return NO_REASON;
	}
	return REASON_ETHERTYPE;
}

#endif
