/*
 * wait: until a device is registered, updated, gone, awake, asleep, or a value is as wanted.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include "commands/request.h"

struct wait_options {
    const char *what;
};

static const struct option_definition options[] = {
    {.name = "for",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct wait_options, what),
     .argument = "WHAT",
     .choices = "registered|updated|deregistered|awake|asleep",
     .help = "registered, updated, deregistered, awake, asleep, or '/3/0/9>20'"},
    {.name = NULL},
};

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    const struct invocation *invocation = *(const struct invocation *const *)context;
    (void)printed;
    return invocation->printer->form != OUTPUT_JSON || print_json_line(invocation->printer, result);
}

static int run(const struct invocation *invocation)
{
    const struct wait_options *given = invocation->options;
    cJSON *request = request_new(invocation, "wait");
    request_add_text(request, "for", given->what != NULL ? given->what : "registered");
    return request_run(invocation, request, -1, take_result, &invocation);
}

const struct command command_wait = {
    .name = "wait",
    .summary = "Wait for a device, or for a value",
    .synopsis =
        "wait [-e EP] [--for registered|updated|deregistered|awake|asleep|'PATH>VALUE'] [-t TIME]",
    .examples = {"lwm2m wait -e pump-7 -t 30s",
                 "lwm2m wait -e pump-7 --for '/3303/0/5700>30' -t 10m"},
    .options = options,
    .options_size = sizeof(struct wait_options),
    .flags = COMMAND_ON_DEVICE,
    .run = run,
};
