/*
 * Block-wise transfer between two endpoints on a network that loses, repeats and reorders.
 *
 * Each request says in its query what its body and its answer are, so that either side can tell
 * whether what it got is whole: seed, length of the body, length of the answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/blockwise.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/status.h>

#include "support/fake_network.h"
#include "support/message_text.h"
#include "support/virtual_port.h"

#define BODY_MAX 65536
#define SEEDS_MAX 1024
#define REQUESTS_MAX 8
/* Four days: 64 KiB in blocks of 16 bytes, a third of which get lost. */
#define LONG_ENOUGH_MS 345600000u

struct host {
    struct fake_node *node;
    struct lwm2m_endpoint *endpoint;
    struct lwm2m_blockwise *blockwise;
};

struct asked {
    struct pair *pair;
    struct lwm2m_exchange *exchange;
    unsigned seed;
    size_t answer_length;
    bool done;
    enum lwm2m_error error;
    uint8_t code;
};

struct pair {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct fake_network network;
    struct host client;
    struct host server;
    struct lwm2m_peer *to_server;
    bool non_confirmable; /* the client's requests */

    unsigned executed[SEEDS_MAX]; /* how often a POST with that seed reached the server */
    struct asked asked[REQUESTS_MAX];

    /* The observation of the client at the server. */
    struct lwm2m_peer *observer;
    struct lwm2m_token token;
    unsigned notified_seed; /* of the last notification that arrived whole */
    size_t notifications;
    size_t state_length; /* what the server shows once it has notified */
    unsigned state_seed;
    bool observation_over;   /* the client was told */
    bool observation_failed; /* the server was */

    uint8_t body[BODY_MAX];
    uint8_t expected[BODY_MAX];
    char text[80];
};

/* ---- the server ---- */

static void read_query(const struct lwm2m_message *message, unsigned *seed, unsigned *body_length,
                       unsigned *answer_length)
{
    struct lwm2m_option option;
    char query[64];

    assert_true(lwm2m_message_find_option(message, LWM2M_OPTION_URI_QUERY, &option));
    snprintf(query, sizeof(query), "%.*s", (int)option.value.length,
             (const char *)option.value.data);
    assert_int_equal(sscanf(query, "%u,%u,%u", seed, body_length, answer_length), 3);
}

static void assert_whole(struct pair *pair, struct lwm2m_bytes body, unsigned seed, size_t length)
{
    assert_int_equal(body.length, length);
    body_fill(pair->expected, length, seed);
    if (length > 0) {
        assert_memory_equal(body.data, pair->expected, length);
    }
}

static void on_request(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                       const struct lwm2m_message *message)
{
    struct pair *pair = context;
    struct message_text answer;
    unsigned seed, body_length, answer_length;
    bool observes = lwm2m_message_option_or(message, LWM2M_OPTION_OBSERVE, 9) == 0;

    read_query(message, &seed, &body_length, &answer_length);
    assert_whole(pair, message->payload, seed, body_length);
    if (message->code == LWM2M_METHOD_POST) {
        pair->executed[seed]++;
    }
    if (observes) {
        pair->observer = peer;
        pair->token = message->token;
        lwm2m_peer_retain(peer);
    }
    if (pair->state_length > 0) {
        answer_length = (unsigned)pair->state_length;
        seed = pair->state_seed - 1;
    }
    body_fill(pair->body, answer_length, seed + 1);
    message_text_read(&answer, observes ? "2.05 obs=1" : "2.05 cf=42",
                      (struct lwm2m_bytes){pair->body, answer_length});
    assert_int_equal(lwm2m_incoming_respond(peer, incoming, &answer.message), LWM2M_OK);
}

/* The observer could not be reached: whoever wants to know asks again. */
static void on_failed(void *context, struct lwm2m_peer *peer, const struct lwm2m_token *token,
                      enum lwm2m_error error)
{
    struct pair *pair = context;

    (void)peer;
    (void)token;
    (void)error;
    pair->observation_failed = true;
}

/* ---- the client ---- */

static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct asked *asked = context;

    (void)exchange;
    assert_false(asked->done);
    asked->done = true;
    asked->error = response->error;
    asked->exchange = NULL;
    if (response->error != LWM2M_OK) {
        return;
    }
    asked->code = response->message->code;
    if (lwm2m_status_is_success(lwm2m_status_from_code(asked->code))) {
        assert_whole(asked->pair, response->message->payload, asked->seed + 1,
                     asked->answer_length);
    }
}

