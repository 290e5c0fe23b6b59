/*
 * Values: building and comparing them, and their text form.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/value.h>

#include <string.h>

#include <lwm2m/number.h>

#include <lwm2m/base64.h>
#include <lwm2m/utf8.h>

static const char *const type_names[LWM2M_TYPE_COUNT] = {
    [LWM2M_TYPE_NONE] = "none",       [LWM2M_TYPE_STRING] = "string",
    [LWM2M_TYPE_INTEGER] = "int",     [LWM2M_TYPE_UNSIGNED] = "uint",
    [LWM2M_TYPE_FLOAT] = "float",     [LWM2M_TYPE_BOOLEAN] = "bool",
    [LWM2M_TYPE_OPAQUE] = "opaque",   [LWM2M_TYPE_TIME] = "time",
    [LWM2M_TYPE_OBJLNK] = "objlnk",   [LWM2M_TYPE_CORELNK] = "corelnk",
    [LWM2M_TYPE_UNTYPED] = "untyped",
};

const char *lwm2m_type_name(enum lwm2m_type type)
{
    return (unsigned)type < LWM2M_TYPE_COUNT ? type_names[type] : "unknown";
}

enum lwm2m_error lwm2m_type_find(struct lwm2m_bytes name, enum lwm2m_type *type)
{
    for (unsigned i = 0; i < LWM2M_TYPE_COUNT; i++) {
        if (lwm2m_bytes_equal_text(name, type_names[i])) {
            *type = (enum lwm2m_type)i;
            return LWM2M_OK;
        }
    }
    return LWM2M_NOT_FOUND;
}

struct lwm2m_value lwm2m_value_none(void)
{
    return (struct lwm2m_value){.type = LWM2M_TYPE_NONE};
}

struct lwm2m_value lwm2m_value_string(struct lwm2m_bytes text)
{
    return (struct lwm2m_value){.type = LWM2M_TYPE_STRING, .as.bytes = text};
}

struct lwm2m_value lwm2m_value_text(const char *text)
{
    return lwm2m_value_string(lwm2m_bytes_from_text(text));
}

struct lwm2m_value lwm2m_value_integer(int64_t number)
{
    return (struct lwm2m_value){.type = LWM2M_TYPE_INTEGER, .as.integer = number};
}

struct lwm2m_value lwm2m_value_unsigned(uint64_t number)
{
    return (struct lwm2m_value){.type = LWM2M_TYPE_UNSIGNED, .as.unsigned_integer = number};
}

struct lwm2m_value lwm2m_value_float(double number)
{
    return (struct lwm2m_value){.type = LWM2M_TYPE_FLOAT, .as.number = number};
}

struct lwm2m_value lwm2m_value_boolean(bool boolean)
{
    return (struct lwm2m_value){.type = LWM2M_TYPE_BOOLEAN, .as.boolean = boolean};
}

struct lwm2m_value lwm2m_value_opaque(struct lwm2m_bytes bytes)
{
    return (struct lwm2m_value){.type = LWM2M_TYPE_OPAQUE, .as.bytes = bytes};
}

struct lwm2m_value lwm2m_value_time(int64_t seconds)
{
    return (struct lwm2m_value){.type = LWM2M_TYPE_TIME, .as.integer = seconds};
}

struct lwm2m_value lwm2m_value_objlnk(uint16_t object, uint16_t instance)
{
    return (struct lwm2m_value){.type = LWM2M_TYPE_OBJLNK, .as.objlnk = {object, instance}};
}

bool lwm2m_value_equal(const struct lwm2m_value *a, const struct lwm2m_value *b)
{
    if (a->type != b->type) {
        return false;
    }
    switch (a->type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
    case LWM2M_TYPE_OPAQUE:
    case LWM2M_TYPE_UNTYPED:
        return lwm2m_bytes_equal(a->as.bytes, b->as.bytes);
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        return a->as.integer == b->as.integer;
    case LWM2M_TYPE_UNSIGNED:
        return a->as.unsigned_integer == b->as.unsigned_integer;
    case LWM2M_TYPE_FLOAT:
        return memcmp(&a->as.number, &b->as.number, sizeof a->as.number) == 0;
    case LWM2M_TYPE_BOOLEAN:
        return a->as.boolean == b->as.boolean;
    case LWM2M_TYPE_OBJLNK:
        return a->as.objlnk.object == b->as.objlnk.object &&
               a->as.objlnk.instance == b->as.objlnk.instance;
    case LWM2M_TYPE_NONE:
    case LWM2M_TYPE_COUNT:
        break;
    }
    return true;
}

static enum lwm2m_error print_objlnk(struct lwm2m_objlnk link, struct lwm2m_buffer *out)
{
    char text[2 * LWM2M_NUMBER_TEXT_MAX];
    char instance[LWM2M_NUMBER_TEXT_MAX];

    size_t length = lwm2m_number_print_unsigned(link.object, text);
    text[length++] = ':';
    size_t instance_length = lwm2m_number_print_unsigned(link.instance, instance);
    memcpy(text + length, instance, instance_length);
    return lwm2m_buffer_append(out, text, length + instance_length);
}

enum lwm2m_error lwm2m_value_print(const struct lwm2m_value *value, struct lwm2m_buffer *out)
{
    char text[LWM2M_NUMBER_TEXT_MAX];
    size_t length = 0;

    switch (value->type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        return lwm2m_buffer_append(out, value->as.bytes.data, value->as.bytes.length);
    case LWM2M_TYPE_OPAQUE:
    case LWM2M_TYPE_UNTYPED:
        return lwm2m_base64_encode(value->as.bytes, false, out);
    case LWM2M_TYPE_OBJLNK:
        return print_objlnk(value->as.objlnk, out);
    case LWM2M_TYPE_BOOLEAN:
        return lwm2m_buffer_append_byte(out, value->as.boolean ? '1' : '0');
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        length = lwm2m_number_print_signed(value->as.integer, text);
        break;
    case LWM2M_TYPE_UNSIGNED:
        length = lwm2m_number_print_unsigned(value->as.unsigned_integer, text);
        break;
    case LWM2M_TYPE_FLOAT:
        length = lwm2m_number_print_double(value->as.number, text);
        break;
    case LWM2M_TYPE_NONE:
    case LWM2M_TYPE_COUNT:
        break;
    }
    return lwm2m_buffer_append(out, text, length);
}

/* What a parser below found wrong with the text, in the words of lwm2m_value_parse. */
static enum lwm2m_error as_value_error(enum lwm2m_error error)
{
    switch (error) {
    case LWM2M_MALFORMED:
        return LWM2M_TYPE;
    case LWM2M_TOO_LARGE:
        return LWM2M_RANGE;
    default:
        return error;
    }
}

