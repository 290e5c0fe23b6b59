/*
 * Tests of lib/base/id_array.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/id_array.h"
#include "support/virtual_port.h"

struct item {
    uint16_t id;
    uint32_t value;
};

static void items_stay_sorted_whatever_comes_and_goes(void **state)
{
    static bool present[64];
    struct virtual_port port;
    struct lwm2m_id_array array = {0};
    size_t count = 0;
    (void)state;
    virtual_port_init(&port, 7);
    for (unsigned step = 0; step < 5000; step++) {
        uint16_t id = (uint16_t)virtual_port_random_below(&port, 64);
        struct item *item = lwm2m_id_array_find(&array, sizeof(*item), id);
        assert_int_equal(item != NULL, present[id]);
        if (item != NULL) {
            assert_int_equal(item->value, id * 3u);
            lwm2m_id_array_remove(&array, sizeof(*item),
                                  lwm2m_id_array_position(&array, sizeof(*item), id));
            count--;
        } else {
            item = lwm2m_id_array_insert(&array, &port.port, sizeof(*item), id);
            assert_non_null(item);
            assert_int_equal(item->value, 0);
            item->value = id * 3u;
            count++;
        }
        present[id] = !present[id];
        assert_int_equal(array.count, count);
    }
    for (size_t i = 1; i < array.count; i++) {
        const struct item *before = lwm2m_id_array_at(&array, sizeof(*before), i - 1);
        const struct item *item = lwm2m_id_array_at(&array, sizeof(*item), i);
        assert_true(before->id < item->id);
    }
    lwm2m_id_array_release(&array, &port.port);
    virtual_port_assert_empty(&port);
}

static void no_memory_leaves_the_array_as_it_was(void **state)
{
    struct virtual_port port;
    struct lwm2m_id_array array = {0};
    (void)state;
    virtual_port_init(&port, 7);
    virtual_port_fail_after(&port, 0);
    assert_null(lwm2m_id_array_insert(&array, &port.port, sizeof(struct item), 1));
    assert_int_equal(array.count, 0);
    lwm2m_id_array_release(&array, &port.port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_stay_sorted_whatever_comes_and_goes),
        cmocka_unit_test(no_memory_leaves_the_array_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
