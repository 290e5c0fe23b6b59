/*
 * A monitor whose client is behind with reading.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Both cmocka and the printer have a function of this name. */
#define print_error cmocka_print_error
#include <cmocka.h>
#undef print_error
#include <stdlib.h>
#include <string.h>

#include "control/trace.h"
#include "service/service.h"
#include "support/server_fixture.h"

/* What a client has got, and whether it reads. */
struct client {
    bool is_congested;
    size_t messages;
    double dropped;
};

static void take_line(void *context, const cJSON *line)
{
    struct client *client = context;
    const cJSON *result = cJSON_GetObjectItemCaseSensitive(line, "result");
    const cJSON *dropped = cJSON_GetObjectItemCaseSensitive(result, "dropped");
    client->messages += cJSON_HasObjectItem(result, "code");
    client->dropped += cJSON_IsNumber(dropped) ? dropped->valuedouble : 0;
}

static bool is_congested(void *context)
{
    return ((const struct client *)context)->is_congested;
}

static void show_message(const struct trace *trace)
{
    const struct lwm2m_message message = {.code = LWM2M_METHOD_GET};
    const struct lwm2m_trace *listener = trace_listener(trace);
    listener->message(listener->context, true, NULL, &message, 0);
}

static void what_was_dropped_is_told_when_nothing_follows(void **state)
{
    struct server_fixture *fixture = server_fixture_new();
    struct service *service = service_new(&lwm2m_registry, &fixture->timers);
    struct printer printer;
    struct trace trace;
    struct client client = {0};
    const struct responder_output output = {&client, take_line, is_congested};
    (void)state;
    server_fixture_start(fixture);
    printer_init(&printer, stdout, stderr, "never");
    trace_init(&trace, &printer);
    service_set_server(service, fixture->server);
    service_set_trace(service, &trace);
    struct responder responder = service_responder(service);
    void *connection = responder.open(responder.context, &output);
    cJSON *request = cJSON_Parse("{\"id\":1,\"op\":\"monitor\"}");
    responder.request(connection, request);
    cJSON_Delete(request);

    show_message(&trace);
    assert_int_equal(client.messages, 1);
    client.is_congested = true;
    show_message(&trace);
    show_message(&trace);
    server_fixture_pass(fixture, 1000);
    assert_true(client.dropped == 0);
    client.is_congested = false;
    server_fixture_pass(fixture, 10);
    assert_true(client.dropped == 2);
    assert_int_equal(client.messages, 1);

    /* Told by the next message, it is not told again. */
    client.is_congested = true;
    show_message(&trace);
    client.is_congested = false;
    show_message(&trace);
    server_fixture_pass(fixture, 1000);
    assert_true(client.dropped == 3);
    assert_int_equal(client.messages, 2);

    /* A client that goes while something was dropped is told nothing more. */
    client.is_congested = true;
    show_message(&trace);
    responder.close(connection);
    client.is_congested = false;
    server_fixture_pass(fixture, 1000);
    assert_true(client.dropped == 3);
    service_free(service);
    server_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_dropped_is_told_when_nothing_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
