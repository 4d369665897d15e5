/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The answers that strangers get from a permitted resolver, copied for userspace to learn from
 * where the garden's names lead. Of the gateway's own resolver, what this host sent itself; of one
 * on another host, what answers a query that this stranger was seen to send, once, and did not
 * come from the clients' side. By UDP alone.
 */
#ifndef PORTAL_DNS_COPY_H
#define PORTAL_DNS_COPY_H

#include "answer.h"
#include "client.h"
#include "maps.h"
#include "packet.h"
#include "preauth.h"

/* Longer than any resolver's patience with a question. */
#define DNS_PATIENCE (10 * NSEC_PER_SEC)

/* RFC 1035 section 4.1.1. */
struct dns_header {
	__be16 id;
	__be16 flags;
	__be16 questions;
	__be16 answers;
	__be16 authorities;
	__be16 additional;
};

/* QR, OPCODE, TC and RCODE: of a standard query's whole and successful answer, QR alone is set. */
#define DNS_KIND   bpf_htons(0xfa0f)
#define DNS_ANSWER bpf_htons(0x8000)

static __always_inline const struct dns_header *dns_of(const struct packet *packet,
						       const struct frame *frame)
{
	const struct dns_header *dns =
		header_at(frame, packet->transport + sizeof(struct udphdr));

	return (const void *)(dns + 1) > frame->end ? NULL : dns;
}

/* A stranger's query that passes. The question is not kept: who could forge the answer to it from
 * off the path would have to know port and ID as well, and who knows them knows the question. */
static __always_inline void note_query(const struct packet *packet, const struct frame *frame,
				       __u64 now)
{
	struct dns_query query = {
		.client = packet->client,
		.address = packet->source,
		.resolver = packet->destination,
		.port = packet->source_port,
	};
	const struct dns_header *dns;

	if (packet->protocol != IPPROTO_UDP || !names_wanted() ||
	    (roles_of(&packet->destination) & ADDRESS_GATEWAY))
		return;
	dns = dns_of(packet, frame);
	if (!dns)
		return;
	query.id = dns->id;
	bpf_map_update_elem(&dns_queries, &query, &now, BPF_ANY);
}

/* Whether somebody waits for it; it is waited for no more. */
static __always_inline bool answers_query(const struct packet *packet,
					  const struct client_key *recipient, __be16 id, __u64 now)
{
	struct dns_query query = {
		.client = *recipient,
		.address = packet->destination,
		.resolver = packet->source,
		.port = packet->destination_port,
		.id = id,
	};
	const __u64 *asked_at = bpf_map_lookup_elem(&dns_queries, &query);

	if (!asked_at || now >= *asked_at + DNS_PATIENCE)
		return false;
	return !bpf_map_delete_elem(&dns_queries, &query);
}

static __always_inline bool is_from_clients(const struct __sk_buff *skb)
{
	__u32 ifindex = skb->ingress_ifindex;

	return bpf_map_lookup_elem(&interfaces, &ifindex);
}

static __always_inline bool is_resolvers(const struct __sk_buff *skb, const struct packet *packet,
					 const struct client_key *recipient, __be16 id, __u64 now)
{
	__u32 roles = roles_of(&packet->source);

	if (!(roles & ADDRESS_RESOLVER))
		return false;
	if (roles & ADDRESS_GATEWAY)
		return is_local(skb);
	return !is_from_clients(skb) && answers_query(packet, recipient, id, now);
}

/* What goes out to the stranger `recipient`, if it is such an answer. */
static __always_inline void copy_dns_answer(struct __sk_buff *skb, const struct frame *frame,
					    const struct packet *packet,
					    const struct client_key *recipient, __u64 now)
{
	const struct udphdr *udp = header_at(frame, packet->transport);
	const struct dns_header *dns;
	struct dns_answer *answer;
	__u32 size;

	if (packet->protocol != IPPROTO_UDP || packet->source_port != PORT_DNS || !names_wanted())
		return;
	dns = dns_of(packet, frame);
	if (!dns || (const void *)(udp + 1) > frame->end || (dns->flags & DNS_KIND) != DNS_ANSWER ||
	    dns->questions != bpf_htons(1) || !dns->answers ||
	    !is_resolvers(skb, packet, recipient, dns->id, now))
		return;
	size = bpf_ntohs(udp->len) - sizeof(*udp);
	/* The compiler would make one comparison of both, of which Linux 6.1 learns no bounds. */
	asm volatile("" : "+r"(size));
	if (size > DNS_MESSAGE_BYTES)
		return;
	asm volatile("" : "+r"(size));
	if (size < sizeof(*dns))
		return;
	answer = bpf_ringbuf_reserve(&dns_answers, sizeof(*answer), 0);
	if (!answer)
		return;
	answer->time = now;
	answer->size = size;
	if (bpf_skb_load_bytes(skb, packet->transport + sizeof(*udp), answer->message, size)) {
		bpf_ringbuf_discard(answer, 0);
		return;
	}
	bpf_ringbuf_submit(answer, 0);
}

#endif
