/*
 * write: sets resources.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/request.h"
#include "commands/values.h"

struct write_options {
    bool replace;
    bool update;
    bool no_composite;
    bool desired;
    bool clear;
    struct value_options value;
};

#define OFFSET(member) offsetof(struct write_options, member)

static const struct option_definition options[] = {
    {.name = "replace",
     .kind = OPTION_FLAG,
     .offset = OFFSET(replace),
     .help = "replace the whole instance or resource (PUT)"},
    {.name = "update",
     .kind = OPTION_FLAG,
     .offset = OFFSET(update),
     .help = "leave what is not named as it is (POST)"},
    VALUE_OPTIONS(struct write_options, value),
    NO_COMPOSITE_OPTION(struct write_options, no_composite,
                        "write several instances one after the other"),
    {.name = "desired",
     .kind = OPTION_FLAG,
     .offset = OFFSET(desired),
     .help = "write it once the device can be reached"},
    {.name = "clear",
     .kind = OPTION_FLAG,
     .offset = OFFSET(clear),
     .help = "with --desired PATH…: take it back"},
    {.name = NULL},
};

/* What the device is to hold, now or later. */
static int run_desired(const struct invocation *invocation, const struct write_options *given)
{
    if (!given->desired) {
        print_errorf(invocation->printer, "--clear goes with --desired");
        return EXIT_CODE_USAGE;
    }
    if (given->replace || given->update || given->no_composite || given->value.dry_run ||
        given->value.format != NULL) {
        print_errorf(invocation->printer, "--desired goes with --type and --clear only");
        return EXIT_CODE_USAGE;
    }
    cJSON *request = request_new(invocation, "desired");
    if (!given->clear) {
        return values_run(invocation, request, &given->value, 0);
    }
    request_add_flag(request, "clear", true);
    request_add_texts(request, "paths", invocation->arguments, invocation->argument_count);
    return request_run(invocation, request, -1, print_quiet_result, &invocation);
}

static int run(const struct invocation *invocation)
{
    const struct write_options *given = invocation->options;
    if (given->replace && given->update) {
        print_errorf(invocation->printer, "--replace and --update exclude each other");
        return EXIT_CODE_USAGE;
    }
    if (given->desired || given->clear) {
        return run_desired(invocation, given);
    }
    cJSON *request = request_new(invocation, "write");
    request_add_text(request, "mode", given->replace ? "replace" : given->update ? "update" : NULL);
    request_add_no_composite(request, given->no_composite);
    return values_run(invocation, request, &given->value, 0);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_ASSIGNMENT, .operations = LWM2M_WRITABLE, .repeated = true},
    {.kind = ARGUMENT_END},
};

const struct command command_write = {
    .name = "write",
    .summary = "Write resources",
    .synopsis =
        "write [-e EP] PATH=VALUE… [--replace|--update|--desired] [-T TYPE] [-f FORMAT] [-n]",
    .examples = {"lwm2m write -e pump-7 /3/0/14=+02:00",
                 "lwm2m write -e pump-7 /1/0/1=300 /3201/0/5853=100"},
    .options = options,
    .options_size = sizeof(struct write_options),
    .flags = COMMAND_ON_DEVICE,
    .least_arguments = 1,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
