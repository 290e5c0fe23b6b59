/*
 * Finds the association that a datagram belongs to, begins and ends them, and times their
 * handshakes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/dtls_link.h>

#include <stdio.h>
#include <string.h>

#include "host/address.h"
#include "host/credentials.h"
#include "host/dtls_cookie.h"
#include "host/dtls_session.h"

/* The largest plaintext of a datagram that a socket hands over. */
#define PLAIN_BYTES 4096
/* Header, explicit nonce or IV, tag or MAC and padding of the costliest suite that is taken. */
#define OVERHEAD_BYTES 77
#define CIPHERS_TEXT_MAX 1024
/* Peers that were found to be out of reach while sending, until they are reported. */
#define LOST_MAX 16

const char lwm2m_dtls_ciphers[] =
    "NONE:+VERS-DTLS1.2:+PSK:+ECDHE-ECDSA:+ECDHE-PSK:+AES-128-CCM-8:+AES-128-CCM:+AES-128-GCM:"
    "+AES-128-CBC:+AES-256-GCM:+AEAD:+SHA256:+SIGN-ECDSA-SHA256:+GROUP-SECP256R1:+GROUP-X25519:"
    "+COMP-NULL:%SERVER_PRECEDENCE";

/* What is added to the cipher suites: the kinds of certificates (RFC 7250). Who calls shows one
 * kind, and wants to see the same. */
static const char any_types[] =
    ":+CTYPE-CLI-X509:+CTYPE-SRV-X509:+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK";
static const char raw_types[] =
    ":-CTYPE-CLI-X509:-CTYPE-SRV-X509:+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK";
static const char certificate_types[] = ":+CTYPE-CLI-X509:+CTYPE-SRV-X509";

struct lwm2m_dtls_link {
    struct lwm2m_dtls_link_config config;
    const struct lwm2m_port *port;
    struct lwm2m_datagram_link datagrams;
    struct lwm2m_datagram_receiver receiver;
    struct lwm2m_hash_table sessions;
    struct lwm2m_list recency;   /* the longest silent first */
    struct lwm2m_list under_way; /* handshakes of others, the oldest first */
    size_t under_way_count;
    struct lwm2m_dtls_session
        *current; /* the one whose datagram is being handled; NULL: it has ended */
    uint32_t next_association;
    gnutls_priority_t ciphers, raw_ciphers; /* the latter to call with a raw public key */
    gnutls_datum_t cookie_key, ticket_key;
    struct lwm2m_timer lost_timer;
    struct lwm2m_address lost[LOST_MAX];
    size_t lost_count;
    struct lwm2m_dtls_link_statistics statistics;
    uint8_t plain[PLAIN_BYTES];
};

/* ---- finding ---- */

static struct lwm2m_dtls_session *find(const struct lwm2m_dtls_link *link,
                                       const struct lwm2m_address *address)
{
    struct lwm2m_address_key key = lwm2m_address_key_of(address);
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(
        &link->sessions, lwm2m_hash_table_hash(&link->sessions, &key, sizeof(key)));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        struct lwm2m_dtls_session *session =
            LWM2M_CONTAINER_OF(node, struct lwm2m_dtls_session, node);
        if (lwm2m_address_is_same_place(&session->address, address)) {
            return session;
        }
    }
    return NULL;
}

/* The one that an endpoint means: none if another has followed it. */
static struct lwm2m_dtls_session *find_association(const struct lwm2m_dtls_link *link,
                                                   const struct lwm2m_address *address)
{
    struct lwm2m_dtls_session *session = find(link, address);

    return session != NULL && session->address.association == address->association ? session : NULL;
}

/* ---- ending ---- */

static void emit(struct lwm2m_dtls_link *link, const struct lwm2m_dtls_session *session,
                 enum lwm2m_dtls_event_type type)
{
    const struct lwm2m_dtls_event event = {
        .type = type,
        .address = session->address,
        .outgoing = session->calls,
        .security = session->security,
        .identity = session->identity,
        .cipher = type == LWM2M_DTLS_ESTABLISHED ? gnutls_ciphersuite_get(session->tls) : NULL,
        .failure = session->failure,
        .detail = type == LWM2M_DTLS_FAILED ? session->detail : NULL,
    };

    if (link->config.on_event != NULL) {
        link->config.on_event(link->config.context, &event);
    }
}

static void leave_handshakes(struct lwm2m_dtls_session *session)
{
    lwm2m_timer_disarm(session->link->config.timers, &session->timer);
    if (!lwm2m_list_is_empty(&session->under_way)) {
        lwm2m_list_remove(&session->under_way);
        session->link->under_way_count--;
    }
}

