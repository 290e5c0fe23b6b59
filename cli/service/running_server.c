/*
 * Wires a management server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/running_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/resolve.h>

#include "control/trace.h"

#define LISTENERS_MAX 16

struct running_server {
    struct trace trace;
    struct lwm2m_host *host;
    struct lwm2m_server *engine;
    struct service *service;
    struct definition_library definitions;
    struct credential_sources sources;
    struct lwm2m_credentials *credentials; /* NULL: none */
    struct lwm2m_capture *capture;         /* NULL: none */
    struct lwm2m_listener *listeners[LISTENERS_MAX];
    size_t listener_count;
    void *context;
    void (*on_event)(void *context, const struct lwm2m_server_event *event);
    void (*on_security)(void *context, const struct lwm2m_dtls_event *event);
};

static bool refuse(struct control_outcome *failure, enum exit_code exit, const char *hint,
                   const char *where, const char *reason)
{
    control_fail(failure, exit, hint, "cannot listen on %.160s: %s", where, reason);
    return false;
}

/* Of which schemes an address is served. */
struct served {
    bool plain, secure;
};

static bool choose_schemes(const struct running_server_config *config, const char *text,
                           enum lwm2m_scheme scheme, struct served *served,
                           struct control_outcome *failure)
{
    bool keys = credential_sources_any(&config->credentials);
    *served = (struct served){
        .plain = scheme == LWM2M_SCHEME_COAP,
        .secure = scheme == LWM2M_SCHEME_COAPS,
    };
    if (!served->plain && !served->secure) {
        return refuse(failure, EXIT_CODE_UNSUPPORTED, "use coap:// or coaps://", text,
                      "only coap and coaps are served so far");
    }
    if (served->secure && !keys) {
        return refuse(failure, EXIT_CODE_USAGE,
                      "--psk-file FILE, or --cert, --key and --ca, give keys", text,
                      "there are no keys for coaps");
    }
    if (served->plain && keys && !config->allow_nosec) {
        return refuse(failure, EXIT_CODE_USAGE, "--nosec=allow serves coap, too", text,
                      "with keys, what has no security is denied");
    }
    return true;
}

static bool find_uri(const char *text, const struct running_server_config *config,
                     struct served *served, struct lwm2m_address *address,
                     struct lwm2m_fault *fault, enum lwm2m_error *error,
                     struct control_outcome *failure)
{
    struct lwm2m_addresses found;
    struct lwm2m_uri uri;
    *error = lwm2m_uri_parse(lwm2m_bytes_from_text(text), &uri, fault);
    if (*error == LWM2M_OK && !choose_schemes(config, text, uri.scheme, served, failure)) {
        return false;
    }
    if (*error == LWM2M_OK) {
        *error = lwm2m_resolve_uri(&uri, &found, fault);
    }
    if (*error == LWM2M_OK) {
        *address = found.items[0];
    }
    return true;
}

static bool fail_address(const char *text, enum lwm2m_error error, const struct lwm2m_fault *fault,
                         struct control_outcome *failure)
{
    bool usage = error == LWM2M_MALFORMED || error == LWM2M_TOO_LARGE;
    return refuse(failure, usage ? EXIT_CODE_USAGE : EXIT_CODE_TRANSPORT,
                  "give an address such as 127.0.0.1, 127.0.0.1:5683 or [::]:5683", text,
                  fault->reason != NULL ? fault->reason : lwm2m_error_text(error));
}

/* An address without a scheme, which every scheme serves that is served at all. */
static enum lwm2m_error find_host(const char *text, uint16_t port, struct lwm2m_address *address,
                                  struct lwm2m_fault *fault)
{
    struct lwm2m_addresses found;
    enum lwm2m_error error = lwm2m_resolve_text(lwm2m_bytes_from_text(text), port, &found, fault);
    if (error == LWM2M_OK) {
        *address = found.items[0];
    }
    return error;
}

static void on_security(void *context, const struct lwm2m_dtls_event *event)
{
    struct running_server *server = context;
    if (server->service != NULL) {
        service_on_security(server->service, event);
        if (server->on_security != NULL) {
            server->on_security(server->context, event);
        }
    }
}

static bool endpoint_of(void *context, enum lwm2m_security security, struct lwm2m_bytes identity,
                        struct lwm2m_bytes *endpoint_name)
{
    const struct running_server *server = context;
    return lwm2m_credentials_endpoint_name(server->credentials, security, identity, endpoint_name);
}

