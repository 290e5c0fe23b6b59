/*
 * Tests of lib/server/server.c: the configuration, and what the server answers to whatever arrives.
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

static int set_up(void **state)
{
    *state = server_fixture_new();
    return 0;
}

static int tear_down(void **state)
{
    server_fixture_free(*state);
    return 0;
}

static void refuses_a_configuration_without_the_necessary(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->config.timers = NULL;
    assert_int_equal(lwm2m_server_new(&fixture->config, &fixture->server), LWM2M_ARGUMENT);
    fixture->config.timers = &fixture->timers;
    fixture->config.size = 0;
    assert_int_equal(lwm2m_server_new(&fixture->config, &fixture->server), LWM2M_ARGUMENT);
    assert_null(fixture->server);
}

static void survives_the_failure_of_every_allocation(void **state)
{
    struct server_fixture *fixture = *state;
    enum lwm2m_error error = LWM2M_NO_MEMORY;

    for (size_t allowed = 0; error; allowed++) {
        virtual_port_fail_after(&fixture->port, allowed);
        error = lwm2m_server_new(&fixture->config, &fixture->server);
        assert_true(error == LWM2M_OK || error == LWM2M_NO_MEMORY);
        assert_true(allowed < 10);
    }
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
}

static void answers_everything_that_it_does_not_serve(void **state)
{
    static const struct {
        const char *request, *answer;
    } rows[] = {
        {"GET /", "4.04 "},
        {"GET /rd", "4.05 "},
        {"PUT /rd", "4.05 "},
        {"DELETE /rd", "4.05 "},
        {"GET /rd/AAAAAAAAAAAAAAAAAAAAAA", "4.05 "},
        {"FETCH /rd", "4.05 "},
        {"POST /rd/AAAAAAAAAAAAAAAAAAAAAA", "4.04 "},
        {"DELETE /rd/x", "4.04 "},
        {"POST /rd/x/y", "4.04 "},
        {"POST /rd/x/y/z", "4.04 "},
        {"POST /dp", "4.04 "},
        {"POST /bs?ep=a", "4.04 "},
        {"POST /RD?ep=a", "4.04 "},
        {"POST /.well-known/core", "4.05 "},
        {"GET /.well-known", "4.04 "},
        {"GET /3/0", "4.04 "},
    };
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lwm2m_incoming *incoming = stand_in_transport_send(
            &fixture->transport, fixture->peer, rows[i].request, LWM2M_NO_FORMAT, NULL);
        if (strcmp(incoming->text, rows[i].answer) != 0)
            fail_msg("%s: %s", rows[i].request, incoming->text);
    }
    assert_int_equal(fixture->peer->retained, 0);
}

static void tells_what_it_serves_in_few_bytes(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_incoming *incoming = stand_in_transport_send(
        &fixture->transport, fixture->peer, "GET /.well-known/core", LWM2M_NO_FORMAT, NULL);
    assert_string_equal(incoming->text, "2.05  format=40");
    assert_string_equal(incoming->payload, "</rd>;rt=\"core.rd\"");
}

static void judges_options_by_whether_they_are_critical(void **state)
{
    static const struct {
        uint16_t number;
        enum lwm2m_status status;
    } rows[] = {
        {LWM2M_OPTION_IF_MATCH, LWM2M_STATUS_BAD_OPTION},
        {LWM2M_OPTION_IF_NONE_MATCH, LWM2M_STATUS_BAD_OPTION},
        {LWM2M_OPTION_URI_HOST, LWM2M_STATUS_CREATED},
        {LWM2M_OPTION_URI_PORT, LWM2M_STATUS_CREATED},
        {LWM2M_OPTION_OBSERVE, LWM2M_STATUS_CREATED},
        {LWM2M_OPTION_HOP_LIMIT, LWM2M_STATUS_CREATED},
        {9, LWM2M_STATUS_BAD_OPTION}, /* OSCORE */
        {LWM2M_OPTION_PROXY_URI, LWM2M_STATUS_PROXYING_NOT_SUPPORTED},
        {LWM2M_OPTION_PROXY_SCHEME, LWM2M_STATUS_PROXYING_NOT_SUPPORTED},
        {LWM2M_OPTION_SIZE1, LWM2M_STATUS_CREATED},
        {65001, LWM2M_STATUS_BAD_OPTION},
        {65000, LWM2M_STATUS_CREATED},
    };
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static const uint16_t own[] = {LWM2M_OPTION_URI_PATH, LWM2M_OPTION_URI_QUERY};
        static const char *const values[] = {"rd", "ep=a"};
        struct lwm2m_options options;
        uint8_t memory[64];
        size_t next = 0;
        lwm2m_options_init(&options, memory, sizeof memory);
        for (; next < 2 && own[next] < rows[i].number; next++)
            lwm2m_options_append_text(&options, own[next], values[next]);
        lwm2m_options_append_text(&options, rows[i].number, "x");
        for (; next < 2; next++)
            lwm2m_options_append_text(&options, own[next], values[next]);
        assert_int_equal(lwm2m_options_check(&options), LWM2M_OK);
        struct lwm2m_incoming *incoming = stand_in_transport_send_raw(
            &fixture->transport, fixture->peer, LWM2M_METHOD_POST, lwm2m_options_bytes(&options),
            lwm2m_bytes_from_text("</3/0>"));
        if (incoming->status != rows[i].status)
            fail_msg("option %u: %s", rows[i].number, incoming->text);
    }
}

static void refuses_path_and_query_longer_than_an_option_may_be(void **state)
{
    static const uint16_t numbers[] = {LWM2M_OPTION_URI_PATH, LWM2M_OPTION_URI_QUERY};
    struct server_fixture *fixture = *state;
    uint8_t value[256];

    memset(value, 'a', sizeof value);
    server_fixture_start(fixture);
    for (size_t i = 0; i < 2; i++) {
        struct lwm2m_options options;
        uint8_t memory[300];
        lwm2m_options_init(&options, memory, sizeof memory);
        lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "rd");
        lwm2m_options_append(&options, numbers[i], (struct lwm2m_bytes){value, sizeof value});
        assert_int_equal(stand_in_transport_send_raw(
                             &fixture->transport, fixture->peer, LWM2M_METHOD_POST,
                             lwm2m_options_bytes(&options), (struct lwm2m_bytes){NULL, 0})
                             ->status,
                         LWM2M_STATUS_BAD_OPTION);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(refuses_a_configuration_without_the_necessary),
        TEST(survives_the_failure_of_every_allocation),
        TEST(answers_everything_that_it_does_not_serve),
        TEST(tells_what_it_serves_in_few_bytes),
        TEST(judges_options_by_whether_they_are_critical),
        TEST(refuses_path_and_query_longer_than_an_option_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
