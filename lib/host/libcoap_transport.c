/*
 * The libcoap transport: its life, its place in the loop, and its face as a transport.
 *
 * libcoap has an epoll instance of its own, with its sockets and the timer of its repetitions in
 * it: the loop watches that.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/libcoap_transport.h>

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lwm2m/resolve.h>

#include "base/log.h"
#include "host/address.h"
#include "host/libcoap_state.h"

/* Events that are handled before the other descriptors of the loop have their turn. */
#define BATCH 16
/* Header, token and the marker before the payload. */
#define MESSAGE_OVERHEAD_BYTES 13
/* How often another port is tried when somebody was faster. */
#define BIND_ATTEMPTS 5
/* (D)TLS only; libcoap's own bound locks everybody out too easily. */
#define MAX_HANDSHAKES 1000

/* ---- events ---- */

/* If libcoap waits for no acknowledgement at all, then whatever we sent was acknowledged. */
static void settle(struct lwm2m_libcoap *libcoap)
{
    bool is_waiting =
        !lwm2m_list_is_empty(&libcoap->unacknowledged) || !lwm2m_list_is_empty(&libcoap->unsettled);

    if (is_waiting && coap_can_exit(libcoap->context)) {
        lwm2m_libcoap_exchanges_settle(libcoap);
        lwm2m_libcoap_notifications_settle(libcoap);
    }
}

static void ready(struct lwm2m_watch *watch, unsigned happened)
{
    struct lwm2m_libcoap *libcoap = LWM2M_CONTAINER_OF(watch, struct lwm2m_libcoap, watch);
    struct epoll_event events[BATCH];
    int count = epoll_wait(watch->fd, events, BATCH, 0);

    (void)happened;
    if (count > 0) {
        coap_io_do_epoll(libcoap->context, events, (size_t)count);
        settle(libcoap);
    }
}

static enum lwm2m_error error_of(coap_nack_reason_t reason)
{
    switch (reason) {
    case COAP_NACK_RST:
        return LWM2M_RESET;
    case COAP_NACK_TLS_FAILED:
        return LWM2M_SECURITY;
    default:
        return LWM2M_TIMEOUT;
    }
}

static void failed(coap_session_t *session, const coap_pdu_t *sent, const coap_nack_reason_t reason,
                   const coap_mid_t mid)
{
    struct lwm2m_libcoap_peer *peer = coap_session_get_app_data(session);

    (void)mid;
    if (peer == NULL || reason == COAP_NACK_NOT_DELIVERABLE) {
        return; /* it forgets what we told it to forget */
    }
    if (reason == COAP_NACK_ICMP_ISSUE) {
        lwm2m_libcoap_peer_fail(peer, LWM2M_UNREACHABLE);
        return;
    }
    lwm2m_libcoap_peer_hold(peer);
    if (coap_pdu_get_code(sent) < COAP_RESPONSE_CODE(200)) {
        lwm2m_libcoap_exchanges_refused(peer, sent, error_of(reason));
    } else {
        lwm2m_libcoap_notifications_failed(peer, sent, error_of(reason));
    }
    lwm2m_libcoap_peer_let_go(peer);
}

static int session_event(coap_session_t *session, const coap_event_t event)
{
    struct lwm2m_libcoap_peer *peer = coap_session_get_app_data(session);

    if (event == COAP_EVENT_SERVER_SESSION_DEL && peer != NULL) {
        lwm2m_libcoap_peer_free(peer);
    }
    return 0;
}

static void deferred(struct lwm2m_timer *timer)
{
    lwm2m_libcoap_peers_tidy(LWM2M_CONTAINER_OF(timer, struct lwm2m_libcoap, deferred));
}

static void keep_house(struct lwm2m_timer *timer)
{
    struct lwm2m_libcoap *libcoap = LWM2M_CONTAINER_OF(timer, struct lwm2m_libcoap, housekeeping);
    uint64_t wait_ms =
        lwm2m_answer_store_step(&libcoap->answers, lwm2m_timers_now(libcoap->timers));

    lwm2m_timer_arm_in(libcoap->timers, timer, wait_ms);
}

/* ---- the face as a transport ---- */

static void retain(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    (void)self;
    lwm2m_libcoap_peer_hold((struct lwm2m_libcoap_peer *)peer);
}

static void release(struct lwm2m_transport *self, struct lwm2m_peer *peer)
{
    (void)self;
    lwm2m_libcoap_peer_let_go((struct lwm2m_libcoap_peer *)peer);
}

