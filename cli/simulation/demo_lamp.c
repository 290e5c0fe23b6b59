/*
 * Object 3201, Digital Output: an LED that blinks a pattern.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/number.h>

#include "simulation/demo_parts.h"

enum {
    OBJECT_ID = 3201,
    STATE = 5550,
    BLINK = 5850,
    ON_TIME = 5853,
};

#define BLINKS 5
#define ON_MS_LEAST 1
#define ON_MS_MOST 60000
#define ON_MS_AT_FIRST "500"

/*
 * The pattern: on and off by turns, each for the on-time, until the last blink is over.
 *
 *   dark  --Execute-->  on   --on-time-->  off  --on-time-->  on …
 *                       on (last blink)  --on-time-->  dark
 */
struct lamp {
    struct lwm2m_timer timer; /* first: the timer is the lamp */
    struct lwm2m_timers *timers;
    struct lwm2m_object *object;
    void (*show)(void *context, const struct demo_led *led);
    void *context;
    struct demo_led led;
    uint64_t began_ms;
    uint64_t next_ms;
};

static struct lwm2m_path resource(uint16_t id)
{
    return lwm2m_path_resource(OBJECT_ID, 0, id);
}

static bool parse_on_time(struct lwm2m_bytes text, uint32_t *on_ms)
{
    uint64_t number;
    if (lwm2m_number_parse_unsigned(text, &number) != LWM2M_OK || number < ON_MS_LEAST ||
        number > ON_MS_MOST) {
        return false;
    }
    *on_ms = (uint32_t)number;
    return true;
}

/* 5550 tells it, too: a resource that is there already, so that there is nothing that could fail.
 */
static void light(struct lamp *lamp, bool on)
{
    enum lwm2m_error error =
        lwm2m_table_object_set(lamp->object, resource(STATE), lwm2m_value_boolean(on));
    lamp->led.on = on && error == LWM2M_OK;
    if (lamp->show != NULL) {
        lamp->show(lamp->context, &lamp->led);
    }
}

static void go_on(struct lwm2m_timer *timer)
{
    struct lamp *lamp = (struct lamp *)timer;
    bool was_on = lamp->led.on;
    if (was_on && lamp->led.blink == lamp->led.blinks) {
        lamp->led.over = true;
        lamp->led.took_ms = lwm2m_timers_now(lamp->timers) - lamp->began_ms;
    } else {
        lamp->led.blink += was_on ? 0 : 1;
        lamp->next_ms += lamp->led.on_ms;
        lwm2m_timer_arm_at(lamp->timers, timer, lamp->next_ms);
    }
    light(lamp, !was_on);
}

static enum lwm2m_error start_pattern(struct lamp *lamp)
{
    struct lwm2m_value value;
    uint32_t on_ms;
    enum lwm2m_error error = lwm2m_table_object_get(lamp->object, resource(ON_TIME), &value);
    if (error != LWM2M_OK || !parse_on_time(value.as.bytes, &on_ms)) {
        return LWM2M_STATE;
    }
    lamp->led = (struct demo_led){.blinks = BLINKS, .on_ms = on_ms};
    lamp->began_ms = lwm2m_timers_now(lamp->timers);
    lamp->next_ms = lamp->began_ms;
    lwm2m_timer_arm_at(lamp->timers, &lamp->timer, lamp->began_ms);
    return LWM2M_OK;
}

static enum lwm2m_error execute(void *context, struct lwm2m_path path, struct lwm2m_bytes arguments)
{
    (void)path;
    (void)arguments;
    return start_pattern(context);
}

static enum lwm2m_error validate(void *context, const struct lwm2m_record *record)
{
    uint32_t on_ms;
    (void)context;
    if (record->path.resource != ON_TIME || record->value.type != LWM2M_TYPE_STRING) {
        return LWM2M_OK;
    }
    return parse_on_time(record->value.as.bytes, &on_ms) ? LWM2M_OK : LWM2M_RANGE;
}

static void free_lamp(void *context)
{
    struct lamp *lamp = context;
    const struct lwm2m_port *port = lamp->timers->port;
    lwm2m_timer_disarm(lamp->timers, &lamp->timer);
    port->release(port->context, lamp);
}

static const struct lwm2m_table_object_hooks hooks = {
    .validate = validate,
    .execute = execute,
    .free = free_lamp,
};

enum lwm2m_error demo_lamp_new(struct lwm2m_timers *timers,
                               void (*led)(void *context, const struct demo_led *led),
                               void *context, struct lwm2m_object **object)
{
    const struct lwm2m_port *port = timers->port;
    struct lamp *lamp = port->allocate(port->context, sizeof(*lamp));
    const struct lwm2m_initial_value values[] = {
        {resource(STATE), lwm2m_value_boolean(false)},
        {resource(BLINK), lwm2m_value_none()},
        {resource(ON_TIME), lwm2m_value_text(ON_MS_AT_FIRST)},
    };
    const struct lwm2m_defined_object defined = {
        .table = {.port = port, .hooks = &hooks, .context = lamp, .fixed_instances = true},
        .id = OBJECT_ID,
        .values = values,
        .value_count = sizeof(values) / sizeof(values[0]),
    };
    if (lamp == NULL) {
        return LWM2M_NO_MEMORY;
    }
    *lamp =
        (struct lamp){.timer = {.fire = go_on}, .timers = timers, .show = led, .context = context};
    enum lwm2m_error error = lwm2m_defined_object_new(&defined, &demo_definitions, object);
    if (error == LWM2M_OK) {
        lamp->object = *object;
    }
    return error;
}
