/*
 * Tests of lib/server/outcome.c: answers decoded with the types of the device's object versions.
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

/* Resource 1 is a number in version 1.0 and a text in 1.1. */
static const struct lwm2m_resource_definition number_in_1_0[] = {
    {1, LWM2M_READABLE, false, true, LWM2M_TYPE_INTEGER, "Level", "", ""}};
static const struct lwm2m_resource_definition text_in_1_1[] = {
    {1, LWM2M_READABLE, false, true, LWM2M_TYPE_STRING, "Level", "", ""}};
static const struct lwm2m_object_definition objects[] = {
    {.id = 40000,
     .version = {1, 0},
     .name = "Probe",
     .urn = "",
     .resource_count = 1,
     .resources = number_in_1_0},
    {.id = 40000,
     .version = {1, 1},
     .name = "Probe",
     .urn = "",
     .resource_count = 1,
     .resources = text_in_1_1},
};
static const struct lwm2m_definitions definitions = {.objects = objects, .count = 2};

static int set_up(void **state)
{
    struct server_fixture *fixture = server_fixture_new();

    fixture->config.definitions = &definitions;
    server_fixture_start(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    server_fixture_free(*state);
    return 0;
}

static enum lwm2m_error note_record(void *context, const struct lwm2m_record *record)
{
    struct lwm2m_buffer buffer;
    uint8_t memory[64];
    char path[LWM2M_PATH_TEXT_MAX];

    lwm2m_buffer_init(&buffer, memory, sizeof memory);
    lwm2m_path_print(record->path, path);
    assert_int_equal(lwm2m_value_print(&record->value, &buffer), LWM2M_OK);
    server_fixture_note(context, "%s %s %.*s\n", path, lwm2m_type_name(record->value.type),
                        (int)buffer.length, (const char *)memory);
    return LWM2M_OK;
}

static void decode(void *context, const struct lwm2m_outcome *outcome)
{
    const struct lwm2m_sink sink = {context, note_record};
    struct lwm2m_fault fault = {0};

    enum lwm2m_error error = lwm2m_outcome_decode(outcome, sink, &fault);
    if (error) {
        server_fixture_note(context, "%s %s\n", lwm2m_error_name(error), fault.reason);
    }
}

/* Registers "dev" with these links and reads /40000/0/1; the device answers "12" in that format. */
static void read_level(struct server_fixture *fixture, const char *links, uint16_t format)
{
    const struct lwm2m_operation read = {
        .kind = LWM2M_OPERATION_READ,
        .path = lwm2m_path_resource(40000, 0, 1),
        .format = LWM2M_NO_FORMAT,
        .context = fixture,
        .done = decode,
    };

    stand_in_transport_send(&fixture->transport, fixture->peer, "POST /rd?ep=dev&lwm2m=1.1",
                            LWM2M_FORMAT_LINK, links);
    fixture->diary[0] = '\0';
    struct lwm2m_registration *registration =
        lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"));
    assert_int_equal(lwm2m_server_submit(fixture->server, registration, &read, NULL), LWM2M_OK);
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), LWM2M_STATUS_CONTENT,
                             format, "12", -1);
}

static void types_values_by_the_version_that_is_registered(void **state)
{
    struct server_fixture *fixture = *state;

    read_level(fixture, "</40000>;ver=1.0,</40000/0>", LWM2M_FORMAT_TEXT);
    server_fixture_assert_diary(fixture, "/40000/0/1 int 12\n");
    read_level(fixture, "</40000>;ver=\"1.1\",</40000/0>", LWM2M_FORMAT_TEXT);
    server_fixture_assert_diary(fixture, "/40000/0/1 string 12\n");
    read_level(fixture, "</40000/0>", LWM2M_FORMAT_TEXT); /* no ver: 1.0 */
    server_fixture_assert_diary(fixture, "/40000/0/1 int 12\n");
}

static void says_when_no_codec_reads_the_format(void **state)
{
    struct server_fixture *fixture = *state;

    read_level(fixture, "</40000/0>", LWM2M_FORMAT_LINK);
    server_fixture_assert_diary(fixture, "FORMAT no codec reads this content format\n");
    read_level(fixture, "</40000/0>", LWM2M_NO_FORMAT);
    server_fixture_assert_diary(fixture, "FORMAT no codec reads this content format\n");
}

static void knows_the_versions_of_objects(void **state)
{
    static const struct {
        const char *version, *links;
        uint16_t object;
        const char *expected; /* NULL: not registered */
    } rows[] = {
        {"1.0", "</3/0>", 3, "1.0"},
        {"1.1", "</3/0>", 3, "1.1"},
        {"1.2", "</3/0>", 3, "1.2"},
        {"1.1", "</4/0>", 4, "1.2"},
        {"1.1", "</3303/0>", 3303, "1.0"},
        {"1.1", "</3303>;ver=1.1,</3303/0>", 3303, "1.1"},
        {"1.0", "</3>;ver=\"2.3\",</3/0>", 3, "2.3"},
        {"1.1", "</3303/0>", 3304, NULL},
    };
    struct server_fixture *fixture = *state;
    struct lwm2m_version version;
    char text[64];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(text, sizeof text, "POST /rd?ep=dev&lwm2m=%s", rows[i].version);
        stand_in_transport_send(&fixture->transport, fixture->peer, text, LWM2M_FORMAT_LINK,
                                rows[i].links);
        bool found = lwm2m_registration_object_version(
            lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev")), rows[i].object,
            &version);
        assert_int_equal(found, rows[i].expected != NULL);
        if (found) {
            lwm2m_version_print(version, text);
            assert_string_equal(text, rows[i].expected);
        }
    }
}

