/*
 * Block-wise transfer (RFC 7959) as a transport on a transport: its life, and what passes through
 * it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/blockwise.h>

#include <string.h>

#include "coap/block_layer.h"

#define MAX_BODY_BYTES 65536u
#define MAX_TOTAL_BYTES 67108864u
#define MAX_BODIES_PER_PEER 4u
#define IDLE_TIMEOUT_MS 30000u
#define MAX_OBSERVATIONS 1000u

/* Block1, Block2, a Size and an ETag at their longest. */
#define BLOCK_OPTIONS_BYTES 24u

static size_t room(const struct lwm2m_blockwise *blockwise, const struct lwm2m_peer *peer,
                   size_t options_bytes)
{
    struct lwm2m_transport *below = blockwise->config.below;
    size_t bytes = below->operations->max_payload(below, peer);
    size_t taken = options_bytes + BLOCK_OPTIONS_BYTES;

    return bytes > taken ? bytes - taken : 0;
}

uint8_t lwm2m_blockwise_exponent(const struct lwm2m_blockwise *blockwise,
                                 const struct lwm2m_peer *peer, size_t options_bytes)
{
    size_t bytes = room(blockwise, peer, options_bytes);

    if (bytes > blockwise->config.block_bytes) {
        bytes = blockwise->config.block_bytes;
    }
    return lwm2m_block_exponent(bytes);
}

size_t lwm2m_blockwise_undivided(const struct lwm2m_blockwise *blockwise,
                                 const struct lwm2m_peer *peer, size_t options_bytes)
{
    size_t block = lwm2m_block_bytes(lwm2m_blockwise_exponent(blockwise, peer, options_bytes));

    /* A stream carries larger messages than the largest block. */
    if ((blockwise->config.below->capabilities & LWM2M_TRANSPORT_RELIABLE) != 0 &&
        room(blockwise, peer, options_bytes) > block) {
        return room(blockwise, peer, options_bytes);
    }
    return block;
}

/* ---- operations ---- */

static struct lwm2m_blockwise *self_of(struct lwm2m_transport *self)
{
    return LWM2M_CONTAINER_OF(self, struct lwm2m_blockwise, transport);
}

static enum lwm2m_error request(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                                const struct lwm2m_request *message,
                                struct lwm2m_exchange **exchange)
{
    struct lwm2m_block_request *made;
    enum lwm2m_error error = lwm2m_block_request_new(self_of(self), peer, message, &made);

    if (error == LWM2M_OK && exchange != NULL) {
        *exchange = (struct lwm2m_exchange *)made;
    }
    return error;
}

static void cancel(struct lwm2m_transport *self, struct lwm2m_exchange *exchange)
{
    (void)self;
    lwm2m_block_request_cancel((struct lwm2m_block_request *)exchange);
}

static enum lwm2m_error respond(struct lwm2m_transport *self, struct lwm2m_incoming *incoming,
                                const struct lwm2m_message *message)
{
    (void)self;
    return lwm2m_block_respond((struct lwm2m_block_incoming *)incoming, message);
}

static enum lwm2m_error notify(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                               const struct lwm2m_message *message, bool confirmable)
{
    return lwm2m_block_notify(self_of(self), peer, message, confirmable);
}

static void retain(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    struct lwm2m_transport *below = self_of(self)->config.below;

    below->operations->retain(below, peer);
}

static void release(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    struct lwm2m_transport *below = self_of(self)->config.below;

    below->operations->release(below, peer);
}

static void print_address(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    struct lwm2m_transport *below = self_of(self)->config.below;

    below->operations->print_address(below, peer, text);
}

static enum lwm2m_security identity(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                                    struct lwm2m_bytes *bytes)
{
    struct lwm2m_transport *below = self_of(self)->config.below;

    return below->operations->identity(below, peer, bytes);
}

/* Bodies of any size are cut into blocks. */
static size_t max_payload(struct lwm2m_transport *self, const struct lwm2m_peer *peer)
{
    (void)self;
    (void)peer;
    return SIZE_MAX;
}

static const struct lwm2m_transport_operations operations = {
    .request = request,
    .cancel = cancel,
    .respond = respond,
    .notify = notify,
    .retain = retain,
    .release = release,
    .print_address = print_address,
    .identity = identity,
    .max_payload = max_payload,
};

