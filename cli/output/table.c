/*
 * Prints tables and trees.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/screen.h"

#define COLUMNS_MAX 16

struct table {
    const struct printer *printer;
    const struct table_column *columns;
    struct libscols_table *cells;
    size_t column_count;
    struct libscols_line **lines;
    size_t line_count;
    bool headings;
    bool failed;
};

static bool add_columns(struct table *table, const struct table_column *columns)
{
    for (; columns->title != NULL && table->column_count < COLUMNS_MAX; columns++) {
        int flags = columns->right ? SCOLS_FL_RIGHT : 0;
        flags |= columns->tree ? SCOLS_FL_TREE : 0;
        /* A title that is not shown would still widen its column. */
        bool shown = table->headings || table->printer->form != OUTPUT_TABLE;
        if (scols_table_new_column(table->cells, shown ? columns->title : "", 0, flags) == NULL) {
            return false;
        }
        table->column_count++;
    }
    return true;
}

struct table *table_new(const struct printer *printer, const struct table_column *columns,
                        bool headings)
{
    struct table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        return NULL;
    }
    table->printer = printer;
    table->columns = columns;
    table->headings = headings;
    table->cells = scols_new_table();
    if (table->cells == NULL || !add_columns(table, columns)) {
        table_free(table);
        return NULL;
    }
    scols_table_enable_noheadings(table->cells, !headings);
    scols_table_enable_noencoding(table->cells, 1); /* table_set has made the text safe */
    scols_table_enable_colors(table->cells, printer->colour_results);
    scols_table_enable_ascii(table->cells, !printer->utf8);
    return table;
}

void table_free(struct table *table)
{
    if (table == NULL) {
        return;
    }
    scols_unref_table(table->cells);
    free(table->lines);
    free(table);
}

size_t table_add(struct table *table, size_t parent)
{
    struct libscols_line *above = parent > 0 ? table->lines[parent - 1] : NULL;
    struct libscols_line **grown =
        realloc(table->lines, (table->line_count + 1) * sizeof(*table->lines));
    if (grown == NULL) {
        table->failed = true;
        return 0;
    }
    table->lines = grown;
    struct libscols_line *line = scols_table_new_line(table->cells, above);
    if (line == NULL) {
        table->failed = true;
        return 0;
    }
    table->lines[table->line_count++] = line;
    return table->line_count;
}

static const char *colour_name(enum output_colour colour)
{
    switch (colour) {
    case COLOUR_GOOD:
        return "green";
    case COLOUR_BAD:
        return "red";
    case COLOUR_FAINT:
        return "\033[2m"; /* not a dark grey, which some terminals show black on black */
    default:
        return NULL;
    }
}

void table_set(struct table *table, size_t row, size_t column, const char *text,
               enum output_colour colour)
{
    if (row == 0 || text == NULL) {
        return;
    }
    struct libscols_cell *cell = scols_line_get_cell(table->lines[row - 1], column);
    char *safe = text_escape(text);
    if (cell == NULL || safe == NULL) {
        free(safe);
        table->failed = true;
        return;
    }
    scols_cell_refer_data(cell, safe); /* takes it */
    if (text[0] != '\0' && colour_name(colour) != NULL) {
        scols_cell_set_color(cell, colour_name(colour));
    }
}

/* One cell of CSV (RFC 4180). What a spreadsheet would take for a formula is made text by a quote.
 */
static void print_csv_cell(FILE *stream, const char *text)
{
    bool formula = text[0] != '\0' && strchr("=+-@", text[0]) != NULL;
    char *end;
    if (formula && (strtod(text, &end), *end == '\0')) {
        formula = false;
    }
    if (!formula && strpbrk(text, ",\"\n\r") == NULL) {
        fputs(text, stream);
        return;
    }
    fputc('"', stream);
    if (formula) {
        fputc('\'', stream);
    }
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            fputc('"', stream);
        }
        fputc(*text, stream);
    }
    fputc('"', stream);
}

