/*
 * The control protocol: any bytes at the control socket of a server with a device.
 *
 * The first byte chooses what the device answers; the rest is what a client sends.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/line_buffer.h"
#include "service/service.h"
#include "support/server_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct service *service_of_events;

static void on_event(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    (void)fixture;
    if (service_of_events != NULL) {
        service_on_event(service_of_events, event);
    }
}

/* What leaves must be JSON, whatever came in. */
static void take_line(void *context, const cJSON *line)
{
    (void)context;
    char *text = cJSON_PrintUnformatted(line);
    cJSON *again = text != NULL ? cJSON_Parse(text) : NULL;
    if (again == NULL) {
        abort();
    }
    cJSON_Delete(again);
    cJSON_free(text);
}

static void answer_all(struct server_fixture *fixture, uint8_t choice)
{
    static const struct {
        enum lwm2m_status status;
        uint16_t format;
        const char *payload;
        int64_t observe;
    } answers[] = {
        {LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "87", 1},
        {LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TLV, "\xc1\x09\x57", -1},
        {LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK, "</3>,</3/0>;pmin=1,</3/0/9>", -1},
        {LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TLV, "\xc8", 2},
        {LWM2M_STATUS_CHANGED, LWM2M_NO_FORMAT, NULL, -1},
        {LWM2M_STATUS_NOT_FOUND, LWM2M_NO_FORMAT, NULL, -1},
        {LWM2M_STATUS_CONTENT, 50, "{}", 1},
    };
    size_t index = choice % (sizeof(answers) / sizeof(answers[0]) + 1);
    for (int rounds = 0; rounds < 8; rounds++) {
        struct lwm2m_exchange *exchange = fixture->transport.exchanges;
        if (exchange == NULL || !exchange->open) {
            return;
        }
        if (index == sizeof(answers) / sizeof(answers[0])) {
            stand_in_exchange_fail(exchange, LWM2M_TIMEOUT);
        } else {
            stand_in_exchange_answer(exchange, answers[index].status, answers[index].format,
                                     answers[index].payload, answers[index].observe);
        }
    }
}

static void converse(struct server_fixture *fixture, const struct responder *responder,
                     const uint8_t *data, size_t size)
{
    struct responder_output output = {.line = take_line};
    struct line_buffer buffer = {.limit = 4096};
    void *connection = responder->open(responder->context, &output);
    const char *line, *message;
    size_t length;
    if (line_buffer_feed(&buffer, (const char *)data + 1, size - 1) != LINE_FOUND) {
        abort();
    }
    while (line_buffer_next(&buffer, &line, &length) == LINE_FOUND) {
        cJSON *request = control_line_parse(line, length, &message);
        if (request == NULL) {
            break;
        }
        responder->request(connection, request);
        cJSON_Delete(request);
        answer_all(fixture, data[0]);
        server_fixture_pass(fixture, 1500);
    }
    responder->close(connection);
    line_buffer_release(&buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    struct server_fixture *fixture = server_fixture_new();
    fixture->quiet = true;
    fixture->on_event = on_event;
    fixture->config.definitions = &lwm2m_registry;
    struct service *service = service_new(&lwm2m_registry, &fixture->timers);
    service_of_events = service;
    server_fixture_start(fixture);
    service_set_server(service, fixture->server);
    server_fixture_registered(fixture, "1.1");
    struct responder responder = service_responder(service);
    converse(fixture, &responder, data, size);
    server_fixture_pass(fixture, 70000);
    service_of_events = NULL;
    service_free(service);
    server_fixture_free(fixture);
    return 0;
}
