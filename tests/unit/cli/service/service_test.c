/*
 * Requests of the control protocol, run against a server engine whose devices are the test.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/service.h"
#include "support/server_fixture.h"

#define TRANSCRIPT_MAX 16384

struct bench {
    struct server_fixture *fixture;
    struct service *service;
    struct responder responder;
    void *connection;
    char transcript[TRANSCRIPT_MAX]; /* what the client got, a line each */
};

/* The fixture's callback has no context of its own. */
static struct bench *bench_of_events;

static void on_event(struct server_fixture *fixture, const struct lwm2m_server_event *event)
{
    (void)fixture;
    if (bench_of_events->service != NULL) {
        service_on_event(bench_of_events->service, event);
    }
}

/* Notes a line without what differs from run to run. */
static void note_line(void *context, const cJSON *line)
{
    static const char *const varying[] = {"op_id", "rtt_ms", "ts", "rid", "id", "retx"};
    struct bench *bench = context;
    cJSON *copy = cJSON_Duplicate(line, true);
    cJSON *result = cJSON_GetObjectItemCaseSensitive(copy, "result");
    for (size_t i = 0; result != NULL && i < sizeof(varying) / sizeof(varying[0]); i++) {
        cJSON_DeleteItemFromObjectCaseSensitive(result, varying[i]);
    }
    char *text = cJSON_PrintUnformatted(copy);
    size_t length = strlen(bench->transcript);
    snprintf(bench->transcript + length, sizeof(bench->transcript) - length, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(copy);
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    struct responder_output output = {.context = bench, .line = note_line};
    bench->fixture = server_fixture_new();
    bench->fixture->config.definitions = &lwm2m_registry;
    bench->fixture->on_event = on_event;
    bench->service = service_new(&lwm2m_registry, &bench->fixture->timers);
    bench_of_events = bench;
    server_fixture_start(bench->fixture);
    service_set_server(bench->service, bench->fixture->server);
    bench->responder = service_responder(bench->service);
    bench->connection = bench->responder.open(bench->responder.context, &output);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    struct service *service = bench->service;
    if (bench->connection != NULL) {
        bench->responder.close(bench->connection);
    }
    bench->service = NULL;
    service_free(service);
    server_fixture_free(bench->fixture);
    free(bench);
    return 0;
}

static void ask(struct bench *bench, const char *text)
{
    cJSON *request = cJSON_Parse(text);
    assert_non_null(request);
    bench->responder.request(bench->connection, request);
    cJSON_Delete(request);
}

static void assert_heard(struct bench *bench, const char *expected)
{
    assert_string_equal(bench->transcript, expected);
    bench->transcript[0] = '\0';
}

/* Asserts that the transcript holds a text, and empties it. */
static void assert_heard_of(struct bench *bench, const char *part)
{
    if (strstr(bench->transcript, part) == NULL) {
        fail_msg("'%s' is not in:\n%s", part, bench->transcript);
    }
    bench->transcript[0] = '\0';
}

static struct lwm2m_exchange *last(struct bench *bench)
{
    return stand_in_transport_last(&bench->fixture->transport);
}

static void assert_asked(struct bench *bench, const char *expected)
{
    assert_string_equal(last(bench)->text, expected);
}

static void answer_text(struct bench *bench, const char *text)
{
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, text, -1);
}

static void answer(struct bench *bench, enum lwm2m_status status)
{
    stand_in_exchange_answer(last(bench), status, LWM2M_NO_FORMAT, NULL, -1);
}

static void registered(struct bench *bench)
{
    server_fixture_registered(bench->fixture, "1.0");
}

/* ---- requests as such ---- */

static void refuses_requests_that_make_no_sense(void **state)
{
    static const struct {
        const char *request;
        const char *message;
    } rows[] = {
        {"{\"id\":1}", "a request needs an \\\"op\\\""},
        {"{\"id\":1,\"op\":\"raed\"}", "unknown operation 'raed'; did you mean 'read'?"},
        {"{\"id\":1,\"op\":\"read\"}", "read needs a path"},
        {"{\"id\":1,\"op\":\"read\",\"paths\":[]}", "read needs a path"},
        {"{\"id\":1,\"op\":\"read\",\"paths\":[5]}", "must be a string or an array of strings"},
        {"{\"id\":1,\"op\":\"read\",\"paths\":\"/3/x\"}", "'/3/x' is no path"},
        {"{\"id\":1,\"op\":\"read\",\"paths\":\"/\"}", "read /: it needs /OBJECT to "},
        {"{\"id\":1,\"op\":\"exec\",\"path\":\"/3/0\"}",
         "exec /3/0: it needs /OBJECT/INSTANCE/RESOURCE"},
        {"{\"id\":1,\"op\":\"exec\",\"path\":\"/3/0/4\",\"arguments\":\"x\"}",
         "'x' are no arguments of an Execute"},
        {"{\"id\":1,\"op\":\"read\",\"paths\":\"/3\",\"format\":\"xml\"}", "unknown format 'xml'"},
        {"{\"id\":1,\"op\":\"read\",\"paths\":\"/3\",\"timeout_ms\":0}", "timeout_ms"},
        {"{\"id\":1,\"op\":\"read\",\"paths\":\"/3\",\"ep\":[{}]}", "\\\"ep\\\" must be a string"},
        {"{\"id\":1,\"op\":\"write\"}", "write needs \\\"values\\\""},
        {"{\"id\":1,\"op\":\"write\",\"values\":[{}],\"mode\":\"x\"}",
         "must be auto, replace or update"},
        {"{\"id\":1,\"op\":\"events\",\"types\":\"birth\"}", "unknown type of event 'birth'"},
        {"{\"id\":1,\"op\":\"events\",\"since\":\"now\"}", "'now' is no id of an event"},
        {"{\"id\":1,\"op\":\"wait\",\"for\":\"rain\"}", "'rain' is none of registered"},
        {"{\"id\":1,\"op\":\"wait\",\"for\":\"/3/0>1\"}", "is not the path of a resource"},
        {"{\"id\":1,\"op\":\"stop\"}", "\\\"target\\\" must be the id of a request"},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ask(bench, rows[i].request);
        if (strstr(bench->transcript, "\"exit\":2,\"class\":\"usage\"") == NULL) {
            fail_msg("%s: %s", rows[i].request, bench->transcript);
        }
        assert_heard_of(bench, rows[i].message);
    }
    assert_int_equal(bench->fixture->transport.exchange_count, 0);
}

static void keeps_ids_apart(void **state)
{
    struct bench *bench = *state;
    ask(bench, "{\"id\":1,\"op\":\"events\"}");
    ask(bench, "{\"id\":1,\"op\":\"events\"}");
    assert_heard_of(bench, "a request with this id is under way already");
    for (int id = 2; id <= RESPONDER_REQUESTS_MAX; id++) {
        char request[64];
        snprintf(request, sizeof(request), "{\"id\":%d,\"op\":\"events\"}", id);
        ask(bench, request);
    }
    assert_heard(bench, "");
    ask(bench, "{\"id\":999,\"op\":\"status\"}");
    assert_heard_of(bench, "256 requests are under way already");
}

static void tells_its_status(void **state)
{
    struct bench *bench = *state;
    assert_true(service_add_listener(bench->service, "coap://[::]:5683"));
    registered(bench);
    server_fixture_pass(bench->fixture, 2500);
    ask(bench, "{\"id\":1,\"op\":\"status\"}");
    assert_heard_of(bench, "\"op\":\"status\",\"uptime_s\":2,\"endpoints\":1,"
                           "\"listen\":[\"coap://[::]:5683\"],\"version\":");
}

