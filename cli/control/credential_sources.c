/*
 * Reads keys and says where they are wrong.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/credential_sources.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/secret_file.h"

#define LINE_BYTES_MAX 512

bool credential_sources_any(const struct credential_sources *sources)
{
    return sources->psk_file != NULL || sources->psk != NULL || sources->key != NULL ||
           sources->certificate != NULL;
}

static void fail_at(struct lwm2m_bytes text, const char *path, const struct lwm2m_fault *fault,
                    const char *hint, struct control_outcome *failure)
{
    size_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < fault->offset && i < text.length; i++) {
        if (text.data[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    control_fail(failure, EXIT_CODE_SECURITY, hint, "%.200s:%zu:%zu: %s", path, line,
                 fault->offset - start + 1, fault->reason);
}

static const char *psk_hint(const struct lwm2m_fault *fault)
{
    bool hex = fault->reason != NULL && strstr(fault->reason, "hexadecimal") != NULL;
    return hex ? "keys are in hexadecimal digits; a key that is text: printf TEXT | xxd -p"
               : "a line is IDENTITY:HEXKEY, or IDENTITY:HEXKEY:ENDPOINT";
}

static struct lwm2m_credentials *make(const struct lwm2m_port *port,
                                      struct control_outcome *failure)
{
    struct lwm2m_credentials *credentials = NULL;
    if (lwm2m_credentials_new(port, &credentials) != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
    }
    return credentials;
}

static bool add_psks(struct lwm2m_credentials *credentials, const char *path,
                     struct lwm2m_bytes text, struct control_outcome *failure)
{
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    if (lwm2m_credentials_parse_psks(credentials, text, &fault) != LWM2M_OK) {
        fail_at(text, path, &fault, psk_hint(&fault), failure);
        return false;
    }
    if (lwm2m_credentials_psk_count(credentials) == 0) {
        control_fail(failure, EXIT_CODE_SECURITY, "a line is IDENTITY:HEXKEY",
                     "%.200s: there is no key in it", path);
        return false;
    }
    return true;
}

struct lwm2m_credentials *credentials_parse(const char *path, struct lwm2m_bytes text,
                                            const struct lwm2m_port *port,
                                            struct control_outcome *failure)
{
    struct lwm2m_credentials *credentials = make(port, failure);
    if (credentials != NULL && !add_psks(credentials, path, text, failure)) {
        lwm2m_credentials_release(credentials);
        credentials = NULL;
    }
    return credentials;
}

static bool read_psks(struct lwm2m_credentials *credentials,
                      const struct credential_sources *sources, struct control_outcome *failure)
{
    struct lwm2m_bytes text;
    if (sources->psk_file == NULL) {
        return true;
    }
    bool good = secret_file_read(sources->psk_file, sources->any_mode, &text, failure) &&
                add_psks(credentials, sources->psk_file, text, failure);
    secret_file_release(&text);
    return good;
}

/* ---- certificates ---- */

static bool refuse_file(const char *path, const struct lwm2m_fault *fault,
                        struct control_outcome *failure)
{
    bool encrypted = fault->reason != NULL && strstr(fault->reason, "encrypted") != NULL;
    control_fail(failure, EXIT_CODE_SECURITY,
                 encrypted ? "'openssl pkey -in FILE -out PLAIN' takes the password away" : NULL,
                 "%.200s: %s", path, fault->reason != NULL ? fault->reason : "out of memory");
    return false;
}

static bool read_own(struct lwm2m_credentials *credentials,
                     const struct credential_sources *sources, struct control_outcome *failure)
{
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    struct lwm2m_bytes key = {NULL, 0};
    struct lwm2m_bytes chain = {NULL, 0};
    if (sources->key == NULL) {
        return true;
    }
    bool good = secret_file_read(sources->key, sources->any_mode, &key, failure) &&
                (sources->certificate == NULL ||
                 secret_file_read(sources->certificate, true, &chain, failure));
    if (good) {
        enum lwm2m_error error =
            sources->certificate != NULL
                ? lwm2m_credentials_set_own_certificate(credentials, chain, key, &fault)
                : lwm2m_credentials_set_own_raw_key(credentials, key, &fault);
        bool of_key = sources->certificate == NULL ||
                      (fault.reason != NULL && strstr(fault.reason, "private key") != NULL);
        good = error == LWM2M_OK ||
               refuse_file(of_key ? sources->key : sources->certificate, &fault, failure);
    }
    secret_file_release(&key);
    secret_file_release(&chain);
    return good;
}

