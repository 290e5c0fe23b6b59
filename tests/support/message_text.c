/*
 * CoAP messages written down in test code, one token for each option.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/message_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/status.h>

#define OPTIONS_MAX 16

struct written_option {
    uint16_t number;
    uint8_t length;
    uint8_t value[32];
};

struct written_options {
    struct written_option items[OPTIONS_MAX];
    size_t count;
};

static const struct {
    const char *name;
    uint16_t number;
} number_options[] = {
    {"obs", LWM2M_OPTION_OBSERVE},   {"cf", LWM2M_OPTION_CONTENT_FORMAT},
    {"accept", LWM2M_OPTION_ACCEPT}, {"size2", LWM2M_OPTION_SIZE2},
    {"size1", LWM2M_OPTION_SIZE1},   {"tag", LWM2M_OPTION_REQUEST_TAG},
    {"raw1", LWM2M_OPTION_BLOCK1},   {"raw2", LWM2M_OPTION_BLOCK2},
};

/* Options of one number keep their order. */
static void add(struct written_options *options, uint16_t number, const void *value, size_t length)
{
    size_t at = options->count++;

    if (options->count > OPTIONS_MAX || length > sizeof(options->items[0].value)) {
        abort();
    }
    for (; at > 0 && options->items[at - 1].number > number; at--) {
        options->items[at] = options->items[at - 1];
    }
    options->items[at].number = number;
    options->items[at].length = (uint8_t)length;
    memcpy(options->items[at].value, value, length);
}

static void add_number(struct written_options *options, uint16_t number, uint32_t value)
{
    uint8_t bytes[4];
    size_t start = sizeof(bytes);

    for (; value > 0; value >>= 8) {
        bytes[--start] = (uint8_t)value;
    }
    add(options, number, bytes + start, sizeof(bytes) - start);
}

static uint32_t block_value(const char *token)
{
    unsigned long number, more, bytes;
    uint32_t exponent = 0;

    if (sscanf(token, "%lu/%lu/%lu", &number, &more, &bytes) != 3) {
        abort();
    }
    while (exponent < 7 && 16ul << exponent < bytes) {
        exponent++;
    }
    return (uint32_t)(number << 4 | more << 3 | exponent);
}

static void read_etag(struct written_options *options, const char *hex)
{
    uint8_t bytes[8];
    size_t length = 0;
    unsigned byte;

    while (length < sizeof(bytes) && sscanf(hex + 2 * length, "%2x", &byte) == 1) {
        bytes[length++] = (uint8_t)byte;
    }
    add(options, LWM2M_OPTION_ETAG, bytes, length);
}

static void read_assignment(struct written_options *options, const char *token)
{
    size_t length = strcspn(token, "=");

    if (token[length] != '=') {
        abort();
    }
    for (size_t i = 0; i < sizeof(number_options) / sizeof(number_options[0]); i++) {
        if (strlen(number_options[i].name) == length &&
            memcmp(number_options[i].name, token, length) == 0) {
            add_number(options, number_options[i].number,
                       (uint32_t)strtoul(token + length + 1, NULL, 0));
            return;
        }
    }
    if (strncmp(token, "path=", 5) == 0) {
        add(options, LWM2M_OPTION_URI_PATH, token + 5, strlen(token + 5));
    } else if (strncmp(token, "etag=", 5) == 0) {
        read_etag(options, token + 5);
    } else if (token[0] >= '0' && token[0] <= '9') {
        add_number(options, (uint16_t)strtoul(token, NULL, 10),
                   (uint32_t)strtoul(token + length + 1, NULL, 0));
    } else {
        abort();
    }
}

static void read_path(struct written_options *options, const char *token)
{
    while (*token == '/') {
        size_t length = strcspn(token + 1, "/");
        if (length > 0) {
            add(options, LWM2M_OPTION_URI_PATH, token + 1, length);
        }
        token += 1 + length;
    }
}

static uint8_t read_code(const char *token)
{
    if (token[0] >= '0' && token[0] <= '9') {
        return (uint8_t)((token[0] - '0') << 5 | strtoul(token + 2, NULL, 10));
    }
    for (uint8_t code = LWM2M_METHOD_GET; code <= LWM2M_METHOD_IPATCH; code++) {
        if (strcmp(lwm2m_method_name(code), token) == 0) {
            return code;
        }
    }
    abort();
}

