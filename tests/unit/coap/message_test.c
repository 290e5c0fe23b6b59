/*
 * CoAP messages on the wire: what is refused and where, and that what was encoded reads back the
 * same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <lwm2m/message.h>

#include "support/virtual_port.h"

struct sample {
    uint8_t bytes[16];
    size_t length;
    enum lwm2m_error error;
    size_t offset;
};

/* RFC 7252 §3, §3.1: each is a message format error, but for those of another version. */
static const struct sample refused[] = {
    {{0}, 0, LWM2M_MALFORMED, 0},
    {{0x40}, 1, LWM2M_MALFORMED, 1},
    {{0x40, 1, 0}, 3, LWM2M_MALFORMED, 3},
    {{0x00, 1, 0, 1}, 4, LWM2M_UNSUPPORTED, 0},
    {{0x80, 1, 0, 1}, 4, LWM2M_UNSUPPORTED, 0},
    {{0xc0}, 1, LWM2M_UNSUPPORTED, 0},
    {{0x49, 1, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 13, LWM2M_MALFORMED, 0},
    {{0x4d, 1, 0, 1, 0}, 5, LWM2M_MALFORMED, 0},
    {{0x4f, 1, 0, 1}, 4, LWM2M_MALFORMED, 0},
    {{0x48, 1, 0, 1, 1, 2, 3, 4, 5, 6, 7}, 11, LWM2M_MALFORMED, 4},
    {{0x41, 0, 0, 1, 7}, 5, LWM2M_MALFORMED, 0},
    {{0x40, 0, 0, 1, 0xff, 1}, 6, LWM2M_MALFORMED, 4},
    {{0x40, 0, 0, 1, 0x10}, 5, LWM2M_MALFORMED, 4},
    {{0x60, 0, 0, 1, 0}, 5, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0xff}, 5, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0x11, 'a', 0xff}, 7, LWM2M_MALFORMED, 6},
    {{0x40, 1, 0, 1, 0xf0}, 5, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0xf1, 1}, 6, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0x0f}, 5, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0x10, 0x1f, 1, 2}, 8, LWM2M_MALFORMED, 5},
    {{0x40, 1, 0, 1, 0xd0}, 5, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0xe0, 0}, 6, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0x0d}, 5, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0x0e, 0}, 6, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0xee, 0, 0, 0}, 8, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0x12, 'a'}, 6, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0x0d, 0, 'a'}, 7, LWM2M_MALFORMED, 4},
    {{0x40, 1, 0, 1, 0xe0, 0xfe, 0xf3}, 7, LWM2M_MALFORMED, 4},              /* number 65536 */
    {{0x40, 1, 0, 1, 0xe0, 0xfe, 0xf2, 0x10}, 8, LWM2M_MALFORMED, 7},        /* 65535 + 1 */
    {{0x40, 1, 0, 1, 0xe0, 0xff, 0xff}, 7, LWM2M_MALFORMED, 4},              /* 65804 */
    {{0x40, 1, 0, 1, 0xe0, 0x80, 0, 0xe0, 0x80, 0}, 10, LWM2M_MALFORMED, 7}, /* wraps */
};

/* In memory of its own size, so that a read past the end is noticed. */
static enum lwm2m_error decode(const uint8_t *bytes, size_t length, struct lwm2m_message *message,
                               struct lwm2m_fault *fault)
{
    uint8_t *copy = malloc(length == 0 ? 1 : length);
    enum lwm2m_error error;

    if (length > 0) {
        memcpy(copy, bytes, length);
    }
    error = lwm2m_message_decode((struct lwm2m_bytes){copy, length}, message, fault);
    free(copy);
    return error;
}

