/*
 * Tests of lib/server/send_receiver.c: what a device reports by itself, and who may.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/server_fixture.h"

/* [{"n": "/3/0/9", "v": 80}, {"n": "/1/0/1", "v": 60}] */
#define TWO_VALUES "\x82\xa2\x61n\x66/3/0/9\x02\x18\x50\xa2\x61n\x66/1/0/1\x02\x18\x3c"
/* [{"n": "/3/0/9", "v": 80}, {"n": "/5/0/3", "v": 1}] */
#define ONE_UNREGISTERED "\x82\xa2\x61n\x66/3/0/9\x02\x18\x50\xa2\x61n\x66/5/0/3\x02\x01"
/* [{"n": "/3/0/9", "v": 80}, and the beginning of another */
#define BROKEN_OFF "\x82\xa2\x61n\x66/3/0/9\x02\x18\x50\xa2\x61n"
/* [{"n": "/"}] */
#define THE_ROOT "\x81\xa1\x61n\x61/"

static int set_up(void **state)
{
    *state = server_fixture_new();
    server_fixture_start(*state);
    return 0;
}

static int tear_down(void **state)
{
    server_fixture_free(*state);
    return 0;
}

static enum lwm2m_error note_record(void *context, const struct lwm2m_record *record)
{
    char path[LWM2M_PATH_TEXT_MAX];

    lwm2m_path_print(record->path, path);
    server_fixture_note(context, "%s %lld\n", path, (long long)record->value.as.integer);
    return LWM2M_OK;
}

static void note_content(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    if (event->type == LWM2M_SERVER_SENT) {
        assert_int_equal(
            lwm2m_outcome_decode(event->content, (struct lwm2m_sink){fixture, note_record}, NULL),
            LWM2M_OK);
    }
}

static enum lwm2m_status send(struct server_fixture *fixture, struct stand_in_peer *peer,
                              uint16_t format, const char *payload)
{
    return stand_in_transport_send(&fixture->transport, peer, "POST /dp", format, payload)->status;
}

static void hands_on_what_a_device_sends(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_registered(fixture, "1.1");
    fixture->on_event = note_content;
    struct lwm2m_incoming *incoming = stand_in_transport_send(
        &fixture->transport, fixture->peer, "POST /dp", LWM2M_FORMAT_SENML_CBOR, TWO_VALUES);
    assert_string_equal(incoming->text, "2.04 ");
    assert_string_equal(incoming->payload, "");
    server_fixture_assert_diary(fixture, "SENT dev\n/3/0/9 80\n/1/0/1 60\n");
}

static void tells_nobody_of_what_it_refuses(void **state)
{
    static const struct {
        uint16_t format;
        const char *payload;
        enum lwm2m_status status;
    } rows[] = {
        {LWM2M_FORMAT_SENML_CBOR, BROKEN_OFF, LWM2M_STATUS_BAD_REQUEST},
        {LWM2M_FORMAT_SENML_CBOR, "", LWM2M_STATUS_BAD_REQUEST},
        {LWM2M_FORMAT_SENML_CBOR, "x", LWM2M_STATUS_BAD_REQUEST},
        {LWM2M_FORMAT_SENML_CBOR, THE_ROOT, LWM2M_STATUS_BAD_REQUEST},
        {LWM2M_FORMAT_SENML_CBOR, ONE_UNREGISTERED, LWM2M_STATUS_NOT_FOUND},
        {LWM2M_NO_FORMAT, TWO_VALUES, LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT},
        {LWM2M_FORMAT_TLV, TWO_VALUES, LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT},
        {LWM2M_FORMAT_TEXT, "1", LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT},
        {LWM2M_FORMAT_LINK, "</1>", LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT},
        {LWM2M_FORMAT_LWM2M_CBOR, TWO_VALUES, LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT},
        {60000, TWO_VALUES, LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT},
    };
    struct server_fixture *fixture = *state;

    server_fixture_registered(fixture, "1.1");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum lwm2m_status status = send(fixture, fixture->peer, rows[i].format, rows[i].payload);
        if (status != rows[i].status) {
            fail_msg("row %zu: %u", i, (unsigned)status);
        }
    }
    server_fixture_assert_diary(fixture, "");
}

