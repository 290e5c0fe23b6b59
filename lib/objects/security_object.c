/*
 * Object 0, LwM2M Security: which servers there are, and how to reach them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/objects.h>

enum {
    OBJECT_ID = 0,
    SERVER_URI = 0,
    BOOTSTRAP_SERVER = 1,
    SECURITY_MODE = 2,
    SHORT_SERVER_ID = 10,
};

enum lwm2m_error lwm2m_security_object_new(const struct lwm2m_port *port,
                                           const struct lwm2m_definitions *definitions,
                                           struct lwm2m_object **object)
{
    const struct lwm2m_defined_object defined = {.table = {.port = port}, .id = OBJECT_ID};

    return lwm2m_defined_object_new(&defined, definitions, object);
}

enum lwm2m_error lwm2m_security_object_add(struct lwm2m_object *object,
                                           const struct lwm2m_security_account *account)
{
    uint16_t at = account->instance;
    const struct lwm2m_initial_value values[] = {
        {lwm2m_path_resource(OBJECT_ID, at, SERVER_URI), lwm2m_value_text(account->uri)},
        {lwm2m_path_resource(OBJECT_ID, at, BOOTSTRAP_SERVER), lwm2m_value_boolean(false)},
        {lwm2m_path_resource(OBJECT_ID, at, SECURITY_MODE),
         lwm2m_value_integer(account->security_mode)},
        {lwm2m_path_resource(OBJECT_ID, at, SHORT_SERVER_ID), lwm2m_value_integer(account->ssid)},
    };

    return lwm2m_defined_object_fill(object, values, sizeof(values) / sizeof(values[0]));
}
