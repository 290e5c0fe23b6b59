/*
 * Tests of lib/server/registration_query.c: every parameter, every mistake and its code.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/registration_query.h"

#define LETTERS_50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define LETTERS_250 LETTERS_50 LETTERS_50 LETTERS_50 LETTERS_50 LETTERS_50

static struct lwm2m_registration_query query;
static const char *detail;
static uint8_t memory[4096];

/* Queries are separated by '&'; an empty text has none. */
static struct lwm2m_message message_of(const char *queries)
{
    struct lwm2m_options options;
    const char *start = queries;

    lwm2m_options_init(&options, memory, sizeof memory);
    for (const char *at = queries; *queries != '\0'; at++) {
        if (*at != '&' && *at != '\0') {
            continue;
        }
        lwm2m_options_append(&options, LWM2M_OPTION_URI_QUERY,
                             (struct lwm2m_bytes){(const uint8_t *)start, (size_t)(at - start)});
        start = at + 1;
        if (*at == '\0') {
            break;
        }
    }
    assert_int_equal(lwm2m_options_check(&options), LWM2M_OK);
    return (struct lwm2m_message){.options = lwm2m_options_bytes(&options)};
}

static enum lwm2m_status parse_register(const char *queries)
{
    const struct lwm2m_message message = message_of(queries);

    return lwm2m_registration_query_parse_register(&message, 64, (struct lwm2m_version){1, 0},
                                                   (struct lwm2m_version){1, 2}, &query, &detail);
}

static enum lwm2m_status parse_update(const char *queries, uint8_t minor)
{
    const struct lwm2m_message message = message_of(queries);

    return lwm2m_registration_query_parse_update(&message, 64, (struct lwm2m_version){1, minor},
                                                 &query, &detail);
}

static void fills_in_what_a_register_leaves_out(void **state)
{
    (void)state;
    assert_int_equal(parse_register("ep=dev"), LWM2M_STATUS_NONE);
    assert_true(lwm2m_bytes_equal_text(query.endpoint_name, "dev"));
    assert_true(lwm2m_bytes_equal_text(query.binding, "U"));
    assert_int_equal(query.lifetime_s, 86400);
    assert_int_equal(query.version.major, 1);
    assert_int_equal(query.version.minor, 0);
    assert_false(query.queue_mode);
    assert_null(detail);
}

static void takes_parameters_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(parse_register("Q&b=UT&foo=bar&lwm2m=1.1&sms=123&lt=30&x&ep=a/b c"),
                     LWM2M_STATUS_NONE);
    assert_true(lwm2m_bytes_equal_text(query.endpoint_name, "a/b c"));
    assert_true(lwm2m_bytes_equal_text(query.binding, "UT"));
    assert_int_equal(query.lifetime_s, 30);
    assert_int_equal(query.version.minor, 1);
    assert_true(query.queue_mode);
}

static void finds_queue_mode_inside_the_binding_of_1_0(void **state)
{
    (void)state;
    assert_int_equal(parse_register("ep=a&b=UQ"), LWM2M_STATUS_NONE);
    assert_true(query.queue_mode);
    assert_int_equal(parse_register("ep=a&b=UQS"), LWM2M_STATUS_NONE);
    assert_true(query.queue_mode);
}

static void takes_the_ends_of_every_range(void **state)
{
    static const char *const good[] = {
        "ep=a&lt=4294967295",
        "ep=a&lt=1",
        "ep=a&lwm2m=1.2&lt=0",
        "lt=0&ep=a&lwm2m=1.2",
        "ep=a&b=UTSNMHQ",
        "ep=" LETTERS_250 "12345",
        "ep=\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
        "ep=a&unknown=1&unknown=2",
        "ep=a&",
        "ep=a&pid=7",
        "ep=a&pid",
        "ep=a&pid=6:27354b9a&lwm2m=1.2",
        "ep=a=b",
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (parse_register(good[i]) != LWM2M_STATUS_NONE) {
            fail_msg("%s: %s", good[i], detail);
        }
    }
}

