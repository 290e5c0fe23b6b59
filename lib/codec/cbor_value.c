/*
 * Values of resources in CBOR: which items stand for a value, and how a value is written where no
 * label tells its type (LwM2M Core 1.2 Annex C.6).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/cbor_value.h"

#include <lwm2m/utf8.h>

#include "codec/date_time.h"

enum { TAG_DATE_TIME = 0, TAG_SECONDS = 1 };

/* "65535:65535" */
enum { OBJLNK_TEXT_MAX = 11 };

enum lwm2m_error lwm2m_cbor_item_value(const struct lwm2m_cbor_item *item,
                                       struct lwm2m_value *value, struct lwm2m_fault *fault)
{
    switch (item->kind) {
    case LWM2M_CBOR_UNSIGNED:
        *value = item->argument <= INT64_MAX ? lwm2m_value_integer((int64_t)item->argument)
                                             : lwm2m_value_unsigned(item->argument);
        return LWM2M_OK;
    case LWM2M_CBOR_NEGATIVE:
        if (item->argument > INT64_MAX) {
            return lwm2m_fault_set(fault, LWM2M_RANGE, item->offset,
                                   "a number below the 64-bit integers");
        }
        *value = lwm2m_value_integer(-1 - (int64_t)item->argument);
        return LWM2M_OK;
    case LWM2M_CBOR_BYTES:
        *value = lwm2m_value_opaque(item->bytes);
        return LWM2M_OK;
    case LWM2M_CBOR_TEXT:
        *value = lwm2m_value_string(item->bytes);
        return LWM2M_OK;
    case LWM2M_CBOR_BOOLEAN:
        *value = lwm2m_value_boolean(item->argument != 0);
        return LWM2M_OK;
    case LWM2M_CBOR_FLOAT:
        if (item->number - item->number != 0) {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, item->offset,
                                   "a float that is not a number");
        }
        *value = lwm2m_value_float(item->number);
        return LWM2M_OK;
    case LWM2M_CBOR_TAG:
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, item->offset,
                               "tags but those of times are not read");
    default:
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, item->offset,
                               "not a number, a boolean or a string");
    }
}

static enum lwm2m_error read_time(struct lwm2m_cbor_reader *reader, uint64_t tag,
                                  struct lwm2m_value *value)
{
    struct lwm2m_cbor_item item;
    enum lwm2m_error error = lwm2m_cbor_read(reader, &item);

    if (error == LWM2M_OK) {
        error = lwm2m_cbor_item_value(&item, value, reader->fault);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    if ((item.kind == LWM2M_CBOR_TEXT) != (tag == TAG_DATE_TIME)) {
        return lwm2m_fault_set(reader->fault, LWM2M_MALFORMED, item.offset,
                               "not what the tag calls for");
    }
    if (tag == TAG_SECONDS) {
        error = lwm2m_value_convert(value, LWM2M_TYPE_TIME);
    } else {
        int64_t seconds;

        error = lwm2m_date_time_parse(item.bytes, &seconds);
        *value = lwm2m_value_time(seconds);
    }
    return error == LWM2M_OK
               ? LWM2M_OK
               : lwm2m_fault_set(reader->fault, error, item.offset, "not a time of whole seconds");
}

enum lwm2m_error lwm2m_cbor_read_value(struct lwm2m_cbor_reader *reader,
                                       const struct lwm2m_cbor_item *item,
                                       struct lwm2m_value *value)
{
    if (item->kind == LWM2M_CBOR_TAG && item->argument <= TAG_SECONDS) {
        return read_time(reader, item->argument, value);
    }
    return lwm2m_cbor_item_value(item, value, reader->fault);
}

static enum lwm2m_error append_text(struct lwm2m_buffer *out, struct lwm2m_bytes text)
{
    if (!lwm2m_utf8_is_valid(text)) {
        return LWM2M_MALFORMED;
    }
    lwm2m_cbor_append_text(out, text);
    return LWM2M_OK;
}

static enum lwm2m_error append_objlnk(struct lwm2m_buffer *out, const struct lwm2m_value *link)
{
    uint8_t memory[OBJLNK_TEXT_MAX];
    struct lwm2m_buffer text;
    enum lwm2m_error error;

    lwm2m_buffer_init(&text, memory, sizeof memory);
    error = lwm2m_value_print(link, &text);
    if (error == LWM2M_OK) {
        lwm2m_cbor_append_text(out, lwm2m_buffer_bytes(&text));
    }
    return error;
}

static enum lwm2m_error append_float(struct lwm2m_buffer *out, double number)
{
    if (number - number != 0) {
        return LWM2M_RANGE;
    }
    lwm2m_cbor_append_float(out, number);
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_cbor_append_value(struct lwm2m_buffer *out, const struct lwm2m_value *value)
{
    switch (value->type) {
    case LWM2M_TYPE_STRING:
    case LWM2M_TYPE_CORELNK:
        return append_text(out, value->as.bytes);
    case LWM2M_TYPE_TIME:
        lwm2m_cbor_append_tag(out, TAG_SECONDS);
        lwm2m_cbor_append_integer(out, value->as.integer);
        return LWM2M_OK;
    case LWM2M_TYPE_INTEGER:
        lwm2m_cbor_append_integer(out, value->as.integer);
        return LWM2M_OK;
    case LWM2M_TYPE_UNSIGNED:
        lwm2m_cbor_append_unsigned(out, value->as.unsigned_integer);
        return LWM2M_OK;
    case LWM2M_TYPE_FLOAT:
        return append_float(out, value->as.number);
    case LWM2M_TYPE_BOOLEAN:
        lwm2m_cbor_append_boolean(out, value->as.boolean);
        return LWM2M_OK;
    case LWM2M_TYPE_OPAQUE:
        lwm2m_cbor_append_bytes(out, value->as.bytes);
        return LWM2M_OK;
    case LWM2M_TYPE_OBJLNK:
        return append_objlnk(out, value);
    case LWM2M_TYPE_NONE:
    case LWM2M_TYPE_UNTYPED: /* as a byte string they would be taken for an opaque resource */
    case LWM2M_TYPE_COUNT:
        break;
    }
    return LWM2M_UNSUPPORTED;
}
