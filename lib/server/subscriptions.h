/*
 * The subscribers of one observation, and the last notification for those who come late.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVER_SUBSCRIPTIONS_H
#define SERVER_SUBSCRIPTIONS_H

#include <lwm2m/list.h>
#include <lwm2m/port.h>
#include <lwm2m/server.h>

struct lwm2m_observation;

struct lwm2m_subscription {
    struct lwm2m_list link;
    struct lwm2m_observation *observation;
    struct lwm2m_timer replay; /* armed while it is to get the last notification again */
    void *context;
    void (*on_notification)(void *context, const struct lwm2m_outcome *outcome);
};

/* Inside an observation. */
struct lwm2m_subscriptions {
    struct lwm2m_list list;
    struct lwm2m_list delivering; /* those that have yet to get the present notification */
    size_t count;
    bool kept;      /* the members below hold the last notification */
    bool unlearned; /* it is not in the reported state of its device yet */
    uint64_t kept_ms;
    uint16_t content_format;
    uint32_t sequence;
    enum lwm2m_status status;
    uint8_t *payload;
    size_t payload_length, payload_capacity;
};

void lwm2m_subscriptions_init(struct lwm2m_subscriptions *subscriptions);
/* When nobody subscribes any more. */
void lwm2m_subscriptions_release(struct lwm2m_subscriptions *subscriptions,
                                 const struct lwm2m_port *port);

/* Takes the subscription, allocated from the port; it gets what was kept at the next step. */
void lwm2m_subscriptions_add(struct lwm2m_observation *observation,
                             struct lwm2m_subscription *subscription);
/* Frees it. */
void lwm2m_subscription_free(struct lwm2m_subscription *subscription);

/* Keeps a notification for those who come later, and hands it to everyone who is there. */
void lwm2m_subscriptions_deliver(struct lwm2m_observation *observation,
                                 const struct lwm2m_outcome *outcome);
/*
 * Brings what was kept into the reported state of the device. That is put off until somebody asks for
 * the state, or the observation ends, so that a notification costs no decoding.
 */
void lwm2m_subscriptions_learn(struct lwm2m_observation *observation);
/* Takes every subscription away, the last thing each hears being the outcome. */
void lwm2m_subscriptions_close(struct lwm2m_observation *observation,
                               const struct lwm2m_outcome *outcome);

#endif
