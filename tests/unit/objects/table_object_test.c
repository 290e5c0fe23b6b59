/*
 * The table object, as the device and as the engine use it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/client.h>
#include <lwm2m/objects.h>

#include "support/record_lines.h"
#include "support/virtual_port.h"

/* Resources: every type, single and multiple, mandatory and not. */
static const struct lwm2m_resource_definition resources[] = {
    {0, LWM2M_READABLE | LWM2M_WRITABLE, false, true, LWM2M_TYPE_STRING, "Name", "0-8 bytes", ""},
    {1, LWM2M_READABLE | LWM2M_WRITABLE, false, false, LWM2M_TYPE_INTEGER, "Level", "0..9", ""},
    {2, LWM2M_READABLE, true, true, LWM2M_TYPE_OPAQUE, "Keys", "", ""},
    {3, LWM2M_EXECUTABLE, false, true, LWM2M_TYPE_NONE, "Go", "", ""},
    {4, LWM2M_EXECUTABLE, false, false, LWM2M_TYPE_NONE, "Stop", "", ""},
    {5, LWM2M_READABLE, false, true, LWM2M_TYPE_OBJLNK, "Link", "", ""},
};

struct fixture {
    struct virtual_port port;
    struct lwm2m_object *object;
    struct record_lines lines;
    bool computes;
    size_t freed;
};

static enum lwm2m_error compute(void *context, struct lwm2m_path path, struct lwm2m_sink sink)
{
    struct fixture *fixture = context;

    if (!fixture->computes || path.resource != 1) {
        return LWM2M_NOT_FOUND;
    }
    return lwm2m_sink_put(sink, path, lwm2m_value_integer(8));
}

static void count_free(void *context)
{
    ((struct fixture *)context)->freed++;
}

static const struct lwm2m_table_object_hooks hooks = {.read = compute, .free = count_free};

static struct lwm2m_table_object_config config_for(struct fixture *fixture)
{
    return (struct lwm2m_table_object_config){
        .port = &fixture->port.port,
        .definition = {.id = 500,
                       .multiple = true,
                       .version = {1, 0},
                       .name = "Test",
                       .urn = "urn:oma:lwm2m:x:500",
                       .resource_count = sizeof(resources) / sizeof(resources[0]),
                       .resources = resources},
        .hooks = &hooks,
        .context = fixture,
    };
}

static void open_object(struct fixture *fixture)
{
    struct lwm2m_table_object_config config;

    memset(fixture, 0, sizeof(*fixture));
    virtual_port_init(&fixture->port, 1);
    config = config_for(fixture);
    assert_int_equal(lwm2m_table_object_new(&config, &fixture->object), LWM2M_OK);
}

static void close_object(struct fixture *fixture)
{
    lwm2m_object_free(fixture->object);
    assert_int_equal(fixture->freed, 1);
    virtual_port_assert_empty(&fixture->port);
}

static enum lwm2m_error set(struct fixture *fixture, const char *path, struct lwm2m_value value)
{
    return lwm2m_table_object_set(fixture->object, example_path(path), value);
}

static void assert_reads(struct fixture *fixture, const char *path, const char *expected)
{
    fixture->lines.length = 0;
    fixture->lines.text[0] = '\0';
    assert_int_equal(fixture->object->operations->read(fixture->object, example_path(path),
                                                       record_lines_sink(&fixture->lines)),
                     LWM2M_OK);
    assert_string_equal(fixture->lines.text, expected);
}

static void a_new_instance_has_what_is_mandatory(void **state)
{
    struct fixture fixture;
    const struct lwm2m_object_operations *operations;

    (void)state;
    open_object(&fixture);
    operations = fixture.object->operations;
    assert_int_equal(operations->next_instance(fixture.object, 0), LWM2M_NO_ID);
    assert_int_equal(set(&fixture, "/500/7", lwm2m_value_none()), LWM2M_OK);
    assert_int_equal(operations->next_instance(fixture.object, 0), 7);
    assert_int_equal(operations->next_instance(fixture.object, 8), LWM2M_NO_ID);
    assert_int_equal(operations->next_resource(fixture.object, 7, 0), 0);
    assert_int_equal(operations->next_resource(fixture.object, 7, 1), 2);
    assert_int_equal(operations->next_resource(fixture.object, 7, 3), 3);
    assert_int_equal(operations->next_resource(fixture.object, 7, 4), 5);
    assert_int_equal(operations->next_resource(fixture.object, 7, 6), LWM2M_NO_ID);
    assert_int_equal(operations->next_resource_instance(fixture.object, 7, 2, 0), LWM2M_NO_ID);
    assert_reads(&fixture, "/500/7/0", "/500/7/0 string\n");
    assert_reads(&fixture, "/500/7/5", "/500/7/5 objlnk 65535:65535\n");
    close_object(&fixture);
}

