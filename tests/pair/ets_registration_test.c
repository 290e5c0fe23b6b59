/*
 * Cases of the OMA enabler test for registration, Send and several servers that both engines must
 * pass with each other, by their numbers (LightweightM2M-1.1-int-N, 1.2-int-N).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/pair_fixture.h"

#define SSID 101

static void (*count_event)(void *context, const struct lwm2m_server_event *event);

/* Counts as ever, and notes what a device sent. */
static void take_event(void *context, const struct lwm2m_server_event *event)
{
    count_event(context, event);
    if (event->type == LWM2M_SERVER_SENT) {
        pair_fixture_note_outcome(context, event->content);
    }
}

static struct pair_fixture *prepared(void)
{
    struct pair_fixture *fixture = pair_fixture_new(1, 1);

    count_event = fixture->config.on_event;
    fixture->config.on_event = take_event;
    return fixture;
}

static void start(struct pair_fixture *fixture)
{
    pair_fixture_start(fixture);
    pair_fixture_run(fixture, 1000);
    assert_non_null(pair_fixture_find(fixture, 0));
}

static struct pair_fixture *registered(uint32_t lifetime_s)
{
    struct pair_fixture *fixture = prepared();

    fixture->devices[0].lifetime_s = lifetime_s;
    start(fixture);
    return fixture;
}

static void run_operation(struct pair_fixture *fixture, enum lwm2m_operation_kind kind,
                          struct lwm2m_path path, struct lwm2m_value value)
{
    const struct lwm2m_record record = {path, value, LWM2M_NO_TIME};
    const struct lwm2m_operation operation = {
        .kind = kind,
        .path = path,
        .format = LWM2M_NO_FORMAT,
        .records = &record,
        .record_count = kind == LWM2M_OPERATION_EXECUTE ? 0 : 1,
    };

    pair_fixture_expect(fixture, &operation, "204\n");
}

static void write_server(struct pair_fixture *fixture, uint16_t resource, struct lwm2m_value value)
{
    run_operation(fixture, LWM2M_OPERATION_WRITE_REPLACE, lwm2m_path_resource(1, 0, resource),
                  value);
}

static void execute_server(struct pair_fixture *fixture, uint16_t resource)
{
    run_operation(fixture, LWM2M_OPERATION_EXECUTE, lwm2m_path_resource(1, 0, resource),
                  lwm2m_value_none());
}

static bool knows_object(const struct pair_fixture *fixture, uint16_t object)
{
    struct lwm2m_version version;

    return lwm2m_registration_object_version(pair_fixture_find(fixture, 0), object, &version);
}

/* ---- registration ---- */

static void int_101_registers(void **state)
{
    struct pair_fixture *fixture = registered(300);
    const struct lwm2m_registration *registration = pair_fixture_find(fixture, 0);

    (void)state;
    assert_int_equal(registration->lifetime_s, 300);
    assert_int_equal(registration->version.minor, 1);
    assert_false(registration->queue_mode);
    assert_true(knows_object(fixture, 1));
    assert_true(knows_object(fixture, DEMO_OBJECT));
    assert_false(knows_object(fixture, 0));
    pair_fixture_free(fixture);
}

static void int_102_updates_with_a_new_lifetime(void **state)
{
    struct pair_fixture *fixture = registered(300);

    (void)state;
    write_server(fixture, 1, lwm2m_value_integer(20));
    pair_fixture_run(fixture, 500);
    assert_int_equal(pair_fixture_find(fixture, 0)->lifetime_s, 20);
    pair_fixture_run(fixture, 120 * 1000);
    assert_non_null(pair_fixture_find(fixture, 0));
    assert_int_equal(fixture->events[LWM2M_SERVER_REGISTERED], 1);
    assert_int_equal(fixture->expired, 0);
    pair_fixture_free(fixture);
}

static void int_103_deregisters_when_it_is_disabled(void **state)
{
    struct pair_fixture *fixture = registered(300);

    (void)state;
    write_server(fixture, 5, lwm2m_value_integer(60));
    execute_server(fixture, 4);
    pair_fixture_run(fixture, 1000);
    assert_null(pair_fixture_find(fixture, 0));
    assert_int_equal(fixture->events[LWM2M_SERVER_DEREGISTERED], 1);
    pair_fixture_run(fixture, 57 * 1000);
    assert_null(pair_fixture_find(fixture, 0));
    pair_fixture_run(fixture, 5 * 1000);
    assert_non_null(pair_fixture_find(fixture, 0));
    pair_fixture_free(fixture);
}

static void int_104_updates_when_it_is_triggered(void **state)
{
    struct pair_fixture *fixture = registered(300);

    (void)state;
    pair_fixture_run(fixture, 60 * 1000);
    assert_int_equal(fixture->events[LWM2M_SERVER_UPDATED], 0);
    execute_server(fixture, 8);
    pair_fixture_run(fixture, 500);
    assert_int_equal(fixture->events[LWM2M_SERVER_UPDATED], 1);
    assert_in_range(lwm2m_registration_left_s(fixture->server, pair_fixture_find(fixture, 0)), 298,
                    300);
    pair_fixture_free(fixture);
}

