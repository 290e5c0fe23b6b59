/*
 * Values of results as records of SenML JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Both cmocka and the printer have a function of this name. */
#define print_error cmocka_print_error
#include <cmocka.h>
#undef print_error
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/senml.h"

#define RESULT(path, members) "{\"ep\":\"dut\",\"path\":\"" path "\"," members "}"

static void every_type_of_value_has_its_member(void **state)
{
    static const struct {
        const char *result, *pack;
    } cases[] = {
        {RESULT("/3/0/9", "\"type\":\"int\",\"value\":87,\"unit\":\"%\""),
         "[{\"bn\":\"dut\",\"n\":\"/3/0/9\",\"u\":\"%\",\"v\":87}]\n"},
        {RESULT("/1/0/1", "\"type\":\"int\",\"value\":9.2e18,\"text\":\"9223372036854775807\""),
         "[{\"bn\":\"dut\",\"n\":\"/1/0/1\",\"v\":9223372036854775807}]\n"},
        {RESULT("/1/0/1", "\"type\":\"opaque\",\"value\":\"+/8=\""),
         "[{\"bn\":\"dut\",\"n\":\"/1/0/1\",\"vd\":\"-_8\"}]\n"},
        {RESULT("/1/0/1", "\"type\":\"string\",\"b64\":\"YQBi\""),
         "[{\"bn\":\"dut\",\"n\":\"/1/0/1\",\"vd\":\"YQBi\"}]\n"},
        {RESULT("/1/0/1", "\"type\":\"objlnk\",\"value\":\"3:0\""),
         "[{\"bn\":\"dut\",\"n\":\"/1/0/1\",\"vlo\":\"3:0\"}]\n"},
        {RESULT("/1/0/1", "\"type\":\"string\",\"value\":\"\\u001b[0m\""),
         "[{\"bn\":\"dut\",\"n\":\"/1/0/1\",\"vs\":\"\\u001b[0m\"}]\n"},
        {RESULT("/1/0/1", "\"type\":\"none\""), ""},
        {RESULT("/1/0/1", "\"type\":\"bool\",\"value\":false,\"ts\":\"1970-01-02T00:00:01.250Z\""),
         "[{\"bn\":\"dut\",\"n\":\"/1/0/1\",\"t\":86401.250,\"vb\":false}]\n"},
        {RESULT("/1/0/1", "\"type\":\"bool\",\"value\":true,\"ts\":\"1970-01-02T00:00:01Z\","
                          "\"t_dev\":\"1970-01-01T00:00:01Z\""),
         "[{\"bn\":\"dut\",\"n\":\"/1/0/1\",\"t\":1,\"vb\":true}]\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = NULL;
        size_t size = 0;
        struct senml_pack pack = {0};
        struct printer printer;
        printer_init(&printer, stdout, stderr, "never");
        printer.results = open_memstream(&text, &size);
        cJSON *result = cJSON_Parse(cases[i].result);
        assert_non_null(result);
        assert_true(senml_pack_add(&pack, &printer, result));
        assert_true(senml_pack_print(&pack, &printer));
        assert_true(senml_pack_print(&pack, &printer)); /* empty now */
        fclose(printer.results);
        assert_string_equal(text, cases[i].pack);
        cJSON_Delete(result);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_of_value_has_its_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
