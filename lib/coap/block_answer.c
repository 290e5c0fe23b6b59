/*
 * Our answers and notifications: what is larger than a block is kept, and fetched by the peer by
 * Block2 (RFC 7959 §2.4 and §2.6).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "coap/block_layer.h"

#define ETAG_BYTES 4

/* Gives the body an ETag unless the engine did: the same bytes have the same one, whenever they are
 * sent. */
static void mark_body(const struct lwm2m_blockwise *blockwise, const struct lwm2m_message *message,
                      struct lwm2m_option_edits *edits)
{
    struct lwm2m_bytes body = message->payload;
    struct lwm2m_option option;
    uint8_t etag[ETAG_BYTES];
    uint32_t hash;

    if (lwm2m_message_find_option(message, LWM2M_OPTION_ETAG, &option)) {
        return;
    }
    hash = lwm2m_hash_table_hash(&blockwise->store.bodies, body.data, body.length);
    for (size_t i = 0; i < ETAG_BYTES; i++) {
        etag[i] = (uint8_t)(hash >> 8 * i);
    }
    lwm2m_option_edits_set_bytes(edits, LWM2M_OPTION_ETAG, (struct lwm2m_bytes){etag, ETAG_BYTES});
}

/* Sends an answer below with edited options; incoming is gone. */
static enum lwm2m_error send_answer(struct lwm2m_block_incoming *incoming,
                                    const struct lwm2m_message *message,
                                    const struct lwm2m_option_edits *edits)
{
    struct lwm2m_transport *below = incoming->blockwise->config.below;
    const struct lwm2m_port *port = incoming->blockwise->port;
    struct lwm2m_message answer = *message;
    struct lwm2m_message excuse = {.code = lwm2m_status_code(LWM2M_STATUS_SERVICE_UNAVAILABLE)};
    struct lwm2m_incoming *incoming_below = incoming->below;
    uint8_t *memory = NULL;
    enum lwm2m_error error = LWM2M_OK;
    enum lwm2m_error sent;

    if (edits->count > 0) {
        error = lwm2m_option_edits_apply(edits, port, message->options, &memory, &answer.options);
    }
    lwm2m_block_incoming_free(incoming);
    sent = below->operations->respond(below, incoming_below, error == LWM2M_OK ? &answer : &excuse);
    port->release(port->context, memory);
    return sent != LWM2M_OK ? sent : error;
}

void lwm2m_block_refuse(struct lwm2m_block_incoming *incoming, enum lwm2m_status status,
                        const struct lwm2m_option_edits *edits)
{
    static const struct lwm2m_option_edits none;
    struct lwm2m_message message = {.code = lwm2m_status_code(status)};

    /* A peer without an answer asks again. */
    if (send_answer(incoming, &message, edits == NULL ? &none : edits) != LWM2M_OK) {
        return;
    }
}

/* The block size for an answer with those options: the smaller of what the peer asks for and ours.
 */
static uint8_t answer_exponent(const struct lwm2m_block_incoming *incoming,
                               struct lwm2m_bytes options)
{
    uint8_t ours = lwm2m_blockwise_exponent(incoming->blockwise, incoming->peer, options.length);

    return incoming->has_block2 && incoming->block2.exponent < ours ? incoming->block2.exponent
                                                                    : ours;
}

static void echo_block1(const struct lwm2m_block_incoming *incoming,
                        struct lwm2m_option_edits *edits)
{
    if (incoming->has_block1) {
        lwm2m_option_edits_set(edits, LWM2M_OPTION_BLOCK1, lwm2m_block_value(&incoming->block1));
    } else {
        lwm2m_option_edits_remove(edits, LWM2M_OPTION_BLOCK1);
    }
}

/* Adds the options that only the first block carries; the others are those of the kept message. */
static void describe_body(const struct lwm2m_block *block, size_t body_length,
                          struct lwm2m_option_edits *edits)
{
    lwm2m_option_edits_set(edits, LWM2M_OPTION_BLOCK2, lwm2m_block_value(block));
    if (block->number == 0 && body_length <= UINT32_MAX) {
        lwm2m_option_edits_set(edits, LWM2M_OPTION_SIZE2, (uint32_t)body_length);
    }
}

