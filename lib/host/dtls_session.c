/*
 * Drives GnuTLS, which neither blocks nor reads by itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/dtls_session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <gnutls/crypto.h>

#include "host/credentials.h"
#include "host/dtls_diagnosis.h"
#include "host/key_text.h"
#include "host/peer_proof.h"

/* A datagram that waits for the end of the handshake. */
struct waiting {
    struct lwm2m_list list;
    size_t length;
    uint8_t data[];
};

#define WAITING_MAX 16
#define RANDOM_KEY_BYTES 16
#define RANDOM_BYTES 32 /* of a hello */
#define SECRET_BYTES_MAX 64
/* A chain of certificates and its lengths; GnuTLS would take 128 KiB of anybody with a cookie. */
#define HANDSHAKE_MESSAGE_MAX (LWM2M_CERTIFICATE_BYTES_MAX + 64)
/* In units of the first retransmission's time, which doubles: it has been sent four times more by
 * then. */
#define PATIENCE_RETRANSMISSIONS 15

/* ---- what GnuTLS calls ---- */

static ssize_t push(gnutls_transport_ptr_t context, const void *data, size_t length)
{
    struct lwm2m_dtls_session *session = context;

    /* What the link cannot take is lost, as on the way. */
    (void)!session->below->send(session->below->context, &session->address,
                                (struct lwm2m_bytes){data, length});
    return (ssize_t)length;
}

static ssize_t pull(gnutls_transport_ptr_t context, void *memory, size_t size)
{
    struct lwm2m_dtls_session *session = context;
    size_t length = session->input.length < size ? session->input.length : size;

    if (length == 0) {
        gnutls_transport_set_errno(session->tls, EAGAIN);
        return -1;
    }
    memcpy(memory, session->input.data, length);
    session->input = (struct lwm2m_bytes){NULL, 0};
    return (ssize_t)length;
}

static int pull_timeout(gnutls_transport_ptr_t context, unsigned wait_ms)
{
    const struct lwm2m_dtls_session *session = context;

    (void)wait_ms; /* nothing comes while it waits */
    return session->input.length > 0 ? 1 : 0;
}

/* Kept for the event that tells of it, also when no key is found. */
static bool keep_identity(struct lwm2m_dtls_session *session, const void *identity, size_t length)
{
    uint8_t *bytes = session->port->allocate(session->port->context, length + 1);

    if (bytes == NULL) {
        return false;
    }
    memcpy(bytes, identity, length);
    session->port->release(session->port->context, (uint8_t *)(uintptr_t)session->identity.data);
    session->identity = (struct lwm2m_bytes){bytes, length};
    return true;
}

static int give_key(gnutls_datum_t *key, const void *bytes, size_t length)
{
    key->data = gnutls_malloc(length);
    if (key->data == NULL) {
        return -1;
    }
    memcpy(key->data, bytes, length);
    key->size = (unsigned)length;
    return 0;
}

int lwm2m_dtls_session_lookup(gnutls_session_t tls, const gnutls_datum_t *identity,
                              gnutls_datum_t *key)
{
    struct lwm2m_dtls_session *session = gnutls_session_get_ptr(tls);
    uint8_t random[RANDOM_KEY_BYTES];
    struct lwm2m_psk psk;

    if (!keep_identity(session, identity->data, identity->size)) {
        return -1;
    }
    session->unknown_identity =
        !lwm2m_credentials_find_psk(session->credentials, session->identity, &psk);
    if (!session->unknown_identity) {
        return give_key(key, psk.key.data, psk.key.length);
    }
    /* A refusal here would tell anyone which identities there are. */
    session->port->random(session->port->context, random, sizeof(random));
    return give_key(key, random, sizeof(random));
}

static int verify(gnutls_session_t tls)
{
    struct lwm2m_dtls_session *session = gnutls_session_get_ptr(tls);
    const struct lwm2m_port *port = session->port;

    if (!lwm2m_dtls_has_fault(session) ||
        !lwm2m_peer_proof_check(session->credentials, tls, session->name, session->peer_fault)) {
        return GNUTLS_E_CERTIFICATE_ERROR;
    }
    port->release(port->context, session->peer_fault);
    session->peer_fault = NULL;
    return 0;
}

