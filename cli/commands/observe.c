/*
 * observe: hands on values as a device reports them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/format.h"
#include "commands/observe_output.h"
#include "commands/request.h"
#include "output/screen.h"

struct observe_options {
    struct optional_number count;
    struct optional_number window;
    const char *format;
    bool composite;
    struct text_list attributes;
    bool keep;
    bool watch;
    bool plot;
    const char *output_format;
    const char *log;
    const char *exec;
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
    {.name = "watch",
     .kind = OPTION_FLAG,
     .offset = OFFSET(watch),
     .help = "on a terminal: one line for each path, with its last value"},
    {.name = "plot",
     .kind = OPTION_FLAG,
     .offset = OFFSET(plot),
     .help = "bars of each path's numbers, with min, average, max"},
    {.name = "output-format",
     .letter = 'F',
     .kind = OPTION_TEXT,
     .offset = OFFSET(output_format),
     .argument = "LINE",
     .help = "print each value so: '%t %e %p = %v %u'"},
    {.name = "log",
     .kind = OPTION_TEXT,
     .offset = OFFSET(log),
     .argument = "FILE",
     .help = "write each value to the end of a CSV file, too"},
    {.name = "exec",
     .kind = OPTION_TEXT,
     .offset = OFFSET(exec),
     .argument = "COMMAND",
     .help = "run this for each value, with $LWM2M_EVENT_VALUE, …"},
    {.name = NULL},
};

/* What may take the values: one that shows them, and any of the others. */
#define OUTPUTS_MAX 6

struct watching {
    const struct printer *printer;
    int64_t wanted; /* notifications; 0: any number */
    int64_t seen;
    int exit; /* of an output that failed */
    size_t output_count;
    struct {
        const struct observe_output *output;
        void *state;
    } outputs[OUTPUTS_MAX];
};

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    struct watching *watching = context;
    const struct printer *printer = watching->printer;
    if (printer->form != OUTPUT_JSON && print_failed_result(printer, result)) {
        return true;
    }
    bool is_value = strcmp(result_text(result, "event"), "notify") == 0;
    for (size_t i = 0; i < watching->output_count; i++) {
        if (is_value || i == 0) { /* with --json, what failed is shown, too */
            watching->exit = watching->outputs[i].output->take(watching->outputs[i].state, printer,
                                                               result, printed);
        }
        if (watching->exit != EXIT_CODE_OK) {
            return false;
        }
    }
    if (is_value && !result_flag(result, "more")) {
        watching->seen++;
    }
    return watching->wanted == 0 || watching->seen < watching->wanted;
}

static int begin_output(struct watching *watching, const struct observe_output *output,
                        const char *argument)
{
    void *state = NULL;
    int exit = output->begin(watching->printer, argument, &state);
    if (exit == EXIT_CODE_OK) {
        watching->outputs[watching->output_count].output = output;
        watching->outputs[watching->output_count++].state = state;
    }
    return exit;
}

/* Begins those that were asked for, the one that shows values first. */
static int begin_outputs(struct watching *watching, const struct observe_options *given)
{
    /* Without a terminal there are no lines that stay. */
    bool watches = given->watch && screen_usable(watching->printer);
    const struct {
        const struct observe_output *output;
        bool wanted;
        const char *argument;
    } choices[OUTPUTS_MAX] = {
        {&observe_watch, watches, NULL},
        {&observe_plot, given->plot, NULL},
        {&observe_format, given->output_format != NULL, given->output_format},
        {&observe_lines, !watches && !given->plot && given->output_format == NULL, NULL},
        {&observe_log, given->log != NULL, given->log},
        {&observe_exec, given->exec != NULL, given->exec},
    };
    int exit = EXIT_CODE_OK;
    for (size_t i = 0; i < OUTPUTS_MAX && exit == EXIT_CODE_OK; i++) {
        if (choices[i].wanted) {
            exit = begin_output(watching, choices[i].output, choices[i].argument);
        }
    }
    return exit;
}

