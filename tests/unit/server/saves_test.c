/*
 * Tests of lib/server/saves.c: stores that are late, and stores that fail.
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

#define JOBS 8

/* A store that does nothing until it is told. */
struct slow_store {
    struct lwm2m_store store;
    struct {
        lwm2m_store_done *done;
        void *context;
    } jobs[JOBS];
    size_t job_count;
    size_t saved, removed;
    bool at_once; /* removals are done at once */
};

static struct slow_store store;

static void enqueue(lwm2m_store_done *done, void *context)
{
    assert_true(store.job_count < JOBS);
    store.jobs[store.job_count].done = done;
    store.jobs[store.job_count].context = context;
    store.job_count++;
}

static void save(void *context, const struct lwm2m_registration *registration,
                 lwm2m_store_done *done, void *done_context)
{
    (void)context;
    assert_int_equal(strlen(registration->id), 22);
    store.saved++;
    enqueue(done, done_context);
}

static void forget(void *context, const char *id, lwm2m_store_done *done, void *done_context)
{
    (void)context;
    assert_int_equal(strlen(id), 22);
    store.removed++;
    if (store.at_once) {
        done(done_context, LWM2M_OK);
    } else {
        enqueue(done, done_context);
    }
}

/* Finishes the job that waits for longest. */
static void complete(enum lwm2m_error error)
{
    assert_true(store.job_count > 0);
    lwm2m_store_done *done = store.jobs[0].done;
    void *context = store.jobs[0].context;

    store.job_count--;
    memmove(&store.jobs[0], &store.jobs[1], store.job_count * sizeof store.jobs[0]);
    done(context, error);
}

static int set_up(void **state)
{
    struct server_fixture *fixture = server_fixture_new();

    store = (struct slow_store){.store = {.save = save, .remove = forget}, .at_once = true};
    fixture->config.store = &store.store;
    server_fixture_start(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct server_fixture *fixture = *state;

    lwm2m_server_free(fixture->server);
    fixture->server = NULL;
    while (store.job_count > 0) {
        complete(LWM2M_OK);
    }
    server_fixture_free(fixture);
    return 0;
}

static struct lwm2m_registration *find(struct server_fixture *fixture)
{
    return lwm2m_server_find(fixture->server, lwm2m_bytes_from_text("dev"));
}

/* Registers "dev" all the way. */
static struct lwm2m_registration *registered(struct server_fixture *fixture)
{
    struct lwm2m_incoming *incoming =
        server_fixture_register(fixture, fixture->peer, "ep=dev&lt=60");

    complete(LWM2M_OK);
    assert_int_equal(incoming->status, LWM2M_STATUS_CREATED);
    fixture->diary[0] = '\0';
    return find(fixture);
}

static void answers_a_register_when_it_is_stored(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_incoming *incoming = server_fixture_register(fixture, fixture->peer, "ep=dev");

    assert_false(incoming->answered);
    assert_null(find(fixture));
    server_fixture_assert_diary(fixture, "");
    complete(LWM2M_OK);
    assert_int_equal(incoming->status, LWM2M_STATUS_CREATED);
    assert_non_null(find(fixture));
    server_fixture_assert_diary(fixture, "REGISTERED dev\n");
}

static void refuses_a_register_that_cannot_be_stored(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_incoming *incoming = server_fixture_register(fixture, fixture->peer, "ep=dev");

    complete(LWM2M_IO);
    assert_string_equal(incoming->text, "5.03  max-age=60");
    assert_null(find(fixture));
    assert_int_equal(fixture->peer->retained, 0);
    server_fixture_assert_diary(fixture, "DENIED 5.03 the registration could not be stored\n");
}

static void keeps_the_old_registration_until_the_new_one_is_stored(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *old = registered(fixture);

    server_fixture_register(fixture, fixture->other_peer, "ep=dev");
    assert_ptr_equal(find(fixture), old);
    complete(LWM2M_IO);
    assert_ptr_equal(find(fixture), old);
    server_fixture_register(fixture, fixture->other_peer, "ep=dev");
    complete(LWM2M_OK);
    assert_ptr_equal(find(fixture)->peer, &fixture->other_peer->peer);
    assert_int_equal(store.removed, 1);
    server_fixture_assert_diary(fixture, "DENIED 5.03 the registration could not be stored\n"
                                         "REPLACED dev\nREGISTERED dev\n");
}

static void takes_two_registers_of_one_name_in_the_order_of_the_store(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_incoming *first = server_fixture_register(fixture, fixture->peer, "ep=dev");
    struct lwm2m_incoming *second = server_fixture_register(fixture, fixture->other_peer, "ep=dev");

    complete(LWM2M_OK);
    complete(LWM2M_OK);
    assert_int_equal(first->status, LWM2M_STATUS_CREATED);
    assert_int_equal(second->status, LWM2M_STATUS_CREATED);
    assert_int_equal(lwm2m_server_registration_count(fixture->server), 1);
    server_fixture_assert_diary(fixture, "REGISTERED dev\nREPLACED dev\nREGISTERED dev\n");
}

static void counts_what_is_being_stored(void **state)
{
    struct server_fixture *fixture = *state;

    lwm2m_server_free(fixture->server);
    fixture->config.max_registrations = 1;
    server_fixture_start(fixture);
    struct lwm2m_incoming *first = server_fixture_register(fixture, fixture->peer, "ep=a");
    struct lwm2m_incoming *second = server_fixture_register(fixture, fixture->peer, "ep=b");
    assert_int_equal(second->status, LWM2M_STATUS_SERVICE_UNAVAILABLE);
    complete(LWM2M_OK);
    assert_int_equal(first->status, LWM2M_STATUS_CREATED);
}

static void does_not_let_nosec_overtake_a_secure_register(void **state)
{
    struct server_fixture *fixture = *state;

    fixture->peer->security = LWM2M_SECURITY_PSK;
    fixture->peer->identity = "dev";
    struct lwm2m_incoming *secure = server_fixture_register(fixture, fixture->peer, "ep=dev");
    struct lwm2m_incoming *open = server_fixture_register(fixture, fixture->other_peer, "ep=dev");
    complete(LWM2M_OK);
    complete(LWM2M_OK);
    assert_int_equal(secure->status, LWM2M_STATUS_CREATED);
    assert_int_equal(open->status, LWM2M_STATUS_FORBIDDEN);
    assert_int_equal(store.removed, 1); /* what was stored of the one refused */
}

static void answers_an_update_when_it_is_stored(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);
    struct lwm2m_incoming *incoming =
        server_fixture_update(fixture, fixture->peer, registration->id, "lt=90", NULL);

    assert_false(incoming->answered);
    assert_int_equal(registration->lifetime_s, 90);
    complete(LWM2M_OK);
    assert_int_equal(incoming->status, LWM2M_STATUS_CHANGED);
    server_fixture_assert_diary(fixture, "UPDATED dev lifetime\n");
}

