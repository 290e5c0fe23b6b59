/*
 * Tests of lib/server/request_encoding.c and requests.c: what every operation looks like on the
 * wire.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/hex.h"
#include "support/server_fixture.h"

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

/* Registers "dev" with that version and object list. */
static struct lwm2m_registration *registered(struct server_fixture *fixture, const char *version,
                                             const char *links)
{
    char request[64];

    snprintf(request, sizeof request, "POST /rd?ep=dev&lwm2m=%s", version);
    assert_int_equal(stand_in_transport_send(&fixture->transport, fixture->peer, request,
                                             LWM2M_FORMAT_LINK, links)
                         ->status,
                     LWM2M_STATUS_CREATED);
    return lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"));
}

static enum lwm2m_error submit(struct server_fixture *fixture,
                               struct lwm2m_registration *registration,
                               const struct lwm2m_operation *operation)
{
    return lwm2m_server_submit(fixture->server, registration, operation, NULL);
}

static struct lwm2m_operation operation_of(enum lwm2m_operation_kind kind, const char *path)
{
    struct lwm2m_operation operation = {.kind = kind, .format = LWM2M_NO_FORMAT};

    assert_int_equal(lwm2m_path_parse(lwm2m_bytes_from_text(path), &operation.path, NULL),
                     LWM2M_OK);
    return operation;
}

/* What the newest request looks like, with its payload in hexadecimal. */
static void assert_sent(struct server_fixture *fixture, const char *text, const char *payload)
{
    const struct lwm2m_exchange *exchange = stand_in_transport_last(&fixture->transport);
    char hex[512];

    assert_string_equal(exchange->text, text);
    hex_encode((struct lwm2m_bytes){exchange->payload, exchange->payload_length}, hex, sizeof hex);
    assert_string_equal(hex, payload);
}

static void finish(struct server_fixture *fixture)
{
    stand_in_exchange_answer(stand_in_transport_last(&fixture->transport), LWM2M_STATUS_CHANGED,
                             LWM2M_NO_FORMAT, NULL, -1);
}

static void asks_in_the_format_of_the_version(void **state)
{
    static const struct {
        const char *version, *links, *text;
    } rows[] = {
        {"1.0", "</3/0>", "GET /3/0 accept=11542"},
        {"1.0", "</>;rt=\"oma.lwm2m\";ct=11543,</3/0>", "GET /3/0 accept=11543"},
        {"1.0", "</>;rt=\"oma.lwm2m\";ct=\"11543 11542\",</3/0>", "GET /3/0 accept=11542"},
        {"1.1", "</>;rt=\"oma.lwm2m\";ct=\"110 11543\",</3/0>", "GET /3/0 accept=110"},
        {"1.1", "</3/0>", "GET /3/0 accept=112"},
        {"1.1", "</>;rt=\"oma.lwm2m\";ct=\"60 110 112\",</3/0>", "GET /3/0 accept=112"},
        {"1.1", "</>;rt=\"oma.lwm2m\";ct=11542,</3/0>", "GET /3/0 accept=11542"},
        {"1.1", "</>;rt=\"oma.lwm2m\";ct=\"110 11542\",</3/0>", "GET /3/0 accept=11542"},
        {"1.2", "</>;rt=\"oma.lwm2m\";ct=\"112 11544\",</3/0>", "GET /3/0 accept=112"},
        {"1.1", "</lwm2m>;rt=\"oma.lwm2m\";ct=112,</lwm2m/3/0>", "GET /lwm2m/3/0 accept=112"},
        {"1.1", "</a/b>;rt=\"oma.lwm2m\",</a/b/3/0>", "GET /a/b/3/0 accept=112"},
    };
    struct server_fixture *fixture = *state;
    const struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ, "/3/0");

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lwm2m_registration *registration =
            registered(fixture, rows[i].version, rows[i].links);
        assert_int_equal(submit(fixture, registration, &read), LWM2M_OK);
        assert_sent(fixture, rows[i].text, "");
        finish(fixture);
    }
}

