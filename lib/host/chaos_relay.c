/*
 * The relay of a bad network: two UDP links, a chaos line each way, and a table of who is outside.
 *
 *   outside --> outer link --> incoming line --> inner link, leaving from 127.x.y.z --> stack
 *   outside <-- outer link <-- outgoing line <-- inner link, sent to 127.x.y.z      <-- stack
 *
 * One inner socket serves all: it is bound to every address of the loopback, and each datagram
 * tells which of them it was sent to. No address is given twice, so that what the stack remembers
 * of one peer never meets another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/chaos_relay.h"

#include <string.h>

#include <lwm2m/list.h>
#include <lwm2m/udp_link.h>

#include "base/hash_table.h"
#include "host/address.h"

#define WAITING_MAX 65536
/* Of 127.0.0.0/8, without the ends of the range and what else is commonly bound there. */
#define NUMBER_LEAST 0x000100u
#define NUMBER_MOST 0xfffeffu

struct relay_peer {
    struct lwm2m_list recency;
    struct lwm2m_hash_node by_outside;
    struct lwm2m_hash_node by_number;
    struct lwm2m_address outside;
    uint32_t number;
};

struct lwm2m_chaos_relay {
    struct lwm2m_chaos_relay_config config;
    const struct lwm2m_port *port;
    struct lwm2m_udp_link *outer;
    struct lwm2m_udp_link *inner;
    struct lwm2m_chaos_line *incoming;
    struct lwm2m_chaos_line *outgoing;
    struct lwm2m_hash_table by_outside;
    struct lwm2m_hash_table by_number;
    struct lwm2m_list recency; /* the one idle for longest first */
    size_t peer_count;
    uint32_t last_number;
    uint16_t inner_port;
};

/* ---- who is outside ---- */

static uint32_t hash_outside(const struct lwm2m_chaos_relay *relay,
                             const struct lwm2m_address *address)
{
    struct lwm2m_address_key key = lwm2m_address_key_of(address);

    return lwm2m_hash_table_hash(&relay->by_outside, &key, sizeof(key));
}

static struct relay_peer *find_outside(const struct lwm2m_chaos_relay *relay,
                                       const struct lwm2m_address *address)
{
    struct lwm2m_hash_node *node =
        lwm2m_hash_table_first(&relay->by_outside, hash_outside(relay, address));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct relay_peer *peer = LWM2M_CONTAINER_OF(node, struct relay_peer, by_outside);
        if (lwm2m_address_is_same_place(&peer->outside, address)) {
            return peer;
        }
    }
    return NULL;
}

static uint32_t hash_number(const struct lwm2m_chaos_relay *relay, uint32_t number)
{
    return lwm2m_hash_table_hash(&relay->by_number, &number, sizeof(number));
}

static struct relay_peer *find_inside(const struct lwm2m_chaos_relay *relay,
                                      const uint8_t address[16])
{
    uint32_t number = (uint32_t)address[13] << 16 | (uint32_t)address[14] << 8 | address[15];
    struct lwm2m_hash_node *node;

    if (!lwm2m_address_is_ipv4(address) || address[12] != 127) {
        return NULL;
    }
    node = lwm2m_hash_table_first(&relay->by_number, hash_number(relay, number));
    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct relay_peer *peer = LWM2M_CONTAINER_OF(node, struct relay_peer, by_number);
        if (peer->number == number) {
            return peer;
        }
    }
    return NULL;
}

static void write_inside(const struct relay_peer *peer, uint8_t address[16])
{
    const uint8_t ipv4[4] = {127, (uint8_t)(peer->number >> 16), (uint8_t)(peer->number >> 8),
                             (uint8_t)peer->number};

    lwm2m_address_map_ipv4(ipv4, address);
}

static void touch(struct lwm2m_chaos_relay *relay, struct relay_peer *peer)
{
    lwm2m_list_remove(&peer->recency);
    lwm2m_list_append(&relay->recency, &peer->recency);
}

static void forget(struct lwm2m_chaos_relay *relay, struct relay_peer *peer)
{
    lwm2m_list_remove(&peer->recency);
    lwm2m_hash_table_remove(&relay->by_outside, &peer->by_outside);
    lwm2m_hash_table_remove(&relay->by_number, &peer->by_number);
    relay->peer_count--;
    relay->port->release(relay->port->context, peer);
}

static void forget_oldest(struct lwm2m_chaos_relay *relay)
{
    struct lwm2m_list *oldest = lwm2m_list_first(&relay->recency);

    if (oldest != NULL) {
        forget(relay, LWM2M_CONTAINER_OF(oldest, struct relay_peer, recency));
    }
}

