/*
 * Send: what a device reports by itself, to whom, and what becomes of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/device_fixture.h"

#define NOW_MS INT64_C(1767225600000)
#define SSID 101

static const struct lwm2m_path number = {DEMO_OBJECT, 0, 1, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE};
static const struct lwm2m_path many = {DEMO_OBJECT, 0, 5, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE};

static int64_t time_ms(void *context)
{
    (void)context;
    return NOW_MS;
}

static struct device_fixture *registered(uint8_t minor)
{
    struct device_fixture *fixture = device_fixture_new();

    fixture->config.version.minor = minor;
    fixture->config.time_ms = time_ms;
    device_fixture_register(fixture);
    return fixture;
}

static enum lwm2m_error send(struct device_fixture *fixture, struct lwm2m_path path)
{
    return lwm2m_client_send(fixture->client, SSID, &path, 1);
}

static enum lwm2m_error take_record(void *context, const struct lwm2m_record *record)
{
    struct lwm2m_record **next = context;

    *(*next)++ = *record;
    return LWM2M_OK;
}

/* Decodes what the server was sent. */
static size_t received(struct device_fixture *fixture, struct lwm2m_record *records)
{
    struct lwm2m_record *next = records;
    uint8_t memory[1152];
    struct lwm2m_buffer scratch;
    const struct lwm2m_decoding decoding = {
        .payload = {fixture->sent, fixture->sent_length},
        .base = lwm2m_path_root(),
        .types = lwm2m_type_source_from_definitions(NULL),
        .scratch = &scratch,
    };

    lwm2m_buffer_init(&scratch, memory, sizeof(memory));
    assert_int_equal(
        lwm2m_codec_senml_cbor.decode(&decoding, (struct lwm2m_sink){&next, take_record}, NULL),
        LWM2M_OK);
    return (size_t)(next - records);
}

