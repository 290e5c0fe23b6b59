/*
 * What servers attached to paths.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/attribute_store.h"
#include "support/virtual_port.h"

struct fixture {
    struct virtual_port port;
    struct lwm2m_attribute_store store;
};

static void open_store(struct fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    virtual_port_init(&fixture->port, 1);
    assert_int_equal(lwm2m_attribute_store_init(&fixture->store, &fixture->port.port, 3), LWM2M_OK);
}

static void close_store(struct fixture *fixture)
{
    lwm2m_attribute_store_release(&fixture->store);
    virtual_port_assert_empty(&fixture->port);
}

static enum lwm2m_error change(struct fixture *fixture, uint16_t ssid, struct lwm2m_path path,
                               const char *query)
{
    struct lwm2m_attributes attributes = {0};

    assert_int_equal(lwm2m_attributes_parse_query(lwm2m_bytes_from_text(query), &attributes),
                     LWM2M_OK);
    return lwm2m_attribute_store_change(&fixture->store, ssid, path, &attributes);
}

static void lower_levels_override_higher_ones(void **state)
{
    struct fixture fixture;
    struct lwm2m_attributes effective;

    (void)state;
    open_store(&fixture);
    assert_int_equal(change(&fixture, 1, lwm2m_path_object(3), "pmin=1"), LWM2M_OK);
    assert_int_equal(change(&fixture, 1, lwm2m_path_instance(3, 0), "pmax=2"), LWM2M_OK);
    assert_int_equal(change(&fixture, 1, lwm2m_path_resource(3, 0, 9), "pmin=3"), LWM2M_OK);
    effective = lwm2m_attribute_store_effective(&fixture.store, 1, lwm2m_path_resource(3, 0, 9));
    assert_int_equal(effective.pmin_s, 3);
    assert_int_equal(effective.pmax_s, 2);
    effective = lwm2m_attribute_store_effective(&fixture.store, 1, lwm2m_path_resource(3, 0, 8));
    assert_int_equal(effective.pmin_s, 1);
    /* What is attached below does not count above, and not for another server. */
    effective = lwm2m_attribute_store_effective(&fixture.store, 1, lwm2m_path_object(3));
    assert_int_equal(effective.set, LWM2M_ATTRIBUTE_PMIN);
    effective = lwm2m_attribute_store_effective(&fixture.store, 2, lwm2m_path_resource(3, 0, 9));
    assert_int_equal(effective.set, 0);
    close_store(&fixture);
}

static void unset_they_need_no_room(void **state)
{
    struct fixture fixture;

    (void)state;
    open_store(&fixture);
    for (uint16_t i = 0; i < 3; i++) {
        assert_int_equal(change(&fixture, 1, lwm2m_path_object(i), "pmin=1"), LWM2M_OK);
    }
    assert_int_equal(change(&fixture, 1, lwm2m_path_object(9), "pmin=1"), LWM2M_BUSY);
    assert_int_equal(change(&fixture, 1, lwm2m_path_object(9), "pmin"), LWM2M_OK);
    assert_int_equal(change(&fixture, 1, lwm2m_path_object(0), "pmin"), LWM2M_OK);
    assert_int_equal(change(&fixture, 1, lwm2m_path_object(9), "pmin=1"), LWM2M_OK);
    close_store(&fixture);
}

static void what_is_removed_takes_its_attributes_along(void **state)
{
    struct fixture fixture;

    (void)state;
    open_store(&fixture);
    assert_int_equal(change(&fixture, 1, lwm2m_path_resource(3, 0, 9), "pmin=1"), LWM2M_OK);
    assert_int_equal(change(&fixture, 2, lwm2m_path_instance(3, 0), "pmin=1"), LWM2M_OK);
    assert_int_equal(change(&fixture, 1, lwm2m_path_instance(3, 1), "pmin=1"), LWM2M_OK);
    lwm2m_attribute_store_remove(&fixture.store, lwm2m_path_instance(3, 0));
    assert_int_equal(fixture.store.table.count, 1);
    assert_int_equal(lwm2m_attribute_store_get(&fixture.store, 1, lwm2m_path_instance(3, 1)).set,
                     LWM2M_ATTRIBUTE_PMIN);
    close_store(&fixture);
}

static void without_memory_nothing_changes(void **state)
{
    struct fixture fixture;

    (void)state;
    open_store(&fixture);
    virtual_port_fail_after(&fixture.port, 0);
    assert_int_equal(change(&fixture, 1, lwm2m_path_object(3), "pmin=1"), LWM2M_NO_MEMORY);
    assert_int_equal(fixture.store.table.count, 0);
    close_store(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lower_levels_override_higher_ones),
        cmocka_unit_test(unset_they_need_no_room),
        cmocka_unit_test(what_is_removed_takes_its_attributes_along),
        cmocka_unit_test(without_memory_nothing_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