static struct asked *ask(struct pair *pair, size_t slot, const char *target, unsigned seed,
                         size_t body_length, size_t answer_length)
{
    struct asked *asked = &pair->asked[slot];
    struct lwm2m_request request = {.context = asked, .on_response = on_response};
    struct message_text message;

    *asked = (struct asked){.pair = pair, .seed = seed, .answer_length = answer_length};
    snprintf(pair->text, sizeof(pair->text), "%s ?%u,%u,%u", target, seed, (unsigned)body_length,
             (unsigned)answer_length);
    body_fill(pair->body, body_length, seed);
    message_text_read(&message, pair->text, (struct lwm2m_bytes){pair->body, body_length});
    request.method = message.message.code;
    request.options = message.message.options;
    request.payload = message.message.payload;
    request.non_confirmable = pair->non_confirmable;
    assert_int_equal(lwm2m_peer_request(pair->to_server, &request, &asked->exchange), LWM2M_OK);
    return asked;
}

static bool all_done(void *context)
{
    struct pair *pair = context;

    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        if (pair->asked[i].pair != NULL && !pair->asked[i].done) {
            return false;
        }
    }
    return true;
}

static void run(struct pair *pair)
{
    assert_true(fake_network_run_until_true(&pair->network, LONG_ENOUGH_MS, all_done, pair));
}

/* ---- both ---- */

static void open_host(struct pair *pair, struct host *host, size_t block_bytes,
                      const struct lwm2m_receiver *receiver)
{
    struct lwm2m_endpoint_config endpoint;
    struct lwm2m_blockwise_config blockwise;

    host->node = fake_network_add_node(&pair->network);
    lwm2m_endpoint_config_init(&endpoint);
    endpoint.timers = &pair->timers;
    endpoint.link = &host->node->link;
    assert_int_equal(lwm2m_endpoint_new(&endpoint, &host->endpoint), LWM2M_OK);
    host->node->endpoint = host->endpoint;
    lwm2m_blockwise_config_init(&blockwise);
    blockwise.timers = &pair->timers;
    blockwise.below = lwm2m_endpoint_transport(host->endpoint);
    blockwise.block_bytes = block_bytes;
    assert_int_equal(lwm2m_blockwise_new(&blockwise, &host->blockwise), LWM2M_OK);
    lwm2m_transport_set_receiver(lwm2m_blockwise_transport(host->blockwise), receiver, pair);
}

static struct pair *open_pair(size_t client_block, size_t server_block, uint64_t seed)
{
    static const struct lwm2m_receiver receiver = {
        .request = on_request,
        .notification_failed = on_failed,
    };
    struct pair *pair = calloc(1, sizeof(*pair));

    assert_non_null(pair);
    virtual_port_init(&pair->port, seed);
    lwm2m_timers_init(&pair->timers, &pair->port.port);
    fake_network_init(&pair->network, &pair->port);
    fake_network_add_timers(&pair->network, &pair->timers);
    open_host(pair, &pair->client, client_block, &receiver);
    open_host(pair, &pair->server, server_block, &receiver);
    assert_int_equal(
        lwm2m_endpoint_peer(pair->client.endpoint, &pair->server.node->address, &pair->to_server),
        LWM2M_OK);
    return pair;
}

/* Nothing is left when the bodies' time is over. */
static void assert_at_rest(struct pair *pair)
{
    fake_network_run_for(&pair->network, 31000);
    assert_int_equal(lwm2m_blockwise_bytes(pair->client.blockwise), 0);
    assert_int_equal(lwm2m_blockwise_bytes(pair->server.blockwise), 0);
}

static void close_pair(struct pair *pair)
{
    if (pair->observer != NULL) {
        lwm2m_peer_release(pair->observer);
    }
    lwm2m_peer_release(pair->to_server);
    lwm2m_blockwise_free(pair->client.blockwise);
    lwm2m_blockwise_free(pair->server.blockwise);
    lwm2m_endpoint_free(pair->client.endpoint);
    lwm2m_endpoint_free(pair->server.endpoint);
    fake_network_release(&pair->network);
    virtual_port_assert_empty(&pair->port);
    free(pair);
}

/* ---- tests ---- */

