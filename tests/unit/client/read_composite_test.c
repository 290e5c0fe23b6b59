/*
 * Read-Composite and Observe-Composite on a device, message by message.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/path_set.h"
#include "support/device_fixture.h"
#include "support/record_lines.h"

/* A body of SenML CBOR that names the paths of a text, with blanks between them. */
static struct lwm2m_bytes name_paths(const char *paths, uint8_t *memory, size_t capacity)
{
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;

    lwm2m_buffer_init(&out, memory, capacity);
    assert_int_equal(
        lwm2m_encoder_begin(&encoder, &lwm2m_codec_senml_cbor, lwm2m_path_root(), &out), LWM2M_OK);
    while (*paths != '\0') {
        struct lwm2m_record record = {.time_ms = LWM2M_NO_TIME};
        size_t length = strcspn(paths, " ");

        assert_int_equal(lwm2m_path_parse((struct lwm2m_bytes){(const uint8_t *)paths, length},
                                          &record.path, NULL),
                         LWM2M_OK);
        assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_OK);
        paths += length + strspn(paths + length, " ");
    }
    assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_OK);
    return lwm2m_buffer_bytes(&out);
}

static void fetch(struct device_fixture *fixture, uint8_t token, const char *options,
                  const char *paths)
{
    uint8_t memory[4096];
    char request[128];

    snprintf(request, sizeof(request), "FETCH / %s", options);
    device_fixture_ask(fixture, fixture->server, token, request,
                       name_paths(paths, memory, sizeof(memory)));
}

static enum lwm2m_type find_type(void *context, struct lwm2m_path path)
{
    (void)context;
    (void)path;
    return LWM2M_TYPE_UNTYPED;
}

static void assert_records(struct lwm2m_bytes payload, const char *expected)
{
    struct record_lines *lines = test_malloc(sizeof(*lines));

    assert_int_equal(record_lines_decode(lines, &lwm2m_codec_senml_cbor,
                                         (struct lwm2m_type_source){NULL, find_type},
                                         lwm2m_path_root(), payload),
                     LWM2M_OK);
    assert_string_equal(lines->text, expected);
    test_free(lines);
}

static void assert_answer(const struct device_fixture *fixture, const char *expected)
{
    assert_records((struct lwm2m_bytes){fixture->payload, fixture->payload_length}, expected);
}

static void assert_notification(const struct device_fixture *fixture, const char *expected)
{
    assert_records((struct lwm2m_bytes){fixture->notification, fixture->notification_length},
                   expected);
}

static struct device_fixture *registered(uint8_t minor)
{
    struct device_fixture *fixture = device_fixture_new();

    fixture->config.version = (struct lwm2m_version){1, minor};
    fixture->lifetime_s = 1000000;
    device_fixture_register(fixture);
    return fixture;
}

static void set(struct device_fixture *fixture, uint16_t instance, uint16_t resource,
                struct lwm2m_value value)
{
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                            lwm2m_path_resource(DEMO_OBJECT, instance, resource),
                                            value),
                     LWM2M_OK);
}

static void what_is_named_is_read_in_the_order_of_the_tree(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    fetch(fixture, 1, "cf=112", "/33000/0/5 /33000/0/1 /1/0/1 /33000/0/5/3");
    assert_memory_equal(fixture->answer, "2.05 cf=112", 11);
    assert_answer(fixture, "/1/0/1 int 1000000\n/33000/0/1 int 42\n"
                           "/33000/0/5/0 int 10\n/33000/0/5/3 int 13\n");
    fetch(fixture, 1, "cf=112", "/33000/0/6");
    assert_answer(fixture, "/33000/0/6 bool 1\n");
    device_fixture_free(fixture);
}

