/*
 * Requests of peers: bodies that come by Block1 are put together (RFC 7959 §2.5), blocks of our
 * answers are served, and what is whole goes up. The upper floor never sees Block1 and Block2.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "coap/block_layer.h"

/* ---- going up ---- */

static void hand_on(struct lwm2m_block_incoming *incoming, const struct lwm2m_message *message)
{
    struct lwm2m_transport *transport = &incoming->blockwise->transport;

    if (transport->receiver == NULL) {
        lwm2m_block_refuse(incoming, LWM2M_STATUS_SERVICE_UNAVAILABLE, NULL);
        return;
    }
    transport->receiver->request(transport->receiver_context, (struct lwm2m_incoming *)incoming,
                                 incoming->peer, message);
}

/* Hands on a message without its Block options. */
static void hand_on_stripped(struct lwm2m_block_incoming *incoming,
                             const struct lwm2m_message *message)
{
    const struct lwm2m_port *port = incoming->blockwise->port;
    struct lwm2m_message stripped = *message;
    struct lwm2m_option_edits edits = {0};
    uint8_t *memory;
    enum lwm2m_error error;

    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_BLOCK1);
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_BLOCK2);
    /* A later block is not a new observation, whatever the peer copied from its first request. */
    if (incoming->has_block2 && incoming->block2.number > 0) {
        lwm2m_option_edits_remove(&edits, LWM2M_OPTION_OBSERVE);
        incoming->observes = false;
    }
    error = lwm2m_option_edits_apply(&edits, port, message->options, &memory, &stripped.options);
    if (error != LWM2M_OK) {
        lwm2m_block_refuse(incoming, lwm2m_status_from_error(error), NULL);
        return;
    }
    hand_on(incoming, &stripped);
    port->release(port->context, memory);
}

/* ---- bodies that arrive ---- */

static void refuse_too_large(struct lwm2m_block_incoming *incoming)
{
    size_t most = incoming->blockwise->config.max_body_bytes;
    struct lwm2m_option_edits edits = {0};

    lwm2m_option_edits_set(&edits, LWM2M_OPTION_SIZE1,
                           most > UINT32_MAX ? UINT32_MAX : (uint32_t)most);
    lwm2m_block_refuse(incoming, LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE, &edits);
}

/* Refuses a block that cannot be stored. Lack of memory is the moment's, so it says 5.03. */
static void refuse_for(struct lwm2m_block_incoming *incoming, enum lwm2m_error error)
{
    if (error == LWM2M_TOO_LARGE) {
        refuse_too_large(incoming);
    } else {
        lwm2m_block_refuse(incoming, LWM2M_STATUS_SERVICE_UNAVAILABLE, NULL);
    }
}

static struct lwm2m_stored_body *find_body(const struct lwm2m_block_incoming *incoming)
{
    return lwm2m_body_store_find(&incoming->blockwise->store, incoming->peer, LWM2M_BODY_ARRIVING,
                                 incoming->key);
}

/* The options of the first block stand for the whole body, so they are kept with it. */
static enum lwm2m_error begin_body(struct lwm2m_block_incoming *incoming,
                                   const struct lwm2m_message *message,
                                   struct lwm2m_stored_body **stored)
{
    struct lwm2m_blockwise *blockwise = incoming->blockwise;
    struct lwm2m_option_edits edits = {0};
    struct lwm2m_body_label label = {
        .peer = incoming->peer,
        .kind = LWM2M_BODY_ARRIVING,
        .key = incoming->key,
        .code = message->code,
    };
    uint8_t *memory;
    enum lwm2m_error error;

    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_BLOCK1);
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_BLOCK2);
    error = lwm2m_option_edits_apply(&edits, blockwise->port, message->options, &memory,
                                     &label.options);
    if (error == LWM2M_OK) {
        error = lwm2m_body_store_add(&blockwise->store, &label, stored);
    }
    blockwise->port->release(blockwise->port->context, memory);
    return error;
}

static bool same_content_format(const struct lwm2m_stored_body *stored,
                                const struct lwm2m_message *message)
{
    struct lwm2m_message first = {.options = stored->options};
    struct lwm2m_option of_first;
    struct lwm2m_option of_block;

    if (!lwm2m_message_find_option(message, LWM2M_OPTION_CONTENT_FORMAT, &of_block)) {
        return true;
    }
    return lwm2m_message_find_option(&first, LWM2M_OPTION_CONTENT_FORMAT, &of_first) &&
           lwm2m_bytes_equal(of_first.value, of_block.value);
}

