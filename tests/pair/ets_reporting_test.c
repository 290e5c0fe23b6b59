/*
 * Cases of the OMA enabler test for information reporting, by their numbers
 * (LightweightM2M-1.1-int-N; 312 and 313 are of 1.2). Lines of a diary begin with the seconds since
 * the Observe request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/ets_device.h"

/* For a time, /3/0/7/0 and /3/0/8/0 change every second: 3801 and 126 first. */
static void change_for(struct pair_fixture *fixture, int seconds)
{
    for (int i = 1; i <= seconds; i++) {
        ets_device_set(fixture, "/3/0/7/0", lwm2m_value_integer(3800 + i));
        ets_device_set(fixture, "/3/0/8/0", lwm2m_value_integer(125 + i));
        pair_fixture_run(fixture, 1000);
    }
}

static void ets_301_observe_with_pmin_and_pmax(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    ets_write_attributes(fixture, "/3/0/7", "pmin=5 pmax=15");
    ets_write_attributes(fixture, "/3/0/8", "pmin=10 pmax=20");
    ets_observe(fixture, "/3/0/7", false, NULL);
    ets_observe(fixture, "/3/0/8", false, NULL);
    pair_fixture_run(fixture, 500);
    pair_fixture_assert_diary(fixture, "0 205 /3/0/7/0=3800\n0 205 /3/0/8/0=125\n");
    /* Nothing changes: pmax. */
    pair_fixture_run(fixture, 22000);
    pair_fixture_assert_diary(fixture, "15 205 /3/0/7/0=3800\n20 205 /3/0/8/0=125\n");
    /* Everything changes all the time: pmin. */
    change_for(fixture, 12);
    pair_fixture_assert_diary(fixture, "22 205 /3/0/7/0=3801\n27 205 /3/0/7/0=3805\n"
                                       "30 205 /3/0/8/0=133\n32 205 /3/0/7/0=3810\n");
    pair_fixture_free(fixture);
}

static void ets_302_cancel_by_reset(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    ets_observe(fixture, "/3/0/7", false, NULL);
    pair_fixture_run(fixture, 500);
    assert_int_equal(lwm2m_server_cancel_path(fixture->server, pair_fixture_find(fixture, 0),
                                              ets_path("/3/0/7"), true),
                     1);
    fixture->diary[0] = '\0';
    change_for(fixture, 1);
    pair_fixture_run(fixture, 10000);
    size_t received = fixture->server_end.node->received;
    change_for(fixture, 20);
    assert_int_equal(fixture->server_end.node->received, received);
    pair_fixture_free(fixture);
}

static void ets_303_cancel_by_observe_1(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    ets_observe(fixture, "/3/0/7", false, NULL);
    pair_fixture_run(fixture, 500);
    assert_int_equal(lwm2m_server_cancel_path(fixture->server, pair_fixture_find(fixture, 0),
                                              ets_path("/3/0/7"), false),
                     1);
    pair_fixture_run(fixture, 10000);
    size_t received = fixture->server_end.node->received;
    change_for(fixture, 20);
    assert_int_equal(fixture->server_end.node->received, received);
    pair_fixture_free(fixture);
}

#define COMPOSITE "/1/0/1 /3/0/11/0 /3/0/16"
#define COMPOSITE_VALUES "/1/0/1=86400 /3/0/11/0=0 /3/0/16=U"

/* Between 30 and 45 seconds apart. */
static struct lwm2m_subscription *observe_composite(struct pair_fixture *fixture)
{
    ets_write_attributes(fixture, "/1/0/1", "pmin=30 pmax=45");
    ets_write_attributes(fixture, "/3/0/11/0", "pmin=30 pmax=45");
    ets_write_attributes(fixture, "/3/0/16", "pmin=30 pmax=45");
    struct lwm2m_subscription *subscription = ets_observe(fixture, COMPOSITE, true, NULL);
    pair_fixture_run(fixture, 500);
    pair_fixture_assert_diary(fixture, "0 205 " COMPOSITE_VALUES "\n");
    return subscription;
}

