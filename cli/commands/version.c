/*
 * version: what this program is, and what it was built with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include <cjson/cJSON.h>
#include <libsmartcols/libsmartcols.h>
#include <lwm2m/version.h>

#include "commands/request.h"

static int run(const struct invocation *invocation)
{
    const char *columns = NULL;
    scols_get_library_version(&columns);
    if (invocation->printer->form == OUTPUT_JSON) {
        cJSON *result = cJSON_CreateObject();
        cJSON_AddNumberToObject(result, "v", 1);
        cJSON_AddStringToObject(result, "op", "version");
        cJSON_AddStringToObject(result, "version", LWM2M_VERSION);
        cJSON_AddStringToObject(result, "library", lwm2m_library_version());
        cJSON_AddStringToObject(result, "cjson", cJSON_Version());
        cJSON_AddStringToObject(result, "smartcols", columns);
        bool good = print_json_line(invocation->printer, result);
        cJSON_Delete(result);
        return good ? EXIT_CODE_OK : EXIT_CODE_IO;
    }
    fprintf(invocation->printer->results, "lwm2m %s\n", LWM2M_VERSION);
    fprintf(invocation->printer->results, "liblwm2m %s, cJSON %s, libsmartcols %s\n",
            lwm2m_library_version(), cJSON_Version(), columns);
    return EXIT_CODE_OK;
}

const struct command command_version = {
    .name = "version",
    .summary = "Show the version",
    .synopsis = "version [--json]",
    .examples = {"lwm2m version", "lwm2m version --json"},
    .flags = COMMAND_UNCONFIGURED,
    .run = run,
};
