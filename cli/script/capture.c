/*
 * Keeps what commands print.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "script/capture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static void keep(struct capture *capture, const char *bytes, size_t length)
{
    size_t room = CAPTURE_BYTES_MAX - capture->length;
    if (length > room) {
        length = room;
    }
    if (capture->length + length + 1 > capture->capacity) {
        size_t capacity = (capture->length + length + 1) * 2;
        char *grown = realloc(capture->text, capacity);
        if (grown == NULL) {
            return;
        }
        capture->text = grown;
        capture->capacity = capacity;
    }
    memcpy(capture->text + capture->length, bytes, length);
    capture->length += length;
    capture->text[capture->length] = '\0';
}

/* A reader of ours that is gone is a failed write for the command, too. */
static ssize_t take_bytes(void *cookie, const char *bytes, size_t length)
{
    struct capture *capture = cookie;
    if (capture->onward != NULL &&
        (fwrite(bytes, 1, length, capture->onward) != length || fflush(capture->onward) != 0)) {
        return 0;
    }
    keep(capture, bytes, length);
    return (ssize_t)length;
}

bool capture_open(struct capture *capture, FILE *onward)
{
    static const cookie_io_functions_t functions = {.write = take_bytes};
    *capture = (struct capture){.onward = onward};
    capture->text = calloc(1, 1);
    capture->stream = capture->text != NULL ? fopencookie(capture, "w", functions) : NULL;
    if (capture->stream == NULL) {
        free(capture->text);
        capture->text = NULL;
        return false;
    }
    capture->capacity = 1;
    setvbuf(capture->stream, NULL, _IOLBF, 0);
    return true;
}

void capture_close(struct capture *capture)
{
    if (capture->stream != NULL) {
        fclose(capture->stream);
        capture->stream = NULL;
    }
}

void capture_release(struct capture *capture)
{
    capture_close(capture);
    free(capture->text);
    *capture = (struct capture){0};
}

void capture_add(struct capture *capture, const char *bytes, size_t length)
{
    (void)take_bytes(capture, bytes, length);
}
