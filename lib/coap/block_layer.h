/*
 * The parts of block-wise transfer and what they share: requests of ours (block_request.c, with
 * Block1 in block_upload.c and Block2 in block_fetch.c), requests of peers (block_receive.c) and
 * our answers and notifications (block_answer.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_BLOCK_LAYER_H
#define COAP_BLOCK_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/blockwise.h>
#include <lwm2m/list.h>
#include <lwm2m/message.h>
#include <lwm2m/status.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>

#include "base/hash_table.h"
#include "coap/block_option.h"
#include "coap/body_store.h"
#include "coap/observe.h"
#include "coap/observed_keys.h"

struct lwm2m_blockwise {
    struct lwm2m_transport transport; /* first, so that one pointer is both */
    struct lwm2m_blockwise_config config;
    const struct lwm2m_port *port;
    struct lwm2m_body_store store;
    struct lwm2m_observed_keys observed;
    struct lwm2m_list requests;      /* of ours, all */
    struct lwm2m_hash_table uploads; /* of those, the one for each resource that sends by Block1 */
    struct lwm2m_list ready;         /* those whose turn to send has come */
    struct lwm2m_timer ready_timer;
    struct lwm2m_list incomings; /* requests of peers that the receiver has not answered */
};

/*
 * The block size towards a peer: what we prefer, or less if the path carries less beside so many
 * bytes of options, and those that a block needs.
 */
uint8_t lwm2m_blockwise_exponent(const struct lwm2m_blockwise *blockwise,
                                 const struct lwm2m_peer *peer, size_t options_bytes);
/* The largest body that goes out in one message beside those options, without a Block option. */
size_t lwm2m_blockwise_undivided(const struct lwm2m_blockwise *blockwise,
                                 const struct lwm2m_peer *peer, size_t options_bytes);

/* ---- requests of ours ---- */

enum lwm2m_block_request_state {
    LWM2M_BLOCK_REQUEST_QUEUED,   /* another body is on its way to the same resource */
    LWM2M_BLOCK_REQUEST_SENDING,  /* a block that is not the last is under way */
    LWM2M_BLOCK_REQUEST_ASKING,   /* the only message, or the last block, is under way */
    LWM2M_BLOCK_REQUEST_FETCHING, /* the first block of an answer is there, the next is asked for */
    LWM2M_BLOCK_REQUEST_OBSERVING, /* the answer was handed on, notifications may come */
};

/* A body of ours on its way by Block1. */
struct lwm2m_block_upload {
    struct lwm2m_hash_node node; /* in blockwise->uploads, if `listed` */
    struct lwm2m_list queued;    /* in `followers` of another, or in blockwise->ready */
    struct lwm2m_list followers; /* those that wait until this one is done */
    struct lwm2m_bytes key;      /* names the resource */
    size_t offset;               /* of the block under way */
    uint8_t exponent;
    bool listed;
    bool by_blocks; /* it is, or was, sent by Block1 */
    bool restarted;
    bool retried; /* the block under way was sent again after its retransmissions */
};

/* A body of a peer on its way by Block2. */
struct lwm2m_block_fetch {
    struct lwm2m_body body;
    struct lwm2m_message first; /* what came with its first block; the options are `memory` */
    uint8_t *memory;            /* NULL: the first block is asked for */
    uint8_t exponent;
    bool observed; /* it is a notification with the number below */
    uint32_t observe;
    bool restarted;
    bool retried;
};

/* What the upper floor knows as struct lwm2m_exchange. */
struct lwm2m_block_request {
    struct lwm2m_list of_blockwise;
    struct lwm2m_blockwise *blockwise;
    struct lwm2m_peer *peer; /* retained */
    enum lwm2m_block_request_state state;
    struct lwm2m_request request; /* options lie behind the struct, payload is `body` */
    struct lwm2m_body body;
    struct lwm2m_exchange *exchange; /* below: of our message, later of the observation */
    struct lwm2m_exchange *fetching; /* below: of the block that is asked for */
    struct lwm2m_observe_order order;
    unsigned retransmissions; /* of the messages that are done */
    bool stays;               /* the observation below lives on */
    bool in_handler;
    bool cancelled;
    struct lwm2m_block_upload upload;
    struct lwm2m_block_fetch fetch;
};