static void print_address(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)self;
    lwm2m_address_print(&((const struct lwm2m_libcoap_peer *)peer)->shown, text);
}

static enum lwm2m_security identity(struct lwm2m_transport *self, const struct lwm2m_peer *peer,
                                    struct lwm2m_bytes *proved)
{
    (void)self;
    (void)peer;
    *proved = (struct lwm2m_bytes){NULL, 0};
    return LWM2M_SECURITY_NONE;
}

static size_t max_payload(struct lwm2m_transport *self, const struct lwm2m_peer *peer)
{
    (void)self;
    (void)peer;
    return LWM2M_LIBCOAP_SENT_MAX - MESSAGE_OVERHEAD_BYTES;
}

static const struct lwm2m_transport_operations operations = {
    .request = lwm2m_libcoap_exchanges_request,
    .cancel = lwm2m_libcoap_exchanges_cancel,
    .respond = lwm2m_libcoap_incomings_answer,
    .notify = lwm2m_libcoap_notifications_notify,
    .retain = retain,
    .release = release,
    .print_address = print_address,
    .identity = identity,
    .max_payload = max_payload,
};

/* ---- opening ---- */

void lwm2m_libcoap_config_init(struct lwm2m_libcoap_config *config)
{
    struct lwm2m_endpoint_config endpoint;

    lwm2m_endpoint_config_init(&endpoint);
    *config = (struct lwm2m_libcoap_config){
        .size = sizeof(*config),
        .transmission = endpoint.transmission,
        .max_peers = 20000,
        .max_waiting = endpoint.max_waiting,
        .answers_per_peer = endpoint.answers_per_peer,
        .max_answer_bytes = endpoint.max_answer_bytes,
    };
}

static bool take_transmission(struct lwm2m_libcoap_config *config)
{
    struct lwm2m_transmission *transmission = &config->transmission;

    if (transmission->ack_timeout_ms == 0 || transmission->ack_timeout_ms > 60000000 ||
        transmission->ack_random_factor_percent < 100 ||
        transmission->ack_random_factor_percent > 1000 || transmission->max_retransmit > 20 ||
        transmission->nstart == 0 || transmission->nstart > 1000 ||
        transmission->exchange_lifetime_ms > INT32_MAX ||
        transmission->non_lifetime_ms > INT32_MAX) {
        return false;
    }
    if (transmission->ack_timeout_ms < 1000) {
        transmission->ack_timeout_ms = 1000;
    }
    if (transmission->max_retransmit == 0) {
        transmission->max_retransmit = 1;
    }
    return config->max_peers > 0 && config->answers_per_peer > 0;
}

/*
 * libcoap would share a port with another server that allows it, and does not say which port it was
 * given: so the port is found by a socket that shares nothing.
 */
static enum lwm2m_error find_port(struct lwm2m_libcoap *libcoap)
{
    struct sockaddr_storage storage;
    socklen_t length = lwm2m_address_to_socket(&libcoap->bound, libcoap->family, &storage);
    int off = 0;
    int fd;
    enum lwm2m_error error = LWM2M_IO;

    if (length == 0) {
        return LWM2M_UNSUPPORTED;
    }
    fd = socket(libcoap->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return errno == EAFNOSUPPORT ? LWM2M_UNSUPPORTED : LWM2M_IO;
    }
    if (libcoap->family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    }
    length = sizeof(storage);
    if (bind(fd, (const struct sockaddr *)&storage,
             lwm2m_address_to_socket(&libcoap->bound, libcoap->family, &storage)) == 0 &&
        getsockname(fd, (struct sockaddr *)&storage, &length) == 0 &&
        lwm2m_address_from_socket((const struct sockaddr *)&storage, &libcoap->bound)) {
        error = LWM2M_OK;
    }
    int saved = errno;
    close(fd);
    errno = saved;
    return error;
}

static coap_endpoint_t *open_endpoint(struct lwm2m_libcoap *libcoap)
{
    struct sockaddr_storage storage;
    coap_address_t address;

    coap_address_init(&address);
    address.size = lwm2m_address_to_socket(&libcoap->bound, libcoap->family, &storage);
    memcpy(&address.addr, &storage, address.size);
    return coap_new_endpoint(libcoap->context, &address, COAP_PROTO_UDP);
}

