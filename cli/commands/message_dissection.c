/*
 * Takes a CoAP message apart: header, options, payload.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/message.h>
#include <lwm2m/status.h>

#include "commands/dissection.h"
#include "control/message_text.h"
#include "control/option_text.h"

#define HEADER_BYTES 4

static void put_header(struct dissection *dissection, const struct lwm2m_message *message)
{
    static const char *const types[] = {"CON", "NON", "ACK", "RST"};
    char number[8];
    char token[2 * LWM2M_TOKEN_MAX + 1];
    char name[64];
    char value[64];
    enum lwm2m_status status = lwm2m_status_from_code(message->code);
    snprintf(number, sizeof(number), "%u.%02u", message->code >> 5, message->code & 31u);
    snprintf(name, sizeof(name), "%s%s%s", number, " ",
             message->code == 0   ? "empty"
             : message->code < 32 ? lwm2m_method_name(message->code)
                                  : lwm2m_status_text(status));
    hex_print((struct lwm2m_bytes){message->token.bytes, message->token.length}, token,
              sizeof(token));
    snprintf(value, sizeof(value), "mid %u, token %s", message->message_id,
             token[0] != '\0' ? token : "empty");
    cJSON *details = cJSON_CreateObject();
    cJSON_AddStringToObject(details, "type", types[message->type & 3]);
    cJSON_AddStringToObject(details, "code", number);
    cJSON_AddNumberToObject(details, "mid", message->message_id);
    cJSON_AddStringToObject(details, "token", token);
    const struct dissected_part part = {
        .kind = "message", .item = types[message->type & 3], .name = name, .value = value};
    dissection_put(dissection, &part, details);
}

static void put_option(struct dissection *dissection, const struct lwm2m_option *option,
                       size_t offset)
{
    char number[16];
    char *value = option_value_text_new(option);
    const char *name = option_name(option->number);
    cJSON *details = cJSON_CreateObject();
    snprintf(number, sizeof(number), "%u", option->number);
    cJSON_AddNumberToObject(details, "number", option->number);
    if (name != NULL) {
        cJSON_AddStringToObject(details, "name", name);
    }
    cJSON_AddStringToObject(details, "value", value != NULL ? value : "");
    const struct dissected_part part = {.kind = "option",
                                        .offset = offset,
                                        .item = number,
                                        .name = name != NULL ? name : "unknown option",
                                        .value = value};
    dissection_put(dissection, &part, details);
    free(value);
}

static void put_options(struct dissection *dissection, const struct lwm2m_message *message)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    lwm2m_option_reader_init(&reader, message);
    size_t offset = (size_t)(message->options.data - dissection->input.data);
    while (lwm2m_option_reader_next(&reader, &option)) {
        put_option(dissection, &option, offset);
        offset = (size_t)(reader.rest.data - dissection->input.data);
    }
}

/* The path of a request; one that is no LwM2M path leaves the root. */
static void take_path(struct dissection *dissection, const struct lwm2m_message *message)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    char text[LWM2M_PATH_TEXT_MAX];
    size_t length = 0;
    if (dissection->has_base || message->code >= 32) {
        return;
    }
    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (option.number != LWM2M_OPTION_URI_PATH) {
            continue;
        }
        if (option.value.length == 0 || option.value.length + 1 > sizeof(text) - length) {
            return;
        }
        text[length++] = '/';
        memcpy(text + length, option.value.data, option.value.length);
        length += option.value.length;
    }
    struct lwm2m_path path;
    if (lwm2m_path_parse((struct lwm2m_bytes){(const uint8_t *)text, length}, &path, NULL) ==
        LWM2M_OK) {
        dissection->base = path;
    }
}

/* A block of a larger body is no whole payload. */
static bool is_part_of_body(const struct lwm2m_message *message)
{
    static const uint16_t blocks[] = {LWM2M_OPTION_BLOCK1, LWM2M_OPTION_BLOCK2};
    for (size_t i = 0; i < 2; i++) {
        uint32_t block = lwm2m_message_option_or(message, blocks[i], 0);
        if (block >> 4 != 0 || (block & 8) != 0) {
            return true;
        }
    }
    return false;
}

static uint32_t format_of(const struct lwm2m_message *message)
{
    if (is_part_of_body(message)) {
        return LWM2M_NO_FORMAT;
    }
    return lwm2m_message_option_or(message, LWM2M_OPTION_CONTENT_FORMAT, LWM2M_NO_FORMAT);
}

static bool put_payload(struct dissection *dissection, const struct lwm2m_message *message,
                        struct lwm2m_fault *fault)
{
    uint32_t format = format_of(message);
    const char *name = format <= UINT16_MAX ? lwm2m_content_format_name((uint16_t)format) : NULL;
    char value[40];
    cJSON *details = cJSON_CreateObject();
    snprintf(value, sizeof(value), "%zu byte%s", message->payload.length,
             message->payload.length == 1 ? "" : "s");
    if (name != NULL) {
        cJSON_AddStringToObject(details, "format", name);
    }
    cJSON_AddNumberToObject(details, "len", (double)message->payload.length);
    const struct dissected_part part = {
        .kind = "payload",
        .offset = (size_t)(message->payload.data - dissection->input.data),
        .item = "payload",
        .name = name,
        .value = value};
    dissection_put(dissection, &part, details);
    return dissect_payload(dissection, message->payload, format, fault);
}

bool dissect_message(struct dissection *dissection, struct lwm2m_fault *fault)
{
    struct lwm2m_message message;
    enum lwm2m_error error = lwm2m_message_decode(dissection->input, &message, fault);
    if (error == LWM2M_UNSUPPORTED || dissection->input.length < HEADER_BYTES) {
        return false;
    }
    put_header(dissection, &message);
    if (error != LWM2M_OK) {
        /* The options before the one that is broken. */
        if (message.options.data != NULL) {
            message.options.length =
                fault->offset - (size_t)(message.options.data - dissection->input.data);
            put_options(dissection, &message);
        }
        return false;
    }
    put_options(dissection, &message);
    take_path(dissection, &message);
    return message.payload.length == 0 || put_payload(dissection, &message, fault);
}
