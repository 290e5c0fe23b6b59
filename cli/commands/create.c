/*
 * create: makes an object instance.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "commands/request.h"
#include "commands/values.h"

struct create_options {
    struct value_options value;
};

static const struct option_definition options[] = {
    VALUE_OPTIONS(struct create_options, value),
    {.name = NULL},
};

static int run(const struct invocation *invocation)
{
    const struct create_options *given = invocation->options;
    cJSON *request = request_new(invocation, "create");
    request_add_text(request, "path", invocation->arguments[0]);
    return values_run(invocation, request, &given->value, 1);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_PATH},
    {.kind = ARGUMENT_BELOW, .repeated = true},
    {.kind = ARGUMENT_END},
};

const struct command command_create = {
    .name = "create",
    .summary = "Create an object instance",
    .synopsis = "create [-e EP] /OBJECT[/INSTANCE] [RESOURCE=VALUE…] [-f FORMAT] [-n]",
    .examples = {"lwm2m create -e pump-7 /3303/1 5700=20.5",
                 "lwm2m create -e pump-7 /16 0=profile"},
    .options = options,
    .options_size = sizeof(struct create_options),
    .flags = COMMAND_ON_DEVICE,
    .least_arguments = 1,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
