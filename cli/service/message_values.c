/*
 * Reads the values of messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/message_values.h"

#include <stdlib.h>
#include <string.h>

#include "control/value_json.h"

struct gathering {
    cJSON *values;
    size_t count;
};

/* Where Send puts what it reports, of any object. */
#define SEND_PATH "/dp"

/* A part of a body means nothing by itself. */
static bool is_block(const struct lwm2m_message *message, uint16_t number)
{
    struct lwm2m_option option;
    uint32_t value = 0;
    bool found = lwm2m_message_find_option(message, number, &option) &&
                 lwm2m_option_number_value(&option, &value) == LWM2M_OK;
    bool more = (value & 8) != 0;
    return found && (more || value >> 4 > 0);
}

static bool read_base(const struct valued_message *valued, struct lwm2m_path *base)
{
    size_t length = strcspn(valued->path, "?");
    struct lwm2m_bytes text = {(const uint8_t *)valued->path, length};
    if (lwm2m_bytes_equal_text(text, SEND_PATH)) {
        *base = lwm2m_path_root();
        return true;
    }
    /* What is posted to a resource are the arguments of its execution. */
    return lwm2m_path_parse(text, base, NULL) == LWM2M_OK &&
           !(valued->message->code == LWM2M_METHOD_POST && base->level >= LWM2M_LEVEL_RESOURCE);
}

static enum lwm2m_error take_record(void *context, const struct lwm2m_record *record)
{
    struct gathering *gathering = context;
    char path[LWM2M_PATH_TEXT_MAX];
    if (record->value.type == LWM2M_TYPE_NONE) {
        return LWM2M_OK;
    }
    if (gathering->count++ >= MESSAGE_VALUES_MAX) {
        return LWM2M_OK;
    }
    cJSON *value = cJSON_CreateObject();
    char *printed = value_text_new(&record->value);
    lwm2m_path_print(record->path, path);
    cJSON_AddStringToObject(value, "path", path);
    value_json_add(value, &record->value);
    cJSON_AddStringToObject(value, "printed", printed != NULL ? printed : "");
    cJSON_AddItemToArray(gathering->values, value);
    free(printed);
    return LWM2M_OK;
}

void message_values_add(cJSON *result, const struct valued_message *valued)
{
    const struct lwm2m_message *message = valued->message;
    struct lwm2m_outcome outcome = {
        .payload = message->payload,
        .server = valued->server,
        .registration = valued->registration,
    };
    struct lwm2m_option format;
    uint32_t number;
    if (message->payload.length == 0 || is_block(message, LWM2M_OPTION_BLOCK1) ||
        is_block(message, LWM2M_OPTION_BLOCK2) ||
        !lwm2m_message_find_option(message, LWM2M_OPTION_CONTENT_FORMAT, &format) ||
        lwm2m_option_number_value(&format, &number) != LWM2M_OK ||
        !read_base(valued, &outcome.path)) {
        return;
    }
    outcome.content_format = (uint16_t)number;
    struct gathering gathering = {.values = cJSON_CreateArray()};
    const struct lwm2m_sink sink = {.context = &gathering, .put = take_record};
    if (lwm2m_outcome_decode(&outcome, sink, NULL) == LWM2M_OK && gathering.count > 0) {
        cJSON_AddItemToObject(result, "values", gathering.values);
        cJSON_AddNumberToObject(result, "value_count", (double)gathering.count);
    } else {
        cJSON_Delete(gathering.values);
    }
}