/* Takes it out of everything; what handles its datagram now notices by `current`. */
static void discard(struct lwm2m_dtls_link *link, struct lwm2m_dtls_session *session)
{
    if (link->current == session) {
        link->current = NULL;
    }
    leave_handshakes(session);
    lwm2m_hash_table_remove(&link->sessions, &session->node);
    lwm2m_list_remove(&session->recency);
    lwm2m_dtls_session_free(session);
}

static enum lwm2m_error error_of(enum lwm2m_dtls_failure failure)
{
    return failure == LWM2M_DTLS_UNREACHABLE ? LWM2M_UNREACHABLE
           : failure == LWM2M_DTLS_NO_ANSWER ? LWM2M_TIMEOUT
                                             : LWM2M_SECURITY;
}

/* Ends it for everyone: the program is told, and whoever waits for an answer. */
static void finish(struct lwm2m_dtls_link *link, struct lwm2m_dtls_session *session, bool was_open)
{
    struct lwm2m_address address = session->address;
    enum lwm2m_error error = was_open ? LWM2M_UNREACHABLE : error_of(session->failure);

    if (!was_open) {
        link->statistics.failed++;
    }
    session->state = LWM2M_DTLS_ENDED;
    emit(link, session, was_open ? LWM2M_DTLS_CLOSED : LWM2M_DTLS_FAILED);
    discard(link, session);
    if (link->receiver.fail != NULL) {
        link->receiver.fail(link->receiver.context, &address, error);
    }
}

/* Another association follows at the same address: what waits for an answer in this one waits in
 * vain. */
static void replace(struct lwm2m_dtls_link *link, struct lwm2m_dtls_session *session)
{
    struct lwm2m_address address = session->address;

    session->state = LWM2M_DTLS_ENDED; /* no goodbye: the peer would take it for the new one's */
    discard(link, session);
    if (link->receiver.fail != NULL) {
        link->receiver.fail(link->receiver.context, &address, LWM2M_UNREACHABLE);
    }
}

/* ---- handshakes ---- */

static void arm(struct lwm2m_dtls_session *session)
{
    lwm2m_timer_arm_in(session->link->config.timers, &session->timer,
                       lwm2m_dtls_session_timeout_ms(session));
}

/* After each step of a handshake. */
static void look_at_progress(struct lwm2m_dtls_link *link, struct lwm2m_dtls_session *session)
{
    switch (session->state) {
    case LWM2M_DTLS_HANDSHAKE:
        arm(session);
        break;
    case LWM2M_DTLS_OPEN:
        leave_handshakes(session);
        link->statistics.established++;
        if (gnutls_session_is_resumed(session->tls)) {
            link->statistics.resumed++;
        }
        emit(link, session, LWM2M_DTLS_ESTABLISHED);
        lwm2m_dtls_session_flush(session);
        break;
    case LWM2M_DTLS_ENDED:
        finish(link, session, false);
        break;
    }
}

static void timer_fired(struct lwm2m_timer *timer)
{
    struct lwm2m_dtls_session *session =
        LWM2M_CONTAINER_OF(timer, struct lwm2m_dtls_session, timer);

    lwm2m_dtls_session_remind(session, lwm2m_timers_now(session->link->config.timers));
    look_at_progress(session->link, session);
}

/* The longest silent one makes room; false if there is none to go. */
static bool make_room(struct lwm2m_dtls_link *link)
{
    while (link->sessions.count >= link->config.max_associations) {
        struct lwm2m_list *longest = lwm2m_list_first(&link->recency);
        if (longest == NULL) {
            return false;
        }
        discard(link, LWM2M_CONTAINER_OF(longest, struct lwm2m_dtls_session, recency));
    }
    return true;
}

/* With the cookie's state, or the name of the server that is called. */
static enum lwm2m_error begin(struct lwm2m_dtls_link *link, const struct lwm2m_address *address,
                              gnutls_dtls_prestate_st *prestate, const char *name,
                              struct lwm2m_dtls_session **session)
{
    bool raw = name != NULL &&
               lwm2m_credentials_own_security(link->config.credentials) == LWM2M_SECURITY_RPK;
    struct lwm2m_address associated = *address;
    struct lwm2m_address_key key = lwm2m_address_key_of(address);

