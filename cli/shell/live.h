/*
 * What the shell hears of the server while a line is typed: how the device in use is, events of
 * registrations, and values that are watched.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SHELL_LIVE_H
#define SHELL_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "output/printer.h"
#include "shell/prompt.h"

struct live;

struct live_listener {
    void *context;
    /* One line to be shown, without its end; borrowed. */
    void (*line)(void *context, const char *text);
};

/* printer is borrowed, for its colour. NULL if there is no memory. */
struct live *live_new(const struct printer *printer, const struct live_listener *listener);
/* NULL is allowed. */
void live_free(struct live *live);

/* Connects if there is no connection. A server that comes back is told of. */
void live_connect(struct live *live);

/* What to poll for reading; -1 while there is no connection. */
int live_socket(const struct live *live);
/* How long to sleep at most until live_step; -1: until something comes. */
int live_wait_ms(const struct live *live);
/* Takes in what has come, without waiting, and does what is due. */
void live_step(struct live *live);

/* The device in use, from $LWM2M_ENDPOINT, may be another one now. */
void live_look_at_device(struct live *live);
enum presence live_presence(const struct live *live);

/* Whether events of registrations are shown; they are at first. */
void live_show_events(struct live *live, bool shown);
bool live_shows_events(const struct live *live);

/*
 * Observes a path of the device in use, again whenever the server comes back, until live_unwatch.
 * False with the message printed.
 */
bool live_watch(struct live *live, const char *path);
/* Ends the watches of a path; NULL: all. Returns how many there were. */
size_t live_unwatch(struct live *live, const char *path);
/* The path of a watch and its device, which may be NULL; false if there are not so many. */
bool live_watch_at(const struct live *live, size_t index, const char **endpoint,
                   const char **path);

#endif
