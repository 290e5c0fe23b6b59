/*
 * A server engine and a fleet of client engines on one fake network and one virtual clock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/pair_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/corelink.h>

#define SSID 101

/* The demo object as the devices define it; see demo_objects.h. */
static const struct lwm2m_resource_definition demo_resources[] = {
    {0, LWM2M_READABLE | LWM2M_WRITABLE, false, false, LWM2M_TYPE_STRING, "Text", "", ""},
    {1, LWM2M_READABLE | LWM2M_WRITABLE, false, true, LWM2M_TYPE_INTEGER, "Number", "", ""},
    {2, LWM2M_READABLE, false, false, LWM2M_TYPE_FLOAT, "Reading", "", ""},
    {3, LWM2M_WRITABLE, false, false, LWM2M_TYPE_OPAQUE, "Secret", "", ""},
    {4, LWM2M_EXECUTABLE, false, false, LWM2M_TYPE_NONE, "Go", "", ""},
    {5, LWM2M_READABLE | LWM2M_WRITABLE, true, false, LWM2M_TYPE_INTEGER, "Many", "", ""},
    {6, LWM2M_READABLE | LWM2M_WRITABLE, false, false, LWM2M_TYPE_BOOLEAN, "Flag", "", ""},
};
static const struct lwm2m_object_definition demo_definition = {
    .id = DEMO_OBJECT,
    .multiple = true,
    .version = {1, 0},
    .name = "Demo",
    .urn = "",
    .resource_count = sizeof demo_resources / sizeof demo_resources[0],
    .resources = demo_resources,
};
static const struct lwm2m_definitions definitions = {
    .objects = &demo_definition, .count = 1, .parent = &lwm2m_registry};

void pair_fixture_note(struct pair_fixture *fixture, const char *format, ...)
{
    size_t length = strlen(fixture->diary);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(fixture->diary + length, sizeof fixture->diary - length, format, arguments);
    va_end(arguments);
}

static void count_event(void *context, const struct lwm2m_server_event *event)
{
    struct pair_fixture *fixture = context;

    fixture->events[event->type]++;
    fixture->expired +=
        event->type == LWM2M_SERVER_DEREGISTERED && event->reason == LWM2M_DEREGISTERED_EXPIRED;
}

static enum lwm2m_error open_peer(void *context, const char *uri, uint16_t security_instance,
                                  struct lwm2m_peer **peer)
{
    struct pair_device *device = context;

    struct pair_end *server = strcmp(uri, "coap://other") == 0 ? &device->fixture->other_end
                                                               : &device->fixture->server_end;

    (void)security_instance;
    return lwm2m_endpoint_peer(device->end.endpoint, &server->node->address, peer);
}

static void make_end(struct pair_fixture *fixture, struct pair_end *end)
{
    struct lwm2m_endpoint_config config;
    struct lwm2m_blockwise_config blockwise;

    end->node = fake_network_add_node(&fixture->network);
    lwm2m_endpoint_config_init(&config);
    config.timers = &fixture->timers;
    config.link = &end->node->link;
    assert_int_equal(lwm2m_endpoint_new(&config, &end->endpoint), LWM2M_OK);
    end->node->endpoint = end->endpoint;
    lwm2m_blockwise_config_init(&blockwise);
    blockwise.timers = &fixture->timers;
    blockwise.below = lwm2m_endpoint_transport(end->endpoint);
    assert_int_equal(lwm2m_blockwise_new(&blockwise, &end->blockwise), LWM2M_OK);
}

static void free_end(struct pair_end *end)
{
    lwm2m_blockwise_free(end->blockwise);
    lwm2m_endpoint_free(end->endpoint);
}

struct pair_fixture *pair_fixture_new(size_t device_count, uint64_t seed)
{
    struct pair_fixture *fixture = calloc(1, sizeof *fixture);

    assert_non_null(fixture);
    virtual_port_init(&fixture->port, seed);
    lwm2m_timers_init(&fixture->timers, &fixture->port.port);
    fake_network_init(&fixture->network, &fixture->port);
    fake_network_add_timers(&fixture->network, &fixture->timers);
    make_end(fixture, &fixture->server_end);
    lwm2m_server_config_init(&fixture->config);
    fixture->config.timers = &fixture->timers;
    fixture->config.definitions = &definitions;
    fixture->config.context = fixture;
    fixture->config.on_event = count_event;
    fixture->devices = calloc(device_count, sizeof *fixture->devices);
    assert_non_null(fixture->devices);
    fixture->device_count = device_count;
    for (size_t i = 0; i < device_count; i++) {
        struct pair_device *device = &fixture->devices[i];
        device->fixture = fixture;
        device->lifetime_s = 300;
        make_end(fixture, &device->end);
        lwm2m_client_config_init(&device->config);
        device->config.timers = &fixture->timers;
        device->config.connector = (struct lwm2m_connector){device, open_peer};
    }
    return fixture;
}