/* ---- which device ---- */

static void acts_on_the_only_device(void **state)
{
    struct bench *bench = *state;
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3/0/0\"}");
    assert_heard(bench, "{\"id\":1,\"done\":{\"exit\":4,\"class\":\"registration\",\"msg\":\"no "
                        "device is registered\",\"hint\":\"'lwm2m wait' waits for a device to "
                        "register\"}}\n");
    registered(bench);
    ask(bench,
        "{\"id\":2,\"op\":\"read\",\"paths\":\"/Device/0/Manufacturer\",\"format\":\"text\"}");
    assert_asked(bench, "GET /3/0/0 accept=0");
    answer_text(bench, "Acme");
    assert_heard(bench,
                 "{\"id\":2,\"result\":{\"v\":1,\"op\":\"read\",\"ep\":\"dev\",\"path\":\"/3/"
                 "0/0\",\"code\":\"2.05\",\"ok\":true,\"type\":\"string\",\"value\":\"Acme\","
                 "\"name\":\"Manufacturer\",\"format\":\"text\"},\"printed\":\"Acme\"}\n"
                 "{\"id\":2,\"done\":{\"exit\":0}}\n");
}

static void names_the_choices_when_there_are_several(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    server_fixture_register(bench->fixture, bench->fixture->other_peer, "ep=other&lt=60");
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3/0/0\"}");
    assert_heard_of(bench,
                    "\"exit\":2,\"class\":\"usage\",\"msg\":\"2 devices are registered: dev, "
                    "other\",\"hint\":\"choose with -e NAME, -e 'GLOB' or --all\"");
}

static void says_that_a_name_is_not_registered(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"read\",\"ep\":\"dex\",\"paths\":\"/3/0/0\"}");
    assert_heard(bench,
                 "{\"id\":1,\"done\":{\"exit\":4,\"class\":\"registration\",\"msg\":\"dex is "
                 "not registered\",\"hint\":\"did you mean 'dev'? 'lwm2m list' shows "
                 "all\"}}\n");
    ask(bench, "{\"id\":2,\"op\":\"read\",\"ep\":\"x*\",\"paths\":\"/3/0/0\"}");
    assert_heard_of(bench, "no registered device matches 'x*'");
}

static void runs_several_devices_side_by_side(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    server_fixture_register(bench->fixture, bench->fixture->other_peer, "ep=other&lt=60");
    ask(bench, "{\"id\":1,\"op\":\"read\",\"ep\":[\"dev\",\"*\",\"d?v\",\"gone\"],"
               "\"paths\":\"/3/0/0\",\"format\":\"text\"}");
    assert_int_equal(bench->fixture->transport.exchange_count, 2);
    struct lwm2m_exchange *other = last(bench);
    stand_in_exchange_answer(other->next, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "A", -1);
    stand_in_exchange_answer(other, LWM2M_STATUS_NOT_FOUND, LWM2M_NO_FORMAT, NULL, -1);
    assert_heard_of(bench, "\"exit\":11,\"class\":\"group\",\"msg\":\"2 of 3 devices failed");
}

static void gives_the_common_code_when_all_fail_alike(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    server_fixture_register(bench->fixture, bench->fixture->other_peer, "ep=other&lt=60");
    ask(bench, "{\"id\":1,\"op\":\"exec\",\"all\":true,\"path\":\"/3/0/4\"}");
    struct lwm2m_exchange *other = last(bench);
    stand_in_exchange_answer(other->next, LWM2M_STATUS_UNAUTHORIZED, LWM2M_NO_FORMAT, NULL, -1);
    stand_in_exchange_answer(other, LWM2M_STATUS_UNAUTHORIZED, LWM2M_NO_FORMAT, NULL, -1);
    assert_heard_of(bench, "\"exit\":3,\"class\":\"device\",\"msg\":\"2 of 2 devices failed");
}

/* ---- failures ---- */

static void explains_what_a_device_answers(void **state)
{
    static const struct {
        const char *path;
        enum lwm2m_status status;
        const char *message;
    } rows[] = {
        {"/3/0/99", LWM2M_STATUS_NOT_FOUND,
         "dev: read /3/0/99: 4.04 Not Found (resource not in object 3 v1.0; try 'lwm2m tree -e dev "
         "/3')"},
        {"/3/0/0", LWM2M_STATUS_NOT_FOUND,
         "the device has no such resource now; try 'lwm2m tree -e dev /3'"},
        {"/5/0/3", LWM2M_STATUS_NOT_FOUND, "the device did not register object 5"},
        {"/3/0/4", LWM2M_STATUS_METHOD_NOT_ALLOWED, "by the object model, Reboot is executable"},
        {"/3/0", LWM2M_STATUS_UNAUTHORIZED, "access control"},
        {"/3/0", LWM2M_STATUS_NOT_ACCEPTABLE, "try another format"},
        {"/3/0", LWM2M_STATUS_SERVICE_UNAVAILABLE, "try again later"},
        {"/3/0", LWM2M_STATUS_INTERNAL_SERVER_ERROR,
         "dev: read /3/0: 5.00 Internal Server Error\""},
    };
    struct bench *bench = *state;
    registered(bench);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char request[128];
        snprintf(request, sizeof(request), "{\"id\":1,\"op\":\"read\",\"paths\":\"%s\"}",
                 rows[i].path);
        ask(bench, request);
        answer(bench, rows[i].status);
        if (strstr(bench->transcript, "\"exit\":3,\"class\":\"device\"") == NULL) {
            fail_msg("%s", bench->transcript);
        }
        assert_heard_of(bench, rows[i].message);
    }
}

static void tells_transport_failures_apart(void **state)
{
    static const struct {
        enum lwm2m_error error;
        const char *end;
    } rows[] = {
        {LWM2M_TIMEOUT, "\"exit\":5,\"class\":\"timeout\",\"msg\":\"dev: read /3/0/0: no answer"},
        {LWM2M_UNREACHABLE,
         "\"exit\":6,\"class\":\"transport\",\"msg\":\"dev: read /3/0/0: nothing "
         "listens"},
        {LWM2M_RESET, "\"exit\":6,\"class\":\"transport\""},
        {LWM2M_TOO_LARGE, "\"exit\":10,\"class\":\"io\""},
        {LWM2M_SECURITY, "\"exit\":7,\"class\":\"security\""},
    };
    struct bench *bench = *state;
    registered(bench);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3/0/0\"}");
        stand_in_exchange_fail(last(bench), rows[i].error);
        assert_heard_of(bench, rows[i].end);
    }
}

static void gives_up_when_the_time_is_over(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3/0/0\",\"timeout_ms\":1500}");
    server_fixture_pass(bench->fixture, 1400);
    assert_heard(bench, "");
    server_fixture_pass(bench->fixture, 200);
    assert_heard_of(bench, "dev: read /3/0/0: no answer within 1.5 s");
}

static void ends_when_the_registration_ends(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3/0/0\",\"timeout_ms\":200000}");
    server_fixture_pass(bench->fixture, 61000);
    assert_heard_of(bench, "\"exit\":4,\"class\":\"registration\",\"msg\":\"dev: read /3/0/0: its "
                           "registration ended meanwhile\"");
}

static void says_where_an_answer_is_malformed(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3/0\"}");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TLV, "\xc8", -1);
    assert_heard_of(bench,
                    "\"exit\":8,\"class\":\"decode\",\"msg\":\"dev: read /3/0: the answer is "
                    "no valid tlv: offset ");
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3/0\"}");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, 50, "{}", -1);
    assert_heard_of(bench, "the device answered in content format 50, which is not known here");
}