static void asks_in_the_format_that_is_named(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture, "1.1", "</3/0>");
    struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ, "/3/0/9");

    read.format = LWM2M_FORMAT_TEXT;
    assert_int_equal(submit(fixture, registration, &read), LWM2M_OK);
    assert_sent(fixture, "GET /3/0/9 accept=0", "");
    read.format = LWM2M_FORMAT_LINK; /* no codec of ours reads it */
    assert_int_equal(submit(fixture, registration, &read), LWM2M_FORMAT);
    read = operation_of(LWM2M_OPERATION_READ, "/3/0");
    read.format = LWM2M_FORMAT_TEXT;
    assert_int_equal(submit(fixture, registration, &read), LWM2M_UNSUPPORTED);
}

static void takes_single_values_where_there_is_no_more(void **state)
{
    static const struct {
        const char *formats, *path, *text;
    } rows[] = {
        {"\"0 60\"", "/3/0/9", "GET /3/0/9 accept=60"},
        {"\"42 0\"", "/3/0/9", "GET /3/0/9 accept=0"},
        {"42", "/3/0/9", "GET /3/0/9 accept=42"},
        {"\"0 112\"", "/3/0/9", "GET /3/0/9 accept=112"},
        {"\"0 1543\"", "/3/0", "GET /3/0 accept=11543"},
        {"0", "/3/0", NULL},
        {"\"320 322\"", "/3/0", NULL},
    };
    struct server_fixture *fixture = *state;
    char links[96];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ, rows[i].path);
        snprintf(links, sizeof links, "</>;rt=\"oma.lwm2m\";ct=%s,</3/0>", rows[i].formats);
        struct lwm2m_registration *registration = registered(fixture, "1.1", links);
        assert_int_equal(submit(fixture, registration, &read),
                         rows[i].text ? LWM2M_OK : LWM2M_FORMAT);
        if (rows[i].text) {
            assert_sent(fixture, rows[i].text, "");
            finish(fixture);
        }
    }
}

static void writes_opaque_only_where_the_value_is(void **state)
{
    static const uint8_t image[] = {0xde, 0xad};
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration =
        registered(fixture, "1.1", "</>;rt=\"oma.lwm2m\";ct=42,</5/0>");
    const struct lwm2m_record records[] = {
        {lwm2m_path_resource(5, 0, 0),
         lwm2m_value_opaque((struct lwm2m_bytes){image, sizeof image}), LWM2M_NO_TIME},
        {lwm2m_path_resource(5, 0, 1), lwm2m_value_text("coap://x"), LWM2M_NO_TIME},
    };
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_REPLACE, "/5/0/0");

    write.records = records;
    write.record_count = 1;
    assert_int_equal(submit(fixture, registration, &write), LWM2M_OK);
    assert_sent(fixture, "PUT /5/0/0 format=42", "dead");
    write = operation_of(LWM2M_OPERATION_WRITE_REPLACE, "/5/0/1");
    write.records = &records[1];
    write.record_count = 1;
    assert_int_equal(submit(fixture, registration, &write), LWM2M_FORMAT);
}

/* RFC 8790 §4 */
static void removes_instances_in_senml_etch(void **state)
{
    static const struct {
        const char *links, *text;
    } rows[] = {
        {"</3/0>", "iPATCH  format=322"},
        {"</>;rt=\"oma.lwm2m\";ct=\"112 320\",</3/0>", "iPATCH  format=320"},
        {"</>;rt=\"oma.lwm2m\";ct=110,</3/0>", "iPATCH  format=320"},
        {"</>;rt=\"oma.lwm2m\";ct=\"110 322\",</3/0>", "iPATCH  format=322"},
        {"</>;rt=\"oma.lwm2m\";ct=11542,</3/0>", NULL},
    };
    struct server_fixture *fixture = *state;
    const struct lwm2m_record record = {lwm2m_path_resource_instance(16, 0, 0, 3),
                                        lwm2m_value_none(), LWM2M_NO_TIME};
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_COMPOSITE, "/");

    write.records = &record;
    write.record_count = 1;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lwm2m_registration *registration = registered(fixture, "1.1", rows[i].links);
        assert_int_equal(submit(fixture, registration, &write),
                         rows[i].text ? LWM2M_OK : LWM2M_FORMAT);
        if (rows[i].text) {
            assert_string_equal(stand_in_transport_last(&fixture->transport)->text, rows[i].text);
            finish(fixture);
        }
    }
    write.format = LWM2M_FORMAT_SENML_CBOR;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &write),
                     LWM2M_UNSUPPORTED);
}

