/*
 * Whole endpoints: two of them over a network with faults, many peers at one, and the bounds on
 * both.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/endpoint_fixture.h"

#define CODE_CONTENT 0x45

/* ---- two endpoints, faults between them ---- */

#define PAIR_REQUESTS 20000

struct pair {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct fake_network network;
    struct lwm2m_endpoint *client;
    struct lwm2m_endpoint *server;
    struct lwm2m_peer *to_server;
    uint32_t started;
    uint32_t answered;
    uint32_t failed;
    uint32_t wrong;      /* answers to another request */
    uint32_t runs_twice; /* requests that the handler saw again */
    uint8_t runs[PAIR_REQUESTS];
    bool answers_late;
    struct lwm2m_incoming *late;
    struct lwm2m_peer *late_peer;
    uint32_t late_number;
    struct lwm2m_timer late_timer;
};

static void answer_number(struct lwm2m_peer *peer, struct lwm2m_incoming *incoming, uint32_t number)
{
    struct lwm2m_message answer = {
        .code = CODE_CONTENT,
        .payload = {(const uint8_t *)&number, sizeof(number)},
    };

    assert_int_equal(lwm2m_incoming_respond(peer, incoming, &answer), LWM2M_OK);
}

static void pair_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                         const struct lwm2m_message *message)
{
    struct pair *pair = context;
    uint32_t number;

    assert_int_equal(message->payload.length, sizeof(number));
    memcpy(&number, message->payload.data, sizeof(number));
    pair->runs_twice += pair->runs[number]++ > 0;
    if (pair->answers_late && pair->late == NULL && number % 3 == 0) {
        pair->late = incoming;
        pair->late_peer = peer;
        pair->late_number = number;
        lwm2m_timer_arm_in(&pair->timers, &pair->late_timer, 500);
        return;
    }
    answer_number(peer, incoming, number);
}

static void late_answer_is_due(struct lwm2m_timer *timer)
{
    struct pair *pair = (struct pair *)((char *)timer - offsetof(struct pair, late_timer));
    struct lwm2m_incoming *incoming = pair->late;

    pair->late = NULL;
    answer_number(pair->late_peer, incoming, pair->late_number);
}

static const struct lwm2m_receiver pair_receiver = {.request = pair_request};

static void start_next(struct pair *pair);

static void pair_response(void *context, struct lwm2m_exchange *exchange,
                          const struct lwm2m_response *response)
{
    struct pair *pair = context;
    uint32_t number;

    (void)exchange;
    if (response->error != LWM2M_OK) {
        pair->failed++;
    } else {
        memcpy(&number, response->message->payload.data, sizeof(number));
        pair->answered++;
        pair->wrong += number != pair->started - 1;
    }
    start_next(pair);
}

static void start_next(struct pair *pair)
{
    struct lwm2m_request request = {
        .method = LWM2M_METHOD_POST,
        .payload = {(const uint8_t *)&pair->started, sizeof(pair->started)},
        .context = pair,
        .on_response = pair_response,
    };

    if (pair->started == PAIR_REQUESTS) {
        return;
    }
    assert_int_equal(lwm2m_peer_request(pair->to_server, &request, NULL), LWM2M_OK);
    pair->started++;
}

static bool pair_is_done(void *context)
{
    struct pair *pair = context;

    return pair->answered + pair->failed == PAIR_REQUESTS;
}

static struct lwm2m_endpoint *new_endpoint(struct pair *pair, struct fake_node *node)
{
    struct lwm2m_endpoint_config config;
    struct lwm2m_endpoint *endpoint = NULL;

    lwm2m_endpoint_config_init(&config);
    config.timers = &pair->timers;
    config.link = &node->link;
    /* With a quarter of the datagrams late by up to a second, more than a few are on their way. */
    config.answers_per_peer = 64;
    assert_int_equal(lwm2m_endpoint_new(&config, &endpoint), LWM2M_OK);
    node->endpoint = endpoint;
    return endpoint;
}

/* Runs all requests through the faults; returns the statistics of the server. */
static struct lwm2m_endpoint_statistics
run_pair(struct pair *pair, const struct fake_network_faults *faults, uint64_t seed)
{
    struct lwm2m_endpoint_statistics statistics;
    struct fake_node *client;
    struct fake_node *server;

    virtual_port_init(&pair->port, seed);
    lwm2m_timers_init(&pair->timers, &pair->port.port);
    fake_network_init(&pair->network, &pair->port);
    fake_network_add_timers(&pair->network, &pair->timers);
    pair->network.faults = *faults;
    client = fake_network_add_node(&pair->network);
    server = fake_network_add_node(&pair->network);
    pair->client = new_endpoint(pair, client);
    pair->server = new_endpoint(pair, server);
    lwm2m_transport_set_receiver(lwm2m_endpoint_transport(pair->server), &pair_receiver, pair);
    assert_int_equal(lwm2m_endpoint_peer(pair->client, &server->address, &pair->to_server),
                     LWM2M_OK);
    pair->late_timer.fire = late_answer_is_due;
    start_next(pair);
    assert_true(fake_network_run_until_true(&pair->network, UINT64_C(1) << 40, pair_is_done, pair));
    lwm2m_endpoint_statistics_get(pair->server, &statistics);
    lwm2m_timer_disarm(&pair->timers, &pair->late_timer);
    lwm2m_endpoint_free(pair->client);
    lwm2m_endpoint_free(pair->server);
    fake_network_release(&pair->network);
    virtual_port_assert_empty(&pair->port);
    return statistics;
}

