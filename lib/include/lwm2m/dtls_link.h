/*
 * DTLS 1.2 (RFC 6347) between an endpoint and a datagram link, by GnuTLS.
 *
 * Whoever calls gets a cookie before anything is kept. A peer that restarted and calls again from the same
 * address gets a new association; the endpoint sees a new peer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_DTLS_LINK_H
#define LWM2M_DTLS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/capture.h>
#include <lwm2m/credentials.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/timers.h>

struct lwm2m_dtls_link;

/* Why no association came about. To the network a server does not tell the first two apart. */
enum lwm2m_dtls_failure {
    LWM2M_DTLS_UNKNOWN_IDENTITY, /* the peer's: we have no key for it */
    LWM2M_DTLS_WRONG_KEY,        /* the peer's is not the one that we have for its identity */
    LWM2M_DTLS_REFUSED_KEY,      /* the peer does not take our identity or our key */
    LWM2M_DTLS_NO_COMMON_CIPHER, /* nothing that one offers is taken by the other */
    LWM2M_DTLS_REFUSED,          /* the peer broke off, with the alert that detail names */
    LWM2M_DTLS_UNREACHABLE,      /* nobody listens there */
    LWM2M_DTLS_NO_ANSWER,        /* nothing was heard */
    LWM2M_DTLS_BROKEN_OFF,       /* it began, and then nothing more came */
    LWM2M_DTLS_PROTOCOL,         /* what came is no DTLS handshake; detail says more */
    LWM2M_DTLS_NO_CERTIFICATE,   /* the peer has shown none */
    LWM2M_DTLS_CERTIFICATE_EXPIRED,       /* of these the certificate is the peer's */
    LWM2M_DTLS_CERTIFICATE_NOT_YET_VALID, /* or the clock here is wrong */
    LWM2M_DTLS_UNKNOWN_AUTHORITY,         /* it leads to none that we believe */
    LWM2M_DTLS_WRONG_NAME,                /* it is made out to another server */
    LWM2M_DTLS_WEAK_CERTIFICATE,          /* a key or a signature is too weak */
    LWM2M_DTLS_BAD_CERTIFICATE,           /* something else is wrong with it; detail says what */
    LWM2M_DTLS_UNKNOWN_KEY,         /* the peer's raw public key or certificate is not the one expected */
    LWM2M_DTLS_REFUSED_CERTIFICATE, /* the peer does not take ours; detail is its alert */
};

/* A sentence fragment for people ("the key is not the one of this identity"); never NULL. */
const char *lwm2m_dtls_failure_text(enum lwm2m_dtls_failure failure);
/* A word for programs ("wrong-key"); never NULL. */
const char *lwm2m_dtls_failure_name(enum lwm2m_dtls_failure failure);

enum lwm2m_dtls_event_type {
    LWM2M_DTLS_ESTABLISHED,
    LWM2M_DTLS_FAILED, /* the handshake; failure and detail are set */
    LWM2M_DTLS_CLOSED, /* by the peer */
};

/* Valid during the call only. */
struct lwm2m_dtls_event {
    enum lwm2m_dtls_event_type type;
    struct lwm2m_address address; /* of the peer */
    bool outgoing;                /* we called */
    enum lwm2m_security security;
    /* The peer's, or ours if we called; empty if none was said. Of a certificate it is the name that it is made out to, of a
     * raw public key its fingerprint. */
    struct lwm2m_bytes identity;
    const char *cipher;          /* ESTABLISHED: the suite, as "PSK-AES-128-CCM-8" */
    enum lwm2m_dtls_failure failure;
    const char *detail; /* FAILED: more about it for people; may be NULL */
};

struct lwm2m_dtls_link_config {
    size_t size; /* of this struct; set by the init function */
    struct lwm2m_timers *timers;
    const struct lwm2m_datagram_link *below; /* borrowed, must outlive this one */
    struct lwm2m_credentials *credentials;   /* retained */
    bool accepts;                  /* calls of others; else they are ignored */
    const char *ciphers;           /* a priority string of GnuTLS; NULL: lwm2m_dtls_ciphers */
    size_t max_associations;       /* 50000, about 12 kB each; then the one that was silent for longest goes */
    size_t max_handshakes;         /* 1000 of others at a time; then the oldest goes */
    uint32_t retransmit_ms;        /* 1000, doubling: of what a handshake sends (RFC 6347 §4.2.4) */
    uint32_t handshake_timeout_ms; /* 60000 */
    struct lwm2m_capture *capture; /* gets the secrets; borrowed, may be NULL */
    void *context;
    void (*on_event)(void *context, const struct lwm2m_dtls_event *event); /* may be NULL */
};

/* Fills in everything but timers, below and credentials. */
void lwm2m_dtls_link_config_init(struct lwm2m_dtls_link_config *config);

/* What is offered and taken by default: the suites that LwM2M names (TS Transport 1.2 §5.2.8), plain PSK first. */
extern const char lwm2m_dtls_ciphers[];

/* LWM2M_ARGUMENT (a priority string that is none, among others), LWM2M_NO_MEMORY. */
enum lwm2m_error lwm2m_dtls_link_new(const struct lwm2m_dtls_link_config *config,
                                     struct lwm2m_dtls_link **link) LWM2M_MUST_CHECK;
/* Takes leave of all peers (close_notify). NULL is allowed. */
void lwm2m_dtls_link_free(struct lwm2m_dtls_link *link);

/* The link to make the endpoint with; lives as long as the DTLS link. */
const struct lwm2m_datagram_link *lwm2m_dtls_link_datagrams(struct lwm2m_dtls_link *link);
/* Names who gets what arrives; copied. */
void lwm2m_dtls_link_set_receiver(struct lwm2m_dtls_link *link,
                                  const struct lwm2m_datagram_receiver *receiver);
/* Who takes what arrives on the link below. */
struct lwm2m_datagram_receiver lwm2m_dtls_link_receiver(struct lwm2m_dtls_link *link);

/*
 * Calls the server at an address, also if there is an association with it, which then ends. name, copied, is the host of its
 * URI, which its certificate has to be made out to. What is sent to *called,
 * the address with the new association, waits until the handshake is done; if it fails, the receiver is told.
 * LWM2M_STATE (no key of our own), LWM2M_NO_MEMORY.
 */
enum lwm2m_error lwm2m_dtls_link_call(struct lwm2m_dtls_link *link,
                                      const struct lwm2m_address *address, const char *name,
                                      struct lwm2m_address *called) LWM2M_MUST_CHECK;

/* For handshakes from now on; what is established stays, and is not resumed. */
void lwm2m_dtls_link_set_credentials(struct lwm2m_dtls_link *link,
                                     struct lwm2m_credentials *credentials);

struct lwm2m_dtls_link_statistics {
    uint64_t established, resumed, failed; /* handshakes */
    uint64_t cookies;                      /* sent */
    uint64_t discarded;                    /* datagrams that belong to no association */
    size_t associations, handshakes;       /* now */
};

void lwm2m_dtls_link_statistics_get(const struct lwm2m_dtls_link *link,
                                    struct lwm2m_dtls_link_statistics *statistics);

#endif