/* In the form of NSS's key logs, which Wireshark reads. */
static int note_secret(gnutls_session_t tls, const char *label, const gnutls_datum_t *secret)
{
    const struct lwm2m_dtls_session *session = gnutls_session_get_ptr(tls);
    char random_text[2 * RANDOM_BYTES + 1] = "";
    char secret_text[2 * SECRET_BYTES_MAX + 1] = "";
    char line[sizeof(random_text) + sizeof(secret_text) + 64];
    gnutls_datum_t client = {NULL, 0};
    gnutls_datum_t server = {NULL, 0};

    gnutls_session_get_random(tls, &client, &server);
    if (client.size == RANDOM_BYTES && secret->size <= SECRET_BYTES_MAX) {
        lwm2m_key_print_hex((struct lwm2m_bytes){client.data, client.size}, random_text);
        lwm2m_key_print_hex((struct lwm2m_bytes){secret->data, secret->size}, secret_text);
        snprintf(line, sizeof(line), "%.60s %s %s", label, random_text, secret_text);
        lwm2m_capture_secret(session->capture, line);
    }
    explicit_bzero(secret_text, sizeof(secret_text));
    explicit_bzero(line, sizeof(line));
    return 0;
}

/* ---- life ---- */

static enum lwm2m_error keep_name(struct lwm2m_dtls_session *session, const char *name)
{
    session->name = session->port->allocate(session->port->context, strlen(name) + 1);
    if (session->name == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memcpy(session->name, name, strlen(name) + 1);
    return LWM2M_OK;
}

/* Says whom we call: a server may be several (RFC 6066 §3, which excludes numeric addresses). */
static enum lwm2m_error say_name(struct lwm2m_dtls_session *session)
{
    const char *name = session->credentials->server_name != NULL ? session->credentials->server_name
                                                                 : session->name;
    uint8_t address[16];

    if (name[0] == '\0' || inet_pton(AF_INET, name, address) == 1 ||
        inet_pton(AF_INET6, name, address) == 1) {
        return LWM2M_OK;
    }
    return gnutls_server_name_set(session->tls, GNUTLS_NAME_DNS, name, strlen(name)) ==
                   GNUTLS_E_SUCCESS
               ? LWM2M_OK
               : LWM2M_ARGUMENT;
}

static enum lwm2m_error prepare(struct lwm2m_dtls_session *session,
                                const struct lwm2m_dtls_session_config *config)
{
    unsigned role = session->calls ? GNUTLS_CLIENT : GNUTLS_SERVER;

    if (gnutls_init(&session->tls, role | GNUTLS_DATAGRAM | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
                                       GNUTLS_ENABLE_RAWPK) != GNUTLS_E_SUCCESS) {
        session->tls = NULL;
        return LWM2M_NO_MEMORY;
    }
    gnutls_session_set_ptr(session->tls, session);
    gnutls_transport_set_ptr(session->tls, session);
    gnutls_transport_set_push_function(session->tls, push);
    gnutls_transport_set_pull_function(session->tls, pull);
    gnutls_transport_set_pull_timeout_function(session->tls, pull_timeout);
    gnutls_dtls_set_mtu(session->tls, (unsigned)config->below->max_datagram);
    gnutls_dtls_set_timeouts(session->tls, config->retransmit_ms, config->handshake_timeout_ms);
    if (!session->calls) {
        gnutls_dtls_prestate_set(session->tls, config->prestate);
        if (gnutls_session_ticket_enable_server(session->tls, config->ticket_key) !=
            GNUTLS_E_SUCCESS) {
            return LWM2M_NO_MEMORY;
        }
    }
    if (gnutls_priority_set(session->tls, config->ciphers) != GNUTLS_E_SUCCESS) {
        return LWM2M_NO_MEMORY;
    }
    if (session->capture != NULL) {
        gnutls_session_set_keylog_function(session->tls, note_secret);
    }
    gnutls_session_set_verify_function(session->tls, verify);
    gnutls_handshake_set_max_packet_length(session->tls, HANDSHAKE_MESSAGE_MAX);
    enum lwm2m_error error =
        lwm2m_credentials_apply(session->credentials, session->tls, session->calls);
    return error == LWM2M_OK && session->calls ? say_name(session) : error;
}

enum lwm2m_error lwm2m_dtls_session_new(const struct lwm2m_dtls_session_config *config,
                                        struct lwm2m_dtls_session **result)
{
    struct lwm2m_dtls_session *session =
        config->port->allocate(config->port->context, sizeof(*session));