static bool listen_on(struct running_server *server, const struct lwm2m_address *address,
                      bool secure, const struct running_server_config *given,
                      struct control_outcome *failure)
{
    if (server->listener_count == LISTENERS_MAX) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "more than %d addresses to listen on",
                     LISTENERS_MAX);
        return false;
    }
    struct lwm2m_listener_config config;
    lwm2m_listener_config_init(&config);
    config.bind = *address;
    config.transmission = given->transmission;
    config.chaos = &given->chaos;
    config.stack = given->stack;
    config.trace = trace_listener(&server->trace);
    config.credentials = secure ? server->credentials : NULL;
    config.accepts = true;
    config.ciphers = given->credentials.ciphers;
    config.context = server;
    config.on_security = on_security;
    config.capture = server->capture;
    errno = 0;
    enum lwm2m_error error =
        lwm2m_host_listen(server->host, &config, &server->listeners[server->listener_count]);
    if (error == LWM2M_OK) {
        server->listener_count++;
        return true;
    }
    char where[LWM2M_ADDRESS_TEXT_MAX];
    const char *reason = errno != 0 ? strerror(errno) : lwm2m_error_text(error);
    if (error == LWM2M_ARGUMENT && secure) {
        control_fail(failure, EXIT_CODE_USAGE, "'gnutls-cli --list --priority=…' tries one",
                     "--ciphers: GnuTLS does not take '%.200s'", given->credentials.ciphers);
        return false;
    }
    if (error == LWM2M_UNSUPPORTED && secure) {
        control_fail(failure, EXIT_CODE_UNSUPPORTED, "leave out --stack libcoap, or the keys",
                     "libcoap does not serve coaps here, and knows no --ciphers");
        return false;
    }
    const char *hint = errno == EADDRINUSE
                           ? "another server may run there; -p PORT chooses another (0: any)"
                           : NULL;
    lwm2m_address_print(address, where);
    return refuse(failure, EXIT_CODE_TRANSPORT, hint, where, reason);
}

static bool listen_at_host(struct running_server *server, const char *text,
                           const struct running_server_config *config,
                           struct control_outcome *failure)
{
    struct lwm2m_fault fault = {0};
    struct lwm2m_address plain, secure;
    struct served served = {.secure = server->credentials != NULL};
    served.plain = !served.secure || config->allow_nosec;
    enum lwm2m_error error = find_host(text, config->port, &plain, &fault);
    if (error == LWM2M_OK) {
        error = find_host(text, config->secure_port, &secure, &fault);
    }
    if (error != LWM2M_OK) {
        return fail_address(text, error, &fault, failure);
    }
    if (served.plain && served.secure && plain.port != 0 && plain.port == secure.port) {
        return refuse(failure, EXIT_CODE_USAGE, "say coap:// or coaps:// before it", text,
                      "coap and coaps cannot share a port");
    }
    return (!served.plain || listen_on(server, &plain, false, config, failure)) &&
           (!served.secure || listen_on(server, &secure, true, config, failure));
}

static bool listen_at(struct running_server *server, const char *text,
                      const struct running_server_config *config, struct control_outcome *failure)
{
    struct lwm2m_fault fault = {0};
    struct lwm2m_address address;
    struct served served;
    enum lwm2m_error error;
    if (strstr(text, "://") == NULL) {
        return listen_at_host(server, text, config, failure);
    }
    if (!find_uri(text, config, &served, &address, &fault, &error, failure)) {
        return false;
    }
    return error == LWM2M_OK ? listen_on(server, &address, served.secure, config, failure)
                             : fail_address(text, error, &fault, failure);
}

static void on_event(void *context, const struct lwm2m_server_event *event)
{
    struct running_server *server = context;
    if (server->service != NULL) { /* else the engine is being freed */
        service_on_event(server->service, event);
        if (server->on_event != NULL) {
            server->on_event(server->context, event);
        }
    }
}

static bool start_engine(struct running_server *server, const struct running_server_config *given)
{
    struct lwm2m_server_config config;
    lwm2m_server_config_init(&config);
    config.timers = lwm2m_host_timers(server->host);
    config.definitions = definition_library_definitions(&server->definitions);
    config.context = server;
    config.on_event = on_event;
    config.endpoint_of = endpoint_of;
    config.max_registrations = given->max_registrations;
    config.max_rate_per_address = given->max_rate_per_address;
    config.min_version = given->min_version;
    config.deny_move = given->deny_move;
    config.awake_ms = given->awake_ms;
    server->service = service_new(config.definitions, config.timers);
    if (server->service == NULL || lwm2m_server_new(&config, &server->engine) != LWM2M_OK) {
        return false;
    }
    service_set_server(server->service, server->engine);
    service_set_trace(server->service, &server->trace);
    for (size_t i = 0; i < server->listener_count; i++) {
        char uri[LISTENER_URI_MAX];
        lwm2m_server_attach(server->engine, lwm2m_listener_transport(server->listeners[i]));
        running_server_print_uri(server, i, false, uri);
        if (!service_add_listener(server->service, uri)) {
            return false;
        }
    }
    return true;
}

