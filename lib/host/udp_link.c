/*
 * A UDP socket as datagram link. What arrives is taken in batches; what is sent is gathered in a
 * ring and goes out in batches: when one is full, and at the end of each turn of the loop.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/udp_link.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <lwm2m/list.h>
#include <lwm2m/resolve.h>

#include "host/address.h"
#include "host/udp_socket.h"

/* Datagrams for one system call. More would save little: the cost is the kernel's, for each of
 * them. */
#define BATCH 64
/* Peers found to be out of reach while sending, until they are reported at the end of the turn. */
#define LOST_MAX 16

/* What goes with one datagram besides its bytes. */
struct envelope {
    struct iovec piece;
    struct sockaddr_storage name;
    _Alignas(struct cmsghdr) uint8_t control[LWM2M_UDP_CONTROL_BYTES];
};

/* Datagrams side by side, each with its own room. */
struct datagrams {
    struct mmsghdr *headers;
    struct envelope *envelopes;
    uint8_t *bytes;
    size_t capacity;
};

struct lwm2m_udp_link {
    struct lwm2m_udp_link_config config;
    const struct lwm2m_port *port;
    struct lwm2m_udp_socket udp;
    struct lwm2m_watch watch;
    struct lwm2m_loop_hook hook;
    struct lwm2m_datagram_link datagram_link;
    struct lwm2m_datagram_receiver receiver;
    struct datagrams incoming;
    struct datagrams outgoing; /* a ring: `queued` of them from `first` on */
    size_t first, queued;
    bool congested; /* the socket took no more; it is watched until it does */
    bool watching;
    struct lwm2m_address lost[LOST_MAX];
    size_t lost_count;
    struct lwm2m_udp_link_statistics statistics;
};

/* ---- the room for datagrams ---- */

/* One line of a cache more than asked, so that datagrams do not all compete for the same lines. */
static size_t stride(size_t bytes)
{
    return ((bytes + 63) & ~(size_t)63) + 64;
}

static enum lwm2m_error datagrams_init(struct datagrams *datagrams, const struct lwm2m_port *port,
                                       size_t capacity, size_t bytes)
{
    datagrams->capacity = capacity;
    datagrams->headers = port->allocate(port->context, capacity * sizeof(*datagrams->headers));
    datagrams->envelopes = port->allocate(port->context, capacity * sizeof(*datagrams->envelopes));
    datagrams->bytes = port->allocate(port->context, capacity * stride(bytes));
    if (datagrams->headers == NULL || datagrams->envelopes == NULL || datagrams->bytes == NULL) {
        return LWM2M_NO_MEMORY;
    }
    for (size_t i = 0; i < capacity; i++) {
        struct envelope *envelope = &datagrams->envelopes[i];
        envelope->piece = (struct iovec){datagrams->bytes + i * stride(bytes), bytes};
        datagrams->headers[i] = (struct mmsghdr){
            .msg_hdr = {.msg_name = &envelope->name,
                        .msg_namelen = sizeof(envelope->name),
                        .msg_iov = &envelope->piece,
                        .msg_iovlen = 1,
                        .msg_control = envelope->control,
                        .msg_controllen = sizeof(envelope->control)},
        };
    }
    return LWM2M_OK;
}

static void datagrams_release(struct datagrams *datagrams, const struct lwm2m_port *port)
{
    port->release(port->context, datagrams->headers);
    port->release(port->context, datagrams->envelopes);
    port->release(port->context, datagrams->bytes);
}

/* ---- sending ---- */

/* Waits for what the receiver and the ring need; a failure shows as a link that goes quiet. */
static enum lwm2m_error watch_for_events(struct lwm2m_udp_link *link)
{
    unsigned events = (link->receiver.receive != NULL ? LWM2M_WATCH_READ : 0u) |
                      (link->congested ? LWM2M_WATCH_WRITE : 0u);
    if (link->watching) {
        return lwm2m_loop_modify(link->config.loop, &link->watch, events);
    }
    enum lwm2m_error error = lwm2m_loop_add(link->config.loop, &link->watch, events);
    link->watching = error == LWM2M_OK;
    return error;
}

