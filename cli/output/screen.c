/*
 * Asks the terminal, and clears it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/screen.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "output/environment.h"

bool screen_usable(const struct printer *printer)
{
    const char *terminal = environment("TERM");
    return isatty(fileno(printer->results)) && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

void screen_size(const struct printer *printer, size_t *rows, size_t *columns)
{
    struct winsize size = {0};
    (void)ioctl(fileno(printer->results), TIOCGWINSZ, &size);
    *rows = size.ws_row > 0 ? size.ws_row : 24;
    *columns = size.ws_col > 0 ? size.ws_col : 80;
}

size_t screen_line_columns(const struct printer *printer)
{
    struct winsize size;
    bool known = ioctl(fileno(printer->results), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : SIZE_MAX;
}

void screen_clear(const struct printer *printer)
{
    fputs("\033[H\033[2J", printer->results);
}

/* The bytes of the character at text, which has some; *columns is what it takes. A byte that is no
 * character of the locale takes one. */
static size_t character_at(const char *text, size_t *columns)
{
    mbstate_t state = {0};
    wchar_t character;
    size_t length = mbrtowc(&character, text, strlen(text), &state);
    if (length == 0 || length == (size_t)-1 || length == (size_t)-2) {
        *columns = 1;
        return 1;
    }
    int width = wcwidth(character);
    *columns = width > 0 ? (size_t)width : 0;
    return length;
}

size_t text_width(const char *text)
{
    size_t width = 0;
    while (*text != '\0') {
        size_t columns;
        text += character_at(text, &columns);
        width += columns;
    }
    return width;
}

char *text_cut(const char *text, size_t columns, const char *mark)
{
    const char *end = text;
    size_t width = 0, own;
    if (text_width(text) <= columns) {
        return strdup(text);
    }
    for (size_t length; (length = character_at(end, &own)), width + own < columns; end += length) {
        width += own;
    }
    while (end > text && ((unsigned char)*end & 0xc0) == 0x80) {
        end--; /* the locale may not know UTF-8: no half of a character */
    }
    char *cut;
    return asprintf(&cut, "%.*s%s", (int)(end - text), text, mark) >= 0 ? cut : NULL;
}
