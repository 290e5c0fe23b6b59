/*
 * Object 7, Connectivity Statistics: what was sent and received between Start and Stop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/objects.h>

#include <lwm2m/list.h>

enum {
    OBJECT_ID = 7,
    TX_DATA = 2,
    RX_DATA = 3,
    MAX_MESSAGE_SIZE = 4,
    AVERAGE_MESSAGE_SIZE = 5,
    START = 6,
    STOP = 7,
    COLLECTION_PERIOD = 8,
};

struct statistics {
    struct lwm2m_timers *timers;
    struct lwm2m_object *object;
    struct lwm2m_connectivity_statistics_config config;
    bool collecting;
    struct lwm2m_traffic at_start; /* what the transport had carried when collection began */
    struct lwm2m_traffic at_stop;  /* and when it ended */
    struct lwm2m_timer period_timer;
};

static struct lwm2m_path resource(uint16_t id)
{
    return lwm2m_path_resource(OBJECT_ID, 0, id);
}

static struct lwm2m_traffic traffic_now(const struct statistics *statistics)
{
    struct lwm2m_traffic traffic = statistics->at_stop;

    if (statistics->collecting) {
        statistics->config.traffic(statistics->config.context, &traffic);
    }
    return traffic;
}

static void stop(struct statistics *statistics)
{
    statistics->at_stop = traffic_now(statistics);
    statistics->collecting = false;
    lwm2m_timer_disarm(statistics->timers, &statistics->period_timer);
}

static void period_over(struct lwm2m_timer *timer)
{
    stop(LWM2M_CONTAINER_OF(timer, struct statistics, period_timer));
}

/* A period of 0 lasts until Stop. */
static void arm_period(struct statistics *statistics)
{
    struct lwm2m_value period;

    if (lwm2m_table_object_get(statistics->object, resource(COLLECTION_PERIOD), &period) ==
            LWM2M_OK &&
        period.as.integer > 0) {
        lwm2m_timer_arm_in(statistics->timers, &statistics->period_timer,
                           (uint64_t)period.as.integer * 1000);
    }
}

static void start(struct statistics *statistics)
{
    statistics->collecting = true;
    statistics->config.traffic(statistics->config.context, &statistics->at_start);
    lwm2m_timer_disarm(statistics->timers, &statistics->period_timer);
    arm_period(statistics);
}

static enum lwm2m_error execute(void *context, struct lwm2m_path path, struct lwm2m_bytes arguments)
{
    (void)arguments;
    if (path.resource == START) {
        start(context);
    } else {
        stop(context);
    }
    return LWM2M_OK;
}

static enum lwm2m_error put_number(struct lwm2m_sink sink, struct lwm2m_path path, uint64_t number)
{
    return lwm2m_sink_put(sink, path,
                          lwm2m_value_integer(number > INT64_MAX ? INT64_MAX : (int64_t)number));
}

static enum lwm2m_error read_value(void *context, struct lwm2m_path path, struct lwm2m_sink sink)
{
    const struct statistics *statistics = context;
    const struct lwm2m_traffic *then = &statistics->at_start;
    struct lwm2m_traffic now = traffic_now(statistics);
    uint64_t sent = now.sent_bytes - then->sent_bytes;
    uint64_t received = now.received_bytes - then->received_bytes;
    uint64_t messages = now.messages - then->messages;

    switch (path.resource) {
    case TX_DATA:
        return put_number(sink, path, sent / 1024);
    case RX_DATA:
        return put_number(sink, path, received / 1024);
    case MAX_MESSAGE_SIZE:
        return put_number(sink, path, messages == 0 ? 0 : now.largest_message_bytes);
    case AVERAGE_MESSAGE_SIZE:
        return put_number(sink, path, messages == 0 ? 0 : (sent + received) / messages);
    default:
        return LWM2M_NOT_FOUND;
    }
}

/* At most 136 years, so that the milliseconds cannot overflow. */
static enum lwm2m_error validate(void *context, const struct lwm2m_record *record)
{
    (void)context;
    if (record->path.resource != COLLECTION_PERIOD) {
        return LWM2M_OK;
    }
    return record->value.as.integer >= 0 && record->value.as.integer <= UINT32_MAX ? LWM2M_OK
                                                                                   : LWM2M_RANGE;
}

static void written(void *context, struct lwm2m_path path)
{
    struct statistics *statistics = context;

    (void)path;
    if (statistics->collecting) {
        lwm2m_timer_disarm(statistics->timers, &statistics->period_timer);
        arm_period(statistics);
    }
}

static void free_context(void *context)
{
    struct statistics *statistics = context;
    const struct lwm2m_port *port = statistics->timers->port;

    lwm2m_timer_disarm(statistics->timers, &statistics->period_timer);
    port->release(port->context, statistics);
}

static const struct lwm2m_table_object_hooks hooks = {
    .read = read_value,
    .validate = validate,
    .written = written,
    .execute = execute,
    .free = free_context,
};

enum lwm2m_error lwm2m_connectivity_statistics_object_new(
    struct lwm2m_timers *timers, const struct lwm2m_definitions *definitions,
    const struct lwm2m_connectivity_statistics_config *config, struct lwm2m_object **object)
{
    const struct lwm2m_port *port = timers->port;
    struct statistics *statistics = port->allocate(port->context, sizeof(*statistics));
    const struct lwm2m_initial_value values[] = {
        {resource(TX_DATA), lwm2m_value_integer(0)},
        {resource(RX_DATA), lwm2m_value_integer(0)},
        {resource(MAX_MESSAGE_SIZE), lwm2m_value_integer(0)},
        {resource(AVERAGE_MESSAGE_SIZE), lwm2m_value_integer(0)},
        {resource(COLLECTION_PERIOD), lwm2m_value_integer(0)},
    };
    const struct lwm2m_defined_object defined = {
        .table = {.port = port, .hooks = &hooks, .context = statistics, .fixed_instances = true},
        .id = OBJECT_ID,
        .values = values,
        .value_count = sizeof(values) / sizeof(values[0]),
    };

    if (statistics == NULL) {
        return LWM2M_NO_MEMORY;
    }
    *statistics = (struct statistics){
        .timers = timers, .config = *config, .period_timer = {.fire = period_over}};
    enum lwm2m_error error = lwm2m_defined_object_new(&defined, definitions, object);
    if (error == LWM2M_OK) {
        statistics->object = *object;
    }
    return error;
}