    if (session == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(session, 0, sizeof(*session));
    lwm2m_list_init(&session->recency);
    lwm2m_list_init(&session->under_way);
    lwm2m_list_init(&session->waiting);
    session->port = config->port;
    session->below = config->below;
    session->credentials = config->credentials;
    lwm2m_credentials_retain(session->credentials);
    session->address = *config->address;
    session->capture = config->capture;
    session->ciphers = config->ciphers;
    session->calls = config->prestate == NULL;
    session->patience_ms = PATIENCE_RETRANSMISSIONS * config->retransmit_ms;
    enum lwm2m_error error = LWM2M_OK;
    if (session->calls) {
        session->identity = lwm2m_credentials_own_identity(session->credentials);
        session->security = lwm2m_credentials_own_security(session->credentials);
        error = keep_name(session, config->name);
    }
    if (error == LWM2M_OK) {
        error = prepare(session, config);
    }
    if (error != LWM2M_OK) {
        lwm2m_dtls_session_free(session);
        return error;
    }
    *result = session;
    return LWM2M_OK;
}

static void drop_waiting(struct lwm2m_dtls_session *session)
{
    struct lwm2m_list *node;

    while ((node = lwm2m_list_first(&session->waiting)) != NULL) {
        lwm2m_list_remove(node);
        session->port->release(session->port->context,
                               LWM2M_CONTAINER_OF(node, struct waiting, list));
    }
    session->waiting_count = 0;
}

void lwm2m_dtls_session_free(struct lwm2m_dtls_session *session)
{
    const struct lwm2m_port *port = session->port;

    if (session->state == LWM2M_DTLS_OPEN) {
        (void)!gnutls_bye(session->tls, GNUTLS_SHUT_WR);
    }
    if (session->tls != NULL) {
        gnutls_deinit(session->tls);
    }
    drop_waiting(session);
    if (!session->calls) {
        port->release(port->context, (uint8_t *)(uintptr_t)session->identity.data);
    }
    port->release(port->context, session->name);
    port->release(port->context, session->peer_fault);
    lwm2m_credentials_release(session->credentials);
    port->release(port->context, session);
}

/* ---- driving ---- */

/* Whose the association is; of one that was resumed, no key and no certificate was asked for. */
static bool learn_identity(struct lwm2m_dtls_session *session)
{
    char name[LWM2M_CERTIFICATE_NAME_MAX];
    gnutls_datum_t psk_identity = {NULL, 0};
    struct lwm2m_psk psk;

    if (session->calls) {
        return true;
    }
    if (!lwm2m_peer_proof_identity(session->tls, &session->security, name)) {
        return false;
    }
    if (session->security != LWM2M_SECURITY_PSK) {
        return keep_identity(session, name, strlen(name));
    }
    return gnutls_psk_server_get_username2(session->tls, &psk_identity) == GNUTLS_E_SUCCESS &&
           keep_identity(session, psk_identity.data, psk_identity.size) &&
           lwm2m_credentials_find_psk(session->credentials, session->identity, &psk);
}

void lwm2m_dtls_session_shake(struct lwm2m_dtls_session *session)
{
    int result;

    do {
        result = gnutls_handshake(session->tls);
    } while (result == GNUTLS_E_WARNING_ALERT_RECEIVED || result == GNUTLS_E_GOT_APPLICATION_DATA);
    if (result == GNUTLS_E_SUCCESS) {
        session->state = LWM2M_DTLS_OPEN;
        if (!learn_identity(session)) {
            lwm2m_dtls_session_end(session, LWM2M_DTLS_UNKNOWN_IDENTITY, NULL);
            (void)!gnutls_alert_send(session->tls, GNUTLS_AL_FATAL, GNUTLS_A_ACCESS_DENIED);
        }
    } else if (result != GNUTLS_E_AGAIN && result != GNUTLS_E_INTERRUPTED &&
               gnutls_error_is_fatal(result)) {
        lwm2m_dtls_diagnose_error(session, result);
    }
}

void lwm2m_dtls_session_remind(struct lwm2m_dtls_session *session, uint64_t now_ms)
{
    if (!lwm2m_dtls_is_ignored(session)) {
        session->ignored_since_ms = 0;
    } else if (session->ignored_since_ms == 0) {
        session->ignored_since_ms = now_ms;
    } else if (now_ms - session->ignored_since_ms >= session->patience_ms) {
        lwm2m_dtls_diagnose_silence(session);
        return;
    }
    lwm2m_dtls_session_shake(session);
}

void lwm2m_dtls_session_feed(struct lwm2m_dtls_session *session,
                             const struct lwm2m_dtls_datagram *datagram)
{
    /* Of less than a record GnuTLS would wait for the rest, in the next datagram. */
    session->input = datagram->records;
    if (session->state == LWM2M_DTLS_HANDSHAKE) {
        unsigned discarded = gnutls_record_get_discarded(session->tls);

        lwm2m_dtls_session_shake(session);
        lwm2m_dtls_diagnose_key(session, datagram, discarded);
        lwm2m_dtls_diagnose_ciphers(session, datagram->suites);
    }
}

bool lwm2m_dtls_session_read(struct lwm2m_dtls_session *session, void *memory, size_t size,
                             struct lwm2m_bytes *datagram)
{
    while (session->state == LWM2M_DTLS_OPEN) {
        ssize_t length = gnutls_record_recv(session->tls, memory, size);

        if (length > 0) {
            *datagram = (struct lwm2m_bytes){memory, (size_t)length};
            return true;
        }
        if (length == GNUTLS_E_AGAIN || length == GNUTLS_E_INTERRUPTED) {
            break;
        }
        if (length == GNUTLS_E_REHANDSHAKE) {
            (void)!gnutls_alert_send(session->tls, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
        } else if (length == 0 || gnutls_error_is_fatal((int)length)) {
            session->state = LWM2M_DTLS_ENDED;
        }
    }
    session->input = (struct lwm2m_bytes){NULL, 0};
    return false;
}

/* ---- sending ---- */

static enum lwm2m_error encrypt(struct lwm2m_dtls_session *session, struct lwm2m_bytes datagram)
{
    ssize_t sent = gnutls_record_send(session->tls, datagram.data, datagram.length);

