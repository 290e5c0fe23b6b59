/*
 * A transport whose far end is played by the test.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/scripted_transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/status.h>

/* Aborts, so that fuzz targets can stand on this as well as tests. */
static void require(bool condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "scripted transport: %s\n", what);
        abort();
    }
}

static struct scripted_transport *self_of(struct lwm2m_transport *self)
{
    return (struct scripted_transport *)self;
}

static struct lwm2m_bytes copy(struct lwm2m_bytes bytes)
{
    uint8_t *memory = malloc(bytes.length + 1);

    require(memory != NULL, "out of memory");
    if (bytes.length > 0) {
        memcpy(memory, bytes.data, bytes.length);
    }
    return (struct lwm2m_bytes){memory, bytes.length};
}

static void free_copy(struct lwm2m_bytes bytes)
{
    free((void *)(uintptr_t)bytes.data);
}

static enum lwm2m_error take_error(struct scripted_transport *transport)
{
    enum lwm2m_error error = transport->next_error;

    transport->next_error = LWM2M_OK;
    return error;
}

static enum lwm2m_error request(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                                const struct lwm2m_request *sent, struct lwm2m_exchange **exchange)
{
    struct scripted_transport *transport = self_of(self);
    enum lwm2m_error error = take_error(transport);
    struct scripted_request *made;

    if (error != LWM2M_OK) {
        return error;
    }
    made = calloc(1, sizeof(*made));
    require(made != NULL, "out of memory");
    made->peer = peer;
    made->request = *sent;
    made->request.options = copy(sent->options);
    made->request.payload = copy(sent->payload);
    made->message.code = sent->method;
    made->message.options = made->request.options;
    made->message.payload = made->request.payload;
    made->open = true;
    made->next = transport->requests;
    transport->requests = made;
    transport->request_count++;
    if (exchange != NULL) {
        *exchange = (struct lwm2m_exchange *)made;
    }
    return LWM2M_OK;
}

static void cancel(struct lwm2m_transport *self, struct lwm2m_exchange *exchange)
{
    struct scripted_request *cancelled = (struct scripted_request *)exchange;

    (void)self;
    require(cancelled->open, "cancelled an exchange that is gone");
    cancelled->open = false;
    cancelled->cancelled = true;
}

static struct scripted_sending *record(struct scripted_transport *transport,
                                       struct lwm2m_peer *peer, const struct lwm2m_message *message)
{
    struct scripted_sending *sending = calloc(1, sizeof(*sending));

    require(sending != NULL, "out of memory");
    sending->peer = peer;
    sending->dropped = message == NULL;
    if (message != NULL) {
        sending->message = *message;
        sending->message.options = copy(message->options);
        sending->message.payload = copy(message->payload);
    }
    sending->next = transport->sendings;
    transport->sendings = sending;
    transport->sending_count++;
    return sending;
}

static enum lwm2m_error respond(struct lwm2m_transport *self, struct lwm2m_incoming *incoming,
                                const struct lwm2m_message *message)
{
    struct scripted_incoming *answered = (struct scripted_incoming *)incoming;

    require(!answered->answered, "answered twice");
    answered->answered = true;
    record(self_of(self), answered->peer, message);
    return LWM2M_OK;
}

static enum lwm2m_error notify(struct lwm2m_transport *self, struct lwm2m_peer *peer,
                               const struct lwm2m_message *message, bool confirmable)
{
    enum lwm2m_error error = take_error(self_of(self));

    if (error == LWM2M_OK) {
        record(self_of(self), peer, message)->confirmable = confirmable;
    }
    return error;
}

static void retain(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    (void)self;
    ((struct scripted_peer *)peer)->retained++;
}

static void release(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    (void)self;
    require(((struct scripted_peer *)peer)->retained > 0, "released too often");
    ((struct scripted_peer *)peer)->retained--;
}

static void print_address(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)self;
    (void)peer;
    strcpy(text, "scripted");
}