/* ---- several objects ---- */

static struct lwm2m_bytes bytes_of(const uint8_t *data, size_t length)
{
    return (struct lwm2m_bytes){data, length};
}

/* Decodes a payload as the answer to a composite read of "dev". */
static void decode_composite(struct server_fixture *fixture, struct lwm2m_bytes payload)
{
    const struct lwm2m_outcome outcome = {
        .content_format = LWM2M_FORMAT_SENML_CBOR,
        .payload = payload,
        .path = lwm2m_path_root(),
        .server = fixture->server,
        .registration = lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev")),
    };

    fixture->diary[0] = '\0';
    decode(fixture, &outcome);
}

static void types_the_values_of_several_objects(void **state)
{
    /* [{"n":"/40000/0/1","v":1},{"n":"/7/0/1","v":2},{"n":"/40000/0/1","v":3},{"n":"/9/0/0","v":4}]
     */
    static const uint8_t payload[] = "\x84\xa2\x00\x6a/40000/0/1\x02\x01"
                                     "\xa2\x00\x66/7/0/1\x02\x02"
                                     "\xa2\x00\x6a/40000/0/1\x02\x03"
                                     "\xa2\x00\x66/9/0/0\x02\x04";
    struct server_fixture *fixture = *state;

    stand_in_transport_send(&fixture->transport, fixture->peer, "POST /rd?ep=dev&lwm2m=1.1",
                            LWM2M_FORMAT_LINK,
                            "</7/0>,</40000/0>,</40000>;ver=1.0,</40000/1>,</3/0>");
    decode_composite(fixture, bytes_of(payload, sizeof payload - 1));
    server_fixture_assert_diary(fixture, "/40000/0/1 int 1\n/7/0/1 int 2\n"
                                         "/40000/0/1 int 3\n/9/0/0 int 4\n");
    virtual_port_fail_after(&fixture->port, 1); /* no memory for the list: all the same */
    decode_composite(fixture, bytes_of(payload, sizeof payload - 1));
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    server_fixture_assert_diary(fixture, "/40000/0/1 int 1\n/7/0/1 int 2\n"
                                         "/40000/0/1 int 3\n/9/0/0 int 4\n");
}

/* 40000 1.0 has a number there, and the device says a text. */
static void values_of_another_type_are_had_without_the_definitions(void **state)
{
    static const uint8_t payload[] = "\x81\xa2\x00\x6a/40000/0/1\x03\x64"
                                     "fast";
    struct server_fixture *fixture = *state;
    const struct lwm2m_sink sink = {fixture, note_record};

    stand_in_transport_send(&fixture->transport, fixture->peer, "POST /rd?ep=dev&lwm2m=1.1",
                            LWM2M_FORMAT_LINK, "</40000>;ver=1.0,</40000/0>");
    const struct lwm2m_outcome outcome = {
        .content_format = LWM2M_FORMAT_SENML_CBOR,
        .payload = bytes_of(payload, sizeof payload - 1),
        .path = lwm2m_path_root(),
        .server = fixture->server,
        .registration = lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev")),
    };
    fixture->diary[0] = '\0';
    assert_int_equal(lwm2m_outcome_decode(&outcome, sink, NULL), LWM2M_TYPE);
    assert_int_equal(lwm2m_outcome_decode_untyped(&outcome, sink, NULL), LWM2M_OK);
    server_fixture_assert_diary(fixture, "/40000/0/1 string fast\n");
}

static enum lwm2m_error note_time(void *context, const struct lwm2m_record *record)
{
    char path[LWM2M_PATH_TEXT_MAX];

    lwm2m_path_print(record->path, path);
    server_fixture_note(context, "%s at %lld: %lld\n", path, (long long)record->time_ms,
                        (long long)record->value.as.integer);
    return LWM2M_OK;
}

/* A device that was out of reach reports several values of one path at once. */
static void hands_on_a_batch_with_its_times_in_order(void **state)
{
    /* [{"bn":"/40000/0/2","bt":1700000000,"v":1},{"t":5,"v":2},{"t":-10,"v":3},
     *  {"bt":1800000000,"v":4}] */
    static const uint8_t payload[] = "\x84\xa3\x21\x6a/40000/0/2\x22\x1a\x65\x53\xf1\x00\x02\x01"
                                     "\xa2\x06\x05\x02\x02\xa2\x06\x29\x02\x03"
                                     "\xa2\x22\x1a\x6b\x49\xd2\x00\x02\x04";
    struct server_fixture *fixture = *state;
    const struct lwm2m_outcome outcome = {
        .content_format = LWM2M_FORMAT_SENML_CBOR,
        .payload = {payload, sizeof payload - 1},
        .path = lwm2m_path_resource(40000, 0, 2),
        .server = fixture->server,
    };

    assert_int_equal(lwm2m_outcome_decode(&outcome, (struct lwm2m_sink){fixture, note_time}, NULL),
                     LWM2M_OK);
    server_fixture_assert_diary(fixture, "/40000/0/2 at 1700000000000: 1\n"
                                         "/40000/0/2 at 1700000005000: 2\n"
                                         "/40000/0/2 at 1699999990000: 3\n"
                                         "/40000/0/2 at 1800000000000: 4\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(types_values_by_the_version_that_is_registered),
        TEST(says_when_no_codec_reads_the_format),
        TEST(knows_the_versions_of_objects),
        TEST(types_the_values_of_several_objects),
        TEST(values_of_another_type_are_had_without_the_definitions),
        TEST(hands_on_a_batch_with_its_times_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
