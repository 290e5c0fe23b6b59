/*
 * Fuzzes the codec of messages: what is accepted is encoded to the same bytes, and its options can
 * be walked and replaced.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/message.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_options(const struct lwm2m_message *message)
{
    uint8_t memory[65536 + 16];
    struct lwm2m_options options;
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    struct lwm2m_option first;
    const uint32_t value = 0x010203;

    lwm2m_option_reader_init(&reader, message);
    lwm2m_options_init(&options, memory, sizeof(memory));
    while (lwm2m_option_reader_next(&reader, &option)) {
        check(lwm2m_message_find_option(message, option.number, &first));
        lwm2m_options_append(&options, option.number, option.value);
    }
    check(lwm2m_options_check(&options) == LWM2M_OK);
    check(options.buffer.length <= message->options.length);

    lwm2m_options_init(&options, memory, sizeof(memory));
    check(lwm2m_options_replace(&options, message, LWM2M_OPTION_BLOCK2, &value) == LWM2M_OK);
    lwm2m_options_init(&options, memory, sizeof(memory));
    check(lwm2m_options_replace(&options, message, LWM2M_OPTION_OBSERVE, NULL) == LWM2M_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t memory[65536];
    struct lwm2m_message message;
    struct lwm2m_buffer buffer;
    struct lwm2m_fault fault = {0};

    if (size > sizeof(memory)) {
        return 0;
    }
    if (lwm2m_message_decode((struct lwm2m_bytes){data, size}, &message, &fault) != LWM2M_OK) {
        check(fault.reason != NULL && fault.offset <= size);
        return 0;
    }
    check_options(&message);
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    check(lwm2m_message_encode(&message, &buffer) == LWM2M_OK);
    check(buffer.length == size && memcmp(memory, data, size) == 0);
    return 0;
}
