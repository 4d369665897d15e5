// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The life of a frame.
 *
 * From a client, in XDP, before the kernel makes a packet of it (portal_ingress):
 *   1. The parser finds the client, MAC and VLAN, and what the frame is.           packet.h
 *   2. Who is it? Signed in and trusted clients are counted and let through,
 *      within their limits, blocked ones dropped.                         client.h, meter.h
 *      What a signed-in client calls itself must be its own.              source.h, rogue.h
 *   3. A stranger gets what signing in needs, no more, and not more of it than
 *      it has a budget for.                                              preauth.h, budget.h
 *   4. The verdict is counted by reason, and TC is told of it.                     verdict.h
 *      If the venue wants it, what is dropped of a stranger's is answered.         reject.h
 * What passed, in TC, once it is a packet (portal_steer):
 *   5. Without a note from XDP for this very client, steps 1 to 3 again, from the
 *      link header on.                                                       link_header.h
 *   6. A stranger's port 80, and anybody's to the portal's own ports, becomes a
 *      connection of the responder's. Without TC it is nobody's.       steer.h, handover.h
 * To a client, in TC, on the way out (portal_egress):
 *   7. To a signed-in client: within its limits, and counted, unless another
 *      client sent it. To a stranger: answers only.                     hairpin.h, answer.h
 *   8. Where the garden has names, its resolver's answers are copied.              dns_copy.h
 */
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "portal_abi.h"
#include "maps.h"
#include "packet.h"
#include "verdict.h"
#include "client.h"
#include "event.h"
#include "handover.h"
#include "link_header.h"
#include "neighbor.h"
#include "preauth.h"
#include "reject.h"
#include "budget.h"
#include "source.h"
#include "steer.h"
#include "wire.h"
#include "answer.h"
#include "dns_copy.h"
#include "hairpin.h"

/* Headers TC makes contiguous before it parses: the longest chain the parser follows is rarer
 * than this, and is dropped. */
#define TC_PARSED_BYTES 256

static __always_inline bool is_web(const struct packet *packet, int fault)
{
	return fault == NO_REASON && packet->protocol == IPPROTO_TCP &&
	       packet->ethertype != bpf_htons(ETH_P_ARP) &&
	       (packet->destination_port == PORT_HTTP ||
		packet->destination_port == config.http_port ||
		(packet->destination_port == config.https_port &&
		 (roles_of(&packet->destination) & ADDRESS_PORTAL)));
}

static __always_inline bool tells_address(const struct packet *packet, int fault)
{
	if (fault != NO_REASON)
		return false;
	return packet->ethertype == bpf_htons(ETH_P_ARP) ||
	       (packet->ethertype == bpf_htons(ETH_P_IPV6) && packet->protocol == IPV6_ICMP &&
		(packet->type == ICMP6_NEIGHBOR_SOLICIT || packet->type == ICMP6_NEIGHBOR_ADVERT));
}

/* Steps 1 to 3. What the frame is worth to the gate, and what TC is to do with it. A frame is
 * paid for once: in XDP. */
static __always_inline enum reason classify(const struct frame *frame, struct packet *packet,
					    __u32 ifindex, __u64 now, bool pays,
					    struct verdict_note *note, struct client **found)
{
	int fault = parse_link(frame, packet);
	struct client *client;
	bool elsewhere;
	int reason;

	*note = (struct verdict_note){.magic = VERDICT_MAGIC, .vlan = packet->client.vlan};
	*found = NULL;
	if (fault != NO_REASON)
		return fault;
	fault = parse_network(frame, packet);

	client = find_client(&packet->client, ifindex, now, &elsewhere);
	if (client) {
		if (client->state == CLIENT_BLOCKED)
			return REASON_BLOCKED;
		reason = client->state == CLIENT_TRUSTED
				 ? check_trusted(packet)
				 : check_member(packet, frame, client, ifindex, fault, now);
		if (reason != NO_REASON)
			return reason;
		if (is_web(packet, fault))
			note->steering = STEER_OWN;
		if (tells_address(packet, fault))
			learn_neighbor(packet, ifindex, now, false);
		*found = client;
		reason = client->state == CLIENT_TRUSTED ? REASON_TRUSTED : REASON_AUTHORIZED;
	} else {
		reason = preauth(packet, frame, ifindex, now, fault);
		if (pays && passes(reason))
			reason = spend(packet, ifindex, frame->length, now, reason);
		if (elsewhere)
			report_forgery(&packet->client, &packet->source, ifindex, now, reason);
		if (reason == REASON_STEERED)
			note->steering = STEER_ALL;
		else if (reason == REASON_PORTAL)
			note->steering = is_portal(packet, roles_of(&packet->destination))
						 ? STEER_ALL
						 : STEER_OWN;
		else if (reason == REASON_DNS)
			note_query(packet, frame, now);
		if (reason == REASON_DHCP || (passes(reason) && tells_address(packet, fault)))
			learn_neighbor(packet, ifindex, now, true);
	}
	note->reason = reason;
	return reason;
}

