/*
 * Bodies of ours that go out by Block1 (RFC 7959 §2.5).
 *
 * A server cannot tell two bodies apart that one peer sends to one resource at the same time, so
 * the second waits until the first is done.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "coap/block_layer.h"

static void block_answered(void *context, struct lwm2m_exchange *exchange,
                           const struct lwm2m_response *response);

/* ---- one after the other ---- */

static uint32_t hash_of(const struct lwm2m_block_request *request)
{
    const struct lwm2m_hash_table *uploads = &request->blockwise->uploads;

    return lwm2m_hash_table_hash(uploads, &request->peer, sizeof(request->peer)) ^
           lwm2m_hash_table_hash(uploads, request->upload.key.data, request->upload.key.length);
}

static struct lwm2m_block_request *find_upload(const struct lwm2m_block_request *request)
{
    struct lwm2m_hash_node *node =
        lwm2m_hash_table_first(&request->blockwise->uploads, hash_of(request));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_block_request *other =
            LWM2M_CONTAINER_OF(node, struct lwm2m_block_request, upload.node);
        if (other->peer == request->peer &&
            lwm2m_bytes_equal(other->upload.key, request->upload.key)) {
            return other;
        }
    }
    return NULL;
}

static void list_upload(struct lwm2m_block_request *request)
{
    lwm2m_hash_table_insert(&request->blockwise->uploads, &request->upload.node, hash_of(request));
    request->upload.listed = true;
}

/* The key goes to the room behind the options, which lie behind the struct. */
static enum lwm2m_error write_key(struct lwm2m_block_request *request)
{
    struct lwm2m_bytes options = request->request.options;
    struct lwm2m_message message = {.code = request->request.method, .options = options};

    return lwm2m_request_key_write(&message, (uint8_t *)(request + 1) + options.length,
                                   options.length + 1, &request->upload.key);
}

/* Moves all that wait in one queue to another, which is empty. */
static void move_followers(struct lwm2m_list *to, struct lwm2m_list *from)
{
    if (lwm2m_list_is_empty(from)) {
        return;
    }
    to->next = from->next;
    to->previous = from->previous;
    to->next->previous = to;
    to->previous->next = to;
    lwm2m_list_init(from);
}

void lwm2m_block_upload_end(struct lwm2m_block_request *request)
{
    struct lwm2m_blockwise *blockwise = request->blockwise;
    struct lwm2m_list *first = lwm2m_list_first(&request->upload.followers);
    struct lwm2m_block_request *next;

    if (!request->upload.listed) {
        return;
    }
    lwm2m_hash_table_remove(&blockwise->uploads, &request->upload.node);
    request->upload.listed = false;
    if (first == NULL) {
        return;
    }

    next = LWM2M_CONTAINER_OF(first, struct lwm2m_block_request, upload.queued);
    lwm2m_list_remove(&next->upload.queued);
    move_followers(&next->upload.followers, &request->upload.followers);
    list_upload(next);
    /* Its handler may have to hear of a failure, so it does not begin inside a call of the engine.
     */
    lwm2m_list_append(&blockwise->ready, &next->upload.queued);
    lwm2m_timer_arm_in(blockwise->config.timers, &blockwise->ready_timer, 0);
}

/* ---- block after block ---- */

static enum lwm2m_error send_block(struct lwm2m_block_request *request)
{
    struct lwm2m_block_upload *upload = &request->upload;
    struct lwm2m_bytes body = lwm2m_body_bytes(&request->body);
    struct lwm2m_request message = request->request;
    struct lwm2m_option_edits edits = {0};
    struct lwm2m_block block;
    enum lwm2m_error error;

    error = lwm2m_block_of_body(upload->offset, body.length, upload->exponent, &block);
    if (error != LWM2M_OK) {
        return error;
    }
    lwm2m_option_edits_set(&edits, LWM2M_OPTION_BLOCK1, lwm2m_block_value(&block));
    if (upload->offset == 0 && body.length <= UINT32_MAX) {
        lwm2m_option_edits_set(&edits, LWM2M_OPTION_SIZE1, (uint32_t)body.length);
    }
    if (!block.more) {
        lwm2m_block_fetch_negotiate(request, &edits);
    }

    message.payload = lwm2m_block_slice(&block, body);
    message.observe = request->request.observe && !block.more;
    message.on_response = block.more ? block_answered : lwm2m_block_request_answered;
    request->state = block.more ? LWM2M_BLOCK_REQUEST_SENDING : LWM2M_BLOCK_REQUEST_ASKING;
    return lwm2m_block_request_send(request, &edits, &message, &request->exchange);
}

static void send_or_fail(struct lwm2m_block_request *request)
{
    enum lwm2m_error error = send_block(request);

    if (error != LWM2M_OK) {
        lwm2m_block_request_fail(request, error);
    }
}

enum lwm2m_error lwm2m_block_upload_start(struct lwm2m_block_request *request)
{
    struct lwm2m_block_upload *upload = &request->upload;
    struct lwm2m_block_request *other;
    enum lwm2m_error error;