static void takes_any_object_of_a_device_with_a_profile(void **state)
{
    struct server_fixture *fixture = *state;

    stand_in_transport_send(&fixture->transport, fixture->peer, "POST /rd?ep=dev&lwm2m=1.2&pid=7",
                            LWM2M_NO_FORMAT, NULL);
    assert_int_equal(send(fixture, fixture->peer, LWM2M_FORMAT_SENML_CBOR, ONE_UNREGISTERED),
                     LWM2M_STATUS_CHANGED);
}

static void does_not_listen_to_strangers(void **state)
{
    struct server_fixture *fixture = *state;

    assert_int_equal(send(fixture, fixture->peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_NOT_FOUND);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    assert_int_equal(send(fixture, fixture->other_peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_NOT_FOUND);
    lwm2m_server_deregister(fixture->server, registration);
    fixture->diary[0] = '\0';
    assert_int_equal(send(fixture, fixture->peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_NOT_FOUND);
    server_fixture_assert_diary(fixture, "");
}

static void knows_a_device_that_moved(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");

    server_fixture_update(fixture, fixture->other_peer, registration->id, "", NULL);
    assert_int_equal(send(fixture, fixture->other_peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_CHANGED);
    assert_int_equal(send(fixture, fixture->peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_NOT_FOUND);
}

static void refuses_what_is_too_long(void **state)
{
    struct server_fixture *fixture = server_fixture_new();

    (void)state;
    fixture->config.max_payload_bytes = 20;
    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    assert_int_equal(send(fixture, fixture->peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE);
    server_fixture_free(fixture);
}

static void counts_as_a_sign_of_life_but_not_as_an_update(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    uint64_t updated_ms = registration->updated_ms;

    server_fixture_pass(fixture, 5000);
    assert_int_equal(send(fixture, fixture->peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_CHANGED);
    assert_int_equal(registration->seen_ms, fixture->port.now_ms);
    assert_int_equal(registration->updated_ms, updated_ms);
}

static void end_registration(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    if (event->type == LWM2M_SERVER_SENT) {
        lwm2m_server_deregister(fixture->server, event->registration);
    }
}

static void lets_the_listener_end_the_registration(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_registered(fixture, "1.1");
    fixture->on_event = end_registration;
    assert_int_equal(send(fixture, fixture->peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_CHANGED);
    server_fixture_assert_diary(fixture, "SENT dev\nDEREGISTERED dev by operator\n");
}

static void wakes_a_device_in_queue_mode(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=600&lwm2m=1.1&Q");
    server_fixture_pass(fixture, 94000);
    server_fixture_assert_diary(fixture, "REGISTERED dev\nASLEEP dev\n");
    assert_int_equal(send(fixture, fixture->peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_CHANGED);
    server_fixture_assert_diary(fixture, "AWAKE dev\nSENT dev\n");
}

static void says_when_memory_is_short(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_registered(fixture, "1.1");
    virtual_port_fail_after(&fixture->port, 0);
    assert_int_equal(send(fixture, fixture->peer, LWM2M_FORMAT_SENML_CBOR, TWO_VALUES),
                     LWM2M_STATUS_SERVICE_UNAVAILABLE);
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(hands_on_what_a_device_sends),
        TEST(tells_nobody_of_what_it_refuses),
        TEST(takes_any_object_of_a_device_with_a_profile),
        TEST(does_not_listen_to_strangers),
        TEST(knows_a_device_that_moved),
        cmocka_unit_test(refuses_what_is_too_long),
        TEST(counts_as_a_sign_of_life_but_not_as_an_update),
        TEST(lets_the_listener_end_the_registration),
        TEST(wakes_a_device_in_queue_mode),
        TEST(says_when_memory_is_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
