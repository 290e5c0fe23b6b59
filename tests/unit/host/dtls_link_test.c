/*
 * DTLS between two links in one process: who gets in, who does not and why, and what is left
 * behind.
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
#include <time.h>

#include <cmocka.h>

#include <lwm2m/dtls_link.h>

#include "support/dtls_scene.h"

static int set_up(void **state)
{
    *state = dtls_scene_new(NULL);
    return 0;
}

static int tear_down(void **state)
{
    dtls_scene_free(*state);
    return 0;
}

/* ---- what works ---- */

static void carries_both_ways_what_waited_for_the_handshake(void **state)
{
    struct dtls_scene *scene = *state;
    struct lwm2m_address called = dtls_scene_call(scene);
    assert_int_not_equal(called.association, 0);
    assert_int_equal(dtls_scene_say(&scene->client, &called, "hello"), LWM2M_OK);
    dtls_scene_settle(scene);
    assert_string_equal(scene->server.heard, "hello");
    assert_int_equal(dtls_scene_say(&scene->server, &scene->server.heard_from, "welcome"),
                     LWM2M_OK);
    dtls_scene_settle(scene);
    assert_string_equal(scene->client.heard, "welcome");
    assert_int_equal(scene->client.heard_from.association, called.association);
    assert_int_equal(scene->client.counts[LWM2M_DTLS_ESTABLISHED], 1);
    assert_int_equal(scene->server.counts[LWM2M_DTLS_ESTABLISHED], 1);
}

static void takes_plain_psk_with_ccm_8_first(void **state)
{
    struct dtls_scene *scene = *state;
    dtls_scene_call(scene);
    dtls_scene_settle(scene);
    assert_non_null(strstr(scene->server.cipher, "PSK_WITH_AES_128_CCM_8"));
    assert_null(strstr(scene->server.cipher, "ECDHE"));
}

static void takes_each_suite_of_lwm2m_when_it_is_all_that_is_offered(void **state)
{
    static const char *const ciphers[] = {
        "NONE:+VERS-DTLS1.2:+PSK:+AES-128-CCM-8:+AEAD:+SIGN-ALL:+COMP-NULL",
        "NONE:+VERS-DTLS1.2:+PSK:+AES-128-CBC:+SHA256:+SIGN-ALL:+COMP-NULL",
    };
    for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++) {
        void *scene = dtls_scene_new(ciphers[i]);
        dtls_scene_call(scene);
        dtls_scene_settle(scene);
        assert_int_equal(((struct dtls_scene *)scene)->server.counts[LWM2M_DTLS_ESTABLISHED], 1);
        tear_down(&scene);
    }
    (void)state;
}

static void names_the_identity_of_an_association(void **state)
{
    struct dtls_scene *scene = *state;
    const struct lwm2m_datagram_link *link = lwm2m_dtls_link_datagrams(scene->server.link);
    struct lwm2m_address called = dtls_scene_call(scene);
    struct lwm2m_bytes identity;
    assert_int_equal(dtls_scene_say(&scene->client, &called, "hello"), LWM2M_OK);
    dtls_scene_settle(scene);
    assert_int_equal(link->identity(link->context, &scene->server.heard_from, &identity),
                     LWM2M_SECURITY_PSK);
    assert_true(lwm2m_bytes_equal_text(identity, "dev-1"));
}

static void carries_on_over_a_lossy_network(void **state)
{
    struct dtls_scene *scene = *state;
    scene->lose = 4;
    struct lwm2m_address called = dtls_scene_call(scene);
    dtls_scene_settle_until(scene, &scene->server, LWM2M_DTLS_ESTABLISHED, 1);
    dtls_scene_settle_until(scene, &scene->client, LWM2M_DTLS_ESTABLISHED, 1);
    scene->lose = 0;
    assert_int_equal(dtls_scene_say(&scene->client, &called, "hello"), LWM2M_OK);
    dtls_scene_settle(scene);
    assert_string_equal(scene->server.heard, "hello");
}

/* ---- who does not get in ---- */

static void tells_a_wrong_key_from_an_unknown_identity(void **state)
{
    struct dtls_scene *scene = *state;
    dtls_scene_set_key(scene, "dev-1", "open");
    struct lwm2m_address called = dtls_scene_call(scene);
    dtls_scene_settle(scene);
    assert_int_equal(scene->server.counts[LWM2M_DTLS_FAILED], 1);
    assert_int_equal(scene->server.failure, LWM2M_DTLS_WRONG_KEY);
    assert_string_equal(scene->server.identity, "dev-1");
    assert_int_equal(scene->client.failure, LWM2M_DTLS_REFUSED_KEY);
    assert_int_equal(scene->client.error, LWM2M_SECURITY);
    assert_int_equal(scene->client.failed.association, called.association);

    dtls_scene_set_key(scene, "dev-2", "sesame");
    dtls_scene_call(scene);
    dtls_scene_settle(scene);
    assert_int_equal(scene->server.failure, LWM2M_DTLS_UNKNOWN_IDENTITY);
    assert_string_equal(scene->server.identity, "dev-2");
    assert_int_equal(scene->client.failure, LWM2M_DTLS_REFUSED_KEY);
    assert_int_equal(dtls_scene_associations(&scene->server), 0);
}

