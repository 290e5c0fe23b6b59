/*
 * Finds the nearest match to a mistyped word by Levenshtein distance.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "argv/nearest.h"

#include <stdint.h>
#include <string.h>

/* Longer words are not compared: nobody mistypes them by a letter or two. */
#define WORD_MAX 64

void nearest_init(struct nearest *nearest, const char *word)
{
    *nearest = (struct nearest){.word = word, .best = NULL, .distance = SIZE_MAX};
}

static size_t least_of(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

static size_t distance_between(const char *a, const char *b)
{
    size_t row[WORD_MAX + 1];
    size_t b_length = strlen(b);
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            row[j] = least_of(row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_length];
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
    size_t word_length = strlen(nearest->word);
    if (word_length > WORD_MAX || strlen(candidate) > WORD_MAX) {
        return;
    }
    size_t distance = distance_between(nearest->word, candidate);
    size_t most = word_length < 4 ? 1 : word_length / 3 + 1;
    /* A word that was broken off is meant, however much of it is missing. */
    if (word_length >= 3 && strncmp(nearest->word, candidate, word_length) == 0) {
        distance = 1;
    }
    if (distance <= most && distance < nearest->distance) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}
