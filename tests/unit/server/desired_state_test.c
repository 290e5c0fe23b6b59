/*
 * Tests of lib/server/desired_state.c: when what is desired is written, how often, and what the
 * program and the store hear of it.
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

#define AWAKE_MS 93000u

static int set_up(void **state)
{
    struct server_fixture *fixture = server_fixture_new();

    fixture->config.definitions = &lwm2m_registry;
    fixture->config.max_desired_per_device = 3;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    server_fixture_free(*state);
    return 0;
}

static struct lwm2m_bytes dev(void)
{
    return lwm2m_bytes_from_text("dev");
}

static struct lwm2m_path path_of(uint16_t resource)
{
    return lwm2m_path_resource(3, 0, resource);
}

static enum lwm2m_error desire(struct server_fixture *fixture, uint16_t resource, const char *text)
{
    const struct lwm2m_record record = {path_of(resource), lwm2m_value_text(text), LWM2M_NO_TIME};

    return lwm2m_server_set_desired(fixture->server, dev(), &record, 1);
}

static void do_desire(struct server_fixture *fixture, uint16_t resource, const char *text)
{
    assert_int_equal(desire(fixture, resource, text), LWM2M_OK);
}

static void answer(struct server_fixture *fixture, enum lwm2m_status status)
{
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), status, LWM2M_NO_FORMAT,
                             NULL, -1);
}

static void register_sleeper(struct server_fixture *fixture)
{
    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&lwm2m=1.1&b=U&Q");
}

static void assert_last_write(struct server_fixture *fixture, const char *request,
                              const char *payload)
{
    const struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);

    assert_memory_equal(exchange->text, request, strlen(request));
    assert_non_null(memmem(exchange->payload, exchange->payload_length, payload, strlen(payload)));
}

static bool note_value(void *context, const struct lwm2m_desired_value *desired)
{
    static const char *const words[] = {"pending", "applied", "refused"};
    struct server_fixture *fixture = context;

    server_fixture_note(fixture, "%u=%.*s %s %u s\n", desired->path.resource,
                        (int)desired->value.as.bytes.length,
                        (const char *)desired->value.as.bytes.data, words[desired->status],
                        (unsigned)((fixture->port.now_ms - desired->since_ms) / 1000));
    return true;
}

static void assert_desired(struct server_fixture *fixture, const char *expected)
{
    fixture->diary[0] = '\0';
    lwm2m_server_visit_desired(fixture->server, dev(), lwm2m_path_root(), note_value, fixture);
    server_fixture_assert_diary(fixture, expected);
}

/* ---- when it is written ---- */

static void writes_at_once_what_an_awake_device_is_to_hold(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    do_desire(fixture, 15, "Europe/Berlin");
    assert_last_write(fixture, "PUT /3/0/15", "Europe/Berlin");
    answer(fixture, LWM2M_STATUS_CHANGED);
    server_fixture_assert_diary(fixture,
                                "DESIRED dev /3/0/15 pending\nDESIRED dev /3/0/15 applied\n");
    server_fixture_pass(fixture, 20000);
    assert_desired(fixture, "15=Europe/Berlin applied 20 s\n");
    assert_int_equal(fixture->transport.exchange_count, 1);
}

static void waits_for_a_device_that_was_never_seen(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    do_desire(fixture, 15, "Europe/Berlin");
    do_desire(fixture, 14, "+01:00");
    server_fixture_pass(fixture, 3600000);
    assert_true(lwm2m_server_has_state(fixture->server, dev()));
    register_sleeper(fixture);
    assert_last_write(fixture, "PUT /3/0/15", "Europe/Berlin");
    answer(fixture, LWM2M_STATUS_CHANGED);
    assert_last_write(fixture, "PUT /3/0/14", "+01:00");
    answer(fixture, LWM2M_STATUS_CHANGED);
    server_fixture_assert_diary(
        fixture, "DESIRED dev /3/0/15 pending away\nDESIRED dev /3/0/14 pending away\n"
                 "REGISTERED dev\nDESIRED dev /3/0/15 applied\nDESIRED dev /3/0/14 applied\n");
}

