/*
 * Object 5, Firmware Update, as state only: the device says that it is idle, and takes no package.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/objects.h>

enum {
    OBJECT_ID = 5,
    PACKAGE = 0,
    PACKAGE_URI = 1,
    STATE = 3,
    UPDATE_RESULT = 5,
    DELIVERY_METHOD = 9,
};

enum {
    STATE_IDLE = 0,
    RESULT_INITIAL = 0,
    DELIVERY_BOTH = 2,
};

/* An empty URI, an empty package and a package of one NUL byte ask for a reset: idle it is already.
 */
static bool asks_for_reset(const struct lwm2m_record *record)
{
    struct lwm2m_bytes bytes = record->value.as.bytes;

    return bytes.length == 0 ||
           (record->path.resource == PACKAGE && bytes.length == 1 && bytes.data[0] == 0);
}

static enum lwm2m_error validate(void *context, const struct lwm2m_record *record)
{
    (void)context;
    if (record->path.resource != PACKAGE && record->path.resource != PACKAGE_URI) {
        return LWM2M_OK;
    }
    return asks_for_reset(record) ? LWM2M_OK : LWM2M_UNSUPPORTED;
}

/* Update needs a package that was downloaded (State 2), and there is never one. */
static enum lwm2m_error execute(void *context, struct lwm2m_path path, struct lwm2m_bytes arguments)
{
    (void)context;
    (void)path;
    (void)arguments;
    return LWM2M_NOT_ALLOWED;
}

static const struct lwm2m_table_object_hooks hooks = {
    .validate = validate,
    .execute = execute,
};

enum lwm2m_error lwm2m_firmware_update_object_new(const struct lwm2m_port *port,
                                                  const struct lwm2m_definitions *definitions,
                                                  struct lwm2m_object **object)
{
    const struct lwm2m_initial_value values[] = {
        {lwm2m_path_resource(OBJECT_ID, 0, STATE), lwm2m_value_integer(STATE_IDLE)},
        {lwm2m_path_resource(OBJECT_ID, 0, UPDATE_RESULT), lwm2m_value_integer(RESULT_INITIAL)},
        {lwm2m_path_resource(OBJECT_ID, 0, DELIVERY_METHOD), lwm2m_value_integer(DELIVERY_BOTH)},
    };
    const struct lwm2m_defined_object defined = {
        .table = {.port = port, .hooks = &hooks, .fixed_instances = true},
        .id = OBJECT_ID,
        .values = values,
        .value_count = sizeof(values) / sizeof(values[0]),
    };

    return lwm2m_defined_object_new(&defined, definitions, object);
}
