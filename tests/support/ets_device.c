/*
 * The device of the OMA enabler test's reading and reporting cases, beside a server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/ets_device.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct lwm2m_path ets_path(const char *text)
{
    struct ets_paths paths = ets_paths(text);

    assert_int_equal(paths.count, 1);
    return paths.list[0];
}

struct ets_paths ets_paths(const char *text)
{
    struct ets_paths paths = {.count = 0};

    while (*text != '\0') {
        size_t length = strcspn(text, " ");

        assert_true(paths.count < ETS_PATHS_MAX);
        assert_int_equal(lwm2m_path_parse((struct lwm2m_bytes){(const uint8_t *)text, length},
                                          &paths.list[paths.count], NULL),
                         LWM2M_OK);
        paths.count++;
        text += length + strspn(text + length, " ");
    }
    return paths;
}

static struct lwm2m_attributes attributes_of(const char *text)
{
    struct lwm2m_attributes attributes = {0};

    while (*text != '\0') {
        size_t length = strcspn(text, " ");

        assert_int_equal(lwm2m_attributes_parse_query(
                             (struct lwm2m_bytes){(const uint8_t *)text, length}, &attributes),
                         LWM2M_OK);
        text += length + strspn(text + length, " ");
    }
    return attributes;
}

static void add_objects(struct pair_fixture *fixture)
{
    const struct lwm2m_initial_value device[] = {
        {ets_path("/3/0/0"), lwm2m_value_text("Acme")},
        {ets_path("/3/0/4"), lwm2m_value_none()},
        {ets_path("/3/0/6/0"), lwm2m_value_integer(1)},
        {ets_path("/3/0/7/0"), lwm2m_value_integer(3800)},
        {ets_path("/3/0/8/0"), lwm2m_value_integer(125)},
        {ets_path("/3/0/11/0"), lwm2m_value_integer(0)},
        {ets_path("/3/0/16"), lwm2m_value_text("U")},
    };
    const struct lwm2m_initial_value portfolio[] = {
        {ets_path("/16/0/0/0"), lwm2m_value_text("id")},
    };
    const struct lwm2m_defined_object objects[] = {
        {.table = {.port = &fixture->port.port},
         .id = 3,
         .values = device,
         .value_count = sizeof(device) / sizeof(device[0])},
        {.table = {.port = &fixture->port.port}, .id = 16, .values = portfolio, .value_count = 1},
    };

    for (size_t i = 0; i < 2; i++) {
        struct lwm2m_object *object;

        assert_int_equal(lwm2m_defined_object_new(&objects[i], &lwm2m_registry, &object), LWM2M_OK);
        assert_int_equal(lwm2m_client_add_object(fixture->devices[0].client, object), LWM2M_OK);
    }
}

struct pair_fixture *ets_device_new(uint8_t minor)
{
    struct pair_fixture *fixture = pair_fixture_new(1, 1);

    fixture->devices[0].config.version = (struct lwm2m_version){1, minor};
    fixture->devices[0].lifetime_s = 86400;
    pair_fixture_start(fixture);
    add_objects(fixture);
    pair_fixture_run(fixture, 1000);
    assert_non_null(pair_fixture_find(fixture, 0));
    return fixture;
}

void ets_device_set(struct pair_fixture *fixture, const char *path, struct lwm2m_value value)
{
    struct lwm2m_object *object =
        lwm2m_client_find_object(fixture->devices[0].client, ets_path(path).object);

    assert_int_equal(lwm2m_table_object_set(object, ets_path(path), value), LWM2M_OK);
}

void ets_write_attributes(struct pair_fixture *fixture, const char *path, const char *attributes)
{
    const struct lwm2m_attributes change = attributes_of(attributes);
    const struct lwm2m_operation write = {.kind = LWM2M_OPERATION_WRITE_ATTRIBUTES,
                                          .path = ets_path(path),
                                          .format = LWM2M_NO_FORMAT,
                                          .attributes = &change};

    pair_fixture_expect(fixture, &write, "204\n");
}

void ets_expect_read_composite(struct pair_fixture *fixture, const char *paths, uint16_t format,
                               const char *expected)
{
    const struct ets_paths named = ets_paths(paths);
    const struct lwm2m_operation read = {.kind = LWM2M_OPERATION_READ_COMPOSITE,
                                         .path = lwm2m_path_root(),
                                         .format = format,
                                         .paths = named.list,
                                         .path_count = named.count};

    pair_fixture_expect(fixture, &read, expected);
}

void ets_expect_discover(struct pair_fixture *fixture, const char *path, int depth,
                         const char *expected)
{
    const struct lwm2m_operation discover = {.kind = LWM2M_OPERATION_DISCOVER,
                                             .path = ets_path(path),
                                             .format = LWM2M_NO_FORMAT,
                                             .has_depth = depth >= 0,
                                             .depth = (uint8_t)(depth >= 0 ? depth : 0)};

    pair_fixture_expect(fixture, &discover, expected);
}

/* ---- observing ---- */

static void note_notification(void *context, const struct lwm2m_outcome *outcome)
{
    struct pair_fixture *fixture = context;

    pair_fixture_note(fixture, "%u ",
                      (unsigned)((fixture->port.now_ms - fixture->observed_ms) / 1000));
    pair_fixture_note_outcome(fixture, outcome);
}

struct lwm2m_subscription *ets_observe(struct pair_fixture *fixture, const char *paths,
                                       bool composite, const char *attributes)
{
    const struct ets_paths named = ets_paths(paths);
    const struct lwm2m_attributes given = attributes_of(attributes == NULL ? "" : attributes);
    const struct lwm2m_observation_request request = {
        .path = composite ? lwm2m_path_root() : named.list[0],
        .paths = composite ? named.list : NULL,
        .path_count = composite ? named.count : 0,
        .attributes = attributes == NULL ? NULL : &given,
        .format = LWM2M_NO_FORMAT,
        .context = fixture,
        .on_notification = note_notification,
    };
    struct lwm2m_subscription *subscription;

    fixture->observed_ms = fixture->observed_ms == 0 ? fixture->port.now_ms : fixture->observed_ms;
    assert_int_equal(lwm2m_server_observe(fixture->server, pair_fixture_find(fixture, 0), &request,
                                          &subscription),
                     LWM2M_OK);
    return subscription;
}
