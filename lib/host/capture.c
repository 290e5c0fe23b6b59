/*
 * Writes captures and key logs block by block, and stands between two links to see what passes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/capture.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host/address.h"
#include "host/pcapng.h"

struct lwm2m_capture {
    struct lwm2m_capture_config config;
    int packets, secrets; /* -1: none, or no more */
    uint8_t block[LWM2M_PCAPNG_DATAGRAM_MAX + LWM2M_PCAPNG_OVERHEAD];
};

/* ---- files ---- */

static int open_file(const char *path, int how)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0600);

    /* One that was there may be for others to read; what comes now is not. */
    struct stat status;
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
        (status.st_mode & 077) != 0 && fchmod(fd, 0600) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* Gives up a file that takes nothing more: half a block would spoil what is there. */
static void write_all(struct lwm2m_capture *capture, int *fd, struct lwm2m_bytes bytes,
                      const char *path)
{
    ssize_t written;

    do {
        written = write(*fd, bytes.data, bytes.length);
    } while (written < 0 && errno == EINTR);
    if (written == (ssize_t)bytes.length) {
        return;
    }
    int error = written < 0 ? errno : ENOSPC;
    off_t end = written > 0 ? lseek(*fd, 0, SEEK_CUR) : -1;
    if (end >= written) {
        (void)!ftruncate(*fd, end - written);
    }
    close(*fd);
    *fd = -1;
    if (capture->config.on_failure != NULL) {
        capture->config.on_failure(capture->config.context, path, error);
    }
}

static void write_block(struct lwm2m_capture *capture, const struct lwm2m_buffer *block)
{
    write_all(capture, &capture->packets, lwm2m_buffer_bytes(block), capture->config.packets);
}

enum lwm2m_error lwm2m_capture_open(const struct lwm2m_capture_config *config,
                                    struct lwm2m_capture **result)
{
    struct lwm2m_capture *capture = calloc(1, sizeof(*capture));
    struct lwm2m_buffer block;

    if (capture == NULL) {
        return LWM2M_NO_MEMORY;
    }
    capture->config = *config;
    capture->packets = config->packets != NULL ? open_file(config->packets, O_TRUNC) : -1;
    capture->secrets = -1;
    bool good = config->packets == NULL || capture->packets >= 0;
    if (good && config->secrets != NULL) {
        capture->secrets = open_file(config->secrets, O_APPEND);
        good = capture->secrets >= 0;
    }
    if (!good) {
        int error = errno;
        lwm2m_capture_close(capture);
        errno = error;
        return LWM2M_IO;
    }
    if (capture->packets >= 0) {
        lwm2m_buffer_init(&block, capture->block, sizeof(capture->block));
        if (lwm2m_pcapng_begin(&block) == LWM2M_OK) {
            write_block(capture, &block);
        }
    }
    *result = capture;
    return LWM2M_OK;
}

void lwm2m_capture_close(struct lwm2m_capture *capture)
{
    if (capture == NULL) {
        return;
    }
    if (capture->packets >= 0) {
        close(capture->packets);
    }
    if (capture->secrets >= 0) {
        close(capture->secrets);
    }
    free(capture);
}

