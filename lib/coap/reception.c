/*
 * What becomes of a datagram that arrives (RFC 7252 §4.2, §4.3, §4.5).
 *
 *   message                          from a known peer, or a stranger
 *   malformed, reserved code, ping   CON: reset; else ignored
 *   ACK, RST, empty                  what of ours waits for it goes on; else ignored
 *   ACK with an answer               the exchange with its token and message id; else ignored
 *   CON or NON with an answer        the exchange with its token, acknowledged; else reset
 *   CON or NON with a request        the receiver, once; a stranger becomes a peer
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/reception.h"

#include <string.h>

#include "coap/exchanges.h"
#include "coap/incoming.h"
#include "coap/notifications.h"
#include "coap/options.h"
#include "coap/sendings.h"

enum { CLASS_REQUEST = 0, CLASS_RESPONSE_FIRST = 2, CLASS_RESPONSE_LAST = 5 };

static unsigned code_class(const struct lwm2m_message *message)
{
    return message->code >> 5;
}

static bool is_response(const struct lwm2m_message *message)
{
    return code_class(message) >= CLASS_RESPONSE_FIRST &&
           code_class(message) <= CLASS_RESPONSE_LAST;
}

static bool is_request(const struct lwm2m_message *message)
{
    return code_class(message) == CLASS_REQUEST && message->code != 0 &&
           (message->type == LWM2M_MESSAGE_CON || message->type == LWM2M_MESSAGE_NON);
}

static void reset(struct lwm2m_endpoint *endpoint, const struct lwm2m_endpoint_peer *peer,
                  const struct lwm2m_message *message)
{
    endpoint->statistics.resets_sent++;
    lwm2m_endpoint_send_empty(endpoint, peer, LWM2M_MESSAGE_RST, message->message_id);
}

/* What no-one can make sense of: rejected if the peer waits for an acknowledgement. */
static void reject(struct lwm2m_endpoint *endpoint, const struct lwm2m_endpoint_peer *peer,
                   const struct lwm2m_message *message)
{
    if (message->type == LWM2M_MESSAGE_CON) {
        reset(endpoint, peer, message);
    }
}

/* True if the message came before: then it is answered as it was then. */
static bool is_repeated(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                        const struct lwm2m_message *message)
{
    struct lwm2m_bytes answer;

    if (!lwm2m_answers_find(peer->answers, message->message_id, endpoint->received_ms, &answer)) {
        return false;
    }
    endpoint->statistics.duplicates++;
    if (answer.length > 0) {
        lwm2m_endpoint_send(endpoint, peer, answer, 1);
    }
    return true;
}

static void receive_empty(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                          const struct lwm2m_message *message)
{
    struct lwm2m_sending *sending;

    if (message->type != LWM2M_MESSAGE_ACK && message->type != LWM2M_MESSAGE_RST) {
        reject(endpoint, peer, message);
        return;
    }
    sending = lwm2m_sending_find_message_id(endpoint, peer, message->message_id);
    if (message->type == LWM2M_MESSAGE_RST) {
        if (sending != NULL) {
            sending->kind->failed(sending, LWM2M_RESET);
        } else {
            lwm2m_notifications_reset(endpoint, peer, message->message_id);
        }
    } else if (sending != NULL) {
        lwm2m_sending_acknowledge(sending);
    }
}

/* Acknowledges an answer that came in a message of its own, and remembers having done so. */
static void acknowledge(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                        const struct lwm2m_message *message)
{
    uint8_t empty[LWM2M_EMPTY_MESSAGE_BYTES];
    struct lwm2m_bytes datagram = {empty, sizeof(empty)};

    /* Without memory a repetition is reset, since its exchange is over; nothing runs twice. */
    if (lwm2m_endpoint_remember(endpoint, peer, message) && message->type == LWM2M_MESSAGE_CON) {
        lwm2m_endpoint_print_empty(LWM2M_MESSAGE_ACK, message->message_id, empty);
        lwm2m_answers_keep(&endpoint->answers, &peer->answers, message->message_id,
                           endpoint->received_ms, datagram);
    }
    if (message->type == LWM2M_MESSAGE_CON) {
        lwm2m_endpoint_send_empty(endpoint, peer, LWM2M_MESSAGE_ACK, message->message_id);
    }
}