static void waits_for_a_device_that_sleeps(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    register_sleeper(fixture);
    server_fixture_pass(fixture, AWAKE_MS + 1);
    do_desire(fixture, 15, "UTC");
    server_fixture_pass(fixture, 3600000);
    assert_int_equal(fixture->transport.exchange_count, 0);
    server_fixture_update(fixture, fixture->peer, lwm2m_server_find(fixture->server, dev())->id, "",
                          NULL);
    answer(fixture, LWM2M_STATUS_CHANGED);
    server_fixture_assert_diary(fixture, "REGISTERED dev\nASLEEP dev\nDESIRED dev /3/0/15 pending\n"
                                         "UPDATED dev\nAWAKE dev\nDESIRED dev /3/0/15 applied\n");
}

/* ---- what fails ---- */

static void gives_up_what_the_device_refuses(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    do_desire(fixture, 0, "Acme");
    do_desire(fixture, 15, "UTC");
    answer(fixture, LWM2M_STATUS_METHOD_NOT_ALLOWED);
    answer(fixture, LWM2M_STATUS_CHANGED);
    server_fixture_assert_diary(fixture,
                                "DESIRED dev /3/0/0 pending\nDESIRED dev /3/0/15 pending\n"
                                "DESIRED dev /3/0/0 refused OK 405\nDESIRED dev /3/0/15 applied\n");
    server_fixture_pass(fixture, 7200000);
    assert_int_equal(fixture->transport.exchange_count, 2);
}

static void tries_again_ever_more_seldom_after_5_03(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&lwm2m=1.1&b=U");
    do_desire(fixture, 15, "UTC");
    for (size_t i = 0; i < 3; i++) {
        answer(fixture, LWM2M_STATUS_SERVICE_UNAVAILABLE);
        assert_int_equal(fixture->transport.exchange_count, i + 1);
        server_fixture_pass(fixture, (30000u << i) - 1);
        server_fixture_update(fixture, fixture->peer, lwm2m_server_find(fixture->server, dev())->id,
                              "", NULL);
        assert_int_equal(fixture->transport.exchange_count, i + 1);
        server_fixture_pass(fixture, 2);
        assert_int_equal(fixture->transport.exchange_count, i + 2);
    }
    fixture->diary[0] = '\0';
    answer(fixture, LWM2M_STATUS_CHANGED);
    server_fixture_assert_diary(fixture, "DESIRED dev /3/0/15 applied OK 204\n");
}

static void tries_again_at_once_when_a_silent_device_is_heard(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_register(fixture, fixture->peer, "ep=dev&lt=86400&lwm2m=1.1&b=U");
    fixture->diary[0] = '\0';
    do_desire(fixture, 15, "UTC");
    stand_in_exchange_fail(stand_in_transport_last(&fixture->transport), LWM2M_TIMEOUT);
    server_fixture_assert_diary(
        fixture, "DESIRED dev /3/0/15 pending\nDESIRED dev /3/0/15 pending TIMEOUT 0\n");
    server_fixture_pass(fixture, 1000);
    assert_int_equal(fixture->transport.exchange_count, 1);
    server_fixture_update(fixture, fixture->peer, lwm2m_server_find(fixture->server, dev())->id, "",
                          NULL);
    assert_int_equal(fixture->transport.exchange_count, 2);
    answer(fixture, LWM2M_STATUS_CHANGED);
}

static void begins_anew_when_the_registration_ends_under_way(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    do_desire(fixture, 15, "UTC");
    lwm2m_server_deregister(fixture->server, registration);
    assert_desired(fixture, "15=UTC pending 0 s\n");
    server_fixture_registered(fixture, "1.1");
    assert_int_equal(fixture->transport.exchange_count, 2);
    answer(fixture, LWM2M_STATUS_CHANGED);
    assert_desired(fixture, "15=UTC applied 0 s\n");
}

/* ---- setting and clearing ---- */

static void lets_a_newer_value_take_the_place_of_one_under_way(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    do_desire(fixture, 15, "UTC");
    do_desire(fixture, 15, "Asia/Tokyo");
    answer(fixture, LWM2M_STATUS_CHANGED);
    assert_last_write(fixture, "PUT /3/0/15", "Asia/Tokyo");
    assert_desired(fixture, "15=Asia/Tokyo pending 0 s\n");
    answer(fixture, LWM2M_STATUS_CHANGED);
    assert_desired(fixture, "15=Asia/Tokyo applied 0 s\n");
}