static void asks_for_plain_senml_where_it_asks_in_etch(void **state)
{
    const struct lwm2m_path path = lwm2m_path_resource(3, 0, 9);
    struct server_fixture *fixture = *state;
    struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ_COMPOSITE, "/");

    read.paths = &path;
    read.path_count = 1;
    read.format = LWM2M_FORMAT_SENML_ETCH_JSON;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &read), LWM2M_OK);
    assert_string_equal(stand_in_transport_last(&fixture->transport)->text,
                        "FETCH  format=320 accept=110");
}

static void writes_all_ten_attributes(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_attributes attributes = {
        .set = LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_PMAX | LWM2M_ATTRIBUTE_GT |
               LWM2M_ATTRIBUTE_LT | LWM2M_ATTRIBUTE_ST | LWM2M_ATTRIBUTE_EPMIN |
               LWM2M_ATTRIBUTE_EPMAX | LWM2M_ATTRIBUTE_EDGE | LWM2M_ATTRIBUTE_CON |
               LWM2M_ATTRIBUTE_HQMAX,
        .pmin_s = 1,
        .pmax_s = 60,
        .gt = 30.5,
        .lt = -10,
        .st = 0.25,
        .epmin_s = 2,
        .epmax_s = 3,
        .edge = 1,
        .con = 1,
        .hqmax = 9,
    };
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_ATTRIBUTES, "/3303/0/5700");

    write.attributes = &attributes;
    assert_int_equal(submit(fixture, registered(fixture, "1.2", "</3303/0>"), &write), LWM2M_OK);
    assert_sent(fixture,
                "PUT /3303/0/5700 ?pmin=1 ?pmax=60 ?gt=30.5 ?lt=-10 ?st=0.25 ?epmin=2 ?epmax=3 "
                "?edge=1 ?con=1 ?hqmax=9",
                "");
    finish(fixture);
    attributes.cleared = attributes.set;
    attributes.set = 0;
    assert_int_equal(submit(fixture, registered(fixture, "1.2", "</3303/0>"), &write), LWM2M_OK);
    assert_sent(fixture, "PUT /3303/0/5700 ?pmin ?pmax ?gt ?lt ?st ?epmin ?epmax ?edge ?con ?hqmax",
                "");
}

static void says_when_no_format_is_common(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration =
        registered(fixture, "1.1", "</>;rt=\"oma.lwm2m\";ct=50,</3/0>");
    const struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ, "/3/0");

    assert_int_equal(submit(fixture, registration, &read), LWM2M_FORMAT);
}

static void sends_operations_without_records(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture, "1.1", "</3/0>");
    struct lwm2m_attributes attributes = {
        .set = LWM2M_ATTRIBUTE_PMIN, .cleared = LWM2M_ATTRIBUTE_PMAX, .pmin_s = 10};
    struct lwm2m_operation operation = operation_of(LWM2M_OPERATION_DISCOVER, "/3");

    assert_int_equal(submit(fixture, registration, &operation), LWM2M_OK);
    assert_sent(fixture, "GET /3 accept=40", "");
    finish(fixture);
    operation = operation_of(LWM2M_OPERATION_EXECUTE, "/3/0/4");
    assert_int_equal(submit(fixture, registration, &operation), LWM2M_OK);
    assert_sent(fixture, "POST /3/0/4", "");
    finish(fixture);
    operation.arguments = lwm2m_bytes_from_text("0='x'");
    assert_int_equal(submit(fixture, registration, &operation), LWM2M_OK);
    assert_sent(fixture, "POST /3/0/4 format=0", "303d277827");
    finish(fixture);
    operation = operation_of(LWM2M_OPERATION_DELETE, "/3303/1");
    assert_int_equal(submit(fixture, registration, &operation), LWM2M_OK);
    assert_sent(fixture, "DELETE /3303/1", "");
    finish(fixture);
    operation = operation_of(LWM2M_OPERATION_WRITE_ATTRIBUTES, "/3303/0/5700");
    operation.attributes = &attributes;
    assert_int_equal(submit(fixture, registration, &operation), LWM2M_OK);
    assert_sent(fixture, "PUT /3303/0/5700 ?pmin=10 ?pmax", "");
    finish(fixture);
    attributes = (struct lwm2m_attributes){.set = LWM2M_ATTRIBUTE_PMAX, .pmax_s = 4294967295u};
    assert_int_equal(submit(fixture, registration, &operation), LWM2M_OK);
    assert_sent(fixture, "PUT /3303/0/5700 ?pmax=4294967295", "");
}

