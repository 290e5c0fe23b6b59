/*
 * Reads and writes the lines of the control protocol.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <lwm2m/version.h>

#include "control/responder.h"
#include <lwm2m/utf8.h>

#define NESTING_MAX 16
#define PROTOCOL_VERSION 1

/*
 * What cJSON does not guard against: it descends once per bracket, and takes \u0000 for the end of
 * a string, so that two different names would compare equal. NULL if there is neither.
 */
static const char *scan(const char *line, size_t length)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        char c = line[i];
        if (in_string && c == '\\') {
            if (length - i >= 6 && memcmp(line + i, "\\u0000", 6) == 0) {
                return "the line holds a NUL";
            }
            i++;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '{' || c == '[')) {
            if (++depth > NESTING_MAX) {
                return "the line is nested deeper than 16";
            }
        } else if (!in_string && (c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return NULL;
}

cJSON *control_line_parse(const char *line, size_t length, const char **message)
{
    struct lwm2m_bytes bytes = {.data = (const uint8_t *)line, .length = length};
    if (!lwm2m_utf8_is_valid(bytes) || (length > 0 && memchr(line, 0, length) != NULL)) {
        *message = "the line is no UTF-8 text without NUL";
        return NULL;
    }
    *message = scan(line, length);
    if (*message != NULL) {
        return NULL;
    }
    const char *end = NULL;
    cJSON *object = cJSON_ParseWithLengthOpts(line, length, &end, false);
    while (object != NULL && end < line + length && strchr(" \t\r", *end) != NULL) {
        end++;
    }
    if (!cJSON_IsObject(object) || end != line + length) {
        cJSON_Delete(object);
        *message = "the line is no JSON object";
        return NULL;
    }
    return object;
}

cJSON *control_greeting_new(const char *role)
{
    cJSON *greeting = cJSON_CreateObject();
    cJSON_AddNumberToObject(greeting, "v", PROTOCOL_VERSION);
    cJSON_AddStringToObject(greeting, "lwm2m", LWM2M_VERSION);
    cJSON_AddStringToObject(greeting, "role", role);
    if (cJSON_AddNumberToObject(greeting, "pid", (double)getpid()) == NULL) {
        cJSON_Delete(greeting);
        return NULL;
    }
    return greeting;
}

void control_send_result(const struct responder_output *output, int id, cJSON *result,
                         const char *printed)
{
    cJSON *line = cJSON_CreateObject();
    if (cJSON_AddNumberToObject(line, "id", id) == NULL ||
        !cJSON_AddItemToObject(line, "result", result)) {
        cJSON_Delete(result);
        cJSON_Delete(line);
        return;
    }
    if (printed != NULL) {
        cJSON_AddStringToObject(line, "printed", printed);
    }
    output->line(output->context, line);
    cJSON_Delete(line);
}

void control_send_done(const struct responder_output *output, int id, enum exit_code exit,
                       const char *message, const char *hint)
{
    cJSON *line = cJSON_CreateObject();
    cJSON_AddNumberToObject(line, "id", id);
    cJSON *done = cJSON_AddObjectToObject(line, "done");
    cJSON_AddNumberToObject(done, "exit", exit);
    if (exit != EXIT_CODE_OK) {
        cJSON_AddStringToObject(done, "class", exit_code_class(exit));
    }
    if (message != NULL && message[0] != '\0') {
        cJSON_AddStringToObject(done, "msg", message);
    }
    if (hint != NULL && hint[0] != '\0') {
        cJSON_AddStringToObject(done, "hint", hint);
    }
    if (line != NULL) {
        output->line(output->context, line);
    }
    cJSON_Delete(line);
}

int control_request_id(const cJSON *request)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(request, "id");
    if (!cJSON_IsNumber(id) || !(id->valuedouble >= 1) || id->valuedouble > INT32_MAX ||
        id->valuedouble != (double)id->valueint) {
        return 0;
    }
    return id->valueint;
}

const char *control_text(const cJSON *request, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(request, name));
}

double control_number(const cJSON *request, const char *name, double fallback)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(request, name);
    return cJSON_IsNumber(item) ? item->valuedouble : fallback;
}
