/*
 * Write-Composite on a device: several objects at once, whole or not at all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/device_fixture.h"

/* Names and values as text: "/33000/0/1=7"; a name alone has no value. */
static struct lwm2m_bytes encode(const char *const *records, uint8_t *memory, size_t capacity)
{
    struct lwm2m_encoder encoder;
    struct lwm2m_buffer out;

    lwm2m_buffer_init(&out, memory, capacity);
    assert_int_equal(
        lwm2m_encoder_begin(&encoder, &lwm2m_codec_senml_cbor, lwm2m_path_root(), &out), LWM2M_OK);
    for (; *records != NULL; records++) {
        struct lwm2m_record record = {.time_ms = LWM2M_NO_TIME};
        const char *value = strchr(*records, '=');
        size_t length = value == NULL ? strlen(*records) : (size_t)(value - *records);
        long long number;

        assert_int_equal(lwm2m_path_parse((struct lwm2m_bytes){(const uint8_t *)*records, length},
                                          &record.path, NULL),
                         LWM2M_OK);
        if (value != NULL && sscanf(value, "=%lld", &number) == 1) {
            record.value = lwm2m_value_integer(number);
        } else if (value != NULL) {
            record.value = lwm2m_value_text(value + 1);
        }
        assert_int_equal(lwm2m_encoder_put(&encoder, &record), LWM2M_OK);
    }
    assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_OK);
    return lwm2m_buffer_bytes(&out);
}

static void expect(struct device_fixture *fixture, const char *request, const char *const *records,
                   const char *answer)
{
    uint8_t memory[512];

    device_fixture_ask(fixture, fixture->server, 1, request,
                       encode(records, memory, sizeof(memory)));
    if (strcmp(fixture->answer, answer) != 0) {
        print_error("%s…: ", records[0]);
    }
    assert_string_equal(fixture->answer, answer);
}

#define RECORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void assert_value(struct device_fixture *fixture, const char *path, const char *value)
{
    char request[64];

    snprintf(request, sizeof(request), "GET %s accept=0", path);
    device_fixture_ask(fixture, fixture->server, 1, request, (struct lwm2m_bytes){0});
    assert_int_equal(fixture->answer[0], '2');
    device_fixture_assert_text(fixture, value);
}

static struct device_fixture *registered(void)
{
    /* The tests' ETCH: SenML CBOR in which a name without value stands for a null. */
    static struct lwm2m_codec etch;
    static const struct lwm2m_codec *const codecs[] = {&lwm2m_codec_text, &lwm2m_codec_tlv,
                                                       &lwm2m_codec_senml_cbor, &etch};
    struct device_fixture *fixture = device_fixture_new();

    etch = lwm2m_codec_senml_cbor;
    etch.content_format = LWM2M_FORMAT_SENML_ETCH_CBOR;
    fixture->config.codecs = (struct lwm2m_codecs){codecs, sizeof(codecs) / sizeof(codecs[0])};
    fixture->without_events = true;
    device_fixture_register(fixture);
    return fixture;
}

static void writes_over_several_objects(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    fixture->without_events = false;
    expect(fixture, "iPATCH cf=112",
           RECORDS("/33000/0/1=7", "/33000/0/0=seven", "/33000/0/5/9=99", "/1/0/1=120"), "2.04");
    assert_value(fixture, "/33000/0/1", "7");
    assert_value(fixture, "/33000/0/0", "seven");
    assert_value(fixture, "/33000/0/5/9", "99");
    assert_value(fixture, "/33000/0/5/3", "13");
    assert_value(fixture, "/1/0/1", "120");
    assert_int_equal(fixture->demo.written, 1);
    assert_true(lwm2m_path_equal(fixture->demo.written_path, lwm2m_path_instance(DEMO_OBJECT, 0)));
    device_fixture_run(fixture, 1000);
    assert_non_null(strstr(fixture->diary, "WRITTEN /\n"));
    assert_non_null(strstr(fixture->diary, "POST /rd/a1 ?lt=120\n"));
    device_fixture_free(fixture);
}

static void is_carried_out_as_a_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *second;
        const char *answer;
    } cases[] = {
        {"/33000/0/1=101", "4.00"},  /* out of range */
        {"/33000/0/6=many", "4.00"}, /* no boolean */
        {"/33000/0/5=1", "4.00"},    /* a multiple resource as a whole */
        {"/33000/0/1/0=1", "4.00"},  /* a part of a single resource */
        {"/33000/0/1", "4.00"},      /* a name alone */
        {"/33000/0/5/3", "4.00"},    /* the same */
        {"/33000/0", "4.00"},        /* the same */
        {"/33000/0/2=1", "4.05"},    /* read only */
        {"/33000/0/4=1", "4.00"},    /* executable: it has no values */
        {"/33000/0/99=1", "4.04"},   /* no such resource, */
        {"/33000/9/1=1", "4.04"},    /* instance, */
        {"/33999/0/1=1", "4.04"},    /* object */
        {"/0/0/0=coap://x", "4.01"}, /* an object that no server may see */
        {"/21/0/0=x", "4.01"},       /* also where there is none */
    };
    struct device_fixture *fixture = registered();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect(fixture, "iPATCH cf=112", RECORDS("/33000/0/0=changed", cases[i].second),
               cases[i].answer);
        assert_value(fixture, "/33000/0/0", "hello");
        assert_int_equal(fixture->demo.written, 0);
    }
    device_fixture_free(fixture);
}

