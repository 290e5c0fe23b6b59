/*
 * Requests of a server, as CoAP messages on a network: what each is answered.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/device_fixture.h"
#include "support/hex.h"

struct exchange {
    const char *request;
    const char *hex; /* of the payload */
    const char *answer;
};

static struct device_fixture *registered(uint8_t minor)
{
    struct device_fixture *fixture = device_fixture_new();

    fixture->config.version = (struct lwm2m_version){1, minor};
    device_fixture_register(fixture);
    return fixture;
}

static void expect_all(struct device_fixture *fixture, const struct exchange *exchanges,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        device_fixture_expect(fixture, exchanges[i].request, exchanges[i].hex, exchanges[i].answer);
    }
}

#define EXPECT_ALL(fixture, exchanges)                                                             \
    expect_all(fixture, exchanges, sizeof(exchanges) / sizeof((exchanges)[0]))

/* Each of these leaves the device as it is. */
static void answers_every_wrong_request_with_its_code(void **state)
{
    static const struct exchange exchanges[] = {
        /* Options that must be understood. */
        {"GET /33000/0/1 5=0", "", "4.02"},
        {"GET /33000/0/1 1=1", "", "4.02"},
        {"GET /33000/0/1 35=1", "", "4.02"},
        {"GET /33000/0/1 65001=1", "", "4.02"},
        {"PUT /33000/0/1 cf=0 5=0", "35", "4.02"},
        {"GET /33000/0/1 ?pmin=1", "", "4.02"},
        {"DELETE /33000/0 ?x", "", "4.02"},
        {"PUT /33000/0/1 cf=0 ?pmin=1", "35", "4.02"},
        /* Objects that only a Bootstrap-Server may see. */
        {"GET /0", "", "4.01"},
        {"GET /0/0/0", "", "4.01"},
        {"GET /0 accept=40", "", "4.01"},
        {"PUT /0/0/0 cf=0", "61", "4.01"},
        {"PUT /0 ?pmin=1", "", "4.01"},
        {"DELETE /0/0", "", "4.01"},
        {"POST /0", "", "4.01"},
        {"GET /21", "", "4.01"},
        {"GET /23/0", "", "4.01"},
        /* Paths that lead nowhere. */
        {"GET /9", "", "4.04"},
        {"GET /33000/9", "", "4.04"},
        {"GET /33000/0/99", "", "4.04"},
        {"GET /33000/0/5/1", "", "4.04"},
        {"GET /33000/0/1/0", "", "4.04"},
        {"GET /x", "", "4.04"},
        {"GET /33000/00", "", "4.04"},
        {"GET /33000/+1", "", "4.04"},
        {"GET /65535", "", "4.04"},
        {"GET /65536", "", "4.04"},
        {"GET /33000/0/5/0/0", "", "4.04"},
        {"GET /33000 path=", "", "4.04"},
        {"GET /33000 path= path=0", "", "4.04"},
        {"GET /.well-known/core", "", "4.04"},
        {"GET /9 accept=40", "", "4.04"},
        {"GET /33000/0/99 obs=0", "", "4.04"},
        {"PUT /9/0/0 cf=0", "31", "4.04"},
        {"PUT /33000/9/1 cf=0", "31", "4.04"},
        {"PUT /33000/0/99 cf=0", "31", "4.04"},
        {"PUT /33000/0/1/0 cf=0", "31", "4.04"},
        {"PUT /33000/9/5/1 cf=0", "31", "4.04"},
        {"POST /33000/0/1/0 cf=0", "31", "4.04"},
        {"PUT /33000/9 ?pmin=1", "", "4.04"},
        {"POST /9", "", "4.04"},
        {"POST /33000/9 cf=11542", "c10101", "4.04"},
        {"POST /33000/9/4", "", "4.04"},
        {"POST /33000/0/99", "", "4.04"},
        {"DELETE /33000/9", "", "4.04"},
        {"PUT /33000/0 cf=11542", "c16301", "4.04"},
        /* Methods that have no meaning at a level. */
        {"GET", "", "4.05"},
        {"PUT cf=0", "31", "4.05"},
        {"POST", "", "4.05"},
        {"DELETE", "", "4.05"},
        {"PUT /33000 cf=11542", "08000103c1012a", "4.05"},
        {"DELETE /33000", "", "4.05"},
        {"DELETE /33000/0/1", "", "4.05"},
        {"DELETE /33000/0/5/0", "", "4.05"},
        {"iPATCH /33000 cf=112", "80", "4.05"},
        {"FETCH /33000/0/1", "", "4.05"},
        {"PATCH /33000/0/1", "", "4.05"},
        {"iPATCH /33000/0/1", "", "4.05"},
        {"GET /33000/0/5/0 accept=40", "", "4.06"},
        /* What the definition does not allow. */
        {"GET /33000/0/3", "", "4.05"},
        {"GET /33000/0/4", "", "4.05"},
        {"GET /33000/0/7", "", "4.05"},
        {"GET /33000/0/3 obs=0", "", "4.05"},
        {"PUT /33000/0/2 cf=0", "31", "4.05"},
        {"PUT /33000/0/4 cf=0", "31", "4.05"},
        {"PUT /33000/0/7 cf=0", "31", "4.05"},
        {"PUT /33000/0 cf=11542", "c40241ac0000", "4.05"},
        {"PUT /33000/0 cf=11542", "c00400", "4.00"},
        {"PUT /1/0/0 cf=0", "31", "4.05"},
        {"POST /33000/0/1", "", "4.05"},
        {"POST /33000/0/1 cf=0", "31", "4.05"},
        {"POST /6", "", "4.05"},
        {"POST /1", "", "4.00"},
        {"DELETE /1/0", "", "4.05"},
        {"DELETE /6/0", "", "4.05"},
        /* Formats that nobody speaks, or that cannot carry this. */
        {"GET /33000/0/1 accept=9", "", "4.06"},
        {"GET /33000/0/1 accept=70000", "", "4.06"},
        {"GET /33000/0 accept=0", "", "4.06"},
        {"GET /33000/0/5 accept=0", "", "4.06"},
        {"GET /33000/0/1 accept=42", "", "4.06"},
        {"GET /33000/0/1 accept=9 obs=0", "", "4.06"},
        {"PUT /33000/0/1 cf=9", "31", "4.15"},
        {"PUT /33000/0/1 cf=70000", "31", "4.15"},
        {"PUT /33000/0 cf=0", "31", "4.15"},
        {"POST /33000 cf=40", "31", "4.15"},
        {"POST /33000/0/4 cf=11542", "", "4.15"},
        /* Payloads that are wrong. */
        {"PUT /33000/0/1 cf=0", "", "4.00"},
        {"PUT /33000/0/1 cf=0", "78", "4.00"},
        {"PUT /33000/0/1 cf=0", "313031", "4.00"},
        {"PUT /33000/0/1 cf=0", "2d31", "4.00"},
        {"PUT /33000/0/1 cf=0", "312e35", "4.00"},
        {"PUT /33000/0/6 cf=0", "32", "4.00"},
        {"PUT /33000/0/0 cf=0", "ff", "4.00"},
        {"PUT /33000/0/0 cf=0", "6162636465666768696a6b6c6d6e6f707172737475", "4.00"},
        {"PUT /33000/0/5 cf=0", "31", "4.00"},
        {"PUT /33000/0 cf=11542", "c1", "4.00"},
        {"PUT /33000/0 cf=11542", "c105", "4.00"},
        {"PUT /33000/0 cf=11542", "c10177", "4.00"},
        {"PUT /33000/0/1 cf=11542", "c10201", "4.00"},
        {"PUT /33000/0/1 cf=11542", "c30100007f", "4.00"},
        {"PUT /33000/0/5 cf=11542", "c10501", "4.00"},
        {"PUT /33000/0/1 cf=11542", "810103410001", "4.00"},
        {"PUT /33000/0 cf=112", "ff", "4.00"},
        {"PUT /33000/0", "c10101", "4.00"},
        {"POST /33000/0/4", "61", "4.00"},
        {"POST /33000/0/4 cf=0", "302c30", "4.00"},
        {"POST /33000/0/4", "303d2761", "4.00"},
        {"POST /33000/0/4", "302c", "4.00"},
        {"POST /33000", "", "4.00"},
        {"POST /33000", "c10101", "4.00"},
        {"POST /33000 cf=11542", "c00061", "4.00"},
        {"POST /33000 cf=11542", "c601", "4.00"},
        {"POST /33000 cf=11542", "03 00 c1 01 01", "4.00"},
        {"POST /33000 cf=11542", "03 05 c1 01 77", "4.00"},
        {"POST /33000 cf=11542", "03 05 c1 01 01 03 06 c1 01 01", "4.00"},
        {"PUT /33000/0/1 ?pmin=-1", "", "4.00"},
        {"PUT /33000/0/1 ?pmin=", "", "4.00"},
        {"PUT /33000/0/1 ?pmin=1.5", "", "4.00"},
        {"PUT /33000/0/1 ?pmin=1 ?pmin=2", "", "4.00"},
        {"PUT /33000/0/1 ?nonsense=1", "", "4.00"},
    };
    struct device_fixture *fixture = registered(1);

    (void)state;
    EXPECT_ALL(fixture, exchanges);
    device_fixture_assert_diary(fixture, "");
    device_fixture_expect(fixture, "GET /33000/0/1", "", "2.05 cf=0 #2");
    device_fixture_assert_text(fixture, "42");
    device_fixture_expect(fixture, "GET /33000/0/0", "", "2.05 cf=0 #5");
    assert_int_equal(fixture->demo.executed, 0);
    assert_int_equal(fixture->demo.written, 0);
    device_fixture_free(fixture);
}

