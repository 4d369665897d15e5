/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Steering: a stranger's port 80, whoever it was for, and anybody's connection to the portal's own
 * ports become connections of the responder's, addresses untouched (bpf_sk_assign; the mark leads
 * the packet to the local route). TLS is the portal's own alone: nobody else's name has its
 * certificate. The client that opens a connection is recorded with it, and no other client's
 * frames join it: so what the responder hears on a connection is said by the client it asks about.
 */
#ifndef PORTAL_STEER_H
#define PORTAL_STEER_H

#include "maps.h"
#include "neighbor.h"
#include "packet.h"
#include "preauth.h"

/* Not the responder's: the frame goes on as if we were not here. */
#define NOT_OURS (-2)

static __always_inline struct bpf_sock *find_connection(struct __sk_buff *skb,
							const struct packet *packet)
{
	struct bpf_sock_tuple tuple = {};
	struct bpf_sock *sk;

	if (is_v4(&packet->source)) {
		tuple.ipv4.saddr = packet->source.word[3];
		tuple.ipv4.daddr = packet->destination.word[3];
		tuple.ipv4.sport = packet->source_port;
		tuple.ipv4.dport = packet->destination_port;
		sk = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	} else {
		__builtin_memcpy(tuple.ipv6.saddr, &packet->source, sizeof(tuple.ipv6.saddr));
		__builtin_memcpy(tuple.ipv6.daddr, &packet->destination, sizeof(tuple.ipv6.daddr));
		tuple.ipv6.sport = packet->source_port;
		tuple.ipv6.dport = packet->destination_port;
		sk = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv6), BPF_F_CURRENT_NETNS, 0);
	}
	if (!sk)
		return NULL;
	if (sk->state != BPF_TCP_LISTEN && sk->state != BPF_TCP_TIME_WAIT)
		return sk;
	bpf_sk_release(sk);
	return NULL;
}

static __always_inline int assign(struct __sk_buff *skb, struct bpf_sock *sk)
{
	if (bpf_sk_assign(skb, sk, 0))
		return REASON_STEER_FAILED;
	skb->mark = (skb->mark & ~config.mark_mask) | config.mark;
	return NO_REASON;
}

/* Whether the responder speaks TLS there; else another server of the gateway's may. */
static __always_inline bool is_portal_https(const struct packet *packet, __u32 roles)
{
	return (roles & ADDRESS_HTTPS) && packet->destination_port == config.https_port;
}

static __always_inline bool is_portal(const struct packet *packet, __u32 roles)
{
	return ((roles & ADDRESS_PORTAL) && packet->destination_port == config.http_port) ||
	       is_portal_https(packet, roles);
}

static __always_inline int assign_listener(struct __sk_buff *skb, const struct packet *packet,
					   __u32 roles)
{
	bool v4 = is_v4(&packet->source);
	__u32 key = v4 ? LISTENER_HTTP4 : LISTENER_HTTP6;
	struct bpf_sock *sk;
	int reason;

	if (is_portal_https(packet, roles))
		key = v4 ? LISTENER_HTTPS4 : LISTENER_HTTPS6;
	sk = bpf_map_lookup_elem(&listeners, &key);
	if (!sk)
		return REASON_STEER_NO_LISTENER;
	reason = assign(skb, sk);
	bpf_sk_release(sk);
	return reason;
}

static __always_inline bool is_handshake_start(const struct packet *packet)
{
	return (packet->type & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* Hands the segment to the responder. NO_REASON when it has, NOT_OURS when it must not. */
static __always_inline int steer(struct __sk_buff *skb, const struct packet *packet,
				 enum steering steering, __u64 now)
{
	struct flow flow = {
		.client = packet->source,
		.server = packet->destination,
		.client_port = packet->source_port,
		.server_port = packet->destination_port,
	};
	struct flow_origin fresh = {.client = packet->client, .ifindex = skb->ifindex};
	const struct flow_origin *origin = bpf_map_lookup_elem(&flow_origins, &flow);
	bool start = is_handshake_start(packet);
	struct bpf_sock *sk = find_connection(skb, packet);
	__u32 roles = roles_of(&packet->destination);
	int reason;

	if (sk) {
		/* A repeated SYN may come from another than the first: whoever sent the last one
		 * must finish the handshake. */
		bool pending = sk->state == BPF_TCP_NEW_SYN_RECV;

		if (pending && start) {
			bpf_map_update_elem(&flow_origins, &flow, &fresh, BPF_ANY);
			reason = assign(skb, sk);
		} else if (origin && same_client(&origin->client, &packet->client)) {
			reason = assign(skb, sk);
		} else if (!origin && steering == STEER_OWN && (roles & ADDRESS_GATEWAY) &&
			   !is_portal(packet, roles)) {
			/* A connection to another web server of the gateway's. */
			reason = NOT_OURS;
		} else {
			reason = REASON_STEER_FOREIGN_FLOW;
		}
		bpf_sk_release(sk);
		return reason;
	}
	if (steering == STEER_OWN && !is_portal(packet, roles))
		return NOT_OURS;
	if (start) {
		bpf_map_update_elem(&flow_origins, &flow, &fresh, BPF_ANY);
		learn_neighbor(packet, skb->ifindex, now, steering == STEER_ALL);
	} else if (origin && !same_client(&origin->client, &packet->client)) {
		/* A SYN cookie of another's handshake. */
		return REASON_STEER_FOREIGN_FLOW;
	}
	/* Without a connection, what is not a SYN gets a reset from the listener. */
	return assign_listener(skb, packet, roles);
}

#endif