void message_text_read(struct message_text *message, const char *text, struct lwm2m_bytes payload)
{
    struct written_options written = {.count = 0};
    struct lwm2m_options options;
    char copy[MESSAGE_TEXT_MAX];
    char *rest = NULL;
    char *token;

    snprintf(copy, sizeof(copy), "%s", text);
    memset(message, 0, sizeof(*message));
    message->message.code = read_code(strtok_r(copy, " ", &rest));
    while ((token = strtok_r(NULL, " ", &rest)) != NULL) {
        if (token[0] == '/') {
            read_path(&written, token);
        } else if (token[0] == '?') {
            add(&written, LWM2M_OPTION_URI_QUERY, token + 1, strlen(token + 1));
        } else if (token[0] == '1' && token[1] == ':') {
            add_number(&written, LWM2M_OPTION_BLOCK1, block_value(token + 2));
        } else if (token[0] == '2' && token[1] == ':') {
            add_number(&written, LWM2M_OPTION_BLOCK2, block_value(token + 2));
        } else {
            read_assignment(&written, token);
        }
    }

    lwm2m_options_init(&options, message->memory, sizeof(message->memory));
    for (size_t i = 0; i < written.count; i++) {
        lwm2m_options_append(&options, written.items[i].number,
                             (struct lwm2m_bytes){written.items[i].value, written.items[i].length});
    }
    if (lwm2m_options_check(&options) != LWM2M_OK) {
        abort();
    }
    message->message.options = lwm2m_options_bytes(&options);
    message->message.payload = payload;
}

/* Appends like snprintf; text that does not fit is cut. */
#define PRINT(text, used, ...)                                                                     \
    ((used) += (size_t)snprintf((text) + (used), MESSAGE_TEXT_MAX - (used), __VA_ARGS__))

static void print_option(const struct lwm2m_option *option, uint16_t previous, char *text,
                         size_t *used)
{
    const char *before = option->number == LWM2M_OPTION_URI_QUERY ? " ?"
                         : previous == LWM2M_OPTION_URI_PATH      ? "/"
                                                                  : " /";
    uint32_t value = 0;

    if (option->number == LWM2M_OPTION_URI_PATH || option->number == LWM2M_OPTION_URI_QUERY) {
        PRINT(text, *used, "%s%.*s", before, (int)option->value.length,
              (const char *)option->value.data);
        return;
    }
    if (option->number == LWM2M_OPTION_LOCATION_PATH) {
        PRINT(text, *used, " to=%.*s", (int)option->value.length, (const char *)option->value.data);
        return;
    }
    if (option->number == LWM2M_OPTION_ETAG) {
        PRINT(text, *used, " etag");
        return;
    }
    if (lwm2m_option_number_value(option, &value) != LWM2M_OK) {
        abort();
    }
    if (option->number == LWM2M_OPTION_BLOCK1 || option->number == LWM2M_OPTION_BLOCK2) {
        PRINT(text, *used, " %d:%u/%u/%u", option->number == LWM2M_OPTION_BLOCK1 ? 1 : 2,
              (unsigned)value >> 4, (unsigned)value >> 3 & 1, 16u << (value & 7));
        return;
    }
    for (size_t i = 0; i < sizeof(number_options) / sizeof(number_options[0]); i++) {
        if (number_options[i].number == option->number) {
            PRINT(text, *used, " %s=%u", number_options[i].name, (unsigned)value);
            return;
        }
    }
    PRINT(text, *used, " %u=%u", option->number, (unsigned)value);
}

char *message_text_print(const struct lwm2m_message *message, char text[MESSAGE_TEXT_MAX])
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    uint16_t previous = 0;
    size_t used = 0;

    if (message->code < 32) {
        PRINT(text, used, "%s", lwm2m_method_name(message->code));
    } else {
        PRINT(text, used, "%u.%02u", message->code >> 5, message->code & 31);
    }
    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option) && used < MESSAGE_TEXT_MAX / 2) {
        print_option(&option, previous, text, &used);
        previous = option.number;
    }
    if (message->payload.length > 0) {
        PRINT(text, used, " #%u", (unsigned)message->payload.length);
    }
    return text;
}

void body_fill(uint8_t *body, size_t length, unsigned seed)
{
    uint32_t state = seed * 2654435761u + 1;

    for (size_t i = 0; i < length; i++) {
        state = state * 1664525u + 1013904223u;
        body[i] = (uint8_t)(state >> 24);
    }
}
