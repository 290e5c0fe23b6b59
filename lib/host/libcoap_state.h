/*
 * What the parts of the libcoap transport share: the transport, its peers, and what is under way with them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_LIBCOAP_STATE_H
#define HOST_LIBCOAP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <coap3/coap.h>

#include <lwm2m/libcoap_transport.h>
#include <lwm2m/list.h>

#include "base/hash_table.h"
#include "coap/answers.h"
#include "host/chaos_relay.h"

/* What libcoap receives at most; of what we send, what Ethernet carries in one piece. */
#define LWM2M_LIBCOAP_RECEIVED_MAX 1472
#define LWM2M_LIBCOAP_SENT_MAX 1452

struct lwm2m_libcoap {
    struct lwm2m_transport transport; /* first: engines hold this */
    struct lwm2m_libcoap_config config;
    const struct lwm2m_port *port;
    const struct lwm2m_chaos_relay *relay; /* in front of it; or NULL */
    struct lwm2m_timers *timers;
    coap_context_t *context;
    struct lwm2m_address bound;
    int family;
    struct lwm2m_watch watch;    /* of libcoap's own epoll instance */
    struct lwm2m_timer deferred; /* what libcoap must not be told while it calls us */
    struct lwm2m_timer housekeeping;
    struct lwm2m_hash_table addresses;     /* peers */
    struct lwm2m_hash_table tokens;        /* exchanges that are under way or observe */
    struct lwm2m_hash_table notifications; /* those that may be under way */
    struct lwm2m_list peers;
    struct lwm2m_list untidy; /* peers for which something is deferred */
    struct lwm2m_list incomings;
    struct lwm2m_list unacknowledged; /* exchanges */
    struct lwm2m_list unsettled;      /* notifications */
    struct lwm2m_answer_store answers;
    struct lwm2m_libcoap_statistics statistics;
    uint64_t received_ms; /* when what is being handled arrived */
    uint8_t options_in[LWM2M_LIBCOAP_RECEIVED_MAX];
    uint8_t scratch[LWM2M_LIBCOAP_RECEIVED_MAX]; /* for what is sent, or kept */
};

struct lwm2m_libcoap_peer {
    struct lwm2m_peer peer; /* first: engines hold this */
    struct lwm2m_hash_node by_address;
    struct lwm2m_list link;
    struct lwm2m_list untidy;
    struct lwm2m_libcoap *libcoap;
    struct lwm2m_address address;
    struct lwm2m_address shown; /* the same, or who is behind it */
    coap_session_t *session; /* referenced by us while the peer is held, or we are the client */
    bool is_client;
    bool has_failed;  /* what is under way with it is to fail with `failure` */
    bool is_littered; /* libcoap goes on sending what nobody waits for any more */
    enum lwm2m_error failure;
    struct lwm2m_answers *answers;
    struct lwm2m_list exchanges;
    struct lwm2m_list waiting; /* of the exchanges */
    uint32_t waiting_count;
    uint32_t in_window; /* requests of ours that are not acknowledged yet */
    uint32_t notifications;
    uint32_t unanswered; /* requests of the peer */
    uint32_t references;
};

/* ---- libcoap_clock.c ---- */

/* Prepares libcoap for use, and this thread for its log messages: they go to port. */
void lwm2m_libcoap_start_up(const struct lwm2m_port *port);
/* From now on libcoap's messages of this thread go nowhere, if they went to port. */
void lwm2m_libcoap_forget_log(const struct lwm2m_port *port);
/* True if libcoap asks the program for the time, by lwm2m_libcoap_clock_ms. */
bool lwm2m_libcoap_clock_is_ours(coap_context_t *context);

/* ---- libcoap_message.c ---- */

/* Reads libcoap's message; options are written to memory, the rest is borrowed from pdu. */
enum lwm2m_error lwm2m_libcoap_message_read(const coap_pdu_t *pdu, uint8_t *memory, size_t capacity,
                                            struct lwm2m_message *message) LWM2M_MUST_CHECK;
/* Writes code, options and payload behind the token. LWM2M_TOO_LARGE: nothing is written. */
enum lwm2m_error lwm2m_libcoap_message_write(const struct lwm2m_message *message,
                                             coap_pdu_t *pdu) LWM2M_MUST_CHECK;
/* A message of libcoap's, without a message id; LWM2M_NO_MEMORY, LWM2M_TOO_LARGE. */
enum lwm2m_error lwm2m_libcoap_message_new(const struct lwm2m_message *message,
                                           coap_pdu_t **pdu) LWM2M_MUST_CHECK;
void lwm2m_libcoap_message_token(const coap_pdu_t *pdu, struct lwm2m_token *token);
void lwm2m_libcoap_trace(struct lwm2m_libcoap *libcoap, const struct lwm2m_libcoap_peer *peer,
                         bool outgoing, const struct lwm2m_message *message);

/* ---- libcoap_peers.c ---- */

/* The peer of a session, made if there is none; NULL without memory. */
struct lwm2m_libcoap_peer *lwm2m_libcoap_peer_of(struct lwm2m_libcoap *libcoap,
                                                 coap_session_t *session);
