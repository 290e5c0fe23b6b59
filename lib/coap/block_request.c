/*
 * Requests of ours: from the upper floor's exchange to the messages below, and their answers back.
 *
 *   state      what happens                                           next
 *   -          the body fits a message                                ASKING
 *   -          it does not                                            SENDING
 *   -          it does not, and another goes to the same resource     QUEUED
 *   QUEUED     the other is done                                      SENDING
 *   SENDING    2.31: the next block; the last one leaves              SENDING; ASKING
 *   SENDING    another answer                                         as ASKING
 *   ASKING     4.13 that names smaller blocks, first 4.08             SENDING from the start
 *   ASKING     an answer that is whole                                over; OBSERVING
 *   ASKING     the first block of an answer                           FETCHING
 *   FETCHING   the next block; the last one                           FETCHING; over, OBSERVING
 *   FETCHING   the body changed for the first time                    FETCHING from the start
 *   OBSERVING  a notification that is whole, its first block          OBSERVING; FETCHING
 *   FETCHING   a newer notification                                   as OBSERVING
 *   any        an error, what cannot be right; cancelled              over
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "coap/block_layer.h"

/* What a request needs for the time of its life: itself, its options, and room for its key. */
static struct lwm2m_block_request *allocate_request(struct lwm2m_blockwise *blockwise,
                                                    struct lwm2m_bytes options)
{
    const struct lwm2m_port *port = blockwise->port;
    struct lwm2m_block_request *request;

    request = port->allocate(port->context, sizeof(*request) + 2 * options.length + 1);
    if (request == NULL) {
        return NULL;
    }
    memset(request, 0, sizeof(*request));
    if (options.length > 0) {
        memcpy(request + 1, options.data, options.length);
    }
    return request;
}

/*
 * A GET without payload and Block option is passed on as it is; anything else may need more. ended:
 * the observation that the request ends, or NULL; its exchange below is gone once the request is
 * sent.
 */
static enum lwm2m_error send_undivided(struct lwm2m_block_request *request,
                                       struct lwm2m_block_request *ended)
{
    struct lwm2m_option_edits edits = {0};
    struct lwm2m_request message = request->request;
    enum lwm2m_error error;

    lwm2m_block_fetch_negotiate(request, &edits);
    message.on_response = lwm2m_block_request_answered;
    message.ends = ended ? ended->exchange : NULL;
    request->state = LWM2M_BLOCK_REQUEST_ASKING;
    error = lwm2m_block_request_send(request, &edits, &message, &request->exchange);
    if (error == LWM2M_OK && ended) {
        ended->exchange = NULL;
        lwm2m_block_request_cancel(ended);
    }
    return error;
}

/* The blocks of a body have tokens of their own: what it ends is forgotten, and its next
 * notification is rejected. */
static enum lwm2m_error send_divided(struct lwm2m_block_request *request,
                                     struct lwm2m_block_request *ended)
{
    enum lwm2m_error error = lwm2m_block_upload_start(request);

    if (error == LWM2M_OK && ended) {
        lwm2m_block_request_cancel(ended);
    }
    return error;
}

enum lwm2m_error lwm2m_block_request_new(struct lwm2m_blockwise *blockwise, struct lwm2m_peer *peer,
                                         const struct lwm2m_request *request,
                                         struct lwm2m_block_request **out)
{
    struct lwm2m_transport *below = blockwise->config.below;
    struct lwm2m_block_request *made = allocate_request(blockwise, request->options);
    struct lwm2m_block_request *ended = (struct lwm2m_block_request *)request->ends;
    size_t undivided;
    enum lwm2m_error error;

    if (made == NULL) {
        return LWM2M_NO_MEMORY;
    }
    made->blockwise = blockwise;
    made->peer = peer;
    made->request = *request;
    made->request.ends = NULL; /* it is for one message, not for every block of an answer */
    made->request.options.data = (const uint8_t *)(made + 1);
    lwm2m_list_init(&made->upload.queued);
    lwm2m_list_init(&made->upload.followers);
    made->upload.exponent = lwm2m_blockwise_exponent(blockwise, peer, request->options.length);
    lwm2m_list_append(&blockwise->requests, &made->of_blockwise);
    below->operations->retain(below, peer);

