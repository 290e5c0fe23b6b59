/*
 * Messages of ours that wait for something: for a place in the window (NSTART), for their
 * acknowledgement, or, if they are requests, for their answer. Retransmission is here; what a
 * message is about is known to its kind: exchanges, notifications, separate answers, pings.
 *
 *   state           event                      next            what is done
 *   WAITING         a place in the window      UNACKNOWLEDGED  CON is sent, first timeout runs
 *   WAITING         a place in the window      ACCEPTED        NON is sent, probing timeout runs
 *   ACCEPTED        NON: probing timeout       ACCEPTED        leaves the window, final timeout runs
 *   UNACKNOWLEDGED  timeout, attempts left     UNACKNOWLEDGED  sent again, twice the timeout
 *   UNACKNOWLEDGED  timeout, none left         gone            failed(TIMEOUT)
 *   UNACKNOWLEDGED  acknowledgement            ACCEPTED        acknowledged(), final timeout runs
 *   ACCEPTED        timeout                    gone            failed(TIMEOUT)
 *   ACCEPTED        answer with Observe        IDLE            the exchange stays for notifications
 *   any but IDLE    reset, unreachable         gone            failed()
 *   any             answer, cancelled          gone
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COAP_SENDINGS_H
#define COAP_SENDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coap/endpoint_state.h"

enum lwm2m_sending_state {
    LWM2M_SENDING_WAITING,
    LWM2M_SENDING_UNACKNOWLEDGED,
    LWM2M_SENDING_ACCEPTED,
    LWM2M_SENDING_IDLE,
};

/* Messages of one class wait for each other; the others go out at once. */
enum lwm2m_sending_window {
    LWM2M_WINDOW_REQUESTS,
    LWM2M_WINDOW_NOTIFICATIONS,
    LWM2M_WINDOW_COUNT,
    LWM2M_WINDOW_NONE = LWM2M_WINDOW_COUNT,
};

struct lwm2m_sending;

/* What a kind of message does. All but free are called from receive or from a timer. */
struct lwm2m_sending_kind {
    enum lwm2m_sending_window window;
    /* When one times out, those that wait do too: a silent peer would hold up each of them as long.
     */
    bool time_out_together;
    /* An empty acknowledgement came. It may end the sending. */
    void (*acknowledged)(struct lwm2m_sending *sending);
    /* It is over: TIMEOUT, RESET or UNREACHABLE. It must free the sending. */
    void (*failed)(struct lwm2m_sending *sending, enum lwm2m_error error);
    /* Instead of sending it again, another message may take its place; then true. May be NULL. */
    bool (*replaced)(struct lwm2m_sending *sending);
    /* Frees the sending without calling anybody. */
    void (*free)(struct lwm2m_sending *sending);
};

/* First member of every kind. */
struct lwm2m_sending {
    const struct lwm2m_sending_kind *kind;
    struct lwm2m_endpoint *endpoint;
    struct lwm2m_endpoint_peer *peer; /* held */
    struct lwm2m_hash_node by_message_id;
    struct lwm2m_hash_node by_token;
    struct lwm2m_list link; /* of the peer's traffic */
    struct lwm2m_timer timer;
    uint8_t *datagram; /* encoded; its message id is written when it is sent */
    uint32_t length;
    uint32_t timeout_ms; /* the first one; doubled with every retransmission */
    uint32_t accepted_timeout_ms;
    uint16_t message_id;
    uint8_t retransmissions;
    uint8_t state; /* enum lwm2m_sending_state */
    bool has_message_id;
    bool has_token;
    bool in_window;
    struct lwm2m_token token;
};

/* Notifications sent as NON, so that a reset of one is recognised. The oldest is overwritten. */
#define LWM2M_UNCONFIRMED_MAX 8

struct lwm2m_unconfirmed {
    struct {
        uint32_t expires_ms; /* low 32 bits */
        uint16_t message_id;
        bool used;
        struct lwm2m_token token;
    } sent[LWM2M_UNCONFIRMED_MAX];
    size_t next;
};

/* What is under way with one peer. */
struct lwm2m_traffic {
    struct lwm2m_list under_way;
    struct lwm2m_list waiting[LWM2M_WINDOW_COUNT];
    uint32_t waiting_count[LWM2M_WINDOW_COUNT];
    uint32_t in_window[LWM2M_WINDOW_COUNT];
    uint32_t sendings;
    struct lwm2m_unconfirmed *unconfirmed; /* NULL until a NON notification was sent */
};

/* The peer's traffic, made if there is none; NULL without memory. */
struct lwm2m_traffic *lwm2m_traffic_get(struct lwm2m_endpoint *endpoint,
                                        struct lwm2m_endpoint_peer *peer);
/* Frees the peer's traffic with everything in it, and calls nobody. */
void lwm2m_traffic_free(const struct lwm2m_port *port, struct lwm2m_endpoint_peer *peer);

/* True if the window is, and no more may wait for it. */
bool lwm2m_traffic_is_full(const struct lwm2m_endpoint *endpoint,
                           const struct lwm2m_endpoint_peer *peer,
                           enum lwm2m_sending_window window);

/*
 * Allocates a sending of `size` bytes, zeroed but for its own members, with a copy of the datagram
 * behind it. LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_sending_new(struct lwm2m_endpoint *endpoint,
                                   struct lwm2m_endpoint_peer *peer,
                                   const struct lwm2m_sending_kind *kind, size_t size,
                                   struct lwm2m_bytes datagram,
                                   struct lwm2m_sending **sending) LWM2M_MUST_CHECK;
/* Takes it out of everything and frees it. */
void lwm2m_sending_free(struct lwm2m_sending *sending);

/* Makes it findable by its token. */
void lwm2m_sending_enter_token(struct lwm2m_sending *sending, const struct lwm2m_token *token);
void lwm2m_sending_leave_token(struct lwm2m_sending *sending);

/* Sends it, or queues it if the window is full. */
void lwm2m_sending_start(struct lwm2m_sending *sending);

/* Sends it under a message id of its own, as it stands: the retransmission counter is not touched.
 */
void lwm2m_sending_transmit(struct lwm2m_sending *sending);

/* Nothing is to be sent again: the timer rests and the next message gets the place in the window.
 */
void lwm2m_sending_settle(struct lwm2m_sending *sending, enum lwm2m_sending_state state);

/* An acknowledgement without answer came. */
void lwm2m_sending_acknowledge(struct lwm2m_sending *sending);

/* Both return NULL if there is none. */
struct lwm2m_sending *lwm2m_sending_find_message_id(const struct lwm2m_endpoint *endpoint,
                                                    const struct lwm2m_endpoint_peer *peer,
                                                    uint16_t message_id);
struct lwm2m_sending *lwm2m_sending_find_token(const struct lwm2m_endpoint *endpoint,
                                               const struct lwm2m_endpoint_peer *peer,
                                               const struct lwm2m_sending_kind *kind,
                                               const struct lwm2m_token *token);

/* Fails everything of the peer that waits for something. */
void lwm2m_traffic_fail(struct lwm2m_endpoint_peer *peer, enum lwm2m_error error);

#endif