static void set_congested(struct lwm2m_udp_link *link, bool congested)
{
    if (link->congested == congested) {
        return;
    }
    link->congested = congested;
    (void)watch_for_events(link);
}

static void note_size(struct lwm2m_udp_link *link, size_t bytes)
{
    if (bytes > link->statistics.largest_bytes) {
        link->statistics.largest_bytes = bytes;
    }
}

static void account(struct lwm2m_udp_link *link, size_t count)
{
    for (size_t i = link->first; i < link->first + count; i++) {
        link->statistics.sent_bytes += link->outgoing.envelopes[i].piece.iov_len;
        note_size(link, link->outgoing.envelopes[i].piece.iov_len);
    }
    link->statistics.sent += count;
}

static void take_off(struct lwm2m_udp_link *link, size_t count)
{
    link->queued -= count;
    link->first += count;
    /* An empty ring begins anew, so that a few buffers are used over and over, and stay in the
     * cache. */
    if (link->first == link->outgoing.capacity || link->queued == 0) {
        link->first = 0;
    }
}

/* The first datagram was refused. Its peer is told of later, since a sender must not be called
 * back. */
static void give_up_first(struct lwm2m_udp_link *link, int error)
{
    const struct envelope *envelope = &link->outgoing.envelopes[link->first];
    link->statistics.send_failures++;
    if (lwm2m_udp_socket_is_unreachable(error) && link->lost_count < LOST_MAX &&
        lwm2m_address_from_socket((const struct sockaddr *)&envelope->name,
                                  &link->lost[link->lost_count])) {
        link->lost_count++;
    }
    take_off(link, 1);
}

void lwm2m_udp_link_flush(struct lwm2m_udp_link *link)
{
    bool tried = false;
    while (link->queued > 0) {
        size_t count = link->outgoing.capacity - link->first;
        if (count > link->queued) {
            count = link->queued;
        }
        if (count > BATCH) {
            count = BATCH;
        }
        int sent = sendmmsg(link->udp.fd, link->outgoing.headers + link->first, (unsigned)count,
                            MSG_DONTWAIT);
        if (sent > 0) {
            account(link, (size_t)sent);
            take_off(link, (size_t)sent);
            tried = false;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            set_congested(link, true);
            return;
        } else if (errno != EINTR && !tried) {
            tried = true; /* an error may be left over from an earlier datagram, and is gone now */
        } else if (errno != EINTR) {
            give_up_first(link, errno);
            tried = false;
        }
    }
    set_congested(link, false);
}

static enum lwm2m_error send_datagram(void *context, const struct lwm2m_address *to,
                                      struct lwm2m_bytes data)
{
    struct lwm2m_udp_link *link = context;
    struct datagrams *outgoing = &link->outgoing;
    if (data.length > link->config.max_datagram) {
        return LWM2M_TOO_LARGE;
    }
    if (link->queued == outgoing->capacity) {
        link->statistics.queue_full++;
        return LWM2M_BUSY;
    }
    size_t index = (link->first + link->queued) % outgoing->capacity;
    struct envelope *envelope = &outgoing->envelopes[index];
    struct msghdr *header = &outgoing->headers[index].msg_hdr;
    header->msg_namelen = lwm2m_address_to_socket(to, link->udp.family, &envelope->name);
    if (header->msg_namelen == 0) {
        return LWM2M_UNREACHABLE;
    }
    lwm2m_udp_socket_leave_from(&link->udp, header, to);
    if (data.length > 0) {
        memcpy(envelope->piece.iov_base, data.data, data.length);
    }
    envelope->piece.iov_len = data.length;
    link->queued++;
    if (link->queued >= BATCH && !link->congested) {
        lwm2m_udp_link_flush(link);
    }
    return LWM2M_OK;
}

static void report_lost(struct lwm2m_udp_link *link)
{
    for (size_t i = 0; i < link->lost_count; i++) {
        link->statistics.unreachable++;
        if (link->receiver.fail != NULL) {
            link->receiver.fail(link->receiver.context, &link->lost[i], LWM2M_UNREACHABLE);
        }
    }
    link->lost_count = 0;
}