static void start_device(struct pair_device *device, size_t index)
{
    char name[32];

    snprintf(name, sizeof name, "device-%zu", index);
    device->config.endpoint_name = name;
    assert_int_equal(lwm2m_client_new(&device->config, &device->client), LWM2M_OK);
    lwm2m_client_attach(device->client, lwm2m_blockwise_transport(device->end.blockwise));
    demo_objects_add(device->client, &device->demo, SSID, device->lifetime_s);
    assert_int_equal(lwm2m_client_start(device->client), LWM2M_OK);
}

void pair_fixture_start(struct pair_fixture *fixture)
{
    assert_int_equal(lwm2m_server_new(&fixture->config, &fixture->server), LWM2M_OK);
    lwm2m_server_attach(fixture->server, lwm2m_blockwise_transport(fixture->server_end.blockwise));
    for (size_t i = 0; i < fixture->device_count; i++) {
        start_device(&fixture->devices[i], i);
    }
}

void pair_fixture_start_other(struct pair_fixture *fixture)
{
    make_end(fixture, &fixture->other_end);
    assert_int_equal(lwm2m_server_new(&fixture->config, &fixture->other), LWM2M_OK);
    lwm2m_server_attach(fixture->other, lwm2m_blockwise_transport(fixture->other_end.blockwise));
}

void pair_fixture_free(struct pair_fixture *fixture)
{
    lwm2m_server_free(fixture->server);
    lwm2m_server_free(fixture->other);
    for (size_t i = 0; i < fixture->device_count; i++) {
        lwm2m_client_free(fixture->devices[i].client);
        free_end(&fixture->devices[i].end);
    }
    free_end(&fixture->server_end);
    if (fixture->other != NULL) {
        free_end(&fixture->other_end);
    }
    fake_network_release(&fixture->network);
    virtual_port_assert_empty(&fixture->port);
    free(fixture->devices);
    free(fixture);
}

void pair_fixture_run(struct pair_fixture *fixture, uint64_t duration_ms)
{
    fake_network_run_for(&fixture->network, duration_ms);
}

struct lwm2m_registration *pair_fixture_find(const struct pair_fixture *fixture, size_t index)
{
    char name[32];

    snprintf(name, sizeof name, "device-%zu", index);
    return lwm2m_server_find(fixture->server, lwm2m_bytes_from_text(name));
}

static enum lwm2m_error note_record(void *context, const struct lwm2m_record *record)
{
    uint8_t memory[512];
    struct lwm2m_buffer value;
    char path[LWM2M_PATH_TEXT_MAX];

    lwm2m_buffer_init(&value, memory, sizeof memory);
    if (lwm2m_value_print(&record->value, &value) != LWM2M_OK) {
        value.length = 0;
    }
    lwm2m_path_print(record->path, path);
    pair_fixture_note(context, " %s=%.*s", path, (int)value.length, (const char *)memory);
    return LWM2M_OK;
}

void pair_fixture_note_outcome(void *context, const struct lwm2m_outcome *outcome)
{
    const struct lwm2m_sink sink = {context, note_record};

    if (outcome->error) {
        pair_fixture_note(context, "%s\n", lwm2m_error_name(outcome->error));
        return;
    }
    pair_fixture_note(context, "%u", outcome->status);
    if (outcome->content_format == LWM2M_FORMAT_LINK) {
        pair_fixture_note(context, " %.*s", (int)outcome->payload.length,
                          (const char *)outcome->payload.data);
    } else if (outcome->payload.length > 0) {
        assert_int_equal(lwm2m_outcome_decode(outcome, sink, NULL), LWM2M_OK);
    }
    pair_fixture_note(context, "\n");
}

static bool has_entry(void *context)
{
    return ((struct pair_fixture *)context)->diary[0] != '\0';
}

void pair_fixture_expect(struct pair_fixture *fixture, const struct lwm2m_operation *operation,
                         const char *expected)
{
    struct lwm2m_operation noted = *operation;

    noted.context = fixture;
    noted.done = pair_fixture_note_outcome;
    fixture->diary[0] = '\0';
    assert_int_equal(
        lwm2m_server_submit(fixture->server, pair_fixture_find(fixture, 0), &noted, NULL),
        LWM2M_OK);
    assert_true(fake_network_run_until_true(&fixture->network, 60000, has_entry, fixture));
    pair_fixture_assert_diary(fixture, expected);
}

void pair_fixture_assert_diary(struct pair_fixture *fixture, const char *expected)
{
    assert_string_equal(fixture->diary, expected);
    fixture->diary[0] = '\0';
}