static void a_null_of_an_etch_format_removes_a_resource_instance(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    expect(fixture, "iPATCH cf=322", RECORDS("/33000/0/5/3", "/33000/0/5/4=14", "/33000/0/5/8"),
           "2.04");
    assert_value(fixture, "/33000/0/5/0", "10");
    assert_value(fixture, "/33000/0/5/4", "14");
    device_fixture_expect(fixture, "GET /33000/0/5/3", "", "4.04");
    assert_int_equal(fixture->demo.written, 1);
    expect(fixture, "iPATCH cf=322", RECORDS("/33000/0/5/4", "/33000/0/0"), "4.00");
    expect(fixture, "iPATCH cf=322", RECORDS("/33000/0/5/4", "/33000/0/5"), "4.00");
    expect(fixture, "iPATCH cf=322", RECORDS("/33000/0/5/4", "/33000/0/2/0"), "4.05");
    expect(fixture, "iPATCH cf=322", RECORDS("/33000/0/5/4", "/33000/0/99/0"), "4.04");
    expect(fixture, "iPATCH cf=322", RECORDS("/33000/0/5/4", "/33000/9/5/0"), "4.04");
    assert_value(fixture, "/33000/0/5/4", "14");
    device_fixture_free(fixture);
}

static void refuses_what_is_no_composite(void **state)
{
    static const struct {
        const char *request, *hex, *answer;
    } cases[] = {
        {"iPATCH", "80", "4.15"},
        {"iPATCH cf=0", "31", "4.15"},
        {"iPATCH cf=11542", "", "4.15"},
        {"iPATCH cf=9", "80", "4.15"},
        {"iPATCH cf=112", "", "4.00"},
        {"iPATCH cf=112", "80", "4.00"},
        {"iPATCH cf=112", "ff", "4.00"},
        {"iPATCH cf=112 ?x", "80", "4.02"},
        {"iPATCH cf=112 5=0", "80", "4.02"},
        {"iPATCH /33000/0 cf=112", "80", "4.05"},
        {"PUT /33000/0 cf=322", "80", "4.15"},
    };
    struct device_fixture *fixture = registered();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        device_fixture_expect(fixture, cases[i].request, cases[i].hex, cases[i].answer);
    }
    device_fixture_free(fixture);
}

static void observers_of_everything_that_was_written_are_notified(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    device_fixture_expect(fixture, "GET /33000/0/5/3 obs=0 accept=0", "", "2.05 obs=0 cf=0 #2");
    device_fixture_ask(fixture, fixture->server, 2, "GET /33000/0/1 obs=0 accept=0",
                       (struct lwm2m_bytes){0});
    expect(fixture, "iPATCH cf=322", RECORDS("/33000/0/1=8", "/33000/0/5/3"), "2.04");
    device_fixture_run(fixture, 2000);
    assert_non_null(strstr(fixture->diary, "2.05 obs=1 cf=0 #1"));
    assert_non_null(strstr(fixture->diary, "CON 4.04"));
    device_fixture_free(fixture);
}

static void answers_when_memory_runs_out(void **state)
{
    (void)state;
    for (size_t allowed = 0; allowed < 12; allowed++) {
        struct device_fixture *fixture = registered();
        uint8_t memory[512];
        struct lwm2m_bytes payload = encode(
            RECORDS("/33000/0/0=longer than before", "/33000/0/5/7=1"), memory, sizeof(memory));

        virtual_port_fail_after(&fixture->port, allowed);
        device_fixture_ask(fixture, fixture->server, 1, "iPATCH cf=112", payload);
        virtual_port_fail_after(&fixture->port, SIZE_MAX);
        device_fixture_expect(fixture, "GET /33000/0/6", "", "2.05 cf=0 #1");
        device_fixture_free(fixture);
    }
}

/* ---- resource instances by themselves ---- */

static void writes_and_makes_a_resource_instance(void **state)
{
    struct device_fixture *fixture = registered();

    (void)state;
    device_fixture_expect(fixture, "PUT /33000/0/5/1 cf=0", "31", "2.04");
    assert_value(fixture, "/33000/0/5/1", "1");
    device_fixture_expect(fixture, "POST /33000/0/5/1 cf=0", "32", "2.04");
    assert_value(fixture, "/33000/0/5/1", "2");
    assert_value(fixture, "/33000/0/5/3", "13");
    device_fixture_free(fixture);
}

static void deletes_a_resource_instance_since_1_2(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.version.minor = 2;
    device_fixture_register(fixture);
    device_fixture_expect(fixture, "PUT /33000/0/5/3 ?pmin=9", "", "2.04");
    device_fixture_expect(fixture, "DELETE /33000/0/5/3", "", "2.02");
    assert_true(
        lwm2m_path_equal(fixture->demo.written_path, lwm2m_path_resource(DEMO_OBJECT, 0, 5)));
    device_fixture_expect(fixture, "GET /33000/0/5/3", "", "4.04");
    device_fixture_expect(fixture, "DELETE /33000/0/5/3", "", "4.04");
    device_fixture_expect(fixture, "DELETE /33000/0/5", "", "4.05");
    device_fixture_expect(fixture, "PUT /33000/0/5/3 cf=0", "39", "2.04");
    device_fixture_expect(fixture, "GET /33000/0/5 accept=40", "", "2.05 cf=40 #48");
    assert_null(strstr((const char *)fixture->payload, "pmin"));
    device_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_over_several_objects),
        cmocka_unit_test(is_carried_out_as_a_whole_or_not_at_all),
        cmocka_unit_test(a_null_of_an_etch_format_removes_a_resource_instance),
        cmocka_unit_test(refuses_what_is_no_composite),
        cmocka_unit_test(observers_of_everything_that_was_written_are_notified),
        cmocka_unit_test(answers_when_memory_runs_out),
        cmocka_unit_test(writes_and_makes_a_resource_instance),
        cmocka_unit_test(deletes_a_resource_instance_since_1_2),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