static void goes_on_behind_a_path_that_failed(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":[\"/3/0/1\",\"/3/0/0\"],\"format\":\"text\"}");
    answer(bench, LWM2M_STATUS_NOT_FOUND);
    assert_asked(bench, "GET /3/0/0 accept=0");
    answer_text(bench, "Acme");
    assert_heard_of(bench, "\"printed\":\"Acme\"}\n{\"id\":1,\"done\":{\"exit\":3");
}

static void says_that_a_format_cannot_carry_it(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3\",\"format\":\"text\"}");
    assert_heard_of(bench, "\"exit\":12,\"class\":\"unsupported\",\"msg\":\"dev: read /3: not "
                           "supported\",\"hint\":\"the format does not carry this: leave -f out");
    assert_int_equal(bench->fixture->transport.exchange_count, 0);
}

/* ---- composite operations ---- */

#define READ_TWO "{\"id\":1,\"op\":\"read\",\"paths\":[\"/3/0/0\",\"/1/0/99\"]}"

static void answer_acme(struct bench *bench)
{
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_SENML_CBOR,
                             "\x81\xa2\x21\x66/3/0/0\x03\x64"
                             "Acme",
                             -1);
}

static void reads_several_paths_together(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":[\"/3/0/0\",\"/3/0\"]}");
    assert_asked(bench, "FETCH  format=112 accept=112");
    answer_acme(bench);
    assert_heard(bench,
                 "{\"id\":1,\"result\":{\"v\":1,\"op\":\"read\",\"ep\":\"dev\",\"path\":\"/3/0/"
                 "0\",\"code\":\"2.05\",\"ok\":true,\"type\":\"string\",\"value\":\"Acme\","
                 "\"name\":\"Manufacturer\",\"format\":\"senml-cbor\"},\"printed\":\"Acme\"}\n"
                 "{\"id\":1,\"done\":{\"exit\":0}}\n");
    assert_int_equal(bench->fixture->transport.exchange_count, 1);
}

static void asks_again_for_what_was_left_out(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, READ_TWO);
    answer_acme(bench);
    assert_asked(bench, "GET /1/0/99 accept=112");
    answer(bench, LWM2M_STATUS_NOT_FOUND);
    assert_heard_of(bench, "\"path\":\"/1/0/99\",\"code\":\"4.04\",\"ok\":false");
}

static void prints_values_in_the_order_of_the_paths(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":[\"/3/0/9\",\"/3/0/1\",\"/3/0/0\"]}");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_SENML_CBOR,
                             "\x82\xa2\x21\x66/3/0/0\x03\x64"
                             "Acme\xa2\x21\x66/3/0/9\x02\x18\x57",
                             -1);
    assert_asked(bench, "GET /3/0/1 accept=112");
    answer(bench, LWM2M_STATUS_NOT_FOUND);
    const char *first = strstr(bench->transcript, "\"path\":\"/3/0/9\"");
    const char *second = strstr(bench->transcript, "\"path\":\"/3/0/1\"");
    const char *third = strstr(bench->transcript, "\"path\":\"/3/0/0\"");
    assert_true(first != NULL && first < second && second < third);
}

static void reads_one_path_after_the_other_where_a_device_refuses_all(void **state)
{
    static const enum lwm2m_status refusals[] = {
        LWM2M_STATUS_METHOD_NOT_ALLOWED, LWM2M_STATUS_NOT_IMPLEMENTED,
        LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT, LWM2M_STATUS_NOT_FOUND};
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        ask(bench, READ_TWO);
        assert_asked(bench, "FETCH  format=112 accept=112");
        answer(bench, refusals[i]);
        assert_heard(bench, "");
        assert_asked(bench, "GET /3/0/0 accept=112");
        answer_acme(bench);
        assert_asked(bench, "GET /1/0/99 accept=112");
        answer(bench, LWM2M_STATUS_NOT_FOUND);
        assert_heard_of(bench, "\"done\":{\"exit\":3");
    }
}

static void does_not_ask_more_of_a_device_that_is_busy_or_silent(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, READ_TWO);
    answer(bench, LWM2M_STATUS_SERVICE_UNAVAILABLE);
    assert_heard(
        bench,
        "{\"id\":1,\"result\":{\"v\":1,\"op\":\"read\",\"ep\":\"dev\",\"code\":\"5.03\",\"ok\":"
        "false,\"error\":{\"class\":\"device\",\"exit\":3,\"msg\":\"Service Unavailable\","
        "\"detail\":\"the device is busy; try again later\"}}}\n"
        "{\"id\":1,\"done\":{\"exit\":3,\"class\":\"device\",\"msg\":\"dev: read: 5.03 Service "
        "Unavailable (the device is busy; try again later)\"}}\n");
    ask(bench, READ_TWO);
    stand_in_exchange_fail(last(bench), LWM2M_TIMEOUT);
    assert_heard_of(bench, "\"done\":{\"exit\":5");
    assert_int_equal(bench->fixture->transport.exchange_count, 2);
}

static void reads_one_path_after_the_other_on_request_and_with_1_0(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, READ_TWO);
    assert_asked(bench, "GET /3/0/0 accept=11542");
    ask(bench, "{\"id\":2,\"op\":\"stop\",\"target\":1}");
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":[\"/3/0/0\",\"/1/0/99\"],\"composite\":false}");
    assert_asked(bench, "GET /3/0/0 accept=112");
    ask(bench, "{\"id\":2,\"op\":\"stop\",\"target\":1}");
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":[\"/3/0/0\",\"/1/0/99\"],\"format\":\"tlv\"}");
    assert_asked(bench, "GET /3/0/0 accept=11542");
}

#define WRITE_TWO(more)                                                                            \
    "{\"id\":1,\"op\":\"write\",\"values\":[{\"path\":\"/3/0/14\",\"value\":\"Z\"},{\"path\":\"/"  \
    "1/0/"                                                                                         \
    "1\",\"value\":\"60\"}]" more "}"

static void writes_values_of_several_instances_together(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, WRITE_TWO(""));
    assert_asked(bench, "iPATCH  format=112");
    answer(bench, LWM2M_STATUS_CHANGED);
    assert_heard(bench,
                 "{\"id\":1,\"result\":{\"v\":1,\"op\":\"write\",\"ep\":\"dev\",\"path\":\"/3/0/"
                 "14\",\"code\":\"2.04\",\"ok\":true}}\n"
                 "{\"id\":1,\"result\":{\"v\":1,\"op\":\"write\",\"ep\":\"dev\",\"path\":\"/1/0/"
                 "1\",\"code\":\"2.04\",\"ok\":true}}\n"
                 "{\"id\":1,\"done\":{\"exit\":0}}\n");
    ask(bench, WRITE_TWO(",\"dry_run\":true"));
    assert_heard_of(bench, "\"message\":\"CON iPATCH senml-cbor ");
}

/* One by one, some values would be written and others not. */
static void does_not_write_one_by_one_what_a_device_refused_together(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, WRITE_TWO(""));
    answer(bench, LWM2M_STATUS_METHOD_NOT_ALLOWED);
    assert_heard_of(bench, "dev: write: 4.05 Method Not Allowed (nothing was written; "
                           "--no-composite writes one instance after the other");
    assert_int_equal(bench->fixture->transport.exchange_count, 1);
}