/* exit: what the observation came to. Returns what the command ends with. */
static int end_outputs(struct watching *watching, int exit)
{
    for (size_t i = 0; i < watching->output_count; i++) {
        const struct observe_output *output = watching->outputs[i].output;
        int ended = output->end != NULL
                        ? output->end(watching->outputs[i].state, watching->printer, exit)
                        : EXIT_CODE_OK;
        exit = exit == EXIT_CODE_OK ? ended : exit;
    }
    return exit;
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

/* What cannot be had together; false after a message. */
static bool check_outputs(const struct invocation *invocation)
{
    const struct observe_options *given = invocation->options;
    const struct printer *printer = invocation->printer;
    if ((given->watch || given->plot) &&
        (given->output_format != NULL || given->watch == given->plot)) {
        print_error(printer, "--watch, --plot and -F each are a form of their own",
                    "--log keeps every value in a file meanwhile");
        return false;
    }
    if ((given->watch && printer->form != OUTPUT_TABLE) ||
        (given->plot && (printer->form == OUTPUT_JSON || printer->form == OUTPUT_SENML))) {
        print_error(printer, "--watch and --plot are pictures for people",
                    "--json and --as make lines for programs without them; --plot has --as=csv and "
                    "--as=plain");
        return false;
    }
    if (given->output_format != NULL && printer->form != OUTPUT_TABLE) {
        print_error(printer, "-F and --as or --json are two forms for one output",
                    "-F '%j' prints the object of JSON among other text");
        return false;
    }
    return true;
}

static cJSON *make_request(const struct invocation *invocation)
{
    const struct observe_options *given = invocation->options;
    cJSON *request = request_new(invocation, "observe");
    request_add_texts(request, "paths", invocation->arguments, invocation->argument_count);
    request_add_text(request, "format", given->format);
    request_add_flag(request, "composite", given->composite);
    if (given->attributes.count > 0) {
        request_add_list(request, "attributes", &given->attributes);
    }
    request_add_flag(request, "keep", given->keep);
    return request;
}

static int observe(const struct invocation *invocation, struct watching *watching)
{
    const struct observe_options *given = invocation->options;
    int64_t window_ms = given->window.given ? given->window.value : -1;
    int exit = request_run(invocation, make_request(invocation), window_ms, take_result, watching);
    if (exit != EXIT_CODE_OK || watching->exit != EXIT_CODE_OK) {
        return exit != EXIT_CODE_OK ? exit : watching->exit;
    }
    if (watching->seen < watching->wanted && !ferror(invocation->printer->results)) {
        print_errorf(invocation->printer, "%lld of %lld notifications came in time",
                     (long long)watching->seen, (long long)watching->wanted);
        exit = EXIT_CODE_TIMEOUT;
    }
    return exit;
}

static int run(const struct invocation *invocation)
{
    const struct observe_options *given = invocation->options;
    if (!check_paths(invocation) || !check_outputs(invocation)) {
        return EXIT_CODE_USAGE;
    }
    struct watching watching = {
        .printer = invocation->printer,
        .wanted = given->count.given ? given->count.value : 0,
    };
    int exit = begin_outputs(&watching, given);
    if (exit == EXIT_CODE_OK) {
        exit = observe(invocation, &watching);
    }
    return end_outputs(&watching, exit);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_PATH, .operations = LWM2M_READABLE, .repeated = true},
    {.kind = ARGUMENT_END},
};

const struct command command_observe = {
    .name = "observe",
    .summary = "Print values as a device reports them",
    .synopsis =
        "observe [-e EP] PATH… [-c COUNT] [-W TIME] [--watch | --plot | -F LINE] [--composite] …",
    .examples = {"lwm2m observe -e pump-7 /3200/0/5501 /3303/0/5700 --composite",
                 "lwm2m observe -e pump-7 /3303/0/5700 -c 3 -W 1m --json"},
    .options = options,
    .options_size = sizeof(struct observe_options),
    .flags = COMMAND_ON_DEVICE | COMMAND_AS_SENML,
    .least_arguments = 1,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