static void end_of_turn(struct lwm2m_loop_hook *hook)
{
    struct lwm2m_udp_link *link = LWM2M_CONTAINER_OF(hook, struct lwm2m_udp_link, hook);
    if (!link->congested) {
        lwm2m_udp_link_flush(link);
    }
    report_lost(link);
    /* Whoever was told may have sent something; it goes out before the loop sleeps. */
    if (!link->congested) {
        lwm2m_udp_link_flush(link);
    }
}

/* ---- receiving ---- */

/* False, counted, for a datagram that is not handed on. */
static bool take_datagram(struct lwm2m_udp_link *link, struct mmsghdr *header,
                          const struct envelope *envelope, struct lwm2m_address *from)
{
    link->statistics.received++;
    link->statistics.received_bytes += header->msg_len;
    note_size(link, header->msg_len);
    if (header->msg_hdr.msg_flags & MSG_TRUNC) {
        link->statistics.truncated++;
        return false;
    }
    if (!lwm2m_address_from_socket((const struct sockaddr *)&envelope->name, from) ||
        !lwm2m_udp_socket_local(&header->msg_hdr, from)) {
        link->statistics.to_groups++;
        return false;
    }
    return true;
}

static void receive_batch(struct lwm2m_udp_link *link)
{
    struct datagrams *incoming = &link->incoming;
    struct lwm2m_address from[BATCH];
    struct lwm2m_bytes accepted[BATCH];
    size_t accepted_count = 0;
    int count = recvmmsg(link->udp.fd, incoming->headers, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        struct mmsghdr *header = &incoming->headers[i];
        const struct envelope *envelope = &incoming->envelopes[i];
        if (take_datagram(link, header, envelope, &from[accepted_count])) {
            accepted[accepted_count++] =
                (struct lwm2m_bytes){envelope->piece.iov_base, header->msg_len};
        }
        header->msg_hdr.msg_namelen = sizeof(envelope->name);
        header->msg_hdr.msg_controllen = LWM2M_UDP_CONTROL_BYTES;
    }
    if (accepted_count > 1 && link->receiver.expect != NULL) {
        link->receiver.expect(link->receiver.context, from, accepted_count);
    }
    for (size_t i = 0; i < accepted_count; i++) {
        link->receiver.receive(link->receiver.context, &from[i], accepted[i]);
    }
}

static void receive_errors(struct lwm2m_udp_link *link)
{
    struct lwm2m_address address;
    bool unreachable;
    int pending;
    socklen_t length = sizeof(pending);
    for (int i = 0; i < BATCH && lwm2m_udp_socket_next_error(&link->udp, &address, &unreachable);
         i++) {
        if (!unreachable) {
            continue;
        }
        link->statistics.unreachable++;
        if (link->receiver.fail != NULL) {
            link->receiver.fail(link->receiver.context, &address, LWM2M_UNREACHABLE);
        }
    }
    /* Reading it clears it; else the socket would stay ready without anything to read. */
    (void)getsockopt(link->udp.fd, SOL_SOCKET, SO_ERROR, &pending, &length);
}

static void socket_ready(struct lwm2m_watch *watch, unsigned events)
{
    struct lwm2m_udp_link *link = LWM2M_CONTAINER_OF(watch, struct lwm2m_udp_link, watch);
    if (events & LWM2M_WATCH_ERROR) {
        receive_errors(link);
    }
    if (events & LWM2M_WATCH_WRITE) {
        lwm2m_udp_link_flush(link);
    }
    if ((events & LWM2M_WATCH_READ) && link->receiver.receive != NULL) {
        receive_batch(link);
    }
}

enum lwm2m_error lwm2m_udp_link_set_receiver(struct lwm2m_udp_link *link,
                                             const struct lwm2m_datagram_receiver *receiver)
{
    link->receiver = *receiver;
    return watch_for_events(link);
}

