/*
 * Notification attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/attributes.h>

static enum lwm2m_error parse(const char *query, struct lwm2m_attributes *attributes)
{
    return lwm2m_attributes_parse_query(lwm2m_bytes_from_text(query), attributes);
}

static void a_query_sets_an_attribute(void **state)
{
    (void)state;
    struct lwm2m_attributes attributes = {0};
    assert_int_equal(parse("pmin=10", &attributes), LWM2M_OK);
    assert_int_equal(attributes.set, LWM2M_ATTRIBUTE_PMIN);
    assert_int_equal(attributes.pmin_s, 10);
    assert_int_equal(parse("pmax=4294967295", &attributes), LWM2M_OK);
    assert_int_equal(attributes.set, LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX);
    assert_true(attributes.pmax_s == UINT32_MAX);
    assert_int_equal(attributes.cleared, 0);
}

static void every_attribute_is_read_and_printed_as_it_was(void **state)
{
    (void)state;
    static const char *const queries[] = {"pmin=1",   "pmax=2",  "gt=-40.25", "lt=-100", "st=0.1",
                                          "epmin=3",  "epmax=4", "edge=1",    "con=0",   "hqmax=5",
                                          "gt=1e+30", "st=0",    "edge=0",    "hqmax=0"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct lwm2m_attributes attributes = {0};
        char memory[32];
        struct lwm2m_buffer out;

        assert_int_equal(parse(queries[i], &attributes), LWM2M_OK);
        lwm2m_buffer_init(&out, memory, sizeof memory - 1);
        assert_int_equal(lwm2m_attributes_print(&attributes, &out), LWM2M_OK);
        memory[out.length] = '\0';
        assert_int_equal(memory[0], ';');
        assert_string_equal(memory + 1, queries[i]);
    }
}

static void they_are_printed_in_one_order(void **state)
{
    (void)state;
    static const char *const queries[] = {"hqmax=10", "con=1", "edge=0", "epmax=9", "epmin=8",
                                          "st=3",     "lt=20", "gt=30",  "pmax=60", "pmin=5"};
    struct lwm2m_attributes attributes = {0};
    char memory[128];
    struct lwm2m_buffer out;

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        assert_int_equal(parse(queries[i], &attributes), LWM2M_OK);
    }
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_attributes_print(&attributes, &out), LWM2M_OK);
    assert_true(lwm2m_bytes_equal_text(
        lwm2m_buffer_bytes(&out),
        ";pmin=5;pmax=60;gt=30;lt=20;st=3;epmin=8;epmax=9;edge=0;con=1;hqmax=10"));
}

static void what_contradicts_itself_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *queries[3];
        bool contradicts;
    } cases[] = {
        {{"gt=30", "lt=20", "st=4.9"}, false},
        {{"gt=30", "lt=20", "st=5"}, true},
        {{"gt=30", "lt=20", "st=6"}, true},
        {{"gt=20", "lt=30", "st=0"}, true},
        {{"gt=20", "lt=20", "st=0"}, true},
        {{"gt=1e300", "lt=-1e300", "st=1e300"}, true},
        {{"gt=1.7e308", "lt=0", "st=1.7e308"}, true}, /* a sum past the largest double */
        /* Two of the three may stand as they like. */
        {{"gt=20", "lt=30"}, false},
        {{"gt=20", "st=30"}, false},
        {{"lt=20", "st=30"}, false},
        {{"epmin=5", "epmax=6"}, false},
        {{"epmin=5", "epmax=5"}, true},
        {{"epmin=6", "epmax=5"}, true},
        {{"epmin=6"}, false},
        /* A pmax below pmin is not refused: it does not count. */
        {{"pmin=6", "pmax=5"}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lwm2m_attributes attributes = {0};
        for (size_t j = 0; j < 3 && cases[i].queries[j] != NULL; j++) {
            assert_int_equal(parse(cases[i].queries[j], &attributes), LWM2M_OK);
        }
        assert_int_equal(lwm2m_attributes_check(&attributes),
                         cases[i].contradicts ? LWM2M_RANGE : LWM2M_OK);
    }
}