    if (sent >= 0) {
        return LWM2M_OK;
    }
    return sent == GNUTLS_E_LARGE_PACKET ? LWM2M_TOO_LARGE : LWM2M_UNREACHABLE;
}

static enum lwm2m_error keep_waiting(struct lwm2m_dtls_session *session,
                                     struct lwm2m_bytes datagram)
{
    if (session->waiting_count == WAITING_MAX) {
        return LWM2M_BUSY;
    }
    struct waiting *waiting =
        session->port->allocate(session->port->context, sizeof(*waiting) + datagram.length);
    if (waiting == NULL) {
        return LWM2M_NO_MEMORY;
    }
    waiting->length = datagram.length;
    memcpy(waiting->data, datagram.data, datagram.length);
    lwm2m_list_append(&session->waiting, &waiting->list);
    session->waiting_count++;
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_dtls_session_send(struct lwm2m_dtls_session *session,
                                         struct lwm2m_bytes datagram)
{
    switch (session->state) {
    case LWM2M_DTLS_OPEN:
        return encrypt(session, datagram);
    case LWM2M_DTLS_HANDSHAKE:
        return keep_waiting(session, datagram);
    default:
        return LWM2M_UNREACHABLE;
    }
}

void lwm2m_dtls_session_flush(struct lwm2m_dtls_session *session)
{
    struct lwm2m_list *node, *next;

    LWM2M_LIST_EACH (node, next, &session->waiting) {
        const struct waiting *waiting = LWM2M_CONTAINER_OF(node, struct waiting, list);
        (void)!encrypt(session, (struct lwm2m_bytes){waiting->data, waiting->length});
    }
    drop_waiting(session);
}

uint32_t lwm2m_dtls_session_timeout_ms(const struct lwm2m_dtls_session *session)
{
    unsigned wait_ms = gnutls_dtls_get_timeout(session->tls);

    return wait_ms > 0 ? wait_ms : 1;
}