bool row_print(const struct printer *printer, const char *const *fields, size_t count)
{
    bool csv = printer->form == OUTPUT_CSV;
    for (size_t i = 0; i < count; i++) {
        char *safe = text_escape(fields[i] != NULL ? fields[i] : "");
        const char *text = safe != NULL ? safe : "";
        if (i > 0) {
            fputc(csv ? ',' : '\t', printer->results);
        }
        if (csv) {
            print_csv_cell(printer->results, text);
        } else {
            fputs(text, printer->results);
        }
        free(safe);
    }
    fputs(csv ? "\r\n" : "\n", printer->results);
    return fflush(printer->results) == 0;
}

/* Cells apart by a separator: tabs for plain (no cell holds one, they are escaped), commas for CSV.
 */
static void print_line(const struct table *table, struct libscols_line *line)
{
    bool csv = table->printer->form == OUTPUT_CSV;
    FILE *stream = table->printer->results;
    for (size_t i = 0; i < table->column_count; i++) {
        struct libscols_cell *cell =
            line != NULL ? scols_line_get_cell(line, i)
                         : scols_column_get_header(scols_table_get_column(table->cells, i));
        const char *text = scols_cell_get_data(cell);
        if (i > 0) {
            fputc(csv ? ',' : '\t', stream);
        }
        if (csv) {
            print_csv_cell(stream, text != NULL ? text : "");
        } else {
            fputs(text != NULL ? text : "", stream);
        }
    }
    fputs(csv ? "\r\n" : "\n", stream);
}

static void print_separated(const struct table *table)
{
    if (table->printer->form == OUTPUT_CSV) {
        print_line(table, NULL);
    }
    for (size_t i = 0; i < table->line_count; i++) {
        print_line(table, table->lines[i]);
    }
}

/* libsmartcols pads the cells of the last columns: no line is to end in blanks. */
static void print_without_padding(FILE *stream, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        size_t shown = length;
        while (shown > 0 && text[shown - 1] == ' ') {
            shown--;
        }
        fwrite(text, 1, shown, stream);
        fputc('\n', stream);
        text += length + (text[length] == '\n');
    }
}

/* A branch of a tree stands before the text of each level but the first. */
#define BRANCH_COLUMNS 2

static size_t branches_before(const struct table *table, struct libscols_line *line, size_t column)
{
    size_t width = 0;
    while (table->columns[column].tree && (line = scols_line_get_parent(line)) != NULL) {
        width += BRANCH_COLUMNS;
    }
    return width;
}

static const char *text_of(struct libscols_cell *cell)
{
    const char *text = scols_cell_get_data(cell);
    return text != NULL ? text : "";
}

/* A table on its way to a terminal. A column that is left out has no width. */
struct fitting {
    struct table *table;
    size_t widths[COLUMNS_MAX]; /* of the columns */
    size_t leasts[COLUMNS_MAX]; /* what they can be cut to */
    size_t room;                /* of the terminal */
};

static void measure(struct fitting *fitting, size_t column)
{
    const struct table *table = fitting->table;
    const struct table_column *definition = &table->columns[column];
    struct libscols_cell *header =
        scols_column_get_header(scols_table_get_column(table->cells, column));
    size_t least = text_width(text_of(header));
    size_t widest = least;
    for (size_t i = 0; i < table->line_count; i++) {
        size_t width = text_width(text_of(scols_line_get_cell(table->lines[i], column))) +
                       branches_before(table, table->lines[i], column);
        widest = width > widest ? width : widest;
    }
    least = definition->least > least ? definition->least : least;
    bool is_cut = (definition->shrinks || definition->yields) && least < widest;
    fitting->widths[column] = widest;
    fitting->leasts[column] = is_cut ? least : widest;
}

/* The columns of a line: of what shrinks, what it keeps if `shrunk`. */
static size_t width_of_line(const struct fitting *fitting, bool shrunk)
{
    size_t width = 0;
    for (size_t i = 0; i < fitting->table->column_count; i++) {
        bool least = shrunk && fitting->table->columns[i].shrinks;
        size_t own = least ? fitting->leasts[i] : fitting->widths[i];
        width += own > 0 ? own + (width > 0) : 0;
    }
    return width;
}

