/*
 * Answers and notifications of peers that come by Block2 (RFC 7959 §2.4 and §2.6).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "coap/block_layer.h"

static void block_answered(void *context, struct lwm2m_exchange *exchange,
                           const struct lwm2m_response *response);

void lwm2m_block_fetch_negotiate(const struct lwm2m_block_request *request,
                                 struct lwm2m_option_edits *edits)
{
    uint8_t method = request->request.method;
    struct lwm2m_block block = {
        .exponent = lwm2m_blockwise_exponent(request->blockwise, request->peer, 0),
    };

    if (block.exponent < LWM2M_BLOCK_EXPONENT_MAX &&
        (method == LWM2M_METHOD_GET || method == LWM2M_METHOD_FETCH)) {
        lwm2m_option_edits_set(edits, LWM2M_OPTION_BLOCK2, lwm2m_block_value(&block));
    }
}

/* Forgets the body, but not what it belongs to. */
static void release_body(struct lwm2m_block_request *request)
{
    struct lwm2m_blockwise *blockwise = request->blockwise;

    lwm2m_body_release(&blockwise->store, &request->fetch.body);
    blockwise->port->release(blockwise->port->context, request->fetch.memory);
    request->fetch.memory = NULL;
    request->fetch.retried = false;
}

void lwm2m_block_fetch_abort(struct lwm2m_block_request *request)
{
    struct lwm2m_transport *below = request->blockwise->config.below;

    if (request->fetching != NULL) {
        below->operations->cancel(below, request->fetching);
    }
    request->fetching = NULL;
    release_body(request);
}

/* Asks for the block behind what is there, by a request of its own that does not observe. */
static enum lwm2m_error ask(struct lwm2m_block_request *request)
{
    uint8_t ours = lwm2m_blockwise_exponent(request->blockwise, request->peer, 0);
    struct lwm2m_request message = request->request;
    struct lwm2m_option_edits edits = {0};
    struct lwm2m_block block;
    enum lwm2m_error error;

    if (request->fetch.exponent > ours) {
        request->fetch.exponent = ours;
    }
    error = lwm2m_block_of_body(request->fetch.body.length, request->fetch.body.length,
                                request->fetch.exponent, &block);
    if (error != LWM2M_OK) {
        return error;
    }
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_ETAG);
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_OBSERVE);
    lwm2m_option_edits_set(&edits, LWM2M_OPTION_BLOCK2, lwm2m_block_value(&block));

    message.observe = false;
    message.on_response = block_answered;
    return lwm2m_block_request_send(request, &edits, &message, &request->fetching);
}

static void ask_or_fail(struct lwm2m_block_request *request)
{
    enum lwm2m_error error = ask(request);

    if (error != LWM2M_OK) {
        lwm2m_block_request_fail(request, error);
    }
}

/* Appends a block whose place in the body was checked. */
static enum lwm2m_error append_block(struct lwm2m_block_request *request,
                                     const struct lwm2m_block *block, struct lwm2m_bytes payload)
{
    size_t bytes = lwm2m_block_bytes(block->exponent);

    if (payload.length > bytes || (block->more && payload.length != bytes)) {
        return LWM2M_INCOMPLETE;
    }
    request->fetch.exponent = block->exponent;
    return lwm2m_body_append(&request->blockwise->store, &request->fetch.body, payload);
}

/* Keeps a copy of what came with the first block, as it will be handed on with the whole body. */
static enum lwm2m_error keep_first(struct lwm2m_block_request *request,
                                   const struct lwm2m_message *message)
{
    struct lwm2m_block_fetch *fetch = &request->fetch;
    struct lwm2m_option_edits edits = {0};

    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_BLOCK2);
    lwm2m_option_edits_remove(&edits, LWM2M_OPTION_BLOCK1);
    if (fetch->observed) {
        lwm2m_option_edits_set(&edits, LWM2M_OPTION_OBSERVE, fetch->observe);
    }
    fetch->first = *message;
    return lwm2m_option_edits_apply(&edits, request->blockwise->port, message->options,
                                    &fetch->memory, &fetch->first.options);
}

/*
 * Hands on a message that is whole. If it is a notification that was asked for once more, its
 * number, which only the first message had, is put back.
 */
