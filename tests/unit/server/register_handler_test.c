/*
 * Tests of lib/server/register_handler.c: Register, Update and Deregister as a device sees them.
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

static int set_up(void **state)
{
    *state = server_fixture_new();
    return 0;
}

static int tear_down(void **state)
{
    server_fixture_free(*state);
    return 0;
}

static struct lwm2m_registration *find(struct server_fixture *fixture, const char *name)
{
    return lwm2m_server_find(fixture->server, lwm2m_bytes_from_text(name));
}

/* ---- Register ---- */

static void answers_a_register_with_its_location(void **state)
{
    struct server_fixture *fixture = *state;
    char expected[64];

    fixture->config.worker = 0xfc;
    server_fixture_start(fixture);
    struct lwm2m_incoming *incoming =
        server_fixture_register(fixture, fixture->peer, "ep=dev&lt=300&lwm2m=1.1&b=U&Q");
    struct lwm2m_registration *registration = find(fixture, "dev");

    assert_non_null(registration);
    snprintf(expected, sizeof expected, "2.01 /rd/%s", registration->id);
    assert_string_equal(incoming->text, expected);
    assert_int_equal(strlen(registration->id), 22);
    assert_int_equal(registration->id[0], '_'); /* the six high bits of the worker's number */
    assert_string_equal(registration->endpoint_name, "dev");
    assert_string_equal(registration->binding, "U");
    assert_true(registration->queue_mode);
    assert_int_equal(registration->lifetime_s, 300);
    assert_int_equal(registration->version.minor, 1);
    assert_ptr_equal(registration->peer, &fixture->peer->peer);
    assert_true(lwm2m_bytes_equal_text(registration->links, "</1/0>,</3/0>"));
    assert_int_equal(registration->registered_ms, fixture->port.now_ms);
    assert_null(registration->owner);
    assert_int_equal(lwm2m_registration_left_s(fixture->server, registration), 300);
    assert_int_equal(lwm2m_server_registration_count(fixture->server), 1);
    server_fixture_assert_diary(fixture, "REGISTERED dev\n");
}

/* Two a second: the third is refused, half a second later one more is taken. */
static void refuses_registers_that_come_too_fast(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->config.max_rate_per_address = 2;
    server_fixture_start(fixture);
    server_fixture_register(fixture, fixture->peer, "ep=a");
    server_fixture_register(fixture, fixture->peer, "ep=b");
    struct lwm2m_incoming *incoming = server_fixture_register(fixture, fixture->peer, "ep=c");
    assert_string_equal(incoming->text, "5.03  max-age=60");
    server_fixture_pass(fixture, 500);
    server_fixture_register(fixture, fixture->peer, "ep=d");
    server_fixture_register(fixture, fixture->peer, "ep=e");
    server_fixture_pass(fixture, 10000);
    server_fixture_register(fixture, fixture->peer, "ep=f");
    server_fixture_assert_diary(fixture, "REGISTERED a\nREGISTERED b\n"
                                         "DENIED 5.03 too many Registers from this address\n"
                                         "REGISTERED d\n"
                                         "DENIED 5.03 too many Registers from this address\n"
                                         "REGISTERED f\n");
}