SEC("xdp.frags")
int portal_ingress(struct xdp_md *ctx)
{
	struct frame frame = {
		.data = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
		.length = bpf_xdp_get_buff_len(ctx),
		.hidden_tag = NO_HIDDEN_TAG,
	};
	__u64 now = bpf_ktime_get_coarse_ns();
	struct packet packet = {};
	struct verdict_note note;
	struct client *client;
	enum reason reason;
	int action;

	reason = classify(&frame, &packet, ctx->ingress_ifindex, now, true, &note, &client);
	if (client) {
		mark_seen(client, now);
		if (police(client, true, now, frame.length)) {
			account_from(client, 1, frame.length);
		} else if (keeps_link(&packet)) {
			charge(client, frame.length);
			account_from(client, 1, frame.length);
		} else {
			reason = REASON_RATE;
		}
	}
	if (reason == REASON_STEERED)
		hide_from_stack(ctx);
	if (passes(reason) && !is_generic(ctx->ingress_ifindex))
		leave_note(ctx, &note);
	action = verdict_xdp(reason, frame.length);
	if (config.reset && action == XDP_DROP &&
	    check_source(&packet, ctx->ingress_ifindex, now, reason) == (int)reason)
		action = reject(ctx, &packet, reason, now);
	return action;
}

/* As much of it as lies in one piece; the link header always does. */
static __always_inline struct frame link_of(struct __sk_buff *skb)
{
	return (struct frame){
		.data = (void *)(long)skb->data,
		.end = (void *)(long)skb->data_end,
		.length = skb->len,
		.hidden_tag = skb->vlan_present ? skb->vlan_tci & 0x0fff : NO_HIDDEN_TAG,
	};
}

static __always_inline struct frame frame_of(struct __sk_buff *skb)
{
	__u32 wanted = skb->len < TC_PARSED_BYTES ? skb->len : TC_PARSED_BYTES;

	if ((void *)(long)skb->data + wanted > (void *)(long)skb->data_end)
		bpf_skb_pull_data(skb, wanted);
	return link_of(skb);
}

/* The VLAN that the key of this packet names, as far as the tag is outside the frame. */
static __always_inline bool note_is_for(const struct verdict_note *note,
					const struct __sk_buff *skb)
{
	return note->vlan == (skb->vlan_present ? skb->vlan_tci & 0x0fff : 0);
}

/* What each segment of a packet begins with; 0 where that cannot be told. */
static __always_inline __u32 headers_of(struct __sk_buff *skb, struct packet *packet)
{
	struct frame frame = frame_of(skb);

	if (parse_link(&frame, packet) != NO_REASON || parse_network(&frame, packet) != NO_REASON)
		return 0;
	return segment_headers(&frame, packet);
}

/* XDP has counted one frame, which was several: the others. */
static __always_inline void account_merged(struct __sk_buff *skb, __u64 now)
{
	struct packet packet = {};
	struct client *client;
	bool elsewhere;
	__u64 others;
	__u32 headers;

	if (!is_generic(skb->ifindex))
		return;
	headers = headers_of(skb, &packet);
	client = headers ? find_client(&packet.client, skb->ifindex, now, &elsewhere) : NULL;
	if (!client || client->state == CLIENT_BLOCKED)
		return;
	others = segments_of(skb, headers) - 1;
	charge(client, others * (headers + outside_tag(skb)));
	account_from(client, others, others * (headers + outside_tag(skb)));
}

