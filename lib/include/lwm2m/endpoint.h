/*
 * The endpoint: RFC 7252's message layer over any datagram link. CON and NON, ACK and RST,
 * retransmission, deduplication, tokens; every operation is O(1) or O(log n) in the number of
 * peers. A peer with 64 requests that the engine has not answered yet, or whose answers it has not
 * acknowledged, gets 5.03 for the next one; the engine does not see it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_ENDPOINT_H
#define LWM2M_ENDPOINT_H

#include <stddef.h>
#include <stdint.h>

#include <lwm2m/error.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>

/*
 * An address on a datagram link, compared as bytes: zero what is not used. For IP, address is the
 * IPv6 address (IPv4 as ::ffff:a.b.c.d); local is ours that the peer sent to, so that we answer
 * from it.
 */
struct lwm2m_address {
    uint8_t address[16];
    uint8_t local[16]; /* not part of the peer's identity; all zero: the link chooses */
    uint32_t scope;
    uint32_t association; /* which of the secure associations that follow each other there; 0: none */
    uint16_t port; /* host byte order */
    uint16_t reserved; /* zero */
};

/*
 * What carries datagrams. Supplied by the program, borrowed, must outlive the endpoint.
 */
struct lwm2m_datagram_link {
    void *context;
    /* Sends or queues one datagram; data is valid during the call. Must not block and must not call
     * back into the endpoint. A failure is counted, and the datagram is taken as lost. */
    enum lwm2m_error (*send)(void *context, const struct lwm2m_address *to,
                             struct lwm2m_bytes data);
    /* Prints the address for people. */
    void (*print_address)(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX]);
    /* How whoever is at the address proved who he is; identity, of at most 255 bytes, is valid until the link is used again.
     * NULL: nobody does. */
    enum lwm2m_security (*identity)(void *context, const struct lwm2m_address *address,
                                    struct lwm2m_bytes *identity);
    size_t max_datagram; /* bytes of the largest datagram it carries, 64 to 65507 */
};

/* Who gets what a datagram link receives. */
struct lwm2m_datagram_receiver {
    void *context;
    /* One datagram; valid during the call. The receiver may send, but not close the link. */
    void (*receive)(void *context, const struct lwm2m_address *from, struct lwm2m_bytes datagram);
    /* What waits for an answer from there fails: UNREACHABLE (nobody listens, no route leads there, the
     * association is over), TIMEOUT or SECURITY (none came about). May be NULL. */
    void (*fail)(void *context, const struct lwm2m_address *to, enum lwm2m_error error);
    /* A hint: datagrams from these addresses follow, by receive. May be NULL. */
    void (*expect)(void *context, const struct lwm2m_address *from, size_t count);
};

/*
 * Sees every message that comes and goes, after decoding or encoding; for logs and captures. message
 * may be NULL, and may be set and cleared between any two messages: while it is NULL nobody listens,
 * and a message costs no more than that look at it.
 */
struct lwm2m_trace {
    void *context;
    void (*message)(void *context, bool outgoing, const struct lwm2m_peer *peer,
                    const struct lwm2m_message *message, unsigned retransmission);
};

/* Transmission parameters (RFC 7252 §4.8). */
struct lwm2m_transmission {
    uint32_t ack_timeout_ms;            /* 2000 */
    uint32_t ack_random_factor_percent; /* 150 */
    uint32_t max_retransmit;            /* 4, at most 20 */
    uint32_t nstart;                    /* 1: requests of ours under way with one peer; more wait */
    uint32_t exchange_lifetime_ms;      /* 247000: how long a CON is recognised */
    uint32_t non_lifetime_ms;           /* 145000: how long a NON is recognised */
    uint32_t response_timeout_ms;       /* 93000: from the ACK, or from a NON, to the answer */
};

struct lwm2m_endpoint_config {
    size_t size; /* of this struct; set by the init function */
    struct lwm2m_timers *timers;
    const struct lwm2m_datagram_link *link;
    struct lwm2m_transmission transmission;
    size_t max_peers;           /* 200000: then the peer idle for longest goes, or none is added */
    size_t max_waiting;         /* 100: requests of ours that wait behind NSTART, for each peer */
    size_t answers_per_peer;    /* 8: answers kept for peers that repeat their request */
    size_t max_answer_bytes;    /* 64 MiB: of all kept answers together */
    const struct lwm2m_trace *trace; /* may be NULL */
};

/* Fills in everything but timers and link. */
void lwm2m_endpoint_config_init(struct lwm2m_endpoint_config *config);

struct lwm2m_endpoint;

/* LWM2M_NO_MEMORY, LWM2M_ARGUMENT. */
enum lwm2m_error lwm2m_endpoint_new(const struct lwm2m_endpoint_config *config,
                                    struct lwm2m_endpoint **endpoint) LWM2M_MUST_CHECK;
/* Frees the endpoint with its peers, exchanges and unanswered requests; calls no handler. */
void lwm2m_endpoint_free(struct lwm2m_endpoint *endpoint);

/* The endpoint as a transport; lives as long as the endpoint. */
struct lwm2m_transport *lwm2m_endpoint_transport(struct lwm2m_endpoint *endpoint);

/* Handles one datagram from the link. Whatever the bytes, the endpoint goes on. */
void lwm2m_endpoint_receive(struct lwm2m_endpoint *endpoint, const struct lwm2m_address *from,
                            struct lwm2m_bytes datagram);

/*
 * A hint: datagrams from these addresses are about to be handed over, in one go. What is known of them is brought
 * nearer to the processor meanwhile; nothing else changes.
 */
void lwm2m_endpoint_expect(struct lwm2m_endpoint *endpoint, const struct lwm2m_address *addresses,
                           size_t count);

/* The link learnt that no answer will come from the address: what waits for one there fails. */
void lwm2m_endpoint_fail(struct lwm2m_endpoint *endpoint, const struct lwm2m_address *to,
                         enum lwm2m_error error);

/* The three above, as a link wants them; endpoint is borrowed. */
struct lwm2m_datagram_receiver lwm2m_endpoint_receiver(struct lwm2m_endpoint *endpoint);

/* The peer at an address, made if it is new, and retained: lwm2m_peer_release. LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_endpoint_peer(struct lwm2m_endpoint *endpoint,
                                     const struct lwm2m_address *address,
                                     struct lwm2m_peer **peer) LWM2M_MUST_CHECK;

/*
 * Sends a CoAP ping: an empty CON, which any endpoint answers with a reset (RFC 7252 §4.3).
 * on_pong gets LWM2M_OK, LWM2M_TIMEOUT or LWM2M_UNREACHABLE.
 */
enum lwm2m_error lwm2m_endpoint_ping(struct lwm2m_endpoint *endpoint, struct lwm2m_peer *peer,
                                     void (*on_pong)(void *context, enum lwm2m_error error),
                                     void *context) LWM2M_MUST_CHECK;

struct lwm2m_endpoint_statistics {
    uint64_t received, sent, malformed, duplicates, retransmissions, resets_sent, link_failures;
    size_t peers, exchanges, kept_answers, kept_answer_bytes;
};

void lwm2m_endpoint_statistics_get(const struct lwm2m_endpoint *endpoint,
                                   struct lwm2m_endpoint_statistics *statistics);

#endif
