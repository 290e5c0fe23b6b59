/*
 * Reads typed values from text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/value_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <lwm2m/number.h>

#include "output/time_text.h"
#include <lwm2m/base64.h>
#include <lwm2m/utf8.h>

static bool refuse(const char *text, const char *form, char *message, size_t message_size)
{
    snprintf(message, message_size, "'%.80s' is not %s", text, form);
    return false;
}

static bool no_memory(char *message, size_t message_size)
{
    snprintf(message, message_size, "out of memory");
    return false;
}

bool owned_value_copy(struct owned_value *copy, const struct lwm2m_value *value)
{
    *copy = (struct owned_value){.value = *value};
    switch (value->type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
    case LWM2M_TYPE_OPAQUE:
    case LWM2M_TYPE_UNTYPED:
        break;
    default:
        return true;
    }
    copy->memory = malloc(value->as.bytes.length + 1);
    if (copy->memory == NULL) {
        return false;
    }
    if (value->as.bytes.length > 0) {
        memcpy(copy->memory, value->as.bytes.data, value->as.bytes.length);
    }
    copy->value.as.bytes.data = copy->memory;
    return true;
}

void owned_value_release(struct owned_value *value)
{
    free(value->memory);
    *value = (struct owned_value){0};
}

static bool keep_bytes(struct owned_value *value, enum lwm2m_type type, const void *data,
                       size_t length, char *message, size_t message_size)
{
    struct lwm2m_value borrowed = {.type = type, .as.bytes = {.data = data, .length = length}};
    return owned_value_copy(value, &borrowed) || no_memory(message, message_size);
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    digit = (char)tolower((unsigned char)digit);
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Hexadecimal digits in pairs. */
static bool parse_hex(const char *text, const char *digits, struct owned_value *value,
                      char *message, size_t message_size)
{
    size_t length = strlen(digits);
    if (length % 2 != 0) {
        return refuse(text, "opaque: 0x needs an even number of hexadecimal digits", message,
                      message_size);
    }
    uint8_t *bytes = malloc(length / 2 + 1);
    if (bytes == NULL) {
        return no_memory(message, message_size);
    }
    for (size_t i = 0; i < length / 2; i++) {
        int high = hex_digit(digits[2 * i]);
        int low = hex_digit(digits[2 * i + 1]);
        if (high < 0 || low < 0) {
            free(bytes);
            return refuse(text, "opaque: only hexadecimal digits may follow 0x", message,
                          message_size);
        }
        bytes[i] = (uint8_t)(high * 16 + low);
    }
    value->memory = bytes;
    value->value = lwm2m_value_opaque((struct lwm2m_bytes){.data = bytes, .length = length / 2});
    return true;
}

bool value_base64_parse(const char *base64, enum lwm2m_type type, struct owned_value *value,
                        char *message, size_t message_size)
{
    *value = (struct owned_value){0};
    size_t length = strlen(base64);
    uint8_t *bytes = malloc(length / 4 * 3 + 4);
    if (bytes == NULL) {
        return no_memory(message, message_size);
    }
    struct lwm2m_buffer buffer;
    lwm2m_buffer_init(&buffer, bytes, length / 4 * 3 + 4);
    if (lwm2m_base64_decode(lwm2m_bytes_from_text(base64), &buffer) != LWM2M_OK) {
        free(bytes);
        return refuse(base64, "base64", message, message_size);
    }
    bool text = type == LWM2M_TYPE_STRING || type == LWM2M_TYPE_CORELNK;
    if (text && !lwm2m_utf8_is_valid(lwm2m_buffer_bytes(&buffer))) {
        free(bytes);
        return refuse(base64, "a string: its bytes are no UTF-8", message, message_size);
    }
    value->memory = bytes;
    value->value = lwm2m_value_opaque(lwm2m_buffer_bytes(&buffer));
    value->value.type = text ? type : LWM2M_TYPE_OPAQUE;
    return true;
}