static void answers_every_mistake_with_its_code(void **state)
{
    static const struct {
        const char *queries;
        enum lwm2m_status status;
        const char *detail;
    } bad[] = {
        {"ep", LWM2M_STATUS_BAD_REQUEST, "ep is empty"},
        {"ep=", LWM2M_STATUS_BAD_REQUEST, "ep is empty"},
        {"ep=a&ep=a", LWM2M_STATUS_BAD_REQUEST, "ep is given twice"},
        {"ep=a&pid=1&pid=1", LWM2M_STATUS_BAD_REQUEST, "pid is given twice"},
        {"ep=a&pid=&lwm2m=1.2", LWM2M_STATUS_BAD_REQUEST, "pid is empty"},
        {"pid&ep=a&lwm2m=1.2", LWM2M_STATUS_BAD_REQUEST, "pid is empty"},
        {"ep=a&lwm2m=1.2&pid=\xff", LWM2M_STATUS_BAD_REQUEST, "pid is not valid UTF-8"},
        {"ep=a&lwm2m=1.2&pid=\x1b[0m", LWM2M_STATUS_BAD_REQUEST, "pid holds a control character"},
        {"ep=" LETTERS_250 "123456", LWM2M_STATUS_BAD_REQUEST, "ep is longer than 255 bytes"},
        {"ep=a\xff", LWM2M_STATUS_BAD_REQUEST, "ep is not valid UTF-8"},
        {"ep=a\xc0\x80", LWM2M_STATUS_BAD_REQUEST, "ep is not valid UTF-8"},
        {"ep=a\xed\xa0\x80", LWM2M_STATUS_BAD_REQUEST, "ep is not valid UTF-8"},
        {"ep=\x1b]0;x", LWM2M_STATUS_BAD_REQUEST, "ep holds a control character"},
        {"ep=a\x7f", LWM2M_STATUS_BAD_REQUEST, "ep holds a control character"},
        {"ep=a\xc2\x9b", LWM2M_STATUS_BAD_REQUEST, "ep holds a control character"},
        {"ep=a&lt=60&lt=60", LWM2M_STATUS_BAD_REQUEST, "lt is given twice"},
        {"ep=a&lt", LWM2M_STATUS_BAD_REQUEST, "lt is no number from 0 to 4294967295"},
        {"ep=a&lt=", LWM2M_STATUS_BAD_REQUEST, "lt is no number from 0 to 4294967295"},
        {"ep=a&lt=-1", LWM2M_STATUS_BAD_REQUEST, "lt is no number from 0 to 4294967295"},
        {"ep=a&lt=+1", LWM2M_STATUS_BAD_REQUEST, "lt is no number from 0 to 4294967295"},
        {"ep=a&lt=1.5", LWM2M_STATUS_BAD_REQUEST, "lt is no number from 0 to 4294967295"},
        {"ep=a&lt=60s", LWM2M_STATUS_BAD_REQUEST, "lt is no number from 0 to 4294967295"},
        {"ep=a&lt=4294967296", LWM2M_STATUS_BAD_REQUEST, "lt is no number from 0 to 4294967295"},
        {"ep=a&lt=99999999999999999999", LWM2M_STATUS_BAD_REQUEST,
         "lt is no number from 0 to 4294967295"},
        {"ep=a&lt=0", LWM2M_STATUS_BAD_REQUEST, "lt is 0, which LwM2M before 1.2 does not know"},
        {"lt=0&ep=a&lwm2m=1.1", LWM2M_STATUS_BAD_REQUEST,
         "lt is 0, which LwM2M before 1.2 does not know"},
        {"ep=a&lwm2m=1.1&lwm2m=1.1", LWM2M_STATUS_BAD_REQUEST, "lwm2m is given twice"},
        {"ep=a&lwm2m", LWM2M_STATUS_BAD_REQUEST, "lwm2m is no version"},
        {"ep=a&lwm2m=1", LWM2M_STATUS_BAD_REQUEST, "lwm2m is no version"},
        {"ep=a&lwm2m=x.y", LWM2M_STATUS_BAD_REQUEST, "lwm2m is no version"},
        {"ep=a&lwm2m=0.9", LWM2M_STATUS_PRECONDITION_FAILED, "the LwM2M version is not supported"},
        {"ep=a&lwm2m=1.3", LWM2M_STATUS_PRECONDITION_FAILED, "the LwM2M version is not supported"},
        {"ep=a&lwm2m=2.0", LWM2M_STATUS_PRECONDITION_FAILED, "the LwM2M version is not supported"},
        {"ep=a&b=U&b=U", LWM2M_STATUS_BAD_REQUEST, "b is given twice"},
        {"ep=a&b", LWM2M_STATUS_BAD_REQUEST, "b is empty"},
        {"ep=a&b=", LWM2M_STATUS_BAD_REQUEST, "b is empty"},
        {"ep=a&b=UX", LWM2M_STATUS_BAD_REQUEST, "b names an unknown binding"},
        {"ep=a&b=u", LWM2M_STATUS_BAD_REQUEST, "b names an unknown binding"},
        {"ep=a&b=UU", LWM2M_STATUS_BAD_REQUEST, "b names a binding twice"},
        {"ep=a&b=UTSNMHQU", LWM2M_STATUS_BAD_REQUEST, "b names a binding twice"},
        {"ep=a&Q&Q", LWM2M_STATUS_BAD_REQUEST, "Q is given twice"},
        {"ep=a&Q=1", LWM2M_STATUS_BAD_REQUEST, "Q has a value"},
        {"ep=a&sms=1&sms=2", LWM2M_STATUS_BAD_REQUEST, "sms is given twice"},
        {"ep=a&sms=", LWM2M_STATUS_BAD_REQUEST, "sms is empty"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        enum lwm2m_status status = parse_register(bad[i].queries);
        if (status != bad[i].status || !detail || strcmp(detail, bad[i].detail) != 0) {
            fail_msg("%s: %u %s", bad[i].queries, status, detail ? detail : "accepted");
        }
    }
}

static void refuses_versions_outside_the_configured_range(void **state)
{
    const struct lwm2m_message message = message_of("ep=a&lwm2m=1.0");

    (void)state;
    assert_int_equal(
        lwm2m_registration_query_parse_register(&message, 64, (struct lwm2m_version){1, 1},
                                                (struct lwm2m_version){1, 1}, &query, &detail),
        LWM2M_STATUS_PRECONDITION_FAILED);
}

static void limits_the_number_of_parameters(void **state)
{
    const struct lwm2m_message message = message_of("ep=a&x&y&z");

    (void)state;
    assert_int_equal(
        lwm2m_registration_query_parse_register(&message, 4, (struct lwm2m_version){1, 0},
                                                (struct lwm2m_version){1, 2}, &query, &detail),
        LWM2M_STATUS_NONE);
    assert_int_equal(
        lwm2m_registration_query_parse_register(&message, 3, (struct lwm2m_version){1, 0},
                                                (struct lwm2m_version){1, 2}, &query, &detail),
        LWM2M_STATUS_BAD_REQUEST);
    assert_string_equal(detail, "too many parameters");
}

static void reads_only_what_an_update_may_change(void **state)
{
    (void)state;
    assert_int_equal(parse_update("", 1), LWM2M_STATUS_NONE);
    assert_false(query.has_lifetime || query.has_binding || query.queue_mode);
    assert_int_equal(parse_update("lt=5&b=UQ&ep=&lwm2m=9&other", 0), LWM2M_STATUS_NONE);
    assert_true(query.has_lifetime && query.has_binding && query.queue_mode);
    assert_false(query.has_endpoint_name);
    assert_int_equal(query.lifetime_s, 5);
    assert_int_equal(query.version.minor, 0);
}

static void judges_an_update_by_the_version_of_the_registration(void **state)
{
    (void)state;
    assert_int_equal(parse_update("lt=0", 1), LWM2M_STATUS_BAD_REQUEST);
    assert_int_equal(parse_update("lt=0", 2), LWM2M_STATUS_NONE);
    assert_int_equal(parse_update("lt=1&lt=2", 2), LWM2M_STATUS_BAD_REQUEST);
    assert_int_equal(parse_update("b=", 1), LWM2M_STATUS_BAD_REQUEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_what_a_register_leaves_out),
        cmocka_unit_test(takes_parameters_in_any_order),
        cmocka_unit_test(finds_queue_mode_inside_the_binding_of_1_0),
        cmocka_unit_test(takes_the_ends_of_every_range),
        cmocka_unit_test(answers_every_mistake_with_its_code),
        cmocka_unit_test(refuses_versions_outside_the_configured_range),
        cmocka_unit_test(limits_the_number_of_parameters),
        cmocka_unit_test(reads_only_what_an_update_may_change),
        cmocka_unit_test(judges_an_update_by_the_version_of_the_registration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