static void what_is_missing_unreadable_or_hidden_is_left_out(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    fetch(fixture, 1, "cf=112",
          "/33000/0/1 /33000/0/3 /33000/0/4 /33000/0/77 /33000/7 /12345 "
          "/0/0/0 /0 /21 /23/0 /33000/0/5/9");
    assert_answer(fixture, "/33000/0/1 int 42\n");
    fetch(fixture, 1, "cf=112", "/33000/0/4");
    assert_string_equal(fixture->answer, "2.05 cf=112 #1");
    assert_answer(fixture, "");
    fetch(fixture, 1, "cf=112", "");
    assert_string_equal(fixture->answer, "2.05 cf=112 #1");
    device_fixture_free(fixture);
}

static void the_root_is_everything_but_what_is_hidden(void **state)
{
    struct device_fixture *fixture = registered(1);
    struct record_lines *lines = test_malloc(sizeof(*lines));

    (void)state;
    fetch(fixture, 1, "cf=112", "/");
    assert_int_equal(
        record_lines_decode(lines, &lwm2m_codec_senml_cbor,
                            (struct lwm2m_type_source){NULL, find_type}, lwm2m_path_root(),
                            (struct lwm2m_bytes){fixture->payload, fixture->payload_length}),
        LWM2M_OK);
    assert_memory_equal(lines->text, "/1/0/0 int 101\n", 15);
    assert_non_null(strstr(lines->text, "/6/0/0 "));
    assert_non_null(strstr(lines->text, "/33000/0/1 int 42\n"));
    assert_null(strstr(lines->text, "/33000/0/3 "));
    test_free(lines);
    device_fixture_free(fixture);
}

static void wrong_requests_are_answered_with_their_code(void **state)
{
    static const struct {
        uint8_t minor;
        const char *request, *hex, *answer;
    } cases[] = {
        {0, "FETCH / cf=112", "81 a1 00 62 2f 33", "4.05"},
        {1, "FETCH /3 cf=112", "81 a1 00 62 2f 33", "4.05"},
        {1, "FETCH /", "81 a1 00 62 2f 33", "4.15"},
        {1, "FETCH / cf=0", "2f 33", "4.15"},
        {1, "FETCH / cf=11542", "00", "4.15"},
        {1, "FETCH / cf=9999", "00", "4.15"},
        {1, "FETCH / cf=112 accept=0", "81 a1 00 62 2f 33", "4.06"},
        {1, "FETCH / cf=112 accept=11542", "81 a1 00 62 2f 33", "4.06"},
        {1, "FETCH / cf=112 accept=9999", "81 a1 00 62 2f 33", "4.06"},
        {1, "FETCH / cf=112", "81 a1 00 62 2f", "4.00"},
        {1, "FETCH / cf=112", "", "4.00"},
        {1, "FETCH / cf=112", "81 a1 00 64 2f 78 2f 30", "4.00"},
        /* A value where only names belong. */
        {1, "FETCH / cf=112", "81 a2 00 66 2f 33 2f 30 2f 39 02 05", "4.00"},
        {1, "FETCH / cf=112 ?pmin=1", "81 a1 00 62 2f 33", "4.02"},
        {1, "FETCH / cf=112 obs=0 ?pmin=1", "81 a1 00 62 2f 33", "4.02"},
        {2, "FETCH / cf=112 ?pmin=1", "81 a1 00 62 2f 33", "4.02"},
        {2, "FETCH / cf=112 obs=0 ?gt=1", "81 a1 00 62 2f 33", "4.00"},
        {2, "FETCH / cf=112 obs=0 ?pmin=x", "81 a1 00 62 2f 33", "4.00"},
        {2, "FETCH / cf=112 obs=0 ?depth=1", "81 a1 00 62 2f 33", "4.00"},
        {2, "FETCH / cf=112 obs=0 ?epmin=5 ?epmax=4", "81 a1 00 62 2f 36", "4.00"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct device_fixture *fixture = registered(cases[i].minor);

        device_fixture_expect(fixture, cases[i].request, cases[i].hex, cases[i].answer);
        device_fixture_free(fixture);
    }
}

static void too_many_paths_are_too_large(void **state)
{
    struct device_fixture *fixture = registered(1);
    char paths[2048] = "";

    (void)state;
    for (int i = 0; i < LWM2M_PATH_SET_MAX; i++) {
        sprintf(paths + strlen(paths), "/33000/0/%d ", i);
    }
    fetch(fixture, 1, "cf=112", paths);
    assert_memory_equal(fixture->answer, "2.05", 4);
    strcat(paths, "/3");
    fetch(fixture, 1, "cf=112", paths);
    assert_string_equal(fixture->answer, "4.13");
    device_fixture_free(fixture);
}

static void a_change_of_any_path_brings_all(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    fixture->without_events = true;
    fetch(fixture, 1, "cf=112 obs=0", "/33000/0/1 /33000/0/0");
    assert_memory_equal(fixture->answer, "2.05 obs=0 cf=112", 17);
    assert_answer(fixture, "/33000/0/0 string hello\n/33000/0/1 int 42\n");
    set(fixture, 0, 1, lwm2m_value_integer(43));
    set(fixture, 0, 6, lwm2m_value_boolean(false));
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 1);
    assert_notification(fixture, "/33000/0/0 string hello\n/33000/0/1 int 43\n");
    set(fixture, 0, 0, lwm2m_value_text("bye"));
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 2);
    assert_notification(fixture, "/33000/0/0 string bye\n/33000/0/1 int 43\n");
    /* Told once, not once for each path. */
    set(fixture, 0, 0, lwm2m_value_text("good"));
    set(fixture, 0, 1, lwm2m_value_integer(44));
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 3);
    set(fixture, 0, 6, lwm2m_value_boolean(true));
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 3);
    device_fixture_free(fixture);
}