static void ignores_options_that_need_not_be_understood(void **state)
{
    static const struct exchange exchanges[] = {
        {"GET /33000/0/1 28=0", "", "2.05 cf=0 #2"},
        {"GET /33000/0/1 60=9", "", "2.05 cf=0 #2"},
        {"GET /33000/0/1 16=9", "", "2.05 cf=0 #2"},
        {"GET /33000/0/1 258=2", "", "2.05 cf=0 #2"},
        {"GET /33000/0/1 3=104 7=5683", "", "2.05 cf=0 #2"},
        {"GET /33000/0/1 obs=7", "", "2.05 cf=0 #2"},
        {"GET /33000/0/1 cf=112", "", "2.05 cf=0 #2"},
    };
    struct device_fixture *fixture = registered(1);

    (void)state;
    EXPECT_ALL(fixture, exchanges);
    device_fixture_free(fixture);
}

static void reads_at_every_level_in_the_format_that_suits(void **state)
{
    static const struct exchange since_1_1[] = {
        {"GET /33000/0/0", "", "2.05 cf=0 #5"},
        {"GET /33000/0/5/3", "", "2.05 cf=0 #2"},
        {"GET /33000/0/5", "", "2.05 cf=112 #26"},
        {"GET /33000/0/0 accept=11542", "", "2.05 cf=11542 #7"},
        {"GET /33000/0/0 accept=1542", "", "2.05 cf=1542 #7"},
        {"GET /33000/0 accept=11542", "", "2.05 cf=11542 #27"},
        {"GET /33000 accept=11542", "", "2.05 cf=11542 #30"},
    };
    static const struct exchange in_1_0[] = {
        {"GET /33000/0/0", "", "2.05 cf=0 #5"},
        {"GET /33000/0/5", "", "2.05 cf=11542 #8"},
        {"GET /33000/0", "", "2.05 cf=11542 #27"},
        {"GET /33000/0/5 accept=112", "", "2.05 cf=112 #26"},
    };
    struct device_fixture *fixture = registered(1);

    (void)state;
    EXPECT_ALL(fixture, since_1_1);
    device_fixture_free(fixture);
    fixture = registered(0);
    EXPECT_ALL(fixture, in_1_0);
    device_fixture_free(fixture);
}