static void reads_several_paths_in_one_request(void **state)
{
    static const struct lwm2m_path paths[] = {
        {3, 0, 0, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE},
        {1, 0, LWM2M_NO_ID, LWM2M_NO_ID, LWM2M_LEVEL_INSTANCE},
    };
    struct server_fixture *fixture = *state;
    struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ_COMPOSITE, "/");

    read.paths = paths;
    read.path_count = 2;
    assert_int_equal(submit(fixture, registered(fixture, "1.0", "</3/0>"), &read),
                     LWM2M_UNSUPPORTED);
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &read), LWM2M_OK);
    /* [{"n": "/3/0/0"}, {"n": "/1/0"}] */
    assert_sent(fixture, "FETCH  format=112 accept=112", "82a100662f332f302f30a100642f312f30");
    read.path_count = 0;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &read), LWM2M_ARGUMENT);
    read.path_count = 1;
    assert_int_equal(
        submit(fixture, registered(fixture, "1.2", "</a>;rt=\"oma.lwm2m\";ct=112,</a/3/0>"), &read),
        LWM2M_OK);
    assert_sent(fixture, "FETCH /a format=112 accept=112", "81a100662f332f302f30");
    read.format = LWM2M_FORMAT_TLV;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &read),
                     LWM2M_UNSUPPORTED);
}

static void reads_everything_by_the_root(void **state)
{
    const struct lwm2m_path root = lwm2m_path_root();
    struct server_fixture *fixture = *state;
    struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ_COMPOSITE, "/");

    read.paths = &root;
    read.path_count = 1;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &read), LWM2M_OK);
    assert_sent(fixture, "FETCH  format=112 accept=112", "81a100612f"); /* [{"n": "/"}] */
}

static void writes_to_several_objects_in_one_request(void **state)
{
    struct server_fixture *fixture = *state;
    const struct lwm2m_record records[] = {
        {lwm2m_path_resource(1, 0, 1), lwm2m_value_integer(300), LWM2M_NO_TIME},
        {lwm2m_path_resource(3303, 0, 5701), lwm2m_value_text("C"), LWM2M_NO_TIME},
    };
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_COMPOSITE, "/");

    write.records = records;
    write.record_count = 2;
    assert_int_equal(submit(fixture, registered(fixture, "1.0", "</3/0>"), &write),
                     LWM2M_UNSUPPORTED);
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &write), LWM2M_OK);
    assert_sent(fixture, "iPATCH  format=112",
                "82a200662f312f302f310219012ca2006c2f333330332f302f35373031036143");
    write.record_count = 0;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &write), LWM2M_ARGUMENT);
    write = operation_of(LWM2M_OPERATION_WRITE_COMPOSITE, "/1");
    write.records = records;
    write.record_count = 1;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &write), LWM2M_ARGUMENT);
}

static void discovers_to_a_depth_that_1_2_knows(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_operation discover = operation_of(LWM2M_OPERATION_DISCOVER, "/3");

    discover.has_depth = true;
    discover.depth = 2;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3/0>"), &discover),
                     LWM2M_UNSUPPORTED);
    assert_int_equal(submit(fixture, registered(fixture, "1.2", "</3/0>"), &discover), LWM2M_OK);
    assert_sent(fixture, "GET /3 ?depth=2 accept=40", "");
    discover.depth = 4;
    assert_int_equal(submit(fixture, registered(fixture, "1.2", "</3/0>"), &discover),
                     LWM2M_ARGUMENT);
}

