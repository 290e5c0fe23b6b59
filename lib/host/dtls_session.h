/*
 * One association: a GnuTLS session that is fed with datagrams, and what it makes of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HOST_DTLS_SESSION_H
#define HOST_DTLS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>

#include <lwm2m/dtls_link.h>
#include <lwm2m/list.h>

#include "base/hash_table.h"
#include "host/certificate_check.h"
#include "host/dtls_record.h"

/*
 *   HANDSHAKE --- done ------------> ESTABLISHED --- close_notify, fatal alert ---> ENDED
 *       |                                                                            ^
 *       +------- alert, wrong key, time is over -------------------------------------+
 */
enum lwm2m_dtls_state { LWM2M_DTLS_HANDSHAKE, LWM2M_DTLS_OPEN, LWM2M_DTLS_ENDED };

struct lwm2m_dtls_session {
    struct lwm2m_hash_node node;    /* the link's: by address */
    struct lwm2m_list recency;      /* the link's: the longest silent first */
    struct lwm2m_list under_way;    /* the link's: handshakes of others, the oldest first */
    struct lwm2m_timer timer;       /* the link's: when to retransmit */
    struct lwm2m_dtls_link *link;   /* borrowed */
    const struct lwm2m_port *port;
    const struct lwm2m_datagram_link *below;
    struct lwm2m_credentials *credentials; /* retained */
    gnutls_session_t tls;
    struct lwm2m_address address;
    struct lwm2m_bytes input; /* the datagram that GnuTLS has not taken yet */
    enum lwm2m_security security; /* that identity is proved with */
    struct lwm2m_bytes identity; /* that the peer said, ours; allocated if calls is false */
    struct lwm2m_capture *capture; /* gets the secrets; may be NULL */
    gnutls_priority_t ciphers;     /* the link's */
    char *name;                    /* of the server that is called; NULL: we are it */
    struct lwm2m_peer_fault *peer_fault; /* why the peer is refused, where detail needs memory; NULL: it is not */
    struct lwm2m_list waiting;   /* datagrams for when it is established */
    size_t waiting_count;
    uint8_t random[LWM2M_DTLS_RANDOM_BYTES]; /* of the ClientHello that began it */
    enum lwm2m_dtls_state state;
    bool calls;            /* we are the client */
    bool unknown_identity; /* and the key a random one */
    bool cipher_changed;   /* the peer's ChangeCipherSpec came behind its keys */
    uint64_t ignored_since_ms; /* our Finished; 0: it is not */
    uint32_t patience_ms;      /* for that */
    enum lwm2m_dtls_failure failure; /* ENDED before it was established */
    const char *detail;
};

struct lwm2m_dtls_session_config {
    const struct lwm2m_port *port;
    const struct lwm2m_datagram_link *below;
    struct lwm2m_credentials *credentials;
    gnutls_priority_t ciphers;
    const char *name;                         /* of the server that is called */
    struct lwm2m_capture *capture;
    const gnutls_datum_t *ticket_key;         /* of an accepting side */
    gnutls_dtls_prestate_st *prestate;        /* of the cookie; NULL: we call */
    uint32_t retransmit_ms, handshake_timeout_ms;
    const struct lwm2m_address *address;
};

/* LWM2M_NO_MEMORY, LWM2M_STATE (no key to call with). */
enum lwm2m_error lwm2m_dtls_session_new(const struct lwm2m_dtls_session_config *config,
                                        struct lwm2m_dtls_session **session) LWM2M_MUST_CHECK;
/* Says goodbye if it is open. The session is in no list or table any more. */
void lwm2m_dtls_session_free(struct lwm2m_dtls_session *session);

/* Goes on with the handshake: at its start, when its time to retransmit has come. */
void lwm2m_dtls_session_shake(struct lwm2m_dtls_session *session);
/* Takes a datagram. What it holds for the endpoint is then had by read, until that gives nothing. */
void lwm2m_dtls_session_feed(struct lwm2m_dtls_session *session,
                             const struct lwm2m_dtls_datagram *datagram);
/* False when there is nothing more; the state may have changed. */
bool lwm2m_dtls_session_read(struct lwm2m_dtls_session *session, void *memory, size_t size,
                             struct lwm2m_bytes *datagram);
/* Encrypts and sends; during the handshake keeps it until the association is established. LWM2M_TOO_LARGE,
 * LWM2M_BUSY, LWM2M_NO_MEMORY, LWM2M_UNREACHABLE. */
enum lwm2m_error lwm2m_dtls_session_send(struct lwm2m_dtls_session *session,
                                         struct lwm2m_bytes datagram) LWM2M_MUST_CHECK;
/* Sends what waited. */
void lwm2m_dtls_session_flush(struct lwm2m_dtls_session *session);
/* Shakes when the time has come; gives up on a server that answered, and has ignored for long enough what our key encrypts. */
void lwm2m_dtls_session_remind(struct lwm2m_dtls_session *session, uint64_t now_ms);
/* How long until it is to be shaken again. */
uint32_t lwm2m_dtls_session_timeout_ms(const struct lwm2m_dtls_session *session);

/* GnuTLS' question for the key of an identity; a key that nobody has for one that is not known. */
int lwm2m_dtls_session_lookup(gnutls_session_t tls, const gnutls_datum_t *identity,
                              gnutls_datum_t *key);

#endif