/*
 * True if there is an option in it that must be understood and is not (RFC 7252 §5.4.1). Options of
 * requests, which some peers copy into their answers, are known, and mean nothing there.
 */
static bool is_beyond_us(const struct lwm2m_message *message)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (LWM2M_OPTION_IS_CRITICAL(option.number) && !lwm2m_option_is_known(option.number)) {
            return true;
        }
    }
    return false;
}

static void receive_response(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                             const struct lwm2m_message *message)
{
    struct lwm2m_exchange *exchange;
    bool separate = message->type == LWM2M_MESSAGE_CON || message->type == LWM2M_MESSAGE_NON;

    if (separate && is_repeated(endpoint, peer, message)) {
        return;
    }
    exchange = lwm2m_exchanges_find(endpoint, peer, message);
    if (exchange == NULL) {
        if (separate) {
            reset(endpoint, peer, message);
        }
        return;
    }
    /* It is not coming again: an acknowledgement has none of its own, and a reset ends the rest. */
    if (is_beyond_us(message)) {
        if (separate) {
            reset(endpoint, peer, message);
        }
        lwm2m_exchange_reject(exchange);
        return;
    }
    if (separate) {
        acknowledge(endpoint, peer, message);
    }
    lwm2m_exchange_answer(exchange, message);
}

static void receive_message(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                            const struct lwm2m_message *message)
{
    if (message->code == 0) {
        receive_empty(endpoint, peer, message);
    } else if (is_request(message)) {
        if (!is_repeated(endpoint, peer, message)) {
            lwm2m_incoming_receive(endpoint, peer, message);
        }
    } else if (is_response(message) && message->type != LWM2M_MESSAGE_RST) {
        receive_response(endpoint, peer, message);
    } else {
        reject(endpoint, peer, message);
    }
}

static void trace(const struct lwm2m_endpoint *endpoint, const struct lwm2m_endpoint_peer *peer,
                  const struct lwm2m_message *message)
{
    const struct lwm2m_trace *trace = endpoint->config.trace;

    if (trace != NULL && trace->message != NULL) {
        trace->message(trace->context, false, &peer->peer, message, 0);
    }
}

/*
 * A stranger is not worth memory unless it asks for something. What it sent is handled in the name
 * of a peer that lives as long as this call: it has nothing under way, so all it can get is a
 * reset.
 */
static void receive_from_stranger(struct lwm2m_endpoint *endpoint, const struct lwm2m_address *from,
                                  const struct lwm2m_message *message, bool malformed)
{
    struct lwm2m_endpoint_peer stranger;

    memset(&stranger, 0, sizeof(stranger));
    stranger.peer.transport = endpoint->transport.top;
    stranger.address = *from;
    if (malformed) {
        reject(endpoint, &stranger, message);
        return;
    }
    trace(endpoint, &stranger, message);
    receive_message(endpoint, &stranger, message);
}

void lwm2m_reception_datagram(struct lwm2m_endpoint *endpoint, const struct lwm2m_address *from,
                              struct lwm2m_bytes datagram)
{
    struct lwm2m_endpoint_peer *peer;
    struct lwm2m_message message;
    enum lwm2m_error error = lwm2m_message_decode(datagram, &message, NULL);

    endpoint->received_ms = lwm2m_timers_now(endpoint->config.timers);
    endpoint->statistics.received++;
    if (error != LWM2M_OK) {
        endpoint->statistics.malformed++;
        /* Nothing shorter than a header, and no other version, says what to reject. */
        if (error == LWM2M_MALFORMED && datagram.length >= LWM2M_EMPTY_MESSAGE_BYTES) {
            receive_from_stranger(endpoint, from, &message, true);
        }
        return;
    }
    peer = lwm2m_peers_find(&endpoint->peers, from);
    if (peer == NULL && !is_request(&message)) {
        receive_from_stranger(endpoint, from, &message, false);
        return;
    }
    if (peer == NULL) {
        peer = lwm2m_endpoint_hold_peer(endpoint, from);
        if (peer == NULL) {
            return;
        }
    } else {
        lwm2m_peers_hold(peer);
        memcpy(peer->address.local, from->local, sizeof(from->local));
    }
    trace(endpoint, peer, &message);
    receive_message(endpoint, peer, &message);
    lwm2m_endpoint_let_go(endpoint, peer);
}