static void keeps_attributes_to_the_versions_that_know_them(void **state)
{
    static const struct {
        uint32_t attributes;
        const char *version;
        enum lwm2m_error error;
    } rows[] = {
        {LWM2M_ATTRIBUTE_PMIN | LWM2M_ATTRIBUTE_ST, "1.0", LWM2M_OK},
        {LWM2M_ATTRIBUTE_EPMIN, "1.0", LWM2M_UNSUPPORTED},
        {LWM2M_ATTRIBUTE_EPMIN | LWM2M_ATTRIBUTE_EPMAX, "1.1", LWM2M_OK},
        {LWM2M_ATTRIBUTE_EDGE, "1.1", LWM2M_UNSUPPORTED},
        {LWM2M_ATTRIBUTE_CON, "1.1", LWM2M_UNSUPPORTED},
        {LWM2M_ATTRIBUTE_HQMAX, "1.1", LWM2M_UNSUPPORTED},
        {LWM2M_ATTRIBUTE_HQMAX | LWM2M_ATTRIBUTE_CON | LWM2M_ATTRIBUTE_EDGE, "1.2", LWM2M_OK},
    };
    struct server_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct lwm2m_attributes attributes = {.cleared = rows[i].attributes};
        struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_ATTRIBUTES, "/3/0/9");
        write.attributes = &attributes;
        assert_int_equal(submit(fixture, registered(fixture, rows[i].version, "</3/0>"), &write),
                         rows[i].error);
    }
}

static void writes_in_tlv_to_1_0(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture, "1.0", "</1/0>");
    const struct lwm2m_record records[] = {
        {lwm2m_path_resource(1, 0, 1), lwm2m_value_integer(300), LWM2M_NO_TIME},
        {lwm2m_path_resource(1, 0, 6), lwm2m_value_boolean(true), LWM2M_NO_TIME},
    };
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_UPDATE, "/1/0");

    write.records = records;
    write.record_count = 2;
    assert_int_equal(submit(fixture, registration, &write), LWM2M_OK);
    assert_sent(fixture, "POST /1/0 format=11542", "c201012cc10601");
    finish(fixture);
    write.kind = LWM2M_OPERATION_WRITE_REPLACE;
    assert_int_equal(submit(fixture, registration, &write), LWM2M_OK);
    assert_sent(fixture, "PUT /1/0 format=11542", "c201012cc10601");
    finish(fixture);
    /* A POST to a resource would be an Execute there. */
    write = operation_of(LWM2M_OPERATION_WRITE_UPDATE, "/1/0/1");
    write.records = records;
    write.record_count = 1;
    assert_int_equal(submit(fixture, registration, &write), LWM2M_OK);
    assert_sent(fixture, "PUT /1/0/1 format=11542", "c201012c");
}

static void writes_as_text_and_opaque_where_asked(void **state)
{
    static const uint8_t image[] = {0xde, 0xad};
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture, "1.1", "</5/0>");
    const struct lwm2m_record records[] = {
        {lwm2m_path_resource(5, 0, 0),
         lwm2m_value_opaque((struct lwm2m_bytes){image, sizeof image}), LWM2M_NO_TIME},
        {lwm2m_path_resource(5, 0, 1), lwm2m_value_text("coap://x"), LWM2M_NO_TIME},
    };
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_REPLACE, "/5/0/0");

    write.format = LWM2M_FORMAT_OPAQUE;
    write.records = records;
    write.record_count = 1;
    assert_int_equal(submit(fixture, registration, &write), LWM2M_OK);
    assert_sent(fixture, "PUT /5/0/0 format=42", "dead");
    finish(fixture);
    write = operation_of(LWM2M_OPERATION_WRITE_REPLACE, "/5/0/1");
    write.format = LWM2M_FORMAT_TEXT;
    write.records = &records[1];
    write.record_count = 1;
    assert_int_equal(submit(fixture, registration, &write), LWM2M_OK);
    assert_sent(fixture, "PUT /5/0/1 format=0", "636f61703a2f2f78");
}