    if (!make_room(link)) {
        return LWM2M_NO_MEMORY;
    }
    if (++link->next_association == 0) {
        link->next_association = 1;
    }
    associated.association = link->next_association;
    const struct lwm2m_dtls_session_config config = {
        .port = link->port,
        .below = link->config.below,
        .credentials = link->config.credentials,
        .ciphers = raw ? link->raw_ciphers : link->ciphers,
        .name = name,
        .capture = link->config.capture,
        .ticket_key = &link->ticket_key,
        .prestate = prestate,
        .retransmit_ms = link->config.retransmit_ms,
        .handshake_timeout_ms = link->config.handshake_timeout_ms,
        .address = &associated,
    };
    enum lwm2m_error error = lwm2m_dtls_session_new(&config, session);
    if (error != LWM2M_OK) {
        return error;
    }
    (*session)->link = link;
    (*session)->timer.fire = timer_fired;
    lwm2m_hash_table_insert(&link->sessions, &(*session)->node,
                            lwm2m_hash_table_hash(&link->sessions, &key, sizeof(key)));
    lwm2m_list_append(&link->recency, &(*session)->recency);
    return LWM2M_OK;
}

/* ---- calls of others ---- */

static void end_oldest_handshake(struct lwm2m_dtls_link *link)
{
    struct lwm2m_dtls_session *oldest = LWM2M_CONTAINER_OF(lwm2m_list_first(&link->under_way),
                                                           struct lwm2m_dtls_session, under_way);

    oldest->failure = LWM2M_DTLS_BROKEN_OFF;
    oldest->detail = "too many handshakes are under way";
    finish(link, oldest, false);
}

static void accept_call(struct lwm2m_dtls_link *link, const struct lwm2m_address *from,
                        gnutls_dtls_prestate_st *prestate,
                        const struct lwm2m_dtls_datagram *datagram)
{
    struct lwm2m_dtls_session *session;

    if (link->under_way_count >= link->config.max_handshakes) {
        end_oldest_handshake(link);
    }
    if (begin(link, from, prestate, NULL, &session) != LWM2M_OK) {
        link->statistics.discarded++;
        return;
    }
    memcpy(session->random, datagram->random, sizeof(session->random));
    lwm2m_list_append(&link->under_way, &session->under_way);
    link->under_way_count++;
}

/* ---- receiving ---- */

static void feed(struct lwm2m_dtls_link *link, struct lwm2m_dtls_session *session,
                 const struct lwm2m_address *from, const struct lwm2m_dtls_datagram *datagram)
{
    struct lwm2m_bytes plain;
    bool was_open = session->state == LWM2M_DTLS_OPEN;

    memcpy(session->address.local, from->local, sizeof(session->address.local));
    lwm2m_list_remove(&session->recency);
    lwm2m_list_append(&link->recency, &session->recency);
    link->current = session;
    lwm2m_dtls_session_feed(session, datagram);
    if (!was_open) {
        look_at_progress(link, session);
    }
    while (link->current == session &&
           lwm2m_dtls_session_read(session, link->plain, sizeof(link->plain), &plain)) {
        struct lwm2m_address address = session->address;
        link->receiver.receive(link->receiver.context, &address, plain);
    }
    if (link->current == session && session->state == LWM2M_DTLS_ENDED) {
        finish(link, session, true);
    }
    link->current = NULL;
}

static void receive(void *context, const struct lwm2m_address *from, struct lwm2m_bytes bytes)
{
    struct lwm2m_dtls_link *link = context;
    struct lwm2m_dtls_session *session = find(link, from);
    struct lwm2m_dtls_datagram datagram;

    if (!lwm2m_dtls_datagram_inspect(bytes, &datagram) || link->receiver.receive == NULL) {
        link->statistics.discarded++;
        return;
    }
    bool is_call = link->config.accepts && datagram.is_client_hello &&
                   !(session != NULL && (session->calls || memcmp(session->random, datagram.random,
                                                                  sizeof(session->random)) == 0));
    if (is_call) {
        gnutls_dtls_prestate_st prestate;
        if (!lwm2m_dtls_cookie_check(&link->cookie_key, link->config.below, from, bytes,
                                     &prestate)) {
            link->statistics.cookies++;
            return;
        }
        if (session != NULL) {
            replace(link, session);
        }
        accept_call(link, from, &prestate, &datagram);
        session = find(link, from);
    }
    if (session == NULL) {
        link->statistics.discarded += is_call ? 0 : 1;
        return;
    }
    feed(link, session, from, &datagram);
}

