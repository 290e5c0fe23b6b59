/*
 * A server engine on virtual time over a stand-in for a transport, and a diary of its events.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/server_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const reasons[] = {"by device", "expired", "by operator"};

void server_fixture_note(struct server_fixture *fixture, const char *format, ...)
{
    size_t length = strlen(fixture->diary);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(fixture->diary + length, sizeof fixture->diary - length, format, arguments);
    va_end(arguments);
}

static void write_desired(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    static const char *const words[] = {"pending", "applied", "refused"};
    char path[LWM2M_PATH_TEXT_MAX];

    lwm2m_path_print(event->desired->path, path);
    server_fixture_note(fixture, "DESIRED %.*s %s %s", (int)event->endpoint_name.length,
                        (const char *)event->endpoint_name.data, path,
                        words[event->desired->status]);
    if (event->desired->attempts > 0) {
        server_fixture_note(fixture, " %s %u", lwm2m_error_name(event->desired->error),
                            event->desired->answer);
    }
    server_fixture_note(fixture, "%s\n", event->registration ? "" : " away");
}

static void write_event(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    const char *name = event->registration ? event->registration->endpoint_name : "";

    switch (event->type) {
    case LWM2M_SERVER_REGISTERED:
        server_fixture_note(fixture, "REGISTERED %s\n", name);
        break;
    case LWM2M_SERVER_UPDATED:
        server_fixture_note(fixture, "UPDATED %s%s%s\n", name,
                            event->lifetime_changed ? " lifetime" : "",
                            event->links_changed ? " links" : "");
        break;
    case LWM2M_SERVER_MOVED:
        server_fixture_note(fixture, "MOVED %s\n", name);
        break;
    case LWM2M_SERVER_REPLACED:
        server_fixture_note(fixture, "REPLACED %s\n", name);
        break;
    case LWM2M_SERVER_DEREGISTERED:
        server_fixture_note(fixture, "DEREGISTERED %s %s\n", name, reasons[event->reason]);
        break;
    case LWM2M_SERVER_SENT:
        server_fixture_note(fixture, "SENT %s\n", name);
        break;
    case LWM2M_SERVER_AWAKE:
        server_fixture_note(fixture, "AWAKE %s\n", name);
        break;
    case LWM2M_SERVER_ASLEEP:
        server_fixture_note(fixture, "ASLEEP %s\n", name);
        break;
    case LWM2M_SERVER_DESIRED:
        write_desired(fixture, event);
        break;
    case LWM2M_SERVER_DENIED:
        server_fixture_note(fixture, "DENIED %u.%02u %s\n", event->status / 100u,
                            event->status % 100u, event->detail);
        break;
    }
}

static void handle_event(void *context, const struct lwm2m_server_event *event)
{
    struct server_fixture *fixture = context;

    fixture->registered += event->type == LWM2M_SERVER_REGISTERED;
    fixture->updated += event->type == LWM2M_SERVER_UPDATED;
    fixture->deregistered += event->type == LWM2M_SERVER_DEREGISTERED;
    if (!fixture->quiet) {
        write_event(fixture, event);
    }
    if (fixture->on_event) {
        fixture->on_event(fixture, event);
    }
}

struct server_fixture *server_fixture_new(void)
{
    struct server_fixture *fixture = calloc(1, sizeof *fixture);

    assert_non_null(fixture);
    virtual_port_init(&fixture->port, 1);
    lwm2m_timers_init(&fixture->timers, &fixture->port.port);
    stand_in_transport_init(&fixture->transport);
    fixture->peer = stand_in_transport_add_peer(&fixture->transport);
    fixture->other_peer = stand_in_transport_add_peer(&fixture->transport);
    lwm2m_server_config_init(&fixture->config);
    fixture->config.timers = &fixture->timers;
    fixture->config.context = fixture;
    fixture->config.on_event = handle_event;
    return fixture;
}

void server_fixture_start(struct server_fixture *fixture)
{
    assert_int_equal(lwm2m_server_new(&fixture->config, &fixture->server), LWM2M_OK);
    lwm2m_server_attach(fixture->server, &fixture->transport.transport);
}

void server_fixture_free(struct server_fixture *fixture)
{
    lwm2m_server_free(fixture->server);
    virtual_port_assert_empty(&fixture->port);
    for (size_t i = 0; i < fixture->transport.peer_count; i++) {
        assert_int_equal(fixture->transport.peers[i].retained, 0);
    }
    stand_in_transport_release(&fixture->transport);
    free(fixture);
}

void server_fixture_pass(struct server_fixture *fixture, uint64_t duration_ms)
{
    uint64_t end_ms = fixture->port.now_ms + duration_ms;

    for (;;) {
        uint64_t next_ms = lwm2m_timers_step(&fixture->timers);
        if (next_ms > end_ms) {
            break;
        }
        if (next_ms > fixture->port.now_ms) {
            fixture->port.now_ms = next_ms;
        }
    }
    fixture->port.now_ms = end_ms;
}

struct lwm2m_incoming *server_fixture_register(struct server_fixture *fixture,
                                               struct stand_in_peer *peer, const char *query)
{
    char request[STAND_IN_OPTIONS_MAX];

    snprintf(request, sizeof request, "POST /rd?%s", query);
    return stand_in_transport_send(&fixture->transport, peer, request, LWM2M_FORMAT_LINK,
                                   "</1/0>,</3/0>");
}

struct lwm2m_registration *server_fixture_registered(struct server_fixture *fixture,
                                                     const char *version)
{
    char query[64];

    snprintf(query, sizeof query, "ep=dev&lt=60&lwm2m=%s&b=U", version);
    struct lwm2m_incoming *incoming = server_fixture_register(fixture, fixture->peer, query);
    assert_int_equal(incoming->status, LWM2M_STATUS_CREATED);
    fixture->diary[0] = '\0';
    return lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"));
}

struct lwm2m_incoming *server_fixture_update(struct server_fixture *fixture,
                                             struct stand_in_peer *peer, const char *id,
                                             const char *query, const char *payload)
{
    char request[STAND_IN_OPTIONS_MAX];

    snprintf(request, sizeof request, "POST /rd/%s?%s", id, query);
    return stand_in_transport_send(&fixture->transport, peer, request,
                                   payload ? LWM2M_FORMAT_LINK : LWM2M_NO_FORMAT, payload);
}

void server_fixture_assert_diary(struct server_fixture *fixture, const char *expected)
{
    assert_string_equal(fixture->diary, expected);
    fixture->diary[0] = '\0';
}
