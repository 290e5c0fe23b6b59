/*
 * A host in one piece: port, timers, event loop, and UDP listeners with all that CoAP needs on
 * them. What most programs want below an engine; the parts are public, too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_HOST_H
#define LWM2M_HOST_H

#include <stddef.h>

#include <lwm2m/chaos.h>
#include <lwm2m/client.h>
#include <lwm2m/dtls_link.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/libcoap_transport.h>
#include <lwm2m/loop.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>
#include <lwm2m/udp_link.h>

struct lwm2m_host;
struct lwm2m_listener;

/* log as in lwm2m_host_port_init. LWM2M_NO_MEMORY, LWM2M_IO (see errno). */
enum lwm2m_error lwm2m_host_new(void (*log)(void *context, enum lwm2m_log_level level,
                                            const char *text),
                                void *log_context, struct lwm2m_host **host) LWM2M_MUST_CHECK;
/* Closes the listeners, too; engines that stand on them are freed before. NULL is allowed. */
void lwm2m_host_free(struct lwm2m_host *host);

const struct lwm2m_port *lwm2m_host_port(const struct lwm2m_host *host);
struct lwm2m_timers *lwm2m_host_timers(struct lwm2m_host *host);
struct lwm2m_loop *lwm2m_host_loop(struct lwm2m_host *host);

/* What speaks CoAP: endpoint.h, or libcoap_transport.h. */
enum lwm2m_stack {
    LWM2M_STACK_ENDPOINT,
    LWM2M_STACK_LIBCOAP,
};

struct lwm2m_listener_config {
    size_t size;               /* of this struct; set by the init function */
    struct lwm2m_address bind; /* all zero: every address, a port that the kernel chooses */
    struct lwm2m_transmission transmission;
    size_t max_peers;
    size_t block_bytes;              /* preferred block of block-wise transfers */
    size_t max_body_bytes;           /* of bodies that arrive */
    const struct lwm2m_trace *trace; /* borrowed; may be NULL */
    /* A bad network between the socket and CoAP, for tests; copied. NULL, or one that does nothing: none. The trace sees what
     * is sent before it is lost, and what arrives only if it does. libcoap then listens on 127.0.0.1, behind a relay that
     * has the socket. */
    const struct lwm2m_chaos *chaos;
    enum lwm2m_stack stack; /* LWM2M_STACK_ENDPOINT */
    /* With credentials, which are retained, all goes over DTLS, and the endpoint is the stack: LWM2M_UNSUPPORTED with
     * another. accepts, ciphers, context and on_security are those of dtls_link.h. */
    struct lwm2m_credentials *credentials; /* NULL: no security */
    bool accepts;
    const char *ciphers;
    void *context;
    void (*on_security)(void *context, const struct lwm2m_dtls_event *event);
    /* What passes the socket, and the secrets of DTLS; borrowed. NULL: none. The endpoint has to be the stack. */
    struct lwm2m_capture *capture;
};

/* Fills in the defaults of endpoint.h and blockwise.h. */
void lwm2m_listener_config_init(struct lwm2m_listener_config *config);

/*
 * Opens a UDP socket with an endpoint, or libcoap, and block-wise transfer on it. The errors of
 * lwm2m_udp_link_open. The listener belongs to the host.
 */
enum lwm2m_error lwm2m_host_listen(struct lwm2m_host *host,
                                   const struct lwm2m_listener_config *config,
                                   struct lwm2m_listener **listener) LWM2M_MUST_CHECK;

/* Closes it before its host goes; what stands on it is freed before. NULL is allowed. */
void lwm2m_listener_close(struct lwm2m_listener *listener);

/* What to attach to an engine. */
struct lwm2m_transport *lwm2m_listener_transport(struct lwm2m_listener *listener);
/* Of a listener with libcoap, all but the last are NULL; of others, the last is. */
struct lwm2m_endpoint *lwm2m_listener_endpoint(struct lwm2m_listener *listener);
struct lwm2m_udp_link *lwm2m_listener_link(struct lwm2m_listener *listener);
struct lwm2m_libcoap *lwm2m_listener_libcoap(struct lwm2m_listener *listener);
/* NULL without credentials. */
struct lwm2m_dtls_link *lwm2m_listener_dtls(struct lwm2m_listener *listener);
/* The address and port that it is bound to. */
void lwm2m_listener_bound(const struct lwm2m_listener *listener, struct lwm2m_address *bound);

/*
 * Connects a client engine through the listener's socket: looks the host of the URI up, and goes on
 * to its next address with every further attempt. LWM2M_UNSUPPORTED for a scheme other than coap, or with
 * credentials coaps; the errors of lwm2m_resolve_uri and lwm2m_dtls_link_call.
 */
struct lwm2m_connector lwm2m_listener_connector(struct lwm2m_listener *listener);

#endif