static void int_105_registers_again_when_it_was_forgotten(void **state)
{
    struct pair_fixture *fixture = registered(60);

    (void)state;
    lwm2m_server_deregister(fixture->server, pair_fixture_find(fixture, 0));
    pair_fixture_run(fixture, 60 * 1000);
    assert_non_null(pair_fixture_find(fixture, 0));
    assert_int_equal(fixture->events[LWM2M_SERVER_REGISTERED], 2);
    pair_fixture_free(fixture);
}

static void int_107_extends_its_lifetime(void **state)
{
    struct pair_fixture *fixture = registered(60);

    (void)state;
    write_server(fixture, 1, lwm2m_value_integer(120));
    pair_fixture_run(fixture, 500);
    assert_int_equal(fixture->events[LWM2M_SERVER_UPDATED], 1);
    assert_int_equal(pair_fixture_find(fixture, 0)->lifetime_s, 120);
    pair_fixture_run(fixture, 120 * 1000);
    assert_in_range(fixture->events[LWM2M_SERVER_UPDATED], 2, 3);
    assert_int_equal(fixture->expired, 0);
    pair_fixture_free(fixture);
}

static void int_108_announces_queue_mode(void **state)
{
    (void)state;
    for (uint8_t minor = 0; minor <= 2; minor++) {
        struct pair_fixture *fixture = prepared();

        fixture->devices[0].config.version.minor = minor;
        fixture->devices[0].config.queue_mode = true;
        start(fixture);
        assert_true(pair_fixture_find(fixture, 0)->queue_mode);
        pair_fixture_free(fixture);
    }
}

static void int_1_2_110_registers_with_a_profile(void **state)
{
    struct pair_fixture *fixture = prepared();

    (void)state;
    fixture->devices[0].config.version.minor = 2;
    fixture->devices[0].config.profile_id = "6:27354b9a";
    start(fixture);
    assert_int_equal(pair_fixture_find(fixture, 0)->version.minor, 2);
    assert_string_equal(lwm2m_registration_profile_id(pair_fixture_find(fixture, 0)), "6:27354b9a");
    assert_int_equal(pair_fixture_find(fixture, 0)->links.length, 0);
    assert_false(knows_object(fixture, DEMO_OBJECT));
    pair_fixture_free(fixture);
}

static bool profile_has(void *context, struct lwm2m_path path)
{
    (void)context;
    return path.object != DEMO_OBJECT;
}

static void int_1_2_111_lists_what_its_profile_has_not(void **state)
{
    struct pair_fixture *fixture = prepared();

    (void)state;
    fixture->devices[0].config.version.minor = 2;
    fixture->devices[0].config.profile_id = "6:27354b9a";
    fixture->devices[0].config.profile_has = profile_has;
    start(fixture);
    assert_true(knows_object(fixture, DEMO_OBJECT));
    assert_false(knows_object(fixture, 6));
    pair_fixture_free(fixture);
}

/* ---- Send ---- */

static const struct lwm2m_path number = {DEMO_OBJECT, 0, 1, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE};
static const struct lwm2m_path reading = {DEMO_OBJECT, 0, 2, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE};

static enum lwm2m_error send(struct pair_fixture *fixture, const struct lwm2m_path *paths,
                             size_t count)
{
    enum lwm2m_error error;

    fixture->diary[0] = '\0';
    error = lwm2m_client_send(fixture->devices[0].client, SSID, paths, count);
    pair_fixture_run(fixture, 1000);
    return error;
}

static void int_306_sends_only_what_is_registered(void **state)
{
    struct pair_fixture *fixture = registered(300);
    const struct lwm2m_path secret = lwm2m_path_resource(0, 0, 0);
    const struct lwm2m_path missing = lwm2m_path_resource(19, 0, 0);

    (void)state;
    assert_int_equal(send(fixture, &number, 1), LWM2M_OK);
    assert_int_equal(fixture->events[LWM2M_SERVER_SENT], 1);
    assert_int_equal(send(fixture, &secret, 1), LWM2M_NOT_FOUND);
    assert_int_equal(send(fixture, &missing, 1), LWM2M_NOT_FOUND);
    assert_int_equal(fixture->events[LWM2M_SERVER_SENT], 1);
    pair_fixture_free(fixture);
}

static void int_307_is_muted_and_unmuted(void **state)
{
    struct pair_fixture *fixture = registered(300);

    (void)state;
    write_server(fixture, 23, lwm2m_value_boolean(true));
    assert_int_equal(send(fixture, &number, 1), LWM2M_NOT_ALLOWED);
    assert_int_equal(fixture->events[LWM2M_SERVER_SENT], 0);
    write_server(fixture, 23, lwm2m_value_boolean(false));
    assert_int_equal(send(fixture, &number, 1), LWM2M_OK);
    assert_int_equal(fixture->events[LWM2M_SERVER_SENT], 1);
    pair_fixture_free(fixture);
}

