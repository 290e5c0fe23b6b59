/*
 * Object 3, Device: what the device is, how it does, its clock and its errors.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/objects.h>

#include <lwm2m/list.h>

#include "base/log.h"

enum {
    OBJECT_ID = 3,
    MANUFACTURER = 0,
    MODEL_NUMBER = 1,
    SERIAL_NUMBER = 2,
    FIRMWARE_VERSION = 3,
    REBOOT = 4,
    FACTORY_RESET = 5,
    MEMORY_FREE = 10,
    ERROR_CODE = 11,
    RESET_ERROR_CODE = 12,
    CURRENT_TIME = 13,
    UTC_OFFSET = 14,
    TIMEZONE = 15,
    SUPPORTED_BINDING = 16,
    DEVICE_TYPE = 17,
    HARDWARE_VERSION = 18,
    SOFTWARE_VERSION = 19,
    MEMORY_TOTAL = 21,
};

/* The answer to the Execute, and to its repetition, leaves before the device goes down. */
#define ACTION_DELAY_MS 200

/* What Error Code says while there is none (registry: instance 0 holds 0). */
#define NO_ERROR_CODE 0
#define ERROR_CODES_MAX 8

struct device {
    struct lwm2m_timers *timers;
    struct lwm2m_object *object;
    struct lwm2m_device_config config; /* its texts only while the object is made */
    struct lwm2m_timer action_timer;
    void (*action)(void *context);
    int64_t clock_offset_s; /* what a server set the clock to, against the device's own */
};

static struct lwm2m_path resource(uint16_t id)
{
    return lwm2m_path_resource(OBJECT_ID, 0, id);
}

static void act(struct lwm2m_timer *timer)
{
    struct device *device = LWM2M_CONTAINER_OF(timer, struct device, action_timer);

    device->action(device->config.context);
}

static enum lwm2m_error act_later(struct device *device, void (*action)(void *context))
{
    if (action == NULL) {
        return LWM2M_UNSUPPORTED;
    }
    device->action = action;
    lwm2m_timer_arm_in(device->timers, &device->action_timer, ACTION_DELAY_MS);
    return LWM2M_OK;
}

static enum lwm2m_error reset_errors(struct device *device)
{
    struct lwm2m_path first = lwm2m_path_resource_instance(OBJECT_ID, 0, ERROR_CODE, 0);
    enum lwm2m_error error =
        lwm2m_table_object_set(device->object, resource(ERROR_CODE), lwm2m_value_none());

    if (error != LWM2M_OK) {
        return error;
    }
    return lwm2m_table_object_set(device->object, first, lwm2m_value_integer(NO_ERROR_CODE));
}

static enum lwm2m_error execute(void *context, struct lwm2m_path path, struct lwm2m_bytes arguments)
{
    struct device *device = context;

    (void)arguments;
    switch (path.resource) {
    case REBOOT:
        return act_later(device, device->config.reboot);
    case FACTORY_RESET:
        return act_later(device, device->config.factory_reset);
    default:
        return reset_errors(device);
    }
}

static enum lwm2m_error read_value(void *context, struct lwm2m_path path, struct lwm2m_sink sink)
{
    const struct device *device = context;
    const struct lwm2m_device_config *config = &device->config;

    switch (path.resource) {
    case MEMORY_FREE:
        return lwm2m_sink_put(sink, path,
                              lwm2m_value_integer(config->memory_free_kib(config->context)));
    case MEMORY_TOTAL:
        return lwm2m_sink_put(sink, path,
                              lwm2m_value_integer(config->memory_total_kib(config->context)));
    case CURRENT_TIME:
        return lwm2m_sink_put(
            sink, path,
            lwm2m_value_time(config->current_time_s(config->context) + device->clock_offset_s));
    default:
        return LWM2M_NOT_FOUND;
    }
}

/* "+02:00", "-09:30", "Z" (ISO 8601). */
static bool is_utc_offset(struct lwm2m_bytes text)
{
    static const char form[] = "s00:00";

    if (text.length == 1 && text.data[0] == 'Z') {
        return true;
    }
    if (text.length != sizeof(form) - 1) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        uint8_t byte = text.data[i];
        bool good = form[i] == 's'   ? byte == '+' || byte == '-'
                    : form[i] == '0' ? byte >= '0' && byte <= '9'
                                     : byte == ':';
        if (!good) {
            return false;
        }
    }
    return text.data[1] < '2' && text.data[4] < '6';
}

/* Times from 1970 on; the stored value 0 means that the clock has not been set. */
static enum lwm2m_error validate(void *context, const struct lwm2m_record *record)
{
    (void)context;
    if (record->path.resource == UTC_OFFSET) {
        return is_utc_offset(record->value.as.bytes) ? LWM2M_OK : LWM2M_RANGE;
    }
    if (record->path.resource == CURRENT_TIME) {
        bool good = record->value.as.integer > 0 && record->value.as.integer < INT64_MAX / 2;
        return good ? LWM2M_OK : LWM2M_RANGE;
    }
    return LWM2M_OK;
}