static struct relay_peer *add(struct lwm2m_chaos_relay *relay, const struct lwm2m_address *outside)
{
    struct relay_peer *peer;

    if (relay->peer_count >= relay->config.max_peers) {
        forget_oldest(relay);
    }
    peer = relay->port->allocate(relay->port->context, sizeof(*peer));
    if (peer == NULL) {
        return NULL;
    }
    memset(peer, 0, sizeof(*peer));
    peer->outside = *outside;
    peer->number = relay->last_number < NUMBER_MOST ? relay->last_number + 1 : NUMBER_LEAST;
    relay->last_number = peer->number;
    lwm2m_list_append(&relay->recency, &peer->recency);
    lwm2m_hash_table_insert(&relay->by_outside, &peer->by_outside, hash_outside(relay, outside));
    lwm2m_hash_table_insert(&relay->by_number, &peer->by_number, hash_number(relay, peer->number));
    relay->peer_count++;
    return peer;
}

static struct relay_peer *find_or_add(struct lwm2m_chaos_relay *relay,
                                      const struct lwm2m_address *outside)
{
    struct relay_peer *peer = find_outside(relay, outside);

    if (peer == NULL) {
        return add(relay, outside);
    }
    touch(relay, peer);
    return peer;
}

/* ---- what passes ---- */

static void send_over(struct lwm2m_udp_link *link, const struct lwm2m_address *to,
                      struct lwm2m_bytes datagram)
{
    const struct lwm2m_datagram_link *datagrams = lwm2m_udp_link_datagrams(link);

    (void)datagrams->send(datagrams->context, to, datagram); /* what cannot go is lost */
}

static void deliver_to_stack(void *context, const struct lwm2m_address *from,
                             struct lwm2m_bytes datagram)
{
    struct lwm2m_chaos_relay *relay = context;
    struct relay_peer *peer = find_or_add(relay, from);
    struct lwm2m_address stack = relay->config.stack;

    if (peer != NULL) {
        memcpy(peer->outside.local, from->local, sizeof(from->local));
        write_inside(peer, stack.local);
        send_over(relay->inner, &stack, datagram);
    }
}

static void deliver_outside(void *context, const struct lwm2m_address *to,
                            struct lwm2m_bytes datagram)
{
    send_over(((struct lwm2m_chaos_relay *)context)->outer, to, datagram);
}

static void receive_outer(void *context, const struct lwm2m_address *from,
                          struct lwm2m_bytes datagram)
{
    lwm2m_chaos_line_carry(((struct lwm2m_chaos_relay *)context)->incoming, from, datagram);
}

/* The inner socket hears everybody; only the stack has anything to say there. */
static void receive_inner(void *context, const struct lwm2m_address *from,
                          struct lwm2m_bytes datagram)
{
    struct lwm2m_chaos_relay *relay = context;
    const struct lwm2m_address *stack = &relay->config.stack;
    struct relay_peer *peer = find_inside(relay, from->local);

    if (peer != NULL && from->port == stack->port &&
        memcmp(from->address, stack->address, sizeof(stack->address)) == 0) {
        touch(relay, peer);
        lwm2m_chaos_line_carry(relay->outgoing, &peer->outside, datagram);
    }
}

static void tell_unreachable(void *context, const struct lwm2m_address *to, enum lwm2m_error error)
{
    struct lwm2m_chaos_relay *relay = context;
    struct relay_peer *peer = find_outside(relay, to);
    struct lwm2m_address inside = {.port = relay->inner_port};

    (void)error; /* a socket knows of one kind only */
    if (peer != NULL) {
        write_inside(peer, inside.address);
        relay->config.unreachable(relay->config.context, &inside);
    }
}

/* ---- life ---- */

static enum lwm2m_error open_outer(struct lwm2m_chaos_relay *relay)
{
    const struct lwm2m_datagram_receiver receiver = {
        .context = relay,
        .receive = receive_outer,
        .fail = tell_unreachable,
    };
    struct lwm2m_udp_link_config config;

    lwm2m_udp_link_config_init(&config);
    config.loop = relay->config.loop;
    config.bind = relay->config.bind;
    enum lwm2m_error error = lwm2m_udp_link_open(&config, &relay->outer);
    return error != LWM2M_OK ? error : lwm2m_udp_link_set_receiver(relay->outer, &receiver);
}