/* True if the block is there already: a peer may send one again when it missed our 2.31. */
static bool has_block(const struct lwm2m_stored_body *stored, size_t offset,
                      struct lwm2m_bytes payload)
{
    return offset < stored->body.length && payload.length <= stored->body.length - offset &&
           memcmp(stored->body.data + offset, payload.data, payload.length) == 0;
}

/* Says that the block was taken, and which block size we prefer. */
static void answer_continue(struct lwm2m_block_incoming *incoming)
{
    uint8_t ours = lwm2m_blockwise_exponent(incoming->blockwise, incoming->peer, 0);
    struct lwm2m_block block = incoming->block1;
    struct lwm2m_option_edits edits = {0};

    if (block.exponent > ours) {
        block.exponent = ours;
    }
    lwm2m_option_edits_set(&edits, LWM2M_OPTION_BLOCK1, lwm2m_block_value(&block));
    lwm2m_block_refuse(incoming, LWM2M_STATUS_CONTINUE, &edits);
}

static void body_is_whole(struct lwm2m_block_incoming *incoming, struct lwm2m_stored_body *stored,
                          const struct lwm2m_message *message)
{
    struct lwm2m_blockwise *blockwise = incoming->blockwise;
    const struct lwm2m_port *port = blockwise->port;
    struct lwm2m_message whole = *message;
    struct lwm2m_option_edits none = {0};
    struct lwm2m_body body;
    uint8_t *memory;
    enum lwm2m_error error;

    error = lwm2m_option_edits_apply(&none, port, stored->options, &memory, &whole.options);
    lwm2m_body_store_take(&blockwise->store, stored, &body);
    whole.payload = lwm2m_body_bytes(&body);
    if (error == LWM2M_OK) {
        hand_on(incoming, &whole);
    } else {
        lwm2m_block_refuse(incoming, LWM2M_STATUS_SERVICE_UNAVAILABLE, NULL);
    }
    port->release(port->context, memory);
    lwm2m_body_release(&blockwise->store, &body);
}

/*
 * Takes a block that comes once more. What is there already is confirmed and not touched, because
 * it may be a late copy of a datagram; but a peer that began anew may have another body from here
 * on.
 */
static bool take_again(struct lwm2m_block_incoming *incoming, struct lwm2m_stored_body *stored,
                       struct lwm2m_bytes payload)
{
    const struct lwm2m_block *block = &incoming->block1;
    size_t offset = lwm2m_block_offset(block);
    bool follows = offset == stored->again;

    if (block->more && has_block(stored, offset, payload)) {
        if (follows) {
            stored->again += payload.length;
        }
        lwm2m_body_store_touch(&incoming->blockwise->store, stored);
        answer_continue(incoming);
        return true;
    }
    if (follows && offset > 0 && offset < stored->body.length) {
        stored->body.length = offset;
        stored->again = 0;
    }
    return false;
}

/* Adds a block to its body, in order. One out of order is refused, and the body stays for the
 * others. */
static void take_block(struct lwm2m_block_incoming *incoming, struct lwm2m_stored_body *stored,
                       const struct lwm2m_message *message)
{
    struct lwm2m_body_store *store = &incoming->blockwise->store;
    const struct lwm2m_block *block = &incoming->block1;
    enum lwm2m_error error;

    if (!same_content_format(stored, message)) {
        lwm2m_body_store_remove(store, stored);
        lwm2m_block_refuse(incoming, LWM2M_STATUS_REQUEST_ENTITY_INCOMPLETE, NULL);
        return;
    }
    if (take_again(incoming, stored, message->payload)) {
        return;
    }
    if (lwm2m_block_offset(block) != stored->body.length) {
        lwm2m_block_refuse(incoming, LWM2M_STATUS_REQUEST_ENTITY_INCOMPLETE, NULL);
        return;
    }
    error = lwm2m_body_append(store, &stored->body, message->payload);
    if (error != LWM2M_OK) {
        lwm2m_body_store_remove(store, stored);
        refuse_for(incoming, error);
    } else if (block->more) {
        lwm2m_body_store_touch(store, stored);
        answer_continue(incoming);
    } else {
        body_is_whole(incoming, stored, message);
    }
}

