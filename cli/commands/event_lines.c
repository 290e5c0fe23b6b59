/*
 * Prints what comes as it comes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/event_lines.h"

#include <stdlib.h>

#include "commands/request.h"
#include "output/screen.h"
#include "output/table.h"

#define FIELDS_MAX 8
/* Between the parts of a line. */
#define GAP 2

static int padding_of(const struct event_field *field, const char *safe)
{
    int width = (int)text_width(safe);
    return field->width > width ? field->width - width : 0;
}

static bool print_line(const struct printer *printer, const cJSON *event,
                       const struct event_texts *texts)
{
    char time[EVENT_TIME_MAX];
    char *safe[FIELDS_MAX] = {NULL};
    event_time_print(event, time);
    size_t width = text_width(time);
    for (size_t i = 0; i < texts->field_count && i < FIELDS_MAX; i++) {
        safe[i] = text_escape(texts->fields[i].text);
        if (safe[i] != NULL) {
            width += GAP + text_width(safe[i]) + (size_t)padding_of(&texts->fields[i], safe[i]);
        }
    }
    bool padded = width <= screen_line_columns(printer);
    fprintf(printer->results, "%s%s%s", colour_begin(printer, COLOUR_FAINT), time,
            colour_end(printer));
    int padding = 0;
    for (size_t i = 0; i < texts->field_count && i < FIELDS_MAX; i++) {
        const char *text = safe[i] != NULL ? safe[i] : "";
        fprintf(printer->results, "%*s%s", padding + GAP, "", text);
        padding = padded ? padding_of(&texts->fields[i], text) : 0;
        free(safe[i]);
    }
    fputc('\n', printer->results);
    return fflush(printer->results) == 0;
}

bool event_print(const struct printer *printer, const cJSON *event, const struct event_texts *texts)
{
    switch (printer->form) {
    case OUTPUT_JSON:
        return print_json_line(printer, event);
    case OUTPUT_TABLE:
        return print_line(printer, event, texts);
    default:
        return row_print(printer, texts->cells, texts->cell_count);
    }
}