static void bodies_of_every_length_arrive_in_blocks_of_every_size(void **state)
{
    static const size_t lengths[] = {0, 1, 15, 16, 17, 64, 65, 128, 1023, 1024, 1025, 3000};
    const size_t count = sizeof(lengths) / sizeof(lengths[0]);

    (void)state;
    for (size_t client = 16; client <= 1024; client *= 2) {
        for (size_t server = 16; server <= 1024; server *= 4) {
            struct pair *pair = open_pair(client, server, 1);
            for (size_t i = 0; i < count; i++) {
                struct asked *asked =
                    ask(pair, 0, "POST /a", (unsigned)i, lengths[i], lengths[count - 1 - i]);
                run(pair);
                assert_int_equal(asked->error, LWM2M_OK);
                assert_int_equal(asked->code, 0x45);
                assert_int_equal(pair->executed[i], 1);
            }
            assert_at_rest(pair);
            close_pair(pair);
        }
    }
}

static void requests_that_are_not_confirmable_go_by_blocks_too(void **state)
{
    struct pair *pair = open_pair(64, 64, 1);
    struct asked *asked;

    (void)state;
    pair->non_confirmable = true;
    asked = ask(pair, 0, "POST /a", 1, 500, 700);
    run(pair);
    assert_int_equal(asked->error, LWM2M_OK);
    assert_int_equal(asked->code, 0x45);
    assert_at_rest(pair);
    close_pair(pair);
}

static void the_largest_body_arrives_and_a_larger_one_is_refused(void **state)
{
    struct pair *pair = open_pair(1024, 1024, 1);
    struct asked *asked = ask(pair, 0, "POST /a", 1, BODY_MAX, BODY_MAX);
    struct lwm2m_request request = {.method = LWM2M_METHOD_POST, .on_response = on_response};
    uint8_t *large = calloc(1, BODY_MAX + 1);

    (void)state;
    run(pair);
    assert_int_equal(asked->error, LWM2M_OK);
    *asked = (struct asked){.pair = pair};
    request.context = asked;
    request.payload = (struct lwm2m_bytes){large, BODY_MAX + 1};
    assert_int_equal(lwm2m_peer_request(pair->to_server, &request, NULL), LWM2M_OK);
    run(pair);
    assert_int_equal(asked->error, LWM2M_OK);
    assert_int_equal(asked->code, 0x8d);
    free(large);
    assert_at_rest(pair);
    close_pair(pair);
}

static void bodies_under_way_together_do_not_mix(void **state)
{
    /* As many as a peer may have. */
    static const char *const targets[] = {"POST /a", "GET /a", "FETCH /a", "POST /a"};
    struct pair *pair = open_pair(64, 64, 1);

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        ask(pair, i, targets[i], (unsigned)i, i == 1 ? 0 : 700 + i, 900 + i);
    }
    run(pair);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pair->asked[i].error, LWM2M_OK);
        assert_int_equal(pair->asked[i].code, 0x45);
    }
    assert_at_rest(pair);
    close_pair(pair);
}

static void bodies_for_one_resource_go_one_after_the_other(void **state)
{
    struct pair *pair = open_pair(64, 64, 1);
    struct lwm2m_request request = {.method = LWM2M_METHOD_POST, .on_response = on_response};
    struct message_text message;

    (void)state;
    /* The same options, so that only the order tells the bodies apart. */
    for (unsigned i = 0; i < REQUESTS_MAX; i++) {
        pair->asked[i] = (struct asked){.pair = pair, .seed = 5, .answer_length = 10};
        body_fill(pair->body, 1000, 5);
        message_text_read(&message, "POST /a ?5,1000,10", (struct lwm2m_bytes){pair->body, 1000});
        request.options = message.message.options;
        request.payload = message.message.payload;
        request.context = &pair->asked[i];
        assert_int_equal(lwm2m_peer_request(pair->to_server, &request, &pair->asked[i].exchange),
                         LWM2M_OK);
    }
    lwm2m_exchange_cancel(pair->to_server, pair->asked[3].exchange);
    pair->asked[3].done = true;
    run(pair);
    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        assert_int_equal(pair->asked[i].error, LWM2M_OK);
    }
    assert_int_equal(pair->executed[5], REQUESTS_MAX - 1);
    assert_at_rest(pair);
    close_pair(pair);
}

static void spoil(struct pair *pair)
{
    pair->network.faults.loss_permille = virtual_port_random_below(&pair->port, 300);
    pair->network.faults.duplicate_permille = virtual_port_random_below(&pair->port, 200);
    pair->network.faults.reorder_permille = virtual_port_random_below(&pair->port, 200);
    pair->network.faults.jitter_ms = virtual_port_random_below(&pair->port, 300);
}

