/*
 * Conditions on values, such as "/3/0/13>0": what `wait` waits for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_CONDITION_H
#define SERVICE_CONDITION_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include <lwm2m/value.h>

enum comparison {
    COMPARISON_EQUAL,
    COMPARISON_NOT_EQUAL,
    COMPARISON_LESS,
    COMPARISON_AT_MOST,
    COMPARISON_GREATER,
    COMPARISON_AT_LEAST,
    COMPARISON_MATCHES, /* an extended POSIX regular expression */
};

/* Zeroed memory is one that nothing has to be freed of. */
struct condition {
    char *path; /* as it was written */
    char *operand;
    enum comparison comparison;
    bool compiled;
    regex_t expression;
};

/*
 * Reads PATH OPERATOR VALUE, where OPERATOR is == != < <= > >= or ~, without regard to blanks
 * around it. False with a message.
 */
bool condition_parse(const char *text, struct condition *condition, char *message,
                     size_t message_size);
void condition_release(struct condition *condition);

/*
 * Compares a value: numbers as numbers (also a string that is one, with < and its like), times as
 * times, everything else as the text that people see.
 */
bool condition_holds(const struct condition *condition, const struct lwm2m_value *value);

#endif
