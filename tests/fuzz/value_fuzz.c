/*
 * Fuzzes values: the first byte names a type, the others are its text, and then the bytes of a TLV.
 * What is read prints and reads back the same; a conversion keeps the value or refuses it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include <lwm2m/attributes.h>
#include <lwm2m/value.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Enough for the base64 of any input that libFuzzer makes by default. */
enum { MEMORY = 16384 };

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* The value must print, and its text must be that value again; NaN alone has a word that is no
 * number. */
static void check_round_trip(const struct lwm2m_value *value)
{
    static uint8_t text_memory[MEMORY];
    static uint8_t scratch_memory[MEMORY];
    struct lwm2m_buffer text;
    struct lwm2m_buffer scratch;
    struct lwm2m_value back;

    lwm2m_buffer_init(&text, text_memory, sizeof text_memory);
    lwm2m_buffer_init(&scratch, scratch_memory, sizeof scratch_memory);
    check(lwm2m_value_print(value, &text) == LWM2M_OK);
    bool is_finite = value->type != LWM2M_TYPE_FLOAT || value->as.number - value->as.number == 0;
    enum lwm2m_error error =
        lwm2m_value_parse(lwm2m_buffer_bytes(&text), value->type, &scratch, &back);
    check(is_finite ? error == LWM2M_OK && lwm2m_value_equal(value, &back) : error == LWM2M_TYPE);
}

static void fuzz_conversions(struct lwm2m_value value)
{
    for (int type = 0; type < LWM2M_TYPE_COUNT; type++) {
        struct lwm2m_value converted = value;
        if (lwm2m_value_convert(&converted, (enum lwm2m_type)type)) {
            check(lwm2m_value_equal(&converted, &value));
        } else if (converted.type != LWM2M_TYPE_UNTYPED) {
            check_round_trip(&converted);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t scratch_memory[MEMORY];
    struct lwm2m_buffer scratch;
    struct lwm2m_value value;
    struct lwm2m_attributes attributes = {0};

    if (size == 0 || size > MEMORY / 2) {
        return 0;
    }
    struct lwm2m_bytes text = {data + 1, size - 1};
    lwm2m_buffer_init(&scratch, scratch_memory, sizeof scratch_memory);
    if (lwm2m_value_parse(text, (enum lwm2m_type)(data[0] % LWM2M_TYPE_COUNT), &scratch, &value) ==
        LWM2M_OK) {
        check_round_trip(&value);
        fuzz_conversions(value);
    }

    value = lwm2m_value_opaque(text);
    value.type = LWM2M_TYPE_UNTYPED;
    fuzz_conversions(value);
    (void)!lwm2m_attributes_parse_query(text, &attributes);
    return 0;
}
