/*
 * Compares values with what is expected of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/expectation.h"

#include <regex.h>
#include <string.h>

#include <lwm2m/number.h>

#include "commands/request.h"

/* The four comparisons, in one table. */
struct comparison {
    const char *option;
    const char *bound;
    bool if_less, if_equal, if_greater; /* value against bound: which of them hold */
};

#define COMPARISONS 4

static void comparisons_of(const struct expectation *expectation,
                           struct comparison table[COMPARISONS])
{
    table[0] = (struct comparison){"ge", expectation->least, false, true, true};
    table[1] = (struct comparison){"le", expectation->most, true, true, false};
    table[2] = (struct comparison){"gt", expectation->above, false, false, true};
    table[3] = (struct comparison){"lt", expectation->below, true, false, false};
}

/* A number as both: integers are compared exactly, everything else as double. */
struct number {
    bool integer;
    int64_t whole;
    double value;
};

static bool number_parse(const char *text, struct number *number)
{
    struct lwm2m_bytes bytes = lwm2m_bytes_from_text(text);
    if (lwm2m_number_parse_signed(bytes, &number->whole) == LWM2M_OK) {
        number->integer = true;
        number->value = (double)number->whole;
        return true;
    }
    number->integer = false;
    return lwm2m_number_parse_double(bytes, &number->value) == LWM2M_OK;
}

static int compare(const struct number *a, const struct number *b)
{
    if (a->integer && b->integer) {
        return (a->whole > b->whole) - (a->whole < b->whole);
    }
    return (a->value > b->value) - (a->value < b->value);
}

bool expectation_is_given(const struct expectation *expectation)
{
    static const struct expectation none;
    return memcmp(expectation, &none, sizeof(none)) != 0;
}

int expectation_check(const struct expectation *expectation, const struct printer *printer)
{
    struct comparison table[COMPARISONS];
    comparisons_of(expectation, table);
    for (size_t i = 0; i < COMPARISONS; i++) {
        struct number number;
        if (table[i].bound != NULL && !number_parse(table[i].bound, &number)) {
            print_errorf(printer, "--%s: '%s' is not a number", table[i].option, table[i].bound);
            return EXIT_CODE_USAGE;
        }
    }
    if (expectation->matching != NULL) {
        regex_t regex;
        char reason[128];
        int error = regcomp(&regex, expectation->matching, REG_EXTENDED | REG_NOSUB);
        if (error != 0) {
            regerror(error, &regex, reason, sizeof(reason));
            print_errorf(printer, "--expect-re: '%s': %s", expectation->matching, reason);
            return EXIT_CODE_USAGE;
        }
        regfree(&regex);
    }
    return EXIT_CODE_OK;
}

static bool matches(const char *expression, const char *text)
{
    regex_t regex;
    if (regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB) != 0) {
        return false;
    }
    bool found = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

static bool unmet(const struct printer *printer, const cJSON *result, const char *printed,
                  const char *word, const char *wanted)
{
    print_errorf(printer, "%s: %s is '%s', expected %s'%s'", result_text(result, "ep"),
                 result_text(result, "path"), printed, word, wanted);
    return false;
}

static bool numbers_hold(const struct expectation *expectation, const struct printer *printer,
                         const cJSON *result, const char *printed)
{
    static const char *const words[COMPARISONS] = {"at least ", "at most ", "more than ",
                                                   "less than "};
    struct comparison table[COMPARISONS];
    comparisons_of(expectation, table);
    for (size_t i = 0; i < COMPARISONS; i++) {
        struct number value;
        struct number bound;
        if (table[i].bound == NULL) {
            continue;
        }
        if (!number_parse(printed, &value) || !number_parse(table[i].bound, &bound)) {
            print_errorf(printer, "%s: %s is '%s', which is not a number",
                         result_text(result, "ep"), result_text(result, "path"), printed);
            return false;
        }
        int order = compare(&value, &bound);
        bool holds = order < 0   ? table[i].if_less
                     : order > 0 ? table[i].if_greater
                                 : table[i].if_equal;
        if (!holds) {
            return unmet(printer, result, printed, words[i], table[i].bound);
        }
    }
    return true;
}

bool expectation_holds(const struct expectation *expectation, const struct printer *printer,
                       const cJSON *result, const char *printed)
{
    if (printed == NULL) {
        printed = "";
    }
    if (expectation->equal != NULL && strcmp(expectation->equal, printed) != 0) {
        return unmet(printer, result, printed, "", expectation->equal);
    }
    if (expectation->unequal != NULL && strcmp(expectation->unequal, printed) == 0) {
        return unmet(printer, result, printed, "anything but ", expectation->unequal);
    }
    if (expectation->matching != NULL && !matches(expectation->matching, printed)) {
        return unmet(printer, result, printed, "a match of ", expectation->matching);
    }
    return numbers_hold(expectation, printer, result, printed);
}
