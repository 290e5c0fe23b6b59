/*
 * Describes CoAP messages on one line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/message_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <lwm2m/codec.h>
#include <lwm2m/status.h>

/* A line that grows until it is full. */
struct line {
    char *text;
    size_t size, length;
};

static void append(struct line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(struct line *line, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line->text + line->length, line->size - line->length, format, list);
    va_end(list);
    if (length > 0) {
        line->length += (size_t)length;
    }
    if (line->length >= line->size) {
        line->length = line->size - 1;
    }
}

/* What a peer sent must not steer the terminal. */
static void append_bytes(struct line *line, struct lwm2m_bytes bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        bool plain = bytes.data[i] > 0x20 && bytes.data[i] < 0x7f;
        append(line, "%c", plain ? bytes.data[i] : '?');
    }
}

static void append_path(struct line *line, const struct lwm2m_message *message)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    size_t queries = 0;
    bool any = false;
    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        bool path =
            option.number == LWM2M_OPTION_URI_PATH || option.number == LWM2M_OPTION_LOCATION_PATH;
        if (path) {
            append(line, "%s/", any ? "" : " ");
        } else if (option.number == LWM2M_OPTION_URI_QUERY) {
            append(line, "%s%s", any ? "" : " /", queries++ == 0 ? "?" : "&");
        } else {
            continue;
        }
        any = true;
        append_bytes(line, option.value);
    }
}

static void append_options(struct line *line, const struct lwm2m_message *message)
{
    struct lwm2m_option option;
    uint32_t number;
    if (lwm2m_message_find_option(message, LWM2M_OPTION_OBSERVE, &option) &&
        lwm2m_option_number_value(&option, &number) == LWM2M_OK) {
        append(line, " observe=%u", number);
    }
    if (lwm2m_message_find_option(message, LWM2M_OPTION_ACCEPT, &option) &&
        lwm2m_option_number_value(&option, &number) == LWM2M_OK) {
        const char *name = lwm2m_content_format_name((uint16_t)number);
        append(line, " accept=%s", name != NULL ? name : "?");
    }
    static const struct {
        uint16_t number;
        const char *name;
    } blocks[] = {{LWM2M_OPTION_BLOCK1, "block1"}, {LWM2M_OPTION_BLOCK2, "block2"}};
    for (size_t i = 0; i < 2; i++) {
        if (lwm2m_message_find_option(message, blocks[i].number, &option) &&
            lwm2m_option_number_value(&option, &number) == LWM2M_OK) {
            append(line, " %s=%u/%u/%u", blocks[i].name, number >> 4, number >> 3 & 1,
                   16u << (number & 7));
        }
    }
}

static void append_payload(struct line *line, const struct lwm2m_message *message)
{
    struct lwm2m_option option;
    uint32_t number;
    if (lwm2m_message_find_option(message, LWM2M_OPTION_CONTENT_FORMAT, &option) &&
        lwm2m_option_number_value(&option, &number) == LWM2M_OK) {
        const char *name = lwm2m_content_format_name((uint16_t)number);
        if (name != NULL) {
            append(line, " %s", name);
        } else {
            append(line, " format=%u", number);
        }
    }
    if (message->payload.length > 0) {
        append(line, " %zu byte%s", message->payload.length,
               message->payload.length == 1 ? "" : "s");
    }
}

static void append_summary(struct line *line, const struct lwm2m_message *message)
{
    if (message->code == 0) {
        append(line, "empty");
    } else if (message->code < 32) {
        append(line, "%s", lwm2m_method_name(message->code));
    } else {
        char code[LWM2M_STATUS_TEXT_MAX];
        enum lwm2m_status status = lwm2m_status_from_code(message->code);
        append(line, "%s %s", lwm2m_status_print(status, code), lwm2m_status_text(status));
    }
    append_path(line, message);
    append_options(line, message);
    append_payload(line, message);
}

const char *message_type_name(const struct lwm2m_message *message)
{
    static const char *const types[] = {"CON", "NON", "ACK", "RST"};
    return types[message->type & 3];
}

void message_print(const struct lwm2m_message *message, char *text, size_t size)
{
    struct line line = {.text = text, .size = size};
    append(&line, "%s ", message_type_name(message));
    append_summary(&line, message);
}

void message_print_trace(const struct lwm2m_message *message, char *text, size_t size)
{
    struct line line = {.text = text, .size = size};
    append(&line, "%s %5u ", message_type_name(message), message->message_id);
    for (size_t i = 0; i < message->token.length; i++) {
        append(&line, "%02x", message->token.bytes[i]);
    }
    append(&line, " ");
    append_summary(&line, message);
}

void message_print_summary(const struct lwm2m_message *message, char *text, size_t size)
{
    struct line line = {.text = text, .size = size};
    append_summary(&line, message);
}

void message_print_code(const struct lwm2m_message *message, char text[MESSAGE_CODE_TEXT_MAX])
{
    if (message->code > 0 && message->code < 32) {
        snprintf(text, MESSAGE_CODE_TEXT_MAX, "%s", lwm2m_method_name(message->code));
    } else {
        snprintf(text, MESSAGE_CODE_TEXT_MAX, "%u.%02u", message->code >> 5, message->code & 31u);
    }
}

void message_print_path(const struct lwm2m_message *message, char *text, size_t size)
{
    struct line line = {.text = text, .size = size};
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    text[0] = '\0';
    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (option.number == LWM2M_OPTION_URI_PATH || option.number == LWM2M_OPTION_LOCATION_PATH) {
            append(&line, "/");
            append_bytes(&line, option.value);
        }
    }
}

void hex_print(struct lwm2m_bytes bytes, char *text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t at = 0;
    for (size_t i = 0; i < bytes.length && at + 2 < size; i++) {
        text[at++] = digits[bytes.data[i] >> 4];
        text[at++] = digits[bytes.data[i] & 15];
    }
    text[at] = '\0';
}

void message_add_description(cJSON *result, struct lwm2m_bytes encoded)
{
    struct lwm2m_message message;
    char text[400];
    size_t size = 2 * encoded.length + 1;
    char *hex = malloc(size);
    if (lwm2m_message_decode(encoded, &message, NULL) == LWM2M_OK) {
        message_print(&message, text, sizeof(text));
        cJSON_AddStringToObject(result, "message", text);
    }
    if (hex != NULL) {
        hex_print(encoded, hex, size);
        cJSON_AddStringToObject(result, "hex", hex);
    }
    free(hex);
}
