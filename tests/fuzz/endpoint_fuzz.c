/*
 * Fuzzes the endpoint: the input is what peers send, in what order and when, while requests,
 * observations and notifications of ours are under way. Whatever it is, all memory comes back.
 *
 * Each step is a byte that says what happens, and what it needs: a datagram is a length and its
 * bytes. The placeholders 0xA5 and 0x5A in its message id and token stand for those that we last
 * used.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/endpoint.h>

#include "support/virtual_port.h"

#define STEPS_MAX 300
#define EXCHANGES_MAX 8
#define PEERS 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct world {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct lwm2m_endpoint *endpoint;
    struct lwm2m_bytes input;
    struct lwm2m_message last; /* that we sent */
    struct {
        struct lwm2m_exchange *exchange;
        struct lwm2m_peer *peer;
    } exchanges[EXCHANGES_MAX];
    struct {
        struct lwm2m_incoming *incoming;
        struct lwm2m_peer *peer;
    } incoming;
};

static uint8_t take(struct world *world)
{
    if (world->input.length == 0) {
        return 0;
    }
    world->input.length--;
    return *world->input.data++;
}

static enum lwm2m_error link_send(void *context, const struct lwm2m_address *to,
                                  struct lwm2m_bytes datagram)
{
    struct world *world = context;

    (void)to;
    if (lwm2m_message_decode(datagram, &world->last, NULL) != LWM2M_OK) {
        abort(); /* we send nothing that we would refuse */
    }
    return LWM2M_OK;
}

static struct lwm2m_address address_of(uint8_t number)
{
    struct lwm2m_address address = {.port = 5683};

    address.address[15] = number % PEERS;
    return address;
}

static void on_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                       const struct lwm2m_message *message)
{
    struct world *world = context;
    uint8_t choice = take(world);

    (void)message;
    if (choice % 4 == 0 && world->incoming.incoming == NULL) {
        world->incoming.incoming = incoming;
        world->incoming.peer = peer;
    } else if (choice % 4 == 1) {
        lwm2m_incoming_drop(peer, incoming);
    } else {
        lwm2m_incoming_respond_code(peer, incoming, 0x45);
    }
}

static const struct lwm2m_receiver receiver = {.request = on_request};

/* What lies in a slot does not observe, so this was its last answer; an observation may be
 * cancelled. */
static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct world *world = context;

    (void)response;
    for (size_t i = 0; i < EXCHANGES_MAX; i++) {
        if (world->exchanges[i].exchange != exchange) {
            continue;
        }
        if (take(world) % 2 == 0) {
            lwm2m_exchange_cancel(world->exchanges[i].peer, exchange);
        }
        world->exchanges[i].exchange = NULL;
    }
}

static void request(struct world *world, uint8_t choice)
{
    struct lwm2m_request made = {
        .method = 1,
        .non_confirmable = choice & 1,
        .observe = false,
        .context = world,
        .on_response = on_response,
    };
    size_t slot = choice % EXCHANGES_MAX;
    struct lwm2m_address address = address_of(choice);

    if (world->exchanges[slot].exchange != NULL) {
        return;
    }
    if (lwm2m_endpoint_peer(world->endpoint, &address, &world->exchanges[slot].peer) != LWM2M_OK) {
        return;
    }
    if (lwm2m_peer_request(world->exchanges[slot].peer, &made, &world->exchanges[slot].exchange) !=
        LWM2M_OK) {
        world->exchanges[slot].exchange = NULL;
    }
    lwm2m_peer_release(world->exchanges[slot].peer);
}

/* An observation has no end that its slot could learn of, so it is not kept. */
static void observe(struct world *world, uint8_t choice)
{
    struct lwm2m_request made = {
        .method = 1,
        .observe = true,
        .context = world,
        .on_response = on_response,
    };
    struct lwm2m_address address = address_of(choice);
    struct lwm2m_peer *peer;

    if (lwm2m_endpoint_peer(world->endpoint, &address, &peer) != LWM2M_OK) {
        return;
    }
    if (lwm2m_peer_request(peer, &made, NULL) != LWM2M_OK) {
        world->last.code = 0;
    }
    lwm2m_peer_release(peer);
}

static void notify(struct world *world, uint8_t choice)
{
    struct lwm2m_message message = {.code = 0x45, .token = {1, {choice & 3}}};
    struct lwm2m_address address = address_of(choice >> 2);
    struct lwm2m_peer *peer;

    if (lwm2m_endpoint_peer(world->endpoint, &address, &peer) != LWM2M_OK) {
        return;
    }
    if (lwm2m_peer_notify(peer, &message, choice & 128) != LWM2M_OK) {
        world->last.code = 0;
    }
    lwm2m_peer_release(peer);
}

