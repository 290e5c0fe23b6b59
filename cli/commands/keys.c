/*
 * keys: makes pre-shared keys, and shows what a file of them holds, but never a key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <lwm2m/credentials.h>
#include <lwm2m/host_port.h>

#include "command/command.h"
#include "commands/request.h"
#include "control/credential_sources.h"
#include "control/secret_file.h"
#include "control/value_json.h"
#include "output/table.h"
#include "output/whole_file.h"

#define LINE_BYTES_MAX 2048

struct keys_options {
    struct optional_number bytes;
    const char *output;
    bool any_mode;
};

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
     .help = "genpsk: add the line to FILE, which is made with mode 600"},
    {.name = "insecure-permissions",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct keys_options, any_mode),
     .help = "take a file that others may read"},
    {.name = NULL},
};

static int fail(const struct invocation *invocation, const struct control_outcome *failure)
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
        return fail(invocation, &failure);
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

static int deliver(const struct invocation *invocation, const struct lwm2m_psk *psk,
                   struct lwm2m_bytes line)
{
    const struct keys_options *given = invocation->options;
    FILE *results = invocation->printer->results;
    if (given->output != NULL) {
        return add_line(invocation, psk, line);
    }
    bool good = fwrite(line.data, 1, line.length, results) == line.length &&
                fputc('\n', results) != EOF && fflush(results) == 0;
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
        exit = deliver(invocation, &psk, lwm2m_buffer_bytes(&line));
    }
    explicit_bzero(key, sizeof(key));
    explicit_bzero(memory, sizeof(memory));
    return exit;
}

/* ---- show ---- */

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

static int show(const struct invocation *invocation)
{
    const struct keys_options *given = invocation->options;
    const char *path = invocation->arguments[0];
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    struct lwm2m_host_port host;
    struct lwm2m_bytes text;
    if (!secret_file_read(path, given->any_mode, &text, &failure)) {
        return fail(invocation, &failure);
    }
    lwm2m_host_port_init(&host, NULL, NULL);
    struct lwm2m_credentials *credentials = credentials_parse(path, text, &host.port, &failure);
    int exit = credentials != NULL ? list_file(invocation, text) : fail(invocation, &failure);
    lwm2m_credentials_release(credentials);
    lwm2m_host_port_release(&host);
    secret_file_release(&text);
    return exit;
}

static const struct argument_definition file[] = {
    {.kind = ARGUMENT_FILE},
    {.kind = ARGUMENT_END},
};

static const struct command_action actions[] = {
    {"genpsk", "IDENTITY [ENDPOINT]", "Make a pre-shared key", 1, 2, NULL, genpsk},
    {"show", "FILE", "List the identities of a file, and check it", 1, 1, file, show},
    {.name = NULL},
};

const struct command command_keys = {
    .name = "keys",
    .summary = "Make keys, and look at files of keys",
    .synopsis = "keys genpsk IDENTITY [ENDPOINT] [-o FILE] | show FILE",
    .examples = {"lwm2m keys genpsk dev-1 -o devices.psk", "lwm2m keys show devices.psk"},
    .options = options,
    .options_size = sizeof(struct keys_options),
    .actions = actions,
};
