/*
 * Keeps keys by identity and by endpoint, and hands them to GnuTLS.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/credentials.h"

#include <string.h>

#include <lwm2m/list.h>

/* One key; its bytes lie behind it: identity, key, endpoint name. */
struct lwm2m_psk_entry {
    struct lwm2m_hash_node by_identity;
    struct lwm2m_hash_node by_endpoint;
    struct lwm2m_psk psk;
    uint8_t bytes[];
};

static uint8_t *keep(uint8_t *at, struct lwm2m_bytes *bytes)
{
    if (bytes->length > 0) {
        memcpy(at, bytes->data, bytes->length);
    }
    bytes->data = at;
    return at + bytes->length;
}

static size_t size_of(const struct lwm2m_psk *psk)
{
    return sizeof(struct lwm2m_psk_entry) + psk->identity.length + psk->key.length +
           psk->endpoint_name.length;
}

static bool is_valid(const struct lwm2m_psk *psk)
{
    return psk->identity.length > 0 && psk->identity.length <= LWM2M_PSK_IDENTITY_MAX &&
           psk->key.length > 0 && psk->key.length <= LWM2M_PSK_KEY_MAX &&
           psk->endpoint_name.length <= LWM2M_PSK_IDENTITY_MAX;
}

static struct lwm2m_psk_entry *entry_new(const struct lwm2m_port *port, const struct lwm2m_psk *psk)
{
    struct lwm2m_psk_entry *entry = port->allocate(port->context, size_of(psk));

    if (entry != NULL) {
        entry->psk = *psk;
        uint8_t *at = keep(entry->bytes, &entry->psk.identity);
        at = keep(at, &entry->psk.key);
        keep(at, &entry->psk.endpoint_name);
        if (psk->endpoint_name.length == 0) {
            entry->psk.endpoint_name = entry->psk.identity;
        }
    }
    return entry;
}

static void entry_free(const struct lwm2m_port *port, struct lwm2m_psk_entry *entry)
{
    if (entry != NULL) {
        explicit_bzero((uint8_t *)(uintptr_t)entry->psk.key.data, entry->psk.key.length);
        port->release(port->context, entry);
    }
}

/* ---- life ---- */

enum lwm2m_error lwm2m_credentials_new(const struct lwm2m_port *port,
                                       struct lwm2m_credentials **result)
{
    struct lwm2m_credentials *credentials = port->allocate(port->context, sizeof(*credentials));

