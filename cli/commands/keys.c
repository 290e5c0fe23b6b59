/*
 * keys: makes keys and certificates, and shows what a file of them holds, but never a key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lwm2m/credentials.h>
#include <lwm2m/host_port.h>

#include "command/command.h"
#include "commands/keys.h"
#include "control/credential_sources.h"
#include "control/secret_file.h"
#include "output/whole_file.h"

#define LINE_BYTES_MAX 2048

static const struct option_definition options[] = {
    {.name = "bytes",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct keys_options, bytes),
     .argument = "N",
     .help = "genpsk: length of the key, 16 by default",
     .least = 1,
     .most = LWM2M_PSK_KEY_MAX},
    {.name = "output",
     .letter = 'o',
     .kind = OPTION_TEXT,
     .offset = offsetof(struct keys_options, output),
     .argument = "FILE",
     .help = "where the key goes, with mode 600; genpsk: add the line to FILE"},
    {.name = "ca",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct keys_options, authority),
     .argument = "FILE",
     .help = "cert: the authority's certificate; without it, it signs itself"},
    {.name = "ca-key",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct keys_options, authority_key),
     .argument = "FILE",
     .help = "cert: the authority's private key"},
    {.name = "authority",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct keys_options, is_authority),
     .help = "cert: make one that may sign others"},
    {.name = "days",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct keys_options, days),
     .argument = "N",
     .help = "cert: how long it is valid, 365 by default",
     .least = 1,
     .most = 36500},
    {.name = "insecure-permissions",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct keys_options, any_mode),
     .help = "take a file that others may read"},
    {.name = NULL},
};

int keys_fail(const struct invocation *invocation, const struct control_outcome *failure)
{
    print_error(invocation->printer, failure->message, failure->hint);
    return (int)failure->exit;
}

/* What stands in the file already, checked; true with nothing if there is no file. */
static bool read_present(const struct invocation *invocation, const struct lwm2m_psk *added,
                         struct lwm2m_bytes *text, struct control_outcome *failure)
{
    const struct keys_options *given = invocation->options;
    struct lwm2m_host_port host;
    struct lwm2m_psk present;
    *text = (struct lwm2m_bytes){NULL, 0};
    if (access(given->output, F_OK) != 0 && errno == ENOENT) {
        return true;
    }
    if (!secret_file_read(given->output, given->any_mode, text, failure)) {
        return false;
    }
    if (text->length == 0) {
        return true;
    }
    lwm2m_host_port_init(&host, NULL, NULL);
    struct lwm2m_credentials *credentials =
        credentials_parse(given->output, *text, &host.port, failure);
    bool good = credentials != NULL;
    if (good && lwm2m_credentials_find_psk(credentials, added->identity, &present)) {
        control_fail(failure, EXIT_CODE_USAGE, "take its line out of the file first",
                     "%.200s has a key of that identity already", given->output);
        good = false;
    }
    lwm2m_credentials_release(credentials);
    lwm2m_host_port_release(&host);
    if (!good) {
        secret_file_release(text);
    }
    return good;
}

static int add_line(const struct invocation *invocation, const struct lwm2m_psk *psk,
                    struct lwm2m_bytes line)
{
    const struct keys_options *given = invocation->options;
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    struct lwm2m_bytes present;
    struct whole_file file;
    if (!read_present(invocation, psk, &present, &failure)) {
        return keys_fail(invocation, &failure);
    }
    bool opened = whole_file_open(&file, given->output, 0600);
    bool good = opened;
    if (good && present.length > 0) {
        bool ended = present.data[present.length - 1] == '\n';
        good = fwrite(present.data, 1, present.length, file.stream) == present.length &&
               (ended || fputc('\n', file.stream) != EOF);
    }
    good = good && fwrite(line.data, 1, line.length, file.stream) == line.length &&
           fputc('\n', file.stream) != EOF;
    secret_file_release(&present);
    good = opened && whole_file_close(&file, good);
    return good ? EXIT_CODE_OK : (int)whole_file_refuse(invocation->printer, given->output, errno);
}

int keys_print(const struct invocation *invocation, struct lwm2m_bytes text)
{
    FILE *results = invocation->printer->results;
    bool ended = text.length > 0 && text.data[text.length - 1] == '\n';
    bool good = fwrite(text.data, 1, text.length, results) == text.length &&
                (ended || fputc('\n', results) != EOF) && fflush(results) == 0;
    if (!good) {
        print_errorf(invocation->printer, "cannot write to standard output: %s", strerror(errno));
    }
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}

static int genpsk(const struct invocation *invocation)
{
    const struct keys_options *given = invocation->options;
    struct lwm2m_host_port host;
    uint8_t key[LWM2M_PSK_KEY_MAX];
    uint8_t memory[LINE_BYTES_MAX];
    struct lwm2m_buffer line;
    struct lwm2m_psk psk = {
        .identity = lwm2m_bytes_from_text(invocation->arguments[0]),
        .key = {key, given->bytes.given ? (size_t)given->bytes.value : 16},
    };
    if (invocation->argument_count > 1) {
        psk.endpoint_name = lwm2m_bytes_from_text(invocation->arguments[1]);
    }
    if (psk.identity.length == 0 || psk.identity.length > LWM2M_PSK_IDENTITY_MAX ||
        psk.endpoint_name.length > LWM2M_PSK_IDENTITY_MAX) {
        print_errorf(invocation->printer, "an identity and an endpoint name have 1 to %d bytes",
                     LWM2M_PSK_IDENTITY_MAX);
        return EXIT_CODE_USAGE;
    }
    lwm2m_host_port_init(&host, NULL, NULL);
    host.port.random(host.port.context, key, psk.key.length);
    lwm2m_host_port_release(&host);
    lwm2m_buffer_init(&line, memory, sizeof(memory));
    int exit = EXIT_CODE_USAGE;
    if (lwm2m_psk_print(&psk, &line) != LWM2M_OK) {
        print_errorf(invocation->printer,
                     "the endpoint name is no UTF-8, ends with a blank or holds a line's end");
    } else {
        exit = given->output != NULL ? add_line(invocation, &psk, lwm2m_buffer_bytes(&line))
                                     : keys_print(invocation, lwm2m_buffer_bytes(&line));
    }
    explicit_bzero(key, sizeof(key));
    explicit_bzero(memory, sizeof(memory));
    return exit;
}

static const struct argument_definition file[] = {
    {.kind = ARGUMENT_FILE},
    {.kind = ARGUMENT_END},
};

static const struct command_action actions[] = {
    {"genpsk", "IDENTITY [ENDPOINT]", "Make a pre-shared key", 1, 2, NULL, genpsk},
    {"rpk", "ENDPOINT", "Make a private key, and print its raw public key", 1, 1, NULL, keys_rpk},
    {"cert", "NAME", "Make a private key, and print a certificate of it", 1, 1, NULL, keys_cert},
    {"show", "FILE", "List what a file of keys holds, and check it", 1, 1, file, keys_show},
    {.name = NULL},
};

const struct command command_keys = {
    .name = "keys",
    .summary = "Make keys and certificates, and look at files of them",
    .synopsis = "keys genpsk IDENTITY [ENDPOINT] | rpk ENDPOINT | cert NAME | show FILE",
    .examples = {"lwm2m keys genpsk dev-1 -o devices.psk",
                 "lwm2m keys cert Plant --authority -o ca.key >ca.crt"},
    .options = options,
    .options_size = sizeof(struct keys_options),
    .actions = actions,
};