static void no_request_runs_twice_over_a_bad_network(void **state)
{
    const struct fake_network_faults faults = {
        .loss_permille = 200,
        .duplicate_permille = 200,
        .reorder_permille = 250,
        .corrupt_permille = 0,
        .delay_ms = 10,
        .jitter_ms = 40,
        .reorder_ms = 1000,
    };
    uint64_t duplicates = 0;
    uint64_t failed = 0;

    (void)state;
    for (uint64_t seed = 1; duplicates < 100000; seed++) {
        struct pair *pair = calloc(1, sizeof(*pair));

        pair->answers_late = seed % 2 == 0;
        duplicates += run_pair(pair, &faults, seed).duplicates;
        failed += pair->failed;
        assert_int_equal(pair->runs_twice, 0);
        assert_int_equal(pair->wrong, 0);
        /* 0.6 % of all exchanges lose all five attempts; separate answers have four messages to
         * lose. */
        assert_in_range(pair->failed, 1, PAIR_REQUESTS / 50);
        free(pair);
    }
    print_message("# %llu duplicates, %llu failed\n", (unsigned long long)duplicates,
                  (unsigned long long)failed);
}

/* ---- many peers at one endpoint ---- */

#define FLEET 20000

static void send_from(struct endpoint_fixture *fixture, uint32_t sender, uint16_t message_id)
{
    struct lwm2m_address from = {.port = 5683};
    uint8_t bytes[] = {0x42, 2, (uint8_t)(message_id >> 8), (uint8_t)message_id, 1, 2};

    memcpy(from.address, &sender, sizeof(sender));
    lwm2m_endpoint_receive(fixture->endpoint, &from, (struct lwm2m_bytes){bytes, sizeof(bytes)});
}

static struct endpoint_fixture *open_fixture(size_t max_peers, size_t max_answer_bytes)
{
    struct endpoint_fixture *fixture = malloc(sizeof(*fixture));

    endpoint_fixture_init(fixture);
    fixture->config.max_peers = max_peers;
    fixture->config.max_answer_bytes = max_answer_bytes;
    endpoint_fixture_open(fixture);
    return fixture;
}

static void close_fixture(struct endpoint_fixture *fixture)
{
    endpoint_fixture_close(fixture);
    free(fixture);
}

static void peer_costs_less_than_300_bytes_with_four_answers(void **state)
{
    struct endpoint_fixture *fixture = open_fixture(200000, (size_t)64 << 20);
    size_t before = fixture->port.allocated_bytes;
    size_t each;

    (void)state;
    for (uint16_t round = 0; round < 4; round++) {
        for (uint32_t sender = 0; sender < FLEET; sender++) {
            send_from(fixture, sender, round);
        }
    }
    each = (fixture->port.allocated_bytes - before) / FLEET;
    print_message("# %zu bytes for each peer, with its four answers\n", each);
    assert_in_range(each, 1, 300);
    assert_int_equal(fixture->requests, 4 * FLEET);
    fake_network_run_for(&fixture->network, 500000);
    assert_int_equal(endpoint_fixture_statistics(fixture).peers, 1);
    assert_int_equal(endpoint_fixture_statistics(fixture).kept_answer_bytes, 0);
    close_fixture(fixture);
}

static void peer_idle_for_longest_makes_room(void **state)
{
    struct endpoint_fixture *fixture = open_fixture(101, (size_t)64 << 20);

    (void)state;
    for (uint32_t sender = 0; sender < 100; sender++) {
        send_from(fixture, sender, 1);
    }
    send_from(fixture, 0, 1); /* was heard of just now: stays */
    assert_int_equal(fixture->requests, 100);
    send_from(fixture, 100, 1);
    assert_int_equal(endpoint_fixture_statistics(fixture).peers, 101);
    send_from(fixture, 0, 1);
    assert_int_equal(fixture->requests, 101);
    send_from(fixture, 1, 1); /* had to go: is new */
    assert_int_equal(fixture->requests, 102);
    close_fixture(fixture);
}

static void no_peer_is_made_when_all_are_held(void **state)
{
    struct endpoint_fixture *fixture = open_fixture(1, (size_t)64 << 20);

    (void)state;
    send_from(fixture, 1, 1);
    assert_int_equal(fixture->requests, 0);
    lwm2m_peer_release(fixture->peer);
    send_from(fixture, 1, 1);
    assert_int_equal(fixture->requests, 1);
    close_fixture(fixture);
}