/* True if the first block is the one that the body began with: of a late copy, or sent once more.
 */
static bool begins_the_same(const struct lwm2m_stored_body *stored,
                            const struct lwm2m_message *message)
{
    struct lwm2m_message first = {.options = stored->options};

    return has_block(stored, 0, message->payload) && same_content_format(stored, message) &&
           lwm2m_message_option_or(&first, LWM2M_OPTION_SIZE1, 0) ==
               lwm2m_message_option_or(message, LWM2M_OPTION_SIZE1, 0);
}

/* The first block begins a body, in the place of another. */
static void take_first_block(struct lwm2m_block_incoming *incoming,
                             const struct lwm2m_message *message)
{
    struct lwm2m_stored_body *stored = find_body(incoming);
    enum lwm2m_error error = LWM2M_OK;

    if (lwm2m_message_option_or(message, LWM2M_OPTION_SIZE1, 0) >
        incoming->blockwise->config.max_body_bytes) {
        refuse_too_large(incoming);
        return;
    }
    if (stored != NULL && begins_the_same(stored, message)) {
        stored->again = 0;
    } else {
        error = begin_body(incoming, message, &stored);
    }
    if (error != LWM2M_OK) {
        refuse_for(incoming, error);
    } else {
        take_block(incoming, stored, message);
    }
}

static void block1_arrived(struct lwm2m_block_incoming *incoming,
                           const struct lwm2m_message *message)
{
    const struct lwm2m_block *block = &incoming->block1;
    size_t bytes = lwm2m_block_bytes(block->exponent);
    size_t length = message->payload.length;
    struct lwm2m_stored_body *stored;

    if (length > bytes || (block->more && length != bytes)) {
        lwm2m_block_refuse(incoming, LWM2M_STATUS_BAD_REQUEST, NULL);
        return;
    }
    if (block->number == 0 && block->more) {
        take_first_block(incoming, message);
        return;
    }
    stored = find_body(incoming);
    if (block->number == 0) {
        /* The whole body in one block; what was begun is given up. */
        if (stored != NULL) {
            lwm2m_body_store_remove(&incoming->blockwise->store, stored);
        }
        hand_on_stripped(incoming, message);
    } else if (stored != NULL) {
        take_block(incoming, stored, message);
    } else {
        lwm2m_block_refuse(incoming, LWM2M_STATUS_REQUEST_ENTITY_INCOMPLETE, NULL);
    }
}

/* ---- what comes from below ---- */

static struct lwm2m_block_incoming *new_incoming(struct lwm2m_blockwise *blockwise,
                                                 const struct lwm2m_message *message)
{
    const struct lwm2m_port *port = blockwise->port;
    size_t key_bytes = message->options.length + 1;
    struct lwm2m_block_incoming *incoming =
        port->allocate(port->context, sizeof(*incoming) + key_bytes);

    if (incoming == NULL) {
        return NULL;
    }
    memset(incoming, 0, sizeof(*incoming));
    incoming->blockwise = blockwise;
    lwm2m_list_append(&blockwise->incomings, &incoming->of_blockwise);
    if (lwm2m_request_key_write(message, incoming + 1, key_bytes, &incoming->key) != LWM2M_OK) {
        lwm2m_block_incoming_free(incoming);
        return NULL;
    }
    return incoming;
}

void lwm2m_block_incoming_free(struct lwm2m_block_incoming *incoming)
{
    const struct lwm2m_port *port = incoming->blockwise->port;

    lwm2m_list_remove(&incoming->of_blockwise);
    port->release(port->context, incoming);
}

/* Reads one Block option; LWM2M_STATUS_NONE if nothing is wrong with it. */
static enum lwm2m_status read_block(const struct lwm2m_message *message, uint16_t number,
                                    struct lwm2m_block *block, bool *present)
{
    enum lwm2m_error error = lwm2m_block_find(message, number, block);

    *present = error == LWM2M_OK;
    if (error == LWM2M_MALFORMED) {
        return LWM2M_STATUS_BAD_OPTION;
    }
    return error == LWM2M_RANGE ? LWM2M_STATUS_BAD_REQUEST : LWM2M_STATUS_NONE;
}

