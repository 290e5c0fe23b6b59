/*
 * Object 3303, Temperature: a thermometer whose reading wanders slowly around 21 °C.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/demo_parts.h"

enum {
    OBJECT_ID = 3303,
    MIN_MEASURED = 5601,
    MAX_MEASURED = 5602,
    MIN_RANGE = 5603,
    MAX_RANGE = 5604,
    RESET_MIN_AND_MAX = 5605,
    SENSOR_VALUE = 5700,
    SENSOR_UNITS = 5701,
};

#define MEASURE_EVERY_MS 2000

/* In tenths of a degree, so that the sum of many steps stays what it says. */
#define MIDDLE 210
#define LEAST (MIDDLE - 30)
#define MOST (MIDDLE + 30)

struct thermometer {
    struct lwm2m_timer timer; /* first: the timer is the thermometer */
    struct lwm2m_timers *timers;
    struct lwm2m_object *object;
    int tenths;
    int least, most; /* measured since the last reset */
};

static struct lwm2m_value celsius(int tenths)
{
    return lwm2m_value_float(tenths / 10.0);
}

static enum lwm2m_error set(struct thermometer *thermometer, uint16_t id, int tenths)
{
    return lwm2m_table_object_set(thermometer->object, lwm2m_path_resource(OBJECT_ID, 0, id),
                                  celsius(tenths));
}

/* A step of -0.1, 0 or 0.1 °C; from the ends, and from where somebody set it beyond them, only
 * back. */
static int next_step(const struct thermometer *thermometer)
{
    const struct lwm2m_port *port = thermometer->timers->port;
    uint8_t random;
    if (thermometer->tenths > MOST || thermometer->tenths < LEAST) {
        return thermometer->tenths > MOST ? -1 : 1;
    }
    port->random(port->context, &random, sizeof(random));
    int step = random % 3 - 1;
    if (thermometer->tenths + step > MOST || thermometer->tenths + step < LEAST) {
        return -step;
    }
    return step;
}

/* Every value has its place already, so that setting it needs no memory. */
static enum lwm2m_error publish(struct thermometer *thermometer, int was_least, int was_most)
{
    enum lwm2m_error error = LWM2M_OK;
    if (thermometer->least != was_least) {
        error = set(thermometer, MIN_MEASURED, thermometer->least);
    }
    if (error == LWM2M_OK && thermometer->most != was_most) {
        error = set(thermometer, MAX_MEASURED, thermometer->most);
    }
    return error;
}

/* Goes on from the stored value: the device's own user may have set it. */
static void take_over(struct thermometer *thermometer)
{
    struct lwm2m_value value;
    if (lwm2m_table_object_get(thermometer->object, lwm2m_path_resource(OBJECT_ID, 0, SENSOR_VALUE),
                               &value) == LWM2M_OK &&
        value.as.number > -1e6 && value.as.number < 1e6) {
        double tenths = value.as.number * 10;
        thermometer->tenths = (int)(tenths < 0 ? tenths - 0.5 : tenths + 0.5);
    }
}

static void follow_extremes(struct thermometer *thermometer)
{
    int was_least = thermometer->least;
    int was_most = thermometer->most;
    if (thermometer->tenths < was_least) {
        thermometer->least = thermometer->tenths;
    }
    if (thermometer->tenths > was_most) {
        thermometer->most = thermometer->tenths;
    }
    if (publish(thermometer, was_least, was_most) != LWM2M_OK) {
        thermometer->least = was_least; /* published with the next extreme */
        thermometer->most = was_most;
    }
}

static void measure(struct lwm2m_timer *timer)
{
    struct thermometer *thermometer = (struct thermometer *)timer;
    lwm2m_timer_arm_in(thermometer->timers, timer, MEASURE_EVERY_MS);
    take_over(thermometer);
    follow_extremes(thermometer);
    int step = next_step(thermometer);
    if (step != 0 && set(thermometer, SENSOR_VALUE, thermometer->tenths + step) == LWM2M_OK) {
        thermometer->tenths += step;
        follow_extremes(thermometer);
    }
}

static enum lwm2m_error execute(void *context, struct lwm2m_path path, struct lwm2m_bytes arguments)
{
    struct thermometer *thermometer = context;
    int was_least = thermometer->least;
    int was_most = thermometer->most;
    (void)path;
    (void)arguments;
    thermometer->least = thermometer->tenths;
    thermometer->most = thermometer->tenths;
    return publish(thermometer, was_least, was_most);
}

static void free_thermometer(void *context)
{
    struct thermometer *thermometer = context;
    const struct lwm2m_port *port = thermometer->timers->port;
    lwm2m_timer_disarm(thermometer->timers, &thermometer->timer);
    port->release(port->context, thermometer);
}

static const struct lwm2m_table_object_hooks hooks = {
    .execute = execute,
    .free = free_thermometer,
};

static struct lwm2m_initial_value initial(uint16_t id, struct lwm2m_value value)
{
    return (struct lwm2m_initial_value){lwm2m_path_resource(OBJECT_ID, 0, id), value};
}

enum lwm2m_error demo_thermometer_new(struct lwm2m_timers *timers, struct lwm2m_object **object)
{
    const struct lwm2m_port *port = timers->port;
    struct thermometer *thermometer = port->allocate(port->context, sizeof(*thermometer));
    const struct lwm2m_initial_value values[] = {
        initial(SENSOR_VALUE, celsius(MIDDLE)),
        initial(MIN_MEASURED, celsius(MIDDLE)),
        initial(MAX_MEASURED, celsius(MIDDLE)),
        initial(MIN_RANGE, celsius(LEAST)),
        initial(MAX_RANGE, celsius(MOST)),
        initial(RESET_MIN_AND_MAX, lwm2m_value_none()),
        initial(SENSOR_UNITS, lwm2m_value_text("Cel")),
    };
    const struct lwm2m_defined_object defined = {
        .table = {.port = port, .hooks = &hooks, .context = thermometer, .fixed_instances = true},
        .id = OBJECT_ID,
        .values = values,
        .value_count = sizeof(values) / sizeof(values[0]),
    };
    if (thermometer == NULL) {
        return LWM2M_NO_MEMORY;
    }
    *thermometer = (struct thermometer){
        .timer = {.fire = measure},
        .timers = timers,
        .tenths = MIDDLE,
        .least = MIDDLE,
        .most = MIDDLE,
    };
    enum lwm2m_error error = lwm2m_defined_object_new(&defined, &demo_definitions, object);
    if (error == LWM2M_OK) {
        thermometer->object = *object;
        lwm2m_timer_arm_in(timers, &thermometer->timer, MEASURE_EVERY_MS);
    }
    return error;
}