static void writes_one_instance_after_the_other_where_nothing_else_is_possible(void **state)
{
    static const char *const more[] = {",\"composite\":false", ",\"mode\":\"replace\"",
                                       ",\"format\":\"tlv\""};
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        char request[400];
        snprintf(request, sizeof(request), "%.*s%s}", (int)strlen(WRITE_TWO("")) - 1, WRITE_TWO(""),
                 more[i]);
        ask(bench, request);
        assert_memory_equal(last(bench)->text, "PUT /3/0/14 ", 12);
        answer(bench, LWM2M_STATUS_CHANGED);
        assert_memory_equal(last(bench)->text, "PUT /1/0/1 ", 11);
        answer(bench, LWM2M_STATUS_CHANGED);
        assert_heard_of(bench, "\"done\":{\"exit\":0}");
    }
    registered(bench);
    ask(bench, WRITE_TWO(""));
    assert_asked(bench, "PUT /3/0/14 format=11542");
}

#define OBSERVE_TWO(id, first, second, more)                                                       \
    "{\"id\":" id ",\"op\":\"observe\",\"paths\":[\"" first "\",\"" second                         \
    "\"],\"composite\":true" more "}"

static void observes_several_paths_together(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, OBSERVE_TWO("1", "/3/0/0", "/3/0/9", ""));
    assert_asked(bench, "FETCH observe=0  format=112 accept=112");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_SENML_CBOR,
                             "\x82\xa3\x21\x66/3/0/0\x22\x1a\x6a\x10\x11\x12\x03\x64"
                             "Acme"
                             "\xa2\x21\x66/3/0/9\x02\x18\x57",
                             1);
    assert_heard(
        bench, "{\"id\":1,\"result\":{\"v\":1,\"event\":\"notify\",\"ep\":\"dev\",\"path\":\"/3/0/"
               "0\",\"seq\":1,\"type\":\"string\",\"value\":\"Acme\",\"name\":\"Manufacturer\","
               "\"t_dev\":\"2026-05-22T08:17:22.000Z\",\"format\":\"senml-cbor\",\"more\":true},"
               "\"printed\":\"Acme\"}\n"
               "{\"id\":1,\"result\":{\"v\":1,\"event\":\"notify\",\"ep\":\"dev\",\"path\":\"/3/0/"
               "9\",\"seq\":1,\"type\":\"int\",\"value\":87,\"unit\":\"%\",\"name\":\"Battery "
               "Level\",\"t_dev\":\"2026-05-22T08:17:22.000Z\",\"format\":\"senml-cbor\"},"
               "\"printed\":\"87\"}\n");
}

static void tells_of_a_notification_without_values(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, OBSERVE_TWO("1", "/44/0/0", "/45/0/0", ""));
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_SENML_CBOR, "\x80", 1);
    assert_heard(bench,
                 "{\"id\":1,\"result\":{\"v\":1,\"event\":\"notify\",\"ep\":\"dev\",\"path\":\"/\","
                 "\"seq\":1,\"type\":\"none\",\"value\":null,\"format\":\"senml-cbor\"}}\n");
}

static void shares_a_composite_observation_whatever_the_order(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.2");
    ask(bench, "{\"id\":9,\"op\":\"events\",\"types\":[\"notify\"]}");
    ask(bench, OBSERVE_TWO("1", "/3/0/0", "/3/0/9", ""));
    ask(bench, OBSERVE_TWO("2", "/3/0/9", "/3/0/0", ""));
    assert_int_equal(bench->fixture->transport.exchange_count, 1);
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_SENML_CBOR,
                             "\x81\xa2\x21\x66/3/0/9\x02\x18\x57", 1);
    /* Two that listen, and one event of it. */
    size_t events = 0;
    for (const char *at = bench->transcript; (at = strstr(at, "{\"id\":9")) != NULL; at++) {
        events++;
    }
    assert_int_equal(events, 1);
    assert_heard_of(bench, "{\"id\":1,\"result\"");
    ask(bench, OBSERVE_TWO("3", "/3/0/0", "/3/0/9", ",\"attributes\":[\"pmin=5\"]"));
    assert_asked(bench, "FETCH observe=0  format=112 ?pmin=5 accept=112");
}

static void says_what_an_older_device_cannot_observe(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, OBSERVE_TWO("1", "/3/0/0", "/3/0/9", ""));
    assert_heard_of(bench,
                    "\"exit\":12,\"class\":\"unsupported\",\"msg\":\"dev: observe: the device has "
                    "LwM2M 1.0, and Observe-Composite came with 1.1\"");
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, "{\"id\":1,\"op\":\"observe\",\"paths\":\"/3/0/9\",\"attributes\":\"pmin=5\"}");
    assert_heard_of(bench,
                    "the device has LwM2M 1.1, and attributes in an observation came with 1.2");
    ask(bench, "{\"id\":1,\"op\":\"observe\",\"paths\":\"/3/0/9\",\"attributes\":\"pmon=5\"}");
    assert_heard_of(bench, "observe: unknown attribute 'pmon'; did you mean 'pmin'?");
    ask(bench, OBSERVE_TWO("1", "/3/0/0", "/3/0/9", ""));
    answer(bench, LWM2M_STATUS_METHOD_NOT_ALLOWED);
    assert_heard_of(bench, "dev: observe: 4.05 Method Not Allowed (the device may not have "
                           "Observe-Composite: without --composite each path is observed alone)");
}

/* ---- what a device sends by itself ---- */

static void send_battery_level(struct bench *bench)
{
    struct lwm2m_incoming *incoming = stand_in_transport_send(
        &bench->fixture->transport, bench->fixture->peer, "POST /dp", LWM2M_FORMAT_SENML_CBOR,
        "\x82\xa2\x21\x66/3/0/9\x02\x18\x57"
        "\xa2\x21\x66/3/0/0\x03\x64"
        "Acme");
    assert_int_equal(incoming->status, LWM2M_STATUS_CHANGED);
}

static void tells_of_each_value_that_a_device_sends(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, "{\"id\":1,\"op\":\"events\",\"types\":[\"send\"]}");
    send_battery_level(bench);
    assert_non_null(
        strstr(bench->transcript,
               "\"event\":\"send\",\"ep\":\"dev\",\"path\":\"/3/0/9\",\"type\":\"int\",\"value\":"
               "87,\"unit\":\"%\",\"name\":\"Battery Level\",\"format\":\"senml-cbor\","));
    assert_non_null(strstr(bench->transcript, "\"printed\":\"87\""));
    const char *more = strstr(bench->transcript, "\"more\":true");
    const char *second = strstr(bench->transcript, "\"path\":\"/3/0/0\"");
    assert_true(more != NULL && second != NULL && more < second);
    assert_null(strstr(second, "\"more\""));
}

static void waits_for_what_a_device_sends(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, "{\"id\":1,\"op\":\"wait\",\"for\":\"/3/0/9==88\"}");
    ask(bench, "{\"id\":2,\"op\":\"wait\",\"for\":\"/3/0/9==87\"}");
    ask(bench, "{\"id\":3,\"op\":\"wait\",\"for\":\"/3/0/1==Acme\"}");
    send_battery_level(bench);
    server_fixture_pass(bench->fixture, 1);
    assert_heard(
        bench,
        "{\"id\":2,\"result\":{\"v\":1,\"op\":\"wait\",\"ep\":\"dev\",\"for\":\"/3/0/9==87\","
        "\"ok\":true}}\n{\"id\":2,\"done\":{\"exit\":0}}\n");
}

/* ---- stopping ---- */