static void values_are_checked_against_the_definition(void **state)
{
    struct fixture fixture;

    (void)state;
    open_object(&fixture);
    assert_int_equal(set(&fixture, "/500/0/0", lwm2m_value_text("abc")), LWM2M_OK);
    assert_int_equal(set(&fixture, "/500/0/0", lwm2m_value_text("123456789")), LWM2M_RANGE);
    assert_int_equal(set(&fixture, "/500/0/0", lwm2m_value_text("\xff")), LWM2M_TYPE);
    assert_int_equal(set(&fixture, "/500/0/0", lwm2m_value_integer(1)), LWM2M_TYPE);
    assert_int_equal(set(&fixture, "/500/0/0", lwm2m_value_none()), LWM2M_TYPE);
    assert_int_equal(set(&fixture, "/500/0/1", lwm2m_value_float(5)), LWM2M_OK);
    assert_int_equal(set(&fixture, "/500/0/1", lwm2m_value_integer(10)), LWM2M_RANGE);
    assert_int_equal(set(&fixture, "/500/0/9", lwm2m_value_integer(1)), LWM2M_NOT_FOUND);
    assert_int_equal(set(&fixture, "/500/0/1/0", lwm2m_value_integer(1)), LWM2M_ARGUMENT);
    assert_int_equal(set(&fixture, "/500/0/2", lwm2m_value_opaque((struct lwm2m_bytes){0})),
                     LWM2M_ARGUMENT);
    assert_int_equal(set(&fixture, "/500/0/3", lwm2m_value_integer(1)), LWM2M_TYPE);
    assert_int_equal(set(&fixture, "/501/0/1", lwm2m_value_integer(1)), LWM2M_ARGUMENT);
    assert_int_equal(set(&fixture, "/500", lwm2m_value_none()), LWM2M_ARGUMENT);
    assert_int_equal(lwm2m_table_object_set(fixture.object,
                                            lwm2m_path_resource(500, LWM2M_NO_ID, 1),
                                            lwm2m_value_integer(1)),
                     LWM2M_ARGUMENT);
    assert_int_equal(set(&fixture, "/500/1", lwm2m_value_integer(1)), LWM2M_TYPE);
    assert_int_equal(set(&fixture, "/500/0/4", lwm2m_value_none()), LWM2M_OK);
    assert_reads(&fixture, "/500/0/0", "/500/0/0 string abc\n");
    assert_reads(&fixture, "/500/0/1", "/500/0/1 int 5\n");
    close_object(&fixture);
}

static void a_value_may_be_set_from_itself(void **state)
{
    struct fixture fixture;
    struct lwm2m_value value;

    (void)state;
    open_object(&fixture);
    assert_int_equal(set(&fixture, "/500/0/0", lwm2m_value_text("abc")), LWM2M_OK);
    assert_int_equal(lwm2m_table_object_get(fixture.object, example_path("/500/0/0"), &value),
                     LWM2M_OK);
    assert_int_equal(set(&fixture, "/500/0/0", value), LWM2M_OK);
    assert_reads(&fixture, "/500/0/0", "/500/0/0 string abc\n");
    assert_int_equal(lwm2m_table_object_get(fixture.object, example_path("/500/0/1"), &value),
                     LWM2M_NOT_FOUND);
    close_object(&fixture);
}

static void multiple_resources_keep_their_instances_sorted(void **state)
{
    static const uint8_t bytes[] = {1, 2, 3};
    struct fixture fixture;
    const struct lwm2m_object_operations *operations;

    (void)state;
    open_object(&fixture);
    operations = fixture.object->operations;
    for (uint16_t id = 9; id > 4; id--) {
        assert_int_equal(lwm2m_table_object_set(fixture.object,
                                                lwm2m_path_resource_instance(500, 0, 2, id),
                                                lwm2m_value_opaque((struct lwm2m_bytes){bytes, 3})),
                         LWM2M_OK);
    }
    assert_int_equal(operations->next_resource_instance(fixture.object, 0, 2, 0), 5);
    assert_int_equal(operations->next_resource_instance(fixture.object, 0, 2, 6), 6);
    assert_int_equal(lwm2m_table_object_remove(fixture.object, example_path("/500/0/2/6")),
                     LWM2M_OK);
    assert_int_equal(lwm2m_table_object_remove(fixture.object, example_path("/500/0/2/6")),
                     LWM2M_NOT_FOUND);
    assert_int_equal(operations->next_resource_instance(fixture.object, 0, 2, 6), 7);
    assert_int_equal(set(&fixture, "/500/0/2", lwm2m_value_none()), LWM2M_OK);
    assert_int_equal(operations->next_resource_instance(fixture.object, 0, 2, 0), LWM2M_NO_ID);
    assert_int_equal(operations->next_resource(fixture.object, 0, 2), 2);
    close_object(&fixture);
}

