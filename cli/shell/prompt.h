/*
 * The text of the prompt: which device is in use, and how it is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SHELL_PROMPT_H
#define SHELL_PROMPT_H

#include "output/printer.h"

enum presence {
    PRESENCE_UNKNOWN,   /* not told yet */
    PRESENCE_UP,        /* registered, and listens */
    PRESENCE_ASLEEP,    /* registered, in queue mode, and does not */
    PRESENCE_GONE,      /* not registered */
    PRESENCE_NO_SERVER, /* no server could tell */
};

#define PROMPT_TEXT_MAX 256

/*
 * "lwm2m[dev1 ●]> "; endpoint NULL: none is in use. Colour and the choice of signs are the
 * printer's; colour stands between readline's marks for what takes no column.
 */
void prompt_print(const struct printer *printer, const char *endpoint, enum presence presence,
                  char text[PROMPT_TEXT_MAX]);

#endif
