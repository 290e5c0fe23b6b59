/*
 * Cases of the OMA enabler test for device management that both engines must pass with each other,
 * by their numbers (LightweightM2M-1.1-int-N): writing, resource instances, several objects at
 * once.
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

/* A device of that version with objects 3 and 16 beside the others, registered. */
static struct pair_fixture *registered(uint8_t minor)
{
    struct pair_fixture *fixture = pair_fixture_new(1, 1);
    const struct lwm2m_initial_value device[] = {
        {path_of("/3/0/13"), lwm2m_value_time(1767225600)},
        {path_of("/3/0/14"), lwm2m_value_text("+01:00")},
        {path_of("/3/0/15"), lwm2m_value_text("Europe/Berlin")},
    };
    const struct lwm2m_initial_value portfolio[] = {
        {path_of("/16/0/0/0"), lwm2m_value_text("Host Device ID #1")},
        {path_of("/16/0/0/1"), lwm2m_value_text("Host Device Manufacturer #1")},
        {path_of("/16/0/0/2"), lwm2m_value_text("Host Device Model #1")},
        {path_of("/16/0/0/3"), lwm2m_value_text("Host Device Software Version #1")},
    };
    const struct lwm2m_defined_object objects[] = {
        {.table = {.port = &fixture->port.port}, .id = 3, .values = device, .value_count = 3},
        {.table = {.port = &fixture->port.port}, .id = 16, .values = portfolio, .value_count = 4},
    };

    fixture->devices[0].config.version = (struct lwm2m_version){1, minor};
    pair_fixture_start(fixture);
    for (size_t i = 0; i < 2; i++) {
        struct lwm2m_object *object;

        assert_int_equal(lwm2m_defined_object_new(&objects[i], &lwm2m_registry, &object), LWM2M_OK);
        assert_int_equal(lwm2m_client_add_object(fixture->devices[0].client, object), LWM2M_OK);
    }
    pair_fixture_run(fixture, 1000);
    assert_non_null(pair_fixture_find(fixture, 0));
    return fixture;
}

static void expect_read(struct pair_fixture *fixture, const char *path, const char *expected)
{
    const struct lwm2m_operation read = {
        .kind = LWM2M_OPERATION_READ, .path = path_of(path), .format = LWM2M_NO_FORMAT};

    pair_fixture_expect(fixture, &read, expected);
}

static void expect_write(struct pair_fixture *fixture, const struct lwm2m_operation *operation,
                         const struct lwm2m_record *records, size_t count, const char *expected)
{
    struct lwm2m_operation write = *operation;

    write.records = records;
    write.record_count = count;
    pair_fixture_expect(fixture, &write, expected);
}

/* ---- 205, 212, 215, 233: setting basic information ---- */

/* Lifetime, periods, storing and binding of object 1, in one message or each in its own. */
static void sets_basic_information(uint16_t format, bool one_by_one)
{
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_record records[] = {
        record_of("/1/0/1", lwm2m_value_integer(360)),
        record_of("/1/0/2", lwm2m_value_integer(3)),
        record_of("/1/0/3", lwm2m_value_integer(60)),
        record_of("/1/0/6", lwm2m_value_boolean(false)),
        record_of("/1/0/7", lwm2m_value_text("UQ")),
    };
    struct lwm2m_operation write = {
        .kind = LWM2M_OPERATION_WRITE_UPDATE, .path = path_of("/1/0"), .format = format};

    if (!one_by_one) {
        expect_write(fixture, &write, records, 5, "204\n");
    }
    for (size_t i = 0; one_by_one && i < 5; i++) {
        write.kind = LWM2M_OPERATION_WRITE_REPLACE;
        write.path = records[i].path;
        expect_write(fixture, &write, &records[i], 1, "204\n");
    }
    expect_read(fixture, "/1/0/1", "205 /1/0/1=360\n");
    expect_read(fixture, "/1/0/2", "205 /1/0/2=3\n");
    expect_read(fixture, "/1/0/3", "205 /1/0/3=60\n");
    expect_read(fixture, "/1/0/6", "205 /1/0/6=0\n");
    expect_read(fixture, "/1/0/7", "205 /1/0/7=UQ\n");
    pair_fixture_run(fixture, 1000);
    assert_int_equal(pair_fixture_find(fixture, 0)->lifetime_s, 360);
    pair_fixture_free(fixture);
}

