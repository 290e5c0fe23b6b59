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
#include <lwm2m/host_port.h>

#define QUEUE_MAX 4096
#define DATAGRAM_MAX 1452

struct scene;

/* One end: what its links send goes to the other end, from the address that it has now. */
struct end {
    struct scene *scene;
    struct lwm2m_datagram_link below;
    struct lwm2m_dtls_link *link;
    struct lwm2m_credentials *credentials;
    struct lwm2m_address address;
    struct lwm2m_address heard_from; /* of the last datagram for the endpoint */
    char heard[64];
    size_t heard_count;
    struct lwm2m_address failed;
    enum lwm2m_error error;
    size_t fail_count;
    size_t counts[LWM2M_DTLS_CLOSED + 1]; /* of events, by type */
    enum lwm2m_dtls_failure failure;
    char identity[64];
    char cipher[64];
};

struct datagram {
    struct end *to;
    struct lwm2m_address from;
    size_t length;
    uint8_t bytes[DATAGRAM_MAX];
};

struct scene {
    struct lwm2m_host_port host;
    struct lwm2m_timers timers;
    struct end server, client;
    struct datagram *queue;
    size_t first, count;
    bool no_alerts;       /* are carried: a server that stays silent */
    size_t carried, lose; /* every lose-th datagram is lost; 0: none */
};

static enum lwm2m_error carry(void *context, const struct lwm2m_address *to,
                              struct lwm2m_bytes data)
{
    struct end *end = context;
    struct scene *scene = end->scene;
    (void)to;
    scene->carried++;
    if (scene->no_alerts && data.length > 0 && data.data[0] == 21) {
        return LWM2M_OK;
    }
    if (scene->lose > 0 && scene->carried % scene->lose == 0) {
        return LWM2M_OK;
    }
    assert_true(scene->count < QUEUE_MAX && data.length <= DATAGRAM_MAX);
    struct datagram *datagram = &scene->queue[(scene->first + scene->count++) % QUEUE_MAX];
    datagram->to = end == &scene->server ? &scene->client : &scene->server;
    datagram->from = end->address;
    datagram->length = data.length;
    memcpy(datagram->bytes, data.data, data.length);
    return LWM2M_OK;
}

static void print_address(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)context;
    snprintf(text, LWM2M_ADDRESS_TEXT_MAX, "%u", address->port);
}

static void hear(void *context, const struct lwm2m_address *from, struct lwm2m_bytes datagram)
{
    struct end *end = context;
    end->heard_from = *from;
    end->heard_count++;
    snprintf(end->heard, sizeof(end->heard), "%.*s", (int)datagram.length,
             (const char *)datagram.data);
}

static void learn_failure(void *context, const struct lwm2m_address *to, enum lwm2m_error error)
{
    struct end *end = context;
    end->failed = *to;
    end->error = error;
    end->fail_count++;
}

static void take_event(void *context, const struct lwm2m_dtls_event *event)
{
    struct end *end = context;
    end->counts[event->type]++;
    end->failure = event->failure;
    snprintf(end->identity, sizeof(end->identity), "%.*s", (int)event->identity.length,
             (const char *)event->identity.data);
    snprintf(end->cipher, sizeof(end->cipher), "%s", event->cipher != NULL ? event->cipher : "");
}

static struct lwm2m_psk psk_of(const char *identity, const char *key)
{
    return (struct lwm2m_psk){
        .identity = lwm2m_bytes_from_text(identity),
        .key = lwm2m_bytes_from_text(key),
    };
}

static void set_key(struct scene *scene, const char *identity, const char *key)
{
    struct lwm2m_psk psk = psk_of(identity, key);
    lwm2m_credentials_release(scene->client.credentials);
    assert_int_equal(lwm2m_credentials_new(&scene->host.port, &scene->client.credentials),
                     LWM2M_OK);
    assert_int_equal(lwm2m_credentials_set_own_psk(scene->client.credentials, &psk), LWM2M_OK);
    lwm2m_dtls_link_set_credentials(scene->client.link, scene->client.credentials);
}