static enum lwm2m_error parse_id(struct lwm2m_bytes text, uint16_t *id)
{
    uint64_t number;
    enum lwm2m_error error = lwm2m_number_parse_unsigned(text, &number);
    if (error) {
        return error;
    }
    if (number > UINT16_MAX) {
        return LWM2M_RANGE;
    }
    *id = (uint16_t)number;
    return LWM2M_OK;
}

static enum lwm2m_error parse_objlnk(struct lwm2m_bytes text, struct lwm2m_objlnk *link)
{
    size_t colon = 0;
    while (colon < text.length && text.data[colon] != ':') {
        colon++;
    }
    if (colon == text.length) {
        return LWM2M_MALFORMED;
    }

    struct lwm2m_bytes object = {text.data, colon};
    struct lwm2m_bytes instance = {text.data + colon + 1, text.length - colon - 1};
    enum lwm2m_error error = parse_id(object, &link->object);
    return error ? error : parse_id(instance, &link->instance);
}

static enum lwm2m_error parse_boolean(struct lwm2m_bytes text, bool *boolean)
{
    if (text.length != 1 || (text.data[0] != '0' && text.data[0] != '1')) {
        return LWM2M_MALFORMED;
    }
    *boolean = text.data[0] == '1';
    return LWM2M_OK;
}

static enum lwm2m_error parse_opaque(struct lwm2m_bytes text, struct lwm2m_buffer *scratch,
                                     struct lwm2m_bytes *bytes)
{
    size_t start = scratch->length;
    enum lwm2m_error error = lwm2m_base64_decode(text, scratch);
    if (error) {
        return error;
    }
    *bytes = (struct lwm2m_bytes){scratch->data + start, scratch->length - start};
    return LWM2M_OK;
}

static enum lwm2m_error parse_as(struct lwm2m_bytes text, enum lwm2m_type type,
                                 struct lwm2m_buffer *scratch, struct lwm2m_value *value)
{
    switch (type) {
    case LWM2M_TYPE_NONE:
        return text.length == 0 ? LWM2M_OK : LWM2M_TYPE;
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        value->as.bytes = text;
        return lwm2m_utf8_is_valid(text) ? LWM2M_OK : LWM2M_TYPE;
    case LWM2M_TYPE_OPAQUE:
        return parse_opaque(text, scratch, &value->as.bytes);
    case LWM2M_TYPE_OBJLNK:
        return parse_objlnk(text, &value->as.objlnk);
    case LWM2M_TYPE_BOOLEAN:
        return parse_boolean(text, &value->as.boolean);
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        return lwm2m_number_parse_signed(text, &value->as.integer);
    case LWM2M_TYPE_UNSIGNED:
        return lwm2m_number_parse_unsigned(text, &value->as.unsigned_integer);
    case LWM2M_TYPE_FLOAT:
        return lwm2m_number_parse_double(text, &value->as.number);
    default:
        return LWM2M_ARGUMENT;
    }
}

enum lwm2m_error lwm2m_value_parse(struct lwm2m_bytes text, enum lwm2m_type type,
                                   struct lwm2m_buffer *scratch, struct lwm2m_value *value)
{
    /* Without a definition, text is a string: UNTYPED would stand for the bytes of TLV. */
    struct lwm2m_value result = {.type = type == LWM2M_TYPE_UNTYPED ? LWM2M_TYPE_STRING : type};

    enum lwm2m_error error = parse_as(text, result.type, scratch, &result);
    if (error) {
        return as_value_error(error);
    }
    *value = result;
    return LWM2M_OK;
}
