/*
 * delete: removes an object instance, or a resource instance.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include "commands/request.h"

static int run(const struct invocation *invocation)
{
    cJSON *request = request_new(invocation, "delete");
    request_add_text(request, "path", invocation->arguments[0]);
    return request_run(invocation, request, -1, print_quiet_result, &invocation);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_PATH},
    {.kind = ARGUMENT_END},
};

const struct command command_delete = {
    .name = "delete",
    .summary = "Delete an object instance, or a resource instance",
    .synopsis = "delete [-e EP] PATH",
    .examples = {"lwm2m delete -e pump-7 /3303/1", "lwm2m delete -e pump-7 /3/0/11/1"},
    .flags = COMMAND_ON_DEVICE,
    .least_arguments = 1,
    .most_arguments = 1,
    .arguments = arguments,
    .run = run,
};
