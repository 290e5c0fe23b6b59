/*
 * The subscribers of one observation, and the last notification for those who come late.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/subscriptions.h"

#include <string.h>

#include "server/engine.h"
#include "server/observe_table.h"
#include "server/reported_state.h"

/* The last notification is kept for late subscribers up to this size. */
#define KEPT_BYTES_MAX 16384

void lwm2m_subscriptions_init(struct lwm2m_subscriptions *subscriptions)
{
    lwm2m_list_init(&subscriptions->list);
    lwm2m_list_init(&subscriptions->delivering);
}

void lwm2m_subscriptions_release(struct lwm2m_subscriptions *subscriptions,
                                 const struct lwm2m_port *port)
{
    port->release(port->context, subscriptions->payload);
    subscriptions->payload = NULL;
}

static struct lwm2m_outcome kept_outcome(const struct lwm2m_observation *observation)
{
    const struct lwm2m_subscriptions *subscriptions = &observation->subscriptions;
    struct lwm2m_outcome outcome = lwm2m_observation_outcome(observation);

    outcome.status = subscriptions->status;
    outcome.content_format = subscriptions->content_format;
    outcome.sequence = subscriptions->sequence;
    outcome.payload = (struct lwm2m_bytes){subscriptions->payload, subscriptions->payload_length};
    return outcome;
}

void lwm2m_subscriptions_learn(struct lwm2m_observation *observation)
{
    struct lwm2m_subscriptions *subscriptions = &observation->subscriptions;

    if (subscriptions->unlearned) {
        const struct lwm2m_outcome outcome = kept_outcome(observation);
        subscriptions->unlearned = false;
        lwm2m_reported_learn(observation->device->server, &outcome, subscriptions->kept_ms);
    }
}

static void replay(struct lwm2m_timer *timer)
{
    struct lwm2m_subscription *subscription =
        LWM2M_CONTAINER_OF(timer, struct lwm2m_subscription, replay);
    struct lwm2m_observation *observation = subscription->observation;
    const struct lwm2m_subscriptions *subscriptions = &observation->subscriptions;
    const struct lwm2m_outcome outcome = kept_outcome(observation);

    if (!subscriptions->kept) {
        return;
    }
    /* A notification may take the place of the payload only from a receive, never during this call.
     */
    lwm2m_observation_hold(observation);
    subscription->on_notification(subscription->context, &outcome);
    lwm2m_observation_release(observation);
}

void lwm2m_subscriptions_add(struct lwm2m_observation *observation,
                             struct lwm2m_subscription *subscription)
{
    struct lwm2m_subscriptions *subscriptions = &observation->subscriptions;

    subscription->observation = observation;
    subscription->replay.fire = replay;
    lwm2m_list_append(&subscriptions->list, &subscription->link);
    subscriptions->count++;
    if (subscriptions->kept) {
        lwm2m_timer_arm_in(observation->device->server->config.timers, &subscription->replay, 0);
    }
}

void lwm2m_subscription_free(struct lwm2m_subscription *subscription)
{
    struct lwm2m_observation *observation = subscription->observation;
    struct lwm2m_server *server = observation->device->server;

    lwm2m_list_remove(&subscription->link);
    observation->subscriptions.count--;
    lwm2m_timer_disarm(server->config.timers, &subscription->replay);
    server->port->release(server->port->context, subscription);
}

/* Without memory, those who subscribe later wait for the next. */
static void keep(struct lwm2m_observation *observation, const struct lwm2m_outcome *outcome)
{
    const struct lwm2m_port *port = observation->device->server->port;
    struct lwm2m_subscriptions *subscriptions = &observation->subscriptions;
    size_t length = outcome->payload.length;

    subscriptions->kept = false;
    subscriptions->unlearned = false;
    if (length > KEPT_BYTES_MAX) {
        return;
    }
    if (length > subscriptions->payload_capacity) {
        uint8_t *memory = port->allocate(port->context, length);
        if (!memory) {
            return;
        }
        port->release(port->context, subscriptions->payload);
        subscriptions->payload = memory;
        subscriptions->payload_capacity = length;
    }
    if (length > 0) {
        memcpy(subscriptions->payload, outcome->payload.data, length);
    }
    subscriptions->payload_length = length;
    subscriptions->status = outcome->status;
    subscriptions->content_format = outcome->content_format;
    subscriptions->sequence = outcome->sequence;
    subscriptions->kept = true;
    subscriptions->unlearned = true;
    subscriptions->kept_ms = lwm2m_timers_now(observation->device->server->config.timers);
}

void lwm2m_subscriptions_deliver(struct lwm2m_observation *observation,
                                 const struct lwm2m_outcome *outcome)
{
    struct lwm2m_device *device = observation->device;
    struct lwm2m_timers *timers = device->server->config.timers;
    struct lwm2m_subscriptions *subscriptions = &observation->subscriptions;
    struct lwm2m_list *node;

    keep(observation, outcome);
    if (!subscriptions->kept || device->server->config.store->save_state) {
        lwm2m_reported_learn(device->server, outcome, lwm2m_timers_now(timers));
        subscriptions->unlearned = false;
    }
    while ((node = lwm2m_list_first(&subscriptions->list))) {
        lwm2m_list_remove(node);
        lwm2m_list_append(&subscriptions->delivering, node);
    }
    while ((node = lwm2m_list_first(&subscriptions->delivering))) {
        struct lwm2m_subscription *subscription =
            LWM2M_CONTAINER_OF(node, struct lwm2m_subscription, link);
        lwm2m_list_remove(node);
        lwm2m_list_append(&subscriptions->list, node);
        lwm2m_timer_disarm(timers, &subscription->replay);
        subscription->on_notification(subscription->context, outcome);
    }
}

void lwm2m_subscriptions_close(struct lwm2m_observation *observation,
                               const struct lwm2m_outcome *outcome)
{
    struct lwm2m_subscriptions *subscriptions = &observation->subscriptions;
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&subscriptions->list)) ||
           (node = lwm2m_list_first(&subscriptions->delivering))) {
        struct lwm2m_subscription *subscription =
            LWM2M_CONTAINER_OF(node, struct lwm2m_subscription, link);
        void *context = subscription->context;
        void (*on_notification)(void *, const struct lwm2m_outcome *) =
            subscription->on_notification;
        lwm2m_subscription_free(subscription);
        on_notification(context, outcome);
    }
}