static void format_errors_are_refused_where_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        const struct sample *sample = &refused[i];
        struct lwm2m_fault fault = {0};
        struct lwm2m_message message;

        assert_int_equal(decode(sample->bytes, sample->length, &message, &fault), sample->error);
        assert_int_equal(fault.error, sample->error);
        assert_int_equal(fault.offset, sample->offset);
        assert_non_null(fault.reason);
        if (sample->error == LWM2M_MALFORMED && sample->length >= 4) {
            assert_int_equal(message.message_id, 1);
            assert_int_equal(message.type, sample->bytes[0] >> 4 & 3);
        }
    }
}

static void edges_of_the_format_are_read(void **state)
{
    static const struct {
        uint8_t bytes[16];
        size_t length;
        uint16_t number; /* of the only option, 0 for none */
        size_t value_length;
        size_t payload_length;
    } cases[] = {
        {{0x40, 1, 0, 1}, 4, 0, 0, 0},
        {{0x70, 0, 0, 1}, 4, 0, 0, 0},
        {{0x48, 1, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8}, 12, 0, 0, 0},
        {{0x40, 1, 0, 1, 0xff, 0xff}, 6, 0, 0, 1},
        {{0x40, 1, 0, 1, 0xc0}, 5, 12, 0, 0},
        {{0x40, 1, 0, 1, 0xd0, 0}, 6, 13, 0, 0},
        {{0x40, 1, 0, 1, 0xd0, 255}, 6, 268, 0, 0},
        {{0x40, 1, 0, 1, 0xe0, 0, 0}, 7, 269, 0, 0},
        {{0x40, 1, 0, 1, 0xe0, 0xfe, 0xf2}, 7, 65535, 0, 0},
        {{0x40, 1, 0, 1, 0xb2, 'r', 'd', 0xff, 'x'}, 9, 11, 2, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lwm2m_message message;
        struct lwm2m_option_reader reader;
        struct lwm2m_option option;

        assert_int_equal(lwm2m_message_decode((struct lwm2m_bytes){cases[i].bytes, cases[i].length},
                                              &message, NULL),
                         LWM2M_OK);
        assert_int_equal(message.payload.length, cases[i].payload_length);
        lwm2m_option_reader_init(&reader, &message);
        if (cases[i].number != 0) {
            assert_true(lwm2m_option_reader_next(&reader, &option));
            assert_int_equal(option.number, cases[i].number);
            assert_int_equal(option.value.length, cases[i].value_length);
        }
        assert_false(lwm2m_option_reader_next(&reader, &option));
    }
}

static void what_was_encoded_reads_back_the_same(void **state)
{
    struct virtual_port port;
    uint8_t payload[64];
    uint8_t value[600];

    (void)state;
    virtual_port_init(&port, 7);
    memset(payload, 0xff, sizeof(payload));
    memset(value, 'v', sizeof(value));
    for (int round = 0; round < 20000; round++) {
        uint8_t option_memory[4096];
        uint8_t memory[5000];
        struct lwm2m_options options;
        struct lwm2m_buffer buffer;
        struct lwm2m_option option;
        struct lwm2m_option_reader reader;
        uint16_t numbers[6];
        size_t lengths[6];
        size_t count = virtual_port_random_below(&port, 7);
        uint32_t number = 0;
        struct lwm2m_message read;
        struct lwm2m_message message = {
            .type = (uint8_t)virtual_port_random_below(&port, 4),
            .code = (uint8_t)(1 + virtual_port_random_below(&port, 255)),
            .message_id = (uint16_t)virtual_port_random(&port),
            .token.length = (uint8_t)virtual_port_random_below(&port, 9),
            .payload = {payload, virtual_port_random_below(&port, sizeof(payload))},
        };

        memset(message.token.bytes, 0x5a, message.token.length);
        lwm2m_options_init(&options, option_memory, sizeof(option_memory));
        for (size_t i = 0; i < count; i++) {
            number += virtual_port_random_below(&port, 1u << virtual_port_random_below(&port, 14));
            numbers[i] = (uint16_t)number;
            lengths[i] =
                virtual_port_random_below(&port, 1u << virtual_port_random_below(&port, 10));
            lengths[i] = lengths[i] < sizeof(value) ? lengths[i] : sizeof(value);
            lwm2m_options_append(&options, numbers[i], (struct lwm2m_bytes){value, lengths[i]});
        }
        assert_int_equal(lwm2m_options_check(&options), LWM2M_OK);
        message.options = lwm2m_options_bytes(&options);
        lwm2m_buffer_init(&buffer, memory, sizeof(memory));
        assert_int_equal(lwm2m_message_encode(&message, &buffer), LWM2M_OK);
        assert_int_equal(lwm2m_message_decode(lwm2m_buffer_bytes(&buffer), &read, NULL), LWM2M_OK);
        assert_int_equal(read.type, message.type);
        assert_int_equal(read.code, message.code);
        assert_int_equal(read.message_id, message.message_id);
        assert_true(lwm2m_token_equal(&read.token, &message.token));
        assert_true(lwm2m_bytes_equal(read.options, message.options));
        assert_true(lwm2m_bytes_equal(read.payload, message.payload));
        lwm2m_option_reader_init(&reader, &read);
        for (size_t i = 0; i < count; i++) {
            assert_true(lwm2m_option_reader_next(&reader, &option));
            assert_int_equal(option.number, numbers[i]);
            assert_int_equal(option.value.length, lengths[i]);
        }
        assert_false(lwm2m_option_reader_next(&reader, &option));
    }
}

static void encoding_fits_exactly_or_writes_nothing(void **state)
{
    uint8_t memory[32];
    struct lwm2m_buffer buffer;
    struct lwm2m_message message = {
        .code = 0x45,
        .token = {2, {1, 2}},
        .payload = {(const uint8_t *)"abc", 3},
    };

    (void)state;
    lwm2m_buffer_init(&buffer, memory, 10);
    assert_int_equal(lwm2m_message_encode(&message, &buffer), LWM2M_OK);
    assert_int_equal(buffer.length, 10);
    lwm2m_buffer_init(&buffer, memory, 9);
    assert_int_equal(lwm2m_message_encode(&message, &buffer), LWM2M_NO_SPACE);
    assert_int_equal(buffer.length, 0);
    message.payload.length = SIZE_MAX;
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    assert_int_equal(lwm2m_message_encode(&message, &buffer), LWM2M_NO_SPACE);
    message.payload.length = 0;
    message.token.length = 9;
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    assert_int_equal(lwm2m_message_encode(&message, &buffer), LWM2M_ARGUMENT);
}

/* Whatever the bytes: no crash, and what is accepted is encoded to the same bytes or fewer. */
static void random_bytes_are_refused_or_kept(void **state)
{
    struct virtual_port port;

    (void)state;
    virtual_port_init(&port, 11);
    for (int round = 0; round < 100000; round++) {
        uint8_t bytes[24];
        uint8_t again[24];
        struct lwm2m_message message;
        struct lwm2m_buffer buffer;
        size_t length = virtual_port_random_below(&port, sizeof(bytes) + 1);

        for (size_t i = 0; i < length; i++) {
            bytes[i] = (uint8_t)virtual_port_random(&port);
        }
        if (length > 0) {
            bytes[0] = (uint8_t)(0x40 | (bytes[0] & 0x33));
        }
        if (lwm2m_message_decode((struct lwm2m_bytes){bytes, length}, &message, NULL) != LWM2M_OK) {
            continue;
        }
        lwm2m_buffer_init(&buffer, again, sizeof(again));
        assert_int_equal(lwm2m_message_encode(&message, &buffer), LWM2M_OK);
        assert_int_equal(buffer.length, length);
        assert_memory_equal(again, bytes, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_errors_are_refused_where_they_are),
        cmocka_unit_test(edges_of_the_format_are_read),
        cmocka_unit_test(what_was_encoded_reads_back_the_same),
        cmocka_unit_test(encoding_fits_exactly_or_writes_nothing),
        cmocka_unit_test(random_bytes_are_refused_or_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
