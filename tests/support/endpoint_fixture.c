/*
 * One endpoint, and a peer played by the test.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/endpoint_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void on_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                       const struct lwm2m_message *message)
{
    struct endpoint_fixture *fixture = context;
    struct lwm2m_message answer = {
        .code = lwm2m_status_code(LWM2M_STATUS_CONTENT),
        .payload = message->payload,
    };

    fixture->requests++;
    fixture->incoming = incoming;
    fixture->requester = peer;
    if (fixture->policy == FIXTURE_ANSWERS) {
        assert_int_equal(lwm2m_incoming_respond(peer, incoming, &answer), LWM2M_OK);
    } else if (fixture->policy == FIXTURE_DROPS) {
        lwm2m_incoming_drop(peer, incoming);
    }
}

static void on_delivered(void *context, struct lwm2m_peer *peer, const struct lwm2m_token *token)
{
    (void)peer;
    (void)token;
    ((struct endpoint_fixture *)context)->delivered++;
}

static void on_failed(void *context, struct lwm2m_peer *peer, const struct lwm2m_token *token,
                      enum lwm2m_error error)
{
    struct endpoint_fixture *fixture = context;

    (void)peer;
    fixture->failed++;
    fixture->failed_error = error;
    fixture->failed_token = *token;
}

static const struct lwm2m_receiver receiver = {
    .request = on_request,
    .notification_delivered = on_delivered,
    .notification_failed = on_failed,
};

static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct endpoint_fixture *fixture = context;

    fixture->responses++;
    fixture->response_error = response->error;
    fixture->response_code = response->message != NULL ? response->message->code : 0;
    fixture->response_retransmissions = response->retransmissions;
    if (fixture->on_response != NULL) {
        fixture->on_response(fixture, exchange, response);
    }
}

static void script_receive(void *context, struct fake_node *node, const struct lwm2m_address *from,
                           struct lwm2m_bytes datagram)
{
    struct endpoint_fixture *fixture = context;
    struct fixture_message *message = &fixture->messages[fixture->message_count++];

    (void)node;
    (void)from;
    assert_in_range(fixture->message_count, 1, FIXTURE_MESSAGES_MAX);
    message->time_ms = fixture->port.now_ms;
    message->length = datagram.length;
    memcpy(message->bytes, datagram.data, datagram.length);
    assert_int_equal(lwm2m_message_decode((struct lwm2m_bytes){message->bytes, message->length},
                                          &message->message, NULL),
                     LWM2M_OK);
}

void endpoint_fixture_init(struct endpoint_fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    virtual_port_init(&fixture->port, 1);
    lwm2m_timers_init(&fixture->timers, &fixture->port.port);
    fake_network_init(&fixture->network, &fixture->port);
    fake_network_add_timers(&fixture->network, &fixture->timers);
    fixture->node = fake_network_add_node(&fixture->network);
    fixture->script = fake_network_add_node(&fixture->network);
    fixture->script->context = fixture;
    fixture->script->receive = script_receive;
    lwm2m_endpoint_config_init(&fixture->config);
    fixture->config.timers = &fixture->timers;
    fixture->config.link = &fixture->node->link;
}

void endpoint_fixture_open(struct endpoint_fixture *fixture)
{
    assert_int_equal(lwm2m_endpoint_new(&fixture->config, &fixture->endpoint), LWM2M_OK);
    fixture->node->endpoint = fixture->endpoint;
    fixture->transport = lwm2m_endpoint_transport(fixture->endpoint);
    lwm2m_transport_set_receiver(fixture->transport, &receiver, fixture);
    assert_int_equal(
        lwm2m_endpoint_peer(fixture->endpoint, &fixture->script->address, &fixture->peer),
        LWM2M_OK);
}

void endpoint_fixture_close(struct endpoint_fixture *fixture)
{
    lwm2m_endpoint_free(fixture->endpoint);
    fake_network_release(&fixture->network);
    assert_null(fixture->timers.root);
    virtual_port_assert_empty(&fixture->port);
}

void endpoint_fixture_send_bytes(struct endpoint_fixture *fixture, const void *bytes, size_t length)
{
    fake_node_send(fixture->script, &fixture->node->address, (struct lwm2m_bytes){bytes, length});
    fake_network_settle(&fixture->network);
}

static void send_message(struct endpoint_fixture *fixture, const struct lwm2m_message *message)
{
    uint8_t memory[256];
    struct lwm2m_buffer buffer;

    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    assert_int_equal(lwm2m_message_encode(message, &buffer), LWM2M_OK);
    endpoint_fixture_send_bytes(fixture, memory, buffer.length);
}

void endpoint_fixture_send(struct endpoint_fixture *fixture, enum lwm2m_message_type type,
                           uint8_t code, uint16_t message_id, const struct lwm2m_token *token,
                           const char *payload)
{
    struct lwm2m_message message = {
        .type = (uint8_t)type,
        .code = code,
        .message_id = message_id,
        .payload = lwm2m_bytes_from_text(payload),
    };

    if (token != NULL) {
        message.token = *token;
    }
    send_message(fixture, &message);
}

void endpoint_fixture_send_observe(struct endpoint_fixture *fixture, enum lwm2m_message_type type,
                                   uint8_t code, uint16_t message_id,
                                   const struct lwm2m_token *token, uint32_t sequence)
{
    uint8_t memory[8];
    struct lwm2m_options options;
    struct lwm2m_message message = {
        .type = (uint8_t)type,
        .code = code,
        .message_id = message_id,
        .token = *token,
    };

    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, sequence);
    assert_int_equal(lwm2m_options_check(&options), LWM2M_OK);
    message.options = lwm2m_options_bytes(&options);
    send_message(fixture, &message);
}

const struct fixture_message *endpoint_fixture_take(struct endpoint_fixture *fixture)
{
    fake_network_settle(&fixture->network);
    if (fixture->next == fixture->message_count) {
        return NULL;
    }
    return &fixture->messages[fixture->next++];
}

const struct fixture_message *endpoint_fixture_expect(struct endpoint_fixture *fixture,
                                                      enum lwm2m_message_type type, uint8_t code)
{
    const struct fixture_message *message = endpoint_fixture_take(fixture);

    assert_non_null(message);
    assert_int_equal(message->message.type, type);
    assert_int_equal(message->message.code, code);
    return message;
}

void endpoint_fixture_expect_silence(struct endpoint_fixture *fixture)
{
    assert_null(endpoint_fixture_take(fixture));
}

enum lwm2m_error endpoint_fixture_request(struct endpoint_fixture *fixture, bool non_confirmable,
                                          bool observe, struct lwm2m_exchange **exchange)
{
    struct lwm2m_request request = {
        .method = LWM2M_METHOD_GET,
        .non_confirmable = non_confirmable,
        .observe = observe,
        .context = fixture,
        .on_response = on_response,
    };

    return lwm2m_peer_request(fixture->peer, &request, exchange);
}

enum lwm2m_error endpoint_fixture_notify(struct endpoint_fixture *fixture,
                                         const struct lwm2m_token *token, const char *payload,
                                         bool confirmable)
{
    struct lwm2m_message message = {
        .code = lwm2m_status_code(LWM2M_STATUS_CONTENT),
        .token = *token,
        .payload = lwm2m_bytes_from_text(payload),
    };

    return lwm2m_peer_notify(fixture->peer, &message, confirmable);
}

struct lwm2m_endpoint_statistics endpoint_fixture_statistics(struct endpoint_fixture *fixture)
{
    struct lwm2m_endpoint_statistics statistics;

    lwm2m_endpoint_statistics_get(fixture->endpoint, &statistics);
    return statistics;
}

struct lwm2m_token token_of(const char *text)
{
    struct lwm2m_token token = {.length = (uint8_t)strlen(text)};

    assert_in_range(token.length, 0, LWM2M_TOKEN_MAX);
    memcpy(token.bytes, text, token.length);
    return token;
}