static void refuses_bad_registers(void **state)
{
    static const struct {
        const char *request;
        uint16_t content_format;
        const char *payload;
        const char *answer, *diary;
    } rows[] = {
        {"POST /rd?lt=60", LWM2M_FORMAT_LINK, "</3/0>", "4.00 ", "DENIED 4.00 ep is missing\n"},
        {"POST /rd?ep=a&lwm2m=3.0", LWM2M_FORMAT_LINK, "</3/0>", "4.12 ",
         "DENIED 4.12 the LwM2M version is not supported\n"},
        {"POST /rd?ep=a", LWM2M_FORMAT_TEXT, "</3/0>", "4.15 ",
         "DENIED 4.15 the object list is not in link format\n"},
        {"POST /rd?ep=a", LWM2M_FORMAT_LINK, "</3/0", "4.00 ",
         "DENIED 4.00 the object list is not well formed\n"},
        {"POST /rd?ep=a", LWM2M_FORMAT_LINK, NULL, "4.00 ",
         "DENIED 4.00 the object list is missing\n"},
        {"POST /rd?ep=a", LWM2M_FORMAT_LINK, "</1/0>,</1/1>,</3/0>,</5/0>", "4.13  60=30",
         "DENIED 4.13 the object list has too many links\n"},
        {"POST /rd?ep=a", LWM2M_FORMAT_LINK, "</1/0>;a=1234567890123456789012", "4.13  60=30",
         "DENIED 4.13 the object list is too long\n"},
    };
    struct server_fixture *fixture = *state;

    fixture->config.max_payload_bytes = 30;
    fixture->config.max_links = 3;
    server_fixture_start(fixture);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lwm2m_incoming *incoming =
            stand_in_transport_send(&fixture->transport, fixture->peer, rows[i].request,
                                    rows[i].content_format, rows[i].payload);
        assert_string_equal(incoming->text, rows[i].answer);
        server_fixture_assert_diary(fixture, rows[i].diary);
    }
    assert_int_equal(lwm2m_server_registration_count(fixture->server), 0);
}

static void takes_an_object_list_without_content_format(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_incoming *incoming = stand_in_transport_send(
        &fixture->transport, fixture->peer, "POST /rd?ep=a", LWM2M_NO_FORMAT, "</3/0>");
    assert_int_equal(incoming->status, LWM2M_STATUS_CREATED);
}

static void replaces_a_registration_of_the_same_name(void **state)
{
    struct server_fixture *fixture = *state;
    char id[LWM2M_REGISTRATION_ID_MAX];

    server_fixture_start(fixture);
    memcpy(id, server_fixture_registered(fixture, "1.1")->id, sizeof id);
    struct lwm2m_incoming *incoming =
        server_fixture_register(fixture, fixture->other_peer, "ep=dev");
    assert_int_equal(incoming->status, LWM2M_STATUS_CREATED);
    server_fixture_assert_diary(fixture, "REPLACED dev\nREGISTERED dev\n");
    assert_string_not_equal(find(fixture, "dev")->id, id);
    assert_ptr_equal(find(fixture, "dev")->peer, &fixture->other_peer->peer);
    assert_int_equal(fixture->peer->retained, 0);
    assert_int_equal(lwm2m_server_registration_count(fixture->server), 1);
    assert_int_equal(server_fixture_update(fixture, fixture->peer, id, "", NULL)->status,
                     LWM2M_STATUS_NOT_FOUND);
}

static void keeps_a_secure_registration_from_anyone_else(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    fixture->peer->security = LWM2M_SECURITY_PSK;
    fixture->peer->identity = "dev";
    const char *id = server_fixture_registered(fixture, "1.1")->id;

    assert_int_equal(server_fixture_register(fixture, fixture->other_peer, "ep=dev")->status,
                     LWM2M_STATUS_FORBIDDEN);
    server_fixture_assert_diary(
        fixture, "DENIED 4.03 the endpoint name is registered by another identity\n");
    fixture->other_peer->security = LWM2M_SECURITY_PSK;
    fixture->other_peer->identity = "mallory";
    assert_int_equal(server_fixture_register(fixture, fixture->other_peer, "ep=dev")->status,
                     LWM2M_STATUS_FORBIDDEN);
    assert_int_equal(server_fixture_update(fixture, fixture->other_peer, id, "", NULL)->status,
                     LWM2M_STATUS_NOT_FOUND);
    /* The same identity over a new session is the owner. */
    fixture->other_peer->identity = "dev";
    assert_int_equal(server_fixture_update(fixture, fixture->other_peer, id, "", NULL)->status,
                     LWM2M_STATUS_CHANGED);
    assert_int_equal(server_fixture_register(fixture, fixture->peer, "ep=dev")->status,
                     LWM2M_STATUS_CREATED);
}

