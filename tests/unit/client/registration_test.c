/*
 * The registration of a device: what it says, and when, over days of virtual time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/device_fixture.h"
#include "support/hex.h"

/* With formats of its own, so that a new format of the library changes no message here. */
static struct device_fixture *new_fixture(void)
{
    static const struct lwm2m_codec *const codecs[] = {&lwm2m_codec_text, &lwm2m_codec_opaque,
                                                       &lwm2m_codec_tlv, &lwm2m_codec_senml_cbor};
    struct device_fixture *fixture = device_fixture_new();

    fixture->config.codecs = (struct lwm2m_codecs){codecs, sizeof codecs / sizeof codecs[0]};
    return fixture;
}

static struct lwm2m_path server_resource(uint16_t resource)
{
    return lwm2m_path_resource(1, 0, resource);
}

static void set(struct device_fixture *fixture, uint16_t resource, struct lwm2m_value value)
{
    struct lwm2m_object *object = lwm2m_client_find_object(fixture->client, 1);

    assert_int_equal(lwm2m_table_object_set(object, server_resource(resource), value), LWM2M_OK);
}

static void registers_and_says_what_it_has(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "REGISTERING\n"
                                         "0 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "REGISTERED /rd/a1\n");
    assert_string_equal(fixture->links, "</>;rt=\"oma.lwm2m\";ct=\"0 42 11542 112\","
                                        "</1/0>,</6/0>,</33000/0>");
    device_fixture_free(fixture);
}

/* 1.0 has the queue mode inside the binding, and no list of formats. */
static void speaks_in_the_words_of_its_version(void **state)
{
    static const struct {
        uint8_t minor;
        bool queue_mode;
        const char *binding;
        const char *queries;
    } cases[] = {
        {0, false, "U", "?ep=dev ?lt=300 ?lwm2m=1.0 ?b=U"},
        {0, true, "U", "?ep=dev ?lt=300 ?lwm2m=1.0 ?b=UQ"},
        {0, false, "UQS", "?ep=dev ?lt=300 ?lwm2m=1.0 ?b=UQS"},
        {1, true, "U", "?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U ?Q"},
        {1, false, "UQ", "?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U ?Q"},
        {2, false, "UT", "?ep=dev ?lt=300 ?lwm2m=1.2 ?b=UT"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct device_fixture *fixture = new_fixture();

        fixture->config.version.minor = cases[i].minor;
        fixture->config.queue_mode = cases[i].queue_mode;
        fixture->without_events = true;
        device_fixture_start(fixture);
        set(fixture, 7, lwm2m_value_text(cases[i].binding));
        device_fixture_run(fixture, 1000);
        assert_non_null(strstr(fixture->diary, cases[i].queries));
        assert_int_equal(strstr(fixture->links, "ct=") != NULL, cases[i].minor > 0);
        device_fixture_free(fixture);
    }
}

static void updates_in_time_and_says_nothing_new(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    fixture->without_events = true;
    device_fixture_run(fixture, 630 * 1000);
    device_fixture_assert_diary(fixture, "207 POST /rd/a1\n"
                                         "414 POST /rd/a1\n"
                                         "621 POST /rd/a1\n");
    device_fixture_free(fixture);
}

static void a_day_of_a_short_lifetime_never_lets_it_expire(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    fixture->lifetime_s = 20;
    fixture->without_events = true;
    fixture->without_messages = true;
    device_fixture_register(fixture);
    size_t before = fixture->server->received;
    device_fixture_run(fixture, 24u * 3600 * 1000);
    /* Every 10 s, and the way there and back. */
    assert_in_range(fixture->server->received - before, 24 * 360 - 40, 24 * 360);
    device_fixture_free(fixture);
}

static void an_update_carries_what_changed_at_once(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    device_fixture_expect(fixture, "PUT /1/0/1 cf=0", "3630", "2.04");
    device_fixture_run(fixture, 31 * 1000);
    device_fixture_assert_diary(fixture, "WRITTEN /1/0/1\n"
                                         "1 POST /rd/a1 ?lt=60\n"
                                         "UPDATED /rd/a1\n"
                                         "31 POST /rd/a1\n"
                                         "UPDATED /rd/a1\n");
    set(fixture, 7, lwm2m_value_text("UQ"));
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "32 POST /rd/a1 ?b=U ?Q\n"
                                         "UPDATED /rd/a1\n");
    device_fixture_free(fixture);
}

