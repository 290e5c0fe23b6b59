/*
 * Wires port, timers, loop and listeners together.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/host.h>

#include <stdio.h>
#include <stdlib.h>

#include <lwm2m/blockwise.h>
#include <lwm2m/host_port.h>
#include <lwm2m/list.h>
#include <lwm2m/resolve.h>

#include "host/address.h"
#include "host/blocks.h"
#include "host/chaos_relay.h"
#include "host/libcoap_state.h"

struct lwm2m_host {
    struct lwm2m_host_port port;
    struct lwm2m_blocks blocks;
    struct lwm2m_timers timers;
    struct lwm2m_loop *loop;
    struct lwm2m_list listeners;
};

struct lwm2m_listener {
    struct lwm2m_list list;
    struct lwm2m_udp_link *link;
    struct lwm2m_capture_link *capture; /* NULL: nobody watches */
    struct lwm2m_chaos_link *chaos;     /* NULL: the network is as it is */
    struct lwm2m_dtls_link *dtls;       /* NULL: no security */
    struct lwm2m_endpoint *endpoint;    /* this, or */
    struct lwm2m_libcoap *libcoap;      /* this, */
    struct lwm2m_chaos_relay *relay;    /* behind this; NULL: the network is as it is */
    struct lwm2m_blockwise *blockwise;
    size_t attempts; /* of connecting: each takes the next address of the server */
};

static void *allocate(void *context, size_t bytes)
{
    struct lwm2m_host *host = LWM2M_CONTAINER_OF(context, struct lwm2m_host, port);
    return lwm2m_block_new(&host->blocks, bytes);
}

static void release(void *context, void *memory)
{
    struct lwm2m_host *host = LWM2M_CONTAINER_OF(context, struct lwm2m_host, port);
    lwm2m_block_free(&host->blocks, memory);
}

enum lwm2m_error lwm2m_host_new(void (*log)(void *context, enum lwm2m_log_level level,
                                            const char *text),
                                void *log_context, struct lwm2m_host **host)
{
    struct lwm2m_host *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return LWM2M_NO_MEMORY;
    }
    lwm2m_host_port_init(&made->port, log, log_context);
    lwm2m_blocks_init(&made->blocks);
    made->port.port.allocate = allocate;
    made->port.port.release = release;
    lwm2m_timers_init(&made->timers, &made->port.port);
    lwm2m_list_init(&made->listeners);
    enum lwm2m_error error = lwm2m_loop_new(&made->timers, &made->loop);
    if (error != LWM2M_OK) {
        lwm2m_host_free(made);
        return error;
    }
    *host = made;
    return LWM2M_OK;
}

/* From the top down; accepts a listener that was only begun. */
void lwm2m_listener_close(struct lwm2m_listener *listener)
{
    if (listener == NULL) {
        return;
    }
    lwm2m_list_remove(&listener->list);
    if (listener->blockwise != NULL) {
        lwm2m_blockwise_free(listener->blockwise);
    }
    if (listener->endpoint != NULL) {
        lwm2m_endpoint_free(listener->endpoint);
    }
    lwm2m_dtls_link_free(listener->dtls);
    lwm2m_chaos_link_free(listener->chaos);
    lwm2m_capture_link_free(listener->capture);
    lwm2m_libcoap_close(listener->libcoap);
    lwm2m_chaos_relay_close(listener->relay);
    lwm2m_udp_link_close(listener->link);
    free(listener);
}

void lwm2m_host_free(struct lwm2m_host *host)
{
    struct lwm2m_list *node;
    struct lwm2m_list *next;

    if (host == NULL) {
        return;
    }
    LWM2M_LIST_EACH (node, next, &host->listeners) {
        lwm2m_listener_close(LWM2M_CONTAINER_OF(node, struct lwm2m_listener, list));
    }
    lwm2m_loop_free(host->loop);
    lwm2m_host_port_release(&host->port);
    lwm2m_blocks_release(&host->blocks);
    free(host);
}

const struct lwm2m_port *lwm2m_host_port(const struct lwm2m_host *host)
{
    return &host->port.port;
}

