/*
 * Asks the terminal, and clears it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/screen.h"

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

void screen_clear(const struct printer *printer)
{
    fputs("\033[H\033[2J", printer->results);
}

size_t text_width(const char *text)
{
    mbstate_t state = {0};
    size_t width = 0;
    size_t left = strlen(text);
    while (left > 0) {
        wchar_t character;
        size_t length = mbrtowc(&character, text, left, &state);
        if (length == (size_t)-1 || length == (size_t)-2) {
            return width + left;
        }
        int columns = wcwidth(character);
        width += columns > 0 ? (size_t)columns : 0;
        text += length;
        left -= length;
    }
    return width;
}