static void int_205_sets_basic_information_in_plain_text(void **state)
{
    (void)state;
    sets_basic_information(LWM2M_FORMAT_TEXT, true);
}

static void int_212_sets_basic_information_in_cbor(void **state)
{
    (void)state;
    sets_basic_information(LWM2M_FORMAT_CBOR, true);
}

static void int_220_sets_basic_information_in_json(void **state)
{
    (void)state;
    sets_basic_information(LWM2M_FORMAT_JSON, false);
}

static void int_234_sets_basic_information_in_senml_json(void **state)
{
    (void)state;
    sets_basic_information(LWM2M_FORMAT_SENML_JSON, false);
}

static void int_215_sets_basic_information_in_tlv(void **state)
{
    (void)state;
    sets_basic_information(LWM2M_FORMAT_TLV, false);
}

static void int_233_sets_basic_information_in_senml_cbor(void **state)
{
    (void)state;
    sets_basic_information(LWM2M_FORMAT_SENML_CBOR, false);
}

/* ---- 226 to 228: parts of an instance ---- */

static void int_226_updates_an_instance_in_part(void **state)
{
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_operation write = {
        .kind = LWM2M_OPERATION_WRITE_UPDATE, .path = path_of("/1/0"), .format = LWM2M_NO_FORMAT};
    const struct lwm2m_record records[] = {
        record_of("/1/0/1", lwm2m_value_integer(240)),
        record_of("/1/0/6", lwm2m_value_boolean(false)),
    };

    (void)state;
    expect_write(fixture, &write, records, 2, "204\n");
    expect_read(fixture, "/1/0/1", "205 /1/0/1=240\n");
    expect_read(fixture, "/1/0/6", "205 /1/0/6=0\n");
    expect_read(fixture, "/1/0/7", "205 /1/0/7=U\n");
    pair_fixture_free(fixture);
}

static void int_227_replaces_a_resource(void **state)
{
    struct pair_fixture *fixture = registered(1);
    struct lwm2m_operation write = {.kind = LWM2M_OPERATION_WRITE_REPLACE,
                                    .path = path_of("/16/0/0"),
                                    .format = LWM2M_NO_FORMAT};
    const struct lwm2m_record records[] = {
        record_of("/16/0/0/0", lwm2m_value_text("one")),
        record_of("/16/0/0/7", lwm2m_value_text("seven")),
    };

    (void)state;
    expect_write(fixture, &write, records, 2, "204\n");
    expect_read(fixture, "/16/0/0", "205 /16/0/0/0=one /16/0/0/7=seven\n");
    write.kind = LWM2M_OPERATION_WRITE_UPDATE;
    expect_write(
        fixture, &write,
        &(struct lwm2m_record){path_of("/16/0/0/8"), lwm2m_value_text("eight"), LWM2M_NO_TIME}, 1,
        "204\n");
    expect_read(fixture, "/16/0/0", "205 /16/0/0/0=one /16/0/0/7=seven /16/0/0/8=eight\n");
    pair_fixture_free(fixture);
}

static void int_228_writes_one_resource_instance(void **state)
{
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_operation write = {.kind = LWM2M_OPERATION_WRITE_REPLACE,
                                          .path = path_of("/16/0/0/2"),
                                          .format = LWM2M_NO_FORMAT};
    const struct lwm2m_record record = record_of("/16/0/0/2", lwm2m_value_text("Model #2"));

    (void)state;
    expect_write(fixture, &write, &record, 1, "204\n");
    expect_read(fixture, "/16/0/0/2", "205 /16/0/0/2=Model #2\n");
    expect_read(fixture, "/16/0/0/0", "205 /16/0/0/0=Host Device ID #1\n");
    pair_fixture_free(fixture);
}