static enum lwm2m_error open_inner(struct lwm2m_chaos_relay *relay)
{
    static const uint8_t any[4];
    const struct lwm2m_datagram_receiver receiver = {.context = relay, .receive = receive_inner};
    struct lwm2m_udp_link_config config;
    struct lwm2m_address bound;

    lwm2m_udp_link_config_init(&config);
    config.loop = relay->config.loop;
    config.max_datagram = config.max_received; /* whatever the outer link hands over */
    lwm2m_address_map_ipv4(any, config.bind.address);
    enum lwm2m_error error = lwm2m_udp_link_open(&config, &relay->inner);
    if (error != LWM2M_OK) {
        return error;
    }
    lwm2m_udp_link_bound(relay->inner, &bound);
    relay->inner_port = bound.port;
    return lwm2m_udp_link_set_receiver(relay->inner, &receiver);
}

static enum lwm2m_error make_lines(struct lwm2m_chaos_relay *relay)
{
    struct lwm2m_chaos_line_config line = {
        .timers = lwm2m_loop_timers(relay->config.loop),
        .chaos = *relay->config.chaos,
        .max_waiting = WAITING_MAX,
        .context = relay,
        .deliver = deliver_outside,
    };
    enum lwm2m_error error = lwm2m_chaos_line_new(&line, &relay->outgoing);

    if (error == LWM2M_OK) {
        /* A sequence of its own, as that of a chaos link. */
        line.chaos.seed = ~line.chaos.seed;
        line.deliver = deliver_to_stack;
        error = lwm2m_chaos_line_new(&line, &relay->incoming);
    }
    return error;
}

static enum lwm2m_error open_all(struct lwm2m_chaos_relay *relay)
{
    enum lwm2m_error error = lwm2m_hash_table_init(&relay->by_outside, relay->port);

    if (error == LWM2M_OK) {
        error = lwm2m_hash_table_init(&relay->by_number, relay->port);
    }
    if (error == LWM2M_OK) {
        error = make_lines(relay);
    }
    if (error == LWM2M_OK) {
        error = open_inner(relay);
    }
    return error != LWM2M_OK ? error : open_outer(relay);
}

enum lwm2m_error lwm2m_chaos_relay_open(const struct lwm2m_chaos_relay_config *config,
                                        struct lwm2m_chaos_relay **result)
{
    const struct lwm2m_port *port = lwm2m_loop_timers(config->loop)->port;
    struct lwm2m_chaos_relay *relay = port->allocate(port->context, sizeof(*relay));
    if (relay == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(relay, 0, sizeof(*relay));
    relay->config = *config;
    relay->port = port;
    relay->last_number = NUMBER_LEAST;
    lwm2m_list_init(&relay->recency);
    enum lwm2m_error error = open_all(relay);
    relay->config.chaos = NULL; /* the lines have copied it */
    if (error != LWM2M_OK) {
        lwm2m_chaos_relay_close(relay);
        return error;
    }
    *result = relay;
    return LWM2M_OK;
}

void lwm2m_chaos_relay_close(struct lwm2m_chaos_relay *relay)
{
    if (relay == NULL) {
        return;
    }
    lwm2m_chaos_line_free(relay->incoming);
    lwm2m_chaos_line_free(relay->outgoing);
    lwm2m_udp_link_close(relay->outer);
    lwm2m_udp_link_close(relay->inner);
    while (relay->peer_count > 0) {
        forget_oldest(relay);
    }
    lwm2m_hash_table_release(&relay->by_outside);
    lwm2m_hash_table_release(&relay->by_number);
    relay->port->release(relay->port->context, relay);
}

void lwm2m_chaos_relay_bound(const struct lwm2m_chaos_relay *relay, struct lwm2m_address *bound)
{
    lwm2m_udp_link_bound(relay->outer, bound);
}

enum lwm2m_error lwm2m_chaos_relay_inside(struct lwm2m_chaos_relay *relay,
                                          const struct lwm2m_address *outside,
                                          struct lwm2m_address *inside)
{
    struct relay_peer *peer = find_or_add(relay, outside);

    if (peer == NULL) {
        return LWM2M_NO_MEMORY;
    }
    *inside = (struct lwm2m_address){.port = relay->inner_port};
    write_inside(peer, inside->address);
    return LWM2M_OK;
}

bool lwm2m_chaos_relay_outside(const struct lwm2m_chaos_relay *relay,
                               const struct lwm2m_address *inside, struct lwm2m_address *outside)
{
    const struct relay_peer *peer = find_inside(relay, inside->address);

    if (peer == NULL || inside->port != relay->inner_port) {
        return false;
    }
    *outside = peer->outside;
    return true;
}
