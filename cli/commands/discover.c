/*
 * discover: what a device says of a path, with its attributes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/link_table.h"

static int run(const struct invocation *invocation)
{
    cJSON *request = request_new(invocation, "discover");
    request_add_text(request, "path", invocation->arguments[0]);
    return link_table_run(invocation, request);
}

const struct command command_discover = {
    .name = "discover",
    .summary = "Show what a device has below a path, with attributes",
    .synopsis = "discover [-e EP] PATH",
    .examples = {"lwm2m discover -e pump-7 /3", "lwm2m discover -e pump-7 /3303/0"},
    .flags = COMMAND_ON_DEVICE,
    .least_arguments = 1,
    .most_arguments = 1,
    .run = run,
};
