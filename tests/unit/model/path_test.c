/*
 * Paths: building, order, text, and the texts that are none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/path.h>

#include "support/virtual_port.h"

static struct lwm2m_path any_path(struct virtual_port *port)
{
    struct lwm2m_path path = lwm2m_path_root();
    for (uint32_t level = virtual_port_random_below(port, 5); level > 0; level--) {
        /* Few ids, so that paths share their beginnings; and the largest. */
        uint32_t id = virtual_port_random_below(port, 4);
        assert_int_equal(lwm2m_path_append(&path, id == 3 ? 65534 : (uint16_t)id), LWM2M_OK);
    }
    return path;
}

static void constructors_set_the_ids_of_their_level_only(void **state)
{
    (void)state;
    struct lwm2m_path path = lwm2m_path_root();
    assert_true(lwm2m_path_equal(path, lwm2m_path_root()));
    assert_int_equal(path.level, LWM2M_LEVEL_ROOT);
    assert_int_equal(path.object, LWM2M_NO_ID);
    assert_int_equal(lwm2m_path_append(&path, 3), LWM2M_OK);
    assert_true(lwm2m_path_equal(path, lwm2m_path_object(3)));
    assert_int_equal(path.instance, LWM2M_NO_ID);
    assert_int_equal(lwm2m_path_append(&path, 0), LWM2M_OK);
    assert_true(lwm2m_path_equal(path, lwm2m_path_instance(3, 0)));
    assert_int_equal(lwm2m_path_append(&path, 7), LWM2M_OK);
    assert_true(lwm2m_path_equal(path, lwm2m_path_resource(3, 0, 7)));
    assert_int_equal(lwm2m_path_append(&path, 1), LWM2M_OK);
    assert_true(lwm2m_path_equal(path, lwm2m_path_resource_instance(3, 0, 7, 1)));
    assert_int_equal(path.level, LWM2M_LEVEL_RESOURCE_INSTANCE);
}

static void a_fifth_segment_and_the_reserved_id_are_refused(void **state)
{
    (void)state;
    struct lwm2m_path path = lwm2m_path_resource_instance(1, 2, 3, 4);
    assert_int_equal(lwm2m_path_append(&path, 5), LWM2M_ARGUMENT);
    path = lwm2m_path_object(1);
    assert_int_equal(lwm2m_path_append(&path, LWM2M_NO_ID), LWM2M_ARGUMENT);
    assert_true(lwm2m_path_equal(path, lwm2m_path_object(1)));
}

static void ancestors_are_the_first_segments(void **state)
{
    (void)state;
    struct lwm2m_path path = lwm2m_path_resource_instance(3, 0, 7, 1);
    assert_true(lwm2m_path_equal(lwm2m_path_ancestor(path, LWM2M_LEVEL_ROOT), lwm2m_path_root()));
    assert_true(
        lwm2m_path_equal(lwm2m_path_ancestor(path, LWM2M_LEVEL_OBJECT), lwm2m_path_object(3)));
    assert_true(lwm2m_path_equal(lwm2m_path_ancestor(path, LWM2M_LEVEL_RESOURCE),
                                 lwm2m_path_resource(3, 0, 7)));
    assert_true(lwm2m_path_equal(lwm2m_path_ancestor(lwm2m_path_object(3), LWM2M_LEVEL_RESOURCE),
                                 lwm2m_path_object(3)));
}

static void a_path_contains_itself_and_what_lies_below(void **state)
{
    (void)state;
    struct lwm2m_path instance = lwm2m_path_instance(3, 1);
    assert_true(lwm2m_path_contains(lwm2m_path_root(), instance));
    assert_true(lwm2m_path_contains(lwm2m_path_object(3), instance));
    assert_true(lwm2m_path_contains(instance, instance));
    assert_true(lwm2m_path_contains(instance, lwm2m_path_resource_instance(3, 1, 2, 3)));
    assert_false(lwm2m_path_contains(instance, lwm2m_path_object(3)));
    assert_false(lwm2m_path_contains(instance, lwm2m_path_resource(3, 0, 2)));
    assert_false(lwm2m_path_contains(lwm2m_path_object(4), instance));
}

