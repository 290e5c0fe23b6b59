/*
 * A client engine on a fake network, and peers whose messages the test writes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/device_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/hex.h"

static const struct lwm2m_codec *const codecs[] = {&lwm2m_codec_text, &lwm2m_codec_opaque,
                                                   &lwm2m_codec_tlv, &lwm2m_codec_senml_cbor};

static void note(struct device_fixture *fixture, const char *format, ...)
{
    size_t length = strlen(fixture->diary);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(fixture->diary + length, sizeof(fixture->diary) - length, format, arguments);
    va_end(arguments);
}

/* ---- the server ---- */

static void send_message(struct device_fixture *fixture, struct fake_node *from,
                         const struct lwm2m_message *message)
{
    uint8_t memory[FAKE_NETWORK_DATAGRAM_MAX];
    struct lwm2m_buffer out;

    lwm2m_buffer_init(&out, memory, sizeof(memory));
    assert_int_equal(lwm2m_message_encode(message, &out), LWM2M_OK);
    fake_node_send(from, &fixture->node->address, lwm2m_buffer_bytes(&out));
}

static bool is_send(const struct lwm2m_message *message)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (option.number == LWM2M_OPTION_URI_PATH) {
            return option.value.length == 2 && memcmp(option.value.data, "dp", 2) == 0;
        }
    }
    return false;
}

static uint8_t code_for(struct device_fixture *fixture, const struct lwm2m_message *message)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    size_t segments = 0;

    if (message->code == LWM2M_METHOD_DELETE) {
        return fixture->deregister_code;
    }
    if (is_send(message)) {
        return fixture->send_code;
    }
    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        segments += option.number == LWM2M_OPTION_URI_PATH;
    }
    return segments == 1 ? fixture->register_code : fixture->update_code;
}

static void answer_request(struct device_fixture *fixture, const struct lwm2m_message *message)
{
    struct lwm2m_message answer = {.type = LWM2M_MESSAGE_ACK,
                                   .code = code_for(fixture, message),
                                   .message_id = message->message_id,
                                   .token = message->token};
    uint8_t memory[64];
    struct lwm2m_options options;

    if (answer.code == 0) {
        return;
    }
    lwm2m_options_init(&options, memory, sizeof(memory));
    if (answer.code == lwm2m_status_code(LWM2M_STATUS_CREATED) && !fixture->without_location) {
        lwm2m_options_append_text(&options, LWM2M_OPTION_LOCATION_PATH, "rd");
        lwm2m_options_append_text(&options, LWM2M_OPTION_LOCATION_PATH, "a1");
    }
    if (fixture->max_age_s != 0) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_MAX_AGE, fixture->max_age_s);
    }
    answer.options = lwm2m_options_bytes(&options);
    send_message(fixture, fixture->server, &answer);
}

static unsigned seconds(const struct device_fixture *fixture)
{
    return (unsigned)((fixture->port.now_ms - fixture->started_ms) / 1000);
}

static void take_request(struct device_fixture *fixture, const struct lwm2m_message *message)
{
    char text[MESSAGE_TEXT_MAX];

    snprintf(fixture->links, sizeof(fixture->links), "%.*s", (int)message->payload.length,
             message->payload.length > 0 ? (const char *)message->payload.data : "");
    if (is_send(message)) {
        fixture->sent_length = message->payload.length;
        memcpy(fixture->sent, message->payload.data, message->payload.length);
    }
    if (!fixture->without_messages) {
        note(fixture, "%u %s\n", seconds(fixture), message_text_print(message, text));
    }
    answer_request(fixture, message);
}

static void take_notification(struct device_fixture *fixture, struct fake_node *node,
                              const struct lwm2m_message *message)
{
    struct lwm2m_message reply = {.type = LWM2M_MESSAGE_ACK, .message_id = message->message_id};
    char text[MESSAGE_TEXT_MAX];

    fixture->notifications++;
    fixture->notification_length = message->payload.length;
    if (message->payload.length > 0) {
        memcpy(fixture->notification, message->payload.data, message->payload.length);
    }
    if (!fixture->without_messages) {
        note(fixture, "%u %s %s\n", seconds(fixture),
             message->type == LWM2M_MESSAGE_CON ? "CON" : "NON", message_text_print(message, text));
    }
    if (fixture->resets_notifications) {
        reply.type = LWM2M_MESSAGE_RST;
    } else if (message->type != LWM2M_MESSAGE_CON) {
        return;
    }
    send_message(fixture, node, &reply);
}

