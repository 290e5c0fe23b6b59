/*
 * One line about what happened meanwhile: an event of a registration, or a value that was watched.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SHELL_NOTICE_H
#define SHELL_NOTICE_H

#include <cjson/cJSON.h>

#include "output/printer.h"

/* A member of a result; "" where it is missing. */
const char *notice_member(const cJSON *result, const char *name);

/*
 * The line for a result of the operations events and observe, safe to show, without its end. The
 * caller frees it; NULL if there is no memory.
 */
char *notice_text_new(const struct printer *printer, const cJSON *result, const char *printed);

#endif
