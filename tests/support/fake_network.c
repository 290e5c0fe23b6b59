/*
 * A datagram network on virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/fake_network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SETTLE_LIMIT 1000000

struct fake_datagram {
    uint64_t due_ms;
    uint64_t sequence; /* of those due at the same time, the one sent first arrives first */
    size_t from;       /* index of the sender */
    struct lwm2m_address to;
    bool unreachable; /* not a datagram: the news for the sender that nobody is at `to` */
    size_t length;
    uint8_t data[];
};

static bool is_before(const struct fake_datagram *a, const struct fake_datagram *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->sequence < b->sequence;
}

static void heap_push(struct fake_network *network, struct fake_datagram *datagram)
{
    size_t at = network->in_flight++;

    if (network->in_flight > network->heap_capacity) {
        network->heap_capacity = network->heap_capacity == 0 ? 64 : network->heap_capacity * 2;
        network->heap = realloc(network->heap, network->heap_capacity * sizeof(*network->heap));
        assert_non_null(network->heap);
    }
    while (at > 0 && is_before(datagram, network->heap[(at - 1) / 2])) {
        network->heap[at] = network->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    network->heap[at] = datagram;
}

static struct fake_datagram *heap_pop(struct fake_network *network)
{
    struct fake_datagram *first = network->heap[0];
    struct fake_datagram *last = network->heap[--network->in_flight];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;

        if (child >= network->in_flight) {
            break;
        }
        if (child + 1 < network->in_flight &&
            is_before(network->heap[child + 1], network->heap[child])) {
            child++;
        }
        if (!is_before(network->heap[child], last)) {
            break;
        }
        network->heap[at] = network->heap[child];
        at = child;
    }
    network->heap[at] = last;
    return first;
}

static size_t node_index(const struct lwm2m_address *address)
{
    return (size_t)address->address[13] << 16 | (size_t)address->address[14] << 8 |
           address->address[15];
}

static struct lwm2m_address node_address(size_t index)
{
    struct lwm2m_address address = {.port = 5683};

    address.address[10] = 0xff;
    address.address[11] = 0xff;
    address.address[12] = 10;
    address.address[13] = (uint8_t)(index >> 16);
    address.address[14] = (uint8_t)(index >> 8);
    address.address[15] = (uint8_t)index;
    return address;
}

static struct fake_node *find_node(const struct fake_network *network,
                                   const struct lwm2m_address *address)
{
    size_t index = node_index(address);
    struct lwm2m_address expected = node_address(index);

    if (index >= network->node_count || address->port != expected.port ||
        memcmp(address->address, expected.address, sizeof(expected.address)) != 0) {
        return NULL;
    }
    return network->nodes[index];
}

static bool happens(struct fake_network *network, unsigned permille)
{
    return permille > 0 && virtual_port_random_below(network->port, 1000) < permille;
}

static struct fake_datagram *queue(struct fake_network *network, const struct fake_node *from,
                                   const struct lwm2m_address *to, struct lwm2m_bytes bytes)
{
    const struct fake_network_faults *faults = &network->faults;
    struct fake_datagram *datagram = malloc(sizeof(*datagram) + bytes.length);
    uint64_t delay = faults->delay_ms;

    assert_non_null(datagram);
    if (faults->jitter_ms > 0) {
        delay += virtual_port_random_below(network->port, faults->jitter_ms + 1);
    }
    if (happens(network, faults->reorder_permille)) {
        delay += virtual_port_random_below(network->port, faults->reorder_ms + 1);
    }
    *datagram = (struct fake_datagram){
        .due_ms = network->port->now_ms + delay,
        .sequence = network->sequence++,
        .from = node_index(&from->address),
        .to = *to,
        .length = bytes.length,
    };
    if (bytes.length > 0) {
        memcpy(datagram->data, bytes.data, bytes.length);
        if (happens(network, faults->corrupt_permille)) {
            datagram->data[virtual_port_random_below(network->port, (uint32_t)bytes.length)] ^=
                (uint8_t)(1u << virtual_port_random_below(network->port, 8));
        }
    }
    heap_push(network, datagram);
    return datagram;
}

void fake_node_send(struct fake_node *node, const struct lwm2m_address *to,
                    struct lwm2m_bytes datagram)
{
    struct fake_network *network = node->network;
    const struct fake_node *target = find_node(network, to);

    node->sent++;
    if (network->filter != NULL && !network->filter(network->filter_context, node, to, datagram)) {
        network->lost++;
        return;
    }
    if (target == NULL && network->reports_unreachable) {
        queue(network, node, to, (struct lwm2m_bytes){NULL, 0})->unreachable = true;
        return;
    }
    if (target == NULL || target->down || happens(network, network->faults.loss_permille)) {
        network->lost++;
        return;
    }
    queue(network, node, to, datagram);
    if (happens(network, network->faults.duplicate_permille)) {
        queue(network, node, to, datagram);
    }
}

static enum lwm2m_error link_send(void *context, const struct lwm2m_address *to,
                                  struct lwm2m_bytes data)
{
    struct fake_node *node = context;

