/*
 * A bad network between an endpoint and its link, in both directions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/chaos.h>

#include <string.h>

#define WAITING_MAX 65536

struct lwm2m_chaos_link {
    struct lwm2m_datagram_link link; /* what the endpoint sees */
    const struct lwm2m_datagram_link *below;
    const struct lwm2m_port *port;
    struct lwm2m_datagram_receiver receiver;
    struct lwm2m_chaos_line *outgoing;
    struct lwm2m_chaos_line *incoming;
};

static enum lwm2m_error send(void *context, const struct lwm2m_address *to, struct lwm2m_bytes data)
{
    struct lwm2m_chaos_link *link = context;

    lwm2m_chaos_line_carry(link->outgoing, to, data);
    return LWM2M_OK;
}

static void print_address(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    struct lwm2m_chaos_link *link = context;

    link->below->print_address(link->below->context, address, text);
}

static void deliver_outgoing(void *context, const struct lwm2m_address *to,
                             struct lwm2m_bytes bytes)
{
    struct lwm2m_chaos_link *link = context;

    /* What the link cannot send is lost, as on the way. */
    (void)!link->below->send(link->below->context, to, bytes);
}

static void deliver_incoming(void *context, const struct lwm2m_address *from,
                             struct lwm2m_bytes bytes)
{
    struct lwm2m_chaos_link *link = context;

    if (link->receiver.receive != NULL) {
        link->receiver.receive(link->receiver.context, from, bytes);
    }
}

enum lwm2m_error lwm2m_chaos_link_new(struct lwm2m_timers *timers, const struct lwm2m_chaos *chaos,
                                      const struct lwm2m_datagram_link *below,
                                      struct lwm2m_chaos_link **result)
{
    const struct lwm2m_port *port = timers->port;
    struct lwm2m_chaos_link *link = port->allocate(port->context, sizeof(*link));
    if (link == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(link, 0, sizeof(*link));
    link->port = port;
    link->below = below;
    link->link = (struct lwm2m_datagram_link){
        .context = link,
        .send = send,
        .print_address = print_address,
        .max_datagram = below->max_datagram,
    };
    struct lwm2m_chaos_line_config line = {
        .timers = timers,
        .chaos = *chaos,
        .max_waiting = WAITING_MAX,
        .context = link,
        .deliver = deliver_outgoing,
    };
    enum lwm2m_error error = lwm2m_chaos_line_new(&line, &link->outgoing);
    if (error == LWM2M_OK) {
        /* A sequence of its own: what is sent must not share the fate of what arrives. */
        line.chaos.seed = ~chaos->seed;
        line.deliver = deliver_incoming;
        error = lwm2m_chaos_line_new(&line, &link->incoming);
    }
    if (error != LWM2M_OK) {
        lwm2m_chaos_link_free(link);
        return error;
    }
    *result = link;
    return LWM2M_OK;
}

void lwm2m_chaos_link_free(struct lwm2m_chaos_link *link)
{
    if (link == NULL) {
        return;
    }
    lwm2m_chaos_line_free(link->outgoing);
    lwm2m_chaos_line_free(link->incoming);
    link->port->release(link->port->context, link);
}

const struct lwm2m_datagram_link *lwm2m_chaos_link_datagrams(struct lwm2m_chaos_link *link)
{
    return &link->link;
}

void lwm2m_chaos_link_set_receiver(struct lwm2m_chaos_link *link,
                                   const struct lwm2m_datagram_receiver *receiver)
{
    link->receiver = *receiver;
}

static void receive(void *context, const struct lwm2m_address *from, struct lwm2m_bytes datagram)
{
    struct lwm2m_chaos_link *link = context;

    lwm2m_chaos_line_carry(link->incoming, from, datagram);
}

static void fail(void *context, const struct lwm2m_address *to, enum lwm2m_error error)
{
    struct lwm2m_chaos_link *link = context;

    if (link->receiver.fail != NULL) {
        link->receiver.fail(link->receiver.context, to, error);
    }
}

struct lwm2m_datagram_receiver lwm2m_chaos_link_receiver(struct lwm2m_chaos_link *link)
{
    return (struct lwm2m_datagram_receiver){.context = link, .receive = receive, .fail = fail};
}