    upload->by_blocks = true;
    upload->offset = 0;
    upload->retried = false;
    if (!upload->listed) {
        error = write_key(request);
        if (error != LWM2M_OK) {
            return error;
        }
        other = find_upload(request);
        if (other != NULL) {
            request->state = LWM2M_BLOCK_REQUEST_QUEUED;
            lwm2m_list_append(&other->upload.followers, &upload->queued);
            return LWM2M_OK;
        }
        list_upload(request);
    }
    return send_block(request);
}

void lwm2m_block_upload_fire(struct lwm2m_timer *timer)
{
    struct lwm2m_blockwise *blockwise =
        LWM2M_CONTAINER_OF(timer, struct lwm2m_blockwise, ready_timer);
    struct lwm2m_list *first;

    while ((first = lwm2m_list_first(&blockwise->ready)) != NULL) {
        struct lwm2m_block_request *request =
            LWM2M_CONTAINER_OF(first, struct lwm2m_block_request, upload.queued);
        lwm2m_list_remove(&request->upload.queued);
        send_or_fail(request);
    }
}

/* The block size that a 4.13 names, if the body may go in such blocks. */
static bool names_smaller_blocks(const struct lwm2m_block_request *request,
                                 const struct lwm2m_message *answer, uint8_t *exponent)
{
    struct lwm2m_block block;

    if (lwm2m_block_find(answer, LWM2M_OPTION_BLOCK1, &block) != LWM2M_OK) {
        return false;
    }
    *exponent = block.exponent;
    if (request->upload.by_blocks) {
        return block.exponent < request->upload.exponent;
    }
    return lwm2m_block_bytes(block.exponent) < request->body.length;
}

bool lwm2m_block_upload_again(struct lwm2m_block_request *request,
                              const struct lwm2m_message *answer)
{
    struct lwm2m_block_upload *upload = &request->upload;
    enum lwm2m_status status = lwm2m_status_from_code(answer->code);
    enum lwm2m_error error = LWM2M_OK;
    uint8_t exponent;

    if (status == LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE &&
        names_smaller_blocks(request, answer, &exponent)) {
        upload->exponent = exponent;
        error = lwm2m_block_upload_start(request);
    } else if (status == LWM2M_STATUS_REQUEST_ENTITY_INCOMPLETE && upload->by_blocks) {
        error = upload->restarted ? LWM2M_INCOMPLETE : LWM2M_OK;
        upload->restarted = true;
        if (error == LWM2M_OK) {
            error = lwm2m_block_upload_start(request);
        }
    } else if (status == LWM2M_STATUS_CONTINUE) {
        /* Only block_answered waits for one. */
        error = LWM2M_INCOMPLETE;
    } else {
        return false;
    }
    if (error != LWM2M_OK) {
        lwm2m_block_request_fail(request, error);
    }
    return true;
}

/* A block that is not the last was taken: goes on behind it, in smaller blocks if the peer wants
 * them. */
static void send_next(struct lwm2m_block_request *request, const struct lwm2m_message *answer)
{
    struct lwm2m_block_upload *upload = &request->upload;
    struct lwm2m_block block = {.exponent = upload->exponent};
    uint32_t number = (uint32_t)(upload->offset / lwm2m_block_bytes(upload->exponent));
    enum lwm2m_error found = lwm2m_block_find(answer, LWM2M_OPTION_BLOCK1, &block);

    /* Without the option a success would say that the first block was taken for the whole body. */
    if (found == LWM2M_NOT_FOUND && lwm2m_status_from_code(answer->code) == LWM2M_STATUS_CONTINUE) {
        block.number = number;
    } else if (found != LWM2M_OK || block.number != number) {
        lwm2m_block_request_fail(request, LWM2M_INCOMPLETE);
        return;
    }
    upload->offset += lwm2m_block_bytes(upload->exponent);
    if (block.exponent < upload->exponent) {
        upload->exponent = block.exponent;
    }
    upload->retried = false;
    send_or_fail(request);
}

static void block_answered(void *context, struct lwm2m_exchange *exchange,
                           const struct lwm2m_response *response)
{
    struct lwm2m_block_request *request = context;

    (void)exchange;
    request->exchange = NULL;
    request->retransmissions += response->retransmissions;
    if (response->error == LWM2M_TIMEOUT && !request->upload.retried) {
        /* A long transfer outlives one bad minute. The last block is never sent again: it may have
         * been carried out. */
        request->upload.retried = true;
        send_or_fail(request);
    } else if (response->error != LWM2M_OK) {
        lwm2m_block_request_fail(request, response->error);
    } else if (lwm2m_status_is_success(lwm2m_status_from_code(response->message->code))) {
        send_next(request, response->message);
    } else if (!lwm2m_block_upload_again(request, response->message)) {
        request->stays = false;
        lwm2m_block_request_deliver(request, response->message);
    }
}