static void clears_what_is_pending_under_way_and_settled(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    do_desire(fixture, 15, "UTC");
    answer(fixture, LWM2M_STATUS_CHANGED);
    do_desire(fixture, 14, "+01:00");
    do_desire(fixture, 0, "Acme");
    assert_int_equal(lwm2m_server_clear_desired(fixture->server, dev(), path_of(0)), 1);
    assert_int_equal(lwm2m_server_clear_desired(fixture->server, dev(), lwm2m_path_object(3)), 2);
    assert_int_equal(lwm2m_server_clear_desired(fixture->server, dev(), lwm2m_path_root()), 0);
    fixture->diary[0] = '\0';
    answer(fixture, LWM2M_STATUS_CHANGED);
    assert_desired(fixture, "");
    assert_false(lwm2m_server_has_state(fixture->server, dev()));
    assert_int_equal(fixture->transport.exchange_count, 2);
}

static void drops_what_is_settled_but_not_what_is_pending(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    do_desire(fixture, 0, "a");
    answer(fixture, LWM2M_STATUS_CHANGED);
    for (uint16_t i = 1; i <= 3; i++) {
        do_desire(fixture, i, "b");
    }
    assert_int_equal(desire(fixture, 4, "c"), LWM2M_BUSY);
    assert_desired(fixture, "1=b pending 0 s\n2=b pending 0 s\n3=b pending 0 s\n");
}

static void refuses_what_cannot_be_written(void **state)
{
    static char large[LWM2M_STATE_VALUE_MAX + 2];
    struct server_fixture *fixture = *state;
    const struct lwm2m_record instance = {lwm2m_path_instance(3, 0), lwm2m_value_text("x"),
                                          LWM2M_NO_TIME};
    const struct lwm2m_record empty = {path_of(0), lwm2m_value_none(), LWM2M_NO_TIME};

    server_fixture_start(fixture);
    memset(large, 'x', LWM2M_STATE_VALUE_MAX + 1);
    assert_int_equal(lwm2m_server_set_desired(fixture->server, dev(), &instance, 1),
                     LWM2M_ARGUMENT);
    assert_int_equal(lwm2m_server_set_desired(fixture->server, dev(), &empty, 1), LWM2M_ARGUMENT);
    assert_int_equal(desire(fixture, 0, large), LWM2M_TOO_LARGE);
    for (size_t i = 0; i < 3; i++) {
        virtual_port_fail_after(&fixture->port, i);
        assert_int_equal(desire(fixture, 0, "Acme"), LWM2M_NO_MEMORY);
        virtual_port_fail_after(&fixture->port, SIZE_MAX);
    }
    assert_false(lwm2m_server_has_state(fixture->server, dev()));
    server_fixture_assert_diary(fixture, "");
}

static void clear_it(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    if (event->type == LWM2M_SERVER_DESIRED) {
        (void)lwm2m_server_clear_desired(fixture->server, event->endpoint_name, lwm2m_path_root());
    }
}

static void lets_the_event_clear_it(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    do_desire(fixture, 15, "UTC");
    do_desire(fixture, 14, "+01:00");
    fixture->on_event = clear_it;
    answer(fixture, LWM2M_STATUS_CHANGED);
    do_desire(fixture, 0, "Acme");
    assert_false(lwm2m_server_has_state(fixture->server, dev()));
}

static void leaves_it_when_the_server_is_freed(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    server_fixture_registered(fixture, "1.1");
    do_desire(fixture, 15, "UTC");
    do_desire(fixture, 14, "+01:00");
}

/* ---- the store ---- */

struct kept_row {
    struct lwm2m_state_row row;
    char text[32];
};

/* A store that keeps state, of "dev" alone. */
static struct {
    struct kept_row rows[8];
    size_t count;
} kept;

static void save(void *context, const struct lwm2m_registration *registration,
                 lwm2m_store_done *done, void *done_context)
{
    (void)context;
    (void)registration;
    done(done_context, LWM2M_OK);
}

static void forget(void *context, const char *registration_id, lwm2m_store_done *done,
                   void *done_context)
{
    (void)context;
    (void)registration_id;
    done(done_context, LWM2M_OK);
}

