/*
 * What the fuzz targets of the codecs have in common: decode, encode, decode again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/codec_fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { RECORDS_MAX = 1024, OUT_MAX = 1 << 18 };

struct record_list {
    struct lwm2m_record records[RECORDS_MAX];
    size_t count;
    uint8_t bytes[OUT_MAX]; /* of the strings, which are gone after the call */
    size_t byte_count;
};

static struct record_list first;
static struct record_list second;

static void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

static bool holds_bytes(enum lwm2m_type type)
{
    return type == LWM2M_TYPE_STRING || type == LWM2M_TYPE_CORELNK || type == LWM2M_TYPE_OPAQUE ||
           type == LWM2M_TYPE_UNTYPED;
}

static enum lwm2m_error put_record(void *context, const struct lwm2m_record *record)
{
    struct record_list *list = context;
    struct lwm2m_record *copy = &list->records[list->count];

    if (list->count == RECORDS_MAX) {
        return LWM2M_CANCELLED;
    }
    *copy = *record;
    if (holds_bytes(record->value.type)) {
        size_t length = record->value.as.bytes.length;

        check(length <= OUT_MAX - list->byte_count);
        if (length > 0) {
            memcpy(list->bytes + list->byte_count, record->value.as.bytes.data, length);
        }
        copy->value.as.bytes.data = list->bytes + list->byte_count;
        list->byte_count += length;
    }
    list->count++;
    return LWM2M_OK;
}

static enum lwm2m_type find_type(void *context, struct lwm2m_path path)
{
    return (enum lwm2m_type)((path.resource + *(const uint8_t *)context) % LWM2M_TYPE_COUNT);
}

static struct lwm2m_path choose_base(uint8_t selector)
{
    switch (selector % 5) {
    case 0:
        return lwm2m_path_root();
    case 1:
        return lwm2m_path_object(3);
    case 2:
        return lwm2m_path_instance(3, 0);
    case 3:
        return lwm2m_path_resource(3, 0, 7);
    default:
        return lwm2m_path_resource_instance(3, 0, 7, 1);
    }
}

/* Payload and scratch in memory of their exact size, which the documentation says is enough. */
static enum lwm2m_error decode(const struct lwm2m_codec *codec, struct lwm2m_decoding decoding,
                               struct record_list *list)
{
    size_t length = decoding.payload.length;
    uint8_t *payload = malloc(length);
    uint8_t *scratch_memory = malloc(length);
    struct lwm2m_sink sink = {.context = list, .put = put_record};
    struct lwm2m_fault fault = {.reason = NULL};
    struct lwm2m_buffer scratch;
    enum lwm2m_error error;

    if (length > 0) {
        memcpy(payload, decoding.payload.data, length);
    }
    decoding.payload.data = payload;
    lwm2m_buffer_init(&scratch, scratch_memory, length);
    decoding.scratch = &scratch;
    list->count = 0;
    list->byte_count = 0;
    error = codec->decode(&decoding, sink, &fault);
    if (error != LWM2M_OK && error != LWM2M_CANCELLED) {
        check(fault.error == error && fault.offset <= length && fault.reason != NULL);
    }
    check(error != LWM2M_NO_SPACE);
    free(payload);
    free(scratch_memory);
    return error;
}

/* "It is empty", said of the base beside what it holds, is a contradiction that no encoder repeats.
 */
static bool is_contradiction(const struct record_list *list, struct lwm2m_path base, size_t i)
{
    return list->count > 1 && list->records[i].value.type == LWM2M_TYPE_NONE &&
           lwm2m_path_equal(list->records[i].path, base);
}

static void drop_contradictions(struct record_list *list, struct lwm2m_path base)
{
    for (size_t i = 0; i < list->count;) {
        if (!is_contradiction(list, base, i)) {
            i++;
            continue;
        }
        list->count--;
        memmove(&list->records[i], &list->records[i + 1],
                (list->count - i) * sizeof list->records[0]);
    }
}

static void encode(const struct lwm2m_codec *codec, struct lwm2m_path base,
                   const struct record_list *list, struct lwm2m_buffer *out)
{
    struct lwm2m_encoder encoder;

    check(lwm2m_encoder_begin(&encoder, codec, base, out) == LWM2M_OK);
    for (size_t i = 0; i < list->count; i++) {
        check(lwm2m_encoder_put(&encoder, &list->records[i]) == LWM2M_OK);
    }
    check(lwm2m_encoder_end(&encoder) == LWM2M_OK);
}

void codec_fuzz(const struct lwm2m_codec *codec, const uint8_t *data, size_t size)
{
    static uint8_t out_memory[OUT_MAX];
    struct lwm2m_buffer out;
    struct lwm2m_decoding decoding = {.types = {.find = find_type}};
    uint8_t type_selector;

    if (size < 2) {
        return;
    }
    type_selector = data[1];
    decoding.base = choose_base(data[0]);
    decoding.types.context = &type_selector;
    decoding.payload = (struct lwm2m_bytes){.data = data + 2, .length = size - 2};
    if (decode(codec, decoding, &first) != LWM2M_OK) {
        return;
    }
    drop_contradictions(&first, decoding.base);
    lwm2m_buffer_init(&out, out_memory, sizeof out_memory);
    encode(codec, decoding.base, &first, &out);
    decoding.payload = lwm2m_buffer_bytes(&out);
    check(decode(codec, decoding, &second) == LWM2M_OK);
    check(first.count == second.count);
    for (size_t i = 0; i < first.count; i++) {
        check(lwm2m_path_equal(first.records[i].path, second.records[i].path));
        check(lwm2m_value_equal(&first.records[i].value, &second.records[i].value));
        check(first.records[i].time_ms == second.records[i].time_ms);
    }
}
