/*
 * The raw public keys that are believed, and the text form that they come in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <gnutls/abstract.h>

#include <lwm2m/base64.h>
#include <lwm2m/list.h>
#include <lwm2m/utf8.h>

#include "host/certificate_check.h"
#include "host/credentials.h"
#include "host/key_text.h"

#define KEY_BYTES_MAX 1024

/* The name lies behind it. */
struct entry {
    struct lwm2m_hash_node node;
    char fingerprint[LWM2M_FINGERPRINT_MAX];
    size_t length;
    uint8_t name[];
};

static const struct entry *find(const struct lwm2m_credentials *credentials,
                                struct lwm2m_bytes fingerprint)
{
    const struct lwm2m_hash_table *table = &credentials->public_keys;
    struct lwm2m_hash_node *node = lwm2m_hash_table_first(
        table, lwm2m_hash_table_hash(table, fingerprint.data, fingerprint.length));

    for (; node != NULL; node = lwm2m_hash_table_next(node)) {
        const struct entry *entry = LWM2M_CONTAINER_OF(node, struct entry, node);
        if (lwm2m_bytes_equal_text(fingerprint, entry->fingerprint)) {
            return entry;
        }
    }
    return NULL;
}

bool lwm2m_credentials_find_public_key(const struct lwm2m_credentials *credentials,
                                       struct lwm2m_bytes fingerprint,
                                       struct lwm2m_bytes *endpoint_name)
{
    const struct entry *entry = find(credentials, fingerprint);

    if (entry != NULL) {
        *endpoint_name = (struct lwm2m_bytes){entry->name, entry->length};
    }
    return entry != NULL;
}

size_t lwm2m_credentials_public_key_count(const struct lwm2m_credentials *credentials)
{
    return credentials->public_keys.count;
}

static bool is_public_key(const gnutls_datum_t *der)
{
    gnutls_pubkey_t key = NULL;
    bool good = gnutls_pubkey_init(&key) == GNUTLS_E_SUCCESS &&
                gnutls_pubkey_import(key, der, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS;

    if (key != NULL) {
        gnutls_pubkey_deinit(key);
    }
    return good;
}

enum lwm2m_error lwm2m_credentials_add_public_key(struct lwm2m_credentials *credentials,
                                                  const struct lwm2m_public_key *key)
{
    const gnutls_datum_t der = {(uint8_t *)(uintptr_t)key->key.data, (unsigned)key->key.length};
    struct lwm2m_bytes name = key->endpoint_name;
    char fingerprint[LWM2M_FINGERPRINT_MAX];

    if (name.length == 0 || name.length > LWM2M_PSK_IDENTITY_MAX ||
        key->key.length > KEY_BYTES_MAX) {
        return LWM2M_RANGE;
    }
    if (!is_public_key(&der) || !lwm2m_public_key_fingerprint(&der, fingerprint)) {
        return LWM2M_MALFORMED;
    }
    if (find(credentials, lwm2m_bytes_from_text(fingerprint)) != NULL) {
        return LWM2M_EXISTS;
    }
    struct entry *entry =
        credentials->port->allocate(credentials->port->context, sizeof(*entry) + name.length);
    if (entry == NULL) {
        return LWM2M_NO_MEMORY;
    }
    memcpy(entry->fingerprint, fingerprint, sizeof(fingerprint));
    memcpy(entry->name, name.data, name.length);
    entry->length = name.length;
    lwm2m_hash_table_insert(
        &credentials->public_keys, &entry->node,
        lwm2m_hash_table_hash(&credentials->public_keys, fingerprint, strlen(fingerprint)));
    return LWM2M_OK;
}

void lwm2m_credentials_release_public_keys(struct lwm2m_credentials *credentials)
{
    struct lwm2m_hash_table *table = &credentials->public_keys;

    if (table->port == NULL) {
        return;
    }
    for (struct lwm2m_hash_node *node = lwm2m_hash_table_walk(table, NULL); node != NULL;) {
        struct lwm2m_hash_node *next = lwm2m_hash_table_walk(table, node);
        lwm2m_hash_table_remove(table, node);
        credentials->port->release(credentials->port->context,
                                   LWM2M_CONTAINER_OF(node, struct entry, node));
        node = next;
    }
    lwm2m_hash_table_release(table);
}

/* ---- text ---- */

/* Endpoint names hold colons, keys do not. */
static size_t last_colon(struct lwm2m_bytes line)
{
    size_t at = line.length;

    while (at > 0 && line.data[at - 1] != ':') {
        at--;
    }
    return at;
}

enum lwm2m_error lwm2m_public_key_parse(struct lwm2m_bytes given, void *memory, size_t size,
                                        struct lwm2m_public_key *key, bool *found,
                                        struct lwm2m_fault *fault)
{
    struct lwm2m_bytes line = lwm2m_key_line(given);
    struct lwm2m_buffer decoded;

    memset(key, 0, sizeof(*key));
    *found = line.length > 0 && line.data[0] != '#';
    if (!*found) {
        return LWM2M_OK;
    }
    size_t colon = last_colon(line);
    if (colon == 0) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, line.length,
                               "no ':' and public key follow the endpoint name");
    }
    key->endpoint_name = (struct lwm2m_bytes){line.data, colon - 1};
    if (key->endpoint_name.length == 0 || key->endpoint_name.length > LWM2M_PSK_IDENTITY_MAX ||
        !lwm2m_utf8_is_valid(key->endpoint_name)) {
        return lwm2m_fault_set(fault, LWM2M_RANGE, 0,
                               "an endpoint name is UTF-8 of 1 to 255 bytes");
    }
    lwm2m_buffer_init(&decoded, memory, size);
    const struct lwm2m_bytes text = {line.data + colon, line.length - colon};
    if (lwm2m_base64_decode(text, &decoded) != LWM2M_OK) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, colon, "the public key is no base64");
    }
    key->key = lwm2m_buffer_bytes(&decoded);
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_public_key_print(const struct lwm2m_public_key *key,
                                        struct lwm2m_buffer *buffer)
{
    struct lwm2m_bytes name = key->endpoint_name;

