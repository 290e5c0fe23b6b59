/*
 * Object 6, Location: where the device is, and since when that is known.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/objects.h>

enum {
    OBJECT_ID = 6,
    LATITUDE = 0,
    LONGITUDE = 1,
    ALTITUDE = 2,
    TIMESTAMP = 5,
};

enum lwm2m_error lwm2m_location_object_new(const struct lwm2m_port *port,
                                           const struct lwm2m_definitions *definitions,
                                           const struct lwm2m_location *location,
                                           struct lwm2m_object **object)
{
    const struct lwm2m_initial_value values[] = {
        {lwm2m_path_resource(OBJECT_ID, 0, LATITUDE), lwm2m_value_float(location->latitude)},
        {lwm2m_path_resource(OBJECT_ID, 0, LONGITUDE), lwm2m_value_float(location->longitude)},
        {lwm2m_path_resource(OBJECT_ID, 0, ALTITUDE), lwm2m_value_float(location->altitude_m)},
        {lwm2m_path_resource(OBJECT_ID, 0, TIMESTAMP), lwm2m_value_time(location->time_s)},
    };
    const struct lwm2m_defined_object defined = {
        .table = {.port = port, .fixed_instances = true},
        .id = OBJECT_ID,
        .values = values,
        .value_count = sizeof(values) / sizeof(values[0]),
    };

    return lwm2m_defined_object_new(&defined, definitions, object);
}
