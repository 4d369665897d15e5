/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the dataplane and userspace share: every key, value, limit and verdict reason, and nothing
 * else. Compiles as C for BPF and as C++ for userspace.
 *
 * Byte order: addresses and ports are as on the wire (network order); all other numbers are the
 * host's. Times are CLOCK_MONOTONIC nanoseconds. Padding is named and zero, since maps compare
 * keys as bytes.
 */
#ifndef PORTAL_ABI_H
#define PORTAL_ABI_H

#include <linux/types.h>

/* Layout of what is pinned; part of the pin path. Raise it with any change to a pinned type. */
#define PORTAL_ABI 3

/* Client ------------------------------------------------------------------------------------ */

/* The identity the gate decides on. VLAN 0 is "no 802.1Q tag"; of stacked tags, the outer one. */
struct client_key {
	__u8 mac[6];
	__u16 vlan; /* VLAN ID, 0 to 4094 */
};

/* A client without an entry in `clients` is a stranger. */
enum client_state {
	CLIENT_AUTHORIZED = 1, /* signed in, until expires_at */
	CLIENT_TRUSTED = 2,    /* let through without signing in */
	CLIENT_BLOCKED = 3,    /* nothing passes, not even to the portal */
};

/* `client.flags`. */
enum client_flag {
	CLIENT_METERED = 1, /* has limits: its slot in `meters` */
	CLIENT_BOUND = 2,   /* its addresses are its own alone, see `bindings` */
};

/* `clients`: written by userspace alone, except `last_seen`. */
struct client {
	__u64 expires_at;   /* 0: never */
	__u64 last_seen;    /* of a frame from the client; at most a second old while it is active */
	__u64 session;      /* the store's id of this session */
	__u32 idle_timeout; /* seconds without a frame from the client; 0: none */
	__u32 slot;         /* index into `traffic`, `meters` and `binding_counts` */
	__u32 ifindex;      /* of the client interface it counts on; 0: any */
	__u8 state;         /* enum client_state */
	__u8 flags;         /* enum client_flag, or'ed */
	__u8 _pad[2];
};

/* IPv6, or IPv4 as v4-mapped IPv6 (RFC 4291 section 2.5.5.2). */
struct ip_address {
	__u32 word[4]; /* network order */
};

/* The source of each family that a client was last found to be entitled to. It counts within the
 * tick it was found in, and saves the search of `networks` and `addresses` meanwhile. */
struct checked_source {
	struct ip_address v6;
	__be32 v4;
	__u32 v4_tick; /* 0: none */
	__u32 v6_tick;
	__u32 told_tick; /* when the last one was put on record in `neighbors` */
};

#define CHECKED_TICK_SHIFT 30 /* a tick is 2^30 ns, about a second */
#define CHECKED_TELL_TICKS 16 /* so long a source in use goes without being put on record again */

/* `traffic[slot]`, per CPU. rx is from the client, tx is to it; bytes are frame lengths from the
 * Ethernet header on, without FCS. */
struct traffic {
	__u64 rx_packets;
	__u64 rx_bytes;
	__u64 tx_packets;
	__u64 tx_bytes;
	struct checked_source checked;
};

/* Ticks of a bucket's clock in a nanosecond of CLOCK_MONOTONIC: fine enough for 100 Gbit/s, and
 * 64 bits of them last 18 years. */
#define METER_TICKS_PER_NSEC 32

/* Packets up to so many bytes may use all of a bucket, longer ones leave an eighth. */
#define METER_SMALL 128

/* What may pass in one direction. */
struct bucket {
	__u64 rate;    /* bits a second; 0: unlimited */
	__u64 burst;   /* how deep the bucket is, in ticks at that rate */
	__u64 full_at; /* in ticks; written by packets */
};

/* `meters[slot]`, of clients with CLIENT_METERED: what they may use, and have used. Mapped into
 * userspace, which writes single words, so that none that packets write is lost. */
