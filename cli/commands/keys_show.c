/*
 * keys show: what files of keys and certificates hold, but never a key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>
#include <lwm2m/credentials.h>
#include <lwm2m/host_port.h>
#include <lwm2m/key_making.h>

#include "commands/keys.h"
#include "commands/request.h"
#include "control/credential_sources.h"
#include "control/secret_file.h"
#include "control/value_json.h"
#include "output/table.h"
#include "output/time_text.h"

#define LINE_BYTES_MAX 2048

static const struct table_column columns[] = {
    {.title = "IDENTITY"},
    {.title = "ENDPOINT"},
    {.title = "KEY"},
    {.title = NULL},
};

static bool list_in_table(struct table *table, const struct lwm2m_psk *psk)
{
    char length[32];
    char *identity = text_escape_bytes(psk->identity.data, psk->identity.length);
    char *endpoint = text_escape_bytes(psk->endpoint_name.data, psk->endpoint_name.length);
    size_t row = table_add(table, 0);
    snprintf(length, sizeof(length), "%zu bytes", psk->key.length);
    table_set(table, row, 0, identity, COLOUR_NONE);
    table_set(table, row, 1, endpoint, COLOUR_NONE);
    table_set(table, row, 2, length, COLOUR_FAINT);
    free(identity);
    free(endpoint);
    return row != 0;
}

static bool list_in_json(const struct invocation *invocation, const struct lwm2m_psk *psk)
{
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "keys");
    json_add_bytes(result, "identity", psk->identity);
    json_add_bytes(result, "ep", psk->endpoint_name);
    cJSON_AddNumberToObject(result, "key_bytes", (double)psk->key.length);
    bool good = result != NULL && print_json_line(invocation->printer, result);
    cJSON_Delete(result);
    return good;
}

/* The lines are known to be right. */
static bool list_lines(const struct invocation *invocation, struct lwm2m_bytes text,
                       struct table *table)
{
    uint8_t memory[LINE_BYTES_MAX];
    bool good = true;
    for (size_t start = 0; start < text.length && good;) {
        const uint8_t *newline = memchr(text.data + start, '\n', text.length - start);
        size_t end = newline != NULL ? (size_t)(newline - text.data) : text.length;
        struct lwm2m_psk psk;
        bool found = false;
        good = lwm2m_psk_parse((struct lwm2m_bytes){text.data + start, end - start}, memory, &psk,
                               &found, NULL) == LWM2M_OK;
        if (good && found) {
            if (psk.endpoint_name.length == 0) {
                psk.endpoint_name = psk.identity;
            }
            good = table != NULL ? list_in_table(table, &psk) : list_in_json(invocation, &psk);
        }
        start = end + 1;
    }
    explicit_bzero(memory, sizeof(memory));
    return good;
}

static int list_file(const struct invocation *invocation, struct lwm2m_bytes text)
{
    struct table *table = NULL;
    if (invocation->printer->form != OUTPUT_JSON) {
        table = table_new(invocation->printer, columns, false);
    }
    bool good = list_lines(invocation, text, table);
    if (table != NULL) {
        good = table_print(table) && good;
    }
    table_free(table);
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}

static int show_psks(const struct invocation *invocation, const char *path, struct lwm2m_bytes text)
{
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    struct lwm2m_host_port host;
    lwm2m_host_port_init(&host, NULL, NULL);
    struct lwm2m_credentials *credentials = credentials_parse(path, text, &host.port, &failure);
    int exit = credentials != NULL ? list_file(invocation, text) : keys_fail(invocation, &failure);
    lwm2m_credentials_release(credentials);
    lwm2m_host_port_release(&host);
    return exit;
}

/* ---- certificates and keys of X.509 ---- */

static const struct table_column key_columns[] = {
    {.title = "KIND"}, {.title = "NAME"},        {.title = "ISSUER"}, {.title = "UNTIL"},
    {.title = "KEY"},  {.title = "FINGERPRINT"}, {.title = NULL},
};

static const char *kind_name(const struct lwm2m_key_facts *facts)
{
    return facts->kind == LWM2M_KEY_PRIVATE  ? "private-key"
           : facts->kind == LWM2M_KEY_PUBLIC ? "public-key"
           : facts->is_authority             ? "authority"
                                             : "certificate";
}