static void reports_values_with_their_time(void **state)
{
    const struct lwm2m_path paths[] = {number, many};
    struct device_fixture *fixture = registered(1);
    struct lwm2m_record records[8];

    (void)state;
    assert_int_equal(lwm2m_client_send(fixture->client, SSID, paths, 2), LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_non_null(strstr(fixture->diary, "1 POST /dp cf=112"));
    assert_non_null(strstr(fixture->diary, "SENT /\n"));
    assert_int_equal(received(fixture, records), 3);
    assert_true(lwm2m_path_equal(records[0].path, number));
    assert_int_equal(records[0].value.as.integer, 42);
    assert_true(records[0].time_ms == NOW_MS);
    assert_int_equal(records[2].path.resource_instance, 3);
    assert_true(records[2].time_ms == NOW_MS);
    device_fixture_free(fixture);
}

static void reports_a_history(void **state)
{
    struct device_fixture *fixture = registered(1);
    struct lwm2m_record history[3], records[8];

    (void)state;
    for (int i = 0; i < 3; i++) {
        history[i] =
            (struct lwm2m_record){number, lwm2m_value_integer(i), NOW_MS - 60000 * (3 - i)};
    }
    assert_int_equal(lwm2m_client_send_records(fixture->client, LWM2M_NO_ID, history, 3), LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_int_equal(received(fixture, records), 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(records[i].value.as.integer, i);
        assert_true(records[i].time_ms == history[i].time_ms);
    }
    device_fixture_free(fixture);
}

static void sends_only_what_the_registration_has(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    assert_int_equal(lwm2m_client_send(fixture->client, SSID, NULL, 0), LWM2M_ARGUMENT);
    assert_int_equal(send(fixture, lwm2m_path_root()), LWM2M_ARGUMENT);
    assert_int_equal(send(fixture, lwm2m_path_resource(0, 0, 0)), LWM2M_NOT_FOUND);
    assert_int_equal(send(fixture, lwm2m_path_object(19)), LWM2M_NOT_FOUND);
    assert_int_equal(send(fixture, lwm2m_path_resource(DEMO_OBJECT, 9, 1)), LWM2M_NOT_FOUND);
    assert_int_equal(send(fixture, lwm2m_path_resource(DEMO_OBJECT, 0, 3)), LWM2M_NOT_ALLOWED);
    assert_int_equal(send(fixture, lwm2m_path_resource(DEMO_OBJECT, 0, 4)), LWM2M_NOT_ALLOWED);
    assert_int_equal(lwm2m_client_send(fixture->client, 7, &number, 1), LWM2M_STATE);
    device_fixture_assert_diary(fixture, "");
    device_fixture_free(fixture);
}

static void says_what_became_of_it(void **state)
{
    struct device_fixture *fixture = registered(2);

    (void)state;
    fixture->without_messages = true;
    fixture->send_code = lwm2m_status_code(LWM2M_STATUS_NOT_FOUND);
    assert_int_equal(send(fixture, number), LWM2M_OK);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "SEND_FAILED /33000/0/1\n");
    fixture->send_code = 0;
    assert_int_equal(send(fixture, number), LWM2M_OK);
    device_fixture_run(fixture, 100000);
    device_fixture_assert_diary(fixture, "SEND_FAILED /33000/0/1 TIMEOUT\n");
    assert_int_equal(send(fixture, number), LWM2M_OK);
    lwm2m_client_set_offline(fixture->client, true);
    device_fixture_assert_diary(fixture, "SEND_FAILED /33000/0/1 CANCELLED\n");
    assert_int_equal(send(fixture, number), LWM2M_STATE);
    device_fixture_free(fixture);
}

static void a_server_can_mute_it(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    device_fixture_expect(fixture, "PUT /1/0/23 cf=0", "31", "2.04");
    assert_int_equal(send(fixture, number), LWM2M_NOT_ALLOWED);
    assert_int_equal(lwm2m_client_send(fixture->client, LWM2M_NO_ID, &number, 1),
                     LWM2M_NOT_ALLOWED);
    device_fixture_expect(fixture, "PUT /1/0/23 cf=0", "30", "2.04");
    assert_int_equal(send(fixture, number), LWM2M_OK);
    device_fixture_free(fixture);
}

static void is_not_for_servers_of_1_0(void **state)
{
    struct device_fixture *fixture = registered(0);

    (void)state;
    assert_int_equal(send(fixture, number), LWM2M_UNSUPPORTED);
    assert_int_equal(lwm2m_client_send(fixture->client, LWM2M_NO_ID, &number, 1),
                     LWM2M_UNSUPPORTED);
    device_fixture_free(fixture);
}

static void a_time_that_is_not_known_is_not_said(void **state)
{
    struct device_fixture *fixture = device_fixture_new();
    struct lwm2m_record records[8];

    (void)state;
    device_fixture_register(fixture);
    assert_int_equal(send(fixture, number), LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_int_equal(received(fixture, records), 1);
    assert_true(records[0].time_ms == LWM2M_NO_TIME);
    device_fixture_free(fixture);
}

static void needs_a_format_that_can_carry_it(void **state)
{
    static const struct lwm2m_codec *const codecs[] = {&lwm2m_codec_text, &lwm2m_codec_tlv};
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.codecs = (struct lwm2m_codecs){codecs, 2};
    device_fixture_register(fixture);
    assert_int_equal(send(fixture, number), LWM2M_FORMAT);
    device_fixture_free(fixture);
}

static void leaks_nothing_when_memory_runs_out(void **state)
{
    (void)state;
    for (size_t allowed = 0; allowed < 8; allowed++) {
        struct device_fixture *fixture = registered(1);
        enum lwm2m_error error;

        virtual_port_fail_after(&fixture->port, allowed);
        error = send(fixture, number);
        assert_true(error == LWM2M_OK || error == LWM2M_NO_MEMORY);
        virtual_port_fail_after(&fixture->port, SIZE_MAX);
        device_fixture_run(fixture, 1000);
        device_fixture_free(fixture);
    }
}

static void ends_with_the_client(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    assert_int_equal(send(fixture, number), LWM2M_OK);
    assert_int_equal(send(fixture, many), LWM2M_OK);
    device_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_values_with_their_time),
        cmocka_unit_test(reports_a_history),
        cmocka_unit_test(sends_only_what_the_registration_has),
        cmocka_unit_test(says_what_became_of_it),
        cmocka_unit_test(a_server_can_mute_it),
        cmocka_unit_test(is_not_for_servers_of_1_0),
        cmocka_unit_test(a_time_that_is_not_known_is_not_said),
        cmocka_unit_test(needs_a_format_that_can_carry_it),
        cmocka_unit_test(leaks_nothing_when_memory_runs_out),
        cmocka_unit_test(ends_with_the_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
