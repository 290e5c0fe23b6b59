/*
 * Reads the values of requests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/responder.h"

#define VALUES_MAX 1000

static bool refuse(struct control_outcome *failure, const char *hint, const char *path,
                   const char *reason)
{
    control_fail(failure, EXIT_CODE_USAGE, hint, "%.120s: %s", path, reason);
    return false;
}

static bool read_path(const char *text, const struct value_types *types, struct lwm2m_path *path,
                      struct control_outcome *failure)
{
    struct lwm2m_fault fault = {0};
    char complete[256];
    bool relative = types->base.level == LWM2M_LEVEL_INSTANCE && text[0] != '/';
    if (relative && strlen(text) < sizeof(complete) - LWM2M_PATH_TEXT_MAX - 1) {
        size_t length = lwm2m_path_print(types->base, complete);
        snprintf(complete + length, sizeof(complete) - length, "/%s", text);
        text = complete;
    }
    enum lwm2m_error error =
        lwm2m_definitions_parse_path(types->definitions, lwm2m_bytes_from_text(text), path, &fault);
    if (error != LWM2M_OK) {
        control_fail(
            failure, EXIT_CODE_USAGE, "a path is /OBJECT/INSTANCE/RESOURCE, as numbers or names",
            "'%.120s' is no path: %s (at character %zu)", text,
            fault.reason != NULL ? fault.reason : lwm2m_error_text(error), fault.offset + 1);
        return false;
    }
    return path->level >= LWM2M_LEVEL_RESOURCE ||
           refuse(failure, NULL, text, "a value belongs to a resource: /OBJECT/INSTANCE/RESOURCE");
}

static bool read_type(const cJSON *item, const char *path_text, struct lwm2m_path path,
                      const struct value_types *types, enum lwm2m_type *type,
                      struct control_outcome *failure)
{
    const char *word = control_text(item, "type");
    struct lwm2m_resource_definition resource;
    if (word != NULL) {
        return lwm2m_type_find(lwm2m_bytes_from_text(word), type) == LWM2M_OK ||
               refuse(failure, NULL, path_text,
                      "unknown type; there are string, int, uint, float, bool, time, opaque, "
                      "objlnk and corelnk");
    }
    if (!types->find(types->context, path, &resource)) {
        return refuse(failure, "-T string|int|uint|float|bool|time|opaque|objlnk|corelnk names it",
                      path_text, "no definition names the type of this resource");
    }
    if (resource.type == LWM2M_TYPE_NONE) {
        return refuse(failure, "'lwm2m exec' executes it", path_text,
                      "this resource is executable and holds no value");
    }
    *type = resource.type;
    return true;
}

static bool read_value(const cJSON *item, const char *path_text, enum lwm2m_type type,
                       struct owned_value *value, struct control_outcome *failure)
{
    const char *text = control_text(item, "value");
    const char *base64 = control_text(item, "b64");
    char message[200];
    if (base64 != NULL) {
        return value_base64_parse(base64, type, value, message, sizeof(message)) ||
               refuse(failure, NULL, path_text, message);
    }
    if (text == NULL) {
        return refuse(failure, NULL, path_text, "it needs a \"value\" as text, or \"b64\"");
    }
    return value_text_parse(text, type, value, message, sizeof(message)) ||
           refuse(failure, NULL, path_text, message);
}

static bool read_item(const cJSON *item, const struct value_types *types, struct value_list *list,
                      struct control_outcome *failure)
{
    struct lwm2m_record *record = &list->records[list->count];
    const char *text = control_text(item, "path");
    enum lwm2m_type type = LWM2M_TYPE_NONE;
    if (text == NULL) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "every value needs a \"path\"");
        return false;
    }
    if (!read_path(text, types, &record->path, failure) ||
        !read_type(item, text, record->path, types, &type, failure) ||
        !read_value(item, text, type, &list->owned[list->count], failure)) {
        return false;
    }
    record->value = list->owned[list->count].value;
    record->time_ms = LWM2M_NO_TIME;
    list->count++;
    return true;
}

bool value_list_read(const cJSON *values, const struct value_types *types, struct value_list *list,
                     struct control_outcome *failure)
{
    *list = (struct value_list){0};
    int size = cJSON_IsArray(values) ? cJSON_GetArraySize(values) : 0;
    if (size > VALUES_MAX) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "more than %d values", VALUES_MAX);
        return false;
    }
    list->records = calloc((size_t)size + 1, sizeof(*list->records));
    list->owned = calloc((size_t)size + 1, sizeof(*list->owned));
    if (list->records == NULL || list->owned == NULL) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        value_list_release(list);
        return false;
    }
    const cJSON *item;
    cJSON_ArrayForEach (item, values) {
        if (!read_item(item, types, list, failure)) {
            value_list_release(list);
            return false;
        }
    }
    return true;
}

void value_list_release(struct value_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        owned_value_release(&list->owned[i]);
    }
    free(list->records);
    free(list->owned);
    *list = (struct value_list){0};
}
