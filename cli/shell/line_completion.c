/*
 * Completes commands and their options, the shell's own words and its settings.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "shell/line_completion.h"

#include <stdio.h>
#include <string.h>

#include <readline/readline.h>

#include "command/command_line.h"
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

/* The command of the line that is completed; NULL: none of this name. */
static const struct command *completed_command;

/* The options of a command: its own, then those of all, then those of commands for devices. */
static const char *option_at(size_t index)
{
    const struct option_definition *const tables[] = {
        completed_command->options,
        global_option_table,
        (completed_command->flags & COMMAND_ON_DEVICE) != 0 ? device_option_table : NULL,
    };
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        for (const struct option_definition *option = tables[i];
             option != NULL && option->name != NULL; option++) {
            if (index-- == 0) {
                return option->name;
            }
        }
    }
    return NULL;
}

/* As generate, for "--" and the beginning of a name. */
static char *generate_option(const char *text, int state)
{
    static size_t next;
    if (state == 0) {
        next = 0;
    }
    const char *name;
    while ((name = option_at(next)) != NULL) {
        char *option = NULL;
        next++;
        if (strncmp(name, text + 2, strlen(text + 2)) == 0 && asprintf(&option, "--%s", name) > 0) {
            return option;
        }
    }
    return NULL;
}

/* The command that a line begins with; NULL: there is none. */
static const struct command *command_of(const char *line)
{
    char name[32];
    size_t length = strcspn(line, " \t");
    if (length >= sizeof(name)) {
        return NULL;
    }
    memcpy(name, line, length);
    name[length] = '\0';
    return command_find(completed->setting.commands, name);
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
    completed_command = command_of(rl_line_buffer + first);
    if (completed_command != NULL && strncmp(text, "--", 2) == 0) {
        return rl_completion_matches(text, generate_option);
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
