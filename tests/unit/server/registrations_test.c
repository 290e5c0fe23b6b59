/*
 * Tests of lib/server/registrations.c: lifetimes on virtual time, and how registrations end.
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

#define DAY_MS 86400000u

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

static void expires_within_a_second_after_the_lifetime(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    server_fixture_pass(fixture, 60000);
    server_fixture_assert_diary(fixture, "");
    server_fixture_pass(fixture, 1000);
    server_fixture_assert_diary(fixture, "DEREGISTERED dev expired\n");
    assert_int_equal(lwm2m_server_registration_count(fixture->server), 0);
    assert_int_equal(fixture->peer->retained, 0);
    server_fixture_pass(fixture, DAY_MS);
    server_fixture_assert_diary(fixture, "");
}

static void counts_down_to_zero(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    assert_int_equal(lwm2m_registration_left_s(fixture->server, registration), 60);
    server_fixture_pass(fixture, 1);
    assert_int_equal(lwm2m_registration_left_s(fixture->server, registration), 60);
    server_fixture_pass(fixture, 59000);
    assert_int_equal(lwm2m_registration_left_s(fixture->server, registration), 1);
    server_fixture_pass(fixture, 1200);
    assert_int_equal(lwm2m_registration_left_s(fixture->server, registration), 0);
}

static void takes_an_update_at_the_last_moment(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    server_fixture_pass(fixture, 60000);
    assert_int_equal(
        server_fixture_update(fixture, fixture->peer, registration->id, "", NULL)->status,
        LWM2M_STATUS_CHANGED);
    server_fixture_pass(fixture, 60000);
    server_fixture_assert_diary(fixture, "UPDATED dev\n");
    server_fixture_pass(fixture, 1000);
    server_fixture_assert_diary(fixture, "DEREGISTERED dev expired\n");
}

static void follows_a_shorter_and_a_longer_lifetime(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    server_fixture_update(fixture, fixture->peer, registration->id, "lt=4294967295", NULL);
    server_fixture_pass(fixture, (uint64_t)365 * DAY_MS);
    server_fixture_assert_diary(fixture, "UPDATED dev lifetime\n");
    server_fixture_update(fixture, fixture->peer, registration->id, "lt=5", NULL);
    server_fixture_pass(fixture, 6000);
    server_fixture_assert_diary(fixture, "UPDATED dev lifetime\nDEREGISTERED dev expired\n");
}

static void keeps_a_lifetime_without_end(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_register(fixture, fixture->peer, "ep=dev&lwm2m=1.2&lt=0");
    struct lwm2m_registration *registration =
        lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"));
    assert_int_equal(lwm2m_registration_left_s(fixture->server, registration), UINT32_MAX);
    server_fixture_pass(fixture, (uint64_t)10000 * DAY_MS);
    server_fixture_assert_diary(fixture, "REGISTERED dev\n");
    server_fixture_update(fixture, fixture->peer, registration->id, "lt=1", NULL);
    server_fixture_pass(fixture, 2000);
    server_fixture_assert_diary(fixture, "UPDATED dev lifetime\nDEREGISTERED dev expired\n");
}

static void walks_in_the_order_of_registering(void **state)
{
    static const char *const names[] = {"d", "b", "c", "a"};
    struct server_fixture *fixture = *state;
    const struct lwm2m_registration *registration = NULL;
    char query[16];

    server_fixture_start(fixture);
    for (size_t i = 0; i < 4; i++) {
        snprintf(query, sizeof query, "ep=%s", names[i]);
        server_fixture_register(fixture, fixture->peer, query);
    }
    server_fixture_register(fixture, fixture->peer, "ep=d"); /* anew: now the last */
    for (size_t i = 1; i <= 4; i++) {
        registration = lwm2m_server_next(fixture->server, registration);
        assert_non_null(registration);
        assert_string_equal(registration->endpoint_name, names[i % 4]);
    }
    assert_null(lwm2m_server_next(fixture->server, registration));
}

static void ends_by_the_operator_without_a_word_to_the_device(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    lwm2m_server_deregister(fixture->server, server_fixture_registered(fixture, "1.1"));
    server_fixture_assert_diary(fixture, "DEREGISTERED dev by operator\n");
    assert_int_equal(fixture->transport.exchange_count, 0);
    server_fixture_pass(fixture, DAY_MS);
    server_fixture_assert_diary(fixture, "");
}

static void deregister_it(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    if (event->registration) {
        lwm2m_server_deregister(fixture->server, event->registration);
    }
}

