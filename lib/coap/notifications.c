/*
 * Notifications of ours: confirmable ones, one for each token under way, and the memory of the
 * others.
 *
 * While one is under way, a newer one with its token waits behind it. It goes out when the one
 * before is acknowledged, or in place of its next retransmission: then with a message id of its
 * own, but with the timeout and the count of the one it replaces (RFC 7641 §4.5.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/notifications.h"

#include <string.h>

struct notification {
    struct lwm2m_sending sending; /* first */
    struct notification *newer;   /* not yet sent; NULL if there is none */
};

static const struct lwm2m_sending_kind notification_kind;

static void notification_free(struct lwm2m_sending *sending)
{
    struct notification *notification = (struct notification *)sending;

    if (notification->newer != NULL) {
        lwm2m_sending_free(&notification->newer->sending);
    }
    lwm2m_sending_free(sending);
}

static void report_delivered(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                             const struct lwm2m_token *token)
{
    const struct lwm2m_receiver *receiver = endpoint->transport.receiver;

    if (receiver != NULL && receiver->notification_delivered != NULL) {
        receiver->notification_delivered(endpoint->transport.receiver_context, &peer->peer, token);
    }
}

static void report_failed(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                          const struct lwm2m_token *token, enum lwm2m_error error)
{
    const struct lwm2m_receiver *receiver = endpoint->transport.receiver;

    if (receiver != NULL && receiver->notification_failed != NULL) {
        receiver->notification_failed(endpoint->transport.receiver_context, &peer->peer, token,
                                      error);
    }
}

static void notification_acknowledged(struct lwm2m_sending *sending)
{
    struct notification *notification = (struct notification *)sending;
    struct notification *newer = notification->newer;
    struct lwm2m_endpoint *endpoint = sending->endpoint;
    struct lwm2m_endpoint_peer *peer = sending->peer;
    struct lwm2m_token token = sending->token;

    notification->newer = NULL;
    lwm2m_peers_hold(peer);
    notification_free(sending);
    if (newer != NULL) {
        lwm2m_sending_enter_token(&newer->sending, &token);
        lwm2m_sending_start(&newer->sending);
    }
    report_delivered(endpoint, peer, &token);
    lwm2m_endpoint_let_go(endpoint, peer);
}

static void notification_failed(struct lwm2m_sending *sending, enum lwm2m_error error)
{
    struct lwm2m_endpoint *endpoint = sending->endpoint;
    struct lwm2m_endpoint_peer *peer = sending->peer;
    struct lwm2m_token token = sending->token;

    lwm2m_peers_hold(peer);
    notification_free(sending);
    report_failed(endpoint, peer, &token, error);
    lwm2m_endpoint_let_go(endpoint, peer);
}

/* Puts the newer one in the place of one that is due to be sent again. */
static bool notification_replaced(struct lwm2m_sending *sending)
{
    struct notification *notification = (struct notification *)sending;
    struct notification *newer = notification->newer;
    struct lwm2m_sending *next;
    struct lwm2m_token token = sending->token;

    if (newer == NULL) {
        return false;
    }
    next = &newer->sending;
    next->timeout_ms = sending->timeout_ms;
    next->retransmissions = (uint8_t)(sending->retransmissions + 1);
    next->endpoint->statistics.retransmissions++;
    next->in_window = sending->in_window;
    sending->in_window = false;
    notification->newer = NULL;
    notification_free(sending);
    lwm2m_sending_enter_token(next, &token);
    lwm2m_sending_transmit(next);
    return true;
}

static const struct lwm2m_sending_kind notification_kind = {
    .window = LWM2M_WINDOW_NOTIFICATIONS,
    .time_out_together = true,
    .acknowledged = notification_acknowledged,
    .failed = notification_failed,
    .replaced = notification_replaced,
    .free = notification_free,
};

/* ---- NON ---- */

static struct lwm2m_unconfirmed *get_unconfirmed(struct lwm2m_endpoint *endpoint,
                                                 struct lwm2m_endpoint_peer *peer)
{
    struct lwm2m_traffic *traffic = lwm2m_traffic_get(endpoint, peer);

    if (traffic == NULL) {
        return NULL;
    }
    if (traffic->unconfirmed == NULL) {
        traffic->unconfirmed =
            endpoint->port->allocate(endpoint->port->context, sizeof(*traffic->unconfirmed));
        if (traffic->unconfirmed != NULL) {
            memset(traffic->unconfirmed, 0, sizeof(*traffic->unconfirmed));
        }
    }
    return traffic->unconfirmed;
}