/* Of a token among those of all peers. */
uint32_t lwm2m_libcoap_hash_token(const struct lwm2m_hash_table *table,
                                  const struct lwm2m_libcoap_peer *peer,
                                  const struct lwm2m_token *token);
void lwm2m_libcoap_peer_hold(struct lwm2m_libcoap_peer *peer);
void lwm2m_libcoap_peer_let_go(struct lwm2m_libcoap_peer *peer);
/* Frees what belongs to it, and calls nobody; its session is left alone. */
void lwm2m_libcoap_peer_free(struct lwm2m_libcoap_peer *peer);
/* Everything under way with the peer fails, once libcoap has returned to us. */
void lwm2m_libcoap_peer_fail(struct lwm2m_libcoap_peer *peer, enum lwm2m_error error);
/* Something that libcoap sends again was cancelled: it is to forget it when it can. */
void lwm2m_libcoap_peer_litter(struct lwm2m_libcoap_peer *peer);
/* What was deferred until libcoap has returned. */
void lwm2m_libcoap_peers_tidy(struct lwm2m_libcoap *libcoap);

struct lwm2m_libcoap_sent {
    uint32_t timeout_ms; /* the first one, random (RFC 7252 §4.8): with it, libcoap's repetitions can be counted */
    uint16_t message_id;
};

/* Sends, and takes pdu. If the system refuses it, the peer is taken as unreachable. */
void lwm2m_libcoap_peer_send(struct lwm2m_libcoap_peer *peer, coap_pdu_t *pdu,
                             struct lwm2m_libcoap_sent *sent);
/* From the first transmission to libcoap's giving up. */
uint64_t lwm2m_libcoap_give_up_ms(const struct lwm2m_libcoap *libcoap, uint32_t timeout_ms);

/* The address was found to be out of reach: everything under way with the peer there fails. */
void lwm2m_libcoap_unreachable(struct lwm2m_libcoap *libcoap, const struct lwm2m_address *address);
/* Peers that a relay stands for are shown as it knows them; before there are any. Borrowed. */
void lwm2m_libcoap_set_relay(struct lwm2m_libcoap *libcoap, const struct lwm2m_chaos_relay *relay);

/* ---- libcoap_exchanges.c ---- */

enum lwm2m_error lwm2m_libcoap_exchanges_request(struct lwm2m_transport *self,
                                                 struct lwm2m_peer *peer,
                                                 const struct lwm2m_request *request,
                                                 struct lwm2m_exchange **exchange);
void lwm2m_libcoap_exchanges_cancel(struct lwm2m_transport *self, struct lwm2m_exchange *exchange);
/* libcoap's handler of answers and notifications. */
coap_response_t lwm2m_libcoap_exchanges_answered(coap_session_t *session, const coap_pdu_t *sent,
                                                 const coap_pdu_t *received,
                                                 const coap_mid_t mid);
/* One of our requests failed. */
void lwm2m_libcoap_exchanges_refused(struct lwm2m_libcoap_peer *peer, const coap_pdu_t *sent,
                                     enum lwm2m_error error);
/* Nothing that libcoap has sent waits for its acknowledgement any more. */
void lwm2m_libcoap_exchanges_settle(struct lwm2m_libcoap *libcoap);
/* All that wait for something fail. */
void lwm2m_libcoap_exchanges_fail(struct lwm2m_libcoap_peer *peer, enum lwm2m_error error);
/* Frees all of a peer and calls nobody. */
void lwm2m_libcoap_exchanges_free(struct lwm2m_libcoap_peer *peer);

/* ---- libcoap_incomings.c ---- */

/* libcoap's handler of requests. */
void lwm2m_libcoap_incomings_requested(coap_resource_t *resource, coap_session_t *session,
                                       const coap_pdu_t *request, const coap_string_t *query,
                                       coap_pdu_t *response);
enum lwm2m_error lwm2m_libcoap_incomings_answer(struct lwm2m_transport *self,
                                                struct lwm2m_incoming *incoming,
                                                const struct lwm2m_message *message);
void lwm2m_libcoap_incomings_free_all(struct lwm2m_libcoap *libcoap);
/* Remembers a message that must not be handled twice; false without memory. */
bool lwm2m_libcoap_remember(struct lwm2m_libcoap_peer *peer, const struct lwm2m_message *message);

/* ---- libcoap_notifications.c ---- */

enum lwm2m_error lwm2m_libcoap_notifications_notify(struct lwm2m_transport *self,
                                                    struct lwm2m_peer *peer,
                                                    const struct lwm2m_message *message,
                                                    bool confirmable);
/* A notification, or a separate answer, failed. */
void lwm2m_libcoap_notifications_failed(struct lwm2m_libcoap_peer *peer, const coap_pdu_t *sent,
                                        enum lwm2m_error error);
void lwm2m_libcoap_notifications_settle(struct lwm2m_libcoap *libcoap);
void lwm2m_libcoap_notifications_fail(struct lwm2m_libcoap_peer *peer, enum lwm2m_error error);
void lwm2m_libcoap_notifications_free(struct lwm2m_libcoap_peer *peer);

#endif