struct lwm2m_timers *lwm2m_host_timers(struct lwm2m_host *host)
{
    return &host->timers;
}

struct lwm2m_loop *lwm2m_host_loop(struct lwm2m_host *host)
{
    return host->loop;
}

void lwm2m_listener_config_init(struct lwm2m_listener_config *config)
{
    struct lwm2m_endpoint_config endpoint;
    struct lwm2m_blockwise_config blockwise;

    lwm2m_endpoint_config_init(&endpoint);
    lwm2m_blockwise_config_init(&blockwise);
    *config = (struct lwm2m_listener_config){
        .size = sizeof(*config),
        .transmission = endpoint.transmission,
        .max_peers = endpoint.max_peers,
        .block_bytes = blockwise.block_bytes,
        .max_body_bytes = blockwise.max_body_bytes,
    };
}

static bool has_chaos(const struct lwm2m_listener_config *config)
{
    return config->chaos != NULL && lwm2m_chaos_is_any(config->chaos);
}

/* What carries datagrams as the network sees them. */
static const struct lwm2m_datagram_link *socket_link(const struct lwm2m_listener *listener)
{
    return listener->capture == NULL ? lwm2m_udp_link_datagrams(listener->link)
                                     : lwm2m_capture_link_datagrams(listener->capture);
}

static enum lwm2m_error open_link(struct lwm2m_host *host,
                                  const struct lwm2m_listener_config *config,
                                  struct lwm2m_listener *listener)
{
    struct lwm2m_udp_link_config link;

    lwm2m_udp_link_config_init(&link);
    link.loop = host->loop;
    link.bind = config->bind;
    enum lwm2m_error error = lwm2m_udp_link_open(&link, &listener->link);
    if (error == LWM2M_OK && config->capture != NULL) {
        struct lwm2m_address bound;
        lwm2m_udp_link_bound(listener->link, &bound);
        error = lwm2m_capture_link_new(&host->port.port, config->capture, socket_link(listener),
                                       &bound, &listener->capture);
    }
    if (error != LWM2M_OK || !has_chaos(config)) {
        return error;
    }
    return lwm2m_chaos_link_new(&host->timers, config->chaos, socket_link(listener),
                                &listener->chaos);
}

/* What carries datagrams below security. */
static const struct lwm2m_datagram_link *plain_link(const struct lwm2m_listener *listener)
{
    return listener->chaos == NULL ? socket_link(listener)
                                   : lwm2m_chaos_link_datagrams(listener->chaos);
}

static enum lwm2m_error open_dtls(struct lwm2m_host *host,
                                  const struct lwm2m_listener_config *config,
                                  struct lwm2m_listener *listener)
{
    struct lwm2m_dtls_link_config dtls;

    if (config->credentials == NULL) {
        return LWM2M_OK;
    }
    lwm2m_dtls_link_config_init(&dtls);
    dtls.timers = &host->timers;
    dtls.below = plain_link(listener);
    dtls.credentials = config->credentials;
    dtls.accepts = config->accepts;
    dtls.ciphers = config->ciphers;
    dtls.context = config->context;
    dtls.on_event = config->on_security;
    dtls.capture = config->capture;
    return lwm2m_dtls_link_new(&dtls, &listener->dtls);
}

/* What arrives goes up through the links, from the socket to the endpoint. */
static enum lwm2m_error attach_endpoint(struct lwm2m_listener *listener)
{
    struct lwm2m_datagram_receiver receiver = lwm2m_endpoint_receiver(listener->endpoint);

    if (listener->dtls != NULL) {
        lwm2m_dtls_link_set_receiver(listener->dtls, &receiver);
        receiver = lwm2m_dtls_link_receiver(listener->dtls);
    }
    if (listener->chaos != NULL) {
        lwm2m_chaos_link_set_receiver(listener->chaos, &receiver);
        receiver = lwm2m_chaos_link_receiver(listener->chaos);
    }
    if (listener->capture != NULL) {
        lwm2m_capture_link_set_receiver(listener->capture, &receiver);
        receiver = lwm2m_capture_link_receiver(listener->capture);
    }
    return lwm2m_udp_link_set_receiver(listener->link, &receiver);
}

