/*
 * What a word of a command line may become: the same for the shell of lwm2m and those of the system.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMAND_COMPLETION_H
#define COMMAND_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

#include <lwm2m/definition.h>

#include "command/command.h"
#include "command/words.h"

/* A word that may stand in the place of the one that is completed. */
struct completion_candidate {
    const char *text;        /* the whole word, unquoted; it begins as the user has typed it */
    const char *description; /* for people, one line, safe to show; may be "" */
    bool blank;              /* the word is complete: a blank follows */
};

/* Takes candidates; paths are handed on in their order, everything borrowed. */
struct completion_sink {
    void *context;
    void (*candidate)(void *context, const struct completion_candidate *candidate);
};

/* Names of files that go with the candidates: those that begin as the word does from `offset` on. */
struct completion_files {
    enum { COMPLETION_NO_FILES, COMPLETION_FILES, COMPLETION_DIRECTORIES } kind;
    size_t offset;
};

/* What a command line says of where names live. */
struct completion_target {
    const char *endpoint; /* NULL: the only device there is */
    const char *socket;   /* NULL: the usual one */
};

/* Where names that live are had from, without delay and without a word on failure. A member that is
 * NULL has none. */
struct completion_source {
    void *context;
    /* The devices whose names begin like prefix. */
    void (*endpoints)(void *context, const struct completion_target *target, const char *prefix,
                      void (*visit)(void *visitor, const char *name, const char *description),
                      void *visitor);
    /* What is known of a device's tree at and below a path: objects, instances, resources; in any
     * order, the same more than once. */
    void (*paths)(void *context, const struct completion_target *target, struct lwm2m_path below,
                  void (*visit)(void *visitor, struct lwm2m_path path), void *visitor);
};

struct completion_request {
    const struct command *const *commands;
    const struct lwm2m_definitions *definitions;
    const struct completion_source *source; /* NULL: nothing lives */
    const char *endpoint;  /* where the line names none; NULL: the only device there is */
    char *const *words;    /* before the one that is completed, without the program's name */
    int word_count;
    const char *current; /* of the word that is completed, what stands before the cursor */
};

/* Puts the candidates to the sink; whatever cannot be typed (control characters) is left out. */
struct completion_files completion_find(const struct completion_request *request,
                                        const struct completion_sink *sink);

/*
 * Splits what stands before the cursor as words_split would, though a quote may be open yet. The
 * last of the words is the one that is completed, "" after a blank. False, with nothing to release,
 * in a comment or beyond the bounds of a line.
 */
bool completion_split(const char *line, struct words *words);

#endif