static void stops_what_is_under_way(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3/0/0\"}");
    ask(bench, "{\"id\":2,\"op\":\"stop\",\"target\":1}");
    assert_heard(bench, "{\"id\":1,\"done\":{\"exit\":130,\"class\":\"interrupted\",\"msg\":"
                        "\"interrupted\"}}\n{\"id\":2,\"done\":{\"exit\":0}}\n");
    assert_true(last(bench)->cancelled);
    ask(bench, "{\"id\":3,\"op\":\"stop\",\"target\":1}");
    assert_heard(bench, "{\"id\":3,\"done\":{\"exit\":0}}\n");
}

static void ends_everything_of_a_client_that_is_gone(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"read\",\"paths\":\"/3/0/0\"}");
    ask(bench, "{\"id\":2,\"op\":\"wait\",\"ep\":\"other\"}");
    ask(bench, "{\"id\":3,\"op\":\"wait\",\"for\":\"/3/0/9>5\"}");
    ask(bench, "{\"id\":4,\"op\":\"events\"}");
    ask(bench, "{\"id\":5,\"op\":\"observe\",\"paths\":[\"/3/0/1\",\"/3/0/2\"]}");
    bench->transcript[0] = '\0';
    bench->responder.close(bench->connection);
    bench->connection = NULL;
    server_fixture_pass(bench->fixture, 100000);
    assert_heard(bench, "");
}

/* ---- writing ---- */

static void types_values_by_the_model_and_writes_them(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"write\",\"values\":[{\"path\":\"/3/0/utc_offset\",\"value\":"
               "\"+01:00\"}],\"format\":\"text\"}");
    assert_asked(bench, "PUT /3/0/14 format=0");
    assert_memory_equal(last(bench)->payload, "+01:00", 6);
    answer(bench, LWM2M_STATUS_CHANGED);
    assert_heard(bench, "{\"id\":1,\"result\":{\"v\":1,\"op\":\"write\",\"ep\":\"dev\",\"path\":\"/"
                        "3/0/14\",\"code\":\"2.04\",\"ok\":true}}\n"
                        "{\"id\":1,\"done\":{\"exit\":0}}\n");
}

static void writes_values_of_one_instance_in_one_message(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"write\",\"values\":[{\"path\":\"/3/0/14\",\"value\":\"Z\"},"
               "{\"path\":\"/3/0/15\",\"value\":\"UTC\"},{\"path\":\"/1/0/1\",\"value\":\"60\"}]}");
    assert_asked(bench, "POST /3/0 format=11542");
    answer(bench, LWM2M_STATUS_CHANGED);
    assert_asked(bench, "PUT /1/0/1 format=11542");
    answer(bench, LWM2M_STATUS_BAD_REQUEST);
    assert_heard_of(bench, "\"msg\":\"dev: write /1/0/1: 4.00 Bad Request (the device refuses");
}

static void replaces_an_instance_where_asked_to(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"write\",\"mode\":\"replace\",\"values\":[{\"path\":\"/3/0/14\","
               "\"value\":\"Z\"},{\"path\":\"/3/0/15\",\"value\":\"UTC\"}]}");
    assert_asked(bench, "PUT /3/0 format=11542");
    answer(bench, LWM2M_STATUS_CHANGED);
    ask(bench, "{\"id\":2,\"op\":\"write\",\"mode\":\"update\",\"values\":[{\"path\":\"/3/0/14\","
               "\"value\":\"Z\"}]}");
    assert_asked(bench, "POST /3/0 format=11542");
    answer(bench, LWM2M_STATUS_CHANGED);
    assert_heard_of(bench, "{\"id\":2,\"done\":{\"exit\":0}}");
}

static void refuses_values_that_do_not_fit(void **state)
{
    static const struct {
        const char *value;
        const char *message;
    } rows[] = {
        {"{\"path\":\"/1/0/1\",\"value\":\"soon\"}", "/1/0/1: 'soon' is not an integer"},
        {"{\"path\":\"/3/0/4\",\"value\":\"1\"}", "this resource is executable"},
        {"{\"path\":\"/3/0\",\"value\":\"1\"}", "a value belongs to a resource"},
        {"{\"path\":\"/3/0/999\",\"value\":\"1\"}", "no definition names the type"},
        {"{\"path\":\"/3/0/14\",\"value\":\"1\",\"type\":\"text\"}", "unknown type"},
        {"{\"path\":\"/3/0/14\"}", "it needs a \\\"value\\\" as text"},
        {"{\"path\":\"/3/0/14\",\"value\":5}", "it needs a \\\"value\\\" as text"},
        {"{\"path\":\"/3/0/14\",\"b64\":\"!\"}", "'!' is not base64"},
        {"{\"value\":\"1\"}", "every value needs a \\\"path\\\""},
    };
    struct bench *bench = *state;
    registered(bench);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char request[256];
        snprintf(request, sizeof(request), "{\"id\":1,\"op\":\"write\",\"values\":[%s]}",
                 rows[i].value);
        ask(bench, request);
        if (strstr(bench->transcript, "\"exit\":2") == NULL) {
            fail_msg("%s", bench->transcript);
        }
        assert_heard_of(bench, rows[i].message);
    }
    assert_int_equal(bench->fixture->transport.exchange_count, 0);
    ask(bench, "{\"id\":1,\"op\":\"write\",\"values\":[{\"path\":\"/3/0/999\",\"value\":\"1\","
               "\"type\":\"int\"}]}");
    assert_asked(bench, "PUT /3/0/999 format=11542");
}

static void shows_a_message_instead_of_sending_it(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"write\",\"dry_run\":true,\"format\":\"text\",\"values\":[{"
               "\"path\":\"/3/0/14\",\"value\":\"Z\"}]}");
    assert_heard(bench, "{\"id\":1,\"result\":{\"v\":1,\"op\":\"write\",\"ep\":\"dev\",\"path\":\"/"
                        "3/0/14\",\"dry_run\":true,\"message\":\"CON PUT /3/0/14 text 1 byte\","
                        "\"hex\":\"40030000b1330130023134"
                        "10ff5a\"}}\n"
                        "{\"id\":1,\"done\":{\"exit\":0}}\n");
    assert_int_equal(bench->fixture->transport.exchange_count, 0);
}

static void creates_with_values_relative_to_the_instance(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"create\",\"path\":\"/1\",\"values\":[{\"path\":\"1\",\"value\":"
               "\"60\"}]}");
    assert_asked(bench, "POST /1 format=11542");
    stand_in_exchange_answer_location(last(bench), "1/7");
    assert_heard_of(bench, "\"op\":\"create\",\"ep\":\"dev\",\"path\":\"/1/7\",\"code\":\"2.01\"");
}

/* ---- discover and tree ---- */

static void discovers_links_with_names_and_attributes(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"discover\",\"path\":\"/3/0\"}");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK,
                             "</3/0>;pmin=10,</3/0/9>;pmax=60,</other>", -1);
    assert_heard_of(bench, "\"path\":\"/3/0/9\",\"code\":\"2.05\",\"ok\":true,\"name\":\"Battery "
                           "Level\",\"attributes\":{\"pmax\":\"60\"}");
    ask(bench, "{\"id\":1,\"op\":\"discover\",\"path\":\"/3/0\"}");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK, "</3/0", -1);
    assert_heard_of(bench, "\"exit\":8,\"class\":\"decode\"");
}

