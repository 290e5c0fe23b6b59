/*
 * discover: what a device says of a path, with its attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/link_table.h"

struct discover_options {
    struct optional_number depth;
};

static const struct option_definition options[] = {
    {.name = "depth",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct discover_options, depth),
     .argument = "N",
     .least = 0,
     .most = 3,
     .help = "how many levels below PATH to show, 0 to 3 (LwM2M 1.2)"},
    {.name = NULL},
};

static int run(const struct invocation *invocation)
{
    const struct discover_options *given = invocation->options;
    cJSON *request = request_new(invocation, "discover");
    request_add_text(request, "path", invocation->arguments[0]);
    if (given->depth.given) {
        cJSON_AddNumberToObject(request, "depth", (double)given->depth.value);
    }
    return link_table_run(invocation, request);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_PATH},
    {.kind = ARGUMENT_END},
};

const struct command command_discover = {
    .name = "discover",
    .summary = "Show what a device has below a path, with attributes",
    .synopsis = "discover [-e EP] PATH [--depth N]",
    .examples = {"lwm2m discover -e pump-7 /3", "lwm2m discover -e pump-7 /3303 --depth 1"},
    .options = options,
    .options_size = sizeof(struct discover_options),
    .flags = COMMAND_ON_DEVICE,
    .least_arguments = 1,
    .most_arguments = 1,
    .arguments = arguments,
    .run = run,
};
