/*
 * CoAP over UDP by libcoap: the second transport, beside the endpoint (endpoint.h). One session of libcoap's for each
 * peer; retransmission is libcoap's, block-wise transfer stands above it as over any transport.
 *
 * What libcoap does not tell, the transport cannot tell: notifications are always confirmable and are reported only
 * when they fail. Its cost for each message grows with the number of peers: made for devices, and for servers of a
 * few thousand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_LIBCOAP_TRANSPORT_H
#define LWM2M_LIBCOAP_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/loop.h>
#include <lwm2m/transport.h>

struct lwm2m_libcoap_config {
    size_t size; /* of this struct; set by the init function */
    struct lwm2m_loop *loop;
    /* Where to listen, as for a UDP link. Peers that are called are called from the same port. */
    struct lwm2m_address bind;
    /* libcoap knows no ack_timeout_ms below 1000 and no max_retransmit of 0: they are raised to that. */
    struct lwm2m_transmission transmission;
    size_t max_peers;        /* 20000: of those that nothing holds, the one idle for longest goes */
    size_t max_waiting;      /* 100: requests of ours that wait behind NSTART, for each peer */
    size_t answers_per_peer; /* 8: answers kept for peers that repeat their request */
    size_t max_answer_bytes; /* 64 MiB: of all kept answers together */
    /* May be NULL. libcoap does not show repetitions, nor messages without a code. */
    const struct lwm2m_trace *trace;
};

/* Fills in everything but loop and bind, which becomes all zero. */
void lwm2m_libcoap_config_init(struct lwm2m_libcoap_config *config);

struct lwm2m_libcoap;

/*
 * Opens and binds the socket. LWM2M_NO_MEMORY, LWM2M_ARGUMENT, LWM2M_UNSUPPORTED (an IPv6 address on a host without),
 * LWM2M_IO (see errno). A clock that may be set back (see below) is warned of by the port's log.
 */
enum lwm2m_error lwm2m_libcoap_open(const struct lwm2m_libcoap_config *config,
                                    struct lwm2m_libcoap **libcoap) LWM2M_MUST_CHECK;
/* Frees it with its peers, exchanges and unanswered requests; calls no handler. NULL is allowed. */
void lwm2m_libcoap_close(struct lwm2m_libcoap *libcoap);

/* As a transport; lives as long as it is open. */
struct lwm2m_transport *lwm2m_libcoap_transport(struct lwm2m_libcoap *libcoap);

/* The address and port that the socket is bound to. */
void lwm2m_libcoap_bound(const struct lwm2m_libcoap *libcoap, struct lwm2m_address *bound);

/* The peer at an address, retained: lwm2m_peer_release. A new one is called through a session, and a socket, of its
 * own. LWM2M_NO_MEMORY, LWM2M_IO (see errno). */
enum lwm2m_error lwm2m_libcoap_peer(struct lwm2m_libcoap *libcoap, const struct lwm2m_address *address,
                                    struct lwm2m_peer **peer) LWM2M_MUST_CHECK;

struct lwm2m_libcoap_statistics {
    uint64_t received, duplicates; /* requests and answers */
    size_t peers, exchanges, kept_answers, kept_answer_bytes;
};

void lwm2m_libcoap_statistics_get(const struct lwm2m_libcoap *libcoap,
                                  struct lwm2m_libcoap_statistics *statistics);

/*
 * libcoap takes the time from the clock on the wall, so that setting it stops retransmission and ends waits. A program
 * (not a library: there it would not be called) puts that right by this function in one file of its own:
 *
 *     void coap_ticks(coap_tick_t *ticks) { *ticks = lwm2m_libcoap_clock_ms(); }
 *
 * Milliseconds of a clock that nobody sets and that goes on while the machine sleeps.
 */
uint64_t lwm2m_libcoap_clock_ms(void);

#endif
