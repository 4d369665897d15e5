/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Answers to what is dropped of a stranger's, so that applications give up at once: a reset for TCP
 * (RFC 9293 section 3.10.7.1), "communication administratively prohibited" for the rest (RFC 1812
 * section 5.2.7.1, RFC 4443 section 3.1). The frame itself becomes the answer, its VLAN tags
 * stay, and it leaves by the interface and to the MAC it came from.
 *
 * There is none to a frame that is not for the gateway's own MAC, to a group, from who cannot be a
 * client here, to a reset, to any ICMP but an echo request, to fragments, and to what the parser
 * refused (RFC 1122 section 3.2.2, RFC 4443 section 2.4). Answers are small, and rationed.
 */
#ifndef PORTAL_REJECT_H
#define PORTAL_REJECT_H

#include "bucket.h"
#include "client.h"
#include "maps.h"
#include "packet.h"
#include "preauth.h"
#include "verdict.h"

/* A client's 50 a second, or 50 at once; all clients' 1000, or 100 at once. */
#define REJECT_SHARE_COST  (NSEC_PER_SEC / 50)
#define REJECT_SHARE_BURST (49 * REJECT_SHARE_COST)
#define REJECT_COST	   (NSEC_PER_SEC / 1000)
#define REJECT_BURST	   (99 * REJECT_COST)

#define REJECT_SHARE_BITS 10

PORTAL_ASSERT(PORTAL_REJECT_SHARES == 1 << REJECT_SHARE_BITS);

#define REJECT_HOP_LIMIT 64

#define ICMP4_PROHIBITED 13
#define ICMP6_PROHIBITED 1

/* No frame in one piece is longer. */
#define REJECT_LONGEST 0x3fff

/* With all the tags there may be; what is no tag is written over. */
struct link_header {
	struct ethhdr eth;
	struct vlan_tag tags[PORTAL_VLAN_TAGS];
};

struct reset4 {
	struct iphdr ip;
	struct tcphdr tcp;
	__be32 padding[2]; /* Ethernet's shortest payload is of 46 bytes */
};

struct reset6 {
	struct ipv6hdr ip;
	struct tcphdr tcp;
};

/* Of the packet an ICMP error quotes its IP header and this much behind it: what tells the socket
 * (RFC 792), and no more, lest the answer outgrow the question. */
#define QUOTED_TRANSPORT 8

struct quote4 {
	struct iphdr ip;
	__be32 transport[QUOTED_TRANSPORT / 4];
};

struct quote6 {
	struct ipv6hdr ip;
	__be32 transport[QUOTED_TRANSPORT / 4];
};

struct unreachable4 {
	struct iphdr ip;
	struct icmp_header icmp;
	struct quote4 quote;
};

struct unreachable6 {
	struct ipv6hdr ip;
	struct icmp_header icmp;
	struct quote6 quote;
};

/* The Internet checksum (RFC 1071) without its last step; `size` is a multiple of 4. */
static __always_inline __u32 sum_of(const void *from, __u32 size, __u32 seed)
{
	return bpf_csum_diff(NULL, 0, (__be32 *)from, size, seed);
}

