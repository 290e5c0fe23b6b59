/*
 * Numbers as a line of small bars.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OUTPUT_SPARKLINE_H
#define OUTPUT_SPARKLINE_H

#include <stdbool.h>
#include <stddef.h>

/* What a number takes at most, and the NUL behind them all. */
#define SPARKLINE_BYTES(count) ((count)*3 + 1)

/*
 * Prints count finite numbers as ▁▂▃▄▅▆▇█, or without utf8 as _.:-=+*#: the least as the first, the
 * greatest as the last, all as the middle where there is no difference.
 */
void sparkline_print(const double *values, size_t count, bool utf8, char *text);

#endif
