/*
 * Tests of lib/objects/firmware_update_object.c.
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

static void device_is_idle_and_takes_no_package(void **state)
{
    struct virtual_port port;
    struct lwm2m_object *object;
    struct lwm2m_value value;
    struct lwm2m_record package = {
        .path = lwm2m_path_resource(5, 0, 0),
        .value = lwm2m_value_opaque((struct lwm2m_bytes){(const uint8_t *)"\0x", 2})};
    (void)state;
    virtual_port_init(&port, 1);
    assert_int_equal(lwm2m_firmware_update_object_new(&port.port, &lwm2m_registry, &object),
                     LWM2M_OK);
    assert_int_equal(lwm2m_table_object_get(object, lwm2m_path_resource(5, 0, 3), &value),
                     LWM2M_OK);
    assert_int_equal(value.as.integer, 0);
    const struct lwm2m_object_operations *operations = object->operations;
    assert_int_equal(operations->validate(object, &package), LWM2M_UNSUPPORTED);
    package.value.as.bytes.length = 1; /* a NUL byte resets the state (LwM2M Core §E.6) */
    assert_int_equal(operations->validate(object, &package), LWM2M_OK);
    assert_int_equal(
        operations->execute(object, lwm2m_path_resource(5, 0, 2), (struct lwm2m_bytes){0}),
        LWM2M_NOT_ALLOWED);
    lwm2m_object_free(object);
    virtual_port_assert_empty(&port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(device_is_idle_and_takes_no_package)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