static void take_answer(struct device_fixture *fixture, const struct lwm2m_message *message)
{
    message_text_print(message, fixture->answer);
    fixture->payload_length = message->payload.length;
    if (message->payload.length > 0) {
        memcpy(fixture->payload, message->payload.data, message->payload.length);
    }
}

static void receive(void *context, struct fake_node *node, const struct lwm2m_address *from,
                    struct lwm2m_bytes datagram)
{
    struct device_fixture *fixture = context;
    struct lwm2m_message message;

    (void)from;
    assert_int_equal(lwm2m_message_decode(datagram, &message, NULL), LWM2M_OK);
    if (message.code == 0) {
        return;
    }
    if (message.code < 32) {
        take_request(fixture, &message);
    } else if (message.type == LWM2M_MESSAGE_ACK) {
        take_answer(fixture, &message);
    } else {
        take_notification(fixture, node, &message);
    }
}

/* ---- the device ---- */

static enum lwm2m_error open_peer(void *context, const char *uri, uint16_t security_instance,
                                  struct lwm2m_peer **peer)
{
    struct device_fixture *fixture = context;

    (void)security_instance;
    if (strcmp(uri, "coap://down") == 0) {
        return LWM2M_UNREACHABLE;
    }
    assert_string_equal(uri, "coap://server");
    if (fixture->open_error != LWM2M_OK) {
        return fixture->open_error;
    }
    return lwm2m_endpoint_peer(fixture->endpoint, &fixture->server->address, peer);
}

static void note_event(void *context, const struct lwm2m_client_event *event)
{
    static const char *const names[] = {"REGISTERING",   "REGISTERED",
                                        "UPDATED",       "REGISTRATION_FAILED",
                                        "UPDATE_FAILED", "DEREGISTERED",
                                        "STOPPED",       "READ",
                                        "WRITTEN",       "EXECUTED",
                                        "CREATED",       "DELETED",
                                        "DISCOVERED",    "ATTRIBUTES_WRITTEN",
                                        "OBSERVED",      "OBSERVATION_ENDED",
                                        "NOTIFIED",      "DELIVERED",
                                        "SENT",          "SEND_FAILED",
                                        "ASLEEP",        "AWAKE"};
    struct device_fixture *fixture = context;
    char path[LWM2M_PATH_TEXT_MAX];

    if (fixture->without_events) {
        return;
    }
    note(fixture, "%s", names[event->type]);
    if (event->type >= LWM2M_CLIENT_READ) {
        lwm2m_path_print(event->path, path);
        note(fixture, " %s", path);
    }
    if (event->type <= LWM2M_CLIENT_DEREGISTERED && event->location != NULL) {
        note(fixture, " %s", event->location);
    }
    if (event->error != LWM2M_OK) {
        note(fixture, " %s", lwm2m_error_name(event->error));
    }
    if (event->retry_ms != 0) {
        note(fixture, " retry=%u", (unsigned)event->retry_ms);
    }
    note(fixture, "\n");
}

struct device_fixture *device_fixture_new(void)
{
    struct device_fixture *fixture = calloc(1, sizeof(*fixture));
    struct lwm2m_endpoint_config config;