static void open_end(struct scene *scene, struct end *end, bool accepts, uint16_t port,
                     const char *ciphers)
{
    const struct lwm2m_datagram_receiver receiver = {
        .context = end, .receive = hear, .fail = learn_failure};
    struct lwm2m_dtls_link_config config;
    end->scene = scene;
    end->address.port = port;
    end->below = (struct lwm2m_datagram_link){
        .context = end,
        .send = carry,
        .print_address = print_address,
        .max_datagram = DATAGRAM_MAX,
    };
    if (end->credentials == NULL) {
        assert_int_equal(lwm2m_credentials_new(&scene->host.port, &end->credentials), LWM2M_OK);
    }
    lwm2m_dtls_link_config_init(&config);
    config.timers = &scene->timers;
    config.below = &end->below;
    config.credentials = end->credentials;
    config.accepts = accepts;
    config.ciphers = ciphers;
    config.max_handshakes = 20;
    config.retransmit_ms = 20;
    config.handshake_timeout_ms = 600;
    config.context = end;
    config.on_event = take_event;
    assert_int_equal(lwm2m_dtls_link_new(&config, &end->link), LWM2M_OK);
    lwm2m_dtls_link_set_receiver(end->link, &receiver);
}

static struct scene *scene_with(const char *ciphers)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    assert_non_null(scene);
    scene->queue = calloc(QUEUE_MAX, sizeof(*scene->queue));
    assert_non_null(scene->queue);
    lwm2m_host_port_init(&scene->host, NULL, NULL);
    lwm2m_timers_init(&scene->timers, &scene->host.port);
    open_end(scene, &scene->server, true, 5684, NULL);
    open_end(scene, &scene->client, false, 40000, ciphers);
    struct lwm2m_psk psk = psk_of("dev-1", "sesame");
    assert_int_equal(lwm2m_credentials_add_psk(scene->server.credentials, &psk), LWM2M_OK);
    set_key(scene, "dev-1", "sesame");
    return scene;
}

static int set_up(void **state)
{
    *state = scene_with(NULL);
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    lwm2m_dtls_link_free(scene->client.link);
    lwm2m_dtls_link_free(scene->server.link);
    lwm2m_credentials_release(scene->client.credentials);
    lwm2m_credentials_release(scene->server.credentials);
    lwm2m_host_port_release(&scene->host);
    free(scene->queue);
    free(scene);
    return 0;
}

static void deliver(struct end *to, const struct lwm2m_address *from, struct lwm2m_bytes bytes)
{
    struct lwm2m_datagram_receiver receiver = lwm2m_dtls_link_receiver(to->link);
    receiver.receive(receiver.context, from, bytes);
}

/* Carries what is under way until nothing is any more. */
static void settle(struct scene *scene)
{
    lwm2m_timers_step(&scene->timers);
    while (scene->count > 0) {
        struct datagram *datagram = &scene->queue[scene->first];
        scene->first = (scene->first + 1) % QUEUE_MAX;
        scene->count--;
        deliver(datagram->to, &datagram->from,
                (struct lwm2m_bytes){datagram->bytes, datagram->length});
        lwm2m_timers_step(&scene->timers);
    }
}

/* The same while time passes, until an end has seen so many events of a type, or 5 s. */
static void settle_until(struct scene *scene, const struct end *end,
                         enum lwm2m_dtls_event_type type, size_t count)
{
    const struct timespec pause = {.tv_nsec = 2000000};
    for (int i = 0; i < 2500 && end->counts[type] < count; i++) {
        settle(scene);
        nanosleep(&pause, NULL);
    }
    assert_true(end->counts[type] >= count);
}

static struct lwm2m_address call(struct scene *scene)
{
    struct lwm2m_address called;
    assert_int_equal(lwm2m_dtls_link_call(scene->client.link, &scene->server.address, &called),
                     LWM2M_OK);
    return called;
}

static enum lwm2m_error say(struct end *end, const struct lwm2m_address *to, const char *text)
{
    const struct lwm2m_datagram_link *link = lwm2m_dtls_link_datagrams(end->link);
    return link->send(link->context, to, lwm2m_bytes_from_text(text));
}

static size_t associations(const struct end *end)
{
    struct lwm2m_dtls_link_statistics statistics;
    lwm2m_dtls_link_statistics_get(end->link, &statistics);
    return statistics.associations;
}

/* ---- what works ---- */

