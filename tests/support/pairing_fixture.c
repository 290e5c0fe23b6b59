/*
 * A device and a server on two stacks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/pairing_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <coap3/coap.h>

#include <lwm2m/resolve.h>

/* What libcoap takes at least; and one repetition, so that silence is noticed after 3 s. */
#define ACK_TIMEOUT_MS 1000
#define RETRANSMISSIONS 1
#define PATIENCE_MS 5000

uint8_t pairing_pattern(size_t at)
{
    return (uint8_t)(at * 7 + at / 256);
}

/* ---- as receiver ---- */

static void respond(struct pairing_side *side, struct lwm2m_incoming *incoming,
                    struct lwm2m_peer *peer, const struct lwm2m_message *request)
{
    uint8_t memory[32];
    struct lwm2m_options options;
    struct lwm2m_message answer = {.code = lwm2m_status_code(LWM2M_STATUS_CONTENT)};

    lwm2m_options_init(&options, memory, sizeof(memory));
    if (request != NULL && side->is_observed &&
        lwm2m_token_equal(&request->token, &side->observer)) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, ++side->observe_number);
    }
    lwm2m_options_append_number(&options, LWM2M_OPTION_MAX_AGE,
                                request != NULL ? request->code : 0);
    answer.options = lwm2m_options_bytes(&options);
    if (request != NULL) {
        answer.payload = request->payload;
    }
    assert_int_equal(lwm2m_incoming_respond(peer, incoming, &answer), LWM2M_OK);
}

static void on_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                       const struct lwm2m_message *message)
{
    struct pairing_side *side = context;
    uint32_t observe = lwm2m_message_option_or(message, LWM2M_OPTION_OBSERVE, 2);

    side->methods[side->requests++ % PAIRING_SEEN_MAX] = message->code;
    if (side->other == NULL) {
        side->other = peer;
        lwm2m_peer_retain(peer);
    }
    if (observe == 0) {
        side->observer = message->token;
        side->is_observed = true;
    } else if (observe == 1 && lwm2m_token_equal(&side->observer, &message->token)) {
        side->is_observed = false;
    }
    if (side->drops) {
        lwm2m_incoming_drop(peer, incoming);
    } else if (side->answers_later) {
        side->unanswered = incoming;
        side->unanswered_peer = peer;
    } else {
        respond(side, incoming, peer, message);
    }
}

static void on_notification_failed(void *context, struct lwm2m_peer *peer,
                                   const struct lwm2m_token *token, enum lwm2m_error error)
{
    struct pairing_side *side = context;

    (void)peer;
    assert_true(lwm2m_token_equal(token, &side->observer));
    side->failed_notifications++;
    side->failure = error;
}

void pairing_answer(struct pairing_side *side)
{
    struct lwm2m_incoming *incoming = side->unanswered;

    assert_non_null(incoming);
    side->unanswered = NULL;
    respond(side, incoming, side->unanswered_peer, NULL);
}

void pairing_notify(struct pairing_side *from, size_t length)
{
    static uint8_t body[PAIRING_BODY_MAX];
    uint8_t memory[32];
    struct lwm2m_options options;
    struct lwm2m_message message = {.code = lwm2m_status_code(LWM2M_STATUS_CONTENT),
                                    .token = from->observer,
                                    .payload = {body, length}};

    for (size_t i = 0; i < length; i++) {
        body[i] = pairing_pattern(i);
    }
    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, ++from->observe_number);
    message.options = lwm2m_options_bytes(&options);
    assert_int_equal(lwm2m_peer_notify(from->other, &message, true), LWM2M_OK);
}

/* ---- as requester ---- */

static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct pairing_side *side = context;

    (void)exchange;
    side->responses++;
    side->error = response->error;
    side->retransmissions = response->retransmissions;
    if (response->error != LWM2M_OK) {
        return;
    }
    side->code = response->message->code;
    side->method_echo = lwm2m_message_option_or(response->message, LWM2M_OPTION_MAX_AGE, 0);
    side->body_bytes = response->message->payload.length;
    assert_true(side->body_bytes <= sizeof(side->body));
    if (side->body_bytes > 0) {
        memcpy(side->body, response->message->payload.data, side->body_bytes);
    }
}

static void send_request(struct pairing_side *from, struct lwm2m_request *request,
                         const uint32_t *observe)
{
    uint8_t memory[32];
    struct lwm2m_options options;

    lwm2m_options_init(&options, memory, sizeof(memory));
    if (observe != NULL) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, *observe);
    }
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "3");
    request->options = lwm2m_options_bytes(&options);
    request->context = from;
    request->on_response = on_response;
    assert_int_equal(lwm2m_peer_request(from->other, request, &from->exchange), LWM2M_OK);
}

void pairing_request(struct pairing_side *from, uint8_t method, size_t length)
{
    static uint8_t body[PAIRING_BODY_MAX];
    struct lwm2m_request request = {.method = method, .payload = {body, length}};

    for (size_t i = 0; i < length; i++) {
        body[i] = pairing_pattern(i);
    }
    send_request(from, &request, NULL);
}

void pairing_request_non(struct pairing_side *from, uint8_t method)
{
    struct lwm2m_request request = {.method = method, .non_confirmable = true};

    send_request(from, &request, NULL);
}

