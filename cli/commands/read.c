/*
 * read: the values of resources, printed, saved or checked against an expectation.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/base64.h>

#include "commands/expectation.h"
#include "commands/format.h"
#include "commands/request.h"
#include "commands/senml.h"
#include "output/table.h"
#include "output/whole_file.h"

struct read_options {
    const char *format;
    const char *output;
    bool no_composite;
    bool cached;
    struct expectation expectation;
};

#define OFFSET(member) offsetof(struct read_options, member)

static const struct option_definition options[] = {
    FORMAT_OPTION(struct read_options, format, "ask for tlv, senml-cbor, text, …"),
    {.name = "output",
     .letter = 'o',
     .kind = OPTION_TEXT,
     .offset = OFFSET(output),
     .argument = "FILE",
     .help = "write the value's bytes to a file"},
    NO_COMPOSITE_OPTION(struct read_options, no_composite,
                        "read several paths one after the other"),
    {.name = "cached",
     .kind = OPTION_FLAG,
     .offset = OFFSET(cached),
     .help = "what was heard last, without asking the device"},
    EXPECTATION_OPTIONS(struct read_options, expectation),
    {.name = NULL},
};

/* What has come so far. */
struct reading {
    const struct invocation *invocation;
    const struct read_options *options;
    struct table *table;
    struct senml_pack pack;
    bool several_devices;
    bool value_alone; /* plain form: one resource of one device was asked for */
    size_t values;
    bool unmet;
    int exit;
};

static const struct table_column columns[] = {
    {.title = "ENDPOINT"}, {.title = "PATH"}, {.title = "NAME"},
    {.title = "VALUE"},    {.title = NULL},
};

/* Without the first column, where there is only one device. */
static const struct table_column *columns_of(const struct reading *reading)
{
    return reading->several_devices ? columns : columns + 1;
}

static void print_plain(const struct reading *reading, const cJSON *result, const char *printed)
{
    FILE *stream = reading->invocation->printer->results;
    char *safe = text_escape(printed != NULL ? printed : "");
    if (reading->several_devices) {
        fprintf(stream, "%s\t", result_text(result, "ep"));
    }
    if (!reading->value_alone) {
        fprintf(stream, "%s\t", result_text(result, "path"));
    }
    fprintf(stream, "%s\n", safe != NULL ? safe : "");
    free(safe);
}

/* "87 % (seen 12s ago)" of a value that was not asked for now. */
static char *value_with_age(const struct printer *printer, const cJSON *result, const char *printed)
{
    char *value = result_value(printer, result, printed);
    if (value == NULL || printer->form != OUTPUT_TABLE || !result_flag(result, "cached")) {
        return value;
    }
    char age[DURATION_TEXT_MAX];
    size_t size = strlen(value) + sizeof(age) + sizeof(" (seen  ago)");
    char *text = malloc(size);
    if (text != NULL) {
        snprintf(text, size, "%s (seen %s ago)", value,
                 duration_print(result_number(result, "age_ms", 0) / 1000, age));
    }
    free(value);
    return text;
}

static void add_row(const struct reading *reading, const cJSON *result, const char *printed)
{
    size_t row = table_add(reading->table, 0);
    size_t column = 0;
    char *value = value_with_age(reading->invocation->printer, result, printed);
    if (reading->several_devices) {
        table_set(reading->table, row, column++, result_text(result, "ep"), COLOUR_NONE);
    }
    table_set(reading->table, row, column++, result_text(result, "path"), COLOUR_FAINT);
    table_set(reading->table, row, column++, result_text(result, "name"), COLOUR_NONE);
    table_set(reading->table, row, column, value, COLOUR_NONE);
    free(value);
}

/* A text's bytes are the text; opaque ones come as base64. */
static bool write_bytes(FILE *file, const cJSON *result, const char *printed)
{
    bool opaque = strcmp(result_text(result, "type"), "opaque") == 0;
    const char *encoded = result_text(result, opaque ? "value" : "b64");
    if (encoded[0] == '\0') {
        return opaque || fputs(printed != NULL ? printed : "", file) >= 0;
    }
    size_t size = strlen(encoded) / 4 * 3 + 3;
    uint8_t *bytes = malloc(size);
    struct lwm2m_buffer out;
    lwm2m_buffer_init(&out, bytes, bytes != NULL ? size : 0);
    bool good = lwm2m_base64_decode(lwm2m_bytes_from_text(encoded), &out) == LWM2M_OK &&
                fwrite(out.data, 1, out.length, file) == out.length;
    free(bytes);
    return good;
}

