/*
 * CoAP pings: an empty CON that the peer rejects, which shows that it is there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coap/pings.h"

struct ping {
    struct lwm2m_sending sending; /* first */
    void (*on_pong)(void *context, enum lwm2m_error error);
    void *context;
};

static void ping_failed(struct lwm2m_sending *sending, enum lwm2m_error error)
{
    struct ping ping = *(struct ping *)sending;

    lwm2m_sending_free(sending);
    ping.on_pong(ping.context, error == LWM2M_RESET ? LWM2M_OK : error);
}

/* A peer that acknowledges instead of rejecting is there as well. */
static void ping_acknowledged(struct lwm2m_sending *sending)
{
    ping_failed(sending, LWM2M_RESET);
}

static const struct lwm2m_sending_kind ping_kind = {
    .window = LWM2M_WINDOW_NONE,
    .acknowledged = ping_acknowledged,
    .failed = ping_failed,
    .free = lwm2m_sending_free,
};

enum lwm2m_error lwm2m_ping_send(struct lwm2m_endpoint *endpoint, struct lwm2m_endpoint_peer *peer,
                                 void (*on_pong)(void *context, enum lwm2m_error error),
                                 void *context)
{
    uint8_t empty[LWM2M_EMPTY_MESSAGE_BYTES];
    struct lwm2m_sending *sending;
    struct ping *ping;
    enum lwm2m_error error;

    lwm2m_endpoint_print_empty(LWM2M_MESSAGE_CON, 0, empty);
    error = lwm2m_sending_new(endpoint, peer, &ping_kind, sizeof(*ping),
                              (struct lwm2m_bytes){empty, sizeof(empty)}, &sending);
    if (error != LWM2M_OK) {
        return error;
    }
    ping = (struct ping *)sending;
    ping->on_pong = on_pong;
    ping->context = context;
    lwm2m_sending_start(sending);
    return LWM2M_OK;
}
