/*
 * A walk over CBOR that reads every head and skips what it announces: the least that any reading of
 * the bytes takes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>

#include "bench/parser.h"

#define BREAK 0xFF
#define INDEFINITE 31

/* Items follow each other, whatever contains them, so a walk needs no stack. */
static bool parse(struct lwm2m_bytes input)
{
    size_t at = 0;

    while (at < input.length) {
        uint8_t head = input.data[at++];
        unsigned major = head >> 5;
        uint64_t argument = head & 31u;
        if (head == BREAK || argument == INDEFINITE) {
            continue;
        }
        if (argument >= 24) {
            size_t size = (size_t)1 << (argument & 3u);
            if (argument > 27 || size > input.length - at) {
                return false;
            }
            for (argument = 0; size > 0; size--) {
                argument = argument << 8 | input.data[at++];
            }
        }
        if (major == 2 || major == 3) {
            if (argument > input.length - at) {
                return false;
            }
            at += (size_t)argument;
        }
    }
    return true;
}

const struct parser cbor_walk = {"raw walk", parse};