static enum lwm2m_error open_endpoint(struct lwm2m_host *host,
                                      const struct lwm2m_listener_config *config,
                                      struct lwm2m_listener *listener)
{
    struct lwm2m_endpoint_config endpoint;

    lwm2m_endpoint_config_init(&endpoint);
    endpoint.timers = &host->timers;
    endpoint.link =
        listener->dtls == NULL ? plain_link(listener) : lwm2m_dtls_link_datagrams(listener->dtls);
    endpoint.transmission = config->transmission;
    endpoint.max_peers = config->max_peers;
    endpoint.trace = config->trace;
    enum lwm2m_error error = lwm2m_endpoint_new(&endpoint, &listener->endpoint);
    return error != LWM2M_OK ? error : attach_endpoint(listener);
}

static void tell_libcoap_unreachable(void *context, const struct lwm2m_address *inside)
{
    struct lwm2m_listener *listener = context;

    lwm2m_libcoap_unreachable(listener->libcoap, inside);
}

/* libcoap's sockets are its own: what is bad about the network lies in front of them. */
static enum lwm2m_error open_relay(struct lwm2m_host *host,
                                   const struct lwm2m_listener_config *config, size_t max_peers,
                                   struct lwm2m_listener *listener)
{
    struct lwm2m_chaos_relay_config relay = {
        .loop = host->loop,
        .bind = config->bind,
        .chaos = config->chaos,
        .max_peers = max_peers,
        .context = listener,
        .unreachable = tell_libcoap_unreachable,
    };

    lwm2m_libcoap_bound(listener->libcoap, &relay.stack);
    enum lwm2m_error error = lwm2m_chaos_relay_open(&relay, &listener->relay);
    if (error == LWM2M_OK) {
        lwm2m_libcoap_set_relay(listener->libcoap, listener->relay);
    }
    return error;
}

static enum lwm2m_error open_libcoap(struct lwm2m_host *host,
                                     const struct lwm2m_listener_config *config,
                                     struct lwm2m_listener *listener)
{
    static const uint8_t loopback[4] = {127, 0, 0, 1};
    struct lwm2m_libcoap_config libcoap;

    lwm2m_libcoap_config_init(&libcoap);
    libcoap.loop = host->loop;
    if (has_chaos(config)) {
        lwm2m_address_map_ipv4(loopback, libcoap.bind.address);
    } else {
        libcoap.bind = config->bind;
    }
    libcoap.transmission = config->transmission;
    if (config->max_peers < libcoap.max_peers) {
        libcoap.max_peers = config->max_peers;
    }
    libcoap.trace = config->trace;
    enum lwm2m_error error = lwm2m_libcoap_open(&libcoap, &listener->libcoap);
    return error != LWM2M_OK || !has_chaos(config)
               ? error
               : open_relay(host, config, libcoap.max_peers, listener);
}

static enum lwm2m_error open_stack(struct lwm2m_host *host,
                                   const struct lwm2m_listener_config *config,
                                   struct lwm2m_listener *listener)
{
    if (config->stack == LWM2M_STACK_LIBCOAP) {
        return config->credentials != NULL || config->capture != NULL
                   ? LWM2M_UNSUPPORTED
                   : open_libcoap(host, config, listener);
    }
    enum lwm2m_error error = open_link(host, config, listener);
    if (error == LWM2M_OK) {
        error = open_dtls(host, config, listener);
    }
    return error != LWM2M_OK ? error : open_endpoint(host, config, listener);
}

static enum lwm2m_error open_blockwise(struct lwm2m_host *host,
                                       const struct lwm2m_listener_config *config,
                                       struct lwm2m_listener *listener)
{
    struct lwm2m_blockwise_config blockwise;

    lwm2m_blockwise_config_init(&blockwise);
    blockwise.timers = &host->timers;
    blockwise.below = listener->libcoap != NULL ? lwm2m_libcoap_transport(listener->libcoap)
                                                : lwm2m_endpoint_transport(listener->endpoint);
    blockwise.block_bytes = config->block_bytes;
    blockwise.max_body_bytes = config->max_body_bytes;
    return lwm2m_blockwise_new(&blockwise, &listener->blockwise);
}