static void deliver_whole(struct lwm2m_block_request *request, const struct lwm2m_message *message)
{
    struct lwm2m_message whole;
    struct lwm2m_option observe;
    enum lwm2m_error error;

    if (!request->fetch.observed ||
        lwm2m_message_find_option(message, LWM2M_OPTION_OBSERVE, &observe) ||
        !lwm2m_status_is_success(lwm2m_status_from_code(message->code))) {
        lwm2m_block_request_deliver(request, message);
        return;
    }
    error = keep_first(request, message);
    if (error != LWM2M_OK) {
        lwm2m_block_request_fail(request, error);
        return;
    }
    whole = request->fetch.first;
    whole.payload = message->payload;
    lwm2m_block_request_deliver(request, &whole);
}

void lwm2m_block_fetch_begin(struct lwm2m_block_request *request,
                             const struct lwm2m_message *message)
{
    struct lwm2m_block block = {0};
    enum lwm2m_error error = lwm2m_block_find(message, LWM2M_OPTION_BLOCK2, &block);

    if (error == LWM2M_NOT_FOUND || (error == LWM2M_OK && block.number == 0 && !block.more)) {
        deliver_whole(request, message);
        return;
    }
    if (error != LWM2M_OK || block.number != 0) {
        error = LWM2M_INCOMPLETE;
    } else if (lwm2m_message_option_or(message, LWM2M_OPTION_SIZE2, 0) >
               request->blockwise->config.max_body_bytes) {
        error = LWM2M_TOO_LARGE;
    }
    if (error == LWM2M_OK) {
        error = keep_first(request, message);
    }
    if (error == LWM2M_OK) {
        error = append_block(request, &block, message->payload);
    }
    request->state = LWM2M_BLOCK_REQUEST_FETCHING;
    if (error == LWM2M_OK) {
        error = ask(request);
    }
    if (error != LWM2M_OK) {
        lwm2m_block_request_fail(request, error);
    }
}

static bool same_etag(const struct lwm2m_message *a, const struct lwm2m_message *b)
{
    struct lwm2m_option of_a = {0};
    struct lwm2m_option of_b = {0};
    bool a_has = lwm2m_message_find_option(a, LWM2M_OPTION_ETAG, &of_a);
    bool b_has = lwm2m_message_find_option(b, LWM2M_OPTION_ETAG, &of_b);

    return a_has == b_has && (!a_has || lwm2m_bytes_equal(of_a.value, of_b.value));
}

/*
 * The peer's body is no longer the one that we began with. A read may be done over, once; anything
 * else would be carried out a second time.
 */
static void start_over(struct lwm2m_block_request *request)
{
    uint8_t method = request->request.method;
    bool repeatable =
        method == LWM2M_METHOD_GET || (method == LWM2M_METHOD_FETCH && !request->upload.by_blocks);

    if (!repeatable || request->fetch.restarted) {
        lwm2m_block_request_fail(request, LWM2M_INCOMPLETE);
        return;
    }
    release_body(request);
    request->fetch.restarted = true;
    ask_or_fail(request);
}

/* Adds the next block to the body; hands the body on if it was the last. */
static void take_block(struct lwm2m_block_request *request, const struct lwm2m_message *message)
{
    struct lwm2m_block_fetch *fetch = &request->fetch;
    struct lwm2m_block block;
    struct lwm2m_message whole;
    enum lwm2m_error error = LWM2M_INCOMPLETE;

    if (lwm2m_block_find(message, LWM2M_OPTION_BLOCK2, &block) == LWM2M_OK &&
        lwm2m_block_offset(&block) == fetch->body.length) {
        error = append_block(request, &block, message->payload);
    }
    if (error != LWM2M_OK) {
        lwm2m_block_request_fail(request, error);
        return;
    }
    fetch->retried = false;
    if (block.more) {
        ask_or_fail(request);
        return;
    }
    whole = fetch->first;
    whole.payload = lwm2m_body_bytes(&fetch->body);
    lwm2m_block_request_deliver(request, &whole);
}

static void block_answered(void *context, struct lwm2m_exchange *exchange,
                           const struct lwm2m_response *response)
{
    struct lwm2m_block_request *request = context;
    const struct lwm2m_message *message = response->message;

    (void)exchange;
    request->fetching = NULL;
    request->retransmissions += response->retransmissions;
    if (response->error == LWM2M_TIMEOUT && !request->fetch.retried) {
        request->fetch.retried = true;
        ask_or_fail(request);
    } else if (response->error != LWM2M_OK) {
        lwm2m_block_request_fail(request, response->error);
    } else if (request->fetch.memory == NULL) {
        lwm2m_block_fetch_begin(request, message);
    } else if (message->code != request->fetch.first.code ||
               !same_etag(message, &request->fetch.first)) {
        start_over(request);
    } else {
        take_block(request, message);
    }
}