static void many_changes_make_one_update(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    fixture->without_events = true;
    for (uint16_t id = 1; id < 5; id++) {
        assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                                lwm2m_path_instance(DEMO_OBJECT, id),
                                                lwm2m_value_none()),
                         LWM2M_OK);
    }
    set(fixture, 1, lwm2m_value_integer(60));
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "1 POST /rd/a1 cf=40 ?lt=60 #107\n");
    assert_string_equal(fixture->links, "</>;rt=\"oma.lwm2m\";ct=\"0 42 11542 112\",</1/0>,</6/0>,"
                                        "</33000/0>,</33000/1>,</33000/2>,</33000/3>,</33000/4>");
    /* Writing what is there already changes nothing. */
    set(fixture, 1, lwm2m_value_integer(60));
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "");
    device_fixture_free(fixture);
}

static void an_object_without_instances_is_announced_alone(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    fixture->without_events = true;
    assert_int_equal(
        lwm2m_table_object_remove(fixture->demo.object, lwm2m_path_instance(DEMO_OBJECT, 0)),
        LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_string_equal(fixture->links,
                        "</>;rt=\"oma.lwm2m\";ct=\"0 42 11542 112\",</1/0>,</6/0>,</33000>");
    device_fixture_free(fixture);
}

static void the_update_trigger_updates_without_parameters(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    device_fixture_expect(fixture, "POST /1/0/8", "", "2.04");
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "EXECUTED /1/0/8\n"
                                         "1 POST /rd/a1\n"
                                         "UPDATED /rd/a1\n");
    device_fixture_free(fixture);
}

static void registers_again_when_the_server_forgot_it(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    fixture->update_code = lwm2m_status_code(LWM2M_STATUS_NOT_FOUND);
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    assert_int_equal(lwm2m_client_update(fixture->client, LWM2M_NO_ID), LWM2M_OK);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "OBSERVED /33000/0/1\n"
                                         "1 POST /rd/a1\n"
                                         "UPDATE_FAILED /rd/a1\n"
                                         "OBSERVATION_ENDED /33000/0/1 GONE\n"
                                         "REGISTERING\n"
                                         "1 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "REGISTERED /rd/a1\n");
    device_fixture_free(fixture);
}

static void object_1_takes_only_what_makes_sense(void **state)
{
    static const struct {
        const char *request, *hex, *answer;
    } cases[] = {
        {"PUT /1/0/1 cf=0", "30", "4.00"},   {"PUT /1/0/2 cf=0", "2d31", "4.00"},
        {"PUT /1/0/5 cf=0", "2d31", "4.00"}, {"PUT /1/0/7 cf=0", "5555", "4.00"},
        {"PUT /1/0/22 cf=0", "55", "2.04"},  {"PUT /1/0/22 cf=0", "5554", "4.00"},
        {"PUT /1/0/22 cf=0", "58", "4.00"},  {"PUT /1/0/22 cf=0", "51", "4.00"},
        {"PUT /1/0/23 cf=0", "31", "2.04"},  {"PUT /1/0/23 cf=0", "32", "4.00"},
        {"PUT /1/0/13 cf=0", "31", "4.05"}, /* these are for a bootstrap */
        {"PUT /1/0/17 cf=0", "31", "4.05"},  {"GET /1/0/17", "", "4.04"},
    };
    struct device_fixture *fixture = device_fixture_new();
    struct lwm2m_record record = {server_resource(17), lwm2m_value_integer(0), LWM2M_NO_TIME};

    (void)state;
    device_fixture_register(fixture);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        device_fixture_expect(fixture, cases[i].request, cases[i].hex, cases[i].answer);
    }
    assert_int_equal(lwm2m_client_write(fixture->client, &record), LWM2M_RANGE);
    record.value = lwm2m_value_integer(INT64_C(1) << 32);
    assert_int_equal(lwm2m_client_write(fixture->client, &record), LWM2M_RANGE);
    record.value = lwm2m_value_integer(3);
    assert_int_equal(lwm2m_client_write(fixture->client, &record), LWM2M_OK);
    device_fixture_free(fixture);
}

static void names_a_profile_instead_of_its_objects(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.version.minor = 2;
    fixture->config.profile_id = "6:27354b9a";
    fixture->without_events = true;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture,
                                "0 POST /rd ?ep=dev ?lt=300 ?lwm2m=1.2 ?b=U ?pid=6:27354b9a\n");
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                            lwm2m_path_instance(DEMO_OBJECT, 4),
                                            lwm2m_value_none()),
                     LWM2M_OK);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "");
    device_fixture_free(fixture);
}

