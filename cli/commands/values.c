/*
 * Runs write and create.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/values.h"

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    const struct invocation *invocation = *(const struct invocation *const *)context;
    const struct printer *printer = invocation->printer;
    if (printer->form != OUTPUT_JSON && result_flag(result, "dry_run")) {
        fprintf(printer->results, "%s\n%s\n", result_text(result, "message"),
                result_text(result, "hex"));
        return !ferror(printer->results);
    }
    return print_quiet_result(context, result, printed);
}

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
    return request_run(invocation, request, -1, take_result, &invocation);
}
