/*
 * Tests of lib/server/server.c: the configuration, and what the server answers to whatever arrives.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/server_fixture.h"

static int set_up(void **state)
{
    *state = server_fixture_new();
    return 0;
}

static int tear_down(void **state)
{
    server_fixture_free(*state);
    return 0;
}

static void refuses_a_configuration_without_the_necessary(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->config.timers = NULL;
    assert_int_equal(lwm2m_server_new(&fixture->config, &fixture->server), LWM2M_ARGUMENT);
    fixture->config.timers = &fixture->timers;
    fixture->config.size = 0;
    assert_int_equal(lwm2m_server_new(&fixture->config, &fixture->server), LWM2M_ARGUMENT);
    assert_null(fixture->server);
}

static void survives_the_failure_of_every_allocation(void **state)
{
    struct server_fixture *fixture = *state;
    enum lwm2m_error error = LWM2M_NO_MEMORY;

    for (size_t allowed = 0; error; allowed++) {
        virtual_port_fail_after(&fixture->port, allowed);
        error = lwm2m_server_new(&fixture->config, &fixture->server);
        assert_true(error == LWM2M_OK || error == LWM2M_NO_MEMORY);
        assert_true(allowed < 10);
    }
    virtual_port_fail_after(&fixture->port, SIZE_MAX);
}

static void answers_everything_that_it_does_not_serve(void **state)
{
    static const struct {
        const char *request, *answer;
    } rows[] = {
        {"GET /", "4.04 "},
        {"GET /rd", "4.05 "},
        {"PUT /rd", "4.05 "},
        {"DELETE /rd", "4.05 "},
        {"GET /rd/AAAAAAAAAAAAAAAAAAAAAA", "4.05 "},
        {"FETCH /rd", "4.05 "},
        {"POST /rd/AAAAAAAAAAAAAAAAAAAAAA", "4.04 "},
        {"DELETE /rd/x", "4.04 "},
        {"POST /rd/x/y", "4.04 "},
        {"POST /rd/x/y/z", "4.04 "},
        {"POST /dp", "4.04 "},
        {"POST /bs?ep=a", "4.04 "},
        {"POST /RD?ep=a", "4.04 "},
        {"POST /.well-known/core", "4.05 "},
        {"GET /.well-known", "4.04 "},
        {"GET /3/0", "4.04 "},
    };
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lwm2m_incoming *incoming = stand_in_transport_send(
            &fixture->transport, fixture->peer, rows[i].request, LWM2M_NO_FORMAT, NULL);
        if (strcmp(incoming->text, rows[i].answer) != 0) {
            fail_msg("%s: %s", rows[i].request, incoming->text);
        }
    }
    assert_int_equal(fixture->peer->retained, 0);
}

static void tells_what_it_serves_in_few_bytes(void **state)
{
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    struct lwm2m_incoming *incoming = stand_in_transport_send(
        &fixture->transport, fixture->peer, "GET /.well-known/core", LWM2M_NO_FORMAT, NULL);
    assert_string_equal(incoming->text, "2.05  format=40");
    assert_string_equal(incoming->payload, "</rd>;rt=\"core.rd\"");
}

static void judges_options_by_whether_they_are_critical(void **state)
{
    static const struct {
        uint16_t number;
        enum lwm2m_status status;
    } rows[] = {
        {LWM2M_OPTION_IF_MATCH, LWM2M_STATUS_BAD_OPTION},
        {LWM2M_OPTION_IF_NONE_MATCH, LWM2M_STATUS_BAD_OPTION},
        {LWM2M_OPTION_URI_HOST, LWM2M_STATUS_CREATED},
        {LWM2M_OPTION_URI_PORT, LWM2M_STATUS_CREATED},
        {LWM2M_OPTION_OBSERVE, LWM2M_STATUS_CREATED},
        {LWM2M_OPTION_HOP_LIMIT, LWM2M_STATUS_CREATED},
        {9, LWM2M_STATUS_BAD_OPTION}, /* OSCORE */
        {LWM2M_OPTION_PROXY_URI, LWM2M_STATUS_PROXYING_NOT_SUPPORTED},
        {LWM2M_OPTION_PROXY_SCHEME, LWM2M_STATUS_PROXYING_NOT_SUPPORTED},
        {LWM2M_OPTION_SIZE1, LWM2M_STATUS_CREATED},
        {65001, LWM2M_STATUS_BAD_OPTION},
        {65000, LWM2M_STATUS_CREATED},
    };
    struct server_fixture *fixture = *state;

    server_fixture_start(fixture);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static const uint16_t own[] = {LWM2M_OPTION_URI_PATH, LWM2M_OPTION_URI_QUERY};
        static const char *const values[] = {"rd", "ep=a"};
        struct lwm2m_options options;
        uint8_t memory[64];
        size_t next = 0;
        lwm2m_options_init(&options, memory, sizeof memory);
        for (; next < 2 && own[next] < rows[i].number; next++) {
            lwm2m_options_append_text(&options, own[next], values[next]);
        }
        lwm2m_options_append_text(&options, rows[i].number, "x");
        for (; next < 2; next++) {
            lwm2m_options_append_text(&options, own[next], values[next]);
        }
        assert_int_equal(lwm2m_options_check(&options), LWM2M_OK);
        struct lwm2m_incoming *incoming = stand_in_transport_send_raw(
            &fixture->transport, fixture->peer, LWM2M_METHOD_POST, lwm2m_options_bytes(&options),
            lwm2m_bytes_from_text("</3/0>"));
        if (incoming->status != rows[i].status) {
            fail_msg("option %u: %s", rows[i].number, incoming->text);
        }
    }
}