static enum lwm2m_error listen_on(struct lwm2m_libcoap *libcoap)
{
    const struct lwm2m_address *bind = &libcoap->config.bind;
    coap_endpoint_t *endpoint = NULL;
    enum lwm2m_error error = LWM2M_OK;

    libcoap->family = lwm2m_address_is_ipv4(bind->address) ? AF_INET : AF_INET6;
    for (int i = 0; endpoint == NULL && i < BIND_ATTEMPTS && error == LWM2M_OK; i++) {
        libcoap->bound = *bind;
        error = find_port(libcoap);
        if (error == LWM2M_UNSUPPORTED && libcoap->family == AF_INET6) {
            libcoap->family = AF_INET; /* a host without IPv6 */
            error = find_port(libcoap);
        }
        if (error == LWM2M_OK) {
            endpoint = open_endpoint(libcoap);
        }
    }
    if (endpoint == NULL) {
        return error != LWM2M_OK ? error : LWM2M_IO;
    }
    coap_endpoint_set_default_mtu(endpoint, LWM2M_LIBCOAP_RECEIVED_MAX);
    return LWM2M_OK;
}

static bool add_resource(struct lwm2m_libcoap *libcoap, coap_resource_t *resource)
{
    if (resource == NULL) {
        return false;
    }
    coap_resource_set_userdata(resource, libcoap);
    for (int method = COAP_REQUEST_GET; method <= COAP_REQUEST_IPATCH; method++) {
        coap_register_request_handler(resource, (coap_request_t)method,
                                      lwm2m_libcoap_incomings_requested);
    }
    coap_add_resource(libcoap->context, resource);
    return true;
}

/* Every request is ours, that for the list of resources too, which libcoap would answer. */
static enum lwm2m_error open_context(struct lwm2m_libcoap *libcoap)
{
    const struct lwm2m_libcoap_config *config = &libcoap->config;

    libcoap->context = coap_new_context(NULL);
    if (libcoap->context == NULL) {
        return LWM2M_NO_MEMORY;
    }
    coap_context_set_block_mode(libcoap->context, 0);
    coap_context_set_max_idle_sessions(libcoap->context, config->max_peers < UINT32_MAX
                                                             ? (unsigned)config->max_peers
                                                             : UINT32_MAX);
    coap_context_set_max_handshake_sessions(libcoap->context, MAX_HANDSHAKES);
    /* As long as its repetitions must be recognised. */
    coap_context_set_session_timeout(libcoap->context,
                                     config->transmission.exchange_lifetime_ms / 1000 + 1);
    coap_register_response_handler(libcoap->context, lwm2m_libcoap_exchanges_answered);
    coap_register_nack_handler(libcoap->context, failed);
    coap_register_event_handler(libcoap->context, session_event);
    if (!add_resource(libcoap, coap_resource_unknown_init(lwm2m_libcoap_incomings_requested)) ||
        !add_resource(libcoap, coap_resource_init(coap_make_str_const(".well-known/core"), 0))) {
        return LWM2M_NO_MEMORY;
    }
    return LWM2M_OK;
}

static enum lwm2m_error watch(struct lwm2m_libcoap *libcoap)
{
    libcoap->watch.ready = ready;
    libcoap->watch.fd = coap_context_get_coap_fd(libcoap->context);
    if (libcoap->watch.fd < 0) {
        return LWM2M_UNSUPPORTED; /* built without epoll */
    }
    return lwm2m_loop_add(libcoap->config.loop, &libcoap->watch, LWM2M_WATCH_READ);
}

static enum lwm2m_error open_all(struct lwm2m_libcoap *libcoap)
{
    const struct lwm2m_libcoap_config *config = &libcoap->config;
    const struct lwm2m_transmission *transmission = &config->transmission;
    const struct lwm2m_port *port = libcoap->port;
    uint32_t lifetime_ms = transmission->exchange_lifetime_ms > transmission->non_lifetime_ms
                               ? transmission->exchange_lifetime_ms
                               : transmission->non_lifetime_ms;
    enum lwm2m_error error;