static void random_bodies_over_a_bad_network_arrive_whole_or_fail(void **state)
{
    static const char *const targets[] = {"POST /a", "GET /a", "FETCH /a", "POST /b"};
    size_t arrived = 0;
    size_t failed = 0;

    (void)state;
    for (unsigned round = 0; round < 60; round++) {
        struct pair *pair = open_pair((size_t)16 << round % 7, (size_t)16 << round / 7 % 7, round);
        uint32_t largest = round % 10 == 0 ? BODY_MAX + 1 : 4000;

        spoil(pair);
        for (size_t i = 0; i < 4; i++) {
            ask(pair, i, targets[i], (unsigned)i,
                i == 1 ? 0 : virtual_port_random_below(&pair->port, largest),
                virtual_port_random_below(&pair->port, largest));
        }
        run(pair);
        for (size_t i = 0; i < 4; i++) {
            bool whole = pair->asked[i].error == LWM2M_OK && pair->asked[i].code == 0x45;
            arrived += whole;
            failed += !whole;
            if (whole && i != 1 && i != 2) {
                assert_int_equal(pair->executed[i], 1);
            }
            assert_in_range(pair->executed[i], 0, 1);
        }
        assert_at_rest(pair);
        close_pair(pair);
    }
    print_message("# %zu bodies arrived, %zu failed\n", arrived, failed);
    /* What fails stalled for longer than the other side keeps a body, which takes much loss. */
    assert_true(arrived > failed);
}

static void a_mild_network_loses_nothing(void **state)
{
    struct pair *pair = open_pair(64, 64, 7);

    (void)state;
    pair->network.faults.loss_permille = 50;
    pair->network.faults.duplicate_permille = 100;
    for (unsigned seed = 0; seed < 20; seed++) {
        struct asked *asked = ask(pair, 0, "POST /a", seed, 2000, 2000);
        run(pair);
        assert_int_equal(asked->error, LWM2M_OK);
        assert_int_equal(asked->code, 0x45);
        assert_int_equal(pair->executed[seed], 1);
    }
    assert_at_rest(pair);
    close_pair(pair);
}

static void an_upload_outlives_an_outage(void **state)
{
    struct pair *pair = open_pair(64, 64, 3);
    struct asked *asked = ask(pair, 0, "POST /a", 1, 5000, 10);

    (void)state;
    /* Longer than the server keeps a body: it is sent anew. */
    fake_network_run_for(&pair->network, 500);
    assert_false(asked->done);
    pair->server.node->down = true;
    fake_network_run_for(&pair->network, 100000);
    pair->server.node->down = false;
    run(pair);
    assert_int_equal(asked->error, LWM2M_OK);
    assert_int_equal(asked->code, 0x45);
    assert_int_equal(pair->executed[1], 1);
    close_pair(pair);
}

static void a_download_outlives_an_outage(void **state)
{
    struct pair *pair = open_pair(64, 64, 3);
    struct asked *asked = ask(pair, 0, "GET /a", 1, 0, 5000);

    (void)state;
    fake_network_run_for(&pair->network, 500);
    assert_false(asked->done);
    pair->server.node->down = true;
    fake_network_run_for(&pair->network, 100000);
    pair->server.node->down = false;
    run(pair);
    assert_int_equal(asked->error, LWM2M_OK);
    assert_int_equal(asked->code, 0x45);
    close_pair(pair);
}

static void cancelled_and_freed_at_every_stage_nothing_is_left(void **state)
{
    (void)state;
    for (uint64_t after_ms = 0; after_ms < 1000; after_ms += 35) {
        struct pair *pair = open_pair(64, 64, after_ms);
        ask(pair, 0, "POST /a", 1, 1000, 1000);
        ask(pair, 1, "POST /a", 2, 1000, 1000);
        ask(pair, 2, "GET /a", 3, 0, 1000);
        fake_network_run_for(&pair->network, after_ms);
        if (after_ms % 2 == 0) {
            for (size_t i = 0; i < 3; i++) {
                if (pair->asked[i].exchange != NULL) {
                    lwm2m_exchange_cancel(pair->to_server, pair->asked[i].exchange);
                }
            }
            assert_int_equal(lwm2m_blockwise_bytes(pair->client.blockwise), 0);
            assert_at_rest(pair);
        }
        close_pair(pair);
    }
}

/* ---- notifications ---- */

