/*
 * What a value is expected to be: --expect and its kin.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_EXPECTATION_H
#define COMMANDS_EXPECTATION_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "argv/options.h"
#include "output/printer.h"

struct expectation {
    const char *equal; /* the printed value */
    const char *unequal;
    const char *matching; /* POSIX extended regular expression */
    const char *least;    /* --ge */
    const char *most;     /* --le */
    const char *above;    /* --gt */
    const char *below;    /* --lt */
};

#define EXPECTATION_OPTION(type, member, field, option, text, words)                               \
    {                                                                                              \
        .name = (option), .kind = OPTION_TEXT, .offset = offsetof(type, member.field),             \
        .argument = (text), .help = (words)                                                        \
    }

#define EXPECTATION_OPTIONS(type, member)                                                          \
    EXPECTATION_OPTION(type, member, equal, "expect", "VALUE", "exit 1 unless it is this"),        \
        EXPECTATION_OPTION(type, member, unequal, "expect-not", "VALUE", "exit 1 if it is this"),  \
        EXPECTATION_OPTION(type, member, matching, "expect-re", "REGEX",                           \
                           "exit 1 unless it matches"),                                            \
        EXPECTATION_OPTION(type, member, least, "ge", "N", "exit 1 unless it is N or more"),       \
        EXPECTATION_OPTION(type, member, most, "le", "N", "exit 1 unless it is N or less"),        \
        EXPECTATION_OPTION(type, member, above, "gt", "N", "exit 1 unless it is more than N"),     \
        EXPECTATION_OPTION(type, member, below, "lt", "N", "exit 1 unless it is less than N")

bool expectation_is_given(const struct expectation *expectation);

/* EXIT_CODE_OK, or EXIT_CODE_USAGE after a message if a number or a regular expression is none. */
int expectation_check(const struct expectation *expectation, const struct printer *printer);

/* Whether a value meets all that is expected; says so on stderr if not. */
bool expectation_holds(const struct expectation *expectation, const struct printer *printer,
                       const cJSON *result, const char *printed);

#endif
