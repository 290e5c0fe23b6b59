/*
 * Tests of both engines against each other: operations on several objects at once, in every format
 * that can carry them, and what a device sends by itself.
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

static const uint16_t composite_formats[] = {
    LWM2M_NO_FORMAT,
    LWM2M_FORMAT_SENML_CBOR,
    LWM2M_FORMAT_SENML_JSON,
    LWM2M_FORMAT_LWM2M_CBOR,
};

enum { FORMAT_COUNT = sizeof composite_formats / sizeof composite_formats[0] };

static struct lwm2m_path path_of(const char *text)
{
    struct lwm2m_path path;

    assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(text), &path, NULL), LWM2M_OK);
    return path;
}

static struct lwm2m_record record_of(const char *path, struct lwm2m_value value)
{
    return (struct lwm2m_record){path_of(path), value, LWM2M_NO_TIME};
}

static void note_event(void *context, const struct lwm2m_server_event *event)
{
    struct pair_fixture *fixture = context;

    fixture->events[event->type]++;
    if (event->type == LWM2M_SERVER_SENT) {
        pair_fixture_note(fixture, "SENT ");
        pair_fixture_note_outcome(fixture, event->content);
    }
}

/* A server that notes what is sent, and one device of 1.2, registered; its number is 50. */
static int set_up(void **state)
{
    struct pair_fixture *fixture = pair_fixture_new(1, 1);

    fixture->config.on_event = note_event;
    fixture->devices[0].config.version = (struct lwm2m_version){1, 2};
    pair_fixture_start(fixture);
    pair_fixture_run(fixture, 1000);
    assert_non_null(pair_fixture_find(fixture, 0));
    assert_int_equal(lwm2m_table_object_set(fixture->devices[0].demo.object, path_of("/33000/0/1"),
                                            lwm2m_value_integer(50)),
                     LWM2M_OK);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    pair_fixture_free(*state);
    return 0;
}

static void reads_several_objects_in_every_format(void **state)
{
    const struct lwm2m_path paths[] = {path_of("/33000/0/1"), path_of("/1/0/1"),
                                       path_of("/33000/0/99")}; /* the last is not there */

    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        const struct lwm2m_operation read = {
            .kind = LWM2M_OPERATION_READ_COMPOSITE,
            .path = lwm2m_path_root(),
            .paths = paths,
            .path_count = 3,
            .format = composite_formats[i],
        };
        pair_fixture_expect(*state, &read, "205 /1/0/1=300 /33000/0/1=50\n");
    }
}

static void writes_several_objects_in_every_format(void **state)
{
    const struct lwm2m_path paths[] = {path_of("/1/0/1"), path_of("/33000/0/1")};

    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        int number = (int)i + 60;
        const struct lwm2m_record records[] = {
            record_of("/1/0/1", lwm2m_value_integer(number)),
            record_of("/33000/0/1", lwm2m_value_integer(number)),
        };
        const struct lwm2m_operation write = {
            .kind = LWM2M_OPERATION_WRITE_COMPOSITE,
            .path = lwm2m_path_root(),
            .records = records,
            .record_count = 2,
            .format = composite_formats[i],
        };
        const struct lwm2m_operation read = {
            .kind = LWM2M_OPERATION_READ_COMPOSITE,
            .path = lwm2m_path_root(),
            .paths = paths,
            .path_count = 2,
            .format = LWM2M_NO_FORMAT,
        };
        char expected[64];

        pair_fixture_expect(*state, &write, "204\n");
        snprintf(expected, sizeof expected, "205 /1/0/1=%d /33000/0/1=%d\n", number, number);
        pair_fixture_expect(*state, &read, expected);
    }
}