void pairing_observe(struct pairing_side *from)
{
    static const uint32_t start = 0;
    struct lwm2m_request request = {.method = LWM2M_METHOD_GET, .observe = true};

    send_request(from, &request, &start);
}

void pairing_end_observation(struct pairing_side *from)
{
    static const uint32_t stop = 1;
    struct lwm2m_request request = {.method = LWM2M_METHOD_GET, .ends = from->exchange};

    send_request(from, &request, &stop);
}

/* ---- time ---- */

void pairing_wait(struct pairing *pairing, const size_t *count, size_t expected,
                  unsigned patience_ms)
{
    struct lwm2m_timers *timers = lwm2m_host_timers(pairing->host);
    uint64_t end_ms = lwm2m_timers_now(timers) + patience_ms;

    while (*count < expected && lwm2m_timers_now(timers) < end_ms) {
        assert_int_equal(lwm2m_loop_turn(lwm2m_host_loop(pairing->host), 20), LWM2M_OK);
    }
}

void pairing_idle(struct pairing *pairing, unsigned for_ms)
{
    static const size_t never = 0;

    pairing_wait(pairing, &never, 1, for_ms);
}

/* The clock of libcoap, as in every program that uses it. */
void coap_ticks(coap_tick_t *ticks)
{
    *ticks = lwm2m_libcoap_clock_ms();
}

/* ---- life ---- */

static void open_side(struct pairing_side *side, uint16_t port)
{
    static const struct lwm2m_receiver receiver = {.request = on_request,
                                                   .notification_failed = on_notification_failed};
    struct lwm2m_listener_config config;
    struct lwm2m_addresses addresses;

    lwm2m_listener_config_init(&config);
    assert_int_equal(lwm2m_resolve_text(lwm2m_bytes_from_text("127.0.0.1"), port, &addresses, NULL),
                     LWM2M_OK);
    config.bind = addresses.items[0];
    config.stack = side->stack;
    config.transmission.ack_timeout_ms = ACK_TIMEOUT_MS;
    config.transmission.ack_random_factor_percent = 100;
    config.transmission.max_retransmit = RETRANSMISSIONS;
    config.chaos = &side->pairing->chaos;
    assert_int_equal(lwm2m_host_listen(side->pairing->host, &config, &side->listener), LWM2M_OK);
    lwm2m_transport_set_receiver(lwm2m_listener_transport(side->listener), &receiver, side);
}

static void connect_device(struct pairing *pairing)
{
    struct lwm2m_connector connector = lwm2m_listener_connector(pairing->device.listener);
    char uri[64];

    snprintf(uri, sizeof(uri), "coap://127.0.0.1:%u", pairing->relay.port);
    assert_int_equal(connector.open(connector.context, uri, 0, &pairing->device.other), LWM2M_OK);
}

static void say_hello(struct pairing *pairing)
{
    pairing->device.responses = 0;
    pairing_request(&pairing->device, LWM2M_METHOD_POST, 0);
    pairing_wait(pairing, &pairing->device.responses, 1, PATIENCE_MS);
    assert_int_equal(pairing->device.error, LWM2M_OK);
    assert_non_null(pairing->server.other);
    pairing->device.responses = 0;
    pairing->server.requests = 0;
}

struct pairing *pairing_new(enum lwm2m_stack device, enum lwm2m_stack server)
{
    return pairing_new_with_chaos(device, server, &(const struct lwm2m_chaos){0});
}

struct pairing *pairing_new_with_chaos(enum lwm2m_stack device, enum lwm2m_stack server,
                                       const struct lwm2m_chaos *chaos)
{
    struct pairing *pairing = calloc(1, sizeof(*pairing));
    struct lwm2m_address bound;

    assert_non_null(pairing);
    pairing->chaos = *chaos;
    assert_int_equal(lwm2m_host_new(NULL, NULL, &pairing->host), LWM2M_OK);
    pairing->device.pairing = pairing;
    pairing->device.stack = device;
    pairing->server.pairing = pairing;
    pairing->server.stack = server;
    open_side(&pairing->server, 0);
    open_side(&pairing->device, 0);
    lwm2m_listener_bound(pairing->server.listener, &bound);
    pairing->server_port = bound.port;
    assert_true(udp_relay_open(&pairing->relay, lwm2m_host_loop(pairing->host), bound.port));
    connect_device(pairing);
    say_hello(pairing);
    return pairing;
}

static void close_side(struct pairing_side *side)
{
    if (side->other != NULL) {
        lwm2m_peer_release(side->other);
        side->other = NULL;
    }
    lwm2m_listener_close(side->listener);
}

void pairing_restart(struct pairing_side *side)
{
    struct pairing *pairing = side->pairing;
    bool is_device = side == &pairing->device;

    close_side(side);
    open_side(side, is_device ? 0 : pairing->server_port);
    if (is_device) {
        connect_device(pairing);
    }
}

void pairing_free(struct pairing *pairing)
{
    udp_relay_close(&pairing->relay);
    close_side(&pairing->device);
    close_side(&pairing->server);
    lwm2m_host_free(pairing->host);
    free(pairing);
}