static void deletes_a_resource_instance_of_a_device_of_1_2(void **state)
{
    struct pair_fixture *fixture = registered(2);
    const struct lwm2m_operation delete = {
        .kind = LWM2M_OPERATION_DELETE, .path = path_of("/16/0/0/2"), .format = LWM2M_NO_FORMAT};

    (void)state;
    pair_fixture_expect(fixture, &delete, "202\n");
    expect_read(fixture, "/16/0/0/2", "404\n");
    pair_fixture_free(fixture);
}

/* ---- 230, 257: Write-Composite ---- */

static const struct lwm2m_operation write_composite = {
    .kind = LWM2M_OPERATION_WRITE_COMPOSITE,
    .path = {LWM2M_NO_ID, LWM2M_NO_ID, LWM2M_NO_ID, LWM2M_NO_ID, LWM2M_LEVEL_ROOT},
    .format = LWM2M_NO_FORMAT,
};

static void int_230_writes_over_server_and_portfolio(void **state)
{
    struct pair_fixture *fixture = registered(1);
    const struct lwm2m_record records[] = {
        record_of("/1/0/1", lwm2m_value_integer(60)),
        record_of("/1/0/6", lwm2m_value_boolean(false)),
        record_of("/16/0/0/0", lwm2m_value_text("myService1")),
        record_of("/16/0/0/1", lwm2m_value_text("myService2")),
    };

    (void)state;
    expect_write(fixture, &write_composite, records, 4, "204\n");
    expect_read(fixture, "/1/0/1", "205 /1/0/1=60\n");
    expect_read(fixture, "/1/0/6", "205 /1/0/6=0\n");
    expect_read(fixture, "/16/0/0/0", "205 /16/0/0/0=myService1\n");
    expect_read(fixture, "/16/0/0/1", "205 /16/0/0/1=myService2\n");
    expect_read(fixture, "/16/0/0/2", "205 /16/0/0/2=Host Device Model #1\n");
    pair_fixture_run(fixture, 1000);
    assert_int_equal(pair_fixture_find(fixture, 0)->lifetime_s, 60);
    pair_fixture_free(fixture);
}

static void int_257_writes_over_server_and_device(void **state)
{
    struct pair_fixture *fixture = registered(1);
    struct lwm2m_record records[] = {
        record_of("/3/0/14", lwm2m_value_text("+02:00")),
        record_of("/1/0/2", lwm2m_value_integer(10)),
    };

    (void)state;
    expect_write(fixture, &write_composite, records, 2, "204\n");
    expect_read(fixture, "/3/0/14", "205 /3/0/14=+02:00\n");
    expect_read(fixture, "/1/0/2", "205 /1/0/2=10\n");
    /* The whole or nothing: the Short Server ID cannot be written. */
    records[0].value = lwm2m_value_text("+03:00");
    records[1] = record_of("/1/0/0", lwm2m_value_integer(7));
    expect_write(fixture, &write_composite, records, 2, "405\n");
    expect_read(fixture, "/3/0/14", "205 /3/0/14=+02:00\n");
    pair_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int_205_sets_basic_information_in_plain_text),
        cmocka_unit_test(int_212_sets_basic_information_in_cbor),
        cmocka_unit_test(int_220_sets_basic_information_in_json),
        cmocka_unit_test(int_234_sets_basic_information_in_senml_json),
        cmocka_unit_test(int_215_sets_basic_information_in_tlv),
        cmocka_unit_test(int_226_updates_an_instance_in_part),
        cmocka_unit_test(int_227_replaces_a_resource),
        cmocka_unit_test(int_228_writes_one_resource_instance),
        cmocka_unit_test(int_230_writes_over_server_and_portfolio),
        cmocka_unit_test(int_233_sets_basic_information_in_senml_cbor),
        cmocka_unit_test(int_257_writes_over_server_and_device),
        cmocka_unit_test(deletes_a_resource_instance_of_a_device_of_1_2),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