    lwm2m_answer_store_init(&libcoap->answers, port, config->answers_per_peer,
                            config->max_answer_bytes, lifetime_ms);
    if (lwm2m_hash_table_init(&libcoap->addresses, port) != LWM2M_OK ||
        lwm2m_hash_table_init(&libcoap->tokens, port) != LWM2M_OK ||
        lwm2m_hash_table_init(&libcoap->notifications, port) != LWM2M_OK) {
        return LWM2M_NO_MEMORY;
    }
    lwm2m_libcoap_start_up(port);
    error = open_context(libcoap);
    if (error == LWM2M_OK) {
        error = listen_on(libcoap);
    }
    if (error == LWM2M_OK && !lwm2m_libcoap_clock_is_ours(libcoap->context)) {
        LWM2M_LOG(port, LWM2M_LOG_WARNING,
                  "libcoap goes by the clock on the wall: setting that disturbs it");
    }
    return error == LWM2M_OK ? watch(libcoap) : error;
}

enum lwm2m_error lwm2m_libcoap_open(const struct lwm2m_libcoap_config *config,
                                    struct lwm2m_libcoap **libcoap)
{
    struct lwm2m_libcoap_config taken = *config;
    const struct lwm2m_port *port;
    struct lwm2m_libcoap *made;
    enum lwm2m_error error;

    if (config->size != sizeof(*config) || config->loop == NULL || !take_transmission(&taken)) {
        return LWM2M_ARGUMENT;
    }
    port = lwm2m_loop_timers(config->loop)->port;
    made = port->allocate(port->context, sizeof(*made));
    if (made == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(made, 0, sizeof(*made));
    made->config = taken;
    made->port = port;
    made->timers = lwm2m_loop_timers(config->loop);
    made->watch.fd = -1;
    made->transport.operations = &operations;
    made->transport.top = &made->transport;
    made->deferred.fire = deferred;
    made->housekeeping.fire = keep_house;
    lwm2m_list_init(&made->peers);
    lwm2m_list_init(&made->untidy);
    lwm2m_list_init(&made->incomings);
    lwm2m_list_init(&made->unacknowledged);
    lwm2m_list_init(&made->unsettled);
    error = open_all(made);
    if (error != LWM2M_OK) {
        lwm2m_libcoap_close(made);
        return error;
    }
    *libcoap = made;
    return LWM2M_OK;
}

/* ---- closing ---- */

/* libcoap frees a session only if nobody references it; its own references go with what it waits to
 * send. */
static void free_peer(struct lwm2m_libcoap_peer *peer)
{
    coap_session_t *session = peer->session;
    bool is_referenced = peer->references > 0 || peer->is_client;

    lwm2m_libcoap_peer_free(peer);
    coap_session_disconnected(session, COAP_NACK_NOT_DELIVERABLE);
    if (is_referenced) {
        coap_session_release(session);
    }
}

static void close_context(struct lwm2m_libcoap *libcoap)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&libcoap->peers)) != NULL) {
        free_peer(LWM2M_CONTAINER_OF(node, struct lwm2m_libcoap_peer, link));
    }
    if (libcoap->watch.fd >= 0) {
        lwm2m_loop_remove(libcoap->config.loop, &libcoap->watch);
    }
    coap_free_context(libcoap->context);
}

void lwm2m_libcoap_close(struct lwm2m_libcoap *libcoap)
{
    int error = errno;

    if (libcoap == NULL) {
        return;
    }
    lwm2m_libcoap_incomings_free_all(libcoap);
    if (libcoap->context != NULL) {
        close_context(libcoap);
    }
    lwm2m_timer_disarm(libcoap->timers, &libcoap->deferred);
    lwm2m_timer_disarm(libcoap->timers, &libcoap->housekeeping);
    lwm2m_hash_table_release(&libcoap->addresses);
    lwm2m_hash_table_release(&libcoap->tokens);
    lwm2m_hash_table_release(&libcoap->notifications);
    lwm2m_libcoap_forget_log(libcoap->port);
    libcoap->port->release(libcoap->port->context, libcoap);
    errno = error;
}

/* ---- asking ---- */

struct lwm2m_transport *lwm2m_libcoap_transport(struct lwm2m_libcoap *libcoap)
{
    return &libcoap->transport;
}

void lwm2m_libcoap_bound(const struct lwm2m_libcoap *libcoap, struct lwm2m_address *bound)
{
    *bound = libcoap->bound;
}

void lwm2m_libcoap_statistics_get(const struct lwm2m_libcoap *libcoap,
                                  struct lwm2m_libcoap_statistics *statistics)
{
    *statistics = libcoap->statistics;
    statistics->kept_answers = libcoap->answers.count;
    statistics->kept_answer_bytes = libcoap->answers.bytes;
}