static __always_inline __u16 folded(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* What an application would wait for in vain. Scans and noise on the link are none. */
static __always_inline bool is_waited_for(const struct packet *packet, enum reason reason)
{
	switch (packet->protocol) {
	case IPPROTO_TCP:
		return (reason == REASON_HTTPS || reason == REASON_TCP ||
			reason == REASON_DNS_FOREIGN) &&
		       !(packet->type & TCP_RST);
	case IPPROTO_UDP:
		return reason == REASON_QUIC || reason == REASON_UDP ||
		       reason == REASON_DNS_FOREIGN;
	case IPPROTO_ICMP:
		return reason == REASON_ICMP && packet->type == ICMP4_ECHO_REQUEST;
	case IPV6_ICMP:
		return reason == REASON_ICMP && packet->type == ICMP6_ECHO_REQUEST;
	}
	return reason == REASON_PROTOCOL;
}

static __always_inline bool is_broadcast(const struct ip_address *address, __u32 home, __u16 vlan)
{
	const struct network *network = network_of(address, home, vlan);

	return network && network->broadcast && network->broadcast == address->word[3];
}

/* One host on the link asks, by the gateway's MAC, for one other. */
static __always_inline bool is_between_hosts(const struct frame *frame, const struct packet *packet,
					     __u32 ifindex)
{
	const struct interface *own = bpf_map_lookup_elem(&interfaces, &ifindex);
	const struct ethhdr *eth = frame->data;

	if ((const void *)(eth + 1) > frame->end || !own || !same_mac(own->mac, eth->h_dest))
		return false;
	if (is_broadcast(&packet->source, own->home, packet->client.vlan))
		return false;
	if (roles_of(&packet->destination) & ADDRESS_GATEWAY)
		return true;
	return !impossible_server(&packet->destination) &&
	       !is_broadcast(&packet->destination, own->home, packet->client.vlan);
}

static __always_inline __u32 share_of(const struct client_key *client)
{
	__u64 key;

	__builtin_memcpy(&key, client, sizeof(key));
	/* Fibonacci hashing: the upper bits depend on all. */
	return key * 0x9e3779b97f4a7c15ULL >> (64 - REJECT_SHARE_BITS);
}

/* A client's share first, so that one alone cannot use up everybody's. */
static __always_inline bool within_budget(const struct client_key *client, __u64 now)
{
	__u32 share = share_of(client), together = PORTAL_REJECT_SHARES;
	__u64 *own = bpf_map_lookup_elem(&rejects, &share);
	__u64 *all = bpf_map_lookup_elem(&rejects, &together);

	return own && all && take(own, now, REJECT_SHARE_COST, REJECT_SHARE_BURST) &&
	       take(all, now, REJECT_COST, REJECT_BURST);
}

/* The frame's own link header, turned round, and `answer` behind it. What is missing is added at
 * the head, where XDP has room whatever the driver. */
static __always_inline int send_back(struct xdp_md *ctx, const struct frame *frame,
				     const struct packet *packet, const void *answer, __u32 size,
				     enum reason reason)
{
	__u32 length = packet->network + size;
	int missing = length - frame->length;
	/* Out of sight of the compiler, which would infer its bound from another's. */
	struct link_header *link = (void *)header_at(frame, 0), kept;
	struct frame turned;
	__be32 *place;

	if ((const void *)(link + 1) > frame->end)
		return XDP_DROP;
	kept = *link;
	if (missing > 0 ? bpf_xdp_adjust_head(ctx, -missing) : bpf_xdp_adjust_tail(ctx, missing))
		return XDP_DROP;
	turned.data = (void *)(long)ctx->data;
	turned.end = (void *)(long)ctx->data_end;
	link = (void *)header_at(&turned, 0);
	place = (__be32 *)header_at(&turned, packet->network);
	if ((const void *)(link + 1) > turned.end || (const void *)(place + size / 4) > turned.end)
		return XDP_DROP;
	*link = kept;
	__builtin_memcpy(link->eth.h_source, kept.eth.h_dest, sizeof(link->eth.h_source));
	__builtin_memcpy(link->eth.h_dest, kept.eth.h_source, sizeof(link->eth.h_dest));
	__builtin_memcpy(place, answer, size);
	return verdict_sent(reason, length);
}

static __always_inline struct iphdr ipv4_header(__be32 source, __be32 destination, __u8 protocol,
						__u16 length)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.tot_len = bpf_htons(length),
		.frag_off = bpf_htons(0x4000), /* do not fragment: no ID is needed (RFC 6864) */
		.ttl = REJECT_HOP_LIMIT,
		.protocol = protocol,
		.saddr = source,
		.daddr = destination,
	};

	ip.check = folded(sum_of(&ip, sizeof(ip), 0));
	return ip;
}