static void on_notification(void *context, struct lwm2m_exchange *exchange,
                            const struct lwm2m_response *response)
{
    struct pair *pair = context;
    struct lwm2m_bytes body;

    (void)exchange;
    pair->notifications++;
    if (response->error != LWM2M_OK) {
        pair->observation_over = true;
        return;
    }
    /* The length of a notification tells its seed. */
    body = response->message->payload;
    pair->notified_seed = (unsigned)(body.length % 100);
    assert_whole(pair, body, pair->notified_seed, body.length);
}

static void notify(struct pair *pair, unsigned seed, size_t hundreds, uint32_t number)
{
    struct message_text message;
    size_t length = hundreds * 100 + seed;

    pair->state_length = length;
    pair->state_seed = seed;
    body_fill(pair->body, length, seed);
    snprintf(pair->text, sizeof(pair->text), "2.05 obs=%u cf=42", (unsigned)number);
    message_text_read(&message, pair->text, (struct lwm2m_bytes){pair->body, length});
    message.message.token = pair->token;
    assert_int_equal(lwm2m_peer_notify(pair->observer, &message.message, true), LWM2M_OK);
}

static struct lwm2m_exchange *observe(struct pair *pair)
{
    struct lwm2m_request request = {
        .method = LWM2M_METHOD_GET,
        .observe = true,
        .context = pair,
        .on_response = on_notification,
    };
    struct lwm2m_exchange *exchange;
    struct message_text message;

    /* An answer of 401 bytes, filled by the seed 1. */
    message_text_read(&message, "GET obs=0 /a ?0,0,401", (struct lwm2m_bytes){0});
    request.options = message.message.options;
    assert_int_equal(lwm2m_peer_request(pair->to_server, &request, &exchange), LWM2M_OK);
    return exchange;
}

static void large_notifications_are_fetched_from_what_is_kept(void **state)
{
    struct pair *pair = open_pair(64, 64, 1);
    struct lwm2m_exchange *observation = observe(pair);

    (void)state;
    fake_network_run_for(&pair->network, 5000);
    assert_int_equal(pair->notifications, 1);
    for (unsigned seed = 2; seed < 30; seed++) {
        notify(pair, seed, seed % 7, seed);
        fake_network_run_for(&pair->network, 5000);
        assert_int_equal(pair->notifications, seed);
        assert_int_equal(pair->notified_seed, seed);
    }
    lwm2m_exchange_cancel(pair->to_server, observation);
    assert_at_rest(pair);
    close_pair(pair);
}

static void the_last_of_many_notifications_arrives_whole(void **state)
{
    unsigned ended = 0;

    (void)state;
    for (unsigned round = 0; round < 20; round++) {
        struct pair *pair = open_pair(64, 64, round);
        struct lwm2m_exchange *observation = observe(pair);

        fake_network_run_for(&pair->network, 5000);
        pair->network.faults.loss_permille = 10 * round;
        pair->network.faults.duplicate_permille = 100;
        pair->network.faults.reorder_permille = 10 * round;
        for (unsigned seed = 2; seed < 40; seed++) {
            notify(pair, seed, seed % 9, seed);
            fake_network_run_for(&pair->network, virtual_port_random_below(&pair->port, 400));
        }
        fake_network_run_for(&pair->network, LONG_ENOUGH_MS);
        if (!pair->observation_over) {
            if (!pair->observation_failed) {
                assert_int_equal(pair->notified_seed, 39);
            }
            ended += pair->observation_failed;
            lwm2m_exchange_cancel(pair->to_server, observation);
        }
        ended += pair->observation_over;
        assert_at_rest(pair);
        close_pair(pair);
    }
    /* Most of them live on. */
    assert_in_range(ended, 0, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_of_every_length_arrive_in_blocks_of_every_size),
        cmocka_unit_test(requests_that_are_not_confirmable_go_by_blocks_too),
        cmocka_unit_test(the_largest_body_arrives_and_a_larger_one_is_refused),
        cmocka_unit_test(bodies_under_way_together_do_not_mix),
        cmocka_unit_test(bodies_for_one_resource_go_one_after_the_other),
        cmocka_unit_test(random_bodies_over_a_bad_network_arrive_whole_or_fail),
        cmocka_unit_test(a_mild_network_loses_nothing),
        cmocka_unit_test(an_upload_outlives_an_outage),
        cmocka_unit_test(a_download_outlives_an_outage),
        cmocka_unit_test(cancelled_and_freed_at_every_stage_nothing_is_left),
        cmocka_unit_test(large_notifications_are_fetched_from_what_is_kept),
        cmocka_unit_test(the_last_of_many_notifications_arrives_whole),
    };

    return cmocka_run_group_tests_name("block-wise pair", tests, NULL, NULL);
}