static bool profile_has(void *context, struct lwm2m_path path)
{
    (void)context;
    return path.object != DEMO_OBJECT;
}

static void lists_what_its_profile_does_not_have(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.version.minor = 2;
    fixture->config.profile_id = "p1";
    fixture->config.profile_has = profile_has;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 1000);
    assert_string_equal(fixture->links, "</>;rt=\"oma.lwm2m\";ct=\"0 42 11542 112\",</33000/0>");
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                            lwm2m_path_instance(DEMO_OBJECT, 4),
                                            lwm2m_value_none()),
                     LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_string_equal(fixture->links,
                        "</>;rt=\"oma.lwm2m\";ct=\"0 42 11542 112\",</33000/0>,</33000/4>");
    device_fixture_free(fixture);
}

/* A server that does not know 1.2 does not know profiles, either. */
static void lists_everything_where_it_steps_down(void **state)
{
    struct device_fixture *fixture = device_fixture_new();

    (void)state;
    fixture->config.profile_id = "p1";
    device_fixture_start(fixture);
    device_fixture_run(fixture, 1000);
    assert_null(strstr(fixture->diary, "pid"));
    assert_non_null(strstr(fixture->links, "</33000/0>"));
    device_fixture_free(fixture);
}

static void steps_down_to_the_version_that_the_server_speaks(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    fixture->config.version.minor = 2;
    fixture->register_code = lwm2m_status_code(LWM2M_STATUS_PRECONDITION_FAILED);
    fixture->without_events = true;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 2500);
    device_fixture_assert_diary(fixture, "0 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.2 ?b=U #76\n"
                                         "0 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "0 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.0 ?b=U #56\n"
                                         "2 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.2 ?b=U #76\n"
                                         "2 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "2 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.0 ?b=U #56\n");
    fixture->register_code = lwm2m_status_code(LWM2M_STATUS_CREATED);
    device_fixture_run(fixture, 10000);
    assert_true(lwm2m_client_is_registered(fixture->client, 101));
    device_fixture_free(fixture);
}

static void backs_off_after_refusals(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    fixture->register_code = lwm2m_status_code(LWM2M_STATUS_FORBIDDEN);
    fixture->config.retry_most_ms = 10000;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 40000);
    fixture->without_events = true;
    device_fixture_assert_diary(fixture, "REGISTERING\n"
                                         "0 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "REGISTRATION_FAILED retry=2000\n"
                                         "REGISTERING\n"
                                         "2 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "REGISTRATION_FAILED retry=4000\n"
                                         "REGISTERING\n"
                                         "6 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "REGISTRATION_FAILED retry=8000\n"
                                         "REGISTERING\n"
                                         "14 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "REGISTRATION_FAILED retry=10000\n"
                                         "REGISTERING\n"
                                         "24 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "REGISTRATION_FAILED retry=10000\n"
                                         "REGISTERING\n"
                                         "34 POST /rd cf=40 ?ep=dev ?lt=300 ?lwm2m=1.1 ?b=U #63\n"
                                         "REGISTRATION_FAILED retry=10000\n");
    device_fixture_free(fixture);
}

static void waits_as_long_as_a_busy_server_asks(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    fixture->register_code = lwm2m_status_code(LWM2M_STATUS_SERVICE_UNAVAILABLE);
    fixture->max_age_s = 60;
    fixture->without_messages = true;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "REGISTERING\nREGISTRATION_FAILED retry=60000\n");
    device_fixture_free(fixture);
}

static void a_silent_server_and_one_without_location_are_failures(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    fixture->register_code = 0;
    fixture->config.retry_first_ms = 60000;
    fixture->without_messages = true;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 94 * 1000);
    device_fixture_assert_diary(fixture, "REGISTERING\nREGISTRATION_FAILED TIMEOUT retry=60000\n");
    fixture->register_code = lwm2m_status_code(LWM2M_STATUS_CREATED);
    fixture->without_location = true;
    device_fixture_run(fixture, 60 * 1000);
    device_fixture_assert_diary(fixture,
                                "REGISTERING\nREGISTRATION_FAILED MALFORMED retry=120000\n");
    device_fixture_free(fixture);
}

