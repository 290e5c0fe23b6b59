/*
 * Finds out why a handshake failed, from what GnuTLS says, and from what it is silent about.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/dtls_diagnosis.h"

#include <stdio.h>

#include "host/cipher_words.h"
#include "host/peer_proof.h"

#define CIPHER_WORDS_MAX 160 /* two of them fit into what is said of a fault */

/* Few sessions need the memory. */
bool lwm2m_dtls_has_fault(struct lwm2m_dtls_session *session)
{
    if (session->peer_fault == NULL) {
        session->peer_fault =
            session->port->allocate(session->port->context, sizeof(*session->peer_fault));
    }
    return session->peer_fault != NULL;
}

void lwm2m_dtls_session_end(struct lwm2m_dtls_session *session, enum lwm2m_dtls_failure failure,
                            const char *detail)
{
    session->state = LWM2M_DTLS_ENDED;
    session->failure = failure;
    session->detail = detail;
}

/* Our last word was the Finished that proves the key, and the peer's the one before. */
static bool has_shown_key(const struct lwm2m_dtls_session *session)
{
    return session->calls &&
           gnutls_handshake_get_last_out(session->tls) == GNUTLS_HANDSHAKE_FINISHED;
}

/* What a peer that does not say more has against what we have shown. */
static enum lwm2m_dtls_failure refused_proof(const struct lwm2m_dtls_session *session)
{
    return session->security == LWM2M_SECURITY_PSK ? LWM2M_DTLS_REFUSED_KEY
                                                   : LWM2M_DTLS_REFUSED_CERTIFICATE;
}

static void end_by_alert(struct lwm2m_dtls_session *session)
{
    gnutls_alert_description_t alert = gnutls_alert_get(session->tls);
    const char *name = gnutls_alert_get_name(alert);

    switch (alert) {
    case GNUTLS_A_BAD_CERTIFICATE:
    case GNUTLS_A_UNSUPPORTED_CERTIFICATE:
    case GNUTLS_A_CERTIFICATE_REVOKED:
    case GNUTLS_A_CERTIFICATE_EXPIRED:
    case GNUTLS_A_CERTIFICATE_UNKNOWN:
    case GNUTLS_A_UNKNOWN_CA:
    case GNUTLS_A_ACCESS_DENIED:
        lwm2m_dtls_session_end(session, LWM2M_DTLS_REFUSED_CERTIFICATE, name);
        break;
    case GNUTLS_A_HANDSHAKE_FAILURE:
    case GNUTLS_A_INSUFFICIENT_SECURITY:
    case GNUTLS_A_PROTOCOL_VERSION:
        lwm2m_dtls_session_end(
            session, has_shown_key(session) ? refused_proof(session) : LWM2M_DTLS_NO_COMMON_CIPHER,
            name);
        break;
    case GNUTLS_A_UNKNOWN_PSK_IDENTITY:
        lwm2m_dtls_session_end(session, LWM2M_DTLS_REFUSED_KEY, name);
        break;
    default:
        lwm2m_dtls_session_end(
            session, has_shown_key(session) ? refused_proof(session) : LWM2M_DTLS_REFUSED, name);
        break;
    }
}

/* Somebody answered, and then ignored our Finished. */
bool lwm2m_dtls_is_ignored(const struct lwm2m_dtls_session *session)
{
    return has_shown_key(session) &&
           gnutls_handshake_get_last_in(session->tls) == GNUTLS_HANDSHAKE_SERVER_HELLO_DONE;
}

/* Silence: of nobody, of somebody who ignores our Finished, or of somebody who went away. */
void lwm2m_dtls_diagnose_silence(struct lwm2m_dtls_session *session)
{
    bool heard = (int)gnutls_handshake_get_last_in(session->tls) != -1;

    if (session->calls && !heard) {
        lwm2m_dtls_session_end(session, LWM2M_DTLS_NO_ANSWER, NULL);
    } else if (lwm2m_dtls_is_ignored(session)) {
        lwm2m_dtls_session_end(session, refused_proof(session),
                               "it answers, and then ignores what the key encrypts");
    } else {
        lwm2m_dtls_session_end(session, LWM2M_DTLS_BROKEN_OFF, NULL);
    }
}