static bool endpoint_of(void *context, enum lwm2m_security security, struct lwm2m_bytes identity,
                        struct lwm2m_bytes *endpoint_name)
{
    (void)context;
    *endpoint_name = lwm2m_bytes_from_text("pump-7");
    return security == LWM2M_SECURITY_PSK && lwm2m_bytes_equal_text(identity, "key-7");
}

static void an_identity_registers_its_endpoint_and_no_other(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->config.endpoint_of = endpoint_of;
    server_fixture_start(fixture);
    fixture->peer->security = LWM2M_SECURITY_PSK;
    fixture->peer->identity = "key-7";
    server_fixture_register(fixture, fixture->peer, "ep=pump-8");
    server_fixture_register(fixture, fixture->peer, "ep=key-7");
    server_fixture_register(fixture, fixture->peer, "ep=pump-7");
    /* It need not say its name. */
    server_fixture_register(fixture, fixture->peer, "lt=60");
    fixture->peer->identity = "key-8";
    server_fixture_register(fixture, fixture->peer, "ep=pump-7");
    server_fixture_register(fixture, fixture->peer, "lt=60");
    server_fixture_assert_diary(fixture,
                                "DENIED 4.03 the endpoint name is not the one of the identity\n"
                                "DENIED 4.03 the endpoint name is not the one of the identity\n"
                                "REGISTERED pump-7\n"
                                "REPLACED pump-7\nREGISTERED pump-7\n"
                                "DENIED 4.03 the endpoint name is not the one of the identity\n"
                                "DENIED 4.03 the endpoint name is not the one of the identity\n");
}

static void without_a_table_an_identity_is_the_endpoint_name(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    fixture->peer->security = LWM2M_SECURITY_PSK;
    fixture->peer->identity = "dev";
    assert_int_equal(server_fixture_register(fixture, fixture->peer, "ep=other")->status,
                     LWM2M_STATUS_FORBIDDEN);
    assert_int_equal(server_fixture_register(fixture, fixture->peer, "ep=dev")->status,
                     LWM2M_STATUS_CREATED);
}

static void refuses_what_is_over_the_limit_of_registrations(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->config.max_registrations = 2;
    server_fixture_start(fixture);
    assert_int_equal(server_fixture_register(fixture, fixture->peer, "ep=a")->status,
                     LWM2M_STATUS_CREATED);
    assert_int_equal(server_fixture_register(fixture, fixture->peer, "ep=b")->status,
                     LWM2M_STATUS_CREATED);
    assert_string_equal(server_fixture_register(fixture, fixture->peer, "ep=c")->text,
                        "5.03  max-age=60");
    /* One that is registered already takes no new place. */
    assert_int_equal(server_fixture_register(fixture, fixture->peer, "ep=a")->status,
                     LWM2M_STATUS_CREATED);
    server_fixture_assert_diary(fixture, "REGISTERED a\nREGISTERED b\n"
                                         "DENIED 5.03 too many registrations\n"
                                         "REPLACED a\nREGISTERED a\n");
}

static void survives_the_failure_of_every_allocation(void **state)
{
    struct server_fixture *fixture = *state;
    enum lwm2m_status status = LWM2M_STATUS_NONE;
    size_t refused = 0;

    server_fixture_start(fixture);
    for (size_t allowed = 0; status != LWM2M_STATUS_CREATED; allowed++) {
        virtual_port_fail_after(&fixture->port, allowed);
        status = server_fixture_register(fixture, fixture->peer, "ep=dev")->status;
        refused += status == LWM2M_STATUS_SERVICE_UNAVAILABLE;
        assert_true(allowed < 10);
    }
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    assert_int_equal(refused, 2); /* the registration, and the answer that waits for the store */
}

/* ---- Update ---- */

