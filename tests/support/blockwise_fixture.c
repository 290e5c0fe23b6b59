/*
 * Block-wise transfer on a scripted transport, with an engine above that records what it gets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/blockwise_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void take(const struct lwm2m_message *message, char text[MESSAGE_TEXT_MAX], uint8_t *body)
{
    message_text_print(message, text);
    assert_true(message->payload.length <= FIXTURE_BODY_MAX);
    if (message->payload.length > 0) {
        memcpy(body, message->payload.data, message->payload.length);
    }
}

static void on_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                       const struct lwm2m_message *message)
{
    struct blockwise_fixture *fixture = context;
    struct message_text answer;

    take(message, fixture->request, fixture->request_body);
    fixture->requests++;
    if (fixture->answer == NULL) {
        fixture->incoming = incoming;
        return;
    }
    message_text_read(&answer, fixture->answer, fixture->answer_body);
    assert_int_equal(lwm2m_incoming_respond(peer, incoming, &answer.message), LWM2M_OK);
}

static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct blockwise_fixture *fixture = context;

    fixture->responses++;
    if (response->error != LWM2M_OK) {
        strcpy(fixture->response, lwm2m_error_name(response->error));
    } else {
        take(response->message, fixture->response, fixture->response_body);
    }
    if (fixture->cancel_in_handler) {
        lwm2m_exchange_cancel(fixture_peer(fixture, 0), exchange);
    }
}

static void on_delivered(void *context, struct lwm2m_peer *peer, const struct lwm2m_token *token)
{
    (void)peer;
    (void)token;
    ((struct blockwise_fixture *)context)->delivered++;
}

static void on_failed(void *context, struct lwm2m_peer *peer, const struct lwm2m_token *token,
                      enum lwm2m_error error)
{
    (void)peer;
    (void)token;
    (void)error;
    ((struct blockwise_fixture *)context)->failed++;
}

static const struct lwm2m_receiver receiver = {
    .request = on_request,
    .notification_delivered = on_delivered,
    .notification_failed = on_failed,
};

void blockwise_fixture_init(struct blockwise_fixture *fixture,
                            void (*change)(struct lwm2m_blockwise_config *config))
{
    struct lwm2m_blockwise_config config;

    memset(fixture, 0, sizeof(*fixture));
    virtual_port_init(&fixture->port, 1);
    lwm2m_timers_init(&fixture->timers, &fixture->port.port);
    scripted_transport_init(&fixture->below);
    lwm2m_blockwise_config_init(&config);
    config.timers = &fixture->timers;
    config.below = &fixture->below.transport;
    config.block_bytes = 64;
    if (change != NULL) {
        change(&config);
    }
    assert_int_equal(lwm2m_blockwise_new(&config, &fixture->blockwise), LWM2M_OK);
    lwm2m_transport_set_receiver(lwm2m_blockwise_transport(fixture->blockwise), &receiver, fixture);
    for (size_t i = 0; i < SCRIPTED_PEERS; i++) {
        fixture_peer(fixture, i)->transport = fixture->below.transport.top;
    }
    body_fill(fixture->body, sizeof(fixture->body), 1);
}

void blockwise_fixture_release(struct blockwise_fixture *fixture)
{
    lwm2m_blockwise_free(fixture->blockwise);
    scripted_transport_release(&fixture->below);
    virtual_port_assert_empty(&fixture->port);
}

struct lwm2m_peer *fixture_peer(struct blockwise_fixture *fixture, size_t index)
{
    return &fixture->below.peers[index].peer;
}

struct lwm2m_bytes fixture_slice(struct blockwise_fixture *fixture, size_t offset, size_t length)
{
    assert_true(offset + length <= sizeof(fixture->body));
    return (struct lwm2m_bytes){fixture->body + offset, length};
}

enum lwm2m_error fixture_request(struct blockwise_fixture *fixture, const char *text,
                                 size_t body_length)
{
    struct message_text message;
    struct lwm2m_request request = {.context = fixture, .on_response = on_response};

    message_text_read(&message, text, fixture_slice(fixture, 0, body_length));
    request.method = message.message.code;
    request.options = message.message.options;
    request.payload = message.message.payload;
    request.observe = strstr(text, "obs=0") != NULL;
    request.ends = fixture->ends;
    fixture->ends = NULL;
    return lwm2m_peer_request(fixture_peer(fixture, 0), &request, &fixture->exchange);
}

void fixture_receive(struct blockwise_fixture *fixture, size_t peer, const char *text,
                     size_t offset, size_t length)
{
    scripted_receive(&fixture->below, peer, text, fixture_slice(fixture, offset, length));
}

void fixture_answer(struct blockwise_fixture *fixture, const char *text, size_t offset,
                    size_t length)
{
    scripted_answer(&fixture->below, scripted_open_request(&fixture->below), text,
                    fixture_slice(fixture, offset, length));
}

const char *fixture_sent(struct blockwise_fixture *fixture)
{
    if (fixture->below.sendings == NULL) {
        return "none";
    }
    if (fixture->below.sendings->dropped) {
        return "dropped";
    }
    return message_text_print(&fixture->below.sendings->message, fixture->text);
}

const char *fixture_asked(struct blockwise_fixture *fixture)
{
    struct scripted_request *open = scripted_open_request(&fixture->below);

    return open == NULL ? "none" : message_text_print(&open->message, fixture->text);
}

void fixture_wait(struct blockwise_fixture *fixture, uint64_t ms)
{
    uint64_t end_ms = fixture->port.now_ms + ms;

    while (lwm2m_timers_step(&fixture->timers) <= end_ms && fixture->port.now_ms < end_ms) {
        fixture->port.now_ms += 100;
    }
    fixture->port.now_ms = end_ms;
    lwm2m_timers_step(&fixture->timers);
}