/* The link below learnt that nobody is there. */
static void fail(void *context, const struct lwm2m_address *to, enum lwm2m_error error)
{
    struct lwm2m_dtls_link *link = context;
    struct lwm2m_dtls_session *session = find(link, to);

    if (session == NULL) {
        return;
    }
    if (session->state == LWM2M_DTLS_HANDSHAKE && session->calls) {
        session->failure = LWM2M_DTLS_UNREACHABLE;
        finish(link, session, false);
    } else if (link->receiver.fail != NULL) {
        struct lwm2m_address address = session->address;
        link->receiver.fail(link->receiver.context, &address, error);
    }
}

/* ---- sending ---- */

static void lost_fired(struct lwm2m_timer *timer)
{
    struct lwm2m_dtls_link *link = LWM2M_CONTAINER_OF(timer, struct lwm2m_dtls_link, lost_timer);
    size_t count = link->lost_count;

    link->lost_count = 0;
    for (size_t i = 0; i < count && link->receiver.fail != NULL; i++) {
        struct lwm2m_address address = link->lost[i];
        link->receiver.fail(link->receiver.context, &address, LWM2M_UNREACHABLE);
    }
}

/* Reported later: a sender must not be called back. */
static void note_lost(struct lwm2m_dtls_link *link, const struct lwm2m_address *address)
{
    if (link->lost_count < LOST_MAX) {
        link->lost[link->lost_count++] = *address;
        lwm2m_timer_arm_in(link->config.timers, &link->lost_timer, 0);
    }
}

static enum lwm2m_error send_datagram(void *context, const struct lwm2m_address *to,
                                      struct lwm2m_bytes data)
{
    struct lwm2m_dtls_link *link = context;
    struct lwm2m_dtls_session *session = find_association(link, to);

    if (session == NULL) {
        note_lost(link, to);
        return LWM2M_UNREACHABLE;
    }
    return lwm2m_dtls_session_send(session, data);
}

static void print_address(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    struct lwm2m_dtls_link *link = context;
    const struct lwm2m_datagram_link *below = link->config.below;

    below->print_address(below->context, address, text);
}

static enum lwm2m_security identity(void *context, const struct lwm2m_address *address,
                                    struct lwm2m_bytes *proved)
{
    const struct lwm2m_dtls_session *session = find_association(context, address);

    *proved = session != NULL ? session->identity : (struct lwm2m_bytes){NULL, 0};
    return session != NULL ? session->security : LWM2M_SECURITY_PSK;
}

enum lwm2m_error lwm2m_dtls_link_call(struct lwm2m_dtls_link *link,
                                      const struct lwm2m_address *address, const char *name,
                                      struct lwm2m_address *called)
{
    struct lwm2m_dtls_session *session = find(link, address);

    if (session != NULL) {
        replace(link, session);
    }
    enum lwm2m_error error = begin(link, address, NULL, name, &session);
    if (error != LWM2M_OK) {
        return error;
    }
    *called = session->address;
    /* From a timer, so that who calls is not told of a failure before he knows the address. */
    lwm2m_timer_arm_in(link->config.timers, &session->timer, 0);
    return LWM2M_OK;
}

/* ---- the link ---- */

void lwm2m_dtls_link_config_init(struct lwm2m_dtls_link_config *config)
{
    *config = (struct lwm2m_dtls_link_config){
        .size = sizeof(*config),
        .max_associations = 50000,
        .max_handshakes = 1000,
        .retransmit_ms = 1000,
        .handshake_timeout_ms = 60000,
    };
}

static enum lwm2m_error prepare_ciphers(const struct lwm2m_dtls_link *link, const char *types,
                                        gnutls_priority_t *priorities)
{
    const char *ciphers = link->config.ciphers != NULL ? link->config.ciphers : lwm2m_dtls_ciphers;
    char text[CIPHERS_TEXT_MAX];
    int length = snprintf(text, sizeof(text), "%s%s", ciphers, types);

    if (length < 0 || (size_t)length >= sizeof(text)) {
        return LWM2M_ARGUMENT;
    }
    int result = gnutls_priority_init(priorities, text, NULL);
    return result == GNUTLS_E_SUCCESS        ? LWM2M_OK
           : result == GNUTLS_E_MEMORY_ERROR ? LWM2M_NO_MEMORY
                                             : LWM2M_ARGUMENT;
}

static enum lwm2m_error prepare(struct lwm2m_dtls_link *link)
{
    const struct lwm2m_dtls_link_config *config = &link->config;
    enum lwm2m_error error =
        prepare_ciphers(link, config->accepts ? any_types : certificate_types, &link->ciphers);