    assert_non_null(fixture);
    virtual_port_init(&fixture->port, 1);
    lwm2m_timers_init(&fixture->timers, &fixture->port.port);
    fake_network_init(&fixture->network, &fixture->port);
    fake_network_add_timers(&fixture->network, &fixture->timers);
    fixture->node = fake_network_add_node(&fixture->network);
    fixture->server = fake_network_add_node(&fixture->network);
    fixture->stranger = fake_network_add_node(&fixture->network);
    fixture->server->context = fixture->stranger->context = fixture;
    fixture->server->receive = fixture->stranger->receive = receive;
    lwm2m_endpoint_config_init(&config);
    config.timers = &fixture->timers;
    config.link = &fixture->node->link;
    assert_int_equal(lwm2m_endpoint_new(&config, &fixture->endpoint), LWM2M_OK);
    fixture->node->endpoint = fixture->endpoint;
    lwm2m_client_config_init(&fixture->config);
    fixture->config.codecs = (struct lwm2m_codecs){codecs, sizeof codecs / sizeof codecs[0]};
    fixture->config.timers = &fixture->timers;
    fixture->config.connector = (struct lwm2m_connector){fixture, open_peer};
    fixture->config.endpoint_name = "dev";
    fixture->config.context = fixture;
    fixture->config.on_event = note_event;
    fixture->lifetime_s = 300;
    fixture->register_code = lwm2m_status_code(LWM2M_STATUS_CREATED);
    fixture->update_code = lwm2m_status_code(LWM2M_STATUS_CHANGED);
    fixture->send_code = lwm2m_status_code(LWM2M_STATUS_CHANGED);
    fixture->deregister_code = lwm2m_status_code(LWM2M_STATUS_DELETED);
    return fixture;
}

void device_fixture_start(struct device_fixture *fixture)
{
    assert_int_equal(lwm2m_client_new(&fixture->config, &fixture->client), LWM2M_OK);
    lwm2m_client_attach(fixture->client, lwm2m_endpoint_transport(fixture->endpoint));
    demo_objects_add(fixture->client, &fixture->demo, 101, fixture->lifetime_s);
    fixture->started_ms = fixture->port.now_ms;
    assert_int_equal(lwm2m_client_start(fixture->client), LWM2M_OK);
}

void device_fixture_register(struct device_fixture *fixture)
{
    device_fixture_start(fixture);
    device_fixture_run(fixture, 1000);
    assert_true(lwm2m_client_is_registered(fixture->client, 101));
    fixture->diary[0] = '\0';
}

void device_fixture_free(struct device_fixture *fixture)
{
    lwm2m_client_free(fixture->client);
    lwm2m_endpoint_free(fixture->endpoint);
    fake_network_release(&fixture->network);
    assert_null(fixture->timers.root);
    virtual_port_assert_empty(&fixture->port);
    free(fixture);
}

void device_fixture_run(struct device_fixture *fixture, uint64_t duration_ms)
{
    fake_network_run_for(&fixture->network, duration_ms);
}

/* ---- requests ---- */

void device_fixture_ask(struct device_fixture *fixture, struct fake_node *from, uint8_t token,
                        const char *request, struct lwm2m_bytes payload)
{
    struct message_text text;

    message_text_read(&text, request, payload);
    text.message.type = LWM2M_MESSAGE_CON;
    text.message.message_id = ++fixture->message_id;
    text.message.token = (struct lwm2m_token){1, {token}};
    text.message.payload = payload;
    snprintf(fixture->answer, sizeof(fixture->answer), "nothing");
    fixture->payload_length = 0;
    send_message(fixture, from, &text.message);
    fake_network_settle(&fixture->network);
}

void device_fixture_expect(struct device_fixture *fixture, const char *request, const char *hex,
                           const char *answer)
{
    uint8_t memory[1024];

    device_fixture_ask(fixture, fixture->server, 1, request,
                       hex_decode(hex, memory, sizeof(memory)));
    if (strcmp(fixture->answer, answer) != 0) {
        print_error("%s [%s]: ", request, hex);
    }
    assert_string_equal(fixture->answer, answer);
}

void device_fixture_assert_text(const struct device_fixture *fixture, const char *text)
{
    char got[sizeof(fixture->payload) + 1];

    memcpy(got, fixture->payload, fixture->payload_length);
    got[fixture->payload_length] = '\0';
    assert_string_equal(got, text);
}

void device_fixture_assert_diary(struct device_fixture *fixture, const char *expected)
{
    assert_string_equal(fixture->diary, expected);
    fixture->diary[0] = '\0';
}