static void attributes_have_the_names_they_are_read_by(void **state)
{
    (void)state;
    uint32_t bit = 1;
    for (; lwm2m_attribute_name(bit) != NULL; bit <<= 1) {
        struct lwm2m_attributes attributes = {.set = 0};
        struct lwm2m_bytes name = lwm2m_bytes_from_text(lwm2m_attribute_name(bit));
        assert_int_equal(lwm2m_attributes_parse_query(name, &attributes), LWM2M_OK);
        assert_int_equal(attributes.cleared, bit);
    }
    assert_int_equal(bit - 1, lwm2m_attributes_known((struct lwm2m_version){1, 2}));
    assert_null(lwm2m_attribute_name(0));
    assert_null(lwm2m_attribute_name(LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX));
}

static void a_version_knows_its_attributes_and_those_before_it(void **state)
{
    (void)state;
    assert_int_equal(lwm2m_attributes_known((struct lwm2m_version){1, 0}), 0x1f);
    assert_int_equal(lwm2m_attributes_known((struct lwm2m_version){1, 1}), 0x7f);
    assert_int_equal(lwm2m_attributes_known((struct lwm2m_version){1, 2}), 0x3ff);
}

static void a_query_without_a_value_clears(void **state)
{
    (void)state;
    struct lwm2m_attributes attributes = {0};
    assert_int_equal(parse("pmax", &attributes), LWM2M_OK);
    assert_int_equal(attributes.set, 0);
    assert_int_equal(attributes.cleared, LWM2M_ATTRIBUTE_PMAX);
}

static void bad_queries_are_refused_and_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        enum lwm2m_error error;
    } cases[] = {
        {"", LWM2M_NOT_FOUND},
        {"=", LWM2M_NOT_FOUND},
        {"=5", LWM2M_NOT_FOUND},
        {"pmi=5", LWM2M_NOT_FOUND},
        {"pminx=5", LWM2M_NOT_FOUND},
        {"PMIN=5", LWM2M_NOT_FOUND},
        {"pmin =5", LWM2M_NOT_FOUND},
        {"lts=5", LWM2M_NOT_FOUND},
        {"ep=5", LWM2M_NOT_FOUND},
        {"pmin=", LWM2M_MALFORMED},
        {"pmin=-1", LWM2M_MALFORMED},
        {"pmin=1.5", LWM2M_MALFORMED},
        {"pmin= 1", LWM2M_MALFORMED},
        {"pmin=1 ", LWM2M_MALFORMED},
        {"pmin==1", LWM2M_MALFORMED},
        {"pmin=x", LWM2M_MALFORMED},
        {"pmin=4294967296", LWM2M_MALFORMED},
        {"pmin=99999999999999999999999999", LWM2M_MALFORMED},
        {"gt=", LWM2M_MALFORMED},
        {"gt=nan", LWM2M_MALFORMED},
        {"lt=inf", LWM2M_MALFORMED},
        {"lt=1e999", LWM2M_MALFORMED},
        {"lt=0x10", LWM2M_MALFORMED},
        {"gt=1,5", LWM2M_MALFORMED},
        {"st=-0.5", LWM2M_MALFORMED},
        {"epmin=-1", LWM2M_MALFORMED},
        {"epmax=1.5", LWM2M_MALFORMED},
        {"edge=2", LWM2M_MALFORMED},
        {"edge=-1", LWM2M_MALFORMED},
        {"con=true", LWM2M_MALFORMED},
        {"con=256", LWM2M_MALFORMED},
        {"hqmax=4294967296", LWM2M_MALFORMED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lwm2m_attributes attributes = {0};
        const struct lwm2m_attributes empty = {0};
        assert_int_equal(parse(cases[i].query, &attributes), cases[i].error);
        assert_memory_equal(&attributes, &empty, sizeof empty);
    }
}

