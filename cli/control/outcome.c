/*
 * Sets outcomes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/outcome.h"

#include <stdarg.h>
#include <stdio.h>

void control_fail(struct control_outcome *outcome, enum exit_code exit, const char *hint,
                  const char *format, ...)
{
    outcome->exit = exit;
    snprintf(outcome->hint, sizeof(outcome->hint), "%s", hint != NULL ? hint : "");
    va_list list;
    va_start(list, format);
    vsnprintf(outcome->message, sizeof(outcome->message), format, list);
    va_end(list);
}