enum lwm2m_error lwm2m_host_listen(struct lwm2m_host *host,
                                   const struct lwm2m_listener_config *config,
                                   struct lwm2m_listener **listener)
{
    struct lwm2m_listener *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return LWM2M_NO_MEMORY;
    }
    lwm2m_list_append(&host->listeners, &made->list);
    enum lwm2m_error error = open_stack(host, config, made);
    if (error == LWM2M_OK) {
        error = open_blockwise(host, config, made);
    }
    if (error != LWM2M_OK) {
        lwm2m_listener_close(made);
        return error;
    }
    *listener = made;
    return LWM2M_OK;
}

struct lwm2m_transport *lwm2m_listener_transport(struct lwm2m_listener *listener)
{
    return lwm2m_blockwise_transport(listener->blockwise);
}

struct lwm2m_endpoint *lwm2m_listener_endpoint(struct lwm2m_listener *listener)
{
    return listener->endpoint;
}

struct lwm2m_udp_link *lwm2m_listener_link(struct lwm2m_listener *listener)
{
    return listener->link;
}

struct lwm2m_libcoap *lwm2m_listener_libcoap(struct lwm2m_listener *listener)
{
    return listener->libcoap;
}

struct lwm2m_dtls_link *lwm2m_listener_dtls(struct lwm2m_listener *listener)
{
    return listener->dtls;
}

void lwm2m_listener_bound(const struct lwm2m_listener *listener, struct lwm2m_address *bound)
{
    if (listener->relay != NULL) {
        lwm2m_chaos_relay_bound(listener->relay, bound);
    } else if (listener->libcoap != NULL) {
        lwm2m_libcoap_bound(listener->libcoap, bound);
    } else {
        lwm2m_udp_link_bound(listener->link, bound);
    }
}

static enum lwm2m_error call(struct lwm2m_listener *listener, const struct lwm2m_address *address,
                             const char *name, struct lwm2m_peer **peer)
{
    struct lwm2m_address inside = *address;

    if (listener->libcoap == NULL) {
        enum lwm2m_error error = listener->dtls != NULL
                                     ? lwm2m_dtls_link_call(listener->dtls, address, name, &inside)
                                     : LWM2M_OK;
        return error != LWM2M_OK ? error : lwm2m_endpoint_peer(listener->endpoint, &inside, peer);
    }
    if (listener->relay != NULL) {
        enum lwm2m_error error = lwm2m_chaos_relay_inside(listener->relay, address, &inside);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return lwm2m_libcoap_peer(listener->libcoap, &inside, peer);
}

static enum lwm2m_error connect_to(void *context, const char *text, uint16_t security_instance,
                                   struct lwm2m_peer **peer)
{
    struct lwm2m_listener *listener = context;
    struct lwm2m_uri uri;
    struct lwm2m_addresses addresses;
    char name[LWM2M_URI_TEXT_MAX + 1];

    (void)security_instance;
    enum lwm2m_error error = lwm2m_uri_parse(lwm2m_bytes_from_text(text), &uri, NULL);
    if (error != LWM2M_OK) {
        return error;
    }
    if (uri.scheme != (listener->dtls != NULL ? LWM2M_SCHEME_COAPS : LWM2M_SCHEME_COAP)) {
        return LWM2M_UNSUPPORTED;
    }
    error = lwm2m_resolve_uri(&uri, &addresses, NULL);
    if (error != LWM2M_OK) {
        return error;
    }
    size_t chosen = listener->attempts++ % addresses.count;
    snprintf(name, sizeof(name), "%.*s", (int)uri.host.length, (const char *)uri.host.data);
    return call(listener, &addresses.items[chosen], name, peer);
}

struct lwm2m_connector lwm2m_listener_connector(struct lwm2m_listener *listener)
{
    return (struct lwm2m_connector){.context = listener, .open = connect_to};
}
