/*
 * Keeps the history of the shell.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

#include "output/environment.h"
#include "output/whole_file.h"

#define LINE_BYTES_MAX 4096

/* A file beyond this is not ours. */
#define FILE_BYTES_MAX (8 * 1024 * 1024)

/* ---- what is kept ---- */

/* An option's name that begins like one of these, or that one of these begins with, tells a key. */
static bool names_key(const char *name, size_t length)
{
    static const char *const names[] = {"psk", "key", "identity", "secret", "password", "pin"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t shorter = strlen(names[i]) < length ? strlen(names[i]) : length;
        if (length > 0 && strncmp(name, names[i], shorter) == 0) {
            return true;
        }
    }
    return false;
}

static bool word_tells_key(const char *word, size_t length)
{
    if (length > 2 && strncmp(word, "--", 2) == 0) {
        const char *equals = memchr(word, '=', length);
        return names_key(word + 2, (equals != NULL ? (size_t)(equals - word) : length) - 2);
    }
    return length > 3 && strncmp(word, "/0/", 3) == 0 && memchr(word, '=', length) != NULL;
}

bool history_line_is_kept(const char *line)
{
    char plain[LINE_BYTES_MAX];
    size_t length = 0;
    if (line[0] == '\0' || strchr(" \t#", line[0]) != NULL) {
        return false;
    }
    /* As the command sees its words: quotes hide nothing. */
    for (const char *at = line; *at != '\0'; at++) {
        if (length == sizeof(plain) - 1) {
            return false;
        }
        if (strchr("'\"\\", *at) == NULL) {
            plain[length++] = *at;
        }
    }
    plain[length] = '\0';
    for (const char *word = plain; *word != '\0';) {
        size_t word_length = strcspn(word, " \t\n");
        if (word_tells_key(word, word_length)) {
            return false;
        }
        word += word_length;
        word += strspn(word, " \t\n");
    }
    return true;
}

/* ---- the file ---- */

/* Makes the directories above a file; those that are there stay as they are. */
static bool make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made) {
            return false;
        }
    }
    return true;
}

static bool choose_path(char path[PATH_MAX])
{
    const char *state = environment("XDG_STATE_HOME");
    const char *home = environment("HOME");
    int length = 0;
    if (state != NULL && state[0] == '/') {
        length = snprintf(path, PATH_MAX, "%s/lwm2m/history", state);
    } else if (home != NULL && home[0] == '/') {
        length = snprintf(path, PATH_MAX, "%s/.local/state/lwm2m/history", home);
    }
    return length > 0 && length < PATH_MAX;
}

static int open_file(const char *path, int flags, const char **why)
{
    struct stat status;
    int file = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (file < 0) {
        *why = strerror(errno);
        return -1;
    }
    *why = NULL;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        *why = "it is no regular file";
    } else if (status.st_uid != geteuid()) {
        *why = "it belongs to somebody else";
    } else if ((status.st_mode & 077) != 0) {
        *why = "others may read or write it (chmod 600)";
    } else if (status.st_size > FILE_BYTES_MAX) {
        *why = "it is too large";
    }
    if (*why != NULL) {
        close(file);
        return -1;
    }
    return file;
}

/* Returns how many lines the file has. */
static size_t read_lines(FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    size_t count = 0;
    ssize_t length;
    while ((length = getline(&line, &size, file)) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '\0') {
            add_history(line);
        }
        count++;
    }
    free(line);
    return count;
}

/* Writes what is left of a file that has grown, so that it does not grow for ever. */
static void rewrite(const char *path)
{
    struct whole_file file;
    if (!whole_file_open(&file, path, 0600)) {
        return;
    }
    HIST_ENTRY **entries = history_list();
    for (size_t i = 0; entries != NULL && entries[i] != NULL; i++) {
        fprintf(file.stream, "%s\n", entries[i]->line);
    }
    (void)whole_file_close(&file, true); /* else it stays as it was, until the next time */
}

void shell_history_open(struct shell_history *history, const struct printer *printer)
{
    const char *why = NULL;
    *history = (struct shell_history){.off = false};
    using_history();
    stifle_history(HISTORY_LINES_MAX);
    if (!choose_path(history->path)) {
        history->path[0] = '\0';
        return;
    }
    int number = make_directories(history->path)
                     ? open_file(history->path, O_RDWR | O_CREAT | O_APPEND, &why)
                     : -1;
    FILE *file = number >= 0 ? fdopen(number, "r") : NULL;
    if (file == NULL) {
        print_warning(printer, "no history is kept in %s: %s", history->path,
                      why != NULL ? why : strerror(errno));
        history->path[0] = '\0';
        return;
    }
    size_t count = read_lines(file);
    fclose(file);
    if (count > 2 * HISTORY_LINES_MAX) {
        rewrite(history->path);
    }
}

void shell_history_add(struct shell_history *history, const char *line)
{
    HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    const char *why;
    if (history->off || !history_line_is_kept(line) ||
        (last != NULL && strcmp(last->line, line) == 0)) {
        return;
    }
    add_history(line);
    int file = history->path[0] != '\0'
                   ? open_file(history->path, O_WRONLY | O_CREAT | O_APPEND, &why)
                   : -1;
    if (file >= 0) {
        /* By one call, so that two shells do not write into each other's lines. */
        dprintf(file, "%s\n", line);
        close(file);
    }
}