static void tells_a_server_that_ignores_the_key_from_one_that_does_not_answer(void **state)
{
    struct dtls_scene *scene = *state;
    dtls_scene_set_key(scene, "dev-1", "open");
    scene->no_alerts = true;
    dtls_scene_call(scene);
    dtls_scene_settle_until(scene, &scene->client, LWM2M_DTLS_FAILED, 1);
    assert_int_equal(scene->client.failure, LWM2M_DTLS_REFUSED_KEY);
    assert_int_equal(scene->client.error, LWM2M_SECURITY);
}

/* Of each datagram its length and what is not encrypted: what a third party could compare. */
static size_t trace_of_failure(const char *identity, const char *key, char *trace, size_t size)
{
    struct dtls_scene *scene = dtls_scene_new(NULL);
    size_t length = 0;
    dtls_scene_set_key(scene, identity, key);
    dtls_scene_call(scene);
    lwm2m_timers_step(&scene->timers);
    while (scene->count > 0) {
        struct dtls_scene_datagram *datagram = &scene->queue[scene->first];
        scene->first = (scene->first + 1) % DTLS_SCENE_QUEUE_MAX;
        scene->count--;
        if (datagram->to == &scene->client) {
            length += (size_t)snprintf(trace + length, size - length, "%u:%zu ", datagram->bytes[0],
                                       datagram->length);
        }
        dtls_scene_deliver(datagram->to, &datagram->from,
                           (struct lwm2m_bytes){datagram->bytes, datagram->length});
        lwm2m_timers_step(&scene->timers);
    }
    void *done = scene;
    tear_down(&done);
    return length;
}

static void looks_alike_to_the_network_whether_key_or_identity_is_wrong(void **state)
{
    char wrong_key[512], unknown[512];
    (void)state;
    assert_int_not_equal(trace_of_failure("dev-1", "open", wrong_key, sizeof(wrong_key)), 0);
    trace_of_failure("dev-2", "open", unknown, sizeof(unknown));
    assert_string_equal(wrong_key, unknown);
}

static void says_that_no_cipher_is_common(void **state)
{
    void *scene = dtls_scene_new("NONE:+VERS-DTLS1.2:+PSK:+AES-256-CCM:+AEAD:+SIGN-ALL:+COMP-NULL");
    struct dtls_end *server = &((struct dtls_scene *)scene)->server;
    struct dtls_end *client = &((struct dtls_scene *)scene)->client;
    (void)state;
    dtls_scene_call(scene);
    dtls_scene_settle(scene);
    assert_int_equal(server->failure, LWM2M_DTLS_NO_COMMON_CIPHER);
    assert_int_equal(client->failure, LWM2M_DTLS_NO_COMMON_CIPHER);
    assert_int_equal(client->error, LWM2M_SECURITY);
    assert_non_null(strstr(server->detail, "offered: TLS_PSK_WITH_AES_256_CCM; taken here, with a "
                                           "key or certificate for it: TLS_PSK_WITH_AES_128_CCM"));
    assert_string_equal(client->detail, "offered: TLS_PSK_WITH_AES_256_CCM");
    tear_down(&scene);
}

static void says_that_nobody_answers(void **state)
{
    struct dtls_scene *scene = *state;
    scene->lose = 1;
    dtls_scene_call(scene);
    dtls_scene_settle_until(scene, &scene->client, LWM2M_DTLS_FAILED, 1);
    assert_int_equal(scene->client.failure, LWM2M_DTLS_NO_ANSWER);
    assert_int_equal(scene->client.error, LWM2M_TIMEOUT);
    /* And with word of the network that nobody listens, at once. */
    struct lwm2m_datagram_receiver receiver = lwm2m_dtls_link_receiver(scene->client.link);
    dtls_scene_call(scene);
    (receiver.fail)(receiver.context, &scene->server.address, LWM2M_UNREACHABLE);
    assert_int_equal(scene->client.failure, LWM2M_DTLS_UNREACHABLE);
    assert_int_equal(scene->client.error, LWM2M_UNREACHABLE);
}

