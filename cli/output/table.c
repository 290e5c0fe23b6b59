/*
 * Prints tables and trees.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    for (; columns->title != NULL; columns++) {
        int flags = columns->right ? SCOLS_FL_RIGHT : 0;
        flags |= columns->shrinks ? SCOLS_FL_TRUNC : 0;
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

/* Characters; none that takes two columns stands in what these tables show. */
static size_t width_of(struct libscols_cell *cell)
{
    size_t width = 0;
    const char *text = scols_cell_get_data(cell);
    for (; text != NULL && *text != '\0'; text++) {
        width += (*text & 0xc0) != 0x80;
    }
    return width;
}

/* What a column takes, at least if it shrinks. */
static size_t width_of_column(const struct table *table, size_t column)
{
    size_t widest = width_of(scols_column_get_header(scols_table_get_column(table->cells, column)));
    size_t most = table->columns[column].shrinks ? table->columns[column].least : SIZE_MAX;
    for (size_t i = 0; i < table->line_count; i++) {
        size_t width = width_of(scols_line_get_cell(table->lines[i], column));
        width = width < most ? width : most;
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* Leaves out columns that may go, until the rest fits the terminal. */
static void fit_columns(struct table *table)
{
    size_t room = scols_table_get_termwidth(table->cells);
    size_t width = 0;
    unsigned last_rank = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        width += width_of_column(table, i) + 1;
        last_rank = table->columns[i].leaves > last_rank ? table->columns[i].leaves : last_rank;
    }
    for (unsigned rank = 1; rank <= last_rank; rank++) {
        for (size_t i = 0; i < table->column_count && width > room + 1; i++) {
            if (table->columns[i].leaves == rank) {
                struct libscols_column *column = scols_table_get_column(table->cells, i);
                scols_column_set_flags(column, scols_column_get_flags(column) | SCOLS_FL_HIDDEN);
                width -= width_of_column(table, i) + 1;
            }
        }
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
    if (table->failed) {
        print_errorf(table->printer, "out of memory");
        return false;
    }
    if (table->printer->form != OUTPUT_TABLE) {
        print_separated(table);
        return true;
    }
    /* What is piped or saved is never cut. */
    if (isatty(fileno(table->printer->results))) {
        scols_table_set_termforce(table->cells, SCOLS_TERMFORCE_AUTO);
        fit_columns(table);
    } else {
        scols_table_set_termforce(table->cells, SCOLS_TERMFORCE_NEVER);
        scols_table_enable_nowrap(table->cells, 1);
    }
    if (table->line_count > 0 && !print_cells(table)) {
        print_errorf(table->printer, "out of memory");
        return false;
    }
    return true;
}