enum lwm2m_error lwm2m_udp_link_attach(struct lwm2m_udp_link *link, struct lwm2m_endpoint *endpoint)
{
    const struct lwm2m_datagram_receiver receiver = lwm2m_endpoint_receiver(endpoint);
    return lwm2m_udp_link_set_receiver(link, &receiver);
}

/* ---- the link ---- */

static void print_address(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)context;
    lwm2m_address_print(address, text);
}

void lwm2m_udp_link_config_init(struct lwm2m_udp_link_config *config)
{
    *config = (struct lwm2m_udp_link_config){
        .size = sizeof(*config),
        .max_datagram = 1452,
        .max_received = 4096,
        .max_queued = 256,
        .receive_buffer_bytes = (size_t)4 << 20,
    };
}

static bool is_valid(const struct lwm2m_udp_link_config *config)
{
    return config->size == sizeof(*config) && config->loop != NULL && config->max_datagram >= 64 &&
           config->max_datagram <= 65507 && config->max_received >= 64 &&
           config->max_received <= 65535 && config->max_queued > 0 && config->max_queued <= 65536;
}

static enum lwm2m_error prepare(struct lwm2m_udp_link *link)
{
    const struct lwm2m_udp_link_config *config = &link->config;
    enum lwm2m_error error =
        datagrams_init(&link->incoming, link->port, BATCH, config->max_received);
    if (error == LWM2M_OK) {
        error =
            datagrams_init(&link->outgoing, link->port, config->max_queued, config->max_datagram);
    }
    if (error == LWM2M_OK) {
        error = lwm2m_udp_socket_open(&link->udp, &config->bind, config->receive_buffer_bytes);
    }
    return error;
}

enum lwm2m_error lwm2m_udp_link_open(const struct lwm2m_udp_link_config *config,
                                     struct lwm2m_udp_link **result)
{
    if (!is_valid(config)) {
        return LWM2M_ARGUMENT;
    }
    const struct lwm2m_port *port = lwm2m_loop_timers(config->loop)->port;
    struct lwm2m_udp_link *link = port->allocate(port->context, sizeof(*link));
    if (link == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(link, 0, sizeof(*link));
    link->config = *config;
    link->port = port;
    link->udp.fd = -1;
    link->datagram_link = (struct lwm2m_datagram_link){
        .context = link,
        .send = send_datagram,
        .print_address = print_address,
        .max_datagram = config->max_datagram,
    };
    link->hook.run = end_of_turn;
    lwm2m_loop_add_hook(config->loop, &link->hook);
    enum lwm2m_error error = prepare(link);
    if (error != LWM2M_OK) {
        lwm2m_udp_link_close(link);
        return error;
    }
    link->watch = (struct lwm2m_watch){.fd = link->udp.fd, .ready = socket_ready};
    *result = link;
    return LWM2M_OK;
}

void lwm2m_udp_link_close(struct lwm2m_udp_link *link)
{
    if (link == NULL) {
        return;
    }
    int error = errno;
    const struct lwm2m_port *port = link->port;
    lwm2m_loop_remove_hook(link->config.loop, &link->hook);
    if (link->queued > 0) {
        lwm2m_udp_link_flush(link);
    }
    if (link->watching) {
        lwm2m_loop_remove(link->config.loop, &link->watch);
    }
    if (link->udp.fd >= 0) {
        close(link->udp.fd);
    }
    datagrams_release(&link->incoming, port);
    datagrams_release(&link->outgoing, port);
    port->release(port->context, link);
    errno = error;
}

const struct lwm2m_datagram_link *lwm2m_udp_link_datagrams(struct lwm2m_udp_link *link)
{
    return &link->datagram_link;
}

void lwm2m_udp_link_bound(const struct lwm2m_udp_link *link, struct lwm2m_address *bound)
{
    lwm2m_udp_socket_bound(&link->udp, bound);
}

void lwm2m_udp_link_statistics_get(const struct lwm2m_udp_link *link,
                                   struct lwm2m_udp_link_statistics *statistics)
{
    *statistics = link->statistics;
}
