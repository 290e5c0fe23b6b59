/*
 * Completes the lines of a shell as the system's shells complete those of the program, and the
 * words that are the shell's own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/line_completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "command/command_line.h"
#include "command/completion.h"
#include "session/live_names.h"
#include "shell/builtins.h"
#include "shell/settings.h"

/* readline's callbacks are given nothing to know us by. */
static struct shell *completed;

/* What was found for the word under the cursor, as it is typed: quoted where it must be. */
struct found_words {
    char **texts;
    size_t count, capacity;
    bool blank; /* follows the last one */
};

static struct found_words found;

static void forget(void)
{
    for (size_t i = 0; i < found.count; i++) {
        free(found.texts[i]);
    }
    free(found.texts);
    found = (struct found_words){0};
}

/* A copy as it is typed; NULL for a text that the open quote cannot hold. */
static char *quote(const char *text)
{
    if (rl_completion_quote_character != 0) {
        return strchr(text, rl_completion_quote_character) == NULL ? strdup(text) : NULL;
    }
    char *quoted = malloc(2 * strlen(text) + 1);
    char *at = quoted;
    if (quoted == NULL) {
        return NULL;
    }
    for (; *text != '\0'; text++) {
        if (strchr(" \t'\"\\#", *text) != NULL) {
            *at++ = '\\';
        }
        *at++ = *text;
    }
    *at = '\0';
    return quoted;
}

static void add(const char *text, bool blank)
{
    if (found.count == found.capacity) {
        size_t capacity = found.capacity * 2 + 16;
        char **grown = realloc(found.texts, capacity * sizeof(*grown));
        if (grown == NULL) {
            return;
        }
        found.texts = grown;
        found.capacity = capacity;
    }
    char *quoted = quote(text);
    if (quoted != NULL) {
        found.texts[found.count++] = quoted;
        found.blank = blank;
    }
}

static void add_if_begun(const char *text, const char *current)
{
    if (strncmp(text, current, strlen(current)) == 0) {
        add(text, true);
    }
}

static void take_candidate(void *context, const struct completion_candidate *candidate)
{
    (void)context;
    add(candidate->text, candidate->blank);
}

/* Returns true if names of files fit, too. */
static bool find_by_table(char *const *words, int count)
{
    const struct completion_sink sink = {.candidate = take_candidate};
    const struct completion_files files =
        live_names_complete(completed->setting.commands, &completed->printer, words, count, &sink);
    return files.kind != COMPLETION_NO_FILES && files.offset == 0;
}

/* The shell's own words take what an argument of some command is. */
static bool find_of_builtin(char *const *words, int count)
{
    char *current = words[count - 1];
    char device[] = "info", option[] = "-e", path[] = "observe";
    if (strcmp(words[0], "set") == 0 && count == 2) {
        for (size_t i = 0; setting_name(i) != NULL; i++) {
            add_if_begun(setting_name(i), current);
        }
        return false;
    }
    if (strcmp(words[0], "use") == 0 && count == 2) {
        return find_by_table((char *[]){device, option, current}, 3);
    }
    if (strcmp(words[0], "watch") == 0 || strcmp(words[0], "unwatch") == 0) {
        return find_by_table((char *[]){path, current}, 2);
    }
    return find_by_table(words, count);
}

static bool find(char *const *words, int count)
{
    if (count > 1 && strcmp(words[0], "lwm2m") == 0) {
        words++;
        count--;
    }
    if (count > 1) {
        return find_of_builtin(words, count);
    }
    for (size_t i = 0; builtins[i].name != NULL; i++) {
        if (command_find(completed->setting.commands, builtins[i].name) == NULL) {
            add_if_begun(builtins[i].name, words[0]);
        }
    }
    return find_by_table(words, count);
}

static char *next_match(const char *text, int state)
{
    static size_t next;
    (void)text;
    if (state == 0) {
        next = 0;
    }
    return next < found.count ? strdup(found.texts[next++]) : NULL;
}

static char **complete(const char *text, int start, int end)
{
    struct words words;
    char *line = strndup(rl_line_buffer, (size_t)end);
    (void)start;
    /* No names of files where there is nothing to offer. */
    rl_attempted_completion_over = 1;
    if (line == NULL || !completion_split(line, &words)) {
        free(line);
        return NULL;
    }
    if (find(words.texts, words.count)) {
        rl_attempted_completion_over = 0;
    }
    char **matches = rl_completion_matches(text, next_match);
    rl_completion_suppress_append = found.count == 1 && !found.blank;
    rl_sort_completion_matches = 0;
    forget();
    words_release(&words);
    free(line);
    return matches;
}

/* A blank behind a backslash does not end a word. */
static int is_quoted(char *line, int index)
{
    int backslashes = 0;
    while (backslashes < index && line[index - 1 - backslashes] == '\\') {
        backslashes++;
    }
    return backslashes % 2;
}

void line_completion_begin(struct shell *shell)
{
    completed = shell;
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = " \t\n";
    rl_completer_quote_characters = "'\"";
    rl_char_is_quoted_p = is_quoted;
}