static void discovers_to_a_depth(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.2");
    ask(bench, "{\"id\":1,\"op\":\"discover\",\"path\":\"/3\",\"depth\":1}");
    assert_asked(bench, "GET /3 ?depth=1 accept=40");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK, "</3/0>", -1);
    assert_heard_of(bench, "\"done\":{\"exit\":0}");
    ask(bench, "{\"id\":1,\"op\":\"discover\",\"path\":\"/3\",\"depth\":4}");
    assert_heard_of(bench, "\\\"depth\\\" must be from 0 to 3");
    ask(bench, "{\"id\":1,\"op\":\"discover\",\"path\":\"/3\",\"depth\":0.5}");
    assert_heard_of(bench, "\\\"depth\\\" must be from 0 to 3");
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, "{\"id\":1,\"op\":\"discover\",\"path\":\"/3\",\"depth\":1}");
    assert_heard_of(
        bench, "\"exit\":12,\"class\":\"unsupported\",\"msg\":\"dev: discover /3: the device has "
               "LwM2M 1.1, and a depth came with 1.2\"");
}

static void grows_a_tree_with_resource_instances(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.2");
    ask(bench, "{\"id\":1,\"op\":\"tree\",\"path\":\"/3/0\"}");
    assert_asked(bench, "GET /3/0 ?depth=2 accept=40");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK,
                             "</3/0>,</3/0/11>;dim=1,</3/0/11/0>", -1);
    assert_heard_of(bench, "\"path\":\"/3/0/11/0\",\"level\":\"resource\"");
    /* A device may not know of depths, whatever its version. */
    ask(bench, "{\"id\":1,\"op\":\"tree\",\"path\":\"/3/0\"}");
    answer(bench, LWM2M_STATUS_BAD_OPTION);
    assert_asked(bench, "GET /3/0 accept=40");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK, "</3/0>", -1);
    assert_heard_of(bench, "\"done\":{\"exit\":0}");
}

static void names_the_attributes_that_a_device_is_too_old_for(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.1");
    ask(bench, "{\"id\":1,\"op\":\"attr\",\"path\":\"/3/"
               "0\",\"attributes\":[\"pmin=1\",\"edge=1\",\"con\"]}");
    assert_heard_of(
        bench, "\"exit\":12,\"class\":\"unsupported\",\"msg\":\"dev: attr /3/0: the device has "
               "LwM2M 1.1, which does not know edge, con\"");
}

static void shows_composite_observations(void **state)
{
    struct bench *bench = *state;
    server_fixture_registered(bench->fixture, "1.2");
    ask(bench, OBSERVE_TWO("1", "/3/0/9", "/3/0/0", ",\"attributes\":[\"pmin=5\",\"gt=21.5\"]"));
    ask(bench, "{\"id\":2,\"op\":\"info\"}");
    assert_heard_of(bench, "\"observations\":[{\"path\":\"/\",\"paths\":[\"/3/0/0\",\"/3/0/9\"],"
                           "\"attributes\":{\"pmin\":\"5\",\"gt\":\"21.5\"},\"subscriptions\":1,");
}

static void shows_sets_and_unsets_attributes(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"attr\",\"path\":\"/3/0\"}");
    assert_asked(bench, "GET /3/0 accept=40");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK,
                             "</3/0/9>;pmax=60;dim=1,</3/0/4>,</1/0>;pmin=5", -1);
    assert_heard(
        bench, "{\"id\":1,\"result\":{\"v\":1,\"op\":\"attr\",\"ep\":\"dev\",\"path\":\"/3/0/9\","
               "\"code\":\"2.05\",\"ok\":true,\"name\":\"Battery Level\",\"attributes\":{\"pmax\":"
               "\"60\"},\"format\":\"link\"}}\n"
               "{\"id\":1,\"result\":{\"v\":1,\"op\":\"attr\",\"ep\":\"dev\",\"path\":\"/3/0\","
               "\"code\":\"2.05\",\"ok\":true,\"name\":\"Device\",\"attributes\":{},\"format\":"
               "\"link\"}}\n"
               "{\"id\":1,\"done\":{\"exit\":0}}\n");
    ask(bench,
        "{\"id\":1,\"op\":\"attr\",\"path\":\"/3/0/9\",\"attributes\":[\"pmin=5\",\"pmax\"]}");
    assert_asked(bench, "PUT /3/0/9 ?pmin=5 ?pmax");
    answer(bench, LWM2M_STATUS_CHANGED);
    assert_heard_of(bench, "\"path\":\"/3/0/9\",\"code\":\"2.04\",\"ok\":true");
    ask(bench, "{\"id\":1,\"op\":\"attr\",\"path\":\"/3/0/9\",\"attributes\":[\"pmin=5\"]}");
    answer(bench, LWM2M_STATUS_BAD_REQUEST);
    assert_heard_of(bench, "4.00 Bad Request (the attributes contradict each other");
}

static void unsets_all_attributes_that_the_device_shows(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"attr\",\"path\":\"/3/0\",\"clear\":true}");
    assert_asked(bench, "GET /3/0 accept=40");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK,
                             "</3/0>;pmin=10;ver=1.1,</3/0/9>;pmax=60", -1);
    assert_asked(bench, "PUT /3/0 ?pmin");
    answer(bench, LWM2M_STATUS_CHANGED);
    assert_heard_of(bench, "\"path\":\"/3/0\",\"code\":\"2.04\",\"ok\":true");
    ask(bench, "{\"id\":1,\"op\":\"attr\",\"path\":\"/3/0\",\"clear\":true}");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK, "</3/0>", -1);
    assert_heard_of(bench, "\"done\":{\"exit\":0}");
    ask(bench,
        "{\"id\":1,\"op\":\"attr\",\"path\":\"/3/0\",\"clear\":true,\"attributes\":[\"pmin\"]}");
    assert_heard_of(bench, "\"exit\":2");
    ask(bench, "{\"id\":1,\"op\":\"attr\",\"paths\":[\"/3\",\"/1\"]}");
    assert_heard_of(bench, "attr takes one path");
}

static void grows_a_tree_with_values(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"tree\",\"path\":\"/3\",\"read\":true}");
    assert_asked(bench, "GET /3 accept=40");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_LINK,
                             "</3>,</3/0/9>,</3/0/4>", -1);
    assert_asked(bench, "GET /3/0 accept=11542");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TLV, "\xc1\x09\x57",
                             -1);
    assert_heard(
        bench,
        "{\"id\":1,\"result\":{\"v\":1,\"op\":\"tree\",\"ep\":\"dev\",\"path\":\"/3\",\"level\":"
        "\"object\",\"name\":\"Device\"}}\n"
        "{\"id\":1,\"result\":{\"v\":1,\"op\":\"tree\",\"ep\":\"dev\",\"path\":\"/3/0\",\"level\":"
        "\"instance\",\"name\":\"Device\",\"contradictions\":["
        "\"mandatory resource 11 (Error Code) is missing\","
        "\"mandatory resource 16 (Supported Binding and Modes) is missing\"]}}\n"
        "{\"id\":1,\"result\":{\"v\":1,\"op\":\"tree\",\"ep\":\"dev\",\"path\":\"/3/0/"
        "4\",\"level\":"
        "\"resource\",\"name\":\"Reboot\",\"operations\":\"E\",\"type\":\"none\",\"multiple\":"
        "false}"
        "}\n"
        "{\"id\":1,\"result\":{\"v\":1,\"op\":\"tree\",\"ep\":\"dev\",\"path\":\"/3/0/"
        "9\",\"level\":"
        "\"resource\",\"name\":\"Battery Level\",\"operations\":\"R\",\"multiple\":false,\"unit\":"
        "\"%\",\"type\":\"int\",\"value\":87},\"printed\":\"87\"}\n"
        "{\"id\":1,\"done\":{\"exit\":0}}\n");
}

