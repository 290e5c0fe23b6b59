/*
 * cancel: ends observations.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include "commands/request.h"

struct cancel_options {
    bool passive;
};

static const struct option_definition options[] = {
    {.name = "passive",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct cancel_options, passive),
     .help = "answer the next notification with a reset, ask nothing"},
    {.name = NULL},
};

/* Without a path, every observation of the devices ends. */
static int run(const struct invocation *invocation)
{
    const struct cancel_options *given = invocation->options;
    cJSON *request = request_new(invocation, "cancel");
    request_add_text(request, "path",
                     invocation->argument_count > 0 ? invocation->arguments[0] : NULL);
    request_add_flag(request, "passive", given->passive);
    return request_run(invocation, request, -1, print_quiet_result, &invocation);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_PATH, .operations = LWM2M_READABLE},
    {.kind = ARGUMENT_END},
};

const struct command command_cancel = {
    .name = "cancel",
    .summary = "End an observation, for everyone who listens to it",
    .synopsis = "cancel [-e EP] [PATH|--all] [--passive]",
    .examples = {"lwm2m cancel -e pump-7 /3303/0/5700", "lwm2m cancel -e pump-7 --all"},
    .options = options,
    .options_size = sizeof(struct cancel_options),
    .flags = COMMAND_ON_DEVICE,
    .most_arguments = 1,
    .arguments = arguments,
    .run = run,
};
