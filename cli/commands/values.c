/*
 * Runs write and create.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/values.h"

int values_run(const struct invocation *invocation, cJSON *request,
               const struct value_options *options, int first)
{
    int exit = EXIT_CODE_IO;
    request_add_text(request, "format", options->format);
    request_add_flag(request, "dry_run", options->dry_run);
    if (!request_add_values(request, invocation->printer, invocation->arguments + first,
                            invocation->argument_count - first, options->type, &exit)) {
        cJSON_Delete(request);
        return exit;
    }
    return request_run(invocation, request, -1, print_quiet_result, &invocation);
}