static void what_comes_and_goes_below_a_path_is_followed(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    fixture->without_events = true;
    fetch(fixture, 1, "cf=112 obs=0", "/33000/1 /33000/0/1");
    assert_answer(fixture, "/33000/0/1 int 42\n");
    device_fixture_expect(fixture, "POST /33000 cf=11542", "08 01 03 c1 01 07", "2.01");
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 1);
    assert_notification(fixture, "/33000/0/1 int 42\n/33000/1/1 int 7\n");
    device_fixture_expect(fixture, "DELETE /33000/0", "", "2.02");
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 2);
    assert_notification(fixture, "/33000/1/1 int 7\n");
    device_fixture_free(fixture);
}

static void the_root_is_observed_like_any_path(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    fixture->without_events = true;
    fetch(fixture, 1, "cf=112 obs=0", "/");
    assert_memory_equal(fixture->answer, "2.05 obs=0", 10);
    set(fixture, 0, 1, lwm2m_value_integer(43));
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 1);
    lwm2m_client_changed(fixture->client, lwm2m_path_root());
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 1);
    device_fixture_free(fixture);
}

static void it_ends_by_a_cancellation_or_a_reset(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    fixture->without_messages = true;
    fetch(fixture, 1, "cf=112 obs=0", "/33000/0/1 /33000/0/0");
    fetch(fixture, 2, "cf=112 obs=0", "/33000/0/1");
    fetch(fixture, 1, "cf=112 obs=1", "/33000/0/1 /33000/0/0");
    assert_memory_equal(fixture->answer, "2.05 cf=112", 11);
    fixture->resets_notifications = true;
    set(fixture, 0, 1, lwm2m_value_integer(43));
    device_fixture_run(fixture, 1000);
    set(fixture, 0, 1, lwm2m_value_integer(44));
    device_fixture_run(fixture, 1000);
    assert_int_equal(fixture->notifications, 1);
    device_fixture_assert_diary(fixture, "OBSERVED /\nOBSERVED /\nOBSERVATION_ENDED / CANCELLED\n"
                                         "READ /\nNOTIFIED /\nOBSERVATION_ENDED / RESET\n");
    device_fixture_free(fixture);
}