    error = lwm2m_body_copy_own(&blockwise->store, &made->body, request->payload);
    made->request.payload = lwm2m_body_bytes(&made->body);
    undivided = lwm2m_blockwise_undivided(blockwise, peer, request->options.length);
    if (error == LWM2M_OK) {
        error = request->payload.length > undivided ? send_divided(made, ended)
                                                    : send_undivided(made, ended);
    }
    if (error == LWM2M_OK) {
        *out = made;
    } else {
        lwm2m_block_request_free(made);
    }
    return error;
}

void lwm2m_block_request_free(struct lwm2m_block_request *request)
{
    struct lwm2m_blockwise *blockwise = request->blockwise;
    struct lwm2m_transport *below = blockwise->config.below;

    lwm2m_block_upload_end(request);
    lwm2m_list_remove(&request->upload.queued);
    lwm2m_list_remove(&request->of_blockwise);
    lwm2m_block_fetch_abort(request);
    if (request->exchange != NULL) {
        below->operations->cancel(below, request->exchange);
    }
    lwm2m_body_release_own(&blockwise->store, &request->body);
    below->operations->release(below, request->peer);
    blockwise->port->release(blockwise->port->context, request);
}

void lwm2m_block_request_cancel(struct lwm2m_block_request *request)
{
    /* Inside its own handler the request is still in use; who called the handler frees it. */
    if (request->in_handler) {
        request->cancelled = true;
    } else {
        lwm2m_block_request_free(request);
    }
}

enum lwm2m_error lwm2m_block_request_send(struct lwm2m_block_request *request,
                                          const struct lwm2m_option_edits *edits,
                                          const struct lwm2m_request *template,
                                          struct lwm2m_exchange **exchange)
{
    struct lwm2m_transport *below = request->blockwise->config.below;
    const struct lwm2m_port *port = request->blockwise->port;
    struct lwm2m_request message = *template;
    uint8_t *memory = NULL;
    enum lwm2m_error error = LWM2M_OK;

    message.context = request;
    if (edits->count > 0) {
        error = lwm2m_option_edits_apply(edits, port, request->request.options, &memory,
                                         &message.options);
    }
    if (error == LWM2M_OK) {
        error = below->operations->request(below, request->peer, &message, exchange);
    }
    port->release(port->context, memory);
    return error;
}

static void call_handler(struct lwm2m_block_request *request, const struct lwm2m_response *response,
                         bool over)
{
    request->in_handler = true;
    request->request.on_response(request->request.context, (struct lwm2m_exchange *)request,
                                 response);
    request->in_handler = false;
    if (over || request->cancelled) {
        lwm2m_block_request_free(request);
    } else {
        lwm2m_block_fetch_abort(request);
    }
}

void lwm2m_block_request_fail(struct lwm2m_block_request *request, enum lwm2m_error error)
{
    struct lwm2m_response response = {
        .error = error,
        .retransmissions = request->retransmissions,
    };

    /* What waits behind it may begin, and the observation ends, whatever the handler does. */
    lwm2m_block_upload_end(request);
    call_handler(request, &response, true);
}

/* What the receiver is not to see: blocks; and, where no notification follows any more, that one
 * would. */
static bool choose_edits(const struct lwm2m_message *message, bool over,
                         struct lwm2m_option_edits *edits)
{
    struct lwm2m_option option;
    bool needed = lwm2m_message_find_option(message, LWM2M_OPTION_BLOCK2, &option) ||
                  lwm2m_message_find_option(message, LWM2M_OPTION_BLOCK1, &option);

