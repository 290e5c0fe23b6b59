/*
 * The life of a registration: how it begins, how long it lasts, how it ends.
 *
 *     state        leaves by                                   to          event
 *     being saved  the store has it (admit)                    registered  REGISTERED
 *     being saved  the store failed                            -           DENIED
 *     registered   Update (renew)                              registered  UPDATED, MOVED before it
 *     registered   Register with the same name                 ended       REPLACED
 *     registered   Deregister, lifetime over, deregister call  ended       DEREGISTERED
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/registrations.h"

#include "server/desired_state.h"
#include "server/observations.h"
#include "server/presence.h"
#include "server/request_queue.h"
#include "server/saves.h"

/* An Update that leaves a device in its last moment still arrives in time. */
#define GRACE_MS 500

static uint64_t expiry_ms(const struct lwm2m_device *device)
{
    const struct lwm2m_registration *registration = &device->registration;

    if (registration->lifetime_s == 0) {
        return LWM2M_NEVER;
    }
    return registration->updated_ms + (uint64_t)registration->lifetime_s * 1000;
}

static void detach(struct lwm2m_server *server, struct lwm2m_device *device)
{
    lwm2m_observations_learn(device);
    lwm2m_registry_remove(&server->registry, device);
    lwm2m_device_disclaim_peer(device);
    lwm2m_timer_disarm(server->config.timers, &device->expiry);
    lwm2m_presence_release(device);
    device->ended = true;
}

/* Ends what goes on with a device that is out of the registry. */
static void drain(struct lwm2m_device *device, enum lwm2m_error error)
{
    lwm2m_observations_end(device, error);
    lwm2m_queue_drain(device, error);
}

static void expire(struct lwm2m_timer *timer)
{
    struct lwm2m_device *device = LWM2M_CONTAINER_OF(timer, struct lwm2m_device, expiry);
    struct lwm2m_server *server = device->server;

    lwm2m_saves_forget(server, device);
    lwm2m_registrations_end(server, device, LWM2M_DEREGISTERED_EXPIRED, NULL);
}

void lwm2m_registrations_renew(struct lwm2m_server *server, struct lwm2m_device *device)
{
    uint64_t now_ms = lwm2m_timers_now(server->config.timers);

    device->registration.updated_ms = now_ms;
    uint64_t deadline_ms = expiry_ms(device);
    lwm2m_timer_arm_at(server->config.timers, &device->expiry,
                       deadline_ms == LWM2M_NEVER ? LWM2M_NEVER : deadline_ms + GRACE_MS);
}

struct lwm2m_device *lwm2m_registrations_admit(struct lwm2m_server *server,
                                               struct lwm2m_device *device)
{
    struct lwm2m_device *replaced = lwm2m_registry_find_name(
        &server->registry, lwm2m_bytes_from_text(device->registration.endpoint_name));

    if (replaced) {
        lwm2m_presence_inherit(device, replaced);
        detach(server, replaced);
    }
    lwm2m_device_hold(device);
    lwm2m_registry_insert(&server->registry, device);
    lwm2m_device_claim_peer(device);
    device->ended = false;
    device->expiry.fire = expire;
    lwm2m_registrations_renew(server, device);
    lwm2m_presence_touch(device);
    device->registration.registered_ms = device->registration.updated_ms;
    return replaced;
}

void lwm2m_registrations_announce(struct lwm2m_server *server, struct lwm2m_device *device,
                                  struct lwm2m_device *replaced)
{
    struct lwm2m_server_event event = {.peer = device->registration.peer};

    lwm2m_device_hold(device);
    if (replaced) {
        lwm2m_saves_forget(server, replaced);
        lwm2m_queue_hand_over(replaced, device);
        drain(replaced, LWM2M_GONE);
        event.type = LWM2M_SERVER_REPLACED;
        event.registration = &replaced->registration;
        event.old_peer = replaced->registration.peer;
        lwm2m_server_emit(server, &event);
        lwm2m_device_release(replaced);
    }
    /* What handled the end of the old one may have ended this one. */
    if (!device->ended) {
        event.type = LWM2M_SERVER_REGISTERED;
        event.registration = &device->registration;
        event.old_peer = NULL;
        lwm2m_server_emit(server, &event);
        lwm2m_presence_announce(device);
        lwm2m_queue_pump(device);
        lwm2m_desired_advance(device);
    }
    lwm2m_device_release(device);
}

void lwm2m_registrations_end(struct lwm2m_server *server, struct lwm2m_device *device,
                             enum lwm2m_deregistration_reason reason, struct lwm2m_peer *peer)
{
    struct lwm2m_server_event event = {
        .type = LWM2M_SERVER_DEREGISTERED,
        .registration = &device->registration,
        .reason = reason,
        .peer = peer ? peer : device->registration.peer,
    };

    detach(server, device);
    drain(device, LWM2M_GONE);
    lwm2m_server_emit(server, &event);
    lwm2m_device_release(device);
}

void lwm2m_registrations_drop(struct lwm2m_server *server)
{
    struct lwm2m_device *device;

    while ((device = lwm2m_registry_next(&server->registry, NULL))) {
        detach(server, device);
        drain(device, LWM2M_CANCELLED);
        lwm2m_device_release(device);
    }
}

/* ---- for programs ---- */

size_t lwm2m_server_registration_count(const struct lwm2m_server *server)
{
    return lwm2m_registry_count(&server->registry);
}

struct lwm2m_registration *lwm2m_server_find(const struct lwm2m_server *server,
                                             struct lwm2m_bytes endpoint_name)
{
    struct lwm2m_device *device = lwm2m_registry_find_name(&server->registry, endpoint_name);

    return device ? &device->registration : NULL;
}

struct lwm2m_registration *lwm2m_server_find_peer(const struct lwm2m_peer *peer)
{
    struct lwm2m_device *device = peer->owner;

    return device ? &device->registration : NULL;
}

struct lwm2m_registration *lwm2m_server_next(const struct lwm2m_server *server,
                                             const struct lwm2m_registration *registration)
{
    const struct lwm2m_device *before = registration ? lwm2m_device_of_const(registration) : NULL;

    if (before && before->ended) {
        return NULL;
    }
    struct lwm2m_device *device = lwm2m_registry_next(&server->registry, before);
    return device ? &device->registration : NULL;
}

uint32_t lwm2m_registration_left_s(const struct lwm2m_server *server,
                                   const struct lwm2m_registration *registration)
{
    uint64_t deadline_ms = expiry_ms(lwm2m_device_of_const(registration));
    uint64_t now_ms = lwm2m_timers_now(server->config.timers);

    if (deadline_ms == LWM2M_NEVER) {
        return UINT32_MAX;
    }
    if (deadline_ms <= now_ms) {
        return 0;
    }
    return (uint32_t)((deadline_ms - now_ms + 999) / 1000);
}

void lwm2m_server_deregister(struct lwm2m_server *server, struct lwm2m_registration *registration)
{
    struct lwm2m_device *device = lwm2m_device_of(registration);

    if (device->ended) {
        return;
    }
    lwm2m_saves_forget(server, device);
    lwm2m_registrations_end(server, device, LWM2M_DEREGISTERED_BY_OPERATOR, NULL);
}