    if (credentials == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memset(credentials, 0, sizeof(*credentials));
    credentials->port = port;
    credentials->references = 1;
    if (lwm2m_hash_table_init(&credentials->identities, port) != LWM2M_OK ||
        lwm2m_hash_table_init(&credentials->endpoints, port) != LWM2M_OK ||
        lwm2m_hash_table_init(&credentials->public_keys, port) != LWM2M_OK ||
        gnutls_psk_allocate_server_credentials(&credentials->accepting) != GNUTLS_E_SUCCESS ||
        gnutls_psk_allocate_client_credentials(&credentials->calling) != GNUTLS_E_SUCCESS) {
        lwm2m_credentials_release(credentials);
        return LWM2M_NO_MEMORY;
    }
    *result = credentials;
    return LWM2M_OK;
}

void lwm2m_credentials_retain(struct lwm2m_credentials *credentials)
{
    credentials->references++;
}

static void release_keys(struct lwm2m_credentials *credentials)
{
    struct lwm2m_hash_node *node = NULL;

    if (credentials->identities.port == NULL) {
        return;
    }
    node = lwm2m_hash_table_walk(&credentials->identities, NULL);
    while (node != NULL) {
        struct lwm2m_hash_node *next = lwm2m_hash_table_walk(&credentials->identities, node);
        struct lwm2m_psk_entry *entry =
            LWM2M_CONTAINER_OF(node, struct lwm2m_psk_entry, by_identity);

        lwm2m_hash_table_remove(&credentials->identities, node);
        entry_free(credentials->port, entry);
        node = next;
    }
}

void lwm2m_credentials_release(struct lwm2m_credentials *credentials)
{
    if (credentials == NULL || --credentials->references > 0) {
        return;
    }
    release_keys(credentials);
    entry_free(credentials->port, credentials->own_psk);
    lwm2m_hash_table_release(&credentials->identities);
    lwm2m_hash_table_release(&credentials->endpoints);
    if (credentials->accepting != NULL) {
        gnutls_psk_free_server_credentials(credentials->accepting);
    }
    if (credentials->calling != NULL) {
        gnutls_psk_free_client_credentials(credentials->calling);
    }
    lwm2m_credentials_release_certificates(credentials);
    lwm2m_credentials_release_public_keys(credentials);
    credentials->port->release(credentials->port->context, credentials);
}

/* ---- keys ---- */

enum lwm2m_error lwm2m_credentials_add_psk(struct lwm2m_credentials *credentials,
                                           const struct lwm2m_psk *psk)
{
    struct lwm2m_psk present;

    if (!is_valid(psk)) {
        return LWM2M_RANGE;
    }
    if (lwm2m_credentials_find_psk(credentials, psk->identity, &present)) {
        return LWM2M_EXISTS;
    }
    struct lwm2m_psk_entry *entry = entry_new(credentials->port, psk);
    if (entry == NULL) {
        return LWM2M_NO_MEMORY;
    }
    lwm2m_hash_table_insert(&credentials->identities, &entry->by_identity,
                            lwm2m_hash_table_hash(&credentials->identities,
                                                  entry->psk.identity.data,
                                                  entry->psk.identity.length));
    lwm2m_hash_table_insert(&credentials->endpoints, &entry->by_endpoint,
                            lwm2m_hash_table_hash(&credentials->endpoints,
                                                  entry->psk.endpoint_name.data,
                                                  entry->psk.endpoint_name.length));
    return LWM2M_OK;
}

size_t lwm2m_credentials_psk_count(const struct lwm2m_credentials *credentials)
{
    return credentials->identities.count;
}

bool lwm2m_credentials_find_psk(const struct lwm2m_credentials *credentials,
                                struct lwm2m_bytes identity, struct lwm2m_psk *psk)
{
    const struct lwm2m_hash_table *table = &credentials->identities;
    struct lwm2m_hash_node *node =
        lwm2m_hash_table_first(table, lwm2m_hash_table_hash(table, identity.data, identity.length));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        const struct lwm2m_psk_entry *entry =
            LWM2M_CONTAINER_OF(node, struct lwm2m_psk_entry, by_identity);
        if (lwm2m_bytes_equal(entry->psk.identity, identity)) {
            *psk = entry->psk;
            return true;
        }
    }
    return false;
}

bool lwm2m_credentials_find_psk_of(const struct lwm2m_credentials *credentials,
                                   struct lwm2m_bytes endpoint_name, struct lwm2m_psk *psk)
{
    const struct lwm2m_hash_table *table = &credentials->endpoints;
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(
        table, lwm2m_hash_table_hash(table, endpoint_name.data, endpoint_name.length));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        const struct lwm2m_psk_entry *entry =
            LWM2M_CONTAINER_OF(node, struct lwm2m_psk_entry, by_endpoint);
        if (lwm2m_bytes_equal(entry->psk.endpoint_name, endpoint_name)) {
            *psk = entry->psk;
            return true;
        }
    }
    return false;
}

bool lwm2m_credentials_only_psk(const struct lwm2m_credentials *credentials, struct lwm2m_psk *psk)
{
    if (credentials->identities.count != 1) {
        return false;
    }
    struct lwm2m_hash_node *node = lwm2m_hash_table_walk(&credentials->identities, NULL);
    *psk = LWM2M_CONTAINER_OF(node, struct lwm2m_psk_entry, by_identity)->psk;
    return true;
}