/* A Current Time that was written is taken over as an offset, so that the clock goes on. */
static void written(void *context, struct lwm2m_path path)
{
    struct device *device = context;
    struct lwm2m_value value;

    (void)path;
    if (lwm2m_table_object_get(device->object, resource(CURRENT_TIME), &value) != LWM2M_OK ||
        value.as.integer == 0) {
        return;
    }
    device->clock_offset_s =
        value.as.integer - device->config.current_time_s(device->config.context);
    /* A resource that is there already takes no memory: this cannot fail. */
    enum lwm2m_error error =
        lwm2m_table_object_set(device->object, resource(CURRENT_TIME), lwm2m_value_time(0));
    LWM2M_ASSERT(device->timers->port, error == LWM2M_OK);
}

static void free_context(void *context)
{
    struct device *device = context;
    const struct lwm2m_port *port = device->timers->port;

    lwm2m_timer_disarm(device->timers, &device->action_timer);
    port->release(port->context, device);
}

static const struct lwm2m_table_object_hooks hooks = {
    .read = read_value,
    .validate = validate,
    .written = written,
    .execute = execute,
    .free = free_context,
};

/* The resources that are there only if the program has an answer for them. */
static enum lwm2m_error fill_computed(struct device *device)
{
    const struct lwm2m_device_config *config = &device->config;
    const struct {
        bool present;
        struct lwm2m_initial_value initial;
    } computed[] = {
        {config->factory_reset != NULL, {resource(FACTORY_RESET), lwm2m_value_none()}},
        {config->current_time_s != NULL, {resource(CURRENT_TIME), lwm2m_value_time(0)}},
        {config->memory_free_kib != NULL && config->memory_free_kib(config->context) >= 0,
         {resource(MEMORY_FREE), lwm2m_value_integer(0)}},
        {config->memory_total_kib != NULL && config->memory_total_kib(config->context) >= 0,
         {resource(MEMORY_TOTAL), lwm2m_value_integer(0)}},
    };

    for (size_t i = 0; i < sizeof(computed) / sizeof(computed[0]); i++) {
        if (!computed[i].present) {
            continue;
        }
        enum lwm2m_error error = lwm2m_defined_object_fill(device->object, &computed[i].initial, 1);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

static enum lwm2m_error make(struct device *device, const struct lwm2m_definitions *definitions)
{
    const struct lwm2m_device_config *config = &device->config;
    const struct lwm2m_initial_value values[] = {
        {resource(MANUFACTURER), lwm2m_value_text(config->manufacturer)},
        {resource(MODEL_NUMBER), lwm2m_value_text(config->model_number)},
        {resource(SERIAL_NUMBER), lwm2m_value_text(config->serial_number)},
        {resource(FIRMWARE_VERSION), lwm2m_value_text(config->firmware_version)},
        {lwm2m_path_resource_instance(OBJECT_ID, 0, ERROR_CODE, 0),
         lwm2m_value_integer(NO_ERROR_CODE)},
        {resource(RESET_ERROR_CODE), lwm2m_value_none()},
        {resource(UTC_OFFSET), lwm2m_value_text("Z")},
        {resource(TIMEZONE), lwm2m_value_text("Etc/UTC")},
        {resource(SUPPORTED_BINDING), lwm2m_value_text("U")},
        {resource(DEVICE_TYPE), lwm2m_value_text(config->device_type)},
        {resource(HARDWARE_VERSION), lwm2m_value_text(config->hardware_version)},
        {resource(SOFTWARE_VERSION), lwm2m_value_text(config->software_version)},
    };
    const struct lwm2m_defined_object defined = {
        .table = {.port = device->timers->port,
                  .hooks = &hooks,
                  .context = device,
                  .fixed_instances = true},
        .id = OBJECT_ID,
        .values = values,
        .value_count = sizeof(values) / sizeof(values[0]),
    };

    return lwm2m_defined_object_new(&defined, definitions, &device->object);
}

enum lwm2m_error lwm2m_device_object_new(struct lwm2m_timers *timers,
                                         const struct lwm2m_definitions *definitions,
                                         const struct lwm2m_device_config *config,
                                         struct lwm2m_object **object)
{
    const struct lwm2m_port *port = timers->port;
    struct device *device = port->allocate(port->context, sizeof(*device));

    if (device == NULL) {
        return LWM2M_NO_MEMORY;
    }
    *device = (struct device){.timers = timers, .config = *config, .action_timer = {.fire = act}};
    enum lwm2m_error error = make(device, definitions); /* takes device, also if it fails */
    if (error != LWM2M_OK) {
        return error;
    }
    error = fill_computed(device);
    if (error != LWM2M_OK) {
        lwm2m_object_free(device->object);
        return error;
    }
    *object = device->object;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_device_object_report_error(struct lwm2m_object *object, uint8_t error_code)
{
    struct lwm2m_path path = lwm2m_path_resource_instance(OBJECT_ID, 0, ERROR_CODE, 0);
    struct lwm2m_value value;

    if (error_code == NO_ERROR_CODE || error_code > ERROR_CODES_MAX) {
        return LWM2M_ARGUMENT;
    }
    /* The first error takes the place of "no error"; every further one gets an instance of its own.
     */
    for (; lwm2m_table_object_get(object, path, &value) == LWM2M_OK; path.resource_instance++) {
        if (value.as.integer == error_code) {
            return LWM2M_OK;
        }
        if (value.as.integer == NO_ERROR_CODE) {
            break;
        }
    }
    return lwm2m_table_object_set(object, path, lwm2m_value_integer(error_code));
}
