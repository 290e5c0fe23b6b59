/*
 * Every pairing of the two stacks on a bad network: nothing runs twice, and what arrives is whole.
 *
 * TRANSPORT_ROUNDS says how many requests are duplicated for each pairing; 2,000 unless told.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/pairing_fixture.h"

#define PATIENCE_MS 20000
#define SHORTLY_MS 100

static const struct {
    const char *name;
    enum lwm2m_stack device, server;
} pairings[] = {
    {"endpoint device, endpoint server", LWM2M_STACK_ENDPOINT, LWM2M_STACK_ENDPOINT},
    {"endpoint device, libcoap server", LWM2M_STACK_ENDPOINT, LWM2M_STACK_LIBCOAP},
    {"libcoap device, endpoint server", LWM2M_STACK_LIBCOAP, LWM2M_STACK_ENDPOINT},
    {"libcoap device, libcoap server", LWM2M_STACK_LIBCOAP, LWM2M_STACK_LIBCOAP},
};

static void on_every_pairing(const struct lwm2m_chaos *chaos, void (*test)(struct pairing *pairing))
{
    for (size_t i = 0; i < sizeof(pairings) / sizeof(pairings[0]); i++) {
        struct pairing *pairing =
            pairing_new_with_chaos(pairings[i].device, pairings[i].server, chaos);
        print_message("# %s\n", pairings[i].name);
        test(pairing);
        pairing_free(pairing);
    }
}

/* ---- duplicates ---- */

static size_t rounds(void)
{
    const char *text = getenv("TRANSPORT_ROUNDS");

    return text != NULL ? strtoul(text, NULL, 10) : 2000;
}

static void ask_many(struct pairing_side *from, struct pairing_side *to, size_t count)
{
    from->responses = 0;
    to->requests = 0;
    for (size_t i = 1; i <= count; i++) {
        pairing_request(from, LWM2M_METHOD_POST, 4);
        pairing_wait(from->pairing, &from->responses, i, PATIENCE_MS);
        assert_int_equal(from->responses, i);
        assert_int_equal(from->error, LWM2M_OK);
    }
    pairing_idle(from->pairing, SHORTLY_MS);
    assert_int_equal(to->requests, count);
    assert_int_equal(from->responses, count);
}

static void ask_both_ways(struct pairing *pairing)
{
    ask_many(&pairing->device, &pairing->server, rounds() / 2);
    ask_many(&pairing->server, &pairing->device, rounds() - rounds() / 2);
}

static void no_duplicated_request_runs_twice(void **state)
{
    (void)state;
    on_every_pairing(&(const struct lwm2m_chaos){.duplication = 1, .seed = 1}, ask_both_ways);
}

/* ---- everything at once ---- */

/* In blocks; of what the network corrupts, CoAP notices only what breaks a message. */
static void carry_bodies(struct pairing_side *from, struct pairing_side *to)
{
    from->responses = 0;
    to->requests = 0;
    for (size_t i = 1; i <= 2; i++) {
        pairing_request(from, LWM2M_METHOD_PUT, 2000);
        pairing_wait(from->pairing, &from->responses, i, PATIENCE_MS);
        assert_int_equal(from->responses, i);
        assert_int_equal(from->error, LWM2M_OK);
        assert_int_equal(from->body_bytes, 2000);
        for (size_t at = 0; at < 2000; at++) {
            assert_int_equal(from->body[at], pairing_pattern(at));
        }
    }
    assert_int_equal(to->requests, 2);
}

static void carry_bodies_both_ways(struct pairing *pairing)
{
    carry_bodies(&pairing->device, &pairing->server);
    carry_bodies(&pairing->server, &pairing->device);
}

static void bodies_arrive_whole_when_datagrams_come_late_twice_and_out_of_order(void **state)
{
    const struct lwm2m_chaos chaos = {
        .duplication = 0.2,
        .reordering = 0.03,
        .delay_most_ms = 10,
        .seed = 7,
    };

    (void)state;
    on_every_pairing(&chaos, carry_bodies_both_ways);
}

static void survive_corruption(struct pairing_side *from)
{
    from->responses = 0;
    for (size_t i = 1; i <= 40; i++) {
        pairing_request(from, LWM2M_METHOD_GET, 8);
        pairing_wait(from->pairing, &from->responses, i, 60);
        if (from->responses < i) {
            lwm2m_exchange_cancel(from->other, from->exchange);
            from->responses = i;
        }
    }
}

static void survive_corruption_both_ways(struct pairing *pairing)
{
    survive_corruption(&pairing->device);
    survive_corruption(&pairing->server);
}

static void nothing_breaks_when_bits_are_flipped(void **state)
{
    (void)state;
    /* With this seed, the first request gets through. */
    on_every_pairing(&(const struct lwm2m_chaos){.corruption = 0.1, .duplication = 0.1, .seed = 6},
                     survive_corruption_both_ways);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_duplicated_request_runs_twice),
        cmocka_unit_test(bodies_arrive_whole_when_datagrams_come_late_twice_and_out_of_order),
        cmocka_unit_test(nothing_breaks_when_bits_are_flipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
