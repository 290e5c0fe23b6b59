/*
 * The demo device: objects 1, 3, 4, 5, 6, 7, 3200, 3201 and 3303 with lives of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_DEMO_DEVICE_H
#define SIMULATION_DEMO_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include <lwm2m/client.h>
#include <lwm2m/definition.h>
#include <lwm2m/host.h>

#include "control/outcome.h"

/* What the LED of /3201/0 does. */
struct demo_led {
    bool on;
    unsigned blink, blinks; /* blink 1 to blinks */
    uint32_t on_ms;
    uint64_t took_ms; /* of the whole pattern; set when it is over */
    bool over;
};

struct demo_device_config {
    const char *const *uris; /* of the servers, whose Short Server IDs are 1, 2, … */
    size_t uri_count;
    uint32_t lifetime_s;
    bool queue_mode;
    const struct lwm2m_definitions *definitions; /* of objects that demo_device_set makes */
    /* The objects that it has from the start, of those that it knows; 0, 1 and 3 always. NULL: all. */
    const uint16_t *objects;
    size_t object_count;
    void *context;
    void (*led)(void *context, const struct demo_led *led);
    void (*note)(void *context, const char *text); /* "rebooting", … */
};

struct demo_device;

/* The registry with the device's own definition of object 3201 over it: 5850 is executable there.
 */
extern const struct lwm2m_definitions demo_definitions;

/*
 * Gives a client the objects of the demo device, connected through the listener. Texts of config
 * are borrowed. An object that it does not know is a failure. NULL with *failure filled.
 */
struct demo_device *demo_device_new(struct lwm2m_host *host, struct lwm2m_listener *listener,
                                    struct lwm2m_client *client,
                                    const struct demo_device_config *config,
                                    struct control_outcome *failure);
/* Before the client is freed. NULL is allowed. */
void demo_device_free(struct demo_device *device);

/*
 * Sets a value, as on the command line of the client: an object that the device does not have is
 * made from its definition. The instance and the resource are made if need be.
 */
enum lwm2m_error demo_device_set(struct demo_device *device,
                                 const struct lwm2m_record *record) LWM2M_MUST_CHECK;

/* Makes an instance, and its object if need be. LWM2M_EXISTS. */
enum lwm2m_error demo_device_add_instance(struct demo_device *device,
                                          struct lwm2m_path path) LWM2M_MUST_CHECK;

/* As Execute of /3/0/4 and /3/0/5 do. */
void demo_device_reboot(struct demo_device *device);

#endif
