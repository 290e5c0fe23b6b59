/*
 * observe: prints values as a device reports them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/format.h"
#include "commands/request.h"
#include "output/table.h"

struct observe_options {
    struct optional_number count;
    struct optional_number window;
    const char *format;
    bool composite;
    struct text_list attributes;
    bool keep;
};

#define OFFSET(member) offsetof(struct observe_options, member)

static const struct option_definition options[] = {
    {.name = "count",
     .letter = 'c',
     .kind = OPTION_NUMBER,
     .offset = OFFSET(count),
     .argument = "COUNT",
     .least = 1,
     .most = 1000000000,
     .help = "end after this many notifications"},
    {.name = "window",
     .letter = 'W',
     .kind = OPTION_DURATION,
     .offset = OFFSET(window),
     .argument = "TIME",
     .least = 1,
     .most = 31536000000,
     .help = "end after this time; exit 5 if --count was not reached"},
    FORMAT_OPTION(struct observe_options, format, "ask for tlv, senml-cbor, text, …"),
    {.name = "composite",
     .kind = OPTION_FLAG,
     .offset = OFFSET(composite),
     .help = "observe all paths by one observation (LwM2M 1.1)"},
    {.name = "attr",
     .kind = OPTION_LIST,
     .offset = OFFSET(attributes),
     .argument = "NAME=VALUE",
     .help = "an attribute of this observation alone (LwM2M 1.2)"},
    {.name = "keep",
     .kind = OPTION_FLAG,
     .offset = OFFSET(keep),
     .help = "leave the observation on the device when this ends"},
    {.name = NULL},
};

struct watching {
    const struct invocation *invocation;
    int64_t wanted; /* notifications; 0: any number */
    int64_t seen;
};

static bool print_line(const struct printer *printer, const cJSON *result, const char *printed)
{
    char time[EVENT_TIME_MAX];
    char *value = result_value(printer, result, printed);
    char *safe_value = value != NULL ? text_escape(value) : NULL;
    char *safe_endpoint = text_escape(result_text(result, "ep"));
    event_time_print(result, time);
    fprintf(printer->results, "%s%s%s  %s  %-16s %-24s %s\n", colour_begin(printer, COLOUR_FAINT),
            time, colour_end(printer), safe_endpoint != NULL ? safe_endpoint : "",
            result_text(result, "path"), result_text(result, "name"),
            strcmp(result_text(result, "type"), "none") == 0 ? "no value"
            : safe_value != NULL                             ? safe_value
                                                             : "");
    free(safe_endpoint);
    free(safe_value);
    free(value);
    return fflush(printer->results) == 0;
}

static bool print_row(const struct printer *printer, const cJSON *result, const char *printed)
{
    const char *const fields[] = {event_time(result), result_text(result, "ep"),
                                  result_text(result, "path"), printed};
    return row_print(printer, fields, sizeof(fields) / sizeof(fields[0]));
}

static bool print_value(const struct printer *printer, const cJSON *result, const char *printed)
{
    switch (printer->form) {
    case OUTPUT_JSON:
        return print_json_line(printer, result);
    case OUTPUT_TABLE:
        return print_line(printer, result, printed);
    default:
        return print_row(printer, result, printed);
    }
}

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    struct watching *watching = context;
    const struct printer *printer = watching->invocation->printer;
    if (printer->form != OUTPUT_JSON && print_failed_result(printer, result)) {
        return true;
    }
    if (!print_value(printer, result, printed)) {
        return false;
    }
    if (strcmp(result_text(result, "event"), "notify") == 0 && !result_flag(result, "more")) {
        watching->seen++;
    }
    return watching->wanted == 0 || watching->seen < watching->wanted;
}

/* NAME=VALUE among the paths is an attribute whose --attr was forgotten; false after a message. */
static bool check_paths(const struct invocation *invocation)
{
    for (int i = 0; i < invocation->argument_count; i++) {
        const char *word = invocation->arguments[i];
        if (strchr(word, '=') != NULL) {
            char message[128];
            char hint[128];
            snprintf(message, sizeof(message), "'%.60s' is no path", word);
            snprintf(hint, sizeof(hint), "--attr %.60s gives the observation an attribute", word);
            print_error(invocation->printer, message, hint);
            return false;
        }
    }
    return true;
}

static int run(const struct invocation *invocation)
{
    const struct observe_options *given = invocation->options;
    if (!check_paths(invocation)) {
        return EXIT_CODE_USAGE;
    }
    struct watching watching = {
        .invocation = invocation,
        .wanted = given->count.given ? given->count.value : 0,
    };
    if (invocation->printer->form == OUTPUT_CSV) {
        static const char *const titles[] = {"TIME", "ENDPOINT", "PATH", "VALUE"};
        (void)row_print(invocation->printer, titles, sizeof(titles) / sizeof(titles[0]));
    }
    cJSON *request = request_new(invocation, "observe");
    request_add_texts(request, "paths", invocation->arguments, invocation->argument_count);
    request_add_text(request, "format", given->format);
    request_add_flag(request, "composite", given->composite);
    if (given->attributes.count > 0) {
        request_add_list(request, "attributes", &given->attributes);
    }
    request_add_flag(request, "keep", given->keep);
    int64_t window_ms = given->window.given ? given->window.value : -1;
    int exit = request_run(invocation, request, window_ms, take_result, &watching);
    if (exit == EXIT_CODE_OK && watching.seen < watching.wanted &&
        !ferror(invocation->printer->results)) {
        print_errorf(invocation->printer, "%lld of %lld notifications came in time",
                     (long long)watching.seen, (long long)watching.wanted);
        exit = EXIT_CODE_TIMEOUT;
    }
    return exit;
}

const struct command command_observe = {
    .name = "observe",
    .summary = "Print values as a device reports them",
    .synopsis =
        "observe [-e EP] PATH… [--composite] [--attr NAME=VALUE] [-c COUNT] [-W TIME] [--keep]",
    .examples = {"lwm2m observe -e pump-7 /3200/0/5501 /3303/0/5700 --composite",
                 "lwm2m observe -e pump-7 /3303/0/5700 -c 3 -W 1m --json"},
    .options = options,
    .options_size = sizeof(struct observe_options),
    .flags = COMMAND_ON_DEVICE,
    .least_arguments = 1,
    .most_arguments = -1,
    .run = run,
};