/* Secret (write only), Go and Hidden are not among them. */
static void leaves_what_cannot_be_read_out_of_an_instance(void **state)
{
    static const uint8_t expected[] = {0xc5, 0x00, 'h',  'e',  'l',  'l',  'o',  0xc1, 0x01,
                                       42,   0xc4, 0x02, 0x41, 0xac, 0x00, 0x00, 0x86, 0x05,
                                       0x41, 0x00, 10,   0x41, 0x03, 13,   0xc1, 0x06, 0x01};
    struct device_fixture *fixture = registered(1);

    (void)state;
    device_fixture_expect(fixture, "GET /33000/0 accept=11542", "", "2.05 cf=11542 #27");
    assert_memory_equal(fixture->payload, expected, sizeof(expected));
    device_fixture_free(fixture);
}

static void writes_single_values(void **state)
{
    static const struct exchange exchanges[] = {
        {"PUT /33000/0/1 cf=0", "37", "2.04"},         {"GET /33000/0/1", "", "2.05 cf=0 #1"},
        {"PUT /33000/0/1", "313030", "2.04"},          {"GET /33000/0/1", "", "2.05 cf=0 #3"},
        {"PUT /33000/0/1 cf=11542", "c10105", "2.04"}, {"GET /33000/0/1", "", "2.05 cf=0 #1"},
        {"PUT /33000/0/1 cf=1542", "c1010c", "2.04"},  {"GET /33000/0/1", "", "2.05 cf=0 #2"},
        {"PUT /33000/0/0 cf=0", "", "2.04"},           {"GET /33000/0/0", "", "2.05 cf=0"},
        {"PUT /33000/0/3 cf=42", "0102", "2.04"},      {"PUT /33000/0/3 cf=0", "", "2.04"},
        {"PUT /33000/0/3 cf=42", "", "2.04"},          {"PUT /33000/0/5/3 cf=0", "39", "2.04"},
        {"GET /33000/0/5/3", "", "2.05 cf=0 #1"},
    };
    struct device_fixture *fixture = registered(1);

    (void)state;
    fixture->without_messages = true;
    EXPECT_ALL(fixture, exchanges);
    assert_int_equal(fixture->demo.written, 9);
    device_fixture_free(fixture);
}