/* Keeps a message for the peer to fetch. */
static enum lwm2m_error keep(struct lwm2m_blockwise *blockwise, struct lwm2m_peer *peer,
                             struct lwm2m_bytes key, const struct lwm2m_message *message,
                             struct lwm2m_stored_body **stored)
{
    struct lwm2m_body_label label = {
        .peer = peer,
        .kind = LWM2M_BODY_KEPT,
        .key = key,
        .code = message->code,
    };
    struct lwm2m_option_edits edits = {0};
    uint8_t *memory;
    enum lwm2m_error error;

    mark_body(blockwise, message, &edits);
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_OBSERVE);
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_BLOCK2);
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_BLOCK1);
    error = lwm2m_option_edits_apply(&edits, blockwise->port, message->options, &memory,
                                     &label.options);
    if (error == LWM2M_OK) {
        error = lwm2m_body_store_keep(&blockwise->store, &label, message->payload, stored);
    }
    blockwise->port->release(blockwise->port->context, memory);
    return error;
}

/* Sends the block that the peer asked for; one behind the end is 4.00. */
static enum lwm2m_error send_block(struct lwm2m_block_incoming *incoming,
                                   const struct lwm2m_stored_body *stored,
                                   struct lwm2m_option_edits *edits)
{
    struct lwm2m_message message = {.code = stored->code, .options = stored->options};
    struct lwm2m_bytes body = lwm2m_body_bytes(&stored->body);
    size_t offset = lwm2m_block_offset(&incoming->block2);
    struct lwm2m_block block;

    if (offset >= body.length ||
        lwm2m_block_of_body(offset, body.length, answer_exponent(incoming, stored->options),
                            &block) != LWM2M_OK) {
        lwm2m_block_refuse(incoming, LWM2M_STATUS_BAD_REQUEST, NULL);
        return LWM2M_OK;
    }
    describe_body(&block, body.length, edits);
    echo_block1(incoming, edits);
    message.payload = lwm2m_block_slice(&block, body);
    return send_answer(incoming, &message, edits);
}

bool lwm2m_block_respond_from_kept(struct lwm2m_block_incoming *incoming)
{
    struct lwm2m_body_store *store = &incoming->blockwise->store;
    struct lwm2m_stored_body *stored =
        lwm2m_body_store_find(store, incoming->peer, LWM2M_BODY_KEPT, incoming->key);
    struct lwm2m_option_edits edits = {0};

    if (stored == NULL) {
        return false;
    }
    lwm2m_body_store_touch(store, stored);
    /* The peer asks again for what it did not get. */
    if (send_block(incoming, stored, &edits) != LWM2M_OK) {
        return true;
    }
    return true;
}

static enum lwm2m_error respond_by_blocks(struct lwm2m_block_incoming *incoming,
                                          const struct lwm2m_message *message)
{
    struct lwm2m_option_edits edits = {0};
    struct lwm2m_stored_body *stored;
    struct lwm2m_option observe;
    uint32_t number = 0;
    enum lwm2m_error error;

    error = keep(incoming->blockwise, incoming->peer, incoming->key, message, &stored);
    if (error != LWM2M_OK) {
        lwm2m_block_refuse(incoming, LWM2M_STATUS_INTERNAL_SERVER_ERROR, NULL);
        return error;
    }
    if (lwm2m_message_find_option(message, LWM2M_OPTION_OBSERVE, &observe) &&
        lwm2m_option_number_value(&observe, &number) == LWM2M_OK) {
        lwm2m_option_edits_set(&edits, LWM2M_OPTION_OBSERVE, number);
    }
    return send_block(incoming, stored, &edits);
}

static enum lwm2m_error respond_whole(struct lwm2m_block_incoming *incoming,
                                      const struct lwm2m_message *message)
{
    struct lwm2m_option_edits edits = {0};
    struct lwm2m_block block = {.exponent = answer_exponent(incoming, message->options)};

    if (incoming->has_block1) {
        echo_block1(incoming, &edits);
    }
    if (incoming->has_block2 && message->payload.length > 0 &&
        lwm2m_status_is_success(lwm2m_status_from_code(message->code))) {
        lwm2m_option_edits_set(&edits, LWM2M_OPTION_BLOCK2, lwm2m_block_value(&block));
    }
    return send_answer(incoming, message, &edits);
}