static __always_inline struct ipv6hdr ipv6_header(const struct ip_address *source,
						  const struct ip_address *destination,
						  __u8 protocol, __u16 length)
{
	struct ipv6hdr ip = {
		.version = 6,
		.payload_len = bpf_htons(length),
		.nexthdr = protocol,
		.hop_limit = REJECT_HOP_LIMIT,
	};

	__builtin_memcpy(&ip.saddr, source, sizeof(ip.saddr));
	__builtin_memcpy(&ip.daddr, destination, sizeof(ip.daddr));
	return ip;
}

/* The checksum of `size` bytes that ride on IP, whose pseudo header it includes. `addresses`: the
 * source and destination, contiguous in either IP header. */
static __always_inline __u16 transport_checksum(const void *addresses, __u32 addresses_size,
						__u8 protocol, const void *from, __u32 size)
{
	__u32 sum = bpf_htonl(protocol) + bpf_htonl(size);

	sum = sum_of(addresses, addresses_size, sum);
	return folded(sum_of(from, size, sum));
}

/* In the segment's own terms, so that its sender takes it for the other end's. */
static __always_inline struct tcphdr reset_of(const struct packet *packet, const struct tcphdr *tcp)
{
	__u32 length = packet->size - tcp->doff * 4;
	struct tcphdr reset = {
		.source = packet->destination_port,
		.dest = packet->source_port,
		.doff = sizeof(reset) / 4,
		.rst = 1,
	};

	if (packet->type & TCP_ACK) {
		reset.seq = tcp->ack_seq;
		return reset;
	}
	length += !!(packet->type & TCP_SYN) + !!(packet->type & TCP_FIN);
	reset.ack_seq = bpf_htonl(bpf_ntohl(tcp->seq) + length);
	reset.ack = 1;
	return reset;
}

static __always_inline int send_reset(struct xdp_md *ctx, const struct frame *frame,
				      const struct packet *packet)
{
	const struct tcphdr *tcp = header_at(frame, packet->transport);
	struct tcphdr reset;

	if ((const void *)(tcp + 1) > frame->end)
		return XDP_DROP;
	reset = reset_of(packet, tcp);
	if (is_v4(&packet->source)) {
		struct reset4 answer = {
			.ip = ipv4_header(packet->destination.word[3], packet->source.word[3],
					  IPPROTO_TCP, sizeof(answer.ip) + sizeof(answer.tcp)),
			.tcp = reset,
		};

		answer.tcp.check = transport_checksum(&answer.ip.saddr, 2 * sizeof(answer.ip.saddr),
						      IPPROTO_TCP, &answer.tcp, sizeof(answer.tcp));
		return send_back(ctx, frame, packet, &answer, sizeof(answer), REASON_TX_RESET);
	} else {
		struct reset6 answer = {
			.ip = ipv6_header(&packet->destination, &packet->source, IPPROTO_TCP,
					  sizeof(answer.tcp)),
			.tcp = reset,
		};

		answer.tcp.check = transport_checksum(&answer.ip.saddr, 2 * sizeof(answer.ip.saddr),
						      IPPROTO_TCP, &answer.tcp, sizeof(answer.tcp));
		return send_back(ctx, frame, packet, &answer, sizeof(answer), REASON_TX_RESET);
	}
}

/* Who the gateway is to the sender: the address that was asked, if it is the gateway's; else its
 * own in the sender's network (RFC 1812 section 4.3.2.4, RFC 4443 section 2.2). */
static __always_inline bool find_gateway(const struct packet *packet, __u32 ifindex,
					 struct ip_address *gateway)
{
	const struct network *network;

	if (roles_of(&packet->destination) & ADDRESS_GATEWAY) {
		*gateway = packet->destination;
		return true;
	}
	network = network_of(&packet->source, home_of(ifindex), packet->client.vlan);
	if (!network || network->standing != NETWORK_ON_LINK)
		return false;
	*gateway = network->gateway;
	return true;
}