static void a_replaced_instance_keeps_only_what_was_written_and_what_must_be(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    device_fixture_expect(fixture, "PUT /33000/0 cf=11542",
                          "c00061"
                          "00",
                          "4.00");
    device_fixture_expect(fixture, "PUT /33000/0 cf=11542", "c10061", "2.04");
    device_fixture_expect(fixture, "GET /33000/0 accept=40", "", "2.05 cf=40 #62");
    device_fixture_assert_text(fixture,
                               "</33000/0>,</33000/0/0>,</33000/0/1>,</33000/0/2>,</33000/0/4>");
    assert_int_equal(fixture->demo.written, 1);
    assert_true(lwm2m_path_equal(fixture->demo.written_path, lwm2m_path_instance(DEMO_OBJECT, 0)));
    device_fixture_free(fixture);
}

static void an_updated_instance_keeps_the_rest(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    /* Number = 7, and Many gains the instance 9. */
    device_fixture_expect(fixture, "POST /33000/0 cf=11542", "c10107 83 05 41 09 63", "2.04");
    device_fixture_expect(fixture, "GET /33000/0/1", "", "2.05 cf=0 #1");
    device_fixture_expect(fixture, "GET /33000/0/0", "", "2.05 cf=0 #5");
    device_fixture_expect(fixture, "GET /33000/0/5 accept=11542", "", "2.05 cf=11542 #12");
    device_fixture_expect(fixture, "POST /33000/0/5 cf=11542", "83 05 41 0a 63", "2.04");
    device_fixture_expect(fixture, "GET /33000/0/5 accept=11542", "", "2.05 cf=11542 #15");
    device_fixture_expect(fixture, "PUT /33000/0/5 cf=11542", "83 05 41 01 63", "2.04");
    device_fixture_expect(fixture, "GET /33000/0/5 accept=11542", "", "2.05 cf=11542 #5");
    device_fixture_free(fixture);
}

/* The first record is good, the second is not. */
static void a_write_is_done_as_a_whole_or_not_at_all(void **state)
{
    static const char *const payloads[] = {
        "c10107 c10607",       /* Flag = 7 */
        "c10107 c40241ac0000", /* Reading cannot be written */
        "c10107 c16301",       /* no resource 99 */
        "c10107 c00400",       /* cut short */
        "c10107 c1",           /* cut short */
        "c10177",              /* out of range */
    };
    struct device_fixture *fixture = registered(1);

    (void)state;
    for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
        uint8_t memory[32];

        for (int replace = 0; replace < 2; replace++) {
            device_fixture_ask(fixture, fixture->server, 1,
                               replace ? "PUT /33000/0 cf=11542" : "POST /33000/0 cf=11542",
                               hex_decode(payloads[i], memory, sizeof(memory)));
            assert_int_equal(fixture->answer[0], '4');
            device_fixture_expect(fixture, "GET /33000/0/1", "", "2.05 cf=0 #2");
            device_fixture_assert_text(fixture, "42");
            device_fixture_expect(fixture, "GET /33000/0 accept=11542", "", "2.05 cf=11542 #27");
        }
    }
    device_fixture_free(fixture);
}