static enum lwm2m_status read_blocks(struct lwm2m_block_incoming *incoming,
                                     const struct lwm2m_message *message)
{
    enum lwm2m_status status =
        read_block(message, LWM2M_OPTION_BLOCK1, &incoming->block1, &incoming->has_block1);

    if (status == LWM2M_STATUS_NONE) {
        status = read_block(message, LWM2M_OPTION_BLOCK2, &incoming->block2, &incoming->has_block2);
    }
    /* A later block of the answer cannot be asked for while the request is not there. */
    if (status == LWM2M_STATUS_NONE && incoming->has_block1 && incoming->has_block2 &&
        incoming->block2.number > 0) {
        status = LWM2M_STATUS_BAD_REQUEST;
    }
    return status;
}

static void later_block_wanted(struct lwm2m_block_incoming *incoming,
                               const struct lwm2m_message *message)
{
    if (lwm2m_block_respond_from_kept(incoming)) {
        return;
    }
    /* What is read can be read again, if all of the request is there, and its ETag tells whether it
     * is still the same; anything else must not be carried out twice. */
    if (message->code == LWM2M_METHOD_GET ||
        (message->code == LWM2M_METHOD_FETCH && message->payload.length > 0)) {
        hand_on_stripped(incoming, message);
    } else {
        lwm2m_block_refuse(incoming, LWM2M_STATUS_REQUEST_ENTITY_INCOMPLETE, NULL);
    }
}

static void request_arrived(void *context, struct lwm2m_incoming *below, struct lwm2m_peer *peer,
                            const struct lwm2m_message *message)
{
    struct lwm2m_blockwise *blockwise = context;
    struct lwm2m_transport *transport = blockwise->config.below;
    struct lwm2m_block_incoming *incoming = new_incoming(blockwise, message);
    const struct lwm2m_message unavailable = {
        .code = lwm2m_status_code(LWM2M_STATUS_SERVICE_UNAVAILABLE),
    };
    enum lwm2m_status status;

    if (incoming == NULL) {
        /* Dropped, it would be taken for seen, and the peer would repeat it in vain. */
        if (transport->operations->respond(transport, below, &unavailable) != LWM2M_OK) {
            return;
        }
        return;
    }
    incoming->below = below;
    incoming->peer = peer;
    incoming->token = message->token;
    incoming->observes =
        lwm2m_message_option_or(message, LWM2M_OPTION_OBSERVE, UINT32_MAX) == LWM2M_OBSERVE_START;
    if (lwm2m_message_option_or(message, LWM2M_OPTION_OBSERVE, UINT32_MAX) == LWM2M_OBSERVE_STOP) {
        lwm2m_observed_keys_remove(&blockwise->observed, peer, &message->token);
    }

    status = read_blocks(incoming, message);
    if (status != LWM2M_STATUS_NONE) {
        lwm2m_block_refuse(incoming, status, NULL);
    } else if (incoming->has_block1) {
        block1_arrived(incoming, message);
    } else if (incoming->has_block2 && incoming->block2.number > 0) {
        later_block_wanted(incoming, message);
    } else if (incoming->has_block2) {
        hand_on_stripped(incoming, message);
    } else {
        hand_on(incoming, message);
    }
}

static void notification_delivered(void *context, struct lwm2m_peer *peer,
                                   const struct lwm2m_token *token)
{
    struct lwm2m_blockwise *blockwise = context;
    const struct lwm2m_receiver *receiver = blockwise->transport.receiver;

    if (receiver != NULL && receiver->notification_delivered != NULL) {
        receiver->notification_delivered(blockwise->transport.receiver_context, peer, token);
    }
}

static void notification_failed(void *context, struct lwm2m_peer *peer,
                                const struct lwm2m_token *token, enum lwm2m_error error)
{
    struct lwm2m_blockwise *blockwise = context;
    const struct lwm2m_receiver *receiver = blockwise->transport.receiver;

    lwm2m_observed_keys_remove(&blockwise->observed, peer, token);
    if (receiver != NULL && receiver->notification_failed != NULL) {
        receiver->notification_failed(blockwise->transport.receiver_context, peer, token, error);
    }
}

const struct lwm2m_receiver lwm2m_block_receiver = {
    .request = request_arrived,
    .notification_delivered = notification_delivered,
    .notification_failed = notification_failed,
};
