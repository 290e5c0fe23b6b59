/*
 * Notifications over libcoap, all of them confirmable: it says of none that it was acknowledged,
 * and of those sent as NON not even that they were reset.
 *
 * What it does say is when nothing at all waits for an acknowledgement any more. Until then, or
 * until the first timeout has passed, a notification counts as under way and a newer one of its
 * token waits (RFC 7641 §4.5.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "base/log.h"
#include "host/libcoap_state.h"

/* One token with a notification under way. */
struct notification {
    struct lwm2m_hash_node by_token;
    struct lwm2m_list unsettled;
    struct lwm2m_libcoap_peer *peer; /* held */
    struct lwm2m_timer timer;        /* it counts as under way no longer than that */
    struct lwm2m_token token;
    coap_pdu_t *newer; /* what waits, or NULL */
};

static struct notification *find(const struct lwm2m_libcoap_peer *peer,
                                 const struct lwm2m_token *token)
{
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(
        &peer->libcoap->notifications,
        lwm2m_libcoap_hash_token(&peer->libcoap->notifications, peer, token));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct notification *notification = LWM2M_CONTAINER_OF(node, struct notification, by_token);
        if (notification->peer == peer && lwm2m_token_equal(&notification->token, token)) {
            return notification;
        }
    }
    return NULL;
}

/* The peer stays held. */
static void notification_free(struct notification *notification)
{
    struct lwm2m_libcoap_peer *peer = notification->peer;
    struct lwm2m_libcoap *libcoap = peer->libcoap;

    lwm2m_timer_disarm(libcoap->timers, &notification->timer);
    lwm2m_hash_table_remove(&libcoap->notifications, &notification->by_token);
    lwm2m_list_remove(&notification->unsettled);
    if (notification->newer != NULL) {
        coap_delete_pdu(notification->newer);
    }
    peer->notifications--;
    libcoap->port->release(libcoap->port->context, notification);
}

static void end(struct notification *notification)
{
    struct lwm2m_libcoap_peer *peer = notification->peer;

    notification_free(notification);
    lwm2m_libcoap_peer_let_go(peer);
}

static void transmit(struct notification *notification, coap_pdu_t *pdu)
{
    struct lwm2m_libcoap *libcoap = notification->peer->libcoap;
    struct lwm2m_libcoap_sent sent;

    lwm2m_list_remove(&notification->unsettled);
    lwm2m_list_append(&libcoap->unsettled, &notification->unsettled);
    lwm2m_libcoap_peer_send(notification->peer, pdu, &sent);
    lwm2m_timer_arm_in(libcoap->timers, &notification->timer, sent.timeout_ms);
}

/* It arrived, for all that we know. */
static void settle(struct notification *notification)
{
    coap_pdu_t *newer = notification->newer;

    if (newer == NULL) {
        end(notification);
        return;
    }
    notification->newer = NULL;
    transmit(notification, newer);
}

static void waited_long_enough(struct lwm2m_timer *timer)
{
    settle(LWM2M_CONTAINER_OF(timer, struct notification, timer));
}

static struct notification *new_notification(struct lwm2m_libcoap_peer *peer,
                                             const struct lwm2m_token *token)
{
    struct lwm2m_libcoap *libcoap = peer->libcoap;
    struct notification *made = libcoap->port->allocate(libcoap->port->context, sizeof(*made));

    if (made == NULL) {
        return NULL;
    }
    memset(made, 0, sizeof(*made));
    made->peer = peer;
    made->token = *token;
    made->timer.fire = waited_long_enough;
    lwm2m_list_init(&made->unsettled);
    lwm2m_hash_table_insert(&libcoap->notifications, &made->by_token,
                            lwm2m_libcoap_hash_token(&peer->libcoap->notifications, peer, token));
    lwm2m_libcoap_peer_hold(peer);
    peer->notifications++;
    return made;
}