static bool show_key_in_table(struct table *table, const struct lwm2m_key_facts *facts)
{
    char until[TIME_TEXT_MAX] = "";
    char *name = text_escape(facts->name);
    char *issuer = text_escape(facts->issuer);
    size_t row = table_add(table, 0);
    bool expired = facts->kind == LWM2M_KEY_CERTIFICATE && facts->ends_s < time(NULL);
    if (facts->kind == LWM2M_KEY_CERTIFICATE) {
        time_print_s(facts->ends_s, until);
    }
    table_set(table, row, 0, kind_name(facts), COLOUR_NONE);
    table_set(table, row, 1, name, COLOUR_NONE);
    table_set(table, row, 2, issuer, COLOUR_NONE);
    table_set(table, row, 3, until, expired ? COLOUR_BAD : COLOUR_NONE);
    table_set(table, row, 4, facts->algorithm, COLOUR_FAINT);
    table_set(table, row, 5, facts->fingerprint, COLOUR_FAINT);
    free(name);
    free(issuer);
    return row != 0;
}

static bool show_key_in_json(const struct invocation *invocation,
                             const struct lwm2m_key_facts *facts)
{
    char day[TIME_TEXT_MAX];
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "keys");
    cJSON_AddStringToObject(result, "kind", kind_name(facts));
    if (facts->kind == LWM2M_KEY_CERTIFICATE) {
        cJSON_AddStringToObject(result, "name", facts->name);
        cJSON_AddStringToObject(result, "issuer", facts->issuer);
        time_print_s(facts->starts_s, day);
        cJSON_AddStringToObject(result, "from", day);
        time_print_s(facts->ends_s, day);
        cJSON_AddStringToObject(result, "until", day);
    }
    cJSON_AddStringToObject(result, "algorithm", facts->algorithm);
    cJSON_AddStringToObject(result, "fingerprint", facts->fingerprint);
    bool good = result != NULL && print_json_line(invocation->printer, result);
    cJSON_Delete(result);
    return good;
}

static int show_keys(const struct invocation *invocation, const char *path, struct lwm2m_bytes text)
{
    struct table *table = NULL;
    struct lwm2m_key_facts facts;
    enum lwm2m_error error = lwm2m_key_inspect(text, 0, &facts);
    if (error != LWM2M_OK) {
        print_errorf(invocation->printer, "%.200s: neither a key nor a certificate can be read",
                     path);
        return EXIT_CODE_SECURITY;
    }
    if (invocation->printer->form != OUTPUT_JSON) {
        table = table_new(invocation->printer, key_columns, false);
    }
    bool good = true;
    for (size_t i = 1; error == LWM2M_OK && good; i++) {
        good =
            table != NULL ? show_key_in_table(table, &facts) : show_key_in_json(invocation, &facts);
        error = lwm2m_key_inspect(text, i, &facts);
    }
    if (table != NULL) {
        good = table_print(table) && good;
    }
    table_free(table);
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}

static bool has_text(struct lwm2m_bytes text, const char *part)
{
    return text.length > 0 && memmem(text.data, text.length, part, strlen(part)) != NULL;
}

static bool is_key_text(struct lwm2m_bytes text)
{
    return text.length > 0 && (text.data[0] == 0x30 || has_text(text, "-----BEGIN "));
}

/* Whether others may read it matters only if a secret is in it, also behind certificates. */
static bool is_secret(struct lwm2m_bytes text)
{
    struct lwm2m_key_facts facts;
    return !is_key_text(text) || has_text(text, "PRIVATE KEY-----") ||
           lwm2m_key_inspect(text, 0, &facts) != LWM2M_OK || facts.kind == LWM2M_KEY_PRIVATE;
}

int keys_show(const struct invocation *invocation)
{
    const struct keys_options *given = invocation->options;
    const char *path = invocation->arguments[0];
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    struct lwm2m_bytes text;
    if (!secret_file_read(path, true, &text, &failure)) {
        return keys_fail(invocation, &failure);
    }
    int exit = EXIT_CODE_OK;
    if (is_secret(text) && !secret_file_check(path, given->any_mode, &failure)) {
        exit = keys_fail(invocation, &failure);
    } else {
        exit = is_key_text(text) ? show_keys(invocation, path, text)
                                 : show_psks(invocation, path, text);
    }
    secret_file_release(&text);
    return exit;
}