struct meter {
	struct bucket up;   /* from the client */
	struct bucket down; /* to it */
	__u64 quota;        /* bytes of the session, both directions; 0: unlimited */
	__u64 used;         /* of it; written by packets */
};

/* Addresses --------------------------------------------------------------------------------- */

/* `addresses`: what an address is to the gateway; a set of roles. */
enum address_role {
	ADDRESS_GATEWAY = 1,  /* the gateway's own, on any interface: never a client's source */
	ADDRESS_PORTAL = 2,   /* the gateway's own on a client interface: DHCP, ping, the portal */
	ADDRESS_RESOLVER = 4, /* DNS server that strangers may ask */
	ADDRESS_HTTPS = 8,    /* the portal's, and its https_port is the responder's */
};

/* Key of an LPM trie. */
struct prefix_key {
	__u32 prefixlen; /* 0 to 128; an IPv4 /24 is 120 */
	struct ip_address address;
};

/* `networks`, an LPM trie: what is on each link of clients. A link is a client interface and a
 * VLAN on it. */
struct network_key {
	__u32 prefixlen; /* NETWORK_LINK_BITS and those of the address */
	__u32 ifindex;
	__u16 vlan;
	__u16 _pad;
	struct ip_address address;
};

#define NETWORK_LINK_BITS 64

/* Where there is no entry, nothing is known of the link. */
enum network_standing {
	NETWORK_UNKNOWN = 0, /* the gateway has no address of that family there */
	NETWORK_ON_LINK = 1,
	NETWORK_ELSEWHERE = 2, /* of a family that has networks there: not of them */
};

struct network {
	__u32 standing;            /* enum network_standing */
	__be32 broadcast;          /* IPv4: the address of all its hosts; 0: none */
	struct ip_address gateway; /* the gateway's own address in it; ::, unless it is on the link */
};

/* `bindings`: the client that has an address on a link, since it was the first to use it. Written
 * by packets of clients with CLIENT_BOUND; portald collects what has lapsed. */
struct binding_key {
	struct ip_address address;
	__u32 ifindex;
	__u16 vlan;
	__u16 _pad;
};

struct binding {
	struct client_key owner;
	__u64 last_used; /* at most two ticks old while it is in use */
};

/* `binding_counts[slot]`: how many a client has; portald counts anew when it collects. */
struct binding_count {
	__u64 session;
	__u32 count;
	__u32 _pad;
};

#define BINDING_LAPSE_NS 600000000000ULL /* unused for ten minutes */
#define CLIENT_BINDINGS  16              /* of one client */

/* `garden`: destinations open to strangers. */
#define GARDEN_PORTS 15

struct garden_port {
	__be16 port;
	__u8 protocol; /* IPPROTO_TCP or IPPROTO_UDP */
	__u8 _pad;
};

/* `count` 0 opens every port of TCP and UDP, and ICMP echo. The trie finds the longest prefix
 * only, so userspace merges the ports of the prefixes around it into each entry. */
struct garden_ports {
	__u32 count;
	struct garden_port ports[GARDEN_PORTS];
};

/* The walled garden by name ------------------------------------------------------------------ */

#define GARDEN_NAME_BYTES 256 /* with its NUL: a name of RFC 1035, or a wildcard of one */

/* `learnt`, by address: what the garden's names lead to, open until it lapses. Written by userspace
 * alone. No entry opens the gateway's own addresses. */
struct learnt_address {
	__u64 lapses_at;
	struct garden_ports ports;
	char name[GARDEN_NAME_BYTES]; /* of the garden, that it was last learnt for; to userspace */
};

/* `dns_watch[0]`, a __u32: whether the garden has names, and answers are copied. */

/* `dns_queries`: what strangers have asked of a resolver on another host. The value is the time,
 * a __u64. Written by packets; LRU. */
struct dns_query {
	struct client_key client;
	struct ip_address address; /* the client's */
	struct ip_address resolver;
	__be16 port; /* the client's */
	__be16 id;
};