/* Sends it, and remembers the token so that a reset can be told. Without memory it is just sent. */
static enum lwm2m_error send_unconfirmed(struct lwm2m_endpoint *endpoint,
                                         struct lwm2m_endpoint_peer *peer,
                                         struct lwm2m_message *message)
{
    struct lwm2m_unconfirmed *unconfirmed;
    struct lwm2m_bytes datagram;
    enum lwm2m_error error;
    size_t at;

    message->message_id = lwm2m_endpoint_next_message_id(endpoint, peer);
    error = lwm2m_endpoint_encode(endpoint, message, &datagram);
    if (error != LWM2M_OK) {
        return error;
    }
    unconfirmed = get_unconfirmed(endpoint, peer);
    if (unconfirmed != NULL) {
        at = unconfirmed->next;
        unconfirmed->sent[at].expires_ms = (uint32_t)lwm2m_timers_now(endpoint->config.timers) +
                                           endpoint->config.transmission.non_lifetime_ms;
        unconfirmed->sent[at].message_id = message->message_id;
        unconfirmed->sent[at].token = message->token;
        unconfirmed->sent[at].used = true;
        unconfirmed->next = (at + 1) % LWM2M_UNCONFIRMED_MAX;
    }
    lwm2m_endpoint_send(endpoint, peer, datagram, 0);
    return LWM2M_OK;
}

void lwm2m_notifications_reset(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                               uint16_t message_id)
{
    struct lwm2m_unconfirmed *unconfirmed = peer->traffic ? peer->traffic->unconfirmed : NULL;
    uint32_t now_ms = (uint32_t)lwm2m_timers_now(endpoint->config.timers);

    for (size_t i = 0; unconfirmed != NULL && i < LWM2M_UNCONFIRMED_MAX; i++) {
        struct lwm2m_token token = unconfirmed->sent[i].token;

        if (!unconfirmed->sent[i].used || unconfirmed->sent[i].message_id != message_id) {
            continue;
        }
        unconfirmed->sent[i].used = false;
        if (now_ms - unconfirmed->sent[i].expires_ms >= UINT32_C(0x80000000)) {
            report_failed(endpoint, peer, &token, LWM2M_RESET);
        }
        return;
    }
}

/* ---- entry ---- */

/* Puts a newer one behind, or if that one has not gone out itself, in the place of the older. */
static void supersede(struct notification *older, struct notification *newer)
{
    struct lwm2m_sending *before = &older->sending;
    struct lwm2m_token token = before->token;

    if (before->state != LWM2M_SENDING_WAITING) {
        if (older->newer != NULL) {
            lwm2m_sending_free(&older->newer->sending);
        }
        older->newer = newer;
        return;
    }
    /* It takes over the place in the queue, and with it the count. */
    newer->sending.link.next = &before->link;
    newer->sending.link.previous = before->link.previous;
    before->link.previous->next = &newer->sending.link;
    before->link.previous = &newer->sending.link;
    before->peer->traffic->waiting_count[LWM2M_WINDOW_NOTIFICATIONS]++;
    notification_free(before);
    lwm2m_sending_enter_token(&newer->sending, &token);
}

enum lwm2m_error lwm2m_notifications_notify(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                                            const struct lwm2m_message *message, bool confirmable)
{
    struct lwm2m_endpoint *endpoint = (struct lwm2m_endpoint *)self;
    struct lwm2m_endpoint_peer *to = (struct lwm2m_endpoint_peer *)peer;
    struct lwm2m_sending *older =
        lwm2m_sending_find_token(endpoint, to, &notification_kind, &message->token);
    struct lwm2m_message notification = *message;
    struct lwm2m_sending *sending;
    struct lwm2m_bytes datagram;
    enum lwm2m_error error;

    notification.type = LWM2M_MESSAGE_NON;
    if (older == NULL && !confirmable) {
        return send_unconfirmed(endpoint, to, &notification);
    }
    /* Behind a confirmable one, the newest state must get there too: it is confirmable as well. */
    notification.type = LWM2M_MESSAGE_CON;
    error = lwm2m_endpoint_encode(endpoint, &notification, &datagram);
    if (error != LWM2M_OK) {
        return error;
    }
    if (older == NULL && lwm2m_traffic_is_full(endpoint, to, LWM2M_WINDOW_NOTIFICATIONS)) {
        return LWM2M_BUSY;
    }
    error = lwm2m_sending_new(endpoint, to, &notification_kind, sizeof(struct notification),
                              datagram, &sending);
    if (error != LWM2M_OK) {
        return error;
    }
    if (older != NULL) {
        supersede((struct notification *)older, (struct notification *)sending);
        return LWM2M_OK;
    }
    lwm2m_sending_enter_token(sending, &message->token);
    lwm2m_sending_start(sending);
    return LWM2M_OK;
}
