/*
 * The front of the transport seam: hands each call of an engine to the operations of the transport.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/transport.h>

void lwm2m_transport_set_receiver(struct lwm2m_transport *transport,
                                  const struct lwm2m_receiver *receiver, void *context)
{
    transport->receiver = receiver;
    transport->receiver_context = context;
}

enum lwm2m_error lwm2m_peer_request(struct lwm2m_peer *peer, const struct lwm2m_request *request,
                                    struct lwm2m_exchange **exchange)
{
    struct lwm2m_transport *transport = peer->transport;

    return transport->operations->request(transport, peer, request, exchange);
}

void lwm2m_exchange_cancel(struct lwm2m_peer *peer, struct lwm2m_exchange *exchange)
{
    struct lwm2m_transport *transport = peer->transport;

    transport->operations->cancel(transport, exchange);
}

enum lwm2m_error lwm2m_incoming_respond(struct lwm2m_peer *peer, struct lwm2m_incoming *incoming,
                                        const struct lwm2m_message *message)
{
    struct lwm2m_transport *transport = peer->transport;

    return transport->operations->respond(transport, incoming, message);
}

void lwm2m_incoming_respond_code(struct lwm2m_peer *peer, struct lwm2m_incoming *incoming,
                                 uint8_t code)
{
    struct lwm2m_message message = {.code = code};

    /* The transport has logged why it failed, and a peer without an answer asks again. */
    if (lwm2m_incoming_respond(peer, incoming, &message) != LWM2M_OK) {
        return;
    }
}

void lwm2m_incoming_drop(struct lwm2m_peer *peer, struct lwm2m_incoming *incoming)
{
    struct lwm2m_transport *transport = peer->transport;

    if (transport->operations->respond(transport, incoming, NULL) != LWM2M_OK) {
        return;
    }
}

enum lwm2m_error lwm2m_peer_notify(struct lwm2m_peer *peer, const struct lwm2m_message *message,
                                   bool confirmable)
{
    struct lwm2m_transport *transport = peer->transport;

    return transport->operations->notify(transport, peer, message, confirmable);
}

void lwm2m_peer_retain(struct lwm2m_peer *peer)
{
    peer->transport->operations->retain(peer->transport, peer);
}

void lwm2m_peer_release(struct lwm2m_peer *peer)
{
    peer->transport->operations->release(peer->transport, peer);
}

void lwm2m_peer_print_address(const struct lwm2m_peer *peer, char text[LWM2M_ADDRESS_TEXT_MAX])
{
    peer->transport->operations->print_address(peer->transport, peer, text);
}

enum lwm2m_security lwm2m_peer_identity(const struct lwm2m_peer *peer, struct lwm2m_bytes *identity)
{
    return peer->transport->operations->identity(peer->transport, peer, identity);
}