static void int_311_sends_exact_values(void **state)
{
    struct pair_fixture *fixture = registered(300);
    const struct lwm2m_path paths[] = {number, reading};

    (void)state;
    assert_int_equal(send(fixture, paths, 2), LWM2M_OK);
    assert_non_null(strstr(fixture->diary, " /33000/0/1=42 /33000/0/2=21.5\n"));
    pair_fixture_free(fixture);
}

/* ---- several servers ---- */

/* A device that is registered with both. */
static struct pair_fixture *registered_twice(void)
{
    struct pair_fixture *fixture = registered(300);
    struct lwm2m_client *client = fixture->devices[0].client;
    const struct lwm2m_security_account where = {
        .instance = 1, .uri = "coap://other", .ssid = 102, .security_mode = 3};
    const struct lwm2m_server_account how = {
        .instance = 1, .ssid = 102, .lifetime_s = 600, .binding = "U"};

    pair_fixture_start_other(fixture);
    assert_int_equal(lwm2m_security_object_add(lwm2m_client_find_object(client, 0), &where),
                     LWM2M_OK);
    assert_int_equal(lwm2m_server_object_add(lwm2m_client_find_object(client, 1), &how), LWM2M_OK);
    pair_fixture_run(fixture, 1000);
    return fixture;
}

static struct lwm2m_registration *find_at_other(const struct pair_fixture *fixture)
{
    return lwm2m_server_find(fixture->other, lwm2m_bytes_from_text("device-0"));
}

static void int_950_registers_with_two_servers(void **state)
{
    struct pair_fixture *fixture = registered_twice();

    (void)state;
    assert_int_equal(find_at_other(fixture)->lifetime_s, 600);
    assert_int_equal(pair_fixture_find(fixture, 0)->lifetime_s, 300);
    lwm2m_server_deregister(fixture->server, pair_fixture_find(fixture, 0));
    pair_fixture_run(fixture, 3600 * 1000);
    assert_non_null(find_at_other(fixture));
    assert_non_null(pair_fixture_find(fixture, 0));
    /* Once more at the one that forgot it, not at the other. */
    assert_int_equal(fixture->events[LWM2M_SERVER_REGISTERED], 3);
    pair_fixture_free(fixture);
}

static void discover(struct pair_fixture *fixture, struct lwm2m_server *server,
                     struct lwm2m_registration *registration)
{
    const struct lwm2m_operation operation = {.kind = LWM2M_OPERATION_DISCOVER,
                                              .path = number,
                                              .format = LWM2M_NO_FORMAT,
                                              .context = fixture,
                                              .done = pair_fixture_note_outcome};

    fixture->diary[0] = '\0';
    assert_int_equal(lwm2m_server_submit(server, registration, &operation, NULL), LWM2M_OK);
    pair_fixture_run(fixture, 1000);
}

static void int_951_keeps_attributes_for_each_server(void **state)
{
    struct pair_fixture *fixture = registered_twice();
    struct lwm2m_attributes attributes = {0};
    const struct lwm2m_operation write = {.kind = LWM2M_OPERATION_WRITE_ATTRIBUTES,
                                          .path = number,
                                          .format = LWM2M_NO_FORMAT,
                                          .attributes = &attributes};

    (void)state;
    assert_int_equal(lwm2m_attributes_parse_query(lwm2m_bytes_from_text("pmin=5"), &attributes),
                     LWM2M_OK);
    pair_fixture_expect(fixture, &write, "204\n");
    discover(fixture, fixture->server, pair_fixture_find(fixture, 0));
    assert_non_null(strstr(fixture->diary, "pmin=5"));
    discover(fixture, fixture->other, find_at_other(fixture));
    assert_non_null(strstr(fixture->diary, "</33000/0/1>"));
    assert_null(strstr(fixture->diary, "pmin"));
    pair_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int_101_registers),
        cmocka_unit_test(int_102_updates_with_a_new_lifetime),
        cmocka_unit_test(int_103_deregisters_when_it_is_disabled),
        cmocka_unit_test(int_104_updates_when_it_is_triggered),
        cmocka_unit_test(int_105_registers_again_when_it_was_forgotten),
        cmocka_unit_test(int_107_extends_its_lifetime),
        cmocka_unit_test(int_108_announces_queue_mode),
        cmocka_unit_test(int_1_2_110_registers_with_a_profile),
        cmocka_unit_test(int_1_2_111_lists_what_its_profile_has_not),
        cmocka_unit_test(int_306_sends_only_what_is_registered),
        cmocka_unit_test(int_307_is_muted_and_unmuted),
        cmocka_unit_test(int_311_sends_exact_values),
        cmocka_unit_test(int_950_registers_with_two_servers),
        cmocka_unit_test(int_951_keeps_attributes_for_each_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
