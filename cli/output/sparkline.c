/*
 * Scales numbers to bars.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/sparkline.h"

#include <string.h>

#define LEVELS 8

/* Halves, as the difference of two numbers may be more than a double holds. */
static size_t level_of(double value, double least, double greatest)
{
    double span = greatest / 2 - least / 2;
    if (!(span > 0)) {
        return LEVELS / 2 - 1;
    }
    double level = (value / 2 - least / 2) / span * LEVELS;
    return level >= LEVELS ? LEVELS - 1 : (size_t)level;
}

void sparkline_print(const double *values, size_t count, bool utf8, char *text)
{
    static const char *const bars[LEVELS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const marks[LEVELS] = {"_", ".", ":", "-", "=", "+", "*", "#"};
    double least = count > 0 ? values[0] : 0, greatest = least;
    for (size_t i = 1; i < count; i++) {
        least = values[i] < least ? values[i] : least;
        greatest = values[i] > greatest ? values[i] : greatest;
    }
    for (size_t i = 0; i < count; i++) {
        size_t level = level_of(values[i], least, greatest);
        const char *bar = utf8 ? bars[level] : marks[level];
        memcpy(text, bar, strlen(bar));
        text += strlen(bar);
    }
    *text = '\0';
}
