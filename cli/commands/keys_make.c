/*
 * keys rpk, keys cert: private keys into a file of their owner alone, what is public to standard
 * output.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <lwm2m/key_making.h>

#include "commands/keys.h"
#include "control/secret_file.h"
#include "output/whole_file.h"

#define KEY_TEXT_MAX 1024
#define CERTIFICATE_TEXT_MAX 8192
#define DAY_S 86400
/* Clocks of devices are slow, or have been asleep. */
#define EARLIER_S 3600

/* A private key that is there already may be the only one of a device in the field. */
static int write_new(const struct invocation *invocation, struct lwm2m_bytes text)
{
    const struct keys_options *given = invocation->options;
    int fd = open(given->output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) {
        char what[512];
        snprintf(what, sizeof(what), "%.300s is there already, and is not replaced", given->output);
        print_error(invocation->printer, what, "give another FILE, or remove it");
        return EXIT_CODE_USAGE;
    }
    bool good =
        fd >= 0 && write(fd, text.data, text.length) == (ssize_t)text.length && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0) {
        close(fd);
        if (!good) {
            unlink(given->output);
        }
    }
    return good ? EXIT_CODE_OK : (int)whole_file_refuse(invocation->printer, given->output, error);
}

static bool make_key(const struct invocation *invocation, struct lwm2m_buffer *key)
{
    const struct keys_options *given = invocation->options;
    if (given->output == NULL) {
        print_error(invocation->printer, "-o FILE is missing: where the private key goes",
                    "what is public is printed");
        return false;
    }
    if (lwm2m_private_key_make(key) != LWM2M_OK) {
        print_errorf(invocation->printer, "no private key could be made");
        return false;
    }
    return true;
}

int keys_rpk(const struct invocation *invocation)
{
    uint8_t secret[KEY_TEXT_MAX], der[KEY_TEXT_MAX], text[2 * KEY_TEXT_MAX];
    struct lwm2m_buffer key, public_key, line;
    lwm2m_buffer_init(&key, secret, sizeof(secret));
    lwm2m_buffer_init(&public_key, der, sizeof(der));
    lwm2m_buffer_init(&line, text, sizeof(text));
    if (!make_key(invocation, &key)) {
        return EXIT_CODE_USAGE;
    }
    int exit = EXIT_CODE_IO;
    enum lwm2m_error error = lwm2m_public_key_of(lwm2m_buffer_bytes(&key), &public_key);
    const struct lwm2m_public_key made = {
        .key = lwm2m_buffer_bytes(&public_key),
        .endpoint_name = lwm2m_bytes_from_text(invocation->arguments[0]),
    };
    if (error == LWM2M_OK) {
        error = lwm2m_public_key_print(&made, &line);
    }
    if (error != LWM2M_OK) {
        exit = EXIT_CODE_USAGE;
        print_errorf(invocation->printer,
                     "an endpoint name is UTF-8 of 1 to 255 bytes that begins with no '#'");
    } else {
        exit = write_new(invocation, lwm2m_buffer_bytes(&key));
    }
    if (exit == EXIT_CODE_OK) {
        exit = keys_print(invocation, lwm2m_buffer_bytes(&line));
    }
    explicit_bzero(secret, sizeof(secret));
    return exit;
}

static int certify(const struct invocation *invocation, struct lwm2m_certificate_request *request)
{
    uint8_t text[CERTIFICATE_TEXT_MAX];
    struct lwm2m_buffer certificate;
    struct lwm2m_fault fault = {LWM2M_OK, 0, NULL};
    const struct keys_options *given = invocation->options;
    lwm2m_buffer_init(&certificate, text, sizeof(text));
    request->name = invocation->arguments[0];
    request->is_authority = given->is_authority;
    request->starts_s = time(NULL) - EARLIER_S;
    request->ends_s = request->starts_s + EARLIER_S +
                      DAY_S * (given->days.given ? (int64_t)given->days.value : 365);
    if (lwm2m_certificate_make(request, &certificate, &fault) != LWM2M_OK) {
        print_errorf(invocation->printer, "no certificate could be made: %s",
                     fault.reason != NULL ? fault.reason : "a name has 1 to 255 bytes");
        return EXIT_CODE_SECURITY;
    }
    int exit = write_new(invocation, request->key);
    return exit == EXIT_CODE_OK ? keys_print(invocation, lwm2m_buffer_bytes(&certificate)) : exit;
}

int keys_cert(const struct invocation *invocation)
{
    const struct keys_options *given = invocation->options;
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    struct lwm2m_certificate_request request = {.name = NULL};
    uint8_t secret[KEY_TEXT_MAX];
    struct lwm2m_buffer key;
    int exit = EXIT_CODE_USAGE;
    lwm2m_buffer_init(&key, secret, sizeof(secret));
    if ((given->authority == NULL) != (given->authority_key == NULL)) {
        print_error(invocation->printer, "--ca and --ca-key go together",
                    "without both the certificate signs itself");
    } else if (make_key(invocation, &key)) {
        request.key = lwm2m_buffer_bytes(&key);
        bool read = given->authority == NULL ||
                    (secret_file_read(given->authority, true, &request.issuer, &failure) &&
                     secret_file_read(given->authority_key, given->any_mode, &request.issuer_key,
                                      &failure));
        exit = read ? certify(invocation, &request) : keys_fail(invocation, &failure);
    }
    secret_file_release(&request.issuer);
    secret_file_release(&request.issuer_key);
    explicit_bzero(secret, sizeof(secret));
    return exit;
}