static void removes_a_resource_instance_among_others(void **state)
{
    const struct lwm2m_record records[] = {
        record_of("/33000/0/1", lwm2m_value_integer(7)),
        record_of("/33000/0/5/3", lwm2m_value_none()),
    };
    const struct lwm2m_path paths[] = {path_of("/33000/0/1"), path_of("/33000/0/5/3")};
    const struct lwm2m_operation write = {
        .kind = LWM2M_OPERATION_WRITE_COMPOSITE,
        .path = lwm2m_path_root(),
        .records = records,
        .record_count = 2,
        .format = LWM2M_NO_FORMAT,
    };
    const struct lwm2m_operation read = {
        .kind = LWM2M_OPERATION_READ_COMPOSITE,
        .path = lwm2m_path_root(),
        .paths = paths,
        .path_count = 2,
        .format = LWM2M_NO_FORMAT,
    };

    pair_fixture_expect(*state, &write, "204\n");
    pair_fixture_expect(*state, &read, "205 /33000/0/1=7\n");
}

static void observes_several_objects_until_told_to_stop(void **state)
{
    struct pair_fixture *fixture = *state;
    const struct lwm2m_path paths[] = {path_of("/33000/0/1"), path_of("/1/0/1")};

    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        const struct lwm2m_observation_request request = {
            .path = lwm2m_path_root(),
            .paths = paths,
            .path_count = 2,
            .format = composite_formats[i],
            .context = fixture,
            .on_notification = pair_fixture_note_outcome,
        };
        struct lwm2m_subscription *subscription;
        struct lwm2m_object *demo = fixture->devices[0].demo.object;

        assert_int_equal(
            lwm2m_table_object_set(demo, path_of("/33000/0/1"), lwm2m_value_integer(50)), LWM2M_OK);
        assert_int_equal(lwm2m_server_observe(fixture->server, pair_fixture_find(fixture, 0),
                                              &request, &subscription),
                         LWM2M_OK);
        pair_fixture_run(fixture, 2000);
        pair_fixture_assert_diary(fixture, "205 /1/0/1=300 /33000/0/1=50\n");
        assert_int_equal(
            lwm2m_table_object_set(demo, path_of("/33000/0/1"), lwm2m_value_integer(51)), LWM2M_OK);
        pair_fixture_run(fixture, 2000);
        pair_fixture_assert_diary(fixture, "205 /1/0/1=300 /33000/0/1=51\n");
        lwm2m_server_unsubscribe(fixture->server, subscription);
        pair_fixture_run(fixture, 2000);
        assert_int_equal(
            lwm2m_table_object_set(demo, path_of("/33000/0/1"), lwm2m_value_integer(52)), LWM2M_OK);
        size_t sent = fixture->devices[0].end.node->sent;
        pair_fixture_run(fixture, 2000);
        pair_fixture_assert_diary(fixture, "");
        assert_int_equal(fixture->devices[0].end.node->sent, sent);
    }
}

static void is_told_what_a_device_sends(void **state)
{
    struct pair_fixture *fixture = *state;
    const struct lwm2m_path path = path_of("/33000/0/1");

    assert_int_equal(lwm2m_client_send(fixture->devices[0].client, LWM2M_NO_ID, &path, 1),
                     LWM2M_OK);
    pair_fixture_run(fixture, 1000);
    pair_fixture_assert_diary(fixture, "SENT 205 /33000/0/1=50\n");
}

static void is_told_the_history_that_a_device_kept(void **state)
{
    struct pair_fixture *fixture = *state;
    struct lwm2m_record records[3];

    for (int i = 0; i < 3; i++) {
        records[i] = record_of("/33000/0/1", lwm2m_value_integer(i));
        records[i].time_ms = 1700000000000 + i * 60000;
    }
    assert_int_equal(lwm2m_client_send_records(fixture->devices[0].client, LWM2M_NO_ID, records, 3),
                     LWM2M_OK);
    pair_fixture_run(fixture, 1000);
    pair_fixture_assert_diary(fixture, "SENT 205 /33000/0/1=0 /33000/0/1=1 /33000/0/1=2\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(reads_several_objects_in_every_format),
        TEST(writes_several_objects_in_every_format),
        TEST(removes_a_resource_instance_among_others),
        TEST(observes_several_objects_until_told_to_stop),
        TEST(is_told_what_a_device_sends),
        TEST(is_told_the_history_that_a_device_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
