/*
 * Turns values into JSON and text; cJSON holds numbers as doubles, so numbers are written as they
 * print.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/value_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/number.h>

#include "output/time_text.h"
#include <lwm2m/base64.h>
#include <lwm2m/utf8.h>

#define HEX_TEXT_BYTES 64
#define EXACT_IN_DOUBLE (UINT64_C(1) << 53)

/* True if JSON can carry it as a string. */
static bool is_text(struct lwm2m_bytes bytes)
{
    return lwm2m_utf8_is_valid(bytes) &&
           (bytes.length == 0 || memchr(bytes.data, 0, bytes.length) == NULL);
}

static char *text_copy(struct lwm2m_bytes bytes)
{
    char *copy = malloc(bytes.length + 1);
    if (copy != NULL) {
        if (bytes.length > 0) {
            memcpy(copy, bytes.data, bytes.length);
        }
        copy[bytes.length] = '\0';
    }
    return copy;
}

char *base64_text_new(struct lwm2m_bytes bytes)
{
    size_t capacity = (bytes.length + 2) / 3 * 4;
    char *text = malloc(capacity + 1);
    if (text == NULL) {
        return NULL;
    }
    struct lwm2m_buffer buffer;
    lwm2m_buffer_init(&buffer, text, capacity);
    if (lwm2m_base64_encode(bytes, false, &buffer) != LWM2M_OK) {
        free(text);
        return NULL;
    }
    text[buffer.length] = '\0';
    return text;
}

/* Adds a text that the caller allocated, and frees it. */
static bool add_taken(cJSON *object, const char *key, char *text)
{
    bool added = text != NULL && cJSON_AddStringToObject(object, key, text) != NULL;
    free(text);
    return added;
}

bool json_add_bytes(cJSON *object, const char *key, struct lwm2m_bytes text)
{
    if (is_text(text)) {
        return add_taken(object, key, text_copy(text));
    }
    char name[64];
    snprintf(name, sizeof(name), "%s_b64", key);
    return add_taken(object, name, base64_text_new(text));
}

static bool add_string(cJSON *object, struct lwm2m_bytes text)
{
    return is_text(text) ? add_taken(object, "value", text_copy(text))
                         : add_taken(object, "b64", base64_text_new(text));
}

static bool add_opaque(cJSON *object, struct lwm2m_bytes bytes)
{
    return add_taken(object, "value", base64_text_new(bytes)) &&
           cJSON_AddNumberToObject(object, "len", (double)bytes.length) != NULL;
}

static bool add_integer(cJSON *object, const char *digits, uint64_t magnitude)
{
    if (cJSON_AddRawToObject(object, "value", digits) == NULL) {
        return false;
    }
    return magnitude <= EXACT_IN_DOUBLE || cJSON_AddStringToObject(object, "text", digits) != NULL;
}

static bool add_signed(cJSON *object, int64_t number)
{
    char digits[LWM2M_NUMBER_TEXT_MAX];
    lwm2m_number_print_signed(number, digits);
    return add_integer(object, digits, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

static bool add_unsigned(cJSON *object, uint64_t number)
{
    char digits[LWM2M_NUMBER_TEXT_MAX];
    lwm2m_number_print_unsigned(number, digits);
    return add_integer(object, digits, number);
}

/* A double that a device sent as a single prints as the single: 21.3, not 21.299999237060547. */
static void print_float(double number, char text[LWM2M_NUMBER_TEXT_MAX])
{
    if (isfinite(number) && fabs(number) <= (double)3.402823466e38f &&
        (double)(float)number == number) {
        lwm2m_number_print_float((float)number, text);
    } else {
        lwm2m_number_print_double(number, text);
    }
}

static bool add_float(cJSON *object, double number)
{
    char digits[LWM2M_NUMBER_TEXT_MAX];
    print_float(number, digits);
    if (isfinite(number)) {
        return cJSON_AddRawToObject(object, "value", digits) != NULL;
    }
    /* JSON has no number for it. */
    return cJSON_AddNullToObject(object, "value") != NULL &&
           cJSON_AddStringToObject(object, "text", digits) != NULL;
}

static bool add_objlnk(cJSON *object, struct lwm2m_objlnk link)
{
    char text[16];
    snprintf(text, sizeof(text), "%u:%u", link.object, link.instance);
    return cJSON_AddStringToObject(object, "value", text) != NULL;
}

bool value_json_add(cJSON *object, const struct lwm2m_value *value)
{
    enum lwm2m_type type = value->type == LWM2M_TYPE_UNTYPED ? LWM2M_TYPE_OPAQUE : value->type;
    if (cJSON_AddStringToObject(object, "type", lwm2m_type_name(type)) == NULL) {
        return false;
    }
    switch (type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        return add_string(object, value->as.bytes);
    case LWM2M_TYPE_OPAQUE:
        return add_opaque(object, value->as.bytes);
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        return add_signed(object, value->as.integer);
    case LWM2M_TYPE_UNSIGNED:
        return add_unsigned(object, value->as.unsigned_integer);
    case LWM2M_TYPE_FLOAT:
        return add_float(object, value->as.number);
    case LWM2M_TYPE_BOOLEAN:
        return cJSON_AddBoolToObject(object, "value", value->as.boolean) != NULL;
    case LWM2M_TYPE_OBJLNK:
        return add_objlnk(object, value->as.objlnk);
    default:
        return cJSON_AddNullToObject(object, "value") != NULL;
    }
}

const char *value_unit_text(const char *units)
{
    return strcmp(units, "/100") == 0 ? "%" : units;
}

static char *opaque_text_new(struct lwm2m_bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    if (bytes.length > HEX_TEXT_BYTES) {
        char *base64 = base64_text_new(bytes);
        char *text = NULL;
        if (base64 != NULL && asprintf(&text, "b64:%s", base64) < 0) {
            text = NULL;
        }
        free(base64);
        return text;
    }
    char *text = malloc(2 * bytes.length + 3);
    if (text == NULL) {
        return NULL;
    }
    char *at = stpcpy(text, "0x");
    for (size_t i = 0; i < bytes.length; i++) {
        *at++ = digits[bytes.data[i] >> 4];
        *at++ = digits[bytes.data[i] & 15];
    }
    *at = '\0';
    return text;
}

char *value_text_new(const struct lwm2m_value *value)
{
    char text[TIME_TEXT_MAX > LWM2M_NUMBER_TEXT_MAX ? TIME_TEXT_MAX : LWM2M_NUMBER_TEXT_MAX];
    switch (value->type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        return is_text(value->as.bytes) ? text_copy(value->as.bytes) : NULL;
    case LWM2M_TYPE_OPAQUE:
    case LWM2M_TYPE_UNTYPED:
        return opaque_text_new(value->as.bytes);
    case LWM2M_TYPE_INTEGER:
        lwm2m_number_print_signed(value->as.integer, text);
        break;
    case LWM2M_TYPE_UNSIGNED:
        lwm2m_number_print_unsigned(value->as.unsigned_integer, text);
        break;
    case LWM2M_TYPE_FLOAT:
        print_float(value->as.number, text);
        break;
    case LWM2M_TYPE_BOOLEAN:
        return strdup(value->as.boolean ? "true" : "false");
    case LWM2M_TYPE_TIME:
        time_print_s(value->as.integer, text);
        break;
    case LWM2M_TYPE_OBJLNK:
        snprintf(text, sizeof(text), "%u:%u", value->as.objlnk.object, value->as.objlnk.instance);
        break;
    default:
        return NULL;
    }
    return strdup(text);
}
