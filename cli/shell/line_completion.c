/*
 * Completes commands, the shell's own words and its settings.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/line_completion.h"

#include <stdio.h>
#include <string.h>

#include <readline/readline.h>

#include "shell/builtins.h"
#include "shell/settings.h"

/* readline's callbacks are given nothing to know us by. */
static struct shell *completed;

/* The candidates for a first word: the shell's own, then commands. */
static const char *word_at(size_t index)
{
    size_t own = 0;
    while (builtins[own].name != NULL) {
        own++;
    }
    if (index < own) {
        return builtins[index].name;
    }
    for (size_t i = 0; completed->setting.commands[i] != NULL; i++) {
        if (i == index - own) {
            return completed->setting.commands[i]->name;
        }
    }
    return NULL;
}

/* The next candidate that begins like text; state is 0 for the first. */
static char *generate(const char *text, int state, const char *(*candidate)(size_t index))
{
    static size_t next;
    if (state == 0) {
        next = 0;
    }
    const char *word;
    while ((word = candidate(next)) != NULL) {
        next++;
        if (strncmp(word, text, strlen(text)) == 0) {
            return strdup(word);
        }
    }
    return NULL;
}

static char *generate_word(const char *text, int state)
{
    return generate(text, state, word_at);
}

static char *generate_setting(const char *text, int state)
{
    return generate(text, state, setting_name);
}

static char **complete(const char *text, int start, int end)
{
    (void)end;
    /* No file names where there is nothing to offer. */
    rl_attempted_completion_over = 1;
    int first = (int)strspn(rl_line_buffer, " \t");
    if (first >= start) {
        return rl_completion_matches(text, generate_word);
    }
    if (strncmp(rl_line_buffer + first, "set ", 4) == 0 && start <= first + 4) {
        return rl_completion_matches(text, generate_setting);
    }
    return NULL;
}

void line_completion_begin(struct shell *shell)
{
    completed = shell;
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = " \t\n";
    rl_completer_quote_characters = "'\"";
}