static bool read_authorities(struct lwm2m_credentials *credentials,
                             const struct credential_sources *sources,
                             struct control_outcome *failure)
{
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    struct lwm2m_bytes text;
    if (sources->authorities == NULL) {
        return true;
    }
    if (!secret_file_read(sources->authorities, true, &text, failure)) {
        return false;
    }
    bool good = lwm2m_credentials_add_authorities(credentials, text, &fault) == LWM2M_OK ||
                refuse_file(sources->authorities, &fault, failure);
    secret_file_release(&text);
    return good;
}

static bool read_public_keys(struct lwm2m_credentials *credentials,
                             const struct credential_sources *sources,
                             struct control_outcome *failure)
{
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    struct lwm2m_bytes text;
    if (sources->public_keys == NULL) {
        return true;
    }
    if (!secret_file_read(sources->public_keys, true, &text, failure)) {
        return false;
    }
    bool good = lwm2m_credentials_parse_public_keys(credentials, text, &fault) == LWM2M_OK;
    if (!good) {
        fail_at(text, sources->public_keys, &fault,
                "a line is ENDPOINT:BASE64, as 'lwm2m keys rpk' prints it", failure);
    }
    secret_file_release(&text);
    return good;
}

static bool refuse_use(struct control_outcome *failure, const char *what, const char *hint)
{
    control_fail(failure, EXIT_CODE_USAGE, hint, "%s", what);
    return false;
}

static bool check_server(const struct credential_sources *sources, struct control_outcome *failure)
{
    bool certificate = sources->certificate != NULL;
    if (sources->key == NULL && (certificate || sources->authorities || sources->public_keys)) {
        return refuse_use(failure, "--cert, --ca and --rpk are of no use without --key",
                          "--key FILE is the server's private key");
    }
    if (sources->authorities != NULL && !certificate) {
        return refuse_use(failure, "--ca is of no use without --cert",
                          "--cert FILE is the server's certificate");
    }
    if (sources->key != NULL && sources->authorities == NULL && sources->public_keys == NULL) {
        return refuse_use(
            failure,
            certificate ? "--cert: nobody is believed yet" : "--key: nobody is believed yet",
            certificate ? "--ca FILE names the authority of the devices' certificates"
                        : "--rpk FILE names the devices' raw public keys, or add --cert and --ca");
    }
    return true;
}

struct lwm2m_credentials *credentials_read(const struct credential_sources *sources,
                                           const struct lwm2m_port *port,
                                           struct control_outcome *failure)
{
    struct lwm2m_credentials *credentials =
        check_server(sources, failure) ? make(port, failure) : NULL;
    if (credentials != NULL &&
        !(read_psks(credentials, sources, failure) && read_own(credentials, sources, failure) &&
          read_authorities(credentials, sources, failure) &&
          read_public_keys(credentials, sources, failure))) {
        lwm2m_credentials_release(credentials);
        credentials = NULL;
    }
    return credentials;
}

/* ---- one who calls ---- */

static bool take_option(struct lwm2m_credentials *credentials,
                        const struct credential_sources *sources, const char *endpoint,
                        struct control_outcome *failure)
{
    char line[LINE_BYTES_MAX];
    uint8_t memory[LINE_BYTES_MAX];
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    struct lwm2m_psk psk;
    bool found = false;
    int length = snprintf(line, sizeof(line), "x:%s", sources->psk);
    enum lwm2m_error error = LWM2M_RANGE;
    fault.reason = "the key has more than 64 bytes";
    if (length > 0 && (size_t)length < sizeof(line) && strchr(sources->psk, ':') == NULL) {
        error = lwm2m_psk_parse((struct lwm2m_bytes){(const uint8_t *)line, (size_t)length}, memory,
                                &psk, &found, &fault);
    }
    if (error == LWM2M_OK) {
        psk.identity =
            lwm2m_bytes_from_text(sources->psk_identity != NULL ? sources->psk_identity : endpoint);
        error = lwm2m_credentials_set_own_psk(credentials, &psk);
        fault.reason = "the identity has 1 to 255 bytes";
    }
    explicit_bzero(line, sizeof(line));
    explicit_bzero(memory, sizeof(memory));
    if (error != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_USAGE, "a key is given in hexadecimal digits", "--psk: %s",
                     fault.reason);
    }
    return error == LWM2M_OK;
}