static void refuses_path_and_query_longer_than_an_option_may_be(void **state)
{
    static const uint16_t numbers[] = {LWM2M_OPTION_URI_PATH, LWM2M_OPTION_URI_QUERY};
    struct server_fixture *fixture = *state;
    uint8_t value[256];

    memset(value, 'a', sizeof value);
    server_fixture_start(fixture);
    for (size_t i = 0; i < 2; i++) {
        struct lwm2m_options options;
        uint8_t memory[300];
        lwm2m_options_init(&options, memory, sizeof memory);
        lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "rd");
        lwm2m_options_append(&options, numbers[i], (struct lwm2m_bytes){value, sizeof value});
        assert_int_equal(stand_in_transport_send_raw(
                             &fixture->transport, fixture->peer, LWM2M_METHOD_POST,
                             lwm2m_options_bytes(&options), (struct lwm2m_bytes){NULL, 0})
                             ->status,
                         LWM2M_STATUS_BAD_OPTION);
    }
}

/* ---- whatever happens ---- */

#define TASKS 48
#define STEPS 20000

/* An operation or a subscription of the walk below. */
struct task {
    struct walk *walk;
    bool in_use;
    struct lwm2m_ticket *ticket;
    struct lwm2m_subscription *subscription;
};

/* Calls to the server in random order, also from within its callbacks. */
struct walk {
    struct server_fixture *fixture;
    struct task tasks[TASKS];
    size_t depth; /* of callbacks that call the server */
    size_t begun, ended;
};

static struct walk *walk;

static void act(void);

static uint32_t chance(uint32_t bound)
{
    return virtual_port_random_below(&walk->fixture->port, bound);
}

static struct lwm2m_registration *any_registration(void)
{
    static const char *const names[] = {"a", "b", "c"};

    return lwm2m_server_find(walk->fixture->server, lwm2m_bytes_from_text(names[chance(3)]));
}

/* A task in that state; NULL if the one that chance named is in the other. */
static struct task *any_task(bool in_use)
{
    struct task *task = &walk->tasks[chance(TASKS)];

    return task->in_use == in_use ? task : NULL;
}

static void end_task(struct task *task)
{
    assert_true(task->in_use);
    task->in_use = false;
    walk->ended++;
}

static void act_from_within(void)
{
    if (walk->depth >= 3 || chance(3) == 0) {
        return;
    }
    walk->depth++;
    act();
    walk->depth--;
}

static void take_outcome(void *context, const struct lwm2m_outcome *outcome)
{
    (void)outcome;
    end_task(context);
    act_from_within();
}

static void take_notification(void *context, const struct lwm2m_outcome *outcome)
{
    struct task *task = context;

    assert_true(task->in_use);
    if (outcome->error || !lwm2m_status_is_success(outcome->status)) {
        end_task(task);
    }
    act_from_within();
}

static void begin_task(struct task *task)
{
    struct lwm2m_registration *registration = any_registration();
    const struct lwm2m_path path = lwm2m_path_resource(3, 0, (uint16_t)chance(3));
    const struct lwm2m_operation read = {LWM2M_OPERATION_READ, path, LWM2M_FORMAT_TEXT,
                                         .context = task, .done = take_outcome};
    const struct lwm2m_observation_request observe = {path, LWM2M_FORMAT_TEXT, .context = task,
                                                      .on_notification = take_notification};
    enum lwm2m_error error;

    if (!registration) {
        return;
    }
    *task = (struct task){walk, true, NULL, NULL};
    if (chance(2)) {
        error = lwm2m_server_submit(walk->fixture->server, registration, &read, &task->ticket);
    } else {
        error = lwm2m_server_observe(walk->fixture->server, registration, &observe,
                                     &task->subscription);
    }
    task->in_use = error == LWM2M_OK;
    walk->begun += task->in_use;
}