static void leaves_what_an_update_does_not_name(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    fixture->port.now_ms += 30000;
    assert_string_equal(
        server_fixture_update(fixture, fixture->peer, registration->id, "", NULL)->text, "2.04 ");
    assert_int_equal(registration->lifetime_s, 60);
    assert_string_equal(registration->binding, "U");
    assert_true(lwm2m_bytes_equal_text(registration->links, "</1/0>,</3/0>"));
    assert_int_equal(registration->updated_ms, fixture->port.now_ms);
    assert_int_equal(registration->registered_ms, fixture->port.now_ms - 30000);
    assert_int_equal(lwm2m_registration_left_s(fixture->server, registration), 60);
    server_fixture_assert_diary(fixture, "UPDATED dev\n");
}

static void changes_what_an_update_names(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_incoming *incoming;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.0");
    incoming = server_fixture_update(fixture, fixture->peer, registration->id, "lt=120&b=UQ",
                                     "</1/0>,</3/0>,</3303/0>;ver=1.1,</3303/1>");
    assert_int_equal(incoming->status, LWM2M_STATUS_CHANGED);
    assert_int_equal(registration->lifetime_s, 120);
    assert_string_equal(registration->binding, "UQ");
    assert_true(registration->queue_mode);
    server_fixture_assert_diary(fixture, "UPDATED dev lifetime links\n");

    incoming =
        server_fixture_update(fixture, fixture->peer, registration->id, "lt=120&b=U", "</3/0>");
    assert_int_equal(incoming->status, LWM2M_STATUS_CHANGED);
    assert_false(registration->queue_mode);
    assert_true(lwm2m_bytes_equal_text(registration->links, "</3/0>"));
    server_fixture_assert_diary(fixture, "UPDATED dev links\n");
    server_fixture_update(fixture, fixture->peer, registration->id, "", "</3/0>");
    server_fixture_assert_diary(fixture, "UPDATED dev\n");
}

static void takes_an_update_by_put(void **state)
{
    struct server_fixture *fixture = *state;
    char request[64];

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.0");
    snprintf(request, sizeof request, "PUT /rd/%s?lt=90", registration->id);
    assert_int_equal(
        stand_in_transport_send(&fixture->transport, fixture->peer, request, LWM2M_NO_FORMAT, NULL)
            ->status,
        LWM2M_STATUS_CHANGED);
    assert_int_equal(registration->lifetime_s, 90);
}

static void refuses_bad_updates_and_changes_nothing(void **state)
{
    static const struct {
        const char *query, *payload, *answer, *diary;
    } rows[] = {
        {"lt=abc", NULL, "4.00 ", "DENIED 4.00 lt is no number from 0 to 4294967295\n"},
        {"lt=0", NULL, "4.00 ", "DENIED 4.00 lt is 0, which LwM2M before 1.2 does not know\n"},
        {"lt=90", "<", "4.00 ", "DENIED 4.00 the object list is not well formed\n"},
        {"lt=90&lt=90", "</3/0>", "4.00 ", "DENIED 4.00 lt is given twice\n"},
    };
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lwm2m_incoming *incoming = server_fixture_update(
            fixture, fixture->peer, registration->id, rows[i].query, rows[i].payload);
        assert_string_equal(incoming->text, rows[i].answer);
        server_fixture_assert_diary(fixture, rows[i].diary);
    }
    assert_int_equal(registration->lifetime_s, 60);
    assert_true(lwm2m_bytes_equal_text(registration->links, "</1/0>,</3/0>"));
}

static void changes_nothing_when_an_update_finds_no_memory(void **state)
{
    static const char links[] = "</1/0>,</3/0>,</3303/0>,</3303/1>,</3303/2>";
    struct server_fixture *fixture = *state;
    enum lwm2m_status status = LWM2M_STATUS_NONE;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    for (size_t allowed = 0; status != LWM2M_STATUS_CHANGED; allowed++) {
        assert_true(allowed < 10);
        assert_int_equal(registration->lifetime_s, 60);
        assert_true(lwm2m_bytes_equal_text(registration->links, "</1/0>,</3/0>"));
        virtual_port_fail_after(&fixture->port, allowed);
        status =
            server_fixture_update(fixture, fixture->peer, registration->id, "lt=90", links)->status;
    }
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    assert_true(lwm2m_bytes_equal_text(registration->links, links));
    server_fixture_assert_diary(fixture, "DENIED 5.03 out of memory\nDENIED 5.03 out of memory\n"
                                         "UPDATED dev lifetime links\n");
}