#define DNS_MESSAGE_BYTES 1472 /* what a UDP packet of 1500 bytes carries; longer is not copied */

/* `dns_answers`, a ring buffer: answers that strangers got from their resolver. */
struct dns_answer {
	__u64 time;
	__u32 size; /* of the message */
	__u8 message[DNS_MESSAGE_BYTES];
	__u8 _pad[4];
};

/* Who is on the wire ------------------------------------------------------------------------ */

/* `neighbors`: addresses that a client was seen to use. Written by packets; LRU. The address is
 * :: where a client has none yet. */
struct neighbor_key {
	struct client_key client;
	struct ip_address address;
};

struct neighbor {
	__u64 first_seen;
	__u64 last_seen;
	__u32 ifindex;
	__u32 _pad;
};

/* `flow_origins`: which client opened a connection to the responder. Written by packets; LRU. */
struct flow {
	struct ip_address client;
	struct ip_address server;
	__be16 client_port;
	__be16 server_port;
};

struct flow_origin {
	struct client_key client;
	__u32 ifindex;
	__u32 _pad;
};

/* Budgets ----------------------------------------------------------------------------------- */

/* What strangers' frames are charged to. */
enum budget {
	BUDGET_DNS,         /* packets to port 53 */
	BUDGET_DNS_BYTES,   /* the same, in bytes */
	BUDGET_CONNECTIONS, /* SYNs to the responder */
	BUDGET_SEGMENTS,    /* other TCP to the responder */
	BUDGET_LINK,        /* ARP, neighbor discovery, MLD, EAPOL */
	BUDGET_ICMP,        /* echo requests */
	BUDGET_DHCP,
	BUDGET_NEWCOMERS, /* clients without an entry in `strangers`; of all together alone */
	BUDGET_COUNT,
};

#define BUDGET_WORDS 8 /* a power of two */

struct budget_rate {
	__u64 cost;  /* nanoseconds of one unit; 0: unlimited */
	__u64 burst; /* how far ahead of the clock one may be */
};

/* `budgets[budget]`: written by userspace. */
struct budget_limit {
	struct budget_rate client;
	struct budget_rate all; /* all newcomers together, and as much again the others */
};

/* `strangers`: what each has used. Written by packets; LRU. */
struct stranger {
	__u64 since;
	__u64 told;              /* when a flood of its was last reported */
	__u64 due[BUDGET_WORDS]; /* when what it has taken is paid for */
};

/* `pools[budget]`: what all have used together, likewise. */
struct budget_pool {
	__u64 known;
	__u64 newcomers; /* those who have not been here for long */
	__u64 told;
};

/* Configuration ----------------------------------------------------------------------------- */

/* Constants of a loaded program (.rodata); a change is a new program and a link update. */
struct portal_config {
	__u32 mark;      /* set on steered packets, for the policy route */
	__u32 mark_mask; /* the bits of the packet mark that are ours */
	__be16 http_port;
	__be16 https_port;
	__u8 reset;            /* what is blocked of a stranger's is answered */
	__u8 client_to_client; /* clients may be forwarded to each other */
	__u8 _pad[2];
};

/* `interfaces`, by ifindex: the client interfaces, the links stacked on them, and the members of
 * those that are bonds. */
struct interface {
	__u8 mac[6];
	__u8 merges; /* XDP is generic there: several frames may reach it as one */
	__u8 _pad;
	__u32 home; /* the client interface that it is, is stacked on, or is a member of */
};

/* `client_side[0]`: `interfaces`, folded; a bit that is not set saves the lookup. */
#define CLIENT_SIDE_BITS 1024

struct client_side {
	__u64 bits[CLIENT_SIDE_BITS / 64];   /* of ifindex modulo CLIENT_SIDE_BITS */
	__u64 merges[CLIENT_SIDE_BITS / 64]; /* of those where XDP is generic */
};

/* `listeners`, a SOCKMAP: the responder's listening sockets. */
enum listener {
	LISTENER_HTTP4,
	LISTENER_HTTP6,
	LISTENER_HTTPS4,
	LISTENER_HTTPS6,
	LISTENER_COUNT,
};