enum lwm2m_error lwm2m_credentials_set_own_psk(struct lwm2m_credentials *credentials,
                                               const struct lwm2m_psk *psk)
{
    if (credentials->own_psk != NULL) {
        return LWM2M_EXISTS;
    }
    if (!is_valid(psk)) {
        return LWM2M_RANGE;
    }
    struct lwm2m_psk_entry *entry = entry_new(credentials->port, psk);
    if (entry == NULL) {
        return LWM2M_NO_MEMORY;
    }
    /* GnuTLS takes a copy of both, and wipes the one of the key. */
    gnutls_datum_t identity = {(uint8_t *)(uintptr_t)psk->identity.data,
                               (unsigned)psk->identity.length};
    gnutls_datum_t key = {(uint8_t *)(uintptr_t)psk->key.data, (unsigned)psk->key.length};
    if (gnutls_psk_set_client_credentials2(credentials->calling, &identity, &key,
                                           GNUTLS_PSK_KEY_RAW) != GNUTLS_E_SUCCESS) {
        entry_free(credentials->port, entry);
        return LWM2M_NO_MEMORY;
    }
    credentials->own_psk = entry;
    return LWM2M_OK;
}

bool lwm2m_credentials_endpoint_name(const struct lwm2m_credentials *credentials,
                                     enum lwm2m_security security, struct lwm2m_bytes identity,
                                     struct lwm2m_bytes *endpoint_name)
{
    struct lwm2m_psk psk;

    switch (security) {
    case LWM2M_SECURITY_PSK:
        if (!lwm2m_credentials_find_psk(credentials, identity, &psk)) {
            return false;
        }
        *endpoint_name = psk.endpoint_name;
        return true;
    case LWM2M_SECURITY_RPK:
        return lwm2m_credentials_find_public_key(credentials, identity, endpoint_name);
    case LWM2M_SECURITY_X509:
        *endpoint_name = identity; /* an authority has put it there */
        return true;
    default:
        return false;
    }
}

/* ---- for GnuTLS ---- */

enum lwm2m_error lwm2m_credentials_apply(const struct lwm2m_credentials *credentials,
                                         gnutls_session_t session, bool calls)
{
    bool psk = calls ? credentials->own_psk != NULL
                     : credentials->identities.count > 0 || credentials->shown == NULL;
    bool certificate = credentials->own_security != LWM2M_SECURITY_NONE && !(calls && psk);
    int result = GNUTLS_E_SUCCESS;

    if (!psk && !certificate) {
        return LWM2M_STATE;
    }
    if (psk) {
        result = calls ? gnutls_credentials_set(session, GNUTLS_CRD_PSK, credentials->calling)
                       : gnutls_credentials_set(session, GNUTLS_CRD_PSK, credentials->accepting);
    }
    if (result == GNUTLS_E_SUCCESS && certificate) {
        result = gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE,
                                        calls ? credentials->showing : credentials->shown);
        gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    }
    return result == GNUTLS_E_SUCCESS ? LWM2M_OK : LWM2M_NO_MEMORY;
}

void lwm2m_credentials_set_lookup(struct lwm2m_credentials *credentials,
                                  gnutls_psk_server_credentials_function2 *lookup)
{
    gnutls_psk_set_server_credentials_function2(credentials->accepting, lookup);
}

struct lwm2m_bytes lwm2m_credentials_own_identity(const struct lwm2m_credentials *credentials)
{
    if (credentials->own_psk != NULL) {
        return credentials->own_psk->psk.identity;
    }
    return credentials->own_name != NULL ? lwm2m_bytes_from_text(credentials->own_name)
                                         : (struct lwm2m_bytes){NULL, 0};
}

enum lwm2m_security lwm2m_credentials_own_security(const struct lwm2m_credentials *credentials)
{
    return credentials->own_psk != NULL ? LWM2M_SECURITY_PSK : credentials->own_security;
}
