/*
 * Captures: datagrams, and the secrets that decrypt them, in a file that Wireshark and tshark open.
 *
 * The file is a pcapng of raw IP packets. It is written datagram by datagram, so that it can be read whenever
 * its program ends. It holds the secrets of all associations: who has it reads everything.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_CAPTURE_H
#define LWM2M_CAPTURE_H

#include <stddef.h>

#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/port.h>

struct lwm2m_capture;

struct lwm2m_capture_config {
    const char *packets; /* path of the pcapng, which is replaced; NULL: none */
    const char *secrets; /* path of a key log (as SSLKEYLOGFILE), which is added to; NULL: none */
    void *context;
    /* The first time that something cannot be written, with errno; nothing more is written to that file. May be NULL. */
    void (*on_failure)(void *context, const char *path, int error);
};

/* Opens the files, with mode 600; paths are borrowed. LWM2M_IO (see errno), LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_capture_open(const struct lwm2m_capture_config *config,
                                    struct lwm2m_capture **capture) LWM2M_MUST_CHECK;
/* NULL is allowed. */
void lwm2m_capture_close(struct lwm2m_capture *capture);

/* Writes a datagram; scope, local and association of the addresses do not matter. */
void lwm2m_capture_datagram(struct lwm2m_capture *capture, const struct lwm2m_address *from,
                            const struct lwm2m_address *to, struct lwm2m_bytes datagram);
/* Writes a line of a key log, without its end: "CLIENT_RANDOM", and two numbers in hexadecimal digits. */
void lwm2m_capture_secret(struct lwm2m_capture *capture, const char *line);

/* ---- a link that captures what passes it ---- */

struct lwm2m_capture_link;

/* All are borrowed and must outlive it, but bound, which is copied: what the link below is bound to. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_capture_link_new(const struct lwm2m_port *port,
                                        struct lwm2m_capture *capture,
                                        const struct lwm2m_datagram_link *below,
                                        const struct lwm2m_address *bound,
                                        struct lwm2m_capture_link **link) LWM2M_MUST_CHECK;
/* NULL is allowed. */
void lwm2m_capture_link_free(struct lwm2m_capture_link *link);
const struct lwm2m_datagram_link *lwm2m_capture_link_datagrams(struct lwm2m_capture_link *link);
/* Names who gets what arrives; copied. */
void lwm2m_capture_link_set_receiver(struct lwm2m_capture_link *link,
                                     const struct lwm2m_datagram_receiver *receiver);
/* Who takes what arrives on the link below. */
struct lwm2m_datagram_receiver lwm2m_capture_link_receiver(struct lwm2m_capture_link *link);

#endif