    lwm2m_option_edits_remove(edits, LWM2M_OPTION_BLOCK2);
    lwm2m_option_edits_remove(edits, LWM2M_OPTION_BLOCK1);
    if (over && lwm2m_message_find_option(message, LWM2M_OPTION_OBSERVE, &option)) {
        lwm2m_option_edits_remove(edits, LWM2M_OPTION_OBSERVE);
        needed = true;
    }
    return needed;
}

void lwm2m_block_request_deliver(struct lwm2m_block_request *request,
                                 const struct lwm2m_message *message)
{
    const struct lwm2m_port *port = request->blockwise->port;
    struct lwm2m_response response = {.retransmissions = request->retransmissions};
    struct lwm2m_message stripped = *message;
    struct lwm2m_option_edits edits = {0};
    uint8_t *memory = NULL;
    bool over = !request->stays || !lwm2m_status_is_success(lwm2m_status_from_code(message->code));

    if (choose_edits(message, over, &edits) &&
        lwm2m_option_edits_apply(&edits, port, message->options, &memory, &stripped.options) !=
            LWM2M_OK) {
        lwm2m_block_request_fail(request, LWM2M_NO_MEMORY);
        return;
    }
    request->state = LWM2M_BLOCK_REQUEST_OBSERVING;
    response.message = &stripped;
    call_handler(request, &response, over);
    port->release(port->context, memory);
}

/* True if the message belongs to an observation that goes on after it. */
static bool observation_goes_on(const struct lwm2m_block_request *request,
                                const struct lwm2m_response *response)
{
    struct lwm2m_option option;

    return request->request.observe && response->error == LWM2M_OK &&
           lwm2m_status_is_success(lwm2m_status_from_code(response->message->code)) &&
           lwm2m_message_find_option(response->message, LWM2M_OPTION_OBSERVE, &option);
}

/* Notes the number of a notification; false if it is older than the one that is being fetched. */
static bool take_notification(struct lwm2m_block_request *request,
                              const struct lwm2m_message *message)
{
    uint32_t number = lwm2m_message_option_or(message, LWM2M_OPTION_OBSERVE, 0);
    uint64_t now_ms = lwm2m_timers_now(request->blockwise->config.timers);
    bool newer = lwm2m_observe_order_accept(&request->order, number, now_ms);

    if (!newer && request->state == LWM2M_BLOCK_REQUEST_FETCHING) {
        return false;
    }
    lwm2m_block_fetch_abort(request);
    request->fetch.observed = true;
    request->fetch.observe = number;
    return true;
}

/* The body is there: the next may go to the same resource. A FETCH repeats its body with every
 * block. */
static void finish_sending(struct lwm2m_block_request *request)
{
    lwm2m_block_upload_end(request);
    if (request->request.method == LWM2M_METHOD_FETCH && !request->upload.by_blocks) {
        return;
    }
    lwm2m_body_release_own(&request->blockwise->store, &request->body);
    request->request.payload = lwm2m_body_bytes(&request->body);
}

void lwm2m_block_request_answered(void *context, struct lwm2m_exchange *exchange,
                                  const struct lwm2m_response *response)
{
    struct lwm2m_block_request *request = context;
    bool first = request->state == LWM2M_BLOCK_REQUEST_ASKING;

    (void)exchange;
    request->stays = observation_goes_on(request, response);
    if (!request->stays) {
        request->exchange = NULL;
    }
    if (first) {
        request->retransmissions += response->retransmissions;
    }
    if (response->error != LWM2M_OK) {
        lwm2m_block_request_fail(request, response->error);
        return;
    }
    if (first && lwm2m_block_upload_again(request, response->message)) {
        return;
    }

    if (first) {
        finish_sending(request);
    }
    if (!request->stays) {
        lwm2m_block_fetch_abort(request);
        request->fetch.observed = false;
    } else if (!take_notification(request, response->message)) {
        return;
    }
    request->fetch.restarted = false;
    lwm2m_block_fetch_begin(request, response->message);
}