/* ---- observing ---- */

static void observe(struct bench *bench, const char *more)
{
    char request[160];
    snprintf(request, sizeof(request),
             "{\"id\":1,\"op\":\"observe\",\"paths\":\"/3/0/9\",\"format\":\"text\"%s}", more);
    ask(bench, request);
    assert_asked(bench, "GET observe=0 /3/0/9 accept=0");
}

static void streams_notifications_until_it_is_stopped(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    observe(bench, "");
    struct lwm2m_exchange *observation = last(bench);
    stand_in_exchange_answer(observation, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "87", 1);
    assert_heard(bench,
                 "{\"id\":1,\"result\":{\"v\":1,\"event\":\"notify\",\"ep\":\"dev\",\"path\":"
                 "\"/3/0/9\",\"seq\":1,\"type\":\"int\",\"value\":87,\"unit\":\"%\",\"name\":"
                 "\"Battery Level\",\"format\":\"text\"},\"printed\":\"87\"}\n");
    stand_in_exchange_answer(observation, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "86", 2);
    assert_heard_of(bench, "\"seq\":2,\"type\":\"int\",\"value\":86");
    ask(bench, "{\"id\":2,\"op\":\"stop\",\"target\":1}");
    assert_heard(bench, "{\"id\":1,\"done\":{\"exit\":0}}\n{\"id\":2,\"done\":{\"exit\":0}}\n");
    assert_asked(bench, "GET observe=1 /3/0/9 accept=0");
}

static void says_why_an_observation_ended(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    observe(bench, "");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "87", -1);
    assert_heard_of(bench,
                    "\"exit\":12,\"class\":\"unsupported\",\"msg\":\"dev: observe /3/0/9: the "
                    "device answered, but does not observe this path\"");
    observe(bench, "");
    answer(bench, LWM2M_STATUS_NOT_FOUND);
    assert_heard_of(bench,
                    "\"exit\":3,\"class\":\"device\",\"msg\":\"dev: observe /3/0/9: 4.04 Not "
                    "Found");
    observe(bench, "");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "87", 1);
    server_fixture_pass(bench->fixture, 61000);
    assert_heard_of(bench, "\"exit\":4,\"class\":\"registration\"");
}

static void ends_quietly_when_someone_cancels(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    observe(bench, "");
    stand_in_exchange_answer(last(bench), LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "87", 1);
    bench->transcript[0] = '\0';
    ask(bench, "{\"id\":2,\"op\":\"cancel\",\"path\":\"/3/0/9\"}");
    assert_heard(bench,
                 "{\"id\":1,\"done\":{\"exit\":0}}\n"
                 "{\"id\":2,\"result\":{\"v\":1,\"op\":\"cancel\",\"ep\":\"dev\",\"path\":\"/"
                 "3/0/9\",\"ok\":true,\"ended\":1}}\n{\"id\":2,\"done\":{\"exit\":0}}\n");
    ask(bench, "{\"id\":3,\"op\":\"cancel\",\"path\":\"/3/0/9\"}");
    assert_heard_of(bench, "dev: cancel /3/0/9: it is not observed");
    ask(bench, "{\"id\":4,\"op\":\"cancel\",\"all\":true}");
    assert_heard_of(bench, "\"path\":\"/\",\"ok\":true,\"ended\":0");
}

static void keeps_an_observation_on_and_makes_events_of_it_once(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    observe(bench, ",\"keep\":true");
    struct lwm2m_exchange *observation = last(bench);
    stand_in_exchange_answer(observation, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "87", 1);
    ask(bench, "{\"id\":2,\"op\":\"stop\",\"target\":1}");
    assert_ptr_equal(last(bench), observation);
    ask(bench, "{\"id\":3,\"op\":\"observe\",\"paths\":\"/3/0/9\",\"format\":\"text\"}");
    ask(bench, "{\"id\":4,\"op\":\"events\",\"types\":\"notify\"}");
    server_fixture_pass(bench->fixture, 1);
    bench->transcript[0] = '\0';
    stand_in_exchange_answer(observation, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "86", 2);
    const char *first = strstr(bench->transcript, "{\"id\":4,");
    assert_non_null(first);
    assert_null(strstr(first + 1, "{\"id\":4,"));
    assert_heard_of(bench, "{\"id\":3,\"result\":{\"v\":1,\"event\":\"notify\"");
    ask(bench, "{\"id\":5,\"op\":\"info\"}");
    assert_heard_of(bench, "\"observations\":[{\"path\":\"/3/0/9\"");
}

/* ---- waiting and events ---- */

static void waits_for_a_device_that_is_not_yet_known(void **state)
{
    struct bench *bench = *state;
    ask(bench, "{\"id\":1,\"op\":\"wait\",\"ep\":\"dev\"}");
    server_fixture_pass(bench->fixture, 1000);
    assert_heard(bench, "");
    registered(bench);
    server_fixture_pass(bench->fixture, 1);
    assert_heard(bench, "{\"id\":1,\"result\":{\"v\":1,\"op\":\"wait\",\"ep\":\"dev\",\"for\":"
                        "\"registered\",\"ok\":true}}\n{\"id\":1,\"done\":{\"exit\":0}}\n");
    ask(bench, "{\"id\":2,\"op\":\"wait\"}");
    server_fixture_pass(bench->fixture, 1);
    assert_heard_of(bench, "{\"id\":2,\"done\":{\"exit\":0}}");
}

static void says_what_did_not_happen_in_time(void **state)
{
    struct bench *bench = *state;
    ask(bench, "{\"id\":1,\"op\":\"wait\",\"ep\":\"dev\",\"timeout_ms\":30000}");
    server_fixture_pass(bench->fixture, 30001);
    assert_heard_of(bench,
                    "\"exit\":5,\"class\":\"timeout\",\"msg\":\"dev was not registered within "
                    "30 s\"");
    ask(bench, "{\"id\":1,\"op\":\"wait\",\"for\":\"/3/0/9>5\",\"timeout_ms\":1000}");
    server_fixture_pass(bench->fixture, 1001);
    assert_heard_of(bench, "any device: /3/0/9>5 was not true within 1 s: it was not registered");
}

static void waits_for_all_that_are_named(void **state)
{
    struct bench *bench = *state;
    ask(bench, "{\"id\":1,\"op\":\"wait\",\"ep\":[\"dev\",\"other\"]}");
    registered(bench);
    server_fixture_pass(bench->fixture, 1);
    assert_null(strstr(bench->transcript, "done"));
    server_fixture_register(bench->fixture, bench->fixture->other_peer, "ep=other&lt=60");
    server_fixture_pass(bench->fixture, 1);
    assert_heard_of(bench, "\"done\":{\"exit\":0}");
}

static void waits_for_an_update_and_for_the_end(void **state)
{
    struct bench *bench = *state;
    struct lwm2m_registration *registration = server_fixture_registered(bench->fixture, "1.0");
    ask(bench, "{\"id\":1,\"op\":\"wait\",\"for\":\"updated\"}");
    ask(bench, "{\"id\":2,\"op\":\"wait\",\"for\":\"deregistered\",\"ep\":\"dev\",\"timeout_ms\":"
               "100000}");
    ask(bench, "{\"id\":3,\"op\":\"wait\",\"for\":\"awake\"}");
    server_fixture_pass(bench->fixture, 1);
    assert_heard_of(bench, "{\"id\":3,\"done\":{\"exit\":0}}");
    server_fixture_update(bench->fixture, bench->fixture->peer, registration->id, "", NULL);
    server_fixture_pass(bench->fixture, 1);
    assert_heard_of(bench, "{\"id\":1,\"done\":{\"exit\":0}}");
    server_fixture_pass(bench->fixture, 70000);
    assert_heard_of(bench, "{\"id\":2,\"done\":{\"exit\":0}}");
    ask(bench, "{\"id\":4,\"op\":\"wait\",\"for\":\"deregistered\",\"ep\":\"dev\"}");
    server_fixture_pass(bench->fixture, 1);
    assert_heard_of(bench, "{\"id\":4,\"done\":{\"exit\":0}}");
}