static void grows_the_payload_as_it_needs(void **state)
{
    static uint8_t image[1500];
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture, "1.1", "</5/0>");
    const struct lwm2m_record record = {
        lwm2m_path_resource(5, 0, 0), lwm2m_value_opaque((struct lwm2m_bytes){image, sizeof image}),
        LWM2M_NO_TIME};
    struct lwm2m_operation write = operation_of(LWM2M_OPERATION_WRITE_REPLACE, "/5/0/0");

    write.format = LWM2M_FORMAT_TEXT; /* base64: a third longer than was estimated */
    write.records = &record;
    write.record_count = 1;
    assert_int_equal(submit(fixture, registration, &write), LWM2M_OK);
    assert_int_equal(stand_in_transport_last(&fixture->transport)->payload_length, 2000);
}

static void creates_with_and_without_an_id(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture, "1.0", "</3303>");
    struct lwm2m_record record = {lwm2m_path_resource(3303, 7, 5701), lwm2m_value_text("C"),
                                  LWM2M_NO_TIME};
    struct lwm2m_operation create = operation_of(LWM2M_OPERATION_CREATE, "/3303/7");

    create.records = &record;
    create.record_count = 1;
    assert_int_equal(submit(fixture, registration, &create), LWM2M_OK);
    assert_sent(fixture, "POST /3303 format=11542", "0407e1164543");
    finish(fixture);
    create = operation_of(LWM2M_OPERATION_CREATE, "/3303");
    record.path = lwm2m_path_resource(3303, LWM2M_NO_ID, 5701);
    create.records = &record;
    create.record_count = 1;
    assert_int_equal(submit(fixture, registration, &create), LWM2M_OK);
    assert_sent(fixture, "POST /3303 format=11542", "e1164543");
    finish(fixture);
    create.record_count = 0;
    assert_int_equal(submit(fixture, registration, &create), LWM2M_OK);
    assert_sent(fixture, "POST /3303 format=11542", "");
}

static void creates_without_an_id_in_tlv_whatever_the_version(void **state)
{
    struct server_fixture *fixture = *state;
    const struct lwm2m_record record = {lwm2m_path_resource(3303, LWM2M_NO_ID, 5701),
                                        lwm2m_value_text("C"), LWM2M_NO_TIME};
    struct lwm2m_operation create = operation_of(LWM2M_OPERATION_CREATE, "/3303");

    create.records = &record;
    create.record_count = 1;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3303>"), &create), LWM2M_OK);
    assert_sent(fixture, "POST /3303 format=11542", "e1164543");
    create.format = LWM2M_FORMAT_SENML_CBOR;
    assert_int_equal(submit(fixture, registered(fixture, "1.1", "</3303>"), &create),
                     LWM2M_UNSUPPORTED);
}

static void refuses_what_makes_no_sense(void **state)
{
    static const struct lwm2m_record outside = {
        {3, 1, 0, LWM2M_NO_ID, LWM2M_LEVEL_RESOURCE}, {.type = LWM2M_TYPE_INTEGER}, LWM2M_NO_TIME};
    static const struct {
        enum lwm2m_operation_kind kind;
        const char *path;
        const char *version;
        enum lwm2m_error error;
    } rows[] = {
        {LWM2M_OPERATION_READ, "/", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_READ, "/3/0/6/0", "1.0", LWM2M_UNSUPPORTED},
        {LWM2M_OPERATION_READ, "/3/0/6/0", "1.1", LWM2M_OK},
        {LWM2M_OPERATION_DISCOVER, "/", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_DISCOVER, "/3/0/6/0", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_WRITE_REPLACE, "/3", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_WRITE_REPLACE, "/3/0", "1.1", LWM2M_ARGUMENT}, /* the record is outside */
        {LWM2M_OPERATION_WRITE_UPDATE, "/3", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_EXECUTE, "/3/0", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_EXECUTE, "/3/0/4/0", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_CREATE, "/", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_CREATE, "/3/0/1", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_CREATE, "/3/2", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_DELETE, "/3", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_DELETE, "/3/0/1", "1.1", LWM2M_ARGUMENT},
        {LWM2M_OPERATION_DELETE, "/3/0/6/0", "1.1", LWM2M_UNSUPPORTED},
        {LWM2M_OPERATION_DELETE, "/3/0/6/0", "1.2", LWM2M_OK},
        {LWM2M_OPERATION_WRITE_ATTRIBUTES, "/3/0", "1.1", LWM2M_ARGUMENT},
        {(enum lwm2m_operation_kind)99, "/3/0", "1.1", LWM2M_ARGUMENT},
    };
    struct server_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lwm2m_operation operation = operation_of(rows[i].kind, rows[i].path);
        struct lwm2m_registration *registration = registered(fixture, rows[i].version, "</3/0>");
        operation.records = &outside;
        operation.record_count = 1;
        enum lwm2m_error error = submit(fixture, registration, &operation);
        if (error != rows[i].error) {
            fail_msg("row %zu, %s: %s", i, rows[i].path, lwm2m_error_name(error));
        }
    }
}