/* The line that --psk-identity names, that of the endpoint, or the only one. */
static bool choose(struct lwm2m_credentials *credentials, const struct credential_sources *sources,
                   const char *endpoint, struct control_outcome *failure)
{
    struct lwm2m_psk psk;
    if (sources->psk_identity != NULL) {
        if (!lwm2m_credentials_find_psk(credentials, lwm2m_bytes_from_text(sources->psk_identity),
                                        &psk)) {
            control_fail(failure, EXIT_CODE_USAGE, NULL,
                         "%.160s has no key of the identity '%.100s'", sources->psk_file,
                         sources->psk_identity);
            return false;
        }
    } else if (!lwm2m_credentials_find_psk_of(credentials, lwm2m_bytes_from_text(endpoint), &psk) &&
               !lwm2m_credentials_only_psk(credentials, &psk)) {
        control_fail(failure, EXIT_CODE_USAGE, "choose one: --psk-identity ID",
                     "%.160s has %zu keys, and none for the endpoint '%.100s'", sources->psk_file,
                     lwm2m_credentials_psk_count(credentials), endpoint);
        return false;
    }
    if (lwm2m_credentials_set_own_psk(credentials, &psk) != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        return false;
    }
    return true;
}

/* ---- one who calls, with a certificate or a raw public key ---- */

static bool check_caller(const struct credential_sources *sources, struct control_outcome *failure)
{
    const char *usage = sources->usage;
    bool psk = sources->psk_file != NULL || sources->psk != NULL;
    bool own = sources->key != NULL;
    if (sources->certificate != NULL && !own) {
        return refuse_use(failure, "--cert is of no use without --key",
                          "--key FILE is its private key");
    }
    if (psk && own) {
        return refuse_use(failure, "a device has a pre-shared key or a private one, not both",
                          "leave out --psk-file ($LWM2M_PSK_FILE) or --key");
    }
    if (!own && (sources->authorities || sources->server_key || usage || sources->server_name)) {
        return refuse_use(failure,
                          "--ca, --server-public-key, --certificate-usage and --server-name are of "
                          "no use without --key",
                          "--key FILE is the device's private key");
    }
    if (usage != NULL && (strlen(usage) != 1 || usage[0] < '0' || usage[0] > '3')) {
        return refuse_use(failure, "--certificate-usage is 0, 1, 2 or 3",
                          "0: its authority, 1: the server's, of a known authority, 2: the only "
                          "authority, 3: the server's");
    }
    bool of_authority = usage != NULL && usage[0] <= '1';
    if (own && (sources->server_key == NULL || of_authority) && sources->authorities == NULL) {
        return refuse_use(failure, "there is nothing to tell the server by",
                          sources->certificate != NULL && !of_authority
                              ? "--ca FILE names its authority; or --server-public-key FILE"
                          : of_authority ? "certificate usage 0 and 1 need --ca FILE, too"
                                         : "--server-public-key FILE is its raw public key");
    }
    return true;
}

static bool read_server_key(struct lwm2m_credentials *credentials,
                            const struct credential_sources *sources,
                            struct control_outcome *failure)
{
    enum lwm2m_certificate_usage usage = LWM2M_USAGE_DOMAIN_ISSUED_CERTIFICATE;
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    struct lwm2m_bytes text;
    if (sources->server_name != NULL &&
        lwm2m_credentials_set_server_name(credentials, sources->server_name) != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        return false;
    }
    if (sources->server_key == NULL) {
        return true;
    }
    if (!secret_file_read(sources->server_key, true, &text, failure)) {
        return false;
    }
    if (sources->usage != NULL) {
        usage = (enum lwm2m_certificate_usage)(sources->usage[0] - '0');
    }
    bool good = lwm2m_credentials_set_server_key(credentials, text, usage, &fault) == LWM2M_OK ||
                refuse_file(sources->server_key, &fault, failure);
    secret_file_release(&text);
    return good;
}

static bool take_psk(struct lwm2m_credentials *credentials,
                     const struct credential_sources *sources, const char *endpoint,
                     const struct printer *printer, struct control_outcome *failure)
{
    if (sources->psk == NULL) {
        return read_psks(credentials, sources, failure) &&
               choose(credentials, sources, endpoint, failure);
    }
    print_warning(printer, "--psk: other users of this machine can see the key in the list of "
                           "processes; --psk-file keeps it");
    return take_option(credentials, sources, endpoint, failure);
}

struct lwm2m_credentials *credentials_read_caller(const struct credential_sources *sources,
                                                  const struct lwm2m_port *port,
                                                  const char *endpoint,
                                                  const struct printer *printer,
                                                  struct control_outcome *failure)
{
    struct lwm2m_credentials *credentials =
        check_caller(sources, failure) ? make(port, failure) : NULL;
    if (credentials == NULL) {
        return NULL;
    }
    bool good = sources->key == NULL ? take_psk(credentials, sources, endpoint, printer, failure)
                                     : read_own(credentials, sources, failure) &&
                                           read_authorities(credentials, sources, failure) &&
                                           read_server_key(credentials, sources, failure);
    if (!good) {
        lwm2m_credentials_release(credentials);
        return NULL;
    }
    return credentials;
}