static void give_up_task(struct task *task)
{
    end_task(task);
    if (task->ticket) {
        lwm2m_server_cancel(walk->fixture->server, task->ticket);
    } else {
        lwm2m_server_unsubscribe(walk->fixture->server, task->subscription);
    }
}

/* Something that a program may do at any time. */
static void act(void)
{
    struct lwm2m_registration *registration;
    struct task *task;

    switch (chance(8)) {
    default:
        if ((task = any_task(false))) {
            begin_task(task);
        }
        break;
    case 0:
    case 1:
        if ((task = any_task(true))) {
            give_up_task(task);
        }
        break;
    case 2:
        if (chance(8) == 0 && (registration = any_registration())) {
            lwm2m_server_deregister(walk->fixture->server, registration);
        }
        break;
    case 3:
        if (chance(4) == 0 && (registration = any_registration())) {
            lwm2m_server_cancel_path(walk->fixture->server, registration,
                                     chance(2) ? lwm2m_path_root() : lwm2m_path_resource(3, 0, 1),
                                     chance(2));
        }
        break;
    }
}

static void act_on_event(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    (void)fixture;
    (void)event;
    act_from_within();
}

/* Answers one of the newest requests of the server, in some way. */
static void answer_something(void)
{
    struct lwm2m_exchange *exchange = walk->fixture->transport.exchanges;

    for (uint32_t skip = chance(12); exchange && skip > 0; skip--) {
        exchange = exchange->next;
    }
    if (!exchange || !exchange->open) {
        return;
    }
    switch (chance(6)) {
    case 0:
        stand_in_exchange_fail(exchange, LWM2M_TIMEOUT);
        break;
    case 1:
        stand_in_exchange_answer(exchange, LWM2M_STATUS_NOT_FOUND, LWM2M_NO_FORMAT, NULL, -1);
        break;
    default:
        stand_in_exchange_answer(exchange, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "1",
                                 exchange->observe ? (int64_t)chance(1000) - 100 : -1);
        break;
    }
}

/* A device registers, updates or deregisters, from one of two addresses. */
static void send_something(void)
{
    static const char *const queries[] = {"ep=a&lt=60", "ep=b&lt=600", "ep=c"};
    struct lwm2m_registration *registration = any_registration();
    struct stand_in_peer *peer = chance(2) ? walk->fixture->peer : walk->fixture->other_peer;
    char request[64];

    if (!registration || chance(20) == 0) {
        server_fixture_register(walk->fixture, peer, queries[chance(3)]);
        return;
    }
    snprintf(request, sizeof request, "%s /rd/%s", chance(10) ? "POST" : "DELETE",
             registration->id);
    stand_in_transport_send(&walk->fixture->transport, peer, request, LWM2M_NO_FORMAT, NULL);
}

static void keeps_its_books_whatever_is_called_from_where(void **state)
{
    struct server_fixture *fixture = *state;
    struct walk memory = {.fixture = fixture};

    walk = &memory;
    fixture->quiet = true;
    fixture->on_event = act_on_event;
    fixture->config.max_observations = 2;
    fixture->config.max_queued = 5;
    server_fixture_start(fixture);
    for (size_t step = 0; step < STEPS; step++) {
        switch (chance(8)) {
        case 0:
            send_something();
            break;
        case 1:
            server_fixture_pass(fixture, chance(3000));
            break;
        case 2:
        case 3:
        case 4:
            answer_something();
            break;
        default:
            act();
            break;
        }
    }
    fixture->on_event = NULL;
    lwm2m_server_free(fixture->server);
    fixture->server = NULL;
    assert_true(walk->begun > STEPS / 10);
    assert_int_equal(walk->ended, walk->begun);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(refuses_a_configuration_without_the_necessary),
        TEST(survives_the_failure_of_every_allocation),
        TEST(answers_everything_that_it_does_not_serve),
        TEST(tells_what_it_serves_in_few_bytes),
        TEST(judges_options_by_whether_they_are_critical),
        TEST(refuses_path_and_query_longer_than_an_option_may_be),
        TEST(keeps_its_books_whatever_is_called_from_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