    if (name.length == 0 || name.length > LWM2M_PSK_IDENTITY_MAX || name.data[0] == '#' ||
        memchr(name.data, '\n', name.length) != NULL || !lwm2m_utf8_is_valid(name)) {
        return LWM2M_RANGE;
    }
    (void)lwm2m_buffer_append(buffer, name.data, name.length);
    (void)lwm2m_buffer_append_byte(buffer, ':');
    return lwm2m_base64_encode(key->key, false, buffer);
}

static enum lwm2m_error take_line(struct lwm2m_credentials *credentials, struct lwm2m_bytes line,
                                  struct lwm2m_fault *fault)
{
    uint8_t memory[KEY_BYTES_MAX];
    struct lwm2m_public_key key;
    bool found = false;
    enum lwm2m_error error =
        lwm2m_public_key_parse(line, memory, sizeof(memory), &key, &found, fault);

    if (error != LWM2M_OK || !found) {
        return error;
    }
    error = lwm2m_credentials_add_public_key(credentials, &key);
    if (error == LWM2M_OK || error == LWM2M_NO_MEMORY) {
        return error;
    }
    return lwm2m_fault_set(fault, error, key.endpoint_name.length + 1,
                           error == LWM2M_EXISTS ? "the public key is there already"
                                                 : "that is no public key");
}

enum lwm2m_error lwm2m_credentials_parse_public_keys(struct lwm2m_credentials *credentials,
                                                     struct lwm2m_bytes text,
                                                     struct lwm2m_fault *fault)
{
    enum lwm2m_error error = LWM2M_OK;

    for (size_t start = 0; start < text.length && error == LWM2M_OK;) {
        const uint8_t *newline = memchr(text.data + start, '\n', text.length - start);
        size_t end = newline != NULL ? (size_t)(newline - text.data) : text.length;
        struct lwm2m_fault inner = {LWM2M_OK, 0, NULL};

        error =
            take_line(credentials, (struct lwm2m_bytes){text.data + start, end - start}, &inner);
        if (error != LWM2M_OK && inner.reason != NULL) {
            error = lwm2m_fault_set(fault, error, start + inner.offset, inner.reason);
        }
        start = end + 1;
    }
    return error;
}
