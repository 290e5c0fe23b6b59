/*
 * Tables of payloads and what they say, and the checks that every binary codec passes with its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/codec_vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/hex.h"
#include "support/record_lines.h"

enum { PAYLOAD_MAX = 512 };

static enum lwm2m_error decode(struct record_lines *lines, const struct lwm2m_codec *codec,
                               const char *base, const char *hex)
{
    uint8_t memory[PAYLOAD_MAX];

    return record_lines_decode(lines, codec, example_types(), example_path(base),
                               hex_decode(hex, memory, sizeof memory));
}

void codec_vectors_assert_read(const struct lwm2m_codec *codec, const struct codec_vector *vectors,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct codec_vector *vector = &vectors[i];
        struct record_lines lines;
        enum lwm2m_error error = decode(&lines, codec, vector->base, vector->hex);

        if (error != LWM2M_OK) {
            fail_msg("%s at %s: %s, offset %zu: %s", vector->hex, vector->base,
                     lwm2m_error_name(error), lines.fault.offset, lines.fault.reason);
        }
        assert_string_equal(lines.text, vector->lines);
    }
}

void codec_vectors_assert_written(const struct lwm2m_codec *codec,
                                  const struct codec_vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t in[PAYLOAD_MAX];
        uint8_t memory[PAYLOAD_MAX];
        char expected[2 * PAYLOAD_MAX + 1];
        char written[2 * PAYLOAD_MAX + 1];
        struct lwm2m_buffer out;
        struct lwm2m_encoder encoder;
        struct lwm2m_decoding decoding = {.payload = hex_decode(vectors[i].hex, in, sizeof in),
                                          .base = example_path(vectors[i].base),
                                          .types = example_types()};

        lwm2m_buffer_init(&out, memory, sizeof memory);
        assert_int_equal(lwm2m_encoder_begin(&encoder, codec, decoding.base, &out), LWM2M_OK);
        assert_int_equal(codec->decode(&decoding, lwm2m_encoder_sink(&encoder), NULL), LWM2M_OK);
        assert_int_equal(lwm2m_encoder_end(&encoder), LWM2M_OK);
        hex_encode(decoding.payload, expected, sizeof expected);
        assert_string_equal(hex_encode(lwm2m_buffer_bytes(&out), written, sizeof written),
                            expected);
    }
}

void codec_vectors_assert_refused(const struct lwm2m_codec *codec,
                                  const struct codec_refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct codec_refusal *refusal = &refusals[i];
        struct record_lines lines;
        enum lwm2m_error error = decode(&lines, codec, refusal->base, refusal->hex);

        if (error != refusal->error || lines.fault.error != refusal->error) {
            fail_msg("%s at %s: %s, offset %zu: %s", refusal->hex, refusal->base,
                     lwm2m_error_name(error), lines.fault.offset, lines.fault.reason);
        }
    }
}

void codec_vectors_assert_truncations_refused(const struct lwm2m_codec *codec,
                                              const struct codec_vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t memory[PAYLOAD_MAX];
        struct lwm2m_bytes whole = hex_decode(vectors[i].hex, memory, sizeof memory);
        struct record_lines lines;

        for (size_t length = 1; length < whole.length; length++) {
            struct lwm2m_bytes cut = {.data = memory, .length = length};

            assert_int_equal(record_lines_decode(&lines, codec, example_types(),
                                                 example_path(vectors[i].base), cut),
                             LWM2M_MALFORMED);
            assert_true(lines.fault.offset <= length);
        }
    }
}
