/*
 * The catalogue: one entry an object, its versions in order, its newest definition.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "control/definition_catalogue.h"

static const struct lwm2m_object_definition objects[] = {
    {.id = 9, .version = {1, 1}, .name = "Nine, newer"},
    {.id = 9, .version = {1, 0}, .name = "Nine"},
    {.id = 4, .version = {2, 0}, .name = "Four"},
};

static void gathers_versions_by_object(void **state)
{
    struct lwm2m_definitions definitions = {.objects = objects, .count = 3};
    struct definition_catalogue catalogue;
    char text[32];
    (void)state;
    assert_true(definition_catalogue_init(&catalogue, &definitions));
    assert_int_equal(catalogue.count, 2);
    assert_int_equal(catalogue.entries[0].object.id, 4);
    const struct catalogue_entry *entry = definition_catalogue_find(&catalogue, 9);
    assert_non_null(entry);
    assert_string_equal(entry->object.name, "Nine, newer");
    catalogue_entry_print_versions(entry, text, sizeof(text));
    assert_string_equal(text, "1.0 1.1");
    catalogue_entry_print_versions(entry, text, 5);
    assert_string_equal(text, "1.0 ");
    assert_null(definition_catalogue_find(&catalogue, 5));
    definition_catalogue_release(&catalogue);
}

static void nothing_is_an_empty_catalogue(void **state)
{
    struct lwm2m_definitions definitions = {0};
    struct definition_catalogue catalogue;
    (void)state;
    assert_true(definition_catalogue_init(&catalogue, &definitions));
    assert_null(definition_catalogue_find(&catalogue, 0));
    definition_catalogue_release(&catalogue);
}

static void prints_operations(void **state)
{
    char text[4];
    (void)state;
    operations_print(LWM2M_READABLE | LWM2M_WRITABLE, text);
    assert_string_equal(text, "RW");
    operations_print(LWM2M_EXECUTABLE, text);
    assert_string_equal(text, "E");
    operations_print(0, text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gathers_versions_by_object),
        cmocka_unit_test(nothing_is_an_empty_catalogue),
        cmocka_unit_test(prints_operations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