static enum lwm2m_security identity(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                                    struct lwm2m_bytes *bytes)
{
    (void)self;
    (void)peer;
    *bytes = lwm2m_bytes_from_text("script");
    return LWM2M_SECURITY_PSK;
}

static size_t max_payload(struct lwm2m_transport *self, const struct lwm2m_peer *peer)
{
    (void)peer;
    return self_of(self)->max_payload;
}

static const struct lwm2m_transport_operations operations = {
    .request = request,
    .cancel = cancel,
    .respond = respond,
    .notify = notify,
    .retain = retain,
    .release = release,
    .print_address = print_address,
    .identity = identity,
    .max_payload = max_payload,
};

void scripted_transport_init(struct scripted_transport *transport)
{
    memset(transport, 0, sizeof(*transport));
    transport->transport.operations = &operations;
    transport->transport.top = &transport->transport;
    transport->max_payload = 1152;
}

void scripted_transport_release(struct scripted_transport *transport)
{
    while (transport->requests != NULL) {
        struct scripted_request *first = transport->requests;
        transport->requests = first->next;
        require(!first->open, "a request is still open");
        free_copy(first->request.options);
        free_copy(first->request.payload);
        free(first);
    }
    while (transport->sendings != NULL) {
        struct scripted_sending *first = transport->sendings;
        transport->sendings = first->next;
        free_copy(first->message.options);
        free_copy(first->message.payload);
        free(first);
    }
    while (transport->incomings != NULL) {
        struct scripted_incoming *first = transport->incomings;
        transport->incomings = first->next;
        require(first->answered, "a request was not answered");
        free(first);
    }
    for (size_t i = 0; i < SCRIPTED_PEERS; i++) {
        require(transport->peers[i].retained == 0, "a peer is still retained");
    }
}

struct scripted_request *scripted_open_request(struct scripted_transport *transport)
{
    struct scripted_request *sent = transport->requests;

    while (sent != NULL && !sent->open) {
        sent = sent->next;
    }
    return sent;
}

void scripted_answer(struct scripted_transport *transport, struct scripted_request *sent,
                     const char *text, struct lwm2m_bytes payload)
{
    struct message_text answer;
    struct lwm2m_response response = {.error = LWM2M_OK, .message = &answer.message};
    struct lwm2m_option option;

    (void)transport;
    require(sent != NULL && sent->open, "no request waits for that");
    message_text_read(&answer, text, payload);
    sent->open = sent->request.observe &&
                 lwm2m_status_is_success(lwm2m_status_from_code(answer.message.code)) &&
                 lwm2m_message_find_option(&answer.message, LWM2M_OPTION_OBSERVE, &option);
    sent->request.on_response(sent->request.context, (struct lwm2m_exchange *)sent, &response);
}

void scripted_fail(struct scripted_transport *transport, struct scripted_request *sent,
                   enum lwm2m_error error)
{
    struct lwm2m_response response = {.error = error};

    (void)transport;
    require(sent != NULL && sent->open, "no request waits for that");
    sent->open = false;
    sent->request.on_response(sent->request.context, (struct lwm2m_exchange *)sent, &response);
}

void scripted_receive_message(struct scripted_transport *transport, size_t peer,
                              const struct lwm2m_message *message)
{
    struct scripted_incoming *incoming = calloc(1, sizeof(*incoming));

    require(incoming != NULL, "out of memory");
    incoming->peer = &transport->peers[peer].peer;
    incoming->peer->transport = transport->transport.top;
    incoming->next = transport->incomings;
    transport->incomings = incoming;
    transport->transport.receiver->request(transport->transport.receiver_context,
                                           (struct lwm2m_incoming *)incoming, incoming->peer,
                                           message);
}

void scripted_receive(struct scripted_transport *transport, size_t peer, const char *text,
                      struct lwm2m_bytes payload)
{
    struct message_text message;

    message_text_read(&message, text, payload);
    message.message.token.length = 2;
    message.message.token.bytes[0] = (uint8_t)peer;
    message.message.token.bytes[1] = 7;
    scripted_receive_message(transport, peer, &message.message);
}