static void carries_both_ways_what_waited_for_the_handshake(void **state)
{
    struct scene *scene = *state;
    struct lwm2m_address called = call(scene);
    assert_int_not_equal(called.association, 0);
    assert_int_equal(say(&scene->client, &called, "hello"), LWM2M_OK);
    settle(scene);
    assert_string_equal(scene->server.heard, "hello");
    assert_int_equal(say(&scene->server, &scene->server.heard_from, "welcome"), LWM2M_OK);
    settle(scene);
    assert_string_equal(scene->client.heard, "welcome");
    assert_int_equal(scene->client.heard_from.association, called.association);
    assert_int_equal(scene->client.counts[LWM2M_DTLS_ESTABLISHED], 1);
    assert_int_equal(scene->server.counts[LWM2M_DTLS_ESTABLISHED], 1);
}

static void takes_plain_psk_with_ccm_8_first(void **state)
{
    struct scene *scene = *state;
    call(scene);
    settle(scene);
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
        void *scene = scene_with(ciphers[i]);
        call(scene);
        settle(scene);
        assert_int_equal(((struct scene *)scene)->server.counts[LWM2M_DTLS_ESTABLISHED], 1);
        tear_down(&scene);
    }
    (void)state;
}

static void names_the_identity_of_an_association(void **state)
{
    struct scene *scene = *state;
    const struct lwm2m_datagram_link *link = lwm2m_dtls_link_datagrams(scene->server.link);
    struct lwm2m_address called = call(scene);
    struct lwm2m_bytes identity;
    assert_int_equal(say(&scene->client, &called, "hello"), LWM2M_OK);
    settle(scene);
    assert_int_equal(link->identity(link->context, &scene->server.heard_from, &identity),
                     LWM2M_SECURITY_PSK);
    assert_true(lwm2m_bytes_equal_text(identity, "dev-1"));
}

static void carries_on_over_a_lossy_network(void **state)
{
    struct scene *scene = *state;
    scene->lose = 4;
    struct lwm2m_address called = call(scene);
    settle_until(scene, &scene->server, LWM2M_DTLS_ESTABLISHED, 1);
    settle_until(scene, &scene->client, LWM2M_DTLS_ESTABLISHED, 1);
    scene->lose = 0;
    assert_int_equal(say(&scene->client, &called, "hello"), LWM2M_OK);
    settle(scene);
    assert_string_equal(scene->server.heard, "hello");
}

/* ---- who does not get in ---- */

static void tells_a_wrong_key_from_an_unknown_identity(void **state)
{
    struct scene *scene = *state;
    set_key(scene, "dev-1", "open");
    struct lwm2m_address called = call(scene);
    settle(scene);
    assert_int_equal(scene->server.counts[LWM2M_DTLS_FAILED], 1);
    assert_int_equal(scene->server.failure, LWM2M_DTLS_WRONG_KEY);
    assert_string_equal(scene->server.identity, "dev-1");
    assert_int_equal(scene->client.failure, LWM2M_DTLS_REFUSED_KEY);
    assert_int_equal(scene->client.error, LWM2M_SECURITY);
    assert_int_equal(scene->client.failed.association, called.association);

    set_key(scene, "dev-2", "sesame");
    call(scene);
    settle(scene);
    assert_int_equal(scene->server.failure, LWM2M_DTLS_UNKNOWN_IDENTITY);
    assert_string_equal(scene->server.identity, "dev-2");
    assert_int_equal(scene->client.failure, LWM2M_DTLS_REFUSED_KEY);
    assert_int_equal(associations(&scene->server), 0);
}

static void tells_a_server_that_ignores_the_key_from_one_that_does_not_answer(void **state)
{
    struct scene *scene = *state;
    set_key(scene, "dev-1", "open");
    scene->no_alerts = true;
    call(scene);
    settle_until(scene, &scene->client, LWM2M_DTLS_FAILED, 1);
    assert_int_equal(scene->client.failure, LWM2M_DTLS_REFUSED_KEY);
    assert_int_equal(scene->client.error, LWM2M_SECURITY);
}