SEC("tc")
int portal_steer(struct __sk_buff *skb)
{
	__u64 now = bpf_ktime_get_coarse_ns();
	struct packet packet = {};
	struct verdict_note note = {};
	struct client *client;
	struct frame frame;
	bool noted = read_note(skb, &note) && note_is_for(&note, skb);
	int reason;

	if (!noted && !restore_link_header(skb))
		return verdict_tc(REASON_RUNT, 1, skb->len);
	if (skb->gso_size)
		account_merged(skb, now);
	if (noted) {
		if (note.steering == STEER_NONE)
			return TC_ACT_UNSPEC;
		frame = frame_of(skb);
		if (parse_link(&frame, &packet) != NO_REASON ||
		    parse_network(&frame, &packet) != NO_REASON)
			return verdict_tc(REASON_STEER_FAILED, 1, frame.length);
	} else {
		frame = frame_of(skb);
		reason = classify(&frame, &packet, skb->ifindex, now, false, &note, &client);
		if (!passes(reason))
			return verdict_tc(reason, 1, frame.length);
		if (note.steering == STEER_NONE)
			return TC_ACT_UNSPEC;
	}

	if (note.reason == REASON_STEERED)
		show_to_stack(skb);
	reason = steer(skb, &packet, note.steering, now);
	if (reason == NOT_OURS)
		return TC_ACT_UNSPEC;
	if (reason == NO_REASON)
		return TC_ACT_OK;
	return verdict_tc(reason, 1, skb->len);
}

/* The client a packet goes to, by its destination MAC. */
static __always_inline void parse_recipient(const struct frame *frame, struct packet *packet,
					    struct client_key *recipient)
{
	const struct ethhdr *eth = frame->data;

	parse_link(frame, packet);
	if ((const void *)(eth + 1) > frame->end)
		return;
	__builtin_memcpy(recipient->mac, eth->h_dest, sizeof(recipient->mac));
	recipient->vlan = packet->client.vlan;
}

/* What the packet will be on its way out. `wire_len` has the headers of all segments. */
static __always_inline struct wire wire_of(struct __sk_buff *skb)
{
	__u32 headers = skb->gso_size && !skb->gso_segs ? headers_of(skb, &(struct packet){}) : 0;
	__u64 packets = segments_of(skb, headers);

	return (struct wire){packets, skb->wire_len + packets * outside_tag(skb)};
}

/* From another client, and not for what is open to everybody. */
static __always_inline bool is_hairpin(struct __sk_buff *skb, struct packet *packet)
{
	struct frame frame;

	if (config.client_to_client || !came_from_client(skb))
		return false;
	frame = frame_of(skb);
	return parse_link(&frame, packet) != NO_REASON ||
	       parse_network(&frame, packet) != NO_REASON || !is_open_service(packet);
}

/* To a signed-in or trusted client. */
static __always_inline int verdict_to(const struct client *client, struct wire wire)
{
	account_to(client, wire.packets, wire.bytes);
	return verdict_tc(client->state == CLIENT_TRUSTED ? REASON_TX_TRUSTED
							  : REASON_TX_AUTHORIZED,
			  wire.packets, wire.bytes);
}

SEC("tc")
int portal_egress(struct __sk_buff *skb)
{
	struct wire wire = wire_of(skb);
	struct client_key recipient = {};
	struct packet packet = {};
	struct client *client;
	struct frame frame = link_of(skb);
	__u64 now = bpf_ktime_get_coarse_ns();
	bool elsewhere;
	int fault;

	parse_recipient(&frame, &packet, &recipient);
	client = find_client(&recipient, skb->ifindex, now, &elsewhere);
	if (client) {
		if (client->state == CLIENT_BLOCKED)
			return verdict_tc(REASON_TX_BLOCKED, wire.packets, wire.bytes);
		if (is_hairpin(skb, &packet))
			return verdict_tc(REASON_TX_HAIRPIN, wire.packets, wire.bytes);
		if (police(client, false, now, wire.bytes))
			return verdict_to(client, wire);
	}
	frame = frame_of(skb);
	fault = parse_link(&frame, &packet);
	if (fault == NO_REASON)
		fault = parse_network(&frame, &packet);
	if (client) {
		if (fault != NO_REASON || !is_local(skb) || !keeps_link(&packet))
			return verdict_tc(REASON_TX_RATE, wire.packets, wire.bytes);
		charge(client, wire.bytes);
		return verdict_to(client, wire);
	}
	if (!is_answer(skb, &packet, fault))
		return verdict_tc(REASON_TX_STRANGER, wire.packets, wire.bytes);
	copy_dns_answer(skb, &frame, &packet, &recipient, now);
	return verdict_tc(REASON_TX_ANSWER, wire.packets, wire.bytes);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
