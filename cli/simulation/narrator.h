/*
 * Tells on stderr what happens to a simulated device, in plain words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_NARRATOR_H
#define SIMULATION_NARRATOR_H

#include <stdbool.h>

#include <lwm2m/client.h>

#include "output/printer.h"
#include "simulation/demo_device.h"

struct narrator {
    const struct printer *printer;
    struct lwm2m_client *client; /* to read the values that it tells of; may be NULL at first */
    /* The server of a Short Server ID, for context; both set by the device that is told of. */
    const char *(*uri)(const void *context, uint16_t ssid);
    const void *context;
    bool led_line; /* the last thing on the terminal is the LED, on a line that is not over */
};

/* One line, "12:00:01 text", unless -q. The text is escaped. */
void narrate(struct narrator *narrator, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* An event of the client engine. */
void narrate_event(struct narrator *narrator, const struct lwm2m_client_event *event);

/* The LED: in place on a terminal, one line for each blink elsewhere. */
void narrate_led(struct narrator *narrator, const struct demo_led *led);

#endif
