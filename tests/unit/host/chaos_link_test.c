/*
 * Two endpoints over a network that is bad on purpose: every request gets its answer, and none runs
 * twice.
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

#include <lwm2m/chaos.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/status.h>

#include "support/fake_network.h"
#include "support/virtual_port.h"

/* Requests carry their number; the answering side counts how often each ran. */
struct scene {
    struct virtual_port port;
    struct lwm2m_timers timers;
    struct fake_network network;
    struct fake_node *nodes[2]; /* asks, answers */
    struct lwm2m_endpoint *endpoints[2];
    struct lwm2m_chaos_link *chaos; /* of the side that asks */
    struct lwm2m_peer *peer;
    uint8_t *runs;
    uint32_t requests;
    uint32_t answered, failed;
    bool under_way;
};

static void answer(void *context, struct lwm2m_incoming *incoming, struct lwm2m_peer *peer,
                   const struct lwm2m_message *message)
{
    struct scene *scene = context;
    uint32_t number = UINT32_MAX;

    if (message->payload.length == sizeof(number)) {
        memcpy(&number, message->payload.data, sizeof(number));
    }
    /* A flipped bit makes other requests of it: they are answered, too. */
    if (number < scene->requests) {
        scene->runs[number]++;
    }
    lwm2m_incoming_respond_code(peer, incoming, lwm2m_status_code(LWM2M_STATUS_CHANGED));
}

static const struct lwm2m_receiver answering = {.request = answer};

static void on_response(void *context, struct lwm2m_exchange *exchange,
                        const struct lwm2m_response *response)
{
    struct scene *scene = context;

    (void)exchange;
    scene->under_way = false;
    scene->answered += response->error == LWM2M_OK;
    scene->failed += response->error != LWM2M_OK;
}

static void receive_through_chaos(void *context, struct fake_node *node,
                                  const struct lwm2m_address *from, struct lwm2m_bytes datagram)
{
    struct scene *scene = context;

    (void)node;
    struct lwm2m_datagram_receiver receiver = lwm2m_chaos_link_receiver(scene->chaos);
    receiver.receive(receiver.context, from, datagram);
}

static void open_side(struct scene *scene, int side, const struct lwm2m_datagram_link *link,
                      uint32_t max_retransmit)
{
    struct lwm2m_endpoint_config config;

    lwm2m_endpoint_config_init(&config);
    config.timers = &scene->timers;
    config.link = link;
    config.transmission.max_retransmit = max_retransmit;
    assert_int_equal(lwm2m_endpoint_new(&config, &scene->endpoints[side]), LWM2M_OK);
}

static struct scene *begin(const struct lwm2m_chaos *chaos, uint32_t requests,
                           uint32_t max_retransmit)
{
    struct scene *scene = calloc(1, sizeof(*scene));

    assert_non_null(scene);
    scene->requests = requests;
    scene->runs = calloc(requests, 1);
    assert_non_null(scene->runs);
    virtual_port_init(&scene->port, 5);
    lwm2m_timers_init(&scene->timers, &scene->port.port);
    fake_network_init(&scene->network, &scene->port);
    fake_network_add_timers(&scene->network, &scene->timers);
    scene->nodes[0] = fake_network_add_node(&scene->network);
    scene->nodes[1] = fake_network_add_node(&scene->network);
    assert_int_equal(
        lwm2m_chaos_link_new(&scene->timers, chaos, &scene->nodes[0]->link, &scene->chaos),
        LWM2M_OK);
    open_side(scene, 0, lwm2m_chaos_link_datagrams(scene->chaos), max_retransmit);
    open_side(scene, 1, &scene->nodes[1]->link, max_retransmit);
    const struct lwm2m_datagram_receiver receiver = lwm2m_endpoint_receiver(scene->endpoints[0]);
    lwm2m_chaos_link_set_receiver(scene->chaos, &receiver);
    scene->nodes[0]->context = scene;
    scene->nodes[0]->receive = receive_through_chaos;
    scene->nodes[1]->endpoint = scene->endpoints[1];
    lwm2m_transport_set_receiver(lwm2m_endpoint_transport(scene->endpoints[1]), &answering, scene);
    assert_int_equal(
        lwm2m_endpoint_peer(scene->endpoints[0], &scene->nodes[1]->address, &scene->peer),
        LWM2M_OK);
    return scene;
}

static bool is_over(void *context)
{
    return !((struct scene *)context)->under_way;
}

static void ask(struct scene *scene)
{
    for (uint32_t number = 0; number < scene->requests; number++) {
        struct lwm2m_request request = {
            .method = LWM2M_METHOD_POST,
            .payload = {(const uint8_t *)&number, sizeof(number)},
            .context = scene,
            .on_response = on_response,
        };

        scene->under_way = true;
        assert_int_equal(lwm2m_peer_request(scene->peer, &request, NULL), LWM2M_OK);
        assert_true(fake_network_run_until_true(&scene->network, 4000000, is_over, scene));
    }
}

static void end(struct scene *scene)
{
    lwm2m_peer_release(scene->peer);
    lwm2m_endpoint_free(scene->endpoints[0]);
    lwm2m_endpoint_free(scene->endpoints[1]);
    lwm2m_chaos_link_free(scene->chaos);
    fake_network_release(&scene->network);
    virtual_port_assert_empty(&scene->port);
    free(scene->runs);
    free(scene);
}

static void assert_each_ran(const struct scene *scene, unsigned least)
{
    for (uint32_t number = 0; number < scene->requests; number++) {
        assert_in_range(scene->runs[number], least, 1);
    }
}

static void answers_a_thousand_of_a_thousand_at_20_percent_loss(void **state)
{
    struct scene *scene = begin(&(struct lwm2m_chaos){.loss = 0.2, .seed = 11}, 1000, 12);

    (void)state;
    ask(scene);
    assert_int_equal(scene->answered, 1000);
    assert_each_ran(scene, 1);
    end(scene);
}

static void runs_none_of_100000_duplicated_requests_twice(void **state)
{
    struct scene *scene = begin(&(struct lwm2m_chaos){.duplication = 1, .seed = 1}, 100000, 4);
    struct lwm2m_endpoint_statistics statistics;

    (void)state;
    ask(scene);
    assert_int_equal(scene->answered, 100000);
    assert_each_ran(scene, 1);
    lwm2m_endpoint_statistics_get(scene->endpoints[1], &statistics);
    assert_int_equal(statistics.duplicates, 100000);
    end(scene);
}

static void bears_everything_at_once(void **state)
{
    const struct lwm2m_chaos chaos = {
        .loss = 0.1,
        .duplication = 0.1,
        .reordering = 0.1,
        .corruption = 0.02,
        .delay_least_ms = 50,
        .delay_most_ms = 400,
        .seed = 7,
    };
    struct scene *scene = begin(&chaos, 3000, 4);

    (void)state;
    ask(scene);
    assert_int_equal(scene->answered + scene->failed, 3000);
    assert_true(scene->answered > 2900);
    end(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_a_thousand_of_a_thousand_at_20_percent_loss),
        cmocka_unit_test(runs_none_of_100000_duplicated_requests_twice),
        cmocka_unit_test(bears_everything_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