static __always_inline int send_unreachable4(struct xdp_md *ctx, const struct frame *frame,
					     const struct packet *packet,
					     const struct ip_address *gateway)
{
	const struct quote4 *quote = header_at(frame, packet->network);
	struct unreachable4 answer = {
		.ip = ipv4_header(gateway->word[3], packet->source.word[3], IPPROTO_ICMP,
				  sizeof(answer)),
		.icmp = {.type = ICMP4_UNREACHABLE, .code = ICMP4_PROHIBITED},
	};

	if ((const void *)(quote + 1) > frame->end)
		return XDP_DROP;
	answer.quote = *quote;
	answer.icmp.checksum =
		folded(sum_of(&answer.icmp, sizeof(answer.icmp) + sizeof(answer.quote), 0));
	return send_back(ctx, frame, packet, &answer, sizeof(answer), REASON_TX_UNREACHABLE);
}

static __always_inline int send_unreachable6(struct xdp_md *ctx, const struct frame *frame,
					     const struct packet *packet,
					     const struct ip_address *gateway)
{
	const struct quote6 *quote = header_at(frame, packet->network);
	__u32 size = sizeof(struct icmp_header) + sizeof(*quote);
	struct unreachable6 answer = {
		.ip = ipv6_header(gateway, &packet->source, IPV6_ICMP, size),
		.icmp = {.type = ICMP6_UNREACHABLE, .code = ICMP6_PROHIBITED},
	};

	if ((const void *)(quote + 1) > frame->end)
		return XDP_DROP;
	answer.quote = *quote;
	answer.icmp.checksum = transport_checksum(&answer.ip.saddr, 2 * sizeof(answer.ip.saddr),
						  IPV6_ICMP, &answer.icmp, size);
	return send_back(ctx, frame, packet, &answer, sizeof(answer), REASON_TX_UNREACHABLE);
}

/* What is quoted must tell the sender's socket: not so behind IPv6 extension headers. */
static __always_inline bool can_be_quoted(const struct packet *packet)
{
	__u32 header = is_v4(&packet->source) ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	return packet->size >= QUOTED_TRANSPORT && packet->transport == packet->network + header;
}

static __always_inline int send_unreachable(struct xdp_md *ctx, const struct frame *frame,
					    const struct packet *packet)
{
	struct ip_address gateway;

	if (!find_gateway(packet, ctx->ingress_ifindex, &gateway))
		return XDP_DROP;
	if (is_v4(&packet->source))
		return send_unreachable4(ctx, frame, packet, &gateway);
	return send_unreachable6(ctx, frame, packet, &gateway);
}

/* All of it is in one piece: there is a tail to cut. */
static __always_inline bool is_linear(const struct frame *frame)
{
	return frame->length <= REJECT_LONGEST && header_at(frame, frame->length) <= frame->end;
}

/*
 * The answer to a frame that was dropped for `reason`, in its place; or it stays dropped. Its source
 * is one that a client here can have (check_source()). A global
 * function: the verifier looks at it once, and not for each way that leads here.
 */
__noinline int reject(struct xdp_md *ctx, const struct packet *dropped, __u32 reason, __u64 now)
{
	struct frame frame = {
		.data = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
		.length = bpf_xdp_get_buff_len(ctx),
	};
	struct packet packet;
	bool tcp;

	if (!dropped)
		return XDP_DROP;
	/* Linux 6.1 takes no map's key out of an argument. */
	packet = *dropped;
	if (!is_waited_for(&packet, reason) || !is_linear(&frame) ||
	    !is_between_hosts(&frame, &packet, ctx->ingress_ifindex))
		return XDP_DROP;
	tcp = packet.protocol == IPPROTO_TCP;
	if ((!tcp && !can_be_quoted(&packet)) || !within_budget(&packet.client, now))
		return XDP_DROP;
	return tcp ? send_reset(ctx, &frame, &packet) : send_unreachable(ctx, &frame, &packet);
}

#endif