void lwm2m_capture_datagram(struct lwm2m_capture *capture, const struct lwm2m_address *from,
                            const struct lwm2m_address *to, struct lwm2m_bytes datagram)
{
    struct timespec now = {0, 0};
    struct lwm2m_buffer block;

    if (capture->packets < 0) {
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t time_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
    lwm2m_buffer_init(&block, capture->block, sizeof(capture->block));
    if (lwm2m_pcapng_datagram(&block, time_us, from, to, datagram) == LWM2M_OK) {
        write_block(capture, &block);
    }
}

void lwm2m_capture_secret(struct lwm2m_capture *capture, const char *line)
{
    char text[512];
    struct lwm2m_buffer block;
    int length = snprintf(text, sizeof(text), "%s\n", line);

    if (length < 0 || (size_t)length >= sizeof(text)) {
        return;
    }
    const struct lwm2m_bytes bytes = {(const uint8_t *)text, (size_t)length};
    if (capture->packets >= 0) {
        lwm2m_buffer_init(&block, capture->block, sizeof(capture->block));
        if (lwm2m_pcapng_secrets(&block, bytes) == LWM2M_OK) {
            write_block(capture, &block);
        }
    }
    if (capture->secrets >= 0) {
        write_all(capture, &capture->secrets, bytes, capture->config.secrets);
    }
    explicit_bzero(text, sizeof(text));
}

/* ---- the link ---- */

struct lwm2m_capture_link {
    struct lwm2m_datagram_link link;
    const struct lwm2m_datagram_link *below;
    const struct lwm2m_port *port;
    struct lwm2m_capture *capture;
    struct lwm2m_address bound;
    struct lwm2m_datagram_receiver receiver;
    /* What has arrived and is being handled: written behind the secrets that it leads to, without
     * which a reader could not decrypt it, and before what answers it. */
    const struct lwm2m_address *pending_from;
    struct lwm2m_bytes pending;
};

/* Our own address towards a peer, as far as it is known. */
static struct lwm2m_address own_address(const struct lwm2m_capture_link *link,
                                        const struct lwm2m_address *peer)
{
    static const uint8_t loopback[16] = {[15] = 1};
    struct lwm2m_address own = link->bound;
    bool peer_is_local = memcmp(peer->address, loopback, 16) == 0 ||
                         (lwm2m_address_is_ipv4(peer->address) && peer->address[12] == 127);

    if (!lwm2m_address_is_unspecified(peer->local)) {
        memcpy(own.address, peer->local, sizeof(own.address));
    } else if (lwm2m_address_is_unspecified(own.address) && peer_is_local) {
        memcpy(own.address, peer->address, sizeof(own.address));
    }
    return own;
}

static void write_pending(struct lwm2m_capture_link *link)
{
    if (link->pending_from != NULL) {
        struct lwm2m_address own = own_address(link, link->pending_from);
        lwm2m_capture_datagram(link->capture, link->pending_from, &own, link->pending);
        link->pending_from = NULL;
    }
}

static enum lwm2m_error send_datagram(void *context, const struct lwm2m_address *to,
                                      struct lwm2m_bytes data)
{
    struct lwm2m_capture_link *link = context;
    struct lwm2m_address own = own_address(link, to);

    write_pending(link);
    lwm2m_capture_datagram(link->capture, &own, to, data);
    return link->below->send(link->below->context, to, data);
}

static void print_address(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    struct lwm2m_capture_link *link = context;

    link->below->print_address(link->below->context, address, text);
}

static void receive(void *context, const struct lwm2m_address *from, struct lwm2m_bytes datagram)
{
    struct lwm2m_capture_link *link = context;

    link->pending_from = from;
    link->pending = datagram;
    if (link->receiver.receive != NULL) {
        link->receiver.receive(link->receiver.context, from, datagram);
    }
    write_pending(link);
}

static void fail(void *context, const struct lwm2m_address *to, enum lwm2m_error error)
{
    struct lwm2m_capture_link *link = context;

    if (link->receiver.fail != NULL) {
        link->receiver.fail(link->receiver.context, to, error);
    }
}

enum lwm2m_error lwm2m_capture_link_new(const struct lwm2m_port *port,
                                        struct lwm2m_capture *capture,
                                        const struct lwm2m_datagram_link *below,
                                        const struct lwm2m_address *bound,
                                        struct lwm2m_capture_link **result)
{
    struct lwm2m_capture_link *link = port->allocate(port->context, sizeof(*link));

    if (link == NULL) {
        return LWM2M_NO_MEMORY;
    }
    *link = (struct lwm2m_capture_link){
        .link = {.context = link,
                 .send = send_datagram,
                 .print_address = print_address,
                 .max_datagram = below->max_datagram},
        .below = below,
        .port = port,
        .capture = capture,
        .bound = *bound,
    };
    *result = link;
    return LWM2M_OK;
}

void lwm2m_capture_link_free(struct lwm2m_capture_link *link)
{
    if (link != NULL) {
        link->port->release(link->port->context, link);
    }
}

const struct lwm2m_datagram_link *lwm2m_capture_link_datagrams(struct lwm2m_capture_link *link)
{
    return &link->link;
}

void lwm2m_capture_link_set_receiver(struct lwm2m_capture_link *link,
                                     const struct lwm2m_datagram_receiver *receiver)
{
    link->receiver = *receiver;
}

struct lwm2m_datagram_receiver lwm2m_capture_link_receiver(struct lwm2m_capture_link *link)
{
    return (struct lwm2m_datagram_receiver){.context = link, .receive = receive, .fail = fail};
}
