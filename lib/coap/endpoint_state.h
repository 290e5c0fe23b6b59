/*
 * What the parts of the endpoint share: its state, and how a message leaves it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_ENDPOINT_STATE_H
#define COAP_ENDPOINT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/endpoint.h>
#include <lwm2m/list.h>
#include <lwm2m/message.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>

#include "base/hash_table.h"
#include "coap/answers.h"
#include "coap/peers.h"

/* Random bytes drawn at once, since each draw may cost a system call. */
#define LWM2M_ENDPOINT_RANDOM_BYTES 128

struct lwm2m_endpoint {
    struct lwm2m_transport transport; /* first: operations get this */
    struct lwm2m_endpoint_config config;
    const struct lwm2m_port *port;
    struct lwm2m_peers peers;
    struct lwm2m_answer_store answers;
    struct lwm2m_hash_table message_ids; /* lwm2m_sending by peer and message id */
    struct lwm2m_hash_table tokens;      /* lwm2m_sending by token */
    struct lwm2m_list incomings;         /* unanswered requests of peers */
    struct lwm2m_list spare_incomings;
    struct lwm2m_timer housekeeping; /* forgets peers and answers */
    uint8_t *scratch;                /* link->max_datagram bytes to encode into */
    uint8_t random[LWM2M_ENDPOINT_RANDOM_BYTES];
    size_t random_left;
    size_t exchanges;
    uint64_t received_ms; /* when the datagram came that is being handled, or was last */
    struct lwm2m_endpoint_statistics statistics; /* the counters of it */
};

/* Unpredictable bytes; at most LWM2M_ENDPOINT_RANDOM_BYTES. */
void lwm2m_endpoint_random(struct lwm2m_endpoint *endpoint, void *memory, size_t length);

/* Encodes into the scratch buffer. LWM2M_TOO_LARGE for the link, LWM2M_ARGUMENT. */
enum lwm2m_error lwm2m_endpoint_encode(struct lwm2m_endpoint *endpoint,
                                       const struct lwm2m_message *message,
                                       struct lwm2m_bytes *datagram) LWM2M_MUST_CHECK;

/* Sends an encoded message; retransmission is 0 for the first time that it goes out. */
void lwm2m_endpoint_send(struct lwm2m_endpoint *endpoint, const struct lwm2m_endpoint_peer *peer,
                         struct lwm2m_bytes datagram, unsigned retransmission);

/* The four bytes of an empty message. */
#define LWM2M_EMPTY_MESSAGE_BYTES 4
void lwm2m_endpoint_print_empty(enum lwm2m_message_type type, uint16_t message_id,
                                uint8_t bytes[LWM2M_EMPTY_MESSAGE_BYTES]);
/* Sends an empty message: an acknowledgement or a reset. */
void lwm2m_endpoint_send_empty(struct lwm2m_endpoint *endpoint,
                               const struct lwm2m_endpoint_peer *peer, enum lwm2m_message_type type,
                               uint16_t message_id);

/* A message id for a new message to the peer: the next one that is not under way. */
uint16_t lwm2m_endpoint_next_message_id(struct lwm2m_endpoint *endpoint,
                                        struct lwm2m_endpoint_peer *peer);

/* Remembers a message of the peer, for the lifetime of its type; false if memory is short. */
bool lwm2m_endpoint_remember(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                             const struct lwm2m_message *message);

void lwm2m_endpoint_let_go(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer);

/* The peer at the address, made if it is new, and held; NULL if there is no room. */
struct lwm2m_endpoint_peer *lwm2m_endpoint_hold_peer(struct lwm2m_endpoint *endpoint,
                                                     const struct lwm2m_address *address);

#endif