static void kept_answers_stay_under_their_cap(void **state)
{
    struct endpoint_fixture *fixture = open_fixture(200000, 16384);

    (void)state;
    for (uint32_t sender = 0; sender < 2000; sender++) {
        send_from(fixture, sender, 1);
        assert_in_range(endpoint_fixture_statistics(fixture).kept_answer_bytes, 1, 16384);
    }
    send_from(fixture, 1999, 1);
    assert_int_equal(fixture->requests, 2000);
    close_fixture(fixture);
}

static void configurations_out_of_range_are_refused(void **state)
{
    struct endpoint_fixture *fixture = malloc(sizeof(*fixture));
    struct lwm2m_endpoint *endpoint;
    struct lwm2m_endpoint_config config;

    (void)state;
    endpoint_fixture_init(fixture);
#define REFUSED(change)                                                                            \
    config = fixture->config;                                                                      \
    config.change;                                                                                 \
    assert_int_equal(lwm2m_endpoint_new(&config, &endpoint), LWM2M_ARGUMENT)
    REFUSED(size = 0);
    REFUSED(timers = NULL);
    REFUSED(link = NULL);
    REFUSED(max_peers = 0);
    REFUSED(answers_per_peer = 0);
    REFUSED(transmission.nstart = 0);
    REFUSED(transmission.ack_timeout_ms = 0);
    REFUSED(transmission.ack_random_factor_percent = 99);
    REFUSED(transmission.max_retransmit = 21);
    REFUSED(transmission.exchange_lifetime_ms = UINT32_MAX);
    fixture->node->link.max_datagram = 63;
    REFUSED(size = sizeof(config));
    fake_network_release(&fixture->network);
    virtual_port_assert_empty(&fixture->port);
    free(fixture);
}

static void failing_allocations_leave_nothing_behind(void **state)
{
    struct endpoint_fixture *fixture = malloc(sizeof(*fixture));
    struct lwm2m_endpoint *endpoint = NULL;
    size_t allowed = 0;

    (void)state;
    endpoint_fixture_init(fixture);
    do {
        virtual_port_fail_after(&fixture->port, allowed++);
        if (lwm2m_endpoint_new(&fixture->config, &endpoint) == LWM2M_OK) {
            break;
        }
        virtual_port_assert_empty(&fixture->port);
    } while (allowed < 20);
    assert_in_range(allowed, 5, 19);
    lwm2m_endpoint_free(endpoint);
    fake_network_release(&fixture->network);
    virtual_port_assert_empty(&fixture->port);
    free(fixture);
}

static void link_address_is_printed(void **state)
{
    struct endpoint_fixture *fixture = open_fixture(10, 65536);
    char text[LWM2M_ADDRESS_TEXT_MAX];
    struct lwm2m_bytes identity;

    (void)state;
    lwm2m_peer_print_address(fixture->peer, text);
    assert_string_equal(text, "10.0.0.1:5683");
    assert_int_equal(lwm2m_peer_identity(fixture->peer, &identity), LWM2M_SECURITY_NONE);
    assert_int_equal(identity.length, 0);
    close_fixture(fixture);
}

struct traced {
    size_t in;
    size_t out;
    size_t again;
};

static void count_traced(void *context, bool outgoing, const struct lwm2m_peer *peer,
                         const struct lwm2m_message *message, unsigned retransmission)
{
    struct traced *traced = context;

    assert_non_null(peer->transport);
    assert_true(message->type <= LWM2M_MESSAGE_RST);
    traced->in += !outgoing;
    traced->out += outgoing;
    traced->again += retransmission > 0;
}

static void trace_sees_every_message(void **state)
{
    struct endpoint_fixture *fixture = malloc(sizeof(*fixture));
    struct traced traced = {0};
    struct lwm2m_trace trace = {&traced, count_traced};
    struct lwm2m_token token = token_of("t");

    (void)state;
    endpoint_fixture_init(fixture);
    fixture->config.trace = &trace;
    endpoint_fixture_open(fixture);
    assert_int_equal(endpoint_fixture_request(fixture, false, false, NULL), LWM2M_OK);
    fake_network_run_for(&fixture->network, 3100);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_CON, LWM2M_METHOD_GET, 1, &token, NULL);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_CON, LWM2M_METHOD_GET, 1, &token, NULL);
    endpoint_fixture_send(fixture, LWM2M_MESSAGE_CON, 0, 2, NULL, NULL);
    assert_int_equal(traced.in, 3);
    assert_int_equal(traced.out, 5);
    assert_int_equal(traced.again, 2);
    close_fixture(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_request_runs_twice_over_a_bad_network),
        cmocka_unit_test(peer_costs_less_than_300_bytes_with_four_answers),
        cmocka_unit_test(peer_idle_for_longest_makes_room),
        cmocka_unit_test(no_peer_is_made_when_all_are_held),
        cmocka_unit_test(kept_answers_stay_under_their_cap),
        cmocka_unit_test(configurations_out_of_range_are_refused),
        cmocka_unit_test(failing_allocations_leave_nothing_behind),
        cmocka_unit_test(link_address_is_printed),
        cmocka_unit_test(trace_sees_every_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