static bool save(const struct reading *reading, const cJSON *result, const char *printed)
{
    const struct printer *printer = reading->invocation->printer;
    const char *name = reading->options->output;
    struct whole_file file;
    if (strcmp(name, "-") == 0) {
        return write_bytes(printer->results, result, printed); /* flushed and judged at the end */
    }
    if (!whole_file_open(&file, name, 0) ||
        !whole_file_close(&file, write_bytes(file.stream, result, printed))) {
        (void)whole_file_refuse(printer, name, errno);
        return false;
    }
    return true;
}

static void show(struct reading *reading, const cJSON *result, const char *printed)
{
    switch (reading->invocation->printer->form) {
    case OUTPUT_JSON:
        print_json_line(reading->invocation->printer, result);
        break;
    case OUTPUT_PLAIN:
        print_plain(reading, result, printed);
        break;
    case OUTPUT_SENML:
        if (!senml_pack_add(&reading->pack, reading->invocation->printer, result)) {
            reading->exit = EXIT_CODE_IO;
        }
        break;
    default:
        add_row(reading, result, printed);
    }
}

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    struct reading *reading = context;
    const struct printer *printer = reading->invocation->printer;
    bool failed = cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(result, "ok"));
    if (failed) {
        return printer->form == OUTPUT_JSON ? print_json_line(printer, result)
                                            : print_failed_result(printer, result);
    }
    reading->values++;
    if (reading->options->output != NULL) {
        if (reading->values > 1) {
            print_errorf(printer, "--output takes one value, and there are more; name a resource");
            reading->exit = EXIT_CODE_USAGE;
            return false;
        }
        reading->exit = save(reading, result, printed) ? EXIT_CODE_OK : EXIT_CODE_IO;
    } else {
        show(reading, result, printed);
    }
    if (!expectation_holds(&reading->options->expectation, printer, result, printed)) {
        reading->unmet = true;
    }
    return reading->exit == EXIT_CODE_OK && !ferror(printer->results);
}

static bool names_one_resource(const struct invocation *invocation)
{
    const char *path = invocation->arguments[0];
    size_t slashes = 0;
    for (const char *at = path + (path[0] == '/'); *at != '\0'; at++) {
        slashes += *at == '/';
    }
    return invocation->argument_count == 1 && slashes >= 2;
}

static int finish(struct reading *reading, int exit)
{
    const struct printer *printer = reading->invocation->printer;
    if ((reading->table != NULL && !table_print(reading->table)) ||
        !senml_pack_print(&reading->pack, printer)) {
        exit = EXIT_CODE_IO;
    }
    if (exit == EXIT_CODE_OK) {
        exit = reading->exit;
    }
    if (exit == EXIT_CODE_OK && reading->values == 0 &&
        expectation_is_given(&reading->options->expectation)) {
        print_errorf(printer, "there is no value to compare");
        reading->unmet = true;
    }
    return exit == EXIT_CODE_OK && reading->unmet ? EXIT_CODE_FALSE : exit;
}

static int run(const struct invocation *invocation)
{
    const struct read_options *given = invocation->options;
    const struct device_options *device = &invocation->device;
    struct reading reading = {
        .invocation = invocation,
        .options = given,
        .several_devices =
            (device->all && device->endpoints.count == 0) || device->endpoints.count > 1 ||
            (device->endpoints.count == 1 && strpbrk(device->endpoints.texts[0], "*?[") != NULL),
        .value_alone = names_one_resource(invocation),
    };
    int exit = expectation_check(&given->expectation, invocation->printer);
    if (exit != EXIT_CODE_OK) {
        return exit;
    }
    bool tabular =
        invocation->printer->form == OUTPUT_TABLE || invocation->printer->form == OUTPUT_CSV;
    if (tabular && given->output == NULL) {
        reading.table = table_new(invocation->printer, columns_of(&reading), false);
    }
    cJSON *request = request_new(invocation, given->cached ? "cached" : "read");
    request_add_texts(request, "paths", invocation->arguments, invocation->argument_count);
    request_add_text(request, "format", given->format);
    request_add_no_composite(request, given->no_composite);
    exit = finish(&reading, request_run(invocation, request, -1, take_result, &reading));
    table_free(reading.table);
    return exit;
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_PATH, .operations = LWM2M_READABLE, .repeated = true},
    {.kind = ARGUMENT_END},
};

const struct command command_read = {
    .name = "read",
    .summary = "Read resources, and check what they hold",
    .synopsis = "read [-e EP] PATH… [-f FORMAT] [--cached] [--expect VALUE | --ge N | …] [-o FILE]",
    .examples = {"lwm2m read -e pump-7 /3/0",
                 "lwm2m read -e pump-7 /3/0/9 --ge 20 || echo 'battery is low'"},
    .options = options,
    .options_size = sizeof(struct read_options),
    .flags = COMMAND_ON_DEVICE | COMMAND_AS_SENML,
    .least_arguments = 1,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