    if (error == LWM2M_OK) {
        error = prepare_ciphers(link, raw_types, &link->raw_ciphers);
    }
    if (error != LWM2M_OK) {
        return error;
    }
    if (gnutls_key_generate(&link->cookie_key, GNUTLS_COOKIE_KEY_SIZE) != GNUTLS_E_SUCCESS ||
        gnutls_session_ticket_key_generate(&link->ticket_key) != GNUTLS_E_SUCCESS) {
        return LWM2M_NO_MEMORY;
    }
    lwm2m_credentials_set_lookup(config->credentials, lwm2m_dtls_session_lookup);
    link->port->random(link->port->context, &link->next_association,
                       sizeof(link->next_association));
    return lwm2m_hash_table_init(&link->sessions, link->port);
}

enum lwm2m_error lwm2m_dtls_link_new(const struct lwm2m_dtls_link_config *config,
                                     struct lwm2m_dtls_link **result)
{
    if (config->size != sizeof(*config) || config->timers == NULL || config->below == NULL ||
        config->credentials == NULL || config->max_associations == 0 ||
        config->max_handshakes == 0 || config->below->max_datagram <= OVERHEAD_BYTES) {
        return LWM2M_ARGUMENT;
    }
    const struct lwm2m_port *port = config->timers->port;
    struct lwm2m_dtls_link *link = port->allocate(port->context, sizeof(*link));
    if (link == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(link, 0, sizeof(*link));
    link->config = *config;
    link->port = port;
    lwm2m_credentials_retain(config->credentials);
    lwm2m_list_init(&link->recency);
    lwm2m_list_init(&link->under_way);
    link->lost_timer.fire = lost_fired;
    link->datagrams = (struct lwm2m_datagram_link){
        .context = link,
        .send = send_datagram,
        .print_address = print_address,
        .identity = identity,
        .max_datagram = config->below->max_datagram - OVERHEAD_BYTES,
    };
    enum lwm2m_error error = prepare(link);
    if (error != LWM2M_OK) {
        lwm2m_dtls_link_free(link);
        return error;
    }
    *result = link;
    return LWM2M_OK;
}

static void forget_key(gnutls_datum_t *key)
{
    if (key->data != NULL) {
        gnutls_memset(key->data, 0, key->size);
        gnutls_free(key->data);
    }
}

void lwm2m_dtls_link_free(struct lwm2m_dtls_link *link)
{
    struct lwm2m_list *node;

    if (link == NULL) {
        return;
    }
    while ((node = lwm2m_list_first(&link->recency)) != NULL) {
        discard(link, LWM2M_CONTAINER_OF(node, struct lwm2m_dtls_session, recency));
    }
    lwm2m_timer_disarm(link->config.timers, &link->lost_timer);
    lwm2m_hash_table_release(&link->sessions);
    forget_key(&link->cookie_key);
    forget_key(&link->ticket_key);
    if (link->ciphers != NULL) {
        gnutls_priority_deinit(link->ciphers);
    }
    if (link->raw_ciphers != NULL) {
        gnutls_priority_deinit(link->raw_ciphers);
    }
    lwm2m_credentials_release(link->config.credentials);
    link->port->release(link->port->context, link);
}

const struct lwm2m_datagram_link *lwm2m_dtls_link_datagrams(struct lwm2m_dtls_link *link)
{
    return &link->datagrams;
}

void lwm2m_dtls_link_set_receiver(struct lwm2m_dtls_link *link,
                                  const struct lwm2m_datagram_receiver *receiver)
{
    link->receiver = *receiver;
}

struct lwm2m_datagram_receiver lwm2m_dtls_link_receiver(struct lwm2m_dtls_link *link)
{
    return (struct lwm2m_datagram_receiver){.context = link, .receive = receive, .fail = fail};
}

void lwm2m_dtls_link_set_credentials(struct lwm2m_dtls_link *link,
                                     struct lwm2m_credentials *credentials)
{
    lwm2m_credentials_retain(credentials);
    lwm2m_credentials_set_lookup(credentials, lwm2m_dtls_session_lookup);
    lwm2m_credentials_release(link->config.credentials);
    link->config.credentials = credentials;
    /* Who was believed by the old ones proves himself anew. */
    gnutls_datum_t fresh = {NULL, 0};
    if (gnutls_session_ticket_key_generate(&fresh) == GNUTLS_E_SUCCESS) {
        forget_key(&link->ticket_key);
        link->ticket_key = fresh;
    }
}

void lwm2m_dtls_link_statistics_get(const struct lwm2m_dtls_link *link,
                                    struct lwm2m_dtls_link_statistics *statistics)
{
    *statistics = link->statistics;
    statistics->associations = link->sessions.count;
    statistics->handshakes = link->under_way_count;
}
