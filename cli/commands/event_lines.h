/*
 * Prints what comes as it comes, each in the form that --as asks for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_EVENT_LINES_H
#define COMMANDS_EVENT_LINES_H

#include <cjson/cJSON.h>

#include "output/printer.h"

/* A part of a line for people. */
struct event_field {
    const char *text;
    int width; /* that it is filled up to, where the terminal has room for the line then */
};

/* What an event is besides JSON. */
struct event_texts {
    const struct event_field *fields; /* of a line for people, behind the time */
    size_t field_count;
    const char *const *cells; /* of a row of plain text or CSV */
    size_t cell_count;
};

/* Prints an event, with the texts escaped; false when stdout takes no more. */
bool event_print(const struct printer *printer, const cJSON *event,
                 const struct event_texts *texts);

#endif