/* Leaves out columns that may go, until the rest fits. */
static void leave_out(struct fitting *fitting)
{
    const struct table *table = fitting->table;
    unsigned last_rank = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        last_rank = table->columns[i].leaves > last_rank ? table->columns[i].leaves : last_rank;
    }
    for (unsigned rank = 1; rank <= last_rank; rank++) {
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].leaves == rank && width_of_line(fitting, true) > fitting->room) {
                struct libscols_column *column = scols_table_get_column(table->cells, i);
                scols_column_set_flags(column, scols_column_get_flags(column) | SCOLS_FL_HIDDEN);
                fitting->widths[i] = fitting->leasts[i] = 0;
            }
        }
    }
}

/* The widest column that can be cut, of those that yield or those that shrink; -1: none. */
static int widest_to_cut(const struct fitting *fitting, bool yielding)
{
    int widest = -1;
    for (size_t i = 0; i < fitting->table->column_count; i++) {
        bool is_cut = fitting->table->columns[i].yields == yielding &&
                      fitting->widths[i] > fitting->leasts[i];
        if (is_cut && (widest < 0 || fitting->widths[i] > fitting->widths[widest])) {
            widest = (int)i;
        }
    }
    return widest;
}

static void narrow(struct fitting *fitting)
{
    size_t width = width_of_line(fitting, false);
    for (; width > fitting->room; width--) {
        int column = widest_to_cut(fitting, false);
        column = column >= 0 ? column : widest_to_cut(fitting, true);
        if (column < 0) {
            return;
        }
        fitting->widths[column]--;
    }
}

/* Cuts the texts of a column that are longer than it is. */
static void cut_column(struct fitting *fitting, size_t column)
{
    struct table *table = fitting->table;
    for (size_t i = 0; i < table->line_count && fitting->widths[column] > 0; i++) {
        struct libscols_cell *cell = scols_line_get_cell(table->lines[i], column);
        size_t before = branches_before(table, table->lines[i], column);
        if (text_width(text_of(cell)) + before <= fitting->widths[column]) {
            continue;
        }
        size_t width = fitting->widths[column] > before ? fitting->widths[column] - before : 1;
        char *cut = text_cut(text_of(cell), width, table->printer->utf8 ? "…" : "~");
        if (cut == NULL || scols_cell_refer_data(cell, cut) != 0) {
            free(cut);
            table->failed = true;
        }
    }
}

/* Makes the table as wide as the terminal at most, as far as its columns let it. */
static void fit(struct table *table)
{
    struct fitting fitting = {
        .table = table,
        .room = scols_table_get_termwidth(table->cells),
    };
    for (size_t i = 0; i < table->column_count; i++) {
        measure(&fitting, i);
    }
    leave_out(&fitting);
    narrow(&fitting);
    for (size_t i = 0; i < table->column_count; i++) {
        cut_column(&fitting, i);
    }
}

static bool print_cells(struct table *table)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL) {
        return false;
    }
    scols_table_set_stream(table->cells, memory);
    bool good = scols_print_table(table->cells) == 0;
    good = fclose(memory) == 0 && good;
    if (good) {
        print_without_padding(table->printer->results, text);
    }
    free(text);
    return good;
}

bool table_print(struct table *table)
{
    if (table->printer->form != OUTPUT_TABLE && !table->failed) {
        print_separated(table);
        return true;
    }
    /* What is piped or saved is never cut. */
    if (isatty(fileno(table->printer->results)) && !table->failed) {
        fit(table);
    }
    scols_table_set_termforce(table->cells, SCOLS_TERMFORCE_NEVER);
    scols_table_enable_nowrap(table->cells, 1);
    if (table->failed || (table->line_count > 0 && !print_cells(table))) {
        print_errorf(table->printer, "out of memory");
        return false;
    }
    return true;
}