static void executes_with_arguments(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    device_fixture_expect(fixture, "POST /33000/0/4", "", "2.04");
    device_fixture_expect(fixture, "POST /33000/0/4 cf=0", "303d2761272c32", "2.04");
    assert_int_equal(fixture->demo.executed, 2);
    assert_string_equal(fixture->demo.arguments, "0='a',2");
    fixture->without_messages = true;
    device_fixture_assert_diary(fixture, "EXECUTED /33000/0/4\nEXECUTED /33000/0/4\n");
    device_fixture_free(fixture);
}

static void creates_and_deletes_instances(void **state)
{
    static const struct exchange exchanges[] = {
        /* The id is the payload's, or the device's choice: the smallest that is free. */
        {"POST /33000 cf=11542", "03 07 c1 01 05", "2.01"},
        {"GET /33000/7/1", "", "2.05 cf=0 #1"},
        {"POST /33000 cf=11542", "c1 01 05", "2.01 to=33000 to=1"},
        {"GET /33000/1/1", "", "2.05 cf=0 #1"},
        {"POST /33000 cf=11542", "03 07 c1 01 05", "4.00"},
        {"DELETE /33000/0", "", "2.02"},
        {"GET /33000/0", "", "4.04"},
        {"POST /33000 cf=11542", "c1 01 06", "2.01 to=33000 to=0"},
        {"DELETE /33000/7", "", "2.02"},
        {"DELETE /33000/7", "", "4.04"},
        {"DELETE /33000/1", "", "2.02"},
        {"DELETE /33000/0", "", "2.02"},
        {"GET /33000 accept=11542", "", "2.05 cf=11542"},
        {"GET /33000 accept=40", "", "2.05 cf=40 #8"},
    };
    struct device_fixture *fixture = registered(1);

    (void)state;
    EXPECT_ALL(fixture, exchanges);
    device_fixture_free(fixture);
}

static void discovers_with_attributes_and_dimensions(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    device_fixture_expect(fixture, "GET /33000/0/5 accept=40", "", "2.05 cf=40 #48");
    device_fixture_assert_text(fixture, "</33000/0/5>;dim=2,</33000/0/5/0>,</33000/0/5/3>");
    device_fixture_expect(fixture, "PUT /33000 ?pmin=5", "", "2.04");
    device_fixture_expect(fixture, "PUT /33000/0 ?pmax=60", "", "2.04");
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=1", "", "2.04");
    device_fixture_expect(fixture, "GET /33000 accept=40", "", "2.05 cf=40 #138");
    device_fixture_assert_text(
        fixture, "</33000>;pmin=5,</33000/0>;pmax=60,</33000/0/0>,</33000/0/1>;pmin=1,"
                 "</33000/0/2>,</33000/0/3>,</33000/0/4>,</33000/0/5>;dim=2,</33000/0/6>");
    /* At a resource, what is inherited shows too. */
    device_fixture_expect(fixture, "GET /33000/0/1 accept=40", "", "2.05 cf=40 #27");
    device_fixture_assert_text(fixture, "</33000/0/1>;pmin=1;pmax=60");
    /* A key without value unsets. */
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin", "", "2.04");
    device_fixture_expect(fixture, "GET /33000/0/1 accept=40", "", "2.05 cf=40 #27");
    device_fixture_assert_text(fixture, "</33000/0/1>;pmin=5;pmax=60");
    device_fixture_free(fixture);
}

static void strangers_have_no_say_unless_they_are_let(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    device_fixture_register(fixture);
    device_fixture_ask(fixture, fixture->stranger, 1, "GET /33000/0/1", (struct lwm2m_bytes){0});
    assert_string_equal(fixture->answer, "4.01");
    device_fixture_ask(fixture, fixture->stranger, 1, "GET /99", (struct lwm2m_bytes){0});
    assert_string_equal(fixture->answer, "4.01");
    device_fixture_free(fixture);

    fixture = device_fixture_new();
    fixture->config.answer_strangers = true;
    fixture->register_code = 0;
    device_fixture_start(fixture);
    device_fixture_ask(fixture, fixture->stranger, 1, "GET /33000/0/1", (struct lwm2m_bytes){0});
    assert_string_equal(fixture->answer, "2.05 cf=0 #2");
    device_fixture_free(fixture);
}

