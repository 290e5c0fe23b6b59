/*
 * Reads durations and sizes with their units.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "argv/options.h"

struct unit {
    const char *name;
    double factor;
};

static const struct unit duration_units[] = {
    {"", 1000.0},     {"ms", 1.0},      {"s", 1000.0},     {"m", 60000.0},
    {"min", 60000.0}, {"h", 3600000.0}, {"d", 86400000.0}, {NULL, 0},
};

static const struct unit size_units[] = {
    {"", 1},
    {"B", 1},
    {"k", 1e3},
    {"kB", 1e3},
    {"K", 1e3},
    {"KB", 1e3},
    {"M", 1e6},
    {"MB", 1e6},
    {"G", 1e9},
    {"GB", 1e9},
    {"KiB", 1024.0},
    {"MiB", 1048576.0},
    {"GiB", 1073741824.0},
    {NULL, 0},
};

static bool quantity_parse(const char *text, const struct unit *units, int64_t *quantity)
{
    /* strtod would also take "0x10", "inf", blanks and signs. */
    size_t digits = strspn(text, "0123456789.");
    if (digits == 0 || text[0] == '.') {
        return false;
    }
    char *end;
    double number = strtod(text, &end);
    if (end != text + digits) {
        return false;
    }
    for (; units->name != NULL; units++) {
        if (strcmp(end, units->name) == 0) {
            double scaled = number * units->factor;
            if (!(scaled < 9e15)) { /* beyond it, doubles skip whole numbers */
                return false;
            }
            *quantity = (int64_t)(scaled + 0.5);
            return true;
        }
    }
    return false;
}

bool duration_parse(const char *text, int64_t *milliseconds)
{
    return quantity_parse(text, duration_units, milliseconds);
}

bool size_parse(const char *text, int64_t *bytes)
{
    return quantity_parse(text, size_units, bytes);
}