static bool start(struct running_server *server, const struct running_server_config *config,
                  struct control_outcome *failure)
{
    if (lwm2m_host_new(trace_log, &server->trace, &server->host) != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_IO, NULL, "cannot start: %s", strerror(errno));
        return false;
    }
    if (credential_sources_any(&config->credentials)) {
        server->credentials =
            credentials_read(&config->credentials, lwm2m_host_port(server->host), failure);
        if (server->credentials == NULL) {
            return false;
        }
    }
    if (!packet_capture_open(&config->capture, config->stack, config->printer, &server->capture,
                             failure)) {
        return false;
    }
    for (size_t i = 0; i < config->listen_count; i++) {
        if (!listen_at(server, config->listen[i], config, failure)) {
            return false;
        }
    }
    if (!definition_library_read(&server->definitions, &config->definitions, &lwm2m_registry,
                                 config->printer, failure)) {
        return false;
    }
    if (!start_engine(server, config)) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        return false;
    }
    return true;
}

void running_server_config_init(struct running_server_config *config)
{
    struct lwm2m_server_config engine;
    struct lwm2m_listener_config listener;
    lwm2m_server_config_init(&engine);
    lwm2m_listener_config_init(&listener);
    *config = (struct running_server_config){
        .port = 5683,
        .secure_port = 5684,
        .max_registrations = engine.max_registrations,
        .transmission = listener.transmission,
        .min_version = engine.min_version,
        .awake_ms = engine.awake_ms,
    };
}

struct running_server *running_server_new(const struct running_server_config *config,
                                          struct control_outcome *failure)
{
    struct running_server *server = calloc(1, sizeof(*server));
    if (server == NULL) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        return NULL;
    }
    trace_init(&server->trace, config->printer);
    server->context = config->context;
    server->sources = config->credentials;
    server->on_event = config->on_event;
    server->on_security = config->on_security;
    if (!start(server, config, failure)) {
        running_server_free(server);
        return NULL;
    }
    return server;
}

bool running_server_reload(struct running_server *server, struct control_outcome *failure)
{
    if (server->credentials == NULL) {
        return true;
    }
    struct lwm2m_credentials *fresh =
        credentials_read(&server->sources, lwm2m_host_port(server->host), failure);
    if (fresh == NULL) {
        return false;
    }
    for (size_t i = 0; i < server->listener_count; i++) {
        if (running_server_is_secure(server, i)) {
            lwm2m_dtls_link_set_credentials(lwm2m_listener_dtls(server->listeners[i]), fresh);
        }
    }
    lwm2m_credentials_release(server->credentials);
    server->credentials = fresh;
    return true;
}

void running_server_free(struct running_server *server)
{
    if (server == NULL) {
        return;
    }
    struct service *service = server->service;
    server->service = NULL;
    service_free(service);
    if (server->engine != NULL) {
        lwm2m_server_free(server->engine);
    }
    /* The credentials' memory is of the host. */
    lwm2m_credentials_release(server->credentials);
    lwm2m_host_free(server->host);
    lwm2m_capture_close(server->capture);
    definition_library_release(&server->definitions);
    free(server);
}

struct lwm2m_loop *running_server_loop(struct running_server *server)
{
    return lwm2m_host_loop(server->host);
}

struct service *running_server_service(struct running_server *server)
{
    return server->service;
}

size_t running_server_listener_count(const struct running_server *server)
{
    return server->listener_count;
}

bool running_server_is_secure(const struct running_server *server, size_t index)
{
    return lwm2m_listener_dtls(server->listeners[index]) != NULL;
}

void running_server_print_uri(const struct running_server *server, size_t index, bool reachable,
                              char text[LISTENER_URI_MAX])
{
    struct lwm2m_address bound;
    char address[LWM2M_ADDRESS_TEXT_MAX];
    lwm2m_listener_bound(server->listeners[index], &bound);
    if (reachable) {
        lwm2m_address_make_reachable(&bound);
    }
    lwm2m_address_print(&bound, address);
    snprintf(text, LISTENER_URI_MAX, "%s://%s",
             running_server_is_secure(server, index) ? "coaps" : "coap", address);
}
