/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps. All but the constants are pinned. `clients`, `addresses`, `networks`, `interfaces`,
 * `client_side`, `garden`, `learnt`, `dns_watch` and `budgets` are written by userspace;
 * `neighbors`, `flow_origins`, `strangers`, `dns_queries` and `forgeries` by packets, and so bounded
 * and LRU. `bindings` are written by packets of signed-in clients, so many for each.
 */
#ifndef PORTAL_MAPS_H
#define PORTAL_MAPS_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "portal_abi.h"

const volatile struct portal_config config = {};

/* Preallocated HASH, not LRU: no stranger evicts a signed-in client. Sized at load. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct client_key);
	__type(value, struct client);
} clients SEC(".maps");

/* Sized at load as `clients`. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct traffic);
} traffic SEC(".maps");

/* Sized at load as `clients`. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct meter);
} meters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REASON_COUNT);
	__type(key, __u32);
	__type(value, struct verdict_count);
} verdicts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PORTAL_ADDRESSES);
	__type(key, struct ip_address);
	__type(value, __u32); /* enum address_role, or'ed */
} addresses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PORTAL_NETWORKS);
	__type(key, struct network_key);
	__type(value, struct network);
} networks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PORTAL_BINDINGS);
	__type(key, struct binding_key);
	__type(value, struct binding);
} bindings SEC(".maps");

/* Sized at load as `clients`. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct binding_count);
} binding_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PORTAL_FORGERIES);
	__type(key, struct client_key);
	__type(value, __u64);
} forgeries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PORTAL_GARDEN);
	__type(key, struct prefix_key);
	__type(value, struct garden_ports);
} garden SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PORTAL_LEARNT);
	__type(key, struct ip_address);
	__type(value, struct learnt_address);
} learnt SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} dns_watch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PORTAL_DNS_QUERIES);
	__type(key, struct dns_query);
	__type(value, __u64);
} dns_queries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, PORTAL_DNS_BYTES);
} dns_answers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PORTAL_INTERFACES);
	__type(key, __u32); /* ifindex */
	__type(value, struct interface);
} interfaces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct client_side);
} client_side SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PORTAL_NEIGHBORS);
	__type(key, struct neighbor_key);
	__type(value, struct neighbor);
} neighbors SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PORTAL_FLOW_ORIGINS);
	__type(key, struct flow);
	__type(value, struct flow_origin);
} flow_origins SEC(".maps");

/* Buckets of the answers to blocked traffic: a share each, and in the last all together. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PORTAL_REJECT_SHARES + 1);
	__type(key, __u32);
	__type(value, __u64);
} rejects SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BUDGET_COUNT);
	__type(key, __u32); /* enum budget */
	__type(value, struct budget_limit);
} budgets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BUDGET_COUNT);
	__type(key, __u32); /* enum budget */
	__type(value, struct budget_pool);
} pools SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PORTAL_STRANGERS);
	__type(key, struct client_key);
	__type(value, struct stranger);
} strangers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, LISTENER_COUNT);
	__type(key, __u32); /* enum listener */
	__type(value, __u64);
} listeners SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, PORTAL_EVENT_BYTES);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_TYPES);
	__type(key, __u32); /* enum event_type */
	__type(value, struct event_count);
} event_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct portal_meta);
} meta SEC(".maps");

#endif
