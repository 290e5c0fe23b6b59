/*
 * Messages between our form and libcoap's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "host/libcoap_state.h"

/* Header and token of what we send, whose tokens have at most 8 bytes. */
#define HEADER_BYTES 4
#define PDU_MAX_BYTES (LWM2M_LIBCOAP_SENT_MAX - HEADER_BYTES)

void lwm2m_libcoap_message_token(const coap_pdu_t *pdu, struct lwm2m_token *token)
{
    coap_bin_const_t bytes = coap_pdu_get_token(pdu);

    memset(token, 0, sizeof(*token));
    if (bytes.length > 0 && bytes.length <= LWM2M_TOKEN_MAX) {
        token->length = (uint8_t)bytes.length;
        memcpy(token->bytes, bytes.s, bytes.length);
    }
}

enum lwm2m_error lwm2m_libcoap_message_read(const coap_pdu_t *pdu, uint8_t *memory, size_t capacity,
                                            struct lwm2m_message *message)
{
    struct lwm2m_options options;
    coap_opt_iterator_t iterator;
    coap_opt_t *option;

    memset(message, 0, sizeof(*message));
    message->type = (uint8_t)coap_pdu_get_type(pdu);
    message->code = (uint8_t)coap_pdu_get_code(pdu);
    message->message_id = (uint16_t)coap_pdu_get_mid(pdu);
    lwm2m_libcoap_message_token(pdu, &message->token);
    lwm2m_options_init(&options, memory, capacity);
    coap_option_iterator_init(pdu, &iterator, COAP_OPT_ALL);
    while ((option = coap_option_next(&iterator)) != NULL) {
        struct lwm2m_bytes value = {coap_opt_value(option), coap_opt_length(option)};
        lwm2m_options_append(&options, (uint16_t)iterator.number, value);
    }
    message->options = lwm2m_options_bytes(&options);
    if (coap_get_data(pdu, &message->payload.length, &message->payload.data) == 0) {
        message->payload = (struct lwm2m_bytes){NULL, 0};
    }
    return lwm2m_options_check(&options);
}

/* Of an encoded message, without its header. */
static size_t encoded_bytes(const struct lwm2m_message *message)
{
    return LWM2M_TOKEN_MAX + message->options.length + 1 + message->payload.length;
}

enum lwm2m_error lwm2m_libcoap_message_write(const struct lwm2m_message *message, coap_pdu_t *pdu)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    if (encoded_bytes(message) > PDU_MAX_BYTES) {
        return LWM2M_TOO_LARGE;
    }
    coap_pdu_set_code(pdu, (coap_pdu_code_t)message->code);
    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (coap_add_option(pdu, option.number, option.value.length, option.value.data) == 0) {
            return LWM2M_NO_MEMORY;
        }
    }
    if (message->payload.length > 0 &&
        coap_add_data(pdu, message->payload.length, message->payload.data) == 0) {
        return LWM2M_NO_MEMORY;
    }
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_libcoap_message_new(const struct lwm2m_message *message, coap_pdu_t **pdu)
{
    enum lwm2m_error error = LWM2M_NO_MEMORY;
    coap_pdu_t *made;

    if (encoded_bytes(message) > PDU_MAX_BYTES) {
        return LWM2M_TOO_LARGE;
    }
    made = coap_pdu_init((coap_pdu_type_t)message->type, (coap_pdu_code_t)message->code, 0,
                         PDU_MAX_BYTES);
    if (made == NULL) {
        return LWM2M_NO_MEMORY;
    }
    if (coap_add_token(made, message->token.length, message->token.bytes) != 0) {
        error = lwm2m_libcoap_message_write(message, made);
    }
    if (error != LWM2M_OK) {
        coap_delete_pdu(made);
        return error;
    }
    *pdu = made;
    return LWM2M_OK;
}

void lwm2m_libcoap_trace(struct lwm2m_libcoap *libcoap, const struct lwm2m_libcoap_peer *peer,
                         bool outgoing, const struct lwm2m_message *message)
{
    const struct lwm2m_trace *trace = libcoap->config.trace;

    if (trace != NULL && trace->message != NULL) {
        trace->message(trace->context, outgoing, &peer->peer, message, 0);
    }
}
