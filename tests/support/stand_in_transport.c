/*
 * A transport whose other end is the test.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/stand_in_transport.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- what the engine sees ---- */

static struct stand_in_transport *stand_in(struct lwm2m_transport *self)
{
    return (struct stand_in_transport *)self;
}

static void append(char *text, size_t size, const char *format, ...)
{
    size_t length = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + length, size - length, format, arguments);
    va_end(arguments);
}

static void append_option(char *text, size_t size, const struct lwm2m_option *option)
{
    uint32_t number = 0;
    bool is_number = lwm2m_option_number_value(option, &number) == LWM2M_OK;
    int length = (int)option->value.length;
    const char *value = (const char *)option->value.data;

    switch (option->number) {
    case LWM2M_OPTION_URI_PATH:
    case LWM2M_OPTION_LOCATION_PATH:
        append(text, size, "/%.*s", length, value);
        break;
    case LWM2M_OPTION_URI_QUERY:
        append(text, size, " ?%.*s", length, value);
        break;
    case LWM2M_OPTION_CONTENT_FORMAT:
        append(text, size, " format=%u", (unsigned)number);
        break;
    case LWM2M_OPTION_ACCEPT:
        append(text, size, " accept=%u", (unsigned)number);
        break;
    case LWM2M_OPTION_OBSERVE:
        append(text, size, "observe=%u ", (unsigned)number);
        break;
    case LWM2M_OPTION_MAX_AGE:
        append(text, size, " max-age=%u", (unsigned)number);
        break;
    default:
        append(text, size, " %u=%u", option->number, is_number ? (unsigned)number : 0u);
        break;
    }
}

static void append_options(char *text, size_t size, struct lwm2m_bytes options)
{
    const struct lwm2m_message message = {.options = options};
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    append(text, size, " ");
    lwm2m_option_reader_init(&reader, &message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        append_option(text, size, &option);
    }
}

static enum lwm2m_error take_request(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                                     const struct lwm2m_request *request,
                                     struct lwm2m_exchange **result)
{
    struct stand_in_transport *transport = stand_in(self);

    if (transport->refuse) {
        return transport->refuse;
    }
    struct lwm2m_exchange *exchange = calloc(1, sizeof *exchange);
    assert_non_null(exchange);
    exchange->peer = (struct stand_in_peer *)peer;
    exchange->open = true;
    exchange->observe = request->observe;
    exchange->ended = request->ends;
    if (request->ends) {
        assert_true(request->ends->open);
        assert_ptr_equal(request->ends->peer, peer);
        request->ends->open = false;
    }
    append(exchange->text, sizeof exchange->text, "%s", lwm2m_method_name(request->method));
    append_options(exchange->text, sizeof exchange->text, request->options);
    assert_true(request->payload.length <= sizeof exchange->payload);
    if (request->payload.length > 0) {
        memcpy(exchange->payload, request->payload.data, request->payload.length);
    }
    exchange->payload_length = request->payload.length;
    exchange->context = request->context;
    exchange->on_response = request->on_response;
    exchange->next = transport->exchanges;
    transport->exchanges = exchange;
    transport->exchange_count++;
    if (result) {
        *result = exchange;
    }
    return LWM2M_OK;
}

static void cancel(struct lwm2m_transport *self, struct lwm2m_exchange *exchange)
{
    (void)self;
    assert_true(exchange->open);
    exchange->open = false;
    exchange->cancelled = true;
}

static enum lwm2m_error respond(struct lwm2m_transport *self, struct lwm2m_incoming *incoming,
                                const struct lwm2m_message *message)
{
    (void)self;
    assert_false(incoming->answered || incoming->dropped);
    if (!message) {
        incoming->dropped = true;
        return LWM2M_OK;
    }
    incoming->answered = true;
    incoming->status = lwm2m_status_from_code(message->code);
    append(incoming->text, sizeof incoming->text, "%u.%02u", incoming->status / 100u,
           incoming->status % 100u);
    append_options(incoming->text, sizeof incoming->text, message->options);
    snprintf(incoming->payload, sizeof incoming->payload, "%.*s", (int)message->payload.length,
             message->payload.length > 0 ? (const char *)message->payload.data : "");
    return LWM2M_OK;
}

static void retain(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    (void)self;
    ((struct stand_in_peer *)peer)->retained++;
}

static void release(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    (void)self;
    assert_true(((struct stand_in_peer *)peer)->retained > 0);
    ((struct stand_in_peer *)peer)->retained--;
}

static void print_address(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    const struct stand_in_peer *stand_in_peer = (const struct stand_in_peer *)peer;

    snprintf(text, LWM2M_ADDRESS_TEXT_MAX, "peer-%d", (int)(stand_in_peer - stand_in(self)->peers));
}

static enum lwm2m_security identity_of(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                                       struct lwm2m_bytes *identity)
{
    const struct stand_in_peer *stand_in_peer = (const struct stand_in_peer *)peer;

    (void)self;
    *identity = lwm2m_bytes_from_text(stand_in_peer->identity);
    return stand_in_peer->security;
}

static size_t max_payload(struct lwm2m_transport *self, const struct lwm2m_peer *peer)
{
    (void)self;
    (void)peer;
    return 1024;
}

static const struct lwm2m_transport_operations operations = {
    .request = take_request,
    .cancel = cancel,
    .respond = respond,
    .retain = retain,
    .release = release,
    .print_address = print_address,
    .identity = identity_of,
    .max_payload = max_payload,
};

/* ---- what the test sees ---- */