static void receive(struct world *world, uint8_t sender)
{
    struct lwm2m_address from = address_of(sender);
    size_t length = take(world);
    uint8_t *datagram;

    if (length > world->input.length) {
        length = world->input.length;
    }
    datagram = malloc(length + 1);
    memcpy(datagram, world->input.data, length);
    world->input.data += length;
    world->input.length -= length;
    if (length >= 4 && datagram[2] == 0xa5) {
        datagram[2] = (uint8_t)(world->last.message_id >> 8);
        datagram[3] = (uint8_t)world->last.message_id;
    }
    if (length >= 4u + world->last.token.length && length > 4 && datagram[4] == 0x5a) {
        datagram[0] = (uint8_t)((datagram[0] & 0xf0) | world->last.token.length);
        memcpy(datagram + 4, world->last.token.bytes, world->last.token.length);
    }
    lwm2m_endpoint_receive(world->endpoint, &from, (struct lwm2m_bytes){datagram, length});
    free(datagram);
}

static void pong(void *context, enum lwm2m_error error)
{
    (void)context;
    (void)error;
}

static void ping(struct world *world, uint8_t choice)
{
    struct lwm2m_address address = address_of(choice);
    struct lwm2m_peer *peer;

    if (lwm2m_endpoint_peer(world->endpoint, &address, &peer) != LWM2M_OK) {
        return;
    }
    if (lwm2m_endpoint_ping(world->endpoint, peer, pong, NULL) != LWM2M_OK) {
        world->last.code = 0;
    }
    lwm2m_peer_release(peer);
}

static void cancel(struct world *world, uint8_t choice)
{
    size_t slot = choice % EXCHANGES_MAX;

    if (world->exchanges[slot].exchange != NULL) {
        lwm2m_exchange_cancel(world->exchanges[slot].peer, world->exchanges[slot].exchange);
    }
    world->exchanges[slot].exchange = NULL;
}

static void answer(struct world *world)
{
    if (world->incoming.incoming != NULL) {
        lwm2m_incoming_respond_code(world->incoming.peer, world->incoming.incoming, 0x84);
    }
    world->incoming.incoming = NULL;
}

static void step(struct world *world)
{
    uint8_t what = take(world);
    uint8_t choice = what >> 3;
    struct lwm2m_address address = address_of(choice);

    switch (what % 8) {
    case 0:
        request(world, take(world));
        break;
    case 1:
        observe(world, choice);
        break;
    case 2:
        notify(world, take(world));
        break;
    case 3:
        world->port.now_ms += (uint64_t)1 << choice % 20;
        lwm2m_timers_step(&world->timers);
        break;
    case 4:
        cancel(world, choice);
        break;
    case 5:
        if (choice % 4 == 0) {
            lwm2m_endpoint_fail(world->endpoint, &address, LWM2M_UNREACHABLE);
        } else if (choice % 4 == 1) {
            ping(world, choice);
        } else {
            answer(world);
        }
        break;
    default:
        receive(world, choice);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world world = {.input = {data, size}};
    struct lwm2m_datagram_link link = {.context = &world, .send = link_send, .max_datagram = 128};
    struct lwm2m_endpoint_config config;

    virtual_port_init(&world.port, 1);
    lwm2m_timers_init(&world.timers, &world.port.port);
    lwm2m_endpoint_config_init(&config);
    config.timers = &world.timers;
    config.link = &link;
    config.max_peers = 2;
    config.max_waiting = 3;
    config.answers_per_peer = 2;
    config.max_answer_bytes = 300;
    if (take(&world) & 1) {
        virtual_port_fail_after(&world.port, (size_t)take(&world) + 6);
    }
    if (lwm2m_endpoint_new(&config, &world.endpoint) != LWM2M_OK) {
        abort();
    }
    lwm2m_transport_set_receiver(lwm2m_endpoint_transport(world.endpoint), &receiver, &world);
    for (size_t i = 0; i < STEPS_MAX && world.input.length > 0; i++) {
        step(&world);
    }
    lwm2m_endpoint_free(world.endpoint);
    if (world.port.allocations != 0) {
        abort();
    }
    if (world.timers.root != NULL) {
        abort();
    }
    return 0;
}