/* Each path has the periods that are attached to it: the first that is over brings all. */
static void each_path_has_its_own_attributes(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    fixture->without_events = true;
    device_fixture_expect(fixture, "PUT /33000/0/0 ?pmin=100", "", "2.04");
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmax=30 ?gt=50", "", "2.04");
    fetch(fixture, 1, "cf=112 obs=0 accept=112", "/33000/0/1 /33000/0/0");
    fixture->started_ms = fixture->port.now_ms;
    fixture->diary[0] = '\0';
    set(fixture, 0, 1, lwm2m_value_integer(49));
    set(fixture, 0, 0, lwm2m_value_text("x"));
    device_fixture_run(fixture, 10000);
    assert_int_equal(fixture->notifications, 0);
    set(fixture, 0, 1, lwm2m_value_integer(51));
    device_fixture_run(fixture, 95000);
    device_fixture_assert_diary(fixture, "10 NON 2.05 obs=1 cf=112 #33\n"
                                         "40 NON 2.05 obs=2 cf=112 #33\n"
                                         "70 NON 2.05 obs=3 cf=112 #33\n"
                                         "100 NON 2.05 obs=4 cf=112 #33\n");
    device_fixture_free(fixture);
}

static void attributes_of_the_request_are_for_all_paths(void **state)
{
    struct device_fixture *fixture = registered(2);

    (void)state;
    fixture->without_events = true;
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmax=3", "", "2.04");
    fetch(fixture, 1, "cf=112 obs=0 ?pmin=10 ?pmax=20", "/33000/0/1 /33000/0/0");
    fixture->started_ms = fixture->port.now_ms;
    fixture->diary[0] = '\0';
    set(fixture, 0, 1, lwm2m_value_integer(43));
    device_fixture_run(fixture, 35000);
    device_fixture_assert_diary(fixture, "10 NON 2.05 obs=1 cf=112 #37\n"
                                         "30 NON 2.05 obs=2 cf=112 #37\n");
    fetch(fixture, 1, "cf=112 obs=1 ?pmin=10 ?pmax=20", "/33000/0/1 /33000/0/0");
    assert_memory_equal(fixture->answer, "2.05 cf=112", 11);
    device_fixture_run(fixture, 100000);
    assert_int_equal(fixture->notifications, 2);
    device_fixture_free(fixture);
}

/* Wherever memory runs out, the request is answered and nothing is lost or left behind. */
static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    for (size_t count = 0; count < 40; count++) {
        struct device_fixture *fixture = registered(1);

        fixture->without_events = true;
        virtual_port_fail_after(&fixture->port, count);
        fetch(fixture, 1, "cf=112 obs=0", "/33000/0/1 /33000/0/0 /6");
        virtual_port_fail_after(&fixture->port, SIZE_MAX);
        device_fixture_run(fixture, 1000);
        fetch(fixture, 1, "cf=112 obs=0", "/33000/0/1 /33000/0/0 /6");
        assert_memory_equal(fixture->answer, "2.05 obs=", 9);
        device_fixture_free(fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_named_is_read_in_the_order_of_the_tree),
        cmocka_unit_test(what_is_missing_unreadable_or_hidden_is_left_out),
        cmocka_unit_test(the_root_is_everything_but_what_is_hidden),
        cmocka_unit_test(wrong_requests_are_answered_with_their_code),
        cmocka_unit_test(too_many_paths_are_too_large),
        cmocka_unit_test(a_change_of_any_path_brings_all),
        cmocka_unit_test(what_comes_and_goes_below_a_path_is_followed),
        cmocka_unit_test(the_root_is_observed_like_any_path),
        cmocka_unit_test(it_ends_by_a_cancellation_or_a_reset),
        cmocka_unit_test(each_path_has_its_own_attributes),
        cmocka_unit_test(attributes_of_the_request_are_for_all_paths),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