    assert_in_range(data.length, 1, node->link.max_datagram);
    if (node->link_fails) {
        return LWM2M_IO;
    }
    fake_node_send(node, to, data);
    return LWM2M_OK;
}

static void link_print_address(void *context, const struct lwm2m_address *address,
                               char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)context;
    snprintf(text, LWM2M_ADDRESS_TEXT_MAX, "%u.%u.%u.%u:%u", address->address[12],
             address->address[13], address->address[14], address->address[15], address->port);
}

void fake_network_init(struct fake_network *network, struct virtual_port *port)
{
    memset(network, 0, sizeof(*network));
    network->port = port;
    network->faults.delay_ms = 10;
    network->faults.reorder_ms = 500;
}

void fake_network_release(struct fake_network *network)
{
    while (network->in_flight > 0) {
        free(heap_pop(network));
    }
    for (size_t i = 0; i < network->node_count; i++) {
        free(network->nodes[i]);
    }
    free(network->heap);
    free(network->nodes);
    memset(network, 0, sizeof(*network));
}

void fake_network_add_timers(struct fake_network *network, struct lwm2m_timers *timers)
{
    assert_in_range(network->timers_count, 0, 7);
    network->timers[network->timers_count++] = timers;
}

struct fake_node *fake_network_add_node(struct fake_network *network)
{
    size_t count = network->node_count;
    struct fake_node *node = calloc(1, sizeof(*node));

    /* Room is made at every power of two. */
    if ((count & (count - 1)) == 0) {
        network->nodes = realloc(network->nodes, (count == 0 ? 1 : count * 2) * sizeof(node));
        assert_non_null(network->nodes);
    }
    assert_non_null(node);
    node->network = network;
    node->address = node_address(count);
    node->link = (struct lwm2m_datagram_link){
        .context = node,
        .send = link_send,
        .print_address = link_print_address,
        .max_datagram = FAKE_NETWORK_DATAGRAM_MAX,
    };
    network->nodes[network->node_count++] = node;
    return node;
}

static void deliver(struct fake_network *network)
{
    struct fake_datagram *datagram = heap_pop(network);
    struct lwm2m_bytes bytes = {datagram->data, datagram->length};
    struct fake_node *sender = network->nodes[datagram->from];
    struct fake_node *target = find_node(network, &datagram->to);
    struct lwm2m_address from = sender->address;

    if (datagram->unreachable) {
        if (sender->endpoint != NULL) {
            lwm2m_endpoint_fail(sender->endpoint, &datagram->to, LWM2M_UNREACHABLE);
        }
    } else {
        memcpy(from.local, target->address.address, sizeof(from.local));
        target->received++;
        if (target->endpoint != NULL) {
            lwm2m_endpoint_receive(target->endpoint, &from, bytes);
        } else if (target->receive != NULL) {
            target->receive(target->context, target, &from, bytes);
        }
    }
    free(datagram);
}

/* Fires what is due; the next deadline of all timers. */
static uint64_t step_timers(struct fake_network *network)
{
    uint64_t next = LWM2M_NEVER;

    for (size_t i = 0; i < network->timers_count; i++) {
        uint64_t deadline = lwm2m_timers_step(network->timers[i]);

        if (deadline < next) {
            next = deadline;
        }
    }
    return next;
}

/* Does the next thing that is due by limit_ms, moving the clock to it; false if there is none. */
static bool run_one(struct fake_network *network, uint64_t limit_ms)
{
    struct virtual_port *port = network->port;
    uint64_t next = step_timers(network);
    bool is_datagram = network->in_flight > 0 && network->heap[0]->due_ms <= next;

    if (is_datagram) {
        next = network->heap[0]->due_ms;
    }
    if (next > limit_ms) {
        return false;
    }
    if (next > port->now_ms) {
        port->now_ms = next;
    }
    if (is_datagram) {
        deliver(network);
    }
    return true;
}

void fake_network_run_until(struct fake_network *network, uint64_t time_ms)
{
    while (run_one(network, time_ms)) {
        ;
    }
    if (time_ms > network->port->now_ms && time_ms != LWM2M_NEVER) {
        network->port->now_ms = time_ms;
    }
}

void fake_network_run_for(struct fake_network *network, uint64_t duration_ms)
{
    fake_network_run_until(network, network->port->now_ms + duration_ms);
}

void fake_network_settle(struct fake_network *network)
{
    size_t count = 0;

    step_timers(network);
    while (network->in_flight > 0) {
        assert_true(count++ < SETTLE_LIMIT);
        run_one(network, LWM2M_NEVER - 1);
    }
}

bool fake_network_run_until_true(struct fake_network *network, uint64_t duration_ms,
                                 bool (*condition)(void *context), void *context)
{
    uint64_t limit_ms = network->port->now_ms + duration_ms;

    while (!condition(context)) {
        if (!run_one(network, limit_ms)) {
            network->port->now_ms = limit_ms;
            return condition(context);
        }
    }
    return true;
}