static void what_is_removed_is_gone(void **state)
{
    struct fixture fixture;

    (void)state;
    open_object(&fixture);
    assert_int_equal(set(&fixture, "/500/0/1", lwm2m_value_integer(1)), LWM2M_OK);
    assert_int_equal(lwm2m_table_object_remove(fixture.object, example_path("/500/0/1")), LWM2M_OK);
    assert_int_equal(fixture.object->operations->next_resource(fixture.object, 0, 1), 2);
    assert_int_equal(lwm2m_table_object_remove(fixture.object, example_path("/500/0")), LWM2M_OK);
    assert_int_equal(lwm2m_table_object_remove(fixture.object, example_path("/500/0")),
                     LWM2M_NOT_FOUND);
    assert_int_equal(lwm2m_table_object_remove(fixture.object, example_path("/500")),
                     LWM2M_NOT_FOUND);
    assert_int_equal(lwm2m_table_object_remove(fixture.object, example_path("/501/0")),
                     LWM2M_NOT_FOUND);
    assert_int_equal(fixture.object->operations->next_instance(fixture.object, 0), LWM2M_NO_ID);
    close_object(&fixture);
}

static void a_replaced_instance_loses_what_can_be_written_and_need_not_be(void **state)
{
    struct fixture fixture;

    (void)state;
    open_object(&fixture);
    assert_int_equal(set(&fixture, "/500/0/0", lwm2m_value_text("abc")), LWM2M_OK);
    assert_int_equal(set(&fixture, "/500/0/1", lwm2m_value_integer(1)), LWM2M_OK);
    assert_int_equal(fixture.object->operations->clear(fixture.object, example_path("/500/0")),
                     LWM2M_OK);
    assert_int_equal(fixture.object->operations->next_resource(fixture.object, 0, 1), 2);
    assert_reads(&fixture, "/500/0/0", "/500/0/0 string abc\n");
    close_object(&fixture);
}

static void a_computed_value_hides_the_stored_one(void **state)
{
    struct fixture fixture;

    (void)state;
    open_object(&fixture);
    assert_int_equal(set(&fixture, "/500/0/1", lwm2m_value_integer(1)), LWM2M_OK);
    assert_reads(&fixture, "/500/0/1", "/500/0/1 int 1\n");
    fixture.computes = true;
    assert_reads(&fixture, "/500/0/1", "/500/0/1 int 8\n");
    close_object(&fixture);
}

static void with_fixed_instances_servers_neither_create_nor_delete(void **state)
{
    struct fixture fixture;
    struct lwm2m_table_object_config config;
    struct lwm2m_object *object;

    (void)state;
    open_object(&fixture);
    config = config_for(&fixture);
    config.hooks = NULL;
    config.fixed_instances = true;
    assert_int_equal(lwm2m_table_object_new(&config, &object), LWM2M_OK);
    assert_null(object->operations->create);
    assert_null(object->operations->remove);
    lwm2m_object_free(object);
    close_object(&fixture);
}

/* Whatever allocation fails, the object is as before or as meant, and can be freed. */
static void without_memory_nothing_is_half_made(void **state)
{
    struct fixture fixture;

    (void)state;
    for (size_t allowed = 0; allowed < 12; allowed++) {
        enum lwm2m_error error;
        struct lwm2m_value value;

        open_object(&fixture);
        virtual_port_fail_after(&fixture.port, allowed);
        error = set(&fixture, "/500/3/0", lwm2m_value_text("abc"));
        virtual_port_fail_after(&fixture.port, SIZE_MAX);
        if (error == LWM2M_OK) {
            assert_reads(&fixture, "/500/3/0", "/500/3/0 string abc\n");
        } else {
            assert_int_equal(error, LWM2M_NO_MEMORY);
        }
        if (lwm2m_table_object_get(fixture.object, example_path("/500/3/0"), &value) == LWM2M_OK) {
            assert_int_equal(fixture.object->operations->next_resource(fixture.object, 3, 4), 5);
        } else {
            assert_int_equal(fixture.object->operations->next_instance(fixture.object, 0),
                             LWM2M_NO_ID);
        }
        close_object(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_instance_has_what_is_mandatory),
        cmocka_unit_test(values_are_checked_against_the_definition),
        cmocka_unit_test(a_value_may_be_set_from_itself),
        cmocka_unit_test(multiple_resources_keep_their_instances_sorted),
        cmocka_unit_test(what_is_removed_is_gone),
        cmocka_unit_test(a_replaced_instance_loses_what_can_be_written_and_need_not_be),
        cmocka_unit_test(a_computed_value_hides_the_stored_one),
        cmocka_unit_test(with_fixed_instances_servers_neither_create_nor_delete),
        cmocka_unit_test(without_memory_nothing_is_half_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
