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
    return sources->psk_file != NULL || sources->psk != NULL;
}

static void fail_at(struct lwm2m_bytes text, const char *path, const struct lwm2m_fault *fault,
                    struct control_outcome *failure)
{
    size_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < fault->offset && i < text.length; i++) {
        if (text.data[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    bool hex = fault->reason != NULL && strstr(fault->reason, "hexadecimal") != NULL;
    control_fail(failure, EXIT_CODE_SECURITY,
                 hex ? "keys are in hexadecimal digits; a key that is text: printf TEXT | xxd -p"
                     : "a line is IDENTITY:HEXKEY, or IDENTITY:HEXKEY:ENDPOINT",
                 "%.200s:%zu:%zu: %s", path, line, fault->offset - start + 1, fault->reason);
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

struct lwm2m_credentials *credentials_parse(const char *path, struct lwm2m_bytes text,
                                            const struct lwm2m_port *port,
                                            struct control_outcome *failure)
{
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    struct lwm2m_credentials *credentials = make(port, failure);
    if (credentials == NULL) {
        return NULL;
    }
    enum lwm2m_error error = lwm2m_credentials_parse_psks(credentials, text, &fault);
    if (error != LWM2M_OK) {
        fail_at(text, path, &fault, failure);
    } else if (lwm2m_credentials_psk_count(credentials) == 0) {
        control_fail(failure, EXIT_CODE_SECURITY, "a line is IDENTITY:HEXKEY",
                     "%.200s: there is no key in it", path);
    } else {
        return credentials;
    }
    lwm2m_credentials_release(credentials);
    return NULL;
}

struct lwm2m_credentials *credentials_read(const struct credential_sources *sources,
                                           const struct lwm2m_port *port,
                                           struct control_outcome *failure)
{
    struct lwm2m_bytes text;
    if (!secret_file_read(sources->psk_file, sources->any_mode, &text, failure)) {
        return NULL;
    }
    struct lwm2m_credentials *credentials =
        credentials_parse(sources->psk_file, text, port, failure);
    secret_file_release(&text);
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

struct lwm2m_credentials *credentials_read_caller(const struct credential_sources *sources,
                                                  const struct lwm2m_port *port,
                                                  const char *endpoint,
                                                  const struct printer *printer,
                                                  struct control_outcome *failure)
{
    struct lwm2m_credentials *credentials =
        sources->psk != NULL ? make(port, failure) : credentials_read(sources, port, failure);
    if (credentials == NULL) {
        return NULL;
    }
    bool good;
    if (sources->psk != NULL) {
        print_warning(printer, "--psk: other users of this machine can see the key in the list of "
                               "processes; --psk-file keeps it");
        good = take_option(credentials, sources, endpoint, failure);
    } else {
        good = choose(credentials, sources, endpoint, failure);
    }
    if (!good) {
        lwm2m_credentials_release(credentials);
        return NULL;
    }
    return credentials;
}