static void the_order_is_that_of_a_walk_parents_first(void **state)
{
    (void)state;
    const struct lwm2m_path walk[] = {
        lwm2m_path_root(),
        lwm2m_path_object(0),
        lwm2m_path_instance(0, 0),
        lwm2m_path_resource(0, 0, 0),
        lwm2m_path_resource_instance(0, 0, 0, 0),
        lwm2m_path_resource_instance(0, 0, 0, 65534),
        lwm2m_path_resource(0, 0, 1),
        lwm2m_path_instance(0, 1),
        lwm2m_path_object(1),
        lwm2m_path_object(65534),
        lwm2m_path_instance(65534, 65534),
    };
    for (size_t i = 0; i < sizeof walk / sizeof *walk; i++) {
        for (size_t j = 0; j < sizeof walk / sizeof *walk; j++) {
            int order = lwm2m_path_compare(walk[i], walk[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
            assert_int_equal(lwm2m_path_equal(walk[i], walk[j]), i == j);
        }
    }
}

static void any_path_is_read_back_from_its_text(void **state)
{
    (void)state;
    struct virtual_port port;
    virtual_port_init(&port, 31);
    for (int i = 0; i < 20000; i++) {
        char text[LWM2M_PATH_TEXT_MAX];
        struct lwm2m_path path = any_path(&port);
        struct lwm2m_path back;
        size_t length = lwm2m_path_print(path, text);

        assert_int_equal(length, strlen(text));
        assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(text), &back, NULL), LWM2M_OK);
        assert_memory_equal(&back, &path, sizeof path);
        /* Without the first '/', too. */
        assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(text + 1), &back, NULL), LWM2M_OK);
        assert_memory_equal(&back, &path, sizeof path);
    }
}

static void the_longest_path_fits_its_text(void **state)
{
    (void)state;
    char text[LWM2M_PATH_TEXT_MAX];
    size_t length =
        lwm2m_path_print(lwm2m_path_resource_instance(65534, 65534, 65534, 65534), text);
    assert_int_equal(length, LWM2M_PATH_TEXT_MAX - 1);
    assert_string_equal(text, "/65534/65534/65534/65534");
}

static void a_text_that_is_no_path_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
    } cases[] = {
        {"//", 1},         {"3/", 2},
        {"/3/", 3},        {"3//0", 2},
        {"/3//0", 3},      {"65535", 0},
        {"/65535", 1},     {"/3/70000", 3},
        {"4294967299", 0}, {"03", 0},
        {"/00", 1},        {"3/00", 2},
        {"3/-1", 2},       {"a", 0},
        {"/3/0/x", 5},     {"3 ", 1},
        {" 3", 0},         {"3/0x1", 3},
        {"3.0", 1},        {"/1/2/3/4/5", 9},
        {"/1/2/3/4/", 9},  {"18446744073709551619", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lwm2m_path path = lwm2m_path_object(42);
        struct lwm2m_fault fault = {0};
        assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(cases[i].text), &path, &fault),
                         LWM2M_MALFORMED);
        assert_int_equal(fault.error, LWM2M_MALFORMED);
        assert_non_null(fault.reason);
        if (fault.offset != cases[i].offset) {
            fail_msg("%s: offset %zu", cases[i].text, fault.offset);
        }
        assert_true(lwm2m_path_equal(path, lwm2m_path_object(42)));
        assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(cases[i].text), &path, NULL),
                         LWM2M_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constructors_set_the_ids_of_their_level_only),
        cmocka_unit_test(a_fifth_segment_and_the_reserved_id_are_refused),
        cmocka_unit_test(ancestors_are_the_first_segments),
        cmocka_unit_test(a_path_contains_itself_and_what_lies_below),
        cmocka_unit_test(the_order_is_that_of_a_walk_parents_first),
        cmocka_unit_test(any_path_is_read_back_from_its_text),
        cmocka_unit_test(the_longest_path_fits_its_text),
        cmocka_unit_test(a_text_that_is_no_path_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