/* `meta[0]`: who wrote the pins. */
struct portal_meta {
	__u32 abi;
	__u32 _pad;
	char build[56]; /* version, NUL-terminated */
};

/* What TC does with a frame that XDP passed. */
enum steering {
	STEER_NONE, /* not the responder's */
	STEER_OWN,  /* the responder's if it opened the connection, or is asked by its own address */
	STEER_ALL,  /* the responder's */
};

/* What XDP tells TC of its verdict, in the metadata area before the frame. */
struct verdict_note {
	__u32 magic;
	__u16 vlan;    /* the VLAN of the key the verdict was for */
	__u8 reason;   /* enum reason */
	__u8 steering; /* enum steering */
};

#define VERDICT_MAGIC 0x58500511

/* Events ------------------------------------------------------------------------------------ */

enum event_type {
	EVENT_STRANGER = 1, /* a client and address not seen before, or not for long */
	EVENT_FORGERY,      /* the key of a session elsewhere, or the use of another's address */
	EVENT_FLOOD,        /* more of a stranger than it has a budget for */
	EVENT_TYPES,
};

/* `forgeries`: when a client was last reported for EVENT_FORGERY; LRU. */
#define FORGERY_QUIET_NS 10000000000ULL

/* `events`, a ring buffer. */
struct event {
	__u64 time;
	__u16 type;   /* enum event_type */
	__u16 reason; /* forgery, flood: enum reason of the frame; else 0 */
	__u32 ifindex;
	struct client_key client;
	struct ip_address address; /* :: where none is known */
};

/* `event_counts[type]`, per CPU. */
struct event_count {
	__u64 second; /* when the current second began */
	__u64 sent;   /* in this second */
	__u64 lost;   /* in all: beyond the rate, or found no room in the ring */
};

/* Limits ------------------------------------------------------------------------------------ */

#define PORTAL_NEIGHBORS     65536
#define PORTAL_FLOW_ORIGINS  65536
#define PORTAL_STRANGERS     65536
#define PORTAL_ADDRESSES     1024
#define PORTAL_GARDEN        16384
#define PORTAL_LEARNT        4096
#define PORTAL_DNS_QUERIES   16384
#define PORTAL_DNS_BYTES     (512 * 1024) /* of `dns_answers` */
#define PORTAL_INTERFACES    4096
#define PORTAL_NETWORKS      16384
#define PORTAL_FORGERIES     4096
#define PORTAL_BINDINGS      262144
#define PORTAL_EVENT_BYTES   (256 * 1024)
#define PORTAL_REJECT_SHARES 1024 /* clients share them by hash */
#define PORTAL_EVENT_RATE    256 /* a second of each type, on each CPU */
#define PORTAL_VLAN_TAGS     2 /* stacked tags understood; a third is dropped */
#define PORTAL_IPV6_HEADERS  6 /* IPv6 extension headers followed */

/* Verdicts ---------------------------------------------------------------------------------- */

/*
 * Every verdict has a reason: X(NAME, action, name, description). One list gives the enum, the
 * counters, the CLI's and the metrics' names, and the docs. Actions: PASS or DROP. TX marks what
 * is decided on the way to the client.
 */