static void lets_any_event_end_the_registration(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    fixture->on_event = deregister_it;
    server_fixture_update(fixture, fixture->other_peer, registration->id, "", NULL);
    server_fixture_assert_diary(fixture, "MOVED dev\nDEREGISTERED dev by operator\n");
    server_fixture_register(fixture, fixture->peer, "ep=dev");
    server_fixture_assert_diary(fixture, "REGISTERED dev\nDEREGISTERED dev by operator\n");
    assert_int_equal(lwm2m_server_registration_count(fixture->server), 0);
}

static void end_whatever_has_the_name(struct server_fixture *fixture,
                                      const struct lwm2m_server_event *event)
{
    struct lwm2m_registration *registration =
        lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"));

    if (event->type == LWM2M_SERVER_REPLACED && registration) {
        lwm2m_server_deregister(fixture->server, registration);
    }
}

static void lets_the_end_of_the_old_one_end_the_new_one(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    fixture->on_event = end_whatever_has_the_name;
    server_fixture_register(fixture, fixture->peer, "ep=dev");
    server_fixture_assert_diary(fixture, "REPLACED dev\nDEREGISTERED dev by operator\n");
}

/* ---- a fleet ---- */

#define FLEET 10000
#define DAYS 7

/* Every odd device sends an Update a day; every even one falls silent after it has registered. */
static void update_fleet(struct server_fixture *fixture, char ids[][LWM2M_REGISTRATION_ID_MAX])
{
    char path[64];

    for (size_t i = 1; i < FLEET; i += 2) {
        snprintf(path, sizeof path, "POST /rd/%s", ids[i]);
        struct lwm2m_incoming *incoming = stand_in_transport_send(
            &fixture->transport, fixture->peer, path, LWM2M_NO_FORMAT, NULL);
        assert_int_equal(incoming->status, LWM2M_STATUS_CHANGED);
    }
}

static void register_fleet(struct server_fixture *fixture, char ids[][LWM2M_REGISTRATION_ID_MAX])
{
    char text[64];

    for (size_t i = 0; i < FLEET; i++) {
        snprintf(text, sizeof text, "ep=device-%05zu&lt=86400", i);
        assert_int_equal(server_fixture_register(fixture, fixture->peer, text)->status,
                         LWM2M_STATUS_CREATED);
        snprintf(text, sizeof text, "device-%05zu", i);
        memcpy(ids[i], lwm2m_server_find(fixture->server, lwm2m_bytes_from_text(text))->id,
               LWM2M_REGISTRATION_ID_MAX);
    }
}

static void expires_the_silent_ones_of_a_fleet_exactly_once(void **state)
{
    struct server_fixture *fixture = *state;
    char(*ids)[LWM2M_REGISTRATION_ID_MAX] = calloc(FLEET, sizeof *ids);

    assert_non_null(ids);
    fixture->quiet = true;
    server_fixture_start(fixture);
    register_fleet(fixture, ids);
    assert_int_equal(fixture->registered, FLEET);
    for (unsigned day = 0; day < DAYS; day++) {
        server_fixture_pass(fixture, DAY_MS - 1000);
        update_fleet(fixture, ids);
    }
    assert_int_equal(fixture->deregistered, FLEET / 2);
    assert_int_equal(fixture->updated, DAYS * FLEET / 2);
    assert_int_equal(lwm2m_server_registration_count(fixture->server), FLEET / 2);
    server_fixture_pass(fixture, DAY_MS + 1000);
    assert_int_equal(fixture->deregistered, FLEET);
    assert_int_equal(lwm2m_server_registration_count(fixture->server), 0);
    free(ids);
}

static void needs_little_memory_for_each_device(void **state)
{
    struct server_fixture *fixture = *state;
    char(*ids)[LWM2M_REGISTRATION_ID_MAX] = calloc(FLEET, sizeof *ids);

    assert_non_null(ids);
    fixture->quiet = true;
    server_fixture_start(fixture);
    size_t before = fixture->port.allocated_bytes;
    register_fleet(fixture, ids);
    size_t each = (fixture->port.allocated_bytes - before) / FLEET;
    print_message("# %zu bytes for each registration\n", each);
    assert_true(each <= 400);
    free(ids);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(expires_within_a_second_after_the_lifetime),
        TEST(counts_down_to_zero),
        TEST(takes_an_update_at_the_last_moment),
        TEST(follows_a_shorter_and_a_longer_lifetime),
        TEST(keeps_a_lifetime_without_end),
        TEST(walks_in_the_order_of_registering),
        TEST(ends_by_the_operator_without_a_word_to_the_device),
        TEST(lets_any_event_end_the_registration),
        TEST(lets_the_end_of_the_old_one_end_the_new_one),
        TEST(expires_the_silent_ones_of_a_fleet_exactly_once),
        TEST(needs_little_memory_for_each_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
