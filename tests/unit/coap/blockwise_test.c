/*
 * Tests of the life of block-wise transfer: its configuration, and what happens without memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/blockwise_fixture.h"

static void a_configuration_out_of_range_is_refused(void **state)
{
    static const size_t sizes[] = {0, 8, 15, 17, 48, 1000, 2048};
    struct lwm2m_blockwise_config config;
    struct lwm2m_blockwise *blockwise = NULL;
    struct scripted_transport below;
    struct lwm2m_timers timers;
    struct virtual_port port;

    (void)state;
    virtual_port_init(&port, 1);
    lwm2m_timers_init(&timers, &port.port);
    scripted_transport_init(&below);
    lwm2m_blockwise_config_init(&config);
    assert_int_equal(lwm2m_blockwise_new(&config, &blockwise), LWM2M_ARGUMENT);
    config.timers = &timers;
    assert_int_equal(lwm2m_blockwise_new(&config, &blockwise), LWM2M_ARGUMENT);
    config.below = &below.transport;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        config.block_bytes = sizes[i];
        assert_int_equal(lwm2m_blockwise_new(&config, &blockwise), LWM2M_ARGUMENT);
    }
    config.block_bytes = 16;
    config.max_bodies_per_peer = 0;
    assert_int_equal(lwm2m_blockwise_new(&config, &blockwise), LWM2M_ARGUMENT);
    virtual_port_assert_empty(&port);
}

static void it_stands_on_the_transport_below_until_it_is_freed(void **state)
{
    struct blockwise_fixture *fixture = malloc(sizeof(*fixture));

    (void)state;
    blockwise_fixture_init(fixture, NULL);
    assert_ptr_equal(fixture->below.transport.top, lwm2m_blockwise_transport(fixture->blockwise));
    lwm2m_blockwise_free(fixture->blockwise);
    assert_ptr_equal(fixture->below.transport.top, &fixture->below.transport);
    assert_null(fixture->below.transport.receiver);
    fixture->blockwise = NULL;
    blockwise_fixture_release(fixture);
    free(fixture);
}

static void answer_if_asked(struct blockwise_fixture *fixture, const char *text, size_t offset,
                            size_t length)
{
    if (scripted_open_request(&fixture->below) != NULL) {
        fixture_answer(fixture, text, offset, length);
    }
}

/* A little of everything; with the memory that there is, each step works or fails by itself. */
static void use_everything(struct blockwise_fixture *fixture)
{
    fixture->answer_body = fixture_slice(fixture, 0, 100);
    fixture->answer = "2.05 obs=1";
    fixture_receive(fixture, 0, "GET obs=0 /a 2:0/0/32", 0, 0);
    fixture_receive(fixture, 0, "GET /a 2:1/0/32", 0, 0);
    fixture->answer = "2.04";
    fixture_receive(fixture, 0, "PUT /b 1:0/1/64", 0, 64);
    fixture_receive(fixture, 0, "PUT /b 1:1/1/64", 64, 64);
    fixture_receive(fixture, 0, "PUT /b 1:2/0/64", 128, 1);
    if (fixture_request(fixture, "PUT /c", 130) == LWM2M_OK) {
        (void)!fixture_request(fixture, "PUT /c", 70);
        answer_if_asked(fixture, "2.31 1:0/1/64", 0, 0);
        answer_if_asked(fixture, "2.31 1:1/1/64", 0, 0);
        answer_if_asked(fixture, "2.04 2:0/1/64 1:2/0/64", 0, 64);
        answer_if_asked(fixture, "2.04 2:1/0/64", 64, 1);
    }
    if (fixture_request(fixture, "GET obs=0 /d", 0) == LWM2M_OK) {
        answer_if_asked(fixture, "2.05 etag=01 obs=1 2:0/1/64", 0, 64);
        answer_if_asked(fixture, "2.05 etag=02 2:1/0/64", 0, 64);
        answer_if_asked(fixture, "2.05 etag=02 2:0/1/64", 0, 64);
        answer_if_asked(fixture, "2.05 etag=02 2:1/0/64", 64, 64);
    }
    fixture_wait(fixture, 0);
}

/* The engine's answers may fail here, which the fixture's own receiver takes for a failed test. */
static void answer_if_possible(void *context, struct lwm2m_incoming *incoming,
                               struct lwm2m_peer *peer, const struct lwm2m_message *message)
{
    struct blockwise_fixture *fixture = context;
    struct message_text answer;

    (void)message;
    message_text_read(&answer, fixture->answer, fixture->answer_body);
    (void)!lwm2m_incoming_respond(peer, incoming, &answer.message);
}

static void every_lack_of_memory_is_survived(void **state)
{
    static const struct lwm2m_receiver receiver = {.request = answer_if_possible};
    struct blockwise_fixture *fixture = malloc(sizeof(*fixture));
    size_t calls = 1;

    (void)state;
    for (size_t after = 0; after < calls; after++) {
        blockwise_fixture_init(fixture, NULL);
        lwm2m_transport_set_receiver(lwm2m_blockwise_transport(fixture->blockwise), &receiver,
                                     fixture);
        if (after == 0) {
            calls = fixture->port.allocation_calls;
            use_everything(fixture);
            calls = fixture->port.allocation_calls - calls;
            assert_in_range(calls, 20, 1000);
        } else {
            virtual_port_fail_after(&fixture->port, after - 1);
            use_everything(fixture);
        }
        blockwise_fixture_release(fixture);
    }
    free(fixture);
}

static void one_allocation_that_fails_does_not_end_the_rest(void **state)
{
    struct blockwise_fixture *fixture = malloc(sizeof(*fixture));

    (void)state;
    blockwise_fixture_init(fixture, NULL);
    fixture->answer = "2.04";
    virtual_port_fail_after(&fixture->port, 0);
    assert_int_equal(fixture_request(fixture, "PUT /c", 100), LWM2M_NO_MEMORY);
    fixture_receive(fixture, 0, "PUT /b", 0, 10);
    assert_int_equal(fixture->requests, 0);
    assert_string_equal(fixture_sent(fixture), "5.03");
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    fixture_receive(fixture, 0, "PUT /b", 0, 10);
    assert_int_equal(fixture->requests, 1);
    blockwise_fixture_release(fixture);
    free(fixture);
}

static void answer_whose_options_find_no_memory_becomes_unavailable(void **state)
{
    struct blockwise_fixture *fixture = malloc(sizeof(*fixture));
    struct lwm2m_message changed = {.code = 0x44};

    (void)state;
    blockwise_fixture_init(fixture, NULL);
    fixture_receive(fixture, 0, "PUT /b 1:0/0/64", 0, 10);
    assert_int_equal(fixture->requests, 1);
    virtual_port_fail_after(&fixture->port, 0);
    assert_int_equal(lwm2m_incoming_respond(fixture_peer(fixture, 0), fixture->incoming, &changed),
                     LWM2M_NO_MEMORY);
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
    assert_string_equal(fixture_sent(fixture), "5.03");
    blockwise_fixture_release(fixture);
    free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_configuration_out_of_range_is_refused),
        cmocka_unit_test(it_stands_on_the_transport_below_until_it_is_freed),
        cmocka_unit_test(every_lack_of_memory_is_survived),
        cmocka_unit_test(answer_whose_options_find_no_memory_becomes_unavailable),
        cmocka_unit_test(one_allocation_that_fails_does_not_end_the_rest),
    };

    return cmocka_run_group_tests_name("blockwise", tests, NULL, NULL);
}