static void a_server_may_ask_before_its_answer_to_the_register_arrives(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->register_code = 0;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 100);
    device_fixture_expect(fixture, "GET /33000/0/1", "", "2.05 cf=0 #2");
    device_fixture_free(fixture);
}

static void tells_the_program_what_servers_do(void **state)
{
    struct device_fixture *fixture = registered(1);

    (void)state;
    fixture->without_messages = true;
    device_fixture_expect(fixture, "GET /33000/0/1", "", "2.05 cf=0 #2");
    device_fixture_expect(fixture, "PUT /33000/0/1 cf=0", "37", "2.04");
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=1", "", "2.04");
    device_fixture_expect(fixture, "POST /33000 cf=11542", "c1 01 05", "2.01 to=33000 to=1");
    device_fixture_expect(fixture, "DELETE /33000/1", "", "2.02");
    device_fixture_expect(fixture, "GET /33000/0/5 accept=40", "", "2.05 cf=40 #48");
    device_fixture_expect(fixture, "GET /33000/0/99", "", "4.04");
    device_fixture_assert_diary(fixture, "READ /33000/0/1\n"
                                         "WRITTEN /33000/0/1\n"
                                         "ATTRIBUTES_WRITTEN /33000/0/1\n"
                                         "CREATED /33000/1\n"
                                         "UPDATED /rd/a1\n"
                                         "DELETED /33000/1\n"
                                         "UPDATED /rd/a1\n"
                                         "DISCOVERED /33000/0/5\n");
    device_fixture_free(fixture);
}

static void answers_when_memory_runs_out(void **state)
{
    static const struct exchange exchanges[] = {
        {"GET /33000 accept=112", "", ""},
        {"POST /33000/0 cf=11542", "c1 01 05", ""},
        {"POST /33000 cf=11542", "c1 01 05 c5 00 68 65 6c 6c 6f", ""},
        {"GET /33000/0 obs=0 accept=112", "", ""},
        {"PUT /33000/0/1 ?pmin=1", "", ""},
        {"PUT /33000/0/0 cf=0", "68656c6c6f", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(exchanges) / sizeof(exchanges[0]); i++) {
        for (size_t allowed = 0; allowed < 24; allowed++) {
            struct device_fixture *fixture = registered(1);
            uint8_t memory[64];

            virtual_port_fail_after(&fixture->port, allowed);
            device_fixture_ask(fixture, fixture->server, 1, exchanges[i].request,
                               hex_decode(exchanges[i].hex, memory, sizeof(memory)));
            device_fixture_run(fixture, 1000);
            virtual_port_fail_after(&fixture->port, SIZE_MAX);
            device_fixture_expect(fixture, "GET /33000/0/6", "", "2.05 cf=0 #1");
            device_fixture_free(fixture);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_every_wrong_request_with_its_code),
        cmocka_unit_test(ignores_options_that_need_not_be_understood),
        cmocka_unit_test(reads_at_every_level_in_the_format_that_suits),
        cmocka_unit_test(leaves_what_cannot_be_read_out_of_an_instance),
        cmocka_unit_test(writes_single_values),
        cmocka_unit_test(a_replaced_instance_keeps_only_what_was_written_and_what_must_be),
        cmocka_unit_test(an_updated_instance_keeps_the_rest),
        cmocka_unit_test(a_write_is_done_as_a_whole_or_not_at_all),
        cmocka_unit_test(executes_with_arguments),
        cmocka_unit_test(creates_and_deletes_instances),
        cmocka_unit_test(discovers_with_attributes_and_dimensions),
        cmocka_unit_test(strangers_have_no_say_unless_they_are_let),
        cmocka_unit_test(a_server_may_ask_before_its_answer_to_the_register_arrives),
        cmocka_unit_test(tells_the_program_what_servers_do),
        cmocka_unit_test(answers_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