static void ets_304_observe_composite(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    observe_composite(fixture);
    pair_fixture_run(fixture, 50000);
    pair_fixture_assert_diary(fixture, "45 205 " COMPOSITE_VALUES "\n");
    ets_device_set(fixture, "/3/0/11/0", lwm2m_value_integer(1));
    pair_fixture_run(fixture, 50000);
    pair_fixture_assert_diary(fixture, "75 205 /1/0/1=86400 /3/0/11/0=1 /3/0/16=U\n");
    pair_fixture_free(fixture);
}

static void ets_305_cancel_observe_composite(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);
    struct lwm2m_subscription *subscription = observe_composite(fixture);

    (void)state;
    lwm2m_server_unsubscribe(fixture->server, subscription);
    pair_fixture_run(fixture, 5000);
    size_t received = fixture->server_end.node->received;
    pair_fixture_run(fixture, 100000);
    assert_int_equal(fixture->server_end.node->received, received);
    pair_fixture_free(fixture);
}

static void send_paths(struct pair_fixture *fixture, const char *paths, enum lwm2m_error expected)
{
    const struct ets_paths named = ets_paths(paths);

    assert_int_equal(
        lwm2m_client_send(fixture->devices[0].client, LWM2M_NO_ID, named.list, named.count),
        expected);
    pair_fixture_run(fixture, 1000);
}

static void ets_306_send(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    send_paths(fixture, "/3/0/7/0 /3/0/16", LWM2M_OK);
    assert_int_equal(fixture->events[LWM2M_SERVER_SENT], 1);
    /* Only what is registered. */
    send_paths(fixture, "/9999/0/1", LWM2M_NOT_FOUND);
    assert_int_equal(fixture->events[LWM2M_SERVER_SENT], 1);
    pair_fixture_free(fixture);
}

static void ets_307_mute_send(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    ets_device_set(fixture, "/1/0/23", lwm2m_value_boolean(true));
    send_paths(fixture, "/3/0/16", LWM2M_NOT_ALLOWED);
    assert_int_equal(fixture->events[LWM2M_SERVER_SENT], 0);
    ets_device_set(fixture, "/1/0/23", lwm2m_value_boolean(false));
    send_paths(fixture, "/3/0/16", LWM2M_OK);
    assert_int_equal(fixture->events[LWM2M_SERVER_SENT], 1);
    pair_fixture_free(fixture);
}

static void ets_308_observe_composite_follows_a_create(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);
    const struct lwm2m_record record = {ets_path("/16/1/0/0"), lwm2m_value_text("new"),
                                        LWM2M_NO_TIME};
    const struct lwm2m_operation create = {.kind = LWM2M_OPERATION_CREATE,
                                           .path = ets_path("/16/1"),
                                           .format = LWM2M_NO_FORMAT,
                                           .records = &record,
                                           .record_count = 1};

    (void)state;
    ets_observe(fixture, "/16/0 /16/1", true, NULL);
    pair_fixture_run(fixture, 500);
    pair_fixture_assert_diary(fixture, "0 205 /16/0/0/0=id\n");
    pair_fixture_expect(fixture, &create, "201\n");
    pair_fixture_run(fixture, 1000);
    pair_fixture_assert_diary(fixture, "0 205 /16/0/0/0=id /16/1/0/0=new\n");
    pair_fixture_free(fixture);
}

static void ets_309_observe_composite_follows_a_delete(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);
    const struct lwm2m_operation delete = {
        .kind = LWM2M_OPERATION_DELETE, .path = ets_path("/16/1"), .format = LWM2M_NO_FORMAT};

    (void)state;
    ets_device_set(fixture, "/16/1/0/0", lwm2m_value_text("new"));
    ets_observe(fixture, "/16/0 /16/1", true, NULL);
    pair_fixture_run(fixture, 500);
    pair_fixture_assert_diary(fixture, "0 205 /16/0/0/0=id /16/1/0/0=new\n");
    pair_fixture_expect(fixture, &delete, "202\n");
    pair_fixture_run(fixture, 1000);
    pair_fixture_assert_diary(fixture, "0 205 /16/0/0/0=id\n");
    pair_fixture_free(fixture);
}