static void follows_a_device_to_a_new_address(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    assert_int_equal(
        server_fixture_update(fixture, fixture->other_peer, registration->id, "", NULL)->status,
        LWM2M_STATUS_CHANGED);
    assert_ptr_equal(registration->peer, &fixture->other_peer->peer);
    assert_int_equal(fixture->peer->retained, 0);
    server_fixture_assert_diary(fixture, "MOVED dev\nUPDATED dev\n");
}

static void serves_several_devices_behind_one_address(void **state)
{
    struct server_fixture *fixture = *state;
    char request[64], first[LWM2M_REGISTRATION_ID_MAX], second[LWM2M_REGISTRATION_ID_MAX];

    server_fixture_start(fixture);
    server_fixture_register(fixture, fixture->peer, "ep=first&lwm2m=1.1");
    server_fixture_register(fixture, fixture->peer, "ep=second&lwm2m=1.1");
    memcpy(first, find(fixture, "first")->id, sizeof first);
    memcpy(second, find(fixture, "second")->id, sizeof second);
    for (int i = 0; i < 2; i++) {
        fixture->diary[0] = '\0';
        server_fixture_update(fixture, fixture->peer, first, "", NULL);
        server_fixture_update(fixture, fixture->peer, second, "", NULL);
        server_fixture_assert_diary(fixture, "UPDATED first\nUPDATED second\n");
    }
    snprintf(request, sizeof request, "DELETE /rd/%s", second);
    stand_in_transport_send(&fixture->transport, fixture->peer, request, LWM2M_NO_FORMAT, NULL);
    assert_int_equal(server_fixture_update(fixture, fixture->peer, second, "", NULL)->status,
                     LWM2M_STATUS_NOT_FOUND);
    assert_int_equal(server_fixture_update(fixture, fixture->peer, first, "", NULL)->status,
                     LWM2M_STATUS_CHANGED);
}

static void refuses_a_move_where_that_is_denied(void **state)
{
    struct server_fixture *fixture = *state;
    char request[64];

    fixture->config.deny_move = true;
    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    assert_int_equal(
        server_fixture_update(fixture, fixture->other_peer, registration->id, "", NULL)->status,
        LWM2M_STATUS_NOT_FOUND);
    snprintf(request, sizeof request, "DELETE /rd/%s", registration->id);
    assert_int_equal(stand_in_transport_send(&fixture->transport, fixture->other_peer, request,
                                             LWM2M_NO_FORMAT, NULL)
                         ->status,
                     LWM2M_STATUS_NOT_FOUND);
    assert_ptr_equal(registration->peer, &fixture->peer->peer);
    assert_int_equal(
        server_fixture_update(fixture, fixture->peer, registration->id, "", NULL)->status,
        LWM2M_STATUS_CHANGED);
}

static void answers_alike_for_unknown_and_foreign_registrations(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    fixture->peer->security = LWM2M_SECURITY_PSK;
    fixture->peer->identity = "dev";
    const char *id = server_fixture_registered(fixture, "1.1")->id;
    struct lwm2m_incoming *foreign =
        server_fixture_update(fixture, fixture->other_peer, id, "lt=x", "<");
    struct lwm2m_incoming *unknown =
        server_fixture_update(fixture, fixture->other_peer, "AAAAAAAAAAAAAAAAAAAAAA", "lt=x", "<");
    assert_string_equal(foreign->text, unknown->text);
    assert_string_equal(foreign->text, "4.04 ");
    server_fixture_assert_diary(fixture, "DENIED 4.04 no such registration\n"
                                         "DENIED 4.04 no such registration\n");
}

/* ---- Deregister ---- */