/* The answer to a request that observes says whether there will be notifications. */
static void note_observation(const struct lwm2m_block_incoming *incoming,
                             const struct lwm2m_message *message)
{
    struct lwm2m_observed_key observed = {
        .peer = incoming->peer,
        .token = incoming->token,
        .exponent = answer_exponent(incoming, message->options),
        .key = incoming->key,
    };
    struct lwm2m_option option;

    if (incoming->observes && lwm2m_status_is_success(lwm2m_status_from_code(message->code)) &&
        lwm2m_message_find_option(message, LWM2M_OPTION_OBSERVE, &option)) {
        lwm2m_observed_keys_put(&incoming->blockwise->observed, &observed);
    }
}

enum lwm2m_error lwm2m_block_respond(struct lwm2m_block_incoming *incoming,
                                     const struct lwm2m_message *message)
{
    struct lwm2m_blockwise *blockwise = incoming->blockwise;
    struct lwm2m_transport *below = blockwise->config.below;
    struct lwm2m_incoming *incoming_below = incoming->below;
    size_t most;

    if (message == NULL) {
        lwm2m_block_incoming_free(incoming);
        return below->operations->respond(below, incoming_below, NULL);
    }
    note_observation(incoming, message);
    most = incoming->has_block2
               ? lwm2m_block_bytes(answer_exponent(incoming, message->options))
               : lwm2m_blockwise_undivided(blockwise, incoming->peer, message->options.length);
    if (message->payload.length > most) {
        return respond_by_blocks(incoming, message);
    }
    if (incoming->has_block2 && incoming->block2.number > 0 &&
        lwm2m_status_is_success(lwm2m_status_from_code(message->code))) {
        /* It shrank to less than the peer asks for. */
        lwm2m_block_refuse(incoming, LWM2M_STATUS_BAD_REQUEST, NULL);
        return LWM2M_OK;
    }
    return respond_whole(incoming, message);
}

/* ---- notifications ---- */

static enum lwm2m_error push_first_block(struct lwm2m_blockwise *blockwise, struct lwm2m_peer *peer,
                                         const struct lwm2m_message *message,
                                         const struct lwm2m_block *block, bool confirmable)
{
    struct lwm2m_transport *below = blockwise->config.below;
    const struct lwm2m_port *port = blockwise->port;
    struct lwm2m_message pushed = *message;
    struct lwm2m_option_edits edits = {0};
    uint8_t *memory;
    enum lwm2m_error error;

    mark_body(blockwise, message, &edits);
    describe_body(block, message->payload.length, &edits);
    error = lwm2m_option_edits_apply(&edits, port, message->options, &memory, &pushed.options);
    if (error != LWM2M_OK) {
        return error;
    }
    pushed.payload = lwm2m_block_slice(block, message->payload);
    error = below->operations->notify(below, peer, &pushed, confirmable);
    port->release(port->context, memory);
    return error;
}

enum lwm2m_error lwm2m_block_notify(struct lwm2m_blockwise *blockwise, struct lwm2m_peer *peer,
                                    const struct lwm2m_message *message, bool confirmable)
{
    struct lwm2m_transport *below = blockwise->config.below;
    const struct lwm2m_observed_key *observed =
        lwm2m_observed_keys_find(&blockwise->observed, peer, &message->token);
    struct lwm2m_block block = {
        .exponent = lwm2m_blockwise_exponent(blockwise, peer, message->options.length),
    };
    struct lwm2m_stored_body *stored;
    size_t most = lwm2m_blockwise_undivided(blockwise, peer, message->options.length);
    enum lwm2m_error error;

    if (observed != NULL && observed->exponent < block.exponent) {
        block.exponent = observed->exponent;
        most = lwm2m_block_bytes(block.exponent);
    }
    if (!lwm2m_status_is_success(lwm2m_status_from_code(message->code))) {
        lwm2m_observed_keys_remove(&blockwise->observed, peer, &message->token);
    } else if (message->payload.length > most && observed != NULL) {
        error = keep(blockwise, peer, observed->key, message, &stored);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    if (message->payload.length <= most) {
        return below->operations->notify(below, peer, message, confirmable);
    }
    error = lwm2m_block_of_body(0, message->payload.length, block.exponent, &block);
    return error != LWM2M_OK ? error
                             : push_first_block(blockwise, peer, message, &block, confirmable);
}
