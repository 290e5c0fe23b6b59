/*
 * Object 3200, Digital Input: a button that is pressed every five seconds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/demo_parts.h"

enum {
    OBJECT_ID = 3200,
    STATE = 5500,
    COUNTER = 5501,
    COUNTER_RESET = 5505,
    APPLICATION_TYPE = 5750,
};

#define PRESS_EVERY_MS 5000

struct button {
    struct lwm2m_timer timer; /* first: the timer is the button */
    struct lwm2m_timers *timers;
    struct lwm2m_object *object;
    uint64_t next_press_ms;
    int64_t presses;
};

static struct lwm2m_path resource(uint16_t id)
{
    return lwm2m_path_resource(OBJECT_ID, 0, id);
}

static enum lwm2m_error set_counter(struct button *button)
{
    return lwm2m_table_object_set(button->object, resource(COUNTER),
                                  lwm2m_value_integer(button->presses));
}

/* The next press is five seconds from the last, not from now: the beat does not drift. */
static void press(struct lwm2m_timer *timer)
{
    struct button *button = (struct button *)timer;
    button->presses++;
    button->next_press_ms += PRESS_EVERY_MS;
    lwm2m_timer_arm_at(button->timers, timer, button->next_press_ms);
    if (set_counter(button) != LWM2M_OK) {
        button->presses--; /* no memory: counted at the next press */
    }
}

static enum lwm2m_error execute(void *context, struct lwm2m_path path, struct lwm2m_bytes arguments)
{
    struct button *button = context;
    (void)path;
    (void)arguments;
    button->presses = 0;
    return set_counter(button);
}

static void free_button(void *context)
{
    struct button *button = context;
    const struct lwm2m_port *port = button->timers->port;
    lwm2m_timer_disarm(button->timers, &button->timer);
    port->release(port->context, button);
}

static const struct lwm2m_table_object_hooks hooks = {
    .execute = execute,
    .free = free_button,
};

enum lwm2m_error demo_button_new(struct lwm2m_timers *timers, struct lwm2m_object **object)
{
    const struct lwm2m_port *port = timers->port;
    struct button *button = port->allocate(port->context, sizeof(*button));
    const struct lwm2m_initial_value values[] = {
        {resource(STATE), lwm2m_value_boolean(false)},
        {resource(COUNTER), lwm2m_value_integer(0)},
        {resource(COUNTER_RESET), lwm2m_value_none()},
        {resource(APPLICATION_TYPE), lwm2m_value_text("button")},
    };
    const struct lwm2m_defined_object defined = {
        .table = {.port = port, .hooks = &hooks, .context = button, .fixed_instances = true},
        .id = OBJECT_ID,
        .values = values,
        .value_count = sizeof(values) / sizeof(values[0]),
    };
    if (button == NULL) {
        return LWM2M_NO_MEMORY;
    }
    *button = (struct button){.timer = {.fire = press}, .timers = timers};
    enum lwm2m_error error = lwm2m_defined_object_new(&defined, &demo_definitions, object);
    if (error == LWM2M_OK) {
        button->object = *object;
        button->next_press_ms = lwm2m_timers_now(timers) + PRESS_EVERY_MS;
        lwm2m_timer_arm_at(timers, &button->timer, button->next_press_ms);
    }
    return error;
}
