/*
 * The registry's table: complete, in order, and true to samples of the registry.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/definition.h>

#include "model/definition_table.h"

static const struct lwm2m_definition_table *table(void)
{
    return lwm2m_registry.table;
}

static void all_objects_and_resources_are_there(void **state)
{
    (void)state;
    size_t resources = 0;
    size_t ids = 0;
    for (size_t i = 0; i < table()->object_count; i++) {
        resources += table()->objects[i].resource_count;
        ids += i == 0 || table()->objects[i].id != table()->objects[i - 1].id;
    }
    assert_int_equal(table()->object_count, 424);
    assert_int_equal(ids, 327);
    assert_int_equal(resources, 4506);
    assert_int_equal(table()->reusable_count, 177);
}

static void assert_rows_are_sorted_and_sound(const struct lwm2m_resource_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool is_executable = (rows[i].flags & LWM2M_EXECUTABLE) != 0;
        assert_true(i == 0 || rows[i - 1].id < rows[i].id);
        assert_true(rows[i].type < LWM2M_TYPE_COUNT);
        assert_int_equal(rows[i].type == LWM2M_TYPE_NONE, is_executable);
        assert_true(table()->texts[rows[i].name] != '\0');
    }
}

static void rows_are_in_the_order_that_look_ups_need(void **state)
{
    (void)state;
    size_t next_resource = 0;
    for (size_t i = 0; i < table()->object_count; i++) {
        const struct lwm2m_object_row *row = &table()->objects[i];
        if (i > 0) {
            const struct lwm2m_object_row *previous = row - 1;
            assert_true(previous->id < row->id ||
                        (previous->id == row->id &&
                         previous->major * 256 + previous->minor < row->major * 256 + row->minor));
        }
        assert_int_equal(row->first_resource, next_resource);
        next_resource += row->resource_count;
        assert_true(row->resource_count > 0);
        assert_rows_are_sorted_and_sound(table()->resources + row->first_resource,
                                         row->resource_count);
    }
    assert_rows_are_sorted_and_sound(table()->reusable, table()->reusable_count);
}

static void every_row_is_found_by_its_id_and_version(void **state)
{
    (void)state;
    for (size_t i = 0; i < table()->object_count; i++) {
        const struct lwm2m_object_row *row = &table()->objects[i];
        struct lwm2m_object_definition object;
        struct lwm2m_version version = {row->major, row->minor};
        assert_true(lwm2m_definitions_find_object(&lwm2m_registry, row->id, version, &object));
        assert_int_equal(object.id, row->id);
        assert_int_equal(lwm2m_version_compare(object.version, version), 0);
        assert_int_equal(object.resource_count, row->resource_count);
        assert_int_equal(strncmp(object.urn, "urn:oma:lwm2m:", 14), 0);
        for (size_t j = 0; j < object.resource_count; j++) {
            struct lwm2m_resource_definition at_place;
            struct lwm2m_resource_definition found;
            lwm2m_object_definition_get(&object, j, &at_place);
            assert_true(lwm2m_object_definition_find(&object, at_place.id, &found));
            assert_ptr_equal(found.name, at_place.name);
        }
    }
}

static void samples_read_as_in_the_registry(void **state)
{
    (void)state;
    static const struct {
        uint16_t object;
        struct lwm2m_version version;
        struct lwm2m_resource_definition resource;
    } samples[] = {
        {0, {1, 0}, {0, 0, false, true, LWM2M_TYPE_STRING, "LWM2M Server URI", "0-255 bytes", ""}},
        {1,
         {1, 1},
         {1, LWM2M_READABLE | LWM2M_WRITABLE, false, true, LWM2M_TYPE_INTEGER, "Lifetime", "",
          "s"}},
        {3,
         {1, 0},
         {6, LWM2M_READABLE, true, false, LWM2M_TYPE_INTEGER, "Available Power Sources", "0-7",
          ""}},
        {3, {1, 0}, {4, LWM2M_EXECUTABLE, false, true, LWM2M_TYPE_NONE, "Reboot", "", ""}},
        {3,
         {1, 2},
         {9, LWM2M_READABLE, false, false, LWM2M_TYPE_INTEGER, "Battery Level", "0..100", "/100"}},
        {5, {1, 0}, {0, LWM2M_WRITABLE, false, true, LWM2M_TYPE_OPAQUE, "Package", "", ""}},
        {3303,
         {1, 0},
         {5700, LWM2M_READABLE, false, true, LWM2M_TYPE_FLOAT, "Sensor Value", "", ""}},
        /* The registry names a type for this executable resource; it has no value all the same. */
        {10260, {1, 0}, {3, LWM2M_EXECUTABLE, false, true, LWM2M_TYPE_NONE, "Unset", "", ""}},
        {3418,
         {1, 0},
         {22, LWM2M_READABLE | LWM2M_WRITABLE, false, false, LWM2M_TYPE_FLOAT,
          "High voltage threshold", "ON;OFF", "V"}},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct lwm2m_resource_definition *expected = &samples[i].resource;
        struct lwm2m_object_definition object;
        struct lwm2m_resource_definition resource;
        assert_true(lwm2m_definitions_find_object(&lwm2m_registry, samples[i].object,
                                                  samples[i].version, &object));
        assert_true(lwm2m_object_definition_find(&object, expected->id, &resource));
        assert_int_equal(resource.operations, expected->operations);
        assert_int_equal(resource.multiple, expected->multiple);
        assert_int_equal(resource.mandatory, expected->mandatory);
        assert_int_equal(resource.type, expected->type);
        assert_string_equal(resource.name, expected->name);
        assert_string_equal(resource.range, expected->range);
        assert_string_equal(resource.units, expected->units);
    }
}

static void an_object_reads_as_in_the_registry(void **state)
{
    (void)state;
    struct lwm2m_object_definition object;
    assert_true(
        lwm2m_definitions_find_object(&lwm2m_registry, 0, (struct lwm2m_version){1, 2}, &object));
    assert_string_equal(object.name, "LWM2M Security");
    assert_string_equal(object.urn, "urn:oma:lwm2m:oma:0:1.2");
    assert_true(object.multiple);
    assert_true(object.mandatory);
    assert_int_equal(lwm2m_version_compare(object.lwm2m_version, (struct lwm2m_version){1, 1}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_objects_and_resources_are_there),
        cmocka_unit_test(rows_are_in_the_order_that_look_ups_need),
        cmocka_unit_test(every_row_is_found_by_its_id_and_version),
        cmocka_unit_test(samples_read_as_in_the_registry),
        cmocka_unit_test(an_object_reads_as_in_the_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
