/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Traffic from one client to another through the gateway. What is open to strangers is open here:
 * a host of the walled garden may be on the clients' link.
 */
#ifndef PORTAL_HAIRPIN_H
#define PORTAL_HAIRPIN_H

#include "client_side.h"
#include "packet.h"
#include "preauth.h"

static __always_inline bool came_from_client(const struct __sk_buff *skb)
{
	return is_clients(skb->ingress_ifindex);
}

static __always_inline bool is_open(const struct ip_address *address, __u8 protocol, __be16 port)
{
	return (port == PORT_DNS && (roles_of(address) & ADDRESS_RESOLVER)) ||
	       in_garden(address, protocol, port);
}

static __always_inline bool is_open_service(const struct packet *packet)
{
	return is_open(&packet->destination, packet->protocol, packet->destination_port) ||
	       is_open(&packet->source, packet->protocol, packet->source_port);
}

#endif