static void a_connection_that_cannot_be_opened_is_a_failure(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    fixture->open_error = LWM2M_UNREACHABLE;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "REGISTRATION_FAILED UNREACHABLE retry=2000\n");
    fixture->open_error = LWM2M_OK;
    device_fixture_run(fixture, 2000);
    assert_true(lwm2m_client_is_registered(fixture->client, 101));
    device_fixture_free(fixture);
}

static void an_update_without_answer_ends_in_a_new_registration(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    fixture->without_messages = true;
    fixture->update_code = 0;
    device_fixture_run(fixture, 300 * 1000);
    device_fixture_assert_diary(fixture, "UPDATE_FAILED /rd/a1 TIMEOUT\n"
                                         "REGISTERING\n"
                                         "REGISTERED /rd/a1\n");
    device_fixture_free(fixture);
}

static void stopping_deregisters(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    lwm2m_client_stop(fixture->client, 5000);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "1 DELETE /rd/a1\n"
                                         "DEREGISTERED /rd/a1\n"
                                         "STOPPED\n");
    /* It can be started again. */
    assert_int_equal(lwm2m_client_start(fixture->client), LWM2M_OK);
    assert_int_equal(lwm2m_client_start(fixture->client), LWM2M_STATE);
    device_fixture_run(fixture, 1000);
    assert_true(lwm2m_client_is_registered(fixture->client, 101));
    device_fixture_free(fixture);
}

static void stopping_does_not_wait_forever(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    fixture->deregister_code = 0;
    fixture->without_messages = true;
    lwm2m_client_stop(fixture->client, 5000);
    device_fixture_run(fixture, 4000);
    device_fixture_assert_diary(fixture, "");
    device_fixture_run(fixture, 2000);
    device_fixture_assert_diary(fixture, "STOPPED\n");
    device_fixture_free(fixture);
}

static void stopping_what_is_not_registered_is_done_at_once(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    fixture->open_error = LWM2M_UNREACHABLE;
    device_fixture_start(fixture);
    device_fixture_run(fixture, 1000);
    fixture->diary[0] = '\0';
    lwm2m_client_stop(fixture->client, 5000);
    device_fixture_assert_diary(fixture, "STOPPED\n");
    device_fixture_free(fixture);
}

static void a_disabled_server_is_left_alone_for_its_time(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    set(fixture, 5, lwm2m_value_integer(60));
    device_fixture_expect(fixture, "POST /1/0/4", "", "2.04");
    device_fixture_run(fixture, 30 * 1000);
    device_fixture_assert_diary(fixture, "EXECUTED /1/0/4\n"
                                         "1 DELETE /rd/a1\n"
                                         "DEREGISTERED /rd/a1 retry=60000\n");
    device_fixture_expect(fixture, "GET /33000/0/1", "", "4.01");
    device_fixture_run(fixture, 31 * 1000);
    assert_true(lwm2m_client_is_registered(fixture->client, 101));
    device_fixture_free(fixture);
}

static void offline_it_is_silent_and_back_it_updates(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    fixture->diary[0] = '\0';
    lwm2m_client_set_offline(fixture->client, true);
    device_fixture_expect(fixture, "GET /33000/0/1", "", "nothing");
    assert_int_equal(lwm2m_table_object_set(fixture->demo.object,
                                            lwm2m_path_resource(DEMO_OBJECT, 0, 1),
                                            lwm2m_value_integer(7)),
                     LWM2M_OK);
    device_fixture_run(fixture, 250 * 1000);
    device_fixture_assert_diary(fixture, "");
    lwm2m_client_set_offline(fixture->client, false);
    device_fixture_run(fixture, 1000);
    assert_non_null(strstr(fixture->diary, " POST /rd/a1\n"));
    assert_non_null(strstr(fixture->diary, " NON 2.05 obs=1 cf=0 #1\n"));
    device_fixture_free(fixture);
}

static void a_restart_registers_anew_and_forgets_observations(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    device_fixture_register(fixture);
    device_fixture_expect(fixture, "GET /33000/0/1 obs=0", "", "2.05 obs=0 cf=0 #2");
    device_fixture_expect(fixture, "PUT /33000/0/1 ?pmin=5", "", "2.04");
    fixture->without_messages = true;
    fixture->diary[0] = '\0';
    lwm2m_client_restart(fixture->client);
    device_fixture_run(fixture, 1000);
    device_fixture_assert_diary(fixture, "OBSERVATION_ENDED /33000/0/1 GONE\n"
                                         "REGISTERING\n"
                                         "REGISTERED /rd/a1\n");
    device_fixture_expect(fixture, "GET /33000/0/1 accept=40", "", "2.05 cf=40 #12");
    device_fixture_free(fixture);
}

