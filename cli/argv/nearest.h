/*
 * The nearest match to a mistyped word.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ARGV_NEAREST_H
#define ARGV_NEAREST_H

#include <stddef.h>

/* Remembers the candidate nearest to a word, if any is near enough to be meant. */
struct nearest {
    const char *word;
    const char *best; /* NULL: none is near */
    size_t distance;
};

void nearest_init(struct nearest *nearest, const char *word);
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
