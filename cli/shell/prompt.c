/*
 * Makes up the prompt.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/prompt.h"

#include <stdlib.h>
#include <string.h>

/* Of a name, so that room for the command is left at 80 columns. */
#define NAME_BYTES_MAX 32

/* Around what takes no column on the terminal (readline's RL_PROMPT_START_IGNORE and END). */
#define UNSEEN_BEGIN "\001"
#define UNSEEN_END "\002"

static const struct {
    const char *utf8, *ascii;
    enum output_colour colour;
} signs[] = {
    [PRESENCE_UNKNOWN] = {"?", "?", COLOUR_FAINT}, [PRESENCE_UP] = {"●", "*", COLOUR_GOOD},
    [PRESENCE_ASLEEP] = {"◐", "~", COLOUR_FAINT},  [PRESENCE_GONE] = {"○", "-", COLOUR_BAD},
    [PRESENCE_NO_SERVER] = {"✗", "x", COLOUR_BAD},
};

/* How much of a name is shown: whole characters only. */
static size_t shown_length(const char *name)
{
    size_t length = strlen(name);
    if (length <= NAME_BYTES_MAX) {
        return length;
    }
    length = NAME_BYTES_MAX;
    while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80) {
        length--;
    }
    return length;
}

static void print_sign(const struct printer *printer, enum presence presence, char text[48])
{
    const char *sign = printer->utf8 ? signs[presence].utf8 : signs[presence].ascii;
    if (printer->colour_results) {
        snprintf(text, 48, UNSEEN_BEGIN "%s" UNSEEN_END "%s" UNSEEN_BEGIN "%s" UNSEEN_END,
                 colour_begin(printer, signs[presence].colour), sign, colour_end(printer));
    } else {
        snprintf(text, 48, "%s", sign);
    }
}

void prompt_print(const struct printer *printer, const char *endpoint, enum presence presence,
                  char text[PROMPT_TEXT_MAX])
{
    char sign[48];
    print_sign(printer, presence, sign);
    if (endpoint == NULL) {
        if (presence == PRESENCE_NO_SERVER) {
            snprintf(text, PROMPT_TEXT_MAX, "lwm2m[%s]> ", sign);
        } else {
            snprintf(text, PROMPT_TEXT_MAX, "lwm2m> ");
        }
        return;
    }
    char *safe = text_escape(endpoint);
    const char *name = safe != NULL ? safe : "?";
    size_t length = shown_length(name);
    const char *more = name[length] == '\0' ? "" : printer->utf8 ? "…" : "..";
    snprintf(text, PROMPT_TEXT_MAX, "lwm2m[%.*s%s %s]> ", (int)length, name, more, sign);
    free(safe);
}