static void ten_thousand_bad_handshakes_do_not_keep_a_good_one_out(void **state)
{
    struct dtls_scene *scene = *state;
    dtls_scene_set_key(scene, "dev-1", "open");
    for (int i = 0; i < 10000; i++) {
        scene->client.address.port = (uint16_t)(1024 + i % 60000);
        dtls_scene_call(scene);
        dtls_scene_settle(scene);
    }
    assert_int_equal(scene->server.counts[LWM2M_DTLS_FAILED], 10000);
    assert_int_equal(dtls_scene_associations(&scene->server), 0);
    dtls_scene_set_key(scene, "dev-1", "sesame");
    struct lwm2m_address called = dtls_scene_call(scene);
    assert_int_equal(dtls_scene_say(&scene->client, &called, "good"), LWM2M_OK);
    dtls_scene_settle(scene);
    assert_string_equal(scene->server.heard, "good");
}

/* ---- what is kept of whom ---- */

static void keeps_nothing_of_a_caller_without_a_cookie(void **state)
{
    struct dtls_scene *scene = *state;
    dtls_scene_call(scene);
    lwm2m_timers_step(&scene->timers);
    assert_int_equal(scene->count, 1);
    const struct dtls_scene_datagram hello = scene->queue[scene->first];
    for (unsigned i = 0; i < 1000; i++) {
        struct lwm2m_address spoofed = {.port = (uint16_t)(2000 + i)};
        scene->count = 0;
        size_t carried = scene->carried;
        dtls_scene_deliver(&scene->server, &spoofed,
                           (struct lwm2m_bytes){hello.bytes, hello.length});
        assert_int_equal(scene->carried, carried + 1);
        assert_true(scene->queue[scene->first].length < hello.length);
    }
    assert_int_equal(dtls_scene_associations(&scene->server), 0);
    scene->count = 0;
}

static void a_cookie_is_for_one_address(void **state)
{
    struct dtls_scene *scene = *state;
    struct lwm2m_address other = {.port = 999};
    dtls_scene_call(scene);
    lwm2m_timers_step(&scene->timers);
    /* The first answer is the cookie's; the client's next word brings it back. */
    struct dtls_scene_datagram *first = &scene->queue[scene->first];
    dtls_scene_deliver(&scene->server, &first->from,
                       (struct lwm2m_bytes){first->bytes, first->length});
    struct dtls_scene_datagram *cookie = &scene->queue[(scene->first + 1) % DTLS_SCENE_QUEUE_MAX];
    dtls_scene_deliver(&scene->client, &cookie->from,
                       (struct lwm2m_bytes){cookie->bytes, cookie->length});
    struct dtls_scene_datagram *second = &scene->queue[(scene->first + 2) % DTLS_SCENE_QUEUE_MAX];
    dtls_scene_deliver(&scene->server, &other, (struct lwm2m_bytes){second->bytes, second->length});
    assert_int_equal(dtls_scene_associations(&scene->server), 0);
    dtls_scene_deliver(&scene->server, &second->from,
                       (struct lwm2m_bytes){second->bytes, second->length});
    assert_int_equal(dtls_scene_associations(&scene->server), 1);
    scene->count = 0;
}

static void a_caller_that_restarted_at_its_address_is_served_at_once(void **state)
{
    struct dtls_scene *scene = *state;
    struct lwm2m_address called = dtls_scene_call(scene);
    assert_int_equal(dtls_scene_say(&scene->client, &called, "first"), LWM2M_OK);
    dtls_scene_settle(scene);
    struct lwm2m_address first = scene->server.heard_from;
    scene->lose = 1; /* it goes without a word */
    lwm2m_dtls_link_free(scene->client.link);
    scene->lose = 0;
    dtls_scene_open(scene, &scene->client, false, scene->client.address.port, NULL);
    called = dtls_scene_call(scene);
    assert_int_equal(dtls_scene_say(&scene->client, &called, "second"), LWM2M_OK);
    dtls_scene_settle(scene);
    assert_string_equal(scene->server.heard, "second");
    assert_int_not_equal(scene->server.heard_from.association, first.association);
    assert_int_equal(dtls_scene_associations(&scene->server), 1);
    /* Who waits for an answer of the first one is told, and nothing more can be said to it. */
    assert_int_equal(scene->server.failed.association, first.association);
    assert_int_equal(dtls_scene_say(&scene->server, &first, "to the first"), LWM2M_UNREACHABLE);
    scene->server.fail_count = 0;
    dtls_scene_settle(scene);
    assert_int_equal(scene->server.fail_count, 1);
}

