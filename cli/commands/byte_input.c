/*
 * Reads bytes from arguments, files and standard input.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/byte_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/byte_text.h"

static int fail_io(const struct printer *printer, const char *name, FILE *file, uint8_t *bytes)
{
    print_errorf(printer, "cannot read %s: %s", name, strerror(errno));
    if (file != NULL && file != stdin) {
        fclose(file);
    }
    free(bytes);
    return EXIT_CODE_IO;
}

/* Grows by doubling: what comes through a pipe has no size. */
static int read_file(const struct printer *printer, const char *name, uint8_t **data,
                     size_t *length)
{
    bool standard = strcmp(name, "-") == 0;
    FILE *file = standard ? stdin : fopen(name, "rb");
    size_t capacity = 4096;
    uint8_t *bytes = NULL;
    size_t count = 0;
    while (file != NULL) {
        uint8_t *grown = realloc(bytes, capacity);
        if (grown == NULL) {
            return fail_io(printer, name, file, bytes);
        }
        bytes = grown;
        count += fread(bytes + count, 1, capacity - count, file);
        if (count < capacity || count > BYTE_INPUT_MAX) {
            break;
        }
        capacity *= 2;
    }
    if (file == NULL || ferror(file)) {
        return fail_io(printer, name, file, bytes);
    }
    if (!standard) {
        fclose(file);
    }
    if (count > BYTE_INPUT_MAX) {
        print_errorf(printer, "%s is larger than %d MiB", name, BYTE_INPUT_MAX >> 20);
        free(bytes);
        return EXIT_CODE_USAGE;
    }
    *data = bytes;
    *length = count;
    return EXIT_CODE_OK;
}

static char *join_words(const struct invocation *invocation)
{
    size_t size = 1;
    for (int i = 0; i < invocation->argument_count; i++) {
        size += strlen(invocation->arguments[i]) + 1;
    }
    char *text = malloc(size);
    char *at = text;
    for (int i = 0; text != NULL && i < invocation->argument_count; i++) {
        at = stpcpy(stpcpy(at, invocation->arguments[i]), " ");
    }
    return text;
}

/* Replaces text by the bytes that it stands for; false with *fault if it is none. */
static bool parse_in_place(uint8_t *text, size_t *length, struct lwm2m_fault *fault)
{
    struct lwm2m_buffer out;
    uint8_t *memory = malloc(*length + 1);
    lwm2m_buffer_init(&out, memory, memory != NULL ? *length : 0);
    bool good = byte_text_parse((struct lwm2m_bytes){text, *length}, &out, fault) &&
                lwm2m_buffer_check(&out) == LWM2M_OK;
    if (good && out.length > 0) {
        memcpy(text, out.data, out.length);
        *length = out.length;
    } else if (good) {
        *length = 0;
    }
    free(memory);
    return good;
}

static int read_words(const struct invocation *invocation, uint8_t **data, size_t *length)
{
    struct lwm2m_fault fault = {.reason = "out of memory"};
    char *text = join_words(invocation);
    *length = text != NULL ? strlen(text) : 0;
    if (text == NULL || !parse_in_place((uint8_t *)text, length, &fault)) {
        print_errorf(invocation->printer, "character %zu: %s", fault.offset + 1, fault.reason);
        print_note(invocation->printer, 0,
                   "  bytes are hexadecimal digits, b64:…, @FILE, or - for standard input");
        free(text);
        return EXIT_CODE_USAGE;
    }
    *data = (uint8_t *)text;
    return EXIT_CODE_OK;
}

int byte_input_read(const struct invocation *invocation, bool raw, uint8_t **data, size_t *length)
{
    const char *word = invocation->argument_count > 0 ? invocation->arguments[0] : "-";
    bool is_file = word[0] == '@' || strcmp(word, "-") == 0;
    *data = NULL;
    if (!is_file) {
        return read_words(invocation, data, length);
    }
    if (invocation->argument_count > 1) {
        print_errorf(invocation->printer, "'%s' is one argument too many",
                     invocation->arguments[1]);
        return EXIT_CODE_USAGE;
    }
    int exit = read_file(invocation->printer, word[0] == '@' ? word + 1 : word, data, length);
    if (exit == EXIT_CODE_OK && !raw) {
        struct lwm2m_fault fault;
        (void)parse_in_place(*data, length, &fault); /* else they are the bytes themselves */
    }
    return exit;
}