/* ---- life ---- */

void lwm2m_blockwise_config_init(struct lwm2m_blockwise_config *config)
{
    memset(config, 0, sizeof(*config));
    config->size = sizeof(*config);
    config->block_bytes = LWM2M_BLOCK_BYTES_MAX;
    config->max_body_bytes = MAX_BODY_BYTES;
    config->max_bodies_per_peer = MAX_BODIES_PER_PEER;
    config->max_total_bytes = MAX_TOTAL_BYTES;
    config->idle_timeout_ms = IDLE_TIMEOUT_MS;
    config->max_observations = MAX_OBSERVATIONS;
}

static bool config_is_valid(const struct lwm2m_blockwise_config *config)
{
    size_t block = config->block_bytes;

    return config->size == sizeof(*config) && config->timers != NULL && config->below != NULL &&
           block >= LWM2M_BLOCK_BYTES_MIN && block <= LWM2M_BLOCK_BYTES_MAX &&
           (block & (block - 1)) == 0 && config->max_bodies_per_peer > 0;
}

enum lwm2m_error lwm2m_blockwise_new(const struct lwm2m_blockwise_config *config,
                                     struct lwm2m_blockwise **blockwise)
{
    const struct lwm2m_port *port;
    struct lwm2m_blockwise *made;
    enum lwm2m_error error;

    if (!config_is_valid(config)) {
        return LWM2M_ARGUMENT;
    }
    port = config->timers->port;
    made = port->allocate(port->context, sizeof(*made));
    if (made == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(made, 0, sizeof(*made));
    made->config = *config;
    made->port = port;
    made->ready_timer.fire = lwm2m_block_upload_fire;
    lwm2m_list_init(&made->requests);
    lwm2m_list_init(&made->ready);
    lwm2m_list_init(&made->incomings);
    made->transport.operations = &operations;
    made->transport.capabilities = config->below->capabilities;
    made->transport.top = &made->transport;

    error = lwm2m_body_store_init(&made->store, &made->config);
    if (error == LWM2M_OK) {
        error = lwm2m_observed_keys_init(&made->observed, port, config->max_observations);
    }
    if (error == LWM2M_OK) {
        error = lwm2m_hash_table_init(&made->uploads, port);
    }
    if (error != LWM2M_OK) {
        lwm2m_blockwise_free(made);
        return error;
    }
    config->below->top = &made->transport;
    lwm2m_transport_set_receiver(config->below, &lwm2m_block_receiver, made);
    *blockwise = made;
    return LWM2M_OK;
}

/* What the receiver never answered stays without an answer. */
static void drop_incoming(struct lwm2m_block_incoming *incoming)
{
    if (lwm2m_block_respond(incoming, NULL) != LWM2M_OK) {
        return;
    }
}

void lwm2m_blockwise_free(struct lwm2m_blockwise *blockwise)
{
    const struct lwm2m_port *port;
    struct lwm2m_transport *below;
    struct lwm2m_list *first;

    if (blockwise == NULL) {
        return;
    }
    port = blockwise->port;
    below = blockwise->config.below;
    while ((first = lwm2m_list_first(&blockwise->requests)) != NULL) {
        lwm2m_block_request_free(
            LWM2M_CONTAINER_OF(first, struct lwm2m_block_request, of_blockwise));
    }
    while ((first = lwm2m_list_first(&blockwise->incomings)) != NULL) {
        drop_incoming(LWM2M_CONTAINER_OF(first, struct lwm2m_block_incoming, of_blockwise));
    }
    lwm2m_timer_disarm(blockwise->config.timers, &blockwise->ready_timer);
    lwm2m_hash_table_release(&blockwise->uploads);
    lwm2m_observed_keys_release(&blockwise->observed);
    lwm2m_body_store_release(&blockwise->store);
    if (below->top == &blockwise->transport) {
        below->top = below;
        lwm2m_transport_set_receiver(below, NULL, NULL);
    }
    port->release(port->context, blockwise);
}

struct lwm2m_transport *lwm2m_blockwise_transport(struct lwm2m_blockwise *blockwise)
{
    return &blockwise->transport;
}

size_t lwm2m_blockwise_bytes(const struct lwm2m_blockwise *blockwise)
{
    return blockwise->store.limited_bytes + blockwise->store.own_bytes;
}
