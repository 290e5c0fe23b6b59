/*
 * Observing as programs see it: subscribe, unsubscribe, cancel.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/observations.h"

#include "server/engine.h"
#include "server/observe_exchange.h"
#include "server/observe_table.h"

/* ---- beginning ---- */

/* Takes *observation, which is not in the table: *observation is then the one that is. */
static enum lwm2m_error share_or_start(struct lwm2m_observation **observation,
                                       const struct lwm2m_observation_request *request)
{
    struct lwm2m_observation *made = *observation;
    struct lwm2m_device *device = made->device;
    const struct lwm2m_server_config *config = &device->server->config;

    *observation = lwm2m_observe_table_find(made);
    if (*observation) {
        lwm2m_observation_release(made);
        return LWM2M_OK;
    }
    if (device->observation_count >= config->max_observations ||
        device->queue_length >= config->max_queued) {
        lwm2m_observation_release(made);
        return LWM2M_BUSY;
    }
    lwm2m_observe_table_insert(made);
    enum lwm2m_error error =
        lwm2m_observe_start(made, request->format, request->timeout_ms, request->hold_ms);
    if (error) {
        lwm2m_observe_table_remove(made);
        lwm2m_observation_release(made);
        return error;
    }
    *observation = made;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_server_observe(struct lwm2m_server *server,
                                      struct lwm2m_registration *registration,
                                      const struct lwm2m_observation_request *request,
                                      struct lwm2m_subscription **result)
{
    struct lwm2m_device *device = lwm2m_device_of(registration);
    struct lwm2m_observation *observation;

    if (!request->on_notification || (request->paths && request->path_count == 0)) {
        return LWM2M_ARGUMENT;
    }
    if (device->ended) {
        return LWM2M_GONE;
    }
    struct lwm2m_subscription *subscription =
        server->port->allocate(server->port->context, sizeof *subscription);
    if (!subscription) {
        return LWM2M_NO_MEMORY;
    }
    enum lwm2m_error error = lwm2m_observation_new(device, request, &observation);
    if (!error) {
        error = share_or_start(&observation, request);
    }
    if (error) {
        server->port->release(server->port->context, subscription);
        return error;
    }
    *subscription = (struct lwm2m_subscription){
        .context = request->context,
        .on_notification = request->on_notification,
    };
    lwm2m_subscriptions_add(observation, subscription);
    if (result) {
        *result = subscription;
    }
    return LWM2M_OK;
}

/* ---- ending ---- */

void lwm2m_server_unsubscribe(struct lwm2m_server *server, struct lwm2m_subscription *subscription)
{
    struct lwm2m_observation *observation = subscription->observation;

    (void)server;
    lwm2m_subscription_free(subscription);
    if (observation->subscriptions.count > 0 || observation->ended) {
        return;
    }
    lwm2m_observe_table_remove(observation);
    lwm2m_observe_stop(observation, true);
    lwm2m_observation_release(observation);
}

/*
 * Ends all observations in a list of those that are out of the table. Whoever hears of it may
 * observe the same again: that is why they were taken out first.
 */
static size_t finish_all(struct lwm2m_list *removed, enum lwm2m_error error, bool politely)
{
    struct lwm2m_list *node;
    size_t count = 0;

    while ((node = lwm2m_list_first(removed))) {
        struct lwm2m_observation *observation =
            LWM2M_CONTAINER_OF(node, struct lwm2m_observation, in_device);
        struct lwm2m_outcome outcome = lwm2m_observation_outcome(observation);
        outcome.error = error;
        lwm2m_list_remove(node);
        lwm2m_observe_stop(observation, politely);
        lwm2m_observe_finish(observation, &outcome);
        count++;
    }
    return count;
}

/* Takes those out of the table that name the path; all for the root. */
static void remove_naming(struct lwm2m_device *device, struct lwm2m_path path,
                          struct lwm2m_list *removed)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &device->observations) {
        struct lwm2m_observation *observation =
            LWM2M_CONTAINER_OF(node, struct lwm2m_observation, in_device);
        if (path.level == LWM2M_LEVEL_ROOT || lwm2m_observation_names(observation, path)) {
            lwm2m_observe_table_remove(observation);
            lwm2m_list_append(removed, node);
        }
    }
}

void lwm2m_observations_end(struct lwm2m_device *device, enum lwm2m_error error)
{
    struct lwm2m_list removed;

    lwm2m_list_init(&removed);
    remove_naming(device, lwm2m_path_root(), &removed);
    finish_all(&removed, error, false);
}

void lwm2m_observations_learn(const struct lwm2m_device *device)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &device->observations) {
        lwm2m_subscriptions_learn(LWM2M_CONTAINER_OF(node, struct lwm2m_observation, in_device));
    }
}

size_t lwm2m_server_cancel_path(struct lwm2m_server *server,
                                struct lwm2m_registration *registration, struct lwm2m_path path,
                                bool passive)
{
    struct lwm2m_device *device = lwm2m_device_of(registration);
    struct lwm2m_list removed;

    (void)server;
    lwm2m_list_init(&removed);
    remove_naming(device, path, &removed);
    lwm2m_device_hold(device);
    size_t count = finish_all(&removed, LWM2M_CANCELLED, !passive);
    lwm2m_device_release(device);
    return count;
}

/* ---- looking ---- */

void lwm2m_server_visit_observations(
    const struct lwm2m_server *server, const struct lwm2m_registration *registration,
    bool (*visit)(void *context, const struct lwm2m_observation_view *observation), void *context)
{
    const struct lwm2m_device *device = lwm2m_device_of_const(registration);
    struct lwm2m_list *node, *next;

    (void)server;
    LWM2M_LIST_EACH (node, next, &device->observations) {
        const struct lwm2m_observation *observation =
            LWM2M_CONTAINER_OF(node, struct lwm2m_observation, in_device);
        const struct lwm2m_observation_view view = {
            .path = observation->path,
            .paths = observation->paths,
            .path_count = observation->path_count,
            .attributes = observation->attributes,
            .subscriptions = observation->subscriptions.count,
            .notifications = observation->notifications,
        };
        if (!visit(context, &view)) {
            return;
        }
    }
}
