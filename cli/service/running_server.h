/*
 * A management server in this process: sockets, engine and service, wired.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_RUNNING_SERVER_H
#define SERVICE_RUNNING_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/host.h>
#include <lwm2m/server.h>

#include "control/credential_sources.h"
#include "control/definition_sources.h"
#include "control/outcome.h"
#include "control/packet_capture.h"
#include "output/printer.h"
#include "service/service.h"

struct running_server_config {
    /* Where to listen: "ADDR", "ADDR:PORT", "[IPV6]:PORT", "coap://HOST:PORT", "coaps://HOST:PORT"; at least one. */
    const char *const *listen;
    size_t listen_count;
    uint16_t port; /* of those that name none; 0: the kernel chooses */
    uint16_t secure_port; /* the same for coaps */
    struct credential_sources credentials; /* none: coap alone is served */
    bool allow_nosec; /* with credentials, serve coap too */
    size_t max_registrations;
    const struct printer *printer; /* borrowed: for the log and the trace */
    struct lwm2m_transmission transmission;
    struct definition_sources definitions;
    struct capture_options capture; /* zeroed: none */
    struct lwm2m_chaos chaos; /* zeroed: the network is as it is */
    enum lwm2m_stack stack;
    bool deny_move; /* an Update from a new address is answered 4.04 */
    struct lwm2m_version min_version;
    uint32_t max_rate_per_address; /* Registers a second; 0: any number */
    uint32_t awake_ms;             /* how long a device in queue mode listens */
    void *context;
    /* Sees every event of the engine, after the service. May be NULL. */
    void (*on_event)(void *context, const struct lwm2m_server_event *event);
    /* The same of handshakes. May be NULL. */
    void (*on_security)(void *context, const struct lwm2m_dtls_event *event);
};

/* Fills in the defaults of the engine and of CoAP; listen and printer are the caller's. */
void running_server_config_init(struct running_server_config *config);

struct running_server;

/* NULL, with *failure filled, if it cannot listen. */
struct running_server *running_server_new(const struct running_server_config *config,
                                          struct control_outcome *failure);
/* Ends what is under way and closes the sockets. NULL is allowed. */
void running_server_free(struct running_server *server);

/*
 * Reads the keys again, for handshakes from now on; associations stay. False with *failure filled if they are wrong: the
 * old ones count on. Without keys there is nothing to read.
 */
bool running_server_reload(struct running_server *server, struct control_outcome *failure);

struct lwm2m_loop *running_server_loop(struct running_server *server);
struct service *running_server_service(struct running_server *server);

/* The addresses that it listens on, as "coap://[::]:5683"; `reachable` has a host that leads there:
 * 127.0.0.1 for any. */
#define LISTENER_URI_MAX (LWM2M_ADDRESS_TEXT_MAX + 8)
size_t running_server_listener_count(const struct running_server *server);
bool running_server_is_secure(const struct running_server *server, size_t index);
void running_server_print_uri(const struct running_server *server, size_t index, bool reachable,
                              char text[LISTENER_URI_MAX]);

#endif