static void forgets_a_device_that_deregisters(void **state)
{
    struct server_fixture *fixture = *state;
    char request[64];

    server_fixture_start(fixture);
    snprintf(request, sizeof request, "DELETE /rd/%s",
             server_fixture_registered(fixture, "1.1")->id);
    assert_string_equal(
        stand_in_transport_send(&fixture->transport, fixture->peer, request, LWM2M_NO_FORMAT, NULL)
            ->text,
        "2.02 ");
    assert_null(find(fixture, "dev"));
    assert_int_equal(fixture->peer->retained, 0);
    assert_string_equal(
        stand_in_transport_send(&fixture->transport, fixture->peer, request, LWM2M_NO_FORMAT, NULL)
            ->text,
        "4.04 ");
    server_fixture_assert_diary(fixture,
                                "DEREGISTERED dev by device\nDENIED 4.04 no such registration\n");
}

/* LwM2M Core 1.2 §6.2.1; ETS 1.2-int-110, -111. */
static void takes_a_profile_in_the_place_of_the_object_list(void **state)
{
    struct server_fixture *fixture = *state;
    const char *without_list = "POST /rd?ep=dev&lt=60&lwm2m=1.2&pid=6:27354b9a";

    server_fixture_start(fixture);
    assert_int_equal(stand_in_transport_send(&fixture->transport, fixture->peer, without_list,
                                             LWM2M_NO_FORMAT, NULL)
                         ->status,
                     LWM2M_STATUS_CREATED);
    struct lwm2m_registration *registration =
        lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"));
    assert_string_equal(lwm2m_registration_profile_id(registration), "6:27354b9a");
    assert_int_equal(registration->links.length, 0);
    server_fixture_update(fixture, fixture->peer, registration->id, "", "</3/0>,</5/0>");
    assert_true(lwm2m_bytes_equal_text(registration->links, "</3/0>,</5/0>"));
    assert_string_equal(lwm2m_registration_profile_id(registration), "6:27354b9a");

    server_fixture_register(fixture, fixture->peer, "ep=dev&lwm2m=1.2&pid=7");
    registration = lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"));
    assert_string_equal(lwm2m_registration_profile_id(registration), "7");
    assert_true(lwm2m_bytes_equal_text(registration->links, "</1/0>,</3/0>"));
}

static void does_not_know_profiles_before_1_2(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    assert_int_equal(stand_in_transport_send(&fixture->transport, fixture->peer,
                                             "POST /rd?ep=dev&lwm2m=1.1&pid=7", LWM2M_NO_FORMAT,
                                             NULL)
                         ->status,
                     LWM2M_STATUS_BAD_REQUEST);
    server_fixture_register(fixture, fixture->peer, "ep=dev&lwm2m=1.1&pid=7");
    assert_null(lwm2m_registration_profile_id(
        lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"))));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(answers_a_register_with_its_location),
        TEST(refuses_bad_registers),
        TEST(refuses_registers_that_come_too_fast),
        TEST(takes_an_object_list_without_content_format),
        TEST(replaces_a_registration_of_the_same_name),
        TEST(keeps_a_secure_registration_from_anyone_else),
        TEST(an_identity_registers_its_endpoint_and_no_other),
        TEST(without_a_table_an_identity_is_the_endpoint_name),
        TEST(refuses_what_is_over_the_limit_of_registrations),
        TEST(survives_the_failure_of_every_allocation),
        TEST(leaves_what_an_update_does_not_name),
        TEST(changes_what_an_update_names),
        TEST(takes_an_update_by_put),
        TEST(refuses_bad_updates_and_changes_nothing),
        TEST(changes_nothing_when_an_update_finds_no_memory),
        TEST(follows_a_device_to_a_new_address),
        TEST(serves_several_devices_behind_one_address),
        TEST(refuses_a_move_where_that_is_denied),
        TEST(answers_alike_for_unknown_and_foreign_registrations),
        TEST(forgets_a_device_that_deregisters),
        TEST(takes_a_profile_in_the_place_of_the_object_list),
        TEST(does_not_know_profiles_before_1_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