static void waits_for_a_value_by_observing_it(void **state)
{
    struct bench *bench = *state;
    ask(bench, "{\"id\":1,\"op\":\"wait\",\"for\":\"/3/0/9 < 50\"}");
    registered(bench);
    struct lwm2m_exchange *observation = last(bench);
    stand_in_exchange_answer(observation, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "87", 1);
    server_fixture_pass(bench->fixture, 1);
    assert_heard(bench, "");
    stand_in_exchange_answer(observation, LWM2M_STATUS_CONTENT, LWM2M_FORMAT_TEXT, "49", 2);
    server_fixture_pass(bench->fixture, 1);
    assert_heard_of(bench, "\"done\":{\"exit\":0}");
}

static void reads_each_second_what_cannot_be_observed(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    ask(bench, "{\"id\":1,\"op\":\"wait\",\"for\":\"/3/0/9<50\",\"timeout_ms\":5500}");
    answer(bench, LWM2M_STATUS_METHOD_NOT_ALLOWED);
    for (int i = 0; i < 3; i++) {
        server_fixture_pass(bench->fixture, 1000);
        assert_int_equal(bench->fixture->transport.exchange_count, 2 + i);
        answer_text(bench, "87");
    }
    server_fixture_pass(bench->fixture, 1000);
    answer(bench, LWM2M_STATUS_NOT_FOUND);
    server_fixture_pass(bench->fixture, 2000);
    assert_heard_of(bench, "any device: /3/0/9<50 was not true within 5.5 s; last: not readable: "
                           "4.04 Not Found");
}

static void tells_events_as_they_come_and_those_before(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    server_fixture_register(bench->fixture, bench->fixture->other_peer, "lt=60");
    ask(bench, "{\"id\":1,\"op\":\"events\",\"since\":\"0\"}");
    ask(bench, "{\"id\":2,\"op\":\"events\",\"ep\":\"d*\",\"types\":[\"deregistered\"]}");
    assert_non_null(strstr(bench->transcript, "\"event\":\"denied\""));
    assert_heard_of(bench, "{\"id\":1,\"result\":{\"v\":1,\"event\":\"registered\",\"ep\":\"dev\"");
    server_fixture_register(bench->fixture, bench->fixture->other_peer, "ep=other&lt=60");
    assert_null(strstr(bench->transcript, "{\"id\":2"));
    server_fixture_pass(bench->fixture, 70000);
    assert_heard_of(bench,
                    "{\"id\":2,\"result\":{\"v\":1,\"event\":\"deregistered\",\"ep\":\"dev\"");
}

static void lists_what_is_registered(void **state)
{
    struct bench *bench = *state;
    registered(bench);
    server_fixture_register(bench->fixture, bench->fixture->other_peer,
                            "ep=other&lt=60&lwm2m=1.1&b=U&Q");
    server_fixture_pass(bench->fixture, 3000);
    ask(bench, "{\"id\":1,\"op\":\"list\",\"ep\":\"o*\"}");
    assert_null(strstr(bench->transcript, "\"ep\":\"dev\""));
    assert_heard_of(bench, "\"state\":\"up\",\"lwm2m\":\"1.1\"");
    ask(bench, "{\"id\":2,\"op\":\"list\",\"stale_s\":5}");
    assert_heard(bench, "{\"id\":2,\"done\":{\"exit\":0}}\n");
    ask(bench, "{\"id\":3,\"op\":\"info\",\"ep\":\"dev\"}");
    assert_heard_of(bench,
                    "\"links\":[{\"path\":\"/1/0\",\"name\":\"LwM2M Server\",\"ver\":\"1.0\"},"
                    "{\"path\":\"/3/0\",\"name\":\"Device\",\"ver\":\"1.0\"}]");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(refuses_requests_that_make_no_sense),
        TEST(keeps_ids_apart),
        TEST(tells_its_status),
        TEST(acts_on_the_only_device),
        TEST(names_the_choices_when_there_are_several),
        TEST(says_that_a_name_is_not_registered),
        TEST(runs_several_devices_side_by_side),
        TEST(gives_the_common_code_when_all_fail_alike),
        TEST(explains_what_a_device_answers),
        TEST(tells_transport_failures_apart),
        TEST(gives_up_when_the_time_is_over),
        TEST(ends_when_the_registration_ends),
        TEST(says_where_an_answer_is_malformed),
        TEST(says_that_a_format_cannot_carry_it),
        TEST(goes_on_behind_a_path_that_failed),
        TEST(reads_several_paths_together),
        TEST(asks_again_for_what_was_left_out),
        TEST(prints_values_in_the_order_of_the_paths),
        TEST(reads_one_path_after_the_other_where_a_device_refuses_all),
        TEST(does_not_ask_more_of_a_device_that_is_busy_or_silent),
        TEST(reads_one_path_after_the_other_on_request_and_with_1_0),
        TEST(writes_values_of_several_instances_together),
        TEST(does_not_write_one_by_one_what_a_device_refused_together),
        TEST(writes_one_instance_after_the_other_where_nothing_else_is_possible),
        TEST(observes_several_paths_together),
        TEST(tells_of_a_notification_without_values),
        TEST(shares_a_composite_observation_whatever_the_order),
        TEST(says_what_an_older_device_cannot_observe),
        TEST(tells_of_each_value_that_a_device_sends),
        TEST(waits_for_what_a_device_sends),
        TEST(stops_what_is_under_way),
        TEST(ends_everything_of_a_client_that_is_gone),
        TEST(types_values_by_the_model_and_writes_them),
        TEST(writes_values_of_one_instance_in_one_message),
        TEST(replaces_an_instance_where_asked_to),
        TEST(refuses_values_that_do_not_fit),
        TEST(shows_a_message_instead_of_sending_it),
        TEST(creates_with_values_relative_to_the_instance),
        TEST(discovers_links_with_names_and_attributes),
        TEST(discovers_to_a_depth),
        TEST(grows_a_tree_with_resource_instances),
        TEST(names_the_attributes_that_a_device_is_too_old_for),
        TEST(shows_composite_observations),
        TEST(shows_sets_and_unsets_attributes),
        TEST(unsets_all_attributes_that_the_device_shows),
        TEST(grows_a_tree_with_values),
        TEST(streams_notifications_until_it_is_stopped),
        TEST(says_why_an_observation_ended),
        TEST(ends_quietly_when_someone_cancels),
        TEST(keeps_an_observation_on_and_makes_events_of_it_once),
        TEST(waits_for_a_device_that_is_not_yet_known),
        TEST(says_what_did_not_happen_in_time),
        TEST(waits_for_all_that_are_named),
        TEST(waits_for_an_update_and_for_the_end),
        TEST(waits_for_a_value_by_observing_it),
        TEST(reads_each_second_what_cannot_be_observed),
        TEST(tells_events_as_they_come_and_those_before),
        TEST(lists_what_is_registered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
