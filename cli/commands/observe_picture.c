/*
 * Draws all observed values, again when one changes or the terminal is resized.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/observe_picture.h"

#include <stdlib.h>

#include "commands/request.h"
#include "output/screen.h"
#include "session/interrupt.h"

/* Where there is no terminal, what stands for its width. */
#define COLUMNS_WITHOUT_TERMINAL 120

static bool print_values(const struct picture *picture, size_t count, size_t columns)
{
    struct table *table = picture->table(picture->printer, &picture->values, count, columns);
    if (table == NULL) {
        print_errorf(picture->printer, "out of memory");
        return false;
    }
    bool good = table_print(table);
    table_free(table);
    return good;
}

/* The titles take a line, and so does the cursor; what has no room is counted. */
static bool draw(const struct picture *picture)
{
    FILE *results = picture->printer->results;
    size_t rows, columns;
    screen_size(picture->printer, &rows, &columns);
    size_t room = rows > 3 ? rows - 2 : 1;
    size_t count = picture->values.count;
    if (count > room) {
        count = room > 1 ? room - 1 : 1;
    }
    screen_clear(picture->printer);
    bool good = print_values(picture, count, columns);
    if (count < picture->values.count && rows > 3) {
        fprintf(results, "%s%zu more%s\n", colour_begin(picture->printer, COLOUR_FAINT),
                picture->values.count - count, colour_end(picture->printer));
    }
    return fflush(results) == 0 && good;
}

static void redraw(void *context)
{
    (void)draw(context); /* a terminal that has gone shows at the next value */
}

int picture_begin(const struct printer *printer, picture_table *table, void **state)
{
    struct picture *picture = calloc(1, sizeof(*picture));
    if (picture == NULL) {
        print_errorf(printer, "out of memory");
        return EXIT_CODE_IO;
    }
    picture->printer = printer;
    picture->table = table;
    picture->live = printer->form == OUTPUT_TABLE && screen_usable(printer);
    if (picture->live) {
        interrupt_on_resize(redraw, picture);
    }
    *state = picture;
    return EXIT_CODE_OK;
}

int picture_take(void *state, const struct printer *printer, const cJSON *result,
                 const char *printed)
{
    struct picture *picture = state;
    if (!observed_values_take(&picture->values, result, printed)) {
        print_errorf(printer, "out of memory");
        return EXIT_CODE_IO;
    }
    bool whole = picture->live && !result_flag(result, "more");
    return !whole || draw(picture) ? EXIT_CODE_OK : EXIT_CODE_IO;
}

int picture_end(void *state, const struct printer *printer, int exit)
{
    struct picture *picture = state;
    (void)printer;
    (void)exit;
    interrupt_on_resize(NULL, NULL);
    bool good =
        picture->live || print_values(picture, picture->values.count, COLUMNS_WITHOUT_TERMINAL);
    observed_values_release(&picture->values);
    free(picture);
    return good ? EXIT_CODE_OK : EXIT_CODE_IO;
}