/* As lwm2m_peer_request and lwm2m_exchange_cancel. */
enum lwm2m_error lwm2m_block_request_new(struct lwm2m_blockwise *blockwise, struct lwm2m_peer *peer,
                                         const struct lwm2m_request *request,
                                         struct lwm2m_block_request **out) LWM2M_MUST_CHECK;
void lwm2m_block_request_cancel(struct lwm2m_block_request *request);
/* Calls no handler. */
void lwm2m_block_request_free(struct lwm2m_block_request *request);

/* Sends a message of the request below; edits are applied to its options. */
enum lwm2m_error lwm2m_block_request_send(struct lwm2m_block_request *request,
                                          const struct lwm2m_option_edits *edits,
                                          const struct lwm2m_request *template,
                                          struct lwm2m_exchange **exchange) LWM2M_MUST_CHECK;
/* Hands an answer to the upper floor without its Block options; the request may be gone afterwards.
 */
void lwm2m_block_request_deliver(struct lwm2m_block_request *request,
                                 const struct lwm2m_message *message);
/* Hands up an error and frees the request. */
void lwm2m_block_request_fail(struct lwm2m_block_request *request, enum lwm2m_error error);
/* Handles the answer to the only message or to the last block, and each notification. */
void lwm2m_block_request_answered(void *context, struct lwm2m_exchange *exchange,
                                  const struct lwm2m_response *response);

/* ---- Block1 of ours ---- */

/* Sends the body from its start, or queues behind another that goes to the same resource. */
enum lwm2m_error lwm2m_block_upload_start(struct lwm2m_block_request *request) LWM2M_MUST_CHECK;
/* True if the answer asks for the body once more, in other blocks: the request is dealt with. */
bool lwm2m_block_upload_again(struct lwm2m_block_request *request,
                              const struct lwm2m_message *answer);
/* Lets the next in the queue begin; does nothing to a request that has no place in it. */
void lwm2m_block_upload_end(struct lwm2m_block_request *request);
/* Starts those whose turn has come. */
void lwm2m_block_upload_fire(struct lwm2m_timer *timer);

/* ---- Block2 of a peer ---- */

/* Takes the first message of an answer: hands it on if it is whole, else fetches the rest. */
void lwm2m_block_fetch_begin(struct lwm2m_block_request *request,
                             const struct lwm2m_message *message);
/* Forgets what was fetched so far. */
void lwm2m_block_fetch_abort(struct lwm2m_block_request *request);
/* Asks for smaller answers from the start, when ours is not the largest block size. */
void lwm2m_block_fetch_negotiate(const struct lwm2m_block_request *request,
                                 struct lwm2m_option_edits *edits);

/* ---- requests of peers ---- */

/* What the upper floor knows as struct lwm2m_incoming. */
struct lwm2m_block_incoming {
    struct lwm2m_list of_blockwise;
    struct lwm2m_blockwise *blockwise;
    struct lwm2m_incoming *below;
    struct lwm2m_peer *peer;
    struct lwm2m_token token;
    bool observes;   /* asks to observe */
    bool has_block1; /* came by blocks, this was the last */
    bool has_block2; /* asks for a block of the answer */
    struct lwm2m_block block1;
    struct lwm2m_block block2;
    struct lwm2m_bytes key; /* behind the struct */
};

/* The receiver of the transport below. */
extern const struct lwm2m_receiver lwm2m_block_receiver;

/* Frees it; what lies below has been answered, or is dropped by the caller. */
void lwm2m_block_incoming_free(struct lwm2m_block_incoming *incoming);

/* As lwm2m_incoming_respond. */
enum lwm2m_error lwm2m_block_respond(struct lwm2m_block_incoming *incoming,
                                     const struct lwm2m_message *message) LWM2M_MUST_CHECK;
/* Answers from a kept body, if there is one. */
bool lwm2m_block_respond_from_kept(struct lwm2m_block_incoming *incoming);
/* Answers by our own decision; incoming is gone. edits are the answer's options. */
void lwm2m_block_refuse(struct lwm2m_block_incoming *incoming, enum lwm2m_status status,
                        const struct lwm2m_option_edits *edits);
/* As lwm2m_peer_notify. */
enum lwm2m_error lwm2m_block_notify(struct lwm2m_blockwise *blockwise, struct lwm2m_peer *peer,
                                    const struct lwm2m_message *message,
                                    bool confirmable) LWM2M_MUST_CHECK;

#endif
