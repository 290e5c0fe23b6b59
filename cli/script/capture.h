/*
 * A stream that keeps what a command prints, and passes it on at once if it may.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SCRIPT_CAPTURE_H
#define SCRIPT_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What is kept of one command; the rest is only passed on. */
#define CAPTURE_BYTES_MAX (256 * 1024)

struct capture {
    FILE *stream; /* to be written to; NULL while closed */
    FILE *onward; /* NULL: nowhere */
    char *text;   /* ended by NUL; what is kept */
    size_t length, capacity;
};

/* onward is borrowed. False if there is no memory. */
bool capture_open(struct capture *capture, FILE *onward);
/* Ends the stream; the text stays. Zeroed captures are allowed. */
void capture_close(struct capture *capture);
/* Closes and frees. */
void capture_release(struct capture *capture);

/* The same for bytes that come from elsewhere. */
void capture_add(struct capture *capture, const char *bytes, size_t length);

#endif