/* Of each datagram its length and what is not encrypted: what a third party could compare. */
static size_t trace_of_failure(const char *identity, const char *key, char *trace, size_t size)
{
    struct scene *scene = scene_with(NULL);
    size_t length = 0;
    set_key(scene, identity, key);
    call(scene);
    lwm2m_timers_step(&scene->timers);
    while (scene->count > 0) {
        struct datagram *datagram = &scene->queue[scene->first];
        scene->first = (scene->first + 1) % QUEUE_MAX;
        scene->count--;
        if (datagram->to == &scene->client) {
            length += (size_t)snprintf(trace + length, size - length, "%u:%zu ", datagram->bytes[0],
                                       datagram->length);
        }
        deliver(datagram->to, &datagram->from,
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
    void *scene = scene_with("NONE:+VERS-DTLS1.2:+PSK:+AES-256-CCM:+AEAD:+SIGN-ALL:+COMP-NULL");
    struct end *server = &((struct scene *)scene)->server;
    struct end *client = &((struct scene *)scene)->client;
    (void)state;
    call(scene);
    settle(scene);
    assert_int_equal(server->failure, LWM2M_DTLS_NO_COMMON_CIPHER);
    assert_int_equal(client->failure, LWM2M_DTLS_NO_COMMON_CIPHER);
    assert_int_equal(client->error, LWM2M_SECURITY);
    tear_down(&scene);
}

static void says_that_nobody_answers(void **state)
{
    struct scene *scene = *state;
    scene->lose = 1;
    call(scene);
    settle_until(scene, &scene->client, LWM2M_DTLS_FAILED, 1);
    assert_int_equal(scene->client.failure, LWM2M_DTLS_NO_ANSWER);
    assert_int_equal(scene->client.error, LWM2M_TIMEOUT);
    /* And with word of the network that nobody listens, at once. */
    struct lwm2m_datagram_receiver receiver = lwm2m_dtls_link_receiver(scene->client.link);
    call(scene);
    (receiver.fail)(receiver.context, &scene->server.address, LWM2M_UNREACHABLE);
    assert_int_equal(scene->client.failure, LWM2M_DTLS_UNREACHABLE);
    assert_int_equal(scene->client.error, LWM2M_UNREACHABLE);
}

static void ten_thousand_bad_handshakes_do_not_keep_a_good_one_out(void **state)
{
    struct scene *scene = *state;
    set_key(scene, "dev-1", "open");
    for (int i = 0; i < 10000; i++) {
        scene->client.address.port = (uint16_t)(1024 + i % 60000);
        call(scene);
        settle(scene);
    }
    assert_int_equal(scene->server.counts[LWM2M_DTLS_FAILED], 10000);
    assert_int_equal(associations(&scene->server), 0);
    set_key(scene, "dev-1", "sesame");
    struct lwm2m_address called = call(scene);
    assert_int_equal(say(&scene->client, &called, "good"), LWM2M_OK);
    settle(scene);
    assert_string_equal(scene->server.heard, "good");
}

/* ---- what is kept of whom ---- */

static void keeps_nothing_of_a_caller_without_a_cookie(void **state)
{
    struct scene *scene = *state;
    call(scene);
    lwm2m_timers_step(&scene->timers);
    assert_int_equal(scene->count, 1);
    const struct datagram hello = scene->queue[scene->first];
    for (unsigned i = 0; i < 1000; i++) {
        struct lwm2m_address spoofed = {.port = (uint16_t)(2000 + i)};
        scene->count = 0;
        size_t carried = scene->carried;
        deliver(&scene->server, &spoofed, (struct lwm2m_bytes){hello.bytes, hello.length});
        assert_int_equal(scene->carried, carried + 1);
        assert_true(scene->queue[scene->first].length < hello.length);
    }
    assert_int_equal(associations(&scene->server), 0);
    scene->count = 0;
}

static void a_cookie_is_for_one_address(void **state)
{
    struct scene *scene = *state;
    struct lwm2m_address other = {.port = 999};
    call(scene);
    lwm2m_timers_step(&scene->timers);
    /* The first answer is the cookie's; the client's next word brings it back. */
    struct datagram *first = &scene->queue[scene->first];
    deliver(&scene->server, &first->from, (struct lwm2m_bytes){first->bytes, first->length});
    struct datagram *cookie = &scene->queue[(scene->first + 1) % QUEUE_MAX];
    deliver(&scene->client, &cookie->from, (struct lwm2m_bytes){cookie->bytes, cookie->length});
    struct datagram *second = &scene->queue[(scene->first + 2) % QUEUE_MAX];
    deliver(&scene->server, &other, (struct lwm2m_bytes){second->bytes, second->length});
    assert_int_equal(associations(&scene->server), 0);
    deliver(&scene->server, &second->from, (struct lwm2m_bytes){second->bytes, second->length});
    assert_int_equal(associations(&scene->server), 1);
    scene->count = 0;
}

static void a_caller_that_restarted_at_its_address_is_served_at_once(void **state)
{
    struct scene *scene = *state;
    struct lwm2m_address called = call(scene);
    assert_int_equal(say(&scene->client, &called, "first"), LWM2M_OK);
    settle(scene);
    struct lwm2m_address first = scene->server.heard_from;
    scene->lose = 1; /* it goes without a word */
    lwm2m_dtls_link_free(scene->client.link);
    scene->lose = 0;
    open_end(scene, &scene->client, false, scene->client.address.port, NULL);
    called = call(scene);
    assert_int_equal(say(&scene->client, &called, "second"), LWM2M_OK);
    settle(scene);
    assert_string_equal(scene->server.heard, "second");
    assert_int_not_equal(scene->server.heard_from.association, first.association);
    assert_int_equal(associations(&scene->server), 1);
    /* Who waits for an answer of the first one is told, and nothing more can be said to it. */
    assert_int_equal(scene->server.failed.association, first.association);
    assert_int_equal(say(&scene->server, &first, "to the first"), LWM2M_UNREACHABLE);
    scene->server.fail_count = 0;
    settle(scene);
    assert_int_equal(scene->server.fail_count, 1);
}

static void handshakes_that_are_not_finished_make_room(void **state)
{
    struct scene *scene = *state;
    for (unsigned i = 0; i < 100; i++) {
        scene->client.address.port = (uint16_t)(3000 + i);
        call(scene);
        lwm2m_timers_step(&scene->timers);
        /* ClientHello, cookie, ClientHello with it; and then silence. */
        for (int step = 0; step < 3; step++) {
            struct datagram *datagram = &scene->queue[scene->first];
            scene->first = (scene->first + 1) % QUEUE_MAX;
            scene->count--;
            deliver(datagram->to, &datagram->from,
                    (struct lwm2m_bytes){datagram->bytes, datagram->length});
        }
        scene->count = 0;
    }
    struct lwm2m_dtls_link_statistics statistics;
    lwm2m_dtls_link_statistics_get(scene->server.link, &statistics);
    assert_int_equal(statistics.handshakes, 20);
    scene->client.address.port = 40001;
    struct lwm2m_address called = call(scene);
    assert_int_equal(say(&scene->client, &called, "honest"), LWM2M_OK);
    settle(scene);
    assert_string_equal(scene->server.heard, "honest");
}

static void a_goodbye_ends_an_association_for_both(void **state)
{
    struct scene *scene = *state;
    call(scene);
    settle(scene);
    lwm2m_dtls_link_free(scene->client.link);
    scene->client.link = NULL;
    settle(scene);
    assert_int_equal(scene->server.counts[LWM2M_DTLS_CLOSED], 1);
    assert_int_equal(associations(&scene->server), 0);
}

static void shrugs_off_what_belongs_to_nobody(void **state)
{
    struct scene *scene = *state;
    uint8_t noise[200];
    uint32_t seed = 7;
    struct lwm2m_address called = call(scene);
    settle(scene);
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
        deliver(&scene->server, &scene->client.address,
                (struct lwm2m_bytes){noise, (size_t)(i % 200)});
        scene->count = 0;
    }
    assert_int_equal(say(&scene->client, &called, "still here"), LWM2M_OK);
    settle(scene);
    assert_string_equal(scene->server.heard, "still here");
}

static void refuses_priorities_that_are_none_and_calls_without_a_key(void **state)
{
    struct scene *scene = *state;
    struct lwm2m_dtls_link_config config;
    struct lwm2m_dtls_link *link;
    struct lwm2m_address called;
    lwm2m_dtls_link_config_init(&config);
    config.timers = &scene->timers;
    config.below = &scene->client.below;
    config.credentials = scene->client.credentials;
    config.ciphers = "NONSENSE";
    assert_int_equal(lwm2m_dtls_link_new(&config, &link), LWM2M_ARGUMENT);
    assert_int_equal(lwm2m_dtls_link_call(scene->server.link, &scene->client.address, &called),
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