static void without_an_account_there_is_nothing_to_start(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    assert_int_equal(lwm2m_client_new(&fixture->config, &fixture->client), LWM2M_OK);
    lwm2m_client_attach(fixture->client, lwm2m_endpoint_transport(fixture->endpoint));
    assert_int_equal(lwm2m_client_start(fixture->client), LWM2M_NOT_FOUND);
    device_fixture_free(fixture);
}

static void a_configuration_without_a_name_is_refused(void **state)
{
    struct device_fixture *fixture = new_fixture();

    (void)state;
    fixture->config.endpoint_name = "";
    assert_int_equal(lwm2m_client_new(&fixture->config, &fixture->client), LWM2M_ARGUMENT);
    fixture->config.endpoint_name = NULL;
    assert_int_equal(lwm2m_client_new(&fixture->config, &fixture->client), LWM2M_ARGUMENT);
    fixture->config.endpoint_name = "dev";
    fixture->config.version.minor = 3;
    assert_int_equal(lwm2m_client_new(&fixture->config, &fixture->client), LWM2M_ARGUMENT);
    device_fixture_free(fixture);
}

/* A lost account takes its registration with it, an added one registers. */
static void follows_the_accounts_in_objects_0_and_1(void **state)
{
    struct device_fixture *fixture = new_fixture();
    struct lwm2m_object *servers;

    (void)state;
    device_fixture_register(fixture);
    fixture->without_messages = true;
    servers = lwm2m_client_find_object(fixture->client, 1);
    assert_int_equal(lwm2m_table_object_remove(servers, lwm2m_path_instance(1, 0)), LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_false(lwm2m_client_is_registered(fixture->client, 101));
    device_fixture_expect(fixture, "GET /33000/0/1", "", "4.01");
    assert_int_equal(
        lwm2m_server_object_add(servers,
                                &(struct lwm2m_server_account){
                                    .instance = 3, .ssid = 101, .lifetime_s = 60, .binding = "U"}),
        LWM2M_OK);
    device_fixture_run(fixture, 1000);
    assert_true(lwm2m_client_is_registered(fixture->client, 101));
    device_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_and_says_what_it_has),
        cmocka_unit_test(speaks_in_the_words_of_its_version),
        cmocka_unit_test(updates_in_time_and_says_nothing_new),
        cmocka_unit_test(a_day_of_a_short_lifetime_never_lets_it_expire),
        cmocka_unit_test(an_update_carries_what_changed_at_once),
        cmocka_unit_test(many_changes_make_one_update),
        cmocka_unit_test(an_object_without_instances_is_announced_alone),
        cmocka_unit_test(the_update_trigger_updates_without_parameters),
        cmocka_unit_test(registers_again_when_the_server_forgot_it),
        cmocka_unit_test(object_1_takes_only_what_makes_sense),
        cmocka_unit_test(names_a_profile_instead_of_its_objects),
        cmocka_unit_test(lists_what_its_profile_does_not_have),
        cmocka_unit_test(lists_everything_where_it_steps_down),
        cmocka_unit_test(steps_down_to_the_version_that_the_server_speaks),
        cmocka_unit_test(backs_off_after_refusals),
        cmocka_unit_test(waits_as_long_as_a_busy_server_asks),
        cmocka_unit_test(a_silent_server_and_one_without_location_are_failures),
        cmocka_unit_test(a_connection_that_cannot_be_opened_is_a_failure),
        cmocka_unit_test(an_update_without_answer_ends_in_a_new_registration),
        cmocka_unit_test(stopping_deregisters),
        cmocka_unit_test(stopping_does_not_wait_forever),
        cmocka_unit_test(stopping_what_is_not_registered_is_done_at_once),
        cmocka_unit_test(a_disabled_server_is_left_alone_for_its_time),
        cmocka_unit_test(offline_it_is_silent_and_back_it_updates),
        cmocka_unit_test(a_restart_registers_anew_and_forgets_observations),
        cmocka_unit_test(without_an_account_there_is_nothing_to_start),
        cmocka_unit_test(a_configuration_without_a_name_is_refused),
        cmocka_unit_test(follows_the_accounts_in_objects_0_and_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