void stand_in_transport_init(struct stand_in_transport *transport)
{
    memset(transport, 0, sizeof *transport);
    transport->transport.operations = &operations;
    transport->transport.top = &transport->transport;
}

void stand_in_transport_release(struct stand_in_transport *transport)
{
    while (transport->exchanges) {
        struct lwm2m_exchange *exchange = transport->exchanges;
        transport->exchanges = exchange->next;
        free(exchange);
    }
    while (transport->incomings) {
        struct lwm2m_incoming *incoming = transport->incomings;
        transport->incomings = incoming->next;
        free(incoming);
    }
}

struct stand_in_peer *stand_in_transport_add_peer(struct stand_in_transport *transport)
{
    assert_true(transport->peer_count < STAND_IN_PEERS_MAX);
    struct stand_in_peer *peer = &transport->peers[transport->peer_count++];
    peer->peer.transport = &transport->transport;
    return peer;
}

struct lwm2m_incoming *stand_in_transport_send_raw(struct stand_in_transport *transport,
                                                   struct stand_in_peer *peer, uint8_t method,
                                                   struct lwm2m_bytes options,
                                                   struct lwm2m_bytes payload)
{
    const struct lwm2m_message message = {.code = method, .options = options, .payload = payload};
    struct lwm2m_incoming *incoming = calloc(1, sizeof *incoming);

    assert_non_null(incoming);
    incoming->peer = peer;
    incoming->next = transport->incomings;
    transport->incomings = incoming;
    transport->transport.receiver->request(transport->transport.receiver_context, incoming,
                                           &peer->peer, &message);
    return incoming;
}

static void append_parts(struct lwm2m_options *options, uint16_t number, char *text,
                         const char *separator)
{
    char *rest = NULL;

    for (char *part = strtok_r(text, separator, &rest); part;
         part = strtok_r(NULL, separator, &rest)) {
        lwm2m_options_append_text(options, number, part);
    }
}

struct lwm2m_incoming *stand_in_transport_send(struct stand_in_transport *transport,
                                               struct stand_in_peer *peer, const char *request,
                                               uint16_t content_format, const char *payload)
{
    static const char *const methods[] = {"", "GET", "POST", "PUT", "DELETE", "FETCH"};
    struct lwm2m_options options;
    uint8_t memory[STAND_IN_OPTIONS_MAX];
    char text[STAND_IN_OPTIONS_MAX];
    uint8_t method = 0;

    snprintf(text, sizeof text, "%s", request);
    char *path = strchr(text, ' ');
    assert_non_null(path);
    *path++ = '\0';
    for (uint8_t i = 1; i < sizeof methods / sizeof methods[0]; i++) {
        method = strcmp(methods[i], text) == 0 ? i : method;
    }
    assert_int_not_equal(method, 0);
    char *query = strchr(path, '?');
    if (query) {
        *query++ = '\0';
    }
    lwm2m_options_init(&options, memory, sizeof memory);
    append_parts(&options, LWM2M_OPTION_URI_PATH, path, "/");
    if (content_format != LWM2M_NO_FORMAT) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_CONTENT_FORMAT, content_format);
    }
    if (query) {
        append_parts(&options, LWM2M_OPTION_URI_QUERY, query, "&");
    }
    assert_int_equal(lwm2m_options_check(&options), LWM2M_OK);
    return stand_in_transport_send_raw(transport, peer, method, lwm2m_options_bytes(&options),
                                       lwm2m_bytes_from_text(payload));
}

struct lwm2m_exchange *stand_in_transport_last(const struct stand_in_transport *transport)
{
    assert_non_null(transport->exchanges);
    return transport->exchanges;
}

static void hand_on(struct lwm2m_exchange *exchange, const struct lwm2m_message *message,
                    bool goes_on)
{
    const struct lwm2m_response response = {.message = message};

    assert_true(exchange->open);
    exchange->open = goes_on;
    exchange->on_response(exchange->context, exchange, &response);
}

void stand_in_exchange_answer(struct lwm2m_exchange *exchange, enum lwm2m_status status,
                              uint16_t content_format, const char *payload, int64_t observe)
{
    struct lwm2m_message message = {.code = lwm2m_status_code(status),
                                    .payload = lwm2m_bytes_from_text(payload)};
    struct lwm2m_options options;
    uint8_t memory[64];

    lwm2m_options_init(&options, memory, sizeof memory);
    if (observe >= 0) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, (uint32_t)observe);
    }
    if (content_format != LWM2M_NO_FORMAT) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_CONTENT_FORMAT, content_format);
    }
    assert_int_equal(lwm2m_options_check(&options), LWM2M_OK);
    message.options = lwm2m_options_bytes(&options);
    hand_on(exchange, &message,
            exchange->observe && observe >= 0 && lwm2m_status_is_success(status));
}

void stand_in_exchange_answer_location(struct lwm2m_exchange *exchange, const char *location)
{
    struct lwm2m_message message = {.code = lwm2m_status_code(LWM2M_STATUS_CREATED)};
    struct lwm2m_options options;
    uint8_t memory[64];
    char text[64];

    snprintf(text, sizeof text, "%s", location);
    lwm2m_options_init(&options, memory, sizeof memory);
    append_parts(&options, LWM2M_OPTION_LOCATION_PATH, text, "/");
    message.options = lwm2m_options_bytes(&options);
    hand_on(exchange, &message, false);
}

void stand_in_exchange_fail(struct lwm2m_exchange *exchange, enum lwm2m_error error)
{
    const struct lwm2m_response response = {.error = error};

    assert_true(exchange->open);
    exchange->open = false;
    exchange->on_response(exchange->context, exchange, &response);
}