enum lwm2m_error lwm2m_libcoap_notifications_notify(struct lwm2m_transport *self,
                                                    struct lwm2m_peer *to,
                                                    const struct lwm2m_message *message,
                                                    bool confirmable)
{
    struct lwm2m_libcoap *libcoap = (struct lwm2m_libcoap *)self;
    struct lwm2m_libcoap_peer *peer = (struct lwm2m_libcoap_peer *)to;
    struct notification *notification = find(peer, &message->token);
    struct lwm2m_message confirmed = *message;
    coap_pdu_t *pdu;
    enum lwm2m_error error;

    (void)confirmable;
    if (notification == NULL && peer->notifications >= libcoap->config.max_waiting) {
        return LWM2M_BUSY;
    }
    confirmed.type = LWM2M_MESSAGE_CON;
    error = lwm2m_libcoap_message_new(&confirmed, &pdu);
    if (error != LWM2M_OK) {
        return error;
    }
    if (notification != NULL) {
        if (notification->newer != NULL) {
            coap_delete_pdu(notification->newer);
        }
        notification->newer = pdu;
        return LWM2M_OK;
    }
    notification = new_notification(peer, &message->token);
    if (notification == NULL) {
        coap_delete_pdu(pdu);
        return LWM2M_NO_MEMORY;
    }
    transmit(notification, pdu);
    return LWM2M_OK;
}

/* ---- how it ended ---- */

static void report_failed(struct lwm2m_libcoap_peer *peer, const struct lwm2m_token *token,
                          enum lwm2m_error error)
{
    const struct lwm2m_transport *transport = &peer->libcoap->transport;

    if (transport->receiver != NULL && transport->receiver->notification_failed != NULL) {
        transport->receiver->notification_failed(transport->receiver_context, &peer->peer, token,
                                                 error);
    }
}

void lwm2m_libcoap_notifications_failed(struct lwm2m_libcoap_peer *peer, const coap_pdu_t *sent,
                                        enum lwm2m_error error)
{
    struct notification *notification;
    coap_opt_iterator_t iterator;
    struct lwm2m_token token;

    if (coap_check_option(sent, COAP_OPTION_OBSERVE, &iterator) == NULL) {
        LWM2M_LOG(peer->libcoap->port, LWM2M_LOG_INFO,
                  "a separate answer was not delivered: ", lwm2m_error_text(error));
        return;
    }
    lwm2m_libcoap_message_token(sent, &token);
    notification = find(peer, &token);
    lwm2m_libcoap_peer_hold(peer);
    if (notification != NULL) {
        end(notification);
    }
    report_failed(peer, &token, error);
    /* A silent peer would hold up each of the others as long. */
    if (error == LWM2M_TIMEOUT && peer->in_window == 0 && peer->notifications > 0) {
        lwm2m_libcoap_peer_fail(peer, error);
    }
    lwm2m_libcoap_peer_let_go(peer);
}

void lwm2m_libcoap_notifications_settle(struct lwm2m_libcoap *libcoap)
{
    struct lwm2m_list settled;
    struct lwm2m_list *node;

    lwm2m_list_init(&settled);
    /* Those that are sent meanwhile go back to the list of the transport. */
    while ((node = lwm2m_list_first(&libcoap->unsettled)) != NULL) {
        lwm2m_list_remove(node);
        lwm2m_list_append(&settled, node);
    }
    while ((node = lwm2m_list_first(&settled)) != NULL) {
        settle(LWM2M_CONTAINER_OF(node, struct notification, unsettled));
    }
}

void lwm2m_libcoap_notifications_fail(struct lwm2m_libcoap_peer *peer, enum lwm2m_error error)
{
    struct lwm2m_libcoap *libcoap = peer->libcoap;
    struct lwm2m_list failing;
    struct lwm2m_list *node;
    struct lwm2m_list *next;

    lwm2m_list_init(&failing);
    LWM2M_LIST_EACH (node, next, &libcoap->unsettled) {
        if (LWM2M_CONTAINER_OF(node, struct notification, unsettled)->peer == peer) {
            lwm2m_list_remove(node);
            lwm2m_list_append(&failing, node);
        }
    }
    while ((node = lwm2m_list_first(&failing)) != NULL) {
        struct notification *notification =
            LWM2M_CONTAINER_OF(node, struct notification, unsettled);
        struct lwm2m_token token = notification->token;
        end(notification);
        report_failed(peer, &token, error);
    }
}

void lwm2m_libcoap_notifications_free(struct lwm2m_libcoap_peer *peer)
{
    struct lwm2m_list *node;
    struct lwm2m_list *next;

    LWM2M_LIST_EACH (node, next, &peer->libcoap->unsettled) {
        struct notification *notification =
            LWM2M_CONTAINER_OF(node, struct notification, unsettled);
        if (notification->peer == peer) {
            notification_free(notification);
        }
    }
}
