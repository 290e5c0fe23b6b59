/*
 * The presence of devices in queue mode: how long one listens after its last message, and when it
 * sleeps.
 *
 *     state    leaves by                          to       event
 *     awake    a message of it (touch)            awake    -
 *     awake    awake_ms without a message         asleep   ASLEEP
 *     awake    a request without answer (lose)    asleep   ASLEEP
 *     asleep   a message of it (touch)            awake    AWAKE, by announce
 *     asleep   a new Register (inherit, touch)    awake    REGISTERED, then AWAKE
 *
 * A registration begins awake. Without queue mode there is only that state.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/presence.h"

#include "base/log.h"
#include "server/desired_state.h"
#include "server/engine.h"
#include "server/request_queue.h"

/* Of a device in queue mode. Apart from the device, so that others do not pay for it. */
struct lwm2m_presence {
    struct lwm2m_device *device;
    struct lwm2m_timer window; /* armed while the device is awake */
    bool told_awake;           /* what the program knows */
};

static void fall_asleep(struct lwm2m_device *device)
{
    const struct lwm2m_server_event event = {
        .type = LWM2M_SERVER_ASLEEP,
        .registration = &device->registration,
        .peer = device->registration.peer,
    };

    device->registration.awake = false;
    lwm2m_timer_disarm(device->server->config.timers, &device->presence->window);
    lwm2m_queue_suspend(device);
    if (device->presence->told_awake) {
        device->presence->told_awake = false;
        lwm2m_server_emit(device->server, &event);
    }
}

static void end_window(struct lwm2m_timer *timer)
{
    struct lwm2m_presence *presence = LWM2M_CONTAINER_OF(timer, struct lwm2m_presence, window);

    fall_asleep(presence->device);
}

/* False if there is no memory: the device then counts as awake. */
static bool have_presence(struct lwm2m_device *device)
{
    const struct lwm2m_port *port = device->server->port;

    if (device->presence) {
        return true;
    }
    device->presence = port->allocate(port->context, sizeof *device->presence);
    if (!device->presence) {
        LWM2M_LOG(port, LWM2M_LOG_WARNING, "no memory to follow the sleep of a device: ",
                  device->registration.endpoint_name);
        return false;
    }
    *device->presence = (struct lwm2m_presence){
        .device = device,
        .window = {.fire = end_window},
        .told_awake = true,
    };
    return true;
}

void lwm2m_presence_touch(struct lwm2m_device *device)
{
    struct lwm2m_timers *timers = device->server->config.timers;

    device->registration.seen_ms = lwm2m_timers_now(timers);
    if (device->ended) {
        return;
    }
    if (device->registration.queue_mode && have_presence(device)) {
        lwm2m_timer_arm_in(timers, &device->presence->window, device->server->config.awake_ms);
    } else if (device->presence) {
        lwm2m_timer_disarm(timers, &device->presence->window);
    }
    if (!device->registration.awake) {
        device->registration.awake = true;
        lwm2m_queue_resume(device);
    }
}

void lwm2m_presence_announce(struct lwm2m_device *device)
{
    const struct lwm2m_server_event event = {
        .type = LWM2M_SERVER_AWAKE,
        .registration = &device->registration,
        .peer = device->registration.peer,
    };

    if (!device->presence || device->presence->told_awake || !device->registration.awake ||
        device->ended) {
        return;
    }
    device->presence->told_awake = true;
    lwm2m_device_hold(device);
    lwm2m_server_emit(device->server, &event);
    lwm2m_queue_pump(device);
    lwm2m_desired_advance(device);
    lwm2m_device_release(device);
}

void lwm2m_presence_lose(struct lwm2m_device *device)
{
    if (device->registration.queue_mode && device->registration.awake && !device->ended &&
        have_presence(device)) {
        fall_asleep(device);
    }
}

void lwm2m_presence_inherit(struct lwm2m_device *device, const struct lwm2m_device *replaced)
{
    if (replaced->presence && !replaced->presence->told_awake && have_presence(device)) {
        device->presence->told_awake = false;
    }
}

void lwm2m_presence_release(struct lwm2m_device *device)
{
    const struct lwm2m_port *port = device->server->port;

    if (!device->presence) {
        return;
    }
    lwm2m_timer_disarm(device->server->config.timers, &device->presence->window);
    port->release(port->context, device->presence);
    device->presence = NULL;
}