static void end_by_certificate(struct lwm2m_dtls_session *session)
{
    const struct lwm2m_peer_fault *fault = session->peer_fault;

    if (fault == NULL) {
        lwm2m_dtls_session_end(session, LWM2M_DTLS_NO_CERTIFICATE, NULL);
    } else {
        lwm2m_dtls_session_end(session, fault->failure,
                               fault->detail[0] != '\0' ? fault->detail : NULL);
    }
    (void)!gnutls_alert_send(session->tls, GNUTLS_AL_FATAL,
                             lwm2m_peer_proof_alert(session->failure));
}

void lwm2m_dtls_diagnose_error(struct lwm2m_dtls_session *session, int result)
{
    switch (result) {
    case GNUTLS_E_CERTIFICATE_ERROR:
    case GNUTLS_E_CERTIFICATE_REQUIRED:
    case GNUTLS_E_NO_CERTIFICATE_FOUND:
        end_by_certificate(session);
        return;
    case GNUTLS_E_HANDSHAKE_TOO_LARGE:
        lwm2m_dtls_session_end(session, LWM2M_DTLS_BAD_CERTIFICATE,
                               "with its chain it has more than 16 KiB");
        break;
    case GNUTLS_E_TIMEDOUT:
        lwm2m_dtls_diagnose_silence(session);
        return;
    case GNUTLS_E_FATAL_ALERT_RECEIVED:
        end_by_alert(session);
        return;
    case GNUTLS_E_NO_CIPHER_SUITES:
    case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
    case GNUTLS_E_INSUFFICIENT_CREDENTIALS:
        lwm2m_dtls_session_end(session, LWM2M_DTLS_NO_COMMON_CIPHER, gnutls_strerror(result));
        break;
    default:
        lwm2m_dtls_session_end(session, LWM2M_DTLS_PROTOCOL, gnutls_strerror(result));
        break;
    }
    (void)!gnutls_alert_send_appropriate(session->tls, result);
}

/*
 * GnuTLS drops a Finished that it cannot decrypt without a word. If everything before it came in
 * its order, the key is another one. The alert goes out in the clear, as nothing was encrypted yet
 * in this direction, and is the same for an identity that is not known.
 */
void lwm2m_dtls_diagnose_key(struct lwm2m_dtls_session *session,
                             const struct lwm2m_dtls_datagram *datagram, unsigned discarded_before)
{
    int last = (int)gnutls_handshake_get_last_in(session->tls);

    if (session->state != LWM2M_DTLS_HANDSHAKE || session->calls ||
        last != GNUTLS_HANDSHAKE_CLIENT_KEY_EXCHANGE) {
        return;
    }
    session->cipher_changed = session->cipher_changed || datagram->changes_cipher;
    if (session->cipher_changed && datagram->has_encrypted_handshake &&
        gnutls_record_get_discarded(session->tls) > discarded_before) {
        (void)!gnutls_alert_send(session->tls, GNUTLS_AL_FATAL, GNUTLS_A_DECRYPT_ERROR);
        if (session->unknown_identity) {
            lwm2m_dtls_session_end(session, LWM2M_DTLS_UNKNOWN_IDENTITY, NULL);
        } else {
            lwm2m_dtls_session_end(session, LWM2M_DTLS_WRONG_KEY,
                                   "perhaps the device takes the hexadecimal digits as text");
        }
    }
}

/* What each side would take, as far as it is known here. */
void lwm2m_dtls_diagnose_ciphers(struct lwm2m_dtls_session *session, struct lwm2m_bytes offered)
{
    char ours[CIPHER_WORDS_MAX];
    char theirs[CIPHER_WORDS_MAX];

    if (session->state != LWM2M_DTLS_ENDED || session->failure != LWM2M_DTLS_NO_COMMON_CIPHER ||
        !lwm2m_dtls_has_fault(session)) {
        return;
    }
    lwm2m_cipher_words_of_priorities(session->ciphers, ours, sizeof(ours));
    if (session->calls) {
        snprintf(session->peer_fault->detail, sizeof(session->peer_fault->detail), "offered: %s",
                 ours);
    } else if (offered.length > 0) {
        lwm2m_cipher_words_of_hello(offered, theirs, sizeof(theirs));
        snprintf(session->peer_fault->detail, sizeof(session->peer_fault->detail),
                 "offered: %s; taken here, with a key or certificate for it: %s", theirs, ours);
    } else {
        return;
    }
    session->detail = session->peer_fault->detail;
}
