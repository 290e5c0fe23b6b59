/*
 * Makes packs of SenML JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/senml.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/request.h"

/* "2026-11-24T11:22:34.573Z" as seconds, with what there is behind the point. */
static void add_time(cJSON *record, const char *text)
{
    struct tm parts = {0};
    char seconds[48];
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest == NULL) {
        return;
    }
    int fraction = rest[0] == '.' ? 1 + (int)strspn(rest + 1, "0123456789") : 0;
    fraction = fraction > 1 && fraction < 16 ? fraction : 0;
    snprintf(seconds, sizeof(seconds), "%lld%.*s", (long long)timegm(&parts), fraction, rest);
    cJSON_AddRawToObject(record, "t", seconds);
}

/* SenML has base64url without padding. */
static bool add_bytes(cJSON *record, const char *base64)
{
    char *text = strdup(base64);
    if (text == NULL) {
        return false;
    }
    text[strcspn(text, "=")] = '\0';
    for (char *at = text; *at != '\0'; at++) {
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
    }
    bool good = cJSON_AddStringToObject(record, "vd", text) != NULL;
    free(text);
    return good;
}

/* cJSON holds numbers as doubles: beyond 2^53 the digits travel beside the number. */
static bool add_number(cJSON *record, const cJSON *result, double number)
{
    const char *text = result_text(result, "text");
    bool integer = text[0] != '\0' && text[strspn(text, "-0123456789")] == '\0';
    return (integer ? cJSON_AddRawToObject(record, "v", text)
                    : cJSON_AddNumberToObject(record, "v", number)) != NULL;
}

static bool add_value(cJSON *record, const cJSON *result)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(result, "value");
    const char *type = result_text(result, "type");
    const char *bytes = result_text(result, "b64");
    const char *text = cJSON_GetStringValue(value);
    if (cJSON_IsBool(value)) {
        return cJSON_AddBoolToObject(record, "vb", cJSON_IsTrue(value)) != NULL;
    }
    if (cJSON_IsNumber(value)) {
        return add_number(record, result, value->valuedouble);
    }
    if (bytes[0] != '\0') { /* a text that JSON cannot hold */
        return add_bytes(record, bytes);
    }
    if (text == NULL) {
        return true; /* a number that is none: SenML has no word for it */
    }
    if (strcmp(type, "opaque") == 0) {
        return add_bytes(record, text);
    }
    return cJSON_AddStringToObject(record, strcmp(type, "objlnk") == 0 ? "vlo" : "vs", text) !=
           NULL;
}

static cJSON *record_new(const struct senml_pack *pack, const cJSON *result)
{
    cJSON *record = cJSON_CreateObject();
    const char *endpoint = result_text(result, "ep");
    const char *unit = result_text(result, "unit");
    if (pack->endpoint == NULL || strcmp(pack->endpoint, endpoint) != 0) {
        cJSON_AddStringToObject(record, "bn", endpoint);
    }
    bool good = cJSON_AddStringToObject(record, "n", result_text(result, "path")) != NULL;
    if (unit[0] != '\0') {
        cJSON_AddStringToObject(record, "u", unit);
    }
    add_time(record, event_time(result));
    if (!good || !add_value(record, result)) {
        cJSON_Delete(record);
        return NULL;
    }
    return record;
}

bool senml_pack_add(struct senml_pack *pack, const struct printer *printer, const cJSON *result)
{
    if (strcmp(result_text(result, "type"), "none") == 0) {
        return true;
    }
    cJSON *record = record_new(pack, result);
    char *endpoint = strdup(result_text(result, "ep"));
    if (pack->records == NULL) {
        pack->records = cJSON_CreateArray();
    }
    if (record == NULL || endpoint == NULL || pack->records == NULL) {
        cJSON_Delete(record);
        free(endpoint);
        print_errorf(printer, "out of memory");
        return false;
    }
    free(pack->endpoint);
    pack->endpoint = endpoint;
    return cJSON_AddItemToArray(pack->records, record) != 0;
}

bool senml_pack_print(struct senml_pack *pack, const struct printer *printer)
{
    bool good = true;
    if (cJSON_GetArraySize(pack->records) > 0) {
        char *text = cJSON_PrintUnformatted(pack->records);
        char *line = text != NULL ? json_text_escape(text) : NULL;
        good = line != NULL && fprintf(printer->results, "%s\n", line) >= 0 &&
               fflush(printer->results) == 0;
        if (line == NULL) {
            print_errorf(printer, "out of memory");
        }
        cJSON_free(text);
        free(line);
    }
    senml_pack_release(pack);
    return good;
}

void senml_pack_release(struct senml_pack *pack)
{
    cJSON_Delete(pack->records);
    free(pack->endpoint);
    *pack = (struct senml_pack){0};
}