static void refuses_an_update_that_cannot_be_stored(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);
    struct lwm2m_incoming *incoming =
        server_fixture_update(fixture, fixture->peer, registration->id, "lt=90", NULL);

    complete(LWM2M_IO);
    assert_int_equal(incoming->status, LWM2M_STATUS_SERVICE_UNAVAILABLE);
    server_fixture_assert_diary(fixture, "DENIED 5.03 the registration could not be stored\n"
                                         "UPDATED dev lifetime\n");
}

static void answers_not_found_when_the_registration_ended_meanwhile(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);
    struct lwm2m_incoming *incoming =
        server_fixture_update(fixture, fixture->peer, registration->id, "", NULL);

    lwm2m_server_deregister(fixture->server, registration);
    fixture->diary[0] = '\0';
    complete(LWM2M_OK);
    assert_int_equal(incoming->status, LWM2M_STATUS_NOT_FOUND);
    server_fixture_assert_diary(fixture, "DENIED 4.04 the registration has ended\n");
}

static void answers_a_deregister_when_it_is_stored(void **state)
{
    struct server_fixture *fixture = *state;
    char request[64];

    store.at_once = false;
    snprintf(request, sizeof request, "DELETE /rd/%s", registered(fixture)->id);
    struct lwm2m_incoming *incoming =
        stand_in_transport_send(&fixture->transport, fixture->peer, request, LWM2M_NO_FORMAT, NULL);
    assert_false(incoming->answered);
    assert_null(find(fixture));
    server_fixture_assert_diary(fixture, "DEREGISTERED dev by device\n");
    complete(LWM2M_IO);
    assert_string_equal(incoming->text, "5.03 ");
}

static void drops_who_waits_when_the_server_is_freed(void **state)
{
    struct server_fixture *fixture = *state;
    struct lwm2m_registration *registration = registered(fixture);
    struct lwm2m_incoming *update =
        server_fixture_update(fixture, fixture->peer, registration->id, "", NULL);
    struct lwm2m_incoming *another = server_fixture_register(fixture, fixture->peer, "ep=other");

    lwm2m_server_free(fixture->server);
    fixture->server = NULL;
    assert_true(update->dropped);
    assert_true(another->dropped);
    assert_int_equal(fixture->peer->retained, 0);
    complete(LWM2M_OK);
    complete(LWM2M_IO);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(answers_a_register_when_it_is_stored),
        TEST(refuses_a_register_that_cannot_be_stored),
        TEST(keeps_the_old_registration_until_the_new_one_is_stored),
        TEST(takes_two_registers_of_one_name_in_the_order_of_the_store),
        TEST(counts_what_is_being_stored),
        TEST(does_not_let_nosec_overtake_a_secure_register),
        TEST(answers_an_update_when_it_is_stored),
        TEST(refuses_an_update_that_cannot_be_stored),
        TEST(answers_not_found_when_the_registration_ended_meanwhile),
        TEST(answers_a_deregister_when_it_is_stored),
        TEST(drops_who_waits_when_the_server_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