static void remove_state(void *context, struct lwm2m_bytes endpoint_name, bool desired,
                         struct lwm2m_path path)
{
    (void)context;
    (void)endpoint_name;
    for (size_t i = 0; i < kept.count; i++) {
        if (kept.rows[i].row.desired == desired && lwm2m_path_equal(kept.rows[i].row.path, path)) {
            kept.rows[i] = kept.rows[--kept.count];
            return;
        }
    }
}

static void save_state(void *context, struct lwm2m_bytes endpoint_name,
                       const struct lwm2m_state_row *row)
{
    remove_state(context, endpoint_name, row->desired, row->path);
    struct kept_row *to = &kept.rows[kept.count++];
    to->row = *row;
    assert_in_range(row->value.as.bytes.length, 0, sizeof to->text);
    memcpy(to->text, row->value.as.bytes.data, row->value.as.bytes.length);
}

static void load_state(void *context, struct lwm2m_bytes endpoint_name,
                       void (*put)(void *put_context, const struct lwm2m_state_row *row),
                       void *put_context)
{
    (void)context;
    for (size_t i = 0; lwm2m_bytes_equal(endpoint_name, dev()) && i < kept.count; i++) {
        struct lwm2m_state_row row = kept.rows[i].row;
        row.value.as.bytes.data = (const uint8_t *)kept.rows[i].text;
        put(put_context, &row);
    }
}

static const struct lwm2m_store store = {
    .save = save,
    .remove = forget,
    .save_state = save_state,
    .remove_state = remove_state,
    .load_state = load_state,
};

static bool note_reported(void *context, const struct lwm2m_reported_value *reported)
{
    server_fixture_note(context, "%u=%.*s\n", reported->path.resource,
                        (int)reported->value.as.bytes.length,
                        (const char *)reported->value.as.bytes.data);
    return true;
}

static void goes_on_from_what_a_store_kept(void **state)
{
    struct server_fixture *fixture = *state;
    const struct lwm2m_operation read = {.kind = LWM2M_OPERATION_READ, .path = path_of(0)};

    kept.count = 0;
    fixture->config.store = &store;
    server_fixture_start(fixture);
    struct lwm2m_registration *registration = server_fixture_registered(fixture, "1.1");
    assert_int_equal(lwm2m_server_submit(fixture->server, registration, &read, NULL), LWM2M_OK);
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), LWM2M_STATUS_CONTENT,
                             LWM2M_FORMAT_TEXT, "Acme", -1);
    do_desire(fixture, 14, "+01:00");
    answer(fixture, LWM2M_STATUS_CHANGED);
    do_desire(fixture, 15, "UTC");
    lwm2m_server_free(fixture->server);

    /* The next server knows nothing but what the store has. */
    server_fixture_start(fixture);
    assert_true(lwm2m_server_has_state(fixture->server, dev()));
    fixture->diary[0] = '\0';
    lwm2m_server_visit_reported(fixture->server, dev(), lwm2m_path_root(), note_reported, fixture);
    server_fixture_assert_diary(fixture, "0=Acme\n");
    assert_desired(fixture, "15=UTC pending 0 s\n14=+01:00 applied 0 s\n");
    server_fixture_registered(fixture, "1.1");
    assert_last_write(fixture, "PUT /3/0/15", "UTC");
    answer(fixture, LWM2M_STATUS_CHANGED);
    assert_int_equal(lwm2m_server_clear_desired(fixture->server, dev(), lwm2m_path_root()), 2);
    assert_int_equal(kept.count, 1);
    assert_false(lwm2m_server_has_state(fixture->server, lwm2m_bytes_from_text("other")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(writes_at_once_what_an_awake_device_is_to_hold),
        TEST(waits_for_a_device_that_was_never_seen),
        TEST(waits_for_a_device_that_sleeps),
        TEST(gives_up_what_the_device_refuses),
        TEST(tries_again_ever_more_seldom_after_5_03),
        TEST(tries_again_at_once_when_a_silent_device_is_heard),
        TEST(begins_anew_when_the_registration_ends_under_way),
        TEST(lets_a_newer_value_take_the_place_of_one_under_way),
        TEST(clears_what_is_pending_under_way_and_settled),
        TEST(drops_what_is_settled_but_not_what_is_pending),
        TEST(refuses_what_cannot_be_written),
        TEST(lets_the_event_clear_it),
        TEST(leaves_it_when_the_server_is_freed),
        TEST(goes_on_from_what_a_store_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