static void an_attribute_is_given_only_once(void **state)
{
    (void)state;
    struct lwm2m_attributes attributes = {0};
    assert_int_equal(parse("pmin=10", &attributes), LWM2M_OK);
    assert_int_equal(parse("pmin=20", &attributes), LWM2M_EXISTS);
    assert_int_equal(parse("pmin", &attributes), LWM2M_EXISTS);
    assert_int_equal(attributes.pmin_s, 10);
    assert_int_equal(parse("pmax", &attributes), LWM2M_OK);
    assert_int_equal(parse("pmax=3", &attributes), LWM2M_EXISTS);
}

static void a_change_sets_and_clears_and_leaves_the_rest(void **state)
{
    (void)state;
    struct lwm2m_attributes attributes = {
        .set = LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX, .pmin_s = 1, .pmax_s = 2};
    struct lwm2m_attributes set_pmin = {.set = LWM2M_ATTRIBUTE_PMIN, .pmin_s = 5};
    struct lwm2m_attributes clear_pmax = {.cleared = LWM2M_ATTRIBUTE_PMAX};

    lwm2m_attributes_apply(&attributes, &set_pmin);
    assert_int_equal(attributes.pmin_s, 5);
    assert_int_equal(attributes.pmax_s, 2);
    lwm2m_attributes_apply(&attributes, &clear_pmax);
    assert_int_equal(attributes.set, LWM2M_ATTRIBUTE_PMIN);
    assert_int_equal(attributes.pmin_s, 5);
}

static void the_lower_level_wins(void **state)
{
    (void)state;
    const struct lwm2m_attributes higher = {
        .set = LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX, .pmin_s = 1, .pmax_s = 2};
    const struct lwm2m_attributes own = {.set = LWM2M_ATTRIBUTE_PMAX, .pmax_s = 60};
    struct lwm2m_attributes result = lwm2m_attributes_inherit(&higher, &own);
    assert_int_equal(result.set, LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX);
    assert_int_equal(result.pmin_s, 1);
    assert_int_equal(result.pmax_s, 60);
}

static void what_is_set_is_printed(void **state)
{
    (void)state;
    char memory[32];
    struct lwm2m_buffer out;
    struct lwm2m_attributes attributes = {
        .set = LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX, .pmin_s = 10, .pmax_s = 60};

    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_attributes_print(&attributes, &out), LWM2M_OK);
    assert_true(lwm2m_bytes_equal_text(lwm2m_buffer_bytes(&out), ";pmin=10;pmax=60"));

    attributes.set = LWM2M_ATTRIBUTE_PMAX;
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_attributes_print(&attributes, &out), LWM2M_OK);
    assert_true(lwm2m_bytes_equal_text(lwm2m_buffer_bytes(&out), ";pmax=60"));

    lwm2m_buffer_init(&out, memory, 7);
    assert_int_equal(lwm2m_attributes_print(&attributes, &out), LWM2M_NO_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_sets_an_attribute),
        cmocka_unit_test(every_attribute_is_read_and_printed_as_it_was),
        cmocka_unit_test(they_are_printed_in_one_order),
        cmocka_unit_test(what_contradicts_itself_is_told),
        cmocka_unit_test(attributes_have_the_names_they_are_read_by),
        cmocka_unit_test(a_version_knows_its_attributes_and_those_before_it),
        cmocka_unit_test(a_query_without_a_value_clears),
        cmocka_unit_test(bad_queries_are_refused_and_change_nothing),
        cmocka_unit_test(an_attribute_is_given_only_once),
        cmocka_unit_test(a_change_sets_and_clears_and_leaves_the_rest),
        cmocka_unit_test(the_lower_level_wins),
        cmocka_unit_test(what_is_set_is_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