static void ets_310_observe_composite_with_a_changed_pmax(void **state)
{
    struct pair_fixture *fixture = ets_device_new(1);

    (void)state;
    observe_composite(fixture);
    ets_write_attributes(fixture, "/3/0/16", "pmin=0 pmax=5");
    fixture->diary[0] = '\0';
    pair_fixture_run(fixture, 11000);
    pair_fixture_assert_diary(fixture, "5 205 " COMPOSITE_VALUES "\n10 205 " COMPOSITE_VALUES "\n");
    pair_fixture_free(fixture);
}

static void take_content(void *context, const struct lwm2m_server_event *event)
{
    if (event->type == LWM2M_SERVER_SENT) {
        pair_fixture_note_outcome(context, event->content);
    }
}

static void ets_311_send_of_exact_values(void **state)
{
    struct pair_fixture *fixture = pair_fixture_new(1, 1);

    (void)state;
    fixture->config.on_event = take_content;
    pair_fixture_start(fixture);
    pair_fixture_run(fixture, 1000);
    send_paths(fixture, "/33000/0/0 /33000/0/1 /33000/0/5", LWM2M_OK);
    assert_non_null(
        strstr(fixture->diary, "/33000/0/0=hello /33000/0/1=42 /33000/0/5/0=10 /33000/0/5/3=13\n"));
    pair_fixture_free(fixture);
}

static void ets_312_observe_with_attributes(void **state)
{
    struct pair_fixture *fixture = ets_device_new(2);

    (void)state;
    ets_observe(fixture, "/3/0/7", false, "pmin=5 pmax=15");
    pair_fixture_run(fixture, 500);
    pair_fixture_assert_diary(fixture, "0 205 /3/0/7/0=3800\n");
    pair_fixture_run(fixture, 15500);
    pair_fixture_assert_diary(fixture, "15 205 /3/0/7/0=3800\n");
    change_for(fixture, 8);
    pair_fixture_assert_diary(fixture, "20 205 /3/0/7/0=3805\n");
    /* The resource itself has none. */
    ets_expect_discover(fixture, "/3/0/7", 0, "205 </3/0/7>;dim=1\n");
    pair_fixture_free(fixture);
}

static void ets_313_attributes_of_the_observation_come_first(void **state)
{
    struct pair_fixture *fixture = ets_device_new(2);

    (void)state;
    ets_write_attributes(fixture, "/3/0/7", "pmin=2 pmax=4");
    ets_observe(fixture, "/3/0/7", false, "pmin=10 pmax=20");
    pair_fixture_run(fixture, 25000);
    pair_fixture_assert_diary(fixture, "0 205 /3/0/7/0=3800\n20 205 /3/0/7/0=3800\n");
    ets_expect_discover(fixture, "/3/0/7", 0, "205 </3/0/7>;dim=1;pmin=2;pmax=4\n");
    pair_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ets_301_observe_with_pmin_and_pmax),
        cmocka_unit_test(ets_302_cancel_by_reset),
        cmocka_unit_test(ets_303_cancel_by_observe_1),
        cmocka_unit_test(ets_304_observe_composite),
        cmocka_unit_test(ets_305_cancel_observe_composite),
        cmocka_unit_test(ets_306_send),
        cmocka_unit_test(ets_307_mute_send),
        cmocka_unit_test(ets_308_observe_composite_follows_a_create),
        cmocka_unit_test(ets_309_observe_composite_follows_a_delete),
        cmocka_unit_test(ets_310_observe_composite_with_a_changed_pmax),
        cmocka_unit_test(ets_311_send_of_exact_values),
        cmocka_unit_test(ets_312_observe_with_attributes),
        cmocka_unit_test(ets_313_attributes_of_the_observation_come_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