#define PORTAL_REASONS(X)                                                                          \
	X(AUTHORIZED, PASS, "authorized", "from a signed-in client")                               \
	X(TRUSTED, PASS, "trusted", "from a trusted client")                                       \
	X(EAPOL, PASS, "eapol", "802.1X, from a stranger")                                         \
	X(ARP, PASS, "arp", "address resolution, from a stranger")                                 \
	X(NEIGHBOR_DISCOVERY, PASS, "neighbor_discovery", "NS, NA or RS, from a stranger")         \
	X(MLD, PASS, "mld", "multicast listener report, from a stranger")                          \
	X(DHCP, PASS, "dhcp", "DHCPv4 or DHCPv6 request, from a stranger")                         \
	X(DNS, PASS, "dns", "query to a permitted resolver, from a stranger")                      \
	X(ICMP_ECHO, PASS, "icmp_echo", "ping of the gateway, from a stranger")                    \
	X(PORTAL, PASS, "portal", "to the portal's own address and port")                          \
	X(GARDEN, PASS, "garden", "to the walled garden, from a stranger")                         \
	X(STEERED, PASS, "steered", "TCP port 80 of a stranger, answered by the responder")        \
	X(BLOCKED, DROP, "blocked", "from a blocked client")                                       \
	X(RATE, DROP, "rate", "from a signed-in client over its rate")                             \
	X(SOURCE_MAC, DROP, "source_mac", "source MAC is zero, a group's or the gateway's")             \
	X(SOURCE_ADDRESS, DROP, "source_address", "source IP address cannot be a client's")        \
	X(SOURCE_BOUND, DROP, "source_bound", "source IP address is bound to another client")      \
	X(RUNT, DROP, "runt", "shorter than its own headers say")                                  \
	X(VLAN_TAGS, DROP, "vlan_tags", "more stacked VLAN tags than are understood")              \
	X(ETHERTYPE, DROP, "ethertype", "neither IP, ARP nor EAPOL, from a stranger")              \
	X(ARP_INVALID, DROP, "arp_invalid", "ARP that is malformed or speaks for another station") \
	X(IP_HEADER, DROP, "ip_header", "IP header that contradicts itself")                       \
	X(IP_OPTIONS, DROP, "ip_options", "IPv4 options or an IPv6 routing header")                \
	X(IP_EXTENSION, DROP, "ip_extension", "IPv6 extension headers unknown or too many")        \
	X(FRAGMENT, DROP, "fragment", "IP fragment, from a stranger")                              \
	X(TRANSPORT_HEADER, DROP, "transport_header", "TCP, UDP or ICMP header malformed")         \
	X(TCP_FLAGS, DROP, "tcp_flags", "TCP flags no client sends to port 80")                    \
	X(DESTINATION, DROP, "destination", "destination that port 80 cannot be steered from")     \
	X(ND_INVALID, DROP, "nd_invalid", "neighbor discovery or MLD from off-link or malformed")  \
	X(ROGUE_SERVER, DROP, "rogue_server", "router advertisement, redirect or DHCP answer")     \
	X(DNS_FOREIGN, DROP, "dns_foreign", "DNS to a resolver that is not permitted")             \
	X(HTTPS, DROP, "https", "TCP port 443, from a stranger")                                   \
	X(QUIC, DROP, "quic", "UDP port 443, from a stranger")                                     \
	X(TCP, DROP, "tcp", "another TCP port, from a stranger")                                   \
	X(UDP, DROP, "udp", "another UDP port, from a stranger")                                   \
	X(ICMP, DROP, "icmp", "ICMP other than permitted, from a stranger")                        \
	X(PROTOCOL, DROP, "protocol", "another IP protocol, from a stranger")                      \
	X(BUDGET_DNS, DROP, "budget_dns", "more DNS than one stranger may send")                   \
	X(BUDGET_CONNECTIONS, DROP, "budget_connections", "more TCP than one stranger may send")   \
	X(BUDGET_LINK, DROP, "budget_link", "more ARP, ND or MLD than one stranger may send")      \
	X(BUDGET_ICMP, DROP, "budget_icmp", "more pings than one stranger may send")               \
	X(BUDGET_DHCP, DROP, "budget_dhcp", "more DHCP than one stranger may send")                \
	X(BUDGET_ALL, DROP, "budget_all", "more than all strangers together may send")             \
	X(BUDGET_NEWCOMERS, DROP, "budget_newcomers", "from one more newcomer than is let in")     \
	X(STEER_NO_LISTENER, DROP, "steer_no_listener", "for the responder, which is not running") \
	X(STEER_FOREIGN_FLOW, DROP, "steer_foreign_flow", "connection opened by another client")   \
	X(STEER_FAILED, DROP, "steer_failed", "the kernel refused to assign the socket")           \
	X(TX_AUTHORIZED, PASS, "tx_authorized", "to a signed-in client")                           \
	X(TX_TRUSTED, PASS, "tx_trusted", "to a trusted client")                                   \
	X(TX_ANSWER, PASS, "tx_answer", "to a stranger, answering what it may ask")                \
	X(TX_RESET, PASS, "tx_reset", "TCP reset to a stranger, for a segment that was dropped")   \
	X(TX_UNREACHABLE, PASS, "tx_unreachable", "ICMP prohibited, for a packet that was dropped") \
	X(TX_BLOCKED, DROP, "tx_blocked", "to a blocked client")                                   \
	X(TX_RATE, DROP, "tx_rate", "to a signed-in client over its rate")                         \
	X(TX_HAIRPIN, DROP, "tx_hairpin", "from one client to another")                            \
	X(TX_STRANGER, DROP, "tx_stranger", "to a stranger, or to a group of clients")

