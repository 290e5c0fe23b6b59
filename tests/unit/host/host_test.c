/*
 * Tests of lib/host/host.c: two listeners of one host talk CoAP over the loopback interface.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/host.h>
#include <lwm2m/resolve.h>
#include <lwm2m/status.h>

#define PATIENCE_MS 3000
#define BODY_BYTES 5000 /* five blocks */

struct fixture {
    struct lwm2m_host *host;
    struct lwm2m_listener *server, *client;
    uint8_t body[BODY_BYTES];
    size_t requests;
    bool answered;
    enum lwm2m_error error;
    uint8_t code;
    size_t length;
};

/* Answers with the body that came. */
static void on_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                       const struct lwm2m_message *message)
{
    struct fixture *fixture = context;
    struct lwm2m_message answer = {.code = lwm2m_status_code(LWM2M_STATUS_CHANGED),
                                   .payload = message->payload};
    fixture->requests++;
    assert_int_equal(message->payload.length, BODY_BYTES);
    assert_memory_equal(message->payload.data, fixture->body, BODY_BYTES);
    assert_int_equal(lwm2m_incoming_respond(peer, incoming, &answer), LWM2M_OK);
}

static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct fixture *fixture = context;
    (void)exchange;
    fixture->answered = true;
    fixture->error = response->error;
    if (response->error != LWM2M_OK) {
        return;
    }
    fixture->code = response->message->code;
    fixture->length = response->message->payload.length;
}

static struct lwm2m_listener *listen_on(struct lwm2m_host *host, const char *text)
{
    struct lwm2m_listener_config config;
    struct lwm2m_listener *listener;
    struct lwm2m_addresses addresses;
    assert_int_equal(lwm2m_resolve_text(lwm2m_bytes_from_text(text), 0, &addresses, NULL),
                     LWM2M_OK);
    lwm2m_listener_config_init(&config);
    config.bind = addresses.items[0];
    assert_int_equal(lwm2m_host_listen(host, &config, &listener), LWM2M_OK);
    return listener;
}

static int set_up(void **state)
{
    static const struct lwm2m_receiver receiver = {.request = on_request};
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (fixture == NULL || lwm2m_host_new(NULL, NULL, &fixture->host) != LWM2M_OK) {
        return -1;
    }
    for (size_t i = 0; i < BODY_BYTES; i++) {
        fixture->body[i] = (uint8_t)(i * 7 + i / 256);
    }
    fixture->server = listen_on(fixture->host, "[::]");
    fixture->client = listen_on(fixture->host, "127.0.0.1");
    lwm2m_transport_set_receiver(lwm2m_listener_transport(fixture->server), &receiver, fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    lwm2m_host_free(fixture->host);
    free(fixture);
    return 0;
}

static enum lwm2m_error connect_to(struct fixture *fixture, const char *uri,
                                   struct lwm2m_peer **peer)
{
    struct lwm2m_connector connector = lwm2m_listener_connector(fixture->client);
    return connector.open(connector.context, uri, 0, peer);
}

/* Sends the body to a port of this host, and turns the loop until there is an answer. */
static void post(struct fixture *fixture, unsigned port)
{
    char uri[64];
    struct lwm2m_peer *peer;
    struct lwm2m_request request = {
        .method = LWM2M_METHOD_POST,
        .payload = {fixture->body, BODY_BYTES},
        .context = fixture,
        .on_response = on_response,
    };
    snprintf(uri, sizeof(uri), "coap://127.0.0.1:%u", port);
    assert_int_equal(connect_to(fixture, uri, &peer), LWM2M_OK);
    assert_int_equal(lwm2m_peer_request(peer, &request, NULL), LWM2M_OK);
    lwm2m_peer_release(peer);
    struct lwm2m_timers *timers = lwm2m_host_timers(fixture->host);
    uint64_t end = lwm2m_timers_now(timers) + PATIENCE_MS;
    while (!fixture->answered && lwm2m_timers_now(timers) < end) {
        assert_int_equal(lwm2m_loop_turn(lwm2m_host_loop(fixture->host), 50), LWM2M_OK);
    }
    assert_true(fixture->answered);
}

static void body_of_several_blocks_goes_and_comes_back(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_address bound;
    lwm2m_listener_bound(fixture->server, &bound);
    post(fixture, bound.port);
    assert_int_equal(fixture->error, LWM2M_OK);
    assert_int_equal(lwm2m_status_from_code(fixture->code), LWM2M_STATUS_CHANGED);
    assert_int_equal(fixture->length, BODY_BYTES);
    assert_int_equal(fixture->requests, 1);
}

static void request_to_a_closed_port_fails_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_host *other;
    struct lwm2m_address bound;
    assert_int_equal(lwm2m_host_new(NULL, NULL, &other), LWM2M_OK);
    lwm2m_listener_bound(listen_on(other, "127.0.0.1"), &bound);
    lwm2m_host_free(other);
    post(fixture, bound.port);
    assert_int_equal(fixture->error, LWM2M_UNREACHABLE);
}

static void connector_refuses_what_udp_does_not_carry(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_peer *peer = NULL;
    assert_int_equal(connect_to(fixture, "coaps://127.0.0.1", &peer), LWM2M_UNSUPPORTED);
    assert_int_equal(connect_to(fixture, "coap+tcp://127.0.0.1", &peer), LWM2M_UNSUPPORTED);
    assert_int_equal(connect_to(fixture, "http://127.0.0.1", &peer), LWM2M_UNSUPPORTED);
    assert_int_equal(connect_to(fixture, "127.0.0.1", &peer), LWM2M_MALFORMED);
    assert_null(peer);
}

static void port_in_use_is_an_error_and_harms_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_listener_config config;
    struct lwm2m_listener *second = NULL;
    lwm2m_listener_config_init(&config);
    lwm2m_listener_bound(fixture->client, &config.bind);
    assert_int_equal(lwm2m_host_listen(fixture->host, &config, &second), LWM2M_IO);
    assert_null(second);
    body_of_several_blocks_goes_and_comes_back(state);
}

#define WITH_HOST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HOST(body_of_several_blocks_goes_and_comes_back),
        WITH_HOST(request_to_a_closed_port_fails_at_once),
        WITH_HOST(connector_refuses_what_udp_does_not_carry),
        WITH_HOST(port_in_use_is_an_error_and_harms_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
