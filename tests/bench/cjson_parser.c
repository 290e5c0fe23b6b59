/*
 * cJSON as a parser to compare with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <cjson/cJSON.h>

#include "bench/parser.h"

static bool parse(struct lwm2m_bytes input)
{
    cJSON *item = cJSON_ParseWithLength((const char *)input.data, input.length);

    cJSON_Delete(item);
    return item != NULL;
}

const struct parser cjson_parser = {"cJSON", parse};
