/*
 * Tests of lib/objects/connectivity_monitoring_object.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <lwm2m/objects.h>

#include "support/virtual_port.h"

static void network_is_told_and_a_router_that_is_not_known_is_left_out(void **state)
{
    struct lwm2m_connectivity_config config = {
        .network_bearer = 41, .signal_strength = -70, .ip_address = "192.0.2.1"};
    struct virtual_port port;
    struct lwm2m_object *object;
    struct lwm2m_value value;
    (void)state;
    virtual_port_init(&port, 1);
    assert_int_equal(
        lwm2m_connectivity_monitoring_object_new(&port.port, &lwm2m_registry, &config, &object),
        LWM2M_OK);
    assert_int_equal(lwm2m_table_object_get(object, lwm2m_path_resource(4, 0, 2), &value),
                     LWM2M_OK);
    assert_int_equal(value.as.integer, -70);
    assert_int_equal(
        lwm2m_table_object_get(object, lwm2m_path_resource_instance(4, 0, 4, 0), &value), LWM2M_OK);
    assert_true(lwm2m_bytes_equal_text(value.as.bytes, "192.0.2.1"));
    assert_int_equal(
        lwm2m_table_object_get(object, lwm2m_path_resource_instance(4, 0, 5, 0), &value),
        LWM2M_NOT_FOUND);
    lwm2m_object_free(object);
    virtual_port_assert_empty(&port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(network_is_told_and_a_router_that_is_not_known_is_left_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
