/*
 * Lines of the control protocol.
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

#include "control/responder.h"

static bool parses(const char *line, size_t length)
{
    const char *message = NULL;
    cJSON *object = control_line_parse(line, length, &message);
    assert_true((object == NULL) == (message != NULL));
    cJSON_Delete(object);
    return object != NULL;
}

static void takes_an_object_and_nothing_else(void **state)
{
    static const char *const good[] = {"{}", "{\"id\":1}", "  {\"a\":[1,{}]} \r",
                                       "{\"a\":\"\\\\u0000\"}"};
    static const char *const bad[] = {"",
                                      "[]",
                                      "1",
                                      "null",
                                      "{",
                                      "{}x",
                                      "{} {}",
                                      "{\"a\"}",
                                      "{\"a\":\"\\u0000\"}",
                                      "\xff",
                                      "{\"a\":\"\xff\"}",
                                      "{'a':1}"};
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(parses(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(parses(bad[i], strlen(bad[i])));
    }
    assert_false(parses("{}\0", 3));
}

static void bounds_the_depth_of_nesting(void **state)
{
    char line[200001];
    (void)state;
    assert_true(parses("{\"a\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}", 36));
    assert_false(parses("{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", 38));
    memset(line, '[', sizeof(line));
    assert_false(parses(line, sizeof(line)));
    static const char in_string[] = "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[\"}";
    assert_true(parses(in_string, strlen(in_string)));
}

static int id_of(const char *text)
{
    cJSON *request = cJSON_Parse(text);
    int id = control_request_id(request);
    cJSON_Delete(request);
    return id;
}

static void takes_ids_from_one_to_2_31(void **state)
{
    (void)state;
    assert_int_equal(id_of("{\"id\":1}"), 1);
    assert_int_equal(id_of("{\"id\":2147483647}"), 2147483647);
    assert_int_equal(id_of("{\"id\":2147483648}"), 0);
    assert_int_equal(id_of("{\"id\":0}"), 0);
    assert_int_equal(id_of("{\"id\":-1}"), 0);
    assert_int_equal(id_of("{\"id\":1.5}"), 0);
    assert_int_equal(id_of("{\"id\":\"1\"}"), 0);
    assert_int_equal(id_of("{}"), 0);
}

static void note_line(void *context, const cJSON *line)
{
    char *text = cJSON_PrintUnformatted(line);
    snprintf(context, 400, "%s", text);
    cJSON_free(text);
}

static void writes_results_and_ends(void **state)
{
    char text[400];
    struct responder_output output = {.context = text, .line = note_line};
    (void)state;
    control_send_result(&output, 7, cJSON_CreateObject(), "87");
    assert_string_equal(text, "{\"id\":7,\"result\":{},\"printed\":\"87\"}");
    control_send_result(&output, 7, cJSON_CreateObject(), NULL);
    assert_string_equal(text, "{\"id\":7,\"result\":{}}");
    control_send_done(&output, 7, EXIT_CODE_OK, NULL, NULL);
    assert_string_equal(text, "{\"id\":7,\"done\":{\"exit\":0}}");
    control_send_done(&output, 7, EXIT_CODE_DEVICE, "no", "try");
    assert_string_equal(
        text,
        "{\"id\":7,\"done\":{\"exit\":3,\"class\":\"device\",\"msg\":\"no\",\"hint\":\"try\"}}");
}

static void greets_with_version_and_role(void **state)
{
    (void)state;
    cJSON *greeting = control_greeting_new("server");
    assert_int_equal((int)control_number(greeting, "v", 0), 1);
    assert_string_equal(control_text(greeting, "role"), "server");
    assert_true(control_number(greeting, "pid", 0) > 0);
    assert_null(control_text(greeting, "pid"));
    cJSON_Delete(greeting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_an_object_and_nothing_else),
        cmocka_unit_test(bounds_the_depth_of_nesting),
        cmocka_unit_test(takes_ids_from_one_to_2_31),
        cmocka_unit_test(writes_results_and_ends),
        cmocka_unit_test(greets_with_version_and_role),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