static void encodes_a_dry_run_as_a_whole_message(void **state)
{
    struct server_fixture *fixture = *state;
    const struct lwm2m_operation read = operation_of(LWM2M_OPERATION_READ, "/3/0");
    uint8_t memory[64];
    char hex[129];
    struct lwm2m_buffer out;

    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(lwm2m_server_encode(fixture->server, NULL, &read, &out), LWM2M_OK);
    hex_encode(lwm2m_buffer_bytes(&out), hex, sizeof hex);
    assert_string_equal(hex, "40010000b13301306170");
    lwm2m_buffer_init(&out, memory, 9);
    assert_int_equal(lwm2m_server_encode(fixture->server, NULL, &read, &out), LWM2M_NO_SPACE);
    lwm2m_buffer_init(&out, memory, sizeof memory);
    assert_int_equal(
        lwm2m_server_encode(fixture->server, registered(fixture, "1.0", "</3/0>"), &read, &out),
        LWM2M_OK);
    hex_encode(lwm2m_buffer_bytes(&out), hex, sizeof hex);
    assert_string_equal(hex, "40010000b1330130622d16");
}

static void note_path(void *context, const struct lwm2m_outcome *outcome)
{
    char text[LWM2M_PATH_TEXT_MAX];

    lwm2m_path_print(outcome->path, text);
    server_fixture_note(context, "%s\n", text);
}

static void learns_the_id_of_a_created_instance(void **state)
{
    static const struct {
        const char *location, *path;
    } rows[] = {
        {"3303/12", "/3303/12\n"}, {"lwm2m/3303/0", "/3303/0\n"}, {"3303", "/3303\n"},
        {"3303/x", "/3303\n"},     {"3304/1", "/3303\n"},         {"3303/65535", "/3303\n"},
    };
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture, "1.1", "</3303>");
    struct lwm2m_operation create = operation_of(LWM2M_OPERATION_CREATE, "/3303");

    create.context = fixture;
    create.done = note_path;
    fixture->diary[0] = '\0';
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(submit(fixture, registration, &create), LWM2M_OK);
        stand_in_exchange_answer_location(stand_in_transport_last(&fixture->transport),
                                          rows[i].location);
        server_fixture_assert_diary(fixture, rows[i].path);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(asks_in_the_format_of_the_version),
        TEST(asks_in_the_format_that_is_named),
        TEST(takes_single_values_where_there_is_no_more),
        TEST(writes_opaque_only_where_the_value_is),
        TEST(removes_instances_in_senml_etch),
        TEST(asks_for_plain_senml_where_it_asks_in_etch),
        TEST(writes_all_ten_attributes),
        TEST(says_when_no_format_is_common),
        TEST(sends_operations_without_records),
        TEST(reads_several_paths_in_one_request),
        TEST(reads_everything_by_the_root),
        TEST(writes_to_several_objects_in_one_request),
        TEST(discovers_to_a_depth_that_1_2_knows),
        TEST(keeps_attributes_to_the_versions_that_know_them),
        TEST(writes_in_tlv_to_1_0),
        TEST(writes_as_text_and_opaque_where_asked),
        TEST(grows_the_payload_as_it_needs),
        TEST(creates_with_and_without_an_id),
        TEST(creates_without_an_id_in_tlv_whatever_the_version),
        TEST(refuses_what_makes_no_sense),
        TEST(encodes_a_dry_run_as_a_whole_message),
        TEST(learns_the_id_of_a_created_instance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
