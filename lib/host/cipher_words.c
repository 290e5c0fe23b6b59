/*
 * Looks the names of cipher suites up in GnuTLS.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/cipher_words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Room for "and 65535 more". */
#define MORE_BYTES 24
#define NAME_BYTES_MAX 80
#define SIGNALLING_RENEGOTIATION 0x00ff /* RFC 5746 §3.3 */
#define SIGNALLING_FALLBACK 0x5600      /* RFC 7507 §2 */

struct words {
    char *text;
    size_t size, length;
    size_t left_out;
};

/* GnuTLS leaves out the "WITH" of the registered names, which stands before the cipher. */
static void restore_name(const char *known, char name[NAME_BYTES_MAX])
{
    static const char *const ciphers[] = {"_AES_", "_CHACHA20_", "_CAMELLIA_", "_3DES_", "_NULL_"};
    const char *cipher = NULL;

    for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]) && cipher == NULL; i++) {
        cipher = strstr(known, ciphers[i]);
    }
    bool with = cipher != NULL && cipher > known + 3; /* TLS 1.3 names no key exchange */
    size_t before = with ? (size_t)(cipher - known) : strlen(known);
    snprintf(name, NAME_BYTES_MAX, "%.*s%s%s", (int)before, known, with ? "_WITH" : "",
             with ? cipher : "");
}

static void add(struct words *words, const char *name)
{
    size_t needed = strlen(name) + (words->length > 0 ? 2 : 0);

    if (words->left_out > 0 || words->length + needed + MORE_BYTES > words->size) {
        words->left_out++;
        return;
    }
    int written = snprintf(words->text + words->length, words->size - words->length, "%s%s",
                           words->length > 0 ? ", " : "", name);
    words->length += (size_t)written;
}

static void end(struct words *words)
{
    if (words->left_out > 0) {
        snprintf(words->text + words->length, words->size - words->length, "%s%zu more",
                 words->length > 0 ? " and " : "", words->left_out);
    } else if (words->length == 0) {
        snprintf(words->text, words->size, "none");
    }
}

/* "TLS_PSK_WITH_AES_128_CCM_8", or its number if GnuTLS has no name for it. */
static void name_of(const uint8_t id[2], char name[NAME_BYTES_MAX])
{
    unsigned char found[2];
    const char *known;

    for (size_t i = 0; (known = gnutls_cipher_suite_info(i, found, NULL, NULL, NULL, NULL)) != NULL;
         i++) {
        if (memcmp(found, id, sizeof(found)) == 0) {
            restore_name(known, name);
            return;
        }
    }
    snprintf(name, NAME_BYTES_MAX, "0x%02X%02X", id[0], id[1]);
}

void lwm2m_cipher_words_of_hello(struct lwm2m_bytes suites, char *text, size_t size)
{
    struct words words = {.text = text, .size = size};

    for (size_t i = 0; i + 1 < suites.length; i += 2) {
        unsigned number = (unsigned)suites.data[i] << 8 | suites.data[i + 1];
        char name[NAME_BYTES_MAX];
        if (number != SIGNALLING_RENEGOTIATION && number != SIGNALLING_FALLBACK) {
            name_of(suites.data + i, name);
            add(&words, name);
        }
    }
    end(&words);
}

void lwm2m_cipher_words_of_priorities(gnutls_priority_t priorities, char *text, size_t size)
{
    struct words words = {.text = text, .size = size};
    unsigned suite;
    int result;

    for (unsigned i = 0; (result = gnutls_priority_get_cipher_suite_index(priorities, i, &suite)) !=
                         GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
         i++) {
        const char *name = result == GNUTLS_E_SUCCESS
                               ? gnutls_cipher_suite_info(suite, NULL, NULL, NULL, NULL, NULL)
                               : NULL;
        if (name != NULL) {
            char whole[NAME_BYTES_MAX];
            restore_name(name, whole);
            add(&words, whole);
        }
    }
    end(&words);
}