static void handshakes_that_are_not_finished_make_room(void **state)
{
    struct dtls_scene *scene = *state;
    for (unsigned i = 0; i < 100; i++) {
        scene->client.address.port = (uint16_t)(3000 + i);
        dtls_scene_call(scene);
        lwm2m_timers_step(&scene->timers);
        /* ClientHello, cookie, ClientHello with it; and then silence. */
        for (int step = 0; step < 3; step++) {
            struct dtls_scene_datagram *datagram = &scene->queue[scene->first];
            scene->first = (scene->first + 1) % DTLS_SCENE_QUEUE_MAX;
            scene->count--;
            dtls_scene_deliver(datagram->to, &datagram->from,
                               (struct lwm2m_bytes){datagram->bytes, datagram->length});
        }
        scene->count = 0;
    }
    struct lwm2m_dtls_link_statistics statistics;
    lwm2m_dtls_link_statistics_get(scene->server.link, &statistics);
    assert_int_equal(statistics.handshakes, 20);
    scene->client.address.port = 40001;
    struct lwm2m_address called = dtls_scene_call(scene);
    assert_int_equal(dtls_scene_say(&scene->client, &called, "honest"), LWM2M_OK);
    dtls_scene_settle(scene);
    assert_string_equal(scene->server.heard, "honest");
}

static void a_goodbye_ends_an_association_for_both(void **state)
{
    struct dtls_scene *scene = *state;
    dtls_scene_call(scene);
    dtls_scene_settle(scene);
    lwm2m_dtls_link_free(scene->client.link);
    scene->client.link = NULL;
    dtls_scene_settle(scene);
    assert_int_equal(scene->server.counts[LWM2M_DTLS_CLOSED], 1);
    assert_int_equal(dtls_scene_associations(&scene->server), 0);
}

static void shrugs_off_what_belongs_to_nobody(void **state)
{
    struct dtls_scene *scene = *state;
    uint8_t noise[200];
    uint32_t seed = 7;
    struct lwm2m_address called = dtls_scene_call(scene);
    dtls_scene_settle(scene);
    for (int i = 0; i < 20000; i++) {
        for (size_t j = 0; j < sizeof(noise); j++) {
            seed = seed * 1664525u + 1013904223u;
            noise[j] = (uint8_t)(seed >> 24);
        }
        if (i % 2 == 0) { /* looks like a record of the association */
            memcpy(noise, (uint8_t[]){22 + (i % 4 == 0), 254, 253, 0, (uint8_t)(i % 8 == 0)}, 5);
            noise[11] = 0;
            noise[12] = 100;
        }
        dtls_scene_deliver(&scene->server, &scene->client.address,
                           (struct lwm2m_bytes){noise, (size_t)(i % 200)});
        scene->count = 0;
    }
    assert_int_equal(dtls_scene_say(&scene->client, &called, "still here"), LWM2M_OK);
    dtls_scene_settle(scene);
    assert_string_equal(scene->server.heard, "still here");
}

static void refuses_priorities_that_are_none_and_calls_without_a_key(void **state)
{
    struct dtls_scene *scene = *state;
    struct lwm2m_dtls_link_config config;
    struct lwm2m_dtls_link *link;
    struct lwm2m_address called;
    lwm2m_dtls_link_config_init(&config);
    config.timers = &scene->timers;
    config.below = &scene->client.below;
    config.credentials = scene->client.credentials;
    config.ciphers = "NONSENSE";
    assert_int_equal(lwm2m_dtls_link_new(&config, &link), LWM2M_ARGUMENT);
    assert_int_equal(
        lwm2m_dtls_link_call(scene->server.link, &scene->client.address, "client.test", &called),
        LWM2M_STATE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(carries_both_ways_what_waited_for_the_handshake),
        TEST(takes_plain_psk_with_ccm_8_first),
        cmocka_unit_test(takes_each_suite_of_lwm2m_when_it_is_all_that_is_offered),
        TEST(names_the_identity_of_an_association),
        TEST(carries_on_over_a_lossy_network),
        TEST(tells_a_wrong_key_from_an_unknown_identity),
        TEST(tells_a_server_that_ignores_the_key_from_one_that_does_not_answer),
        cmocka_unit_test(looks_alike_to_the_network_whether_key_or_identity_is_wrong),
        cmocka_unit_test(says_that_no_cipher_is_common),
        TEST(says_that_nobody_answers),
        TEST(ten_thousand_bad_handshakes_do_not_keep_a_good_one_out),
        TEST(keeps_nothing_of_a_caller_without_a_cookie),
        TEST(a_cookie_is_for_one_address),
        TEST(a_caller_that_restarted_at_its_address_is_served_at_once),
        TEST(handshakes_that_are_not_finished_make_room),
        TEST(a_goodbye_ends_an_association_for_both),
        TEST(shrugs_off_what_belongs_to_nobody),
        TEST(refuses_priorities_that_are_none_and_calls_without_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