static bool parse_opaque(const char *text, struct owned_value *value, char *message,
                         size_t message_size)
{
    if (strncmp(text, "0x", 2) == 0 || strncmp(text, "0X", 2) == 0) {
        return parse_hex(text, text + 2, value, message, message_size);
    }
    if (strncmp(text, "b64:", 4) == 0) {
        return value_base64_parse(text + 4, LWM2M_TYPE_OPAQUE, value, message, message_size);
    }
    return keep_bytes(value, LWM2M_TYPE_OPAQUE, text, strlen(text), message, message_size);
}

static bool parse_number(const char *text, enum lwm2m_type type, struct lwm2m_value *value,
                         char *message, size_t message_size)
{
    static const char *const forms[] = {
        [LWM2M_TYPE_INTEGER] = "an integer",
        [LWM2M_TYPE_UNSIGNED] = "an unsigned integer",
        [LWM2M_TYPE_FLOAT] = "a number",
    };
    struct lwm2m_bytes bytes = lwm2m_bytes_from_text(text);
    enum lwm2m_error error;
    value->type = type;
    if (type == LWM2M_TYPE_INTEGER) {
        error = lwm2m_number_parse_signed(bytes, &value->as.integer);
    } else if (type == LWM2M_TYPE_UNSIGNED) {
        error = lwm2m_number_parse_unsigned(bytes, &value->as.unsigned_integer);
    } else {
        error = lwm2m_number_parse_double(bytes, &value->as.number);
    }
    if (error == LWM2M_RANGE) {
        snprintf(message, message_size, "'%.80s' does not fit into 64 bits", text);
        return false;
    }
    return error == LWM2M_OK || refuse(text, forms[type], message, message_size);
}

static bool parse_boolean(const char *text, struct lwm2m_value *value, char *message,
                          size_t message_size)
{
    if (strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0) {
        *value = lwm2m_value_boolean(true);
    } else if (strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0) {
        *value = lwm2m_value_boolean(false);
    } else {
        return refuse(text, "a boolean: true, false, 1 or 0", message, message_size);
    }
    return true;
}

static bool parse_time(const char *text, struct lwm2m_value *value, char *message,
                       size_t message_size)
{
    int64_t seconds;
    if (!time_parse_s(text, &seconds)) {
        return refuse(text, "a time: seconds since 1970, or 2026-11-23T06:11:02Z", message,
                      message_size);
    }
    *value = lwm2m_value_time(seconds);
    return true;
}

static bool parse_objlnk(const char *text, struct lwm2m_value *value, char *message,
                         size_t message_size)
{
    struct lwm2m_buffer scratch;
    lwm2m_buffer_init(&scratch, NULL, 0);
    return lwm2m_value_parse(lwm2m_bytes_from_text(text), LWM2M_TYPE_OBJLNK, &scratch, value) ==
               LWM2M_OK ||
           refuse(text, "an object link such as 66:1", message, message_size);
}

bool value_text_parse(const char *text, enum lwm2m_type type, struct owned_value *value,
                      char *message, size_t message_size)
{
    *value = (struct owned_value){0};
    switch (type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_UNSIGNED:
    case LWM2M_TYPE_FLOAT:
        return parse_number(text, type, &value->value, message, message_size);
    case LWM2M_TYPE_BOOLEAN:
        return parse_boolean(text, &value->value, message, message_size);
    case LWM2M_TYPE_TIME:
        return parse_time(text, &value->value, message, message_size);
    case LWM2M_TYPE_OBJLNK:
        return parse_objlnk(text, &value->value, message, message_size);
    case LWM2M_TYPE_OPAQUE:
    case LWM2M_TYPE_UNTYPED:
        return parse_opaque(text, value, message, message_size);
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        if (!lwm2m_utf8_is_valid(lwm2m_bytes_from_text(text))) {
            return refuse(text, "a string: its bytes are no UTF-8", message, message_size);
        }
        return keep_bytes(value, type, text, strlen(text), message, message_size);
    default:
        return refuse(text, "possible here: the resource holds no value", message, message_size);
    }
}
