/*
 * A bad network on the command line: --chaos, for commands that open a socket of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_CHAOS_H
#define COMMANDS_CHAOS_H

#include <lwm2m/chaos.h>

#include "argv/options.h"

struct printer;

#define CHAOS_OPTION(owner, member)                                                                \
    {                                                                                              \
        .name = "chaos", .kind = OPTION_TEXT, .offset = offsetof(owner, member),                   \
        .argument = "FAULTS",                                                                      \
        .help = "make the network bad: loss=10%,dup=1%,reorder=5%,delay=50..400ms"                 \
    }

/*
 * Reads "loss=10%,dup=1%,reorder=5%,delay=50..400ms,corrupt=0.1%,seed=7", any of them, in any
 * order, each once. Without a seed, one is drawn. False with *error filled.
 */
bool chaos_parse(const char *text, struct lwm2m_chaos *chaos, struct usage_error *error);

/* Room for what chaos_print writes. */
#define CHAOS_TEXT_MAX 160
/* All that is done, and the seed, as chaos_parse reads it. */
void chaos_print(const struct lwm2m_chaos *chaos, char text[CHAOS_TEXT_MAX]);

/*
 * The same for a command: NULL is none. Says on stderr what will be done and with which seed, so
 * that it can be done again. False with *error filled.
 */
bool chaos_apply(const char *text, const struct printer *printer, struct lwm2m_chaos *chaos,
                 struct usage_error *error);

#endif