enum reason {
#define X(id, action, name, description) REASON_##id,
	PORTAL_REASONS(X)
#undef X
	REASON_COUNT,
};

/* `verdicts[reason]`, per CPU. */
struct verdict_count {
	__u64 packets;
	__u64 bytes;
};

/* Checks ------------------------------------------------------------------------------------ */

#ifdef __cplusplus
#define PORTAL_ASSERT(expression) static_assert(expression)
#else
#define PORTAL_ASSERT(expression) _Static_assert(expression, #expression)
#endif

PORTAL_ASSERT(sizeof(struct client_key) == 8);
PORTAL_ASSERT(sizeof(struct client) == 40);
PORTAL_ASSERT(sizeof(struct meter) == 64);
PORTAL_ASSERT(sizeof(struct network) == 24);
PORTAL_ASSERT(sizeof(struct checked_source) == 32);
PORTAL_ASSERT(sizeof(struct traffic) == 64);
PORTAL_ASSERT(sizeof(struct ip_address) == 16);
PORTAL_ASSERT(sizeof(struct prefix_key) == 20);
PORTAL_ASSERT(sizeof(struct network_key) == 28);
PORTAL_ASSERT(sizeof(struct binding_key) == 24);
PORTAL_ASSERT(sizeof(struct binding) == 16);
PORTAL_ASSERT(sizeof(struct binding_count) == 16);
PORTAL_ASSERT(sizeof(struct garden_ports) == 64);
PORTAL_ASSERT(sizeof(struct learnt_address) == 328);
PORTAL_ASSERT(sizeof(struct dns_query) == 44);
PORTAL_ASSERT(sizeof(struct dns_answer) == 1488);
PORTAL_ASSERT(sizeof(struct neighbor_key) == 24);
PORTAL_ASSERT(sizeof(struct neighbor) == 24);
PORTAL_ASSERT(sizeof(struct flow) == 36);
PORTAL_ASSERT(sizeof(struct flow_origin) == 16);
PORTAL_ASSERT(sizeof(struct portal_config) == 16);
PORTAL_ASSERT(BUDGET_COUNT <= BUDGET_WORDS);
PORTAL_ASSERT(sizeof(struct budget_limit) == 32);
PORTAL_ASSERT(sizeof(struct stranger) == 80);
PORTAL_ASSERT(sizeof(struct budget_pool) == 24);
PORTAL_ASSERT(sizeof(struct interface) == 12);
PORTAL_ASSERT(sizeof(struct client_side) == 256);
PORTAL_ASSERT(sizeof(struct portal_meta) == 64);
PORTAL_ASSERT(sizeof(struct verdict_note) == 8);
PORTAL_ASSERT(sizeof(struct event) == 40);
PORTAL_ASSERT(sizeof(struct event_count) == 24);
PORTAL_ASSERT(sizeof(struct verdict_count) == 16);

#endif
