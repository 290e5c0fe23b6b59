/*
 * Versions: "1.1".
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

static void every_version_is_read_back(void **state)
{
    (void)state;
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        struct lwm2m_version version = {(uint8_t)(number >> 8), (uint8_t)number};
        struct lwm2m_version back = {0, 0};
        char text[LWM2M_VERSION_TEXT_MAX];
        size_t length = lwm2m_version_print(version, text);
        assert_int_equal(length, strlen(text));
        assert_int_equal(lwm2m_version_parse(lwm2m_bytes_from_text(text), &back), LWM2M_OK);
        assert_int_equal(lwm2m_version_compare(version, back), 0);
    }
}

static void the_text_is_major_dot_minor(void **state)
{
    (void)state;
    char text[LWM2M_VERSION_TEXT_MAX];
    lwm2m_version_print((struct lwm2m_version){1, 2}, text);
    assert_string_equal(text, "1.2");
    lwm2m_version_print((struct lwm2m_version){255, 255}, text);
    assert_string_equal(text, "255.255");
}

static void what_is_no_version_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",      ".",    "1",    "1.",   ".1",   "1.1.1",
        "1.x",   "x.1",  "1,1",  "-1.1", "1.-1", "256.1",
        "1.256", "01.1", "1.01", " 1.1", "1.1 ", "1.18446744073709551617"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct lwm2m_version version = {9, 9};
        assert_int_equal(lwm2m_version_parse(lwm2m_bytes_from_text(texts[i]), &version),
                         LWM2M_MALFORMED);
        assert_int_equal(version.major, 9);
        assert_int_equal(version.minor, 9);
    }
}

static void the_major_number_counts_first(void **state)
{
    (void)state;
    assert_true(lwm2m_version_compare((struct lwm2m_version){1, 9}, (struct lwm2m_version){2, 0}) <
                0);
    assert_true(lwm2m_version_compare((struct lwm2m_version){1, 10}, (struct lwm2m_version){1, 9}) >
                0);
}

static void objects_of_the_enabler_have_its_versions(void **state)
{
    static const struct {
        struct lwm2m_version enabler;
        uint16_t object;
        struct lwm2m_version version;
    } cases[] = {
        {{1, 0}, 3, {1, 0}},    {{1, 1}, 3, {1, 1}},     {{1, 2}, 3, {1, 2}}, {{1, 1}, 4, {1, 2}},
        {{1, 1}, 5, {1, 0}},    {{1, 2}, 5, {1, 1}},     {{1, 1}, 6, {1, 0}}, {{1, 2}, 7, {1, 0}},
        {{1, 2}, 3303, {1, 0}}, {{1, 1}, 65534, {1, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(
            lwm2m_version_compare(lwm2m_version_of_object(cases[i].enabler, cases[i].object),
                                  cases[i].version),
            0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_is_read_back),
        cmocka_unit_test(the_text_is_major_dot_minor),
        cmocka_unit_test(what_is_no_version_is_refused),
        cmocka_unit_test(the_major_number_counts_first),
        cmocka_unit_test(objects_of_the_enabler_have_its_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
