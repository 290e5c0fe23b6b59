/*
 * Reads the words of a command line that is still being typed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/completion_line.h"

#include <string.h>

#include "command/command_line.h"

bool completion_takes_value(const struct option_definition *option)
{
    return option->kind != OPTION_FLAG && option->kind != OPTION_WORD &&
           option->kind != OPTION_COUNT && !option->optional_value;
}

const struct option_definition *completion_line_option(const struct completion_line *line,
                                                       size_t index)
{
    const struct command *command = line->command;
    const struct option_definition *const tables[] = {
        command != NULL ? command->options : NULL,
        command != NULL && (command->flags & COMMAND_ON_DEVICE) != 0 ? device_option_table : NULL,
        global_option_table,
    };
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        for (const struct option_definition *option = tables[i];
             option != NULL && option->name != NULL; option++) {
            if (index-- == 0) {
                return option;
            }
        }
    }
    return NULL;
}

const struct option_definition *completion_line_find(const struct completion_line *line,
                                                     const char *name, size_t length)
{
    const struct option_definition *option, *found = NULL;
    size_t count = 0;
    for (size_t i = 0; (option = completion_line_option(line, i)) != NULL; i++) {
        if (strncmp(option->name, name, length) != 0) {
            continue;
        }
        if (option->name[length] == '\0') {
            return option;
        }
        found = option;
        count++;
    }
    return count == 1 ? found : NULL;
}

const struct option_definition *completion_line_find_letter(const struct completion_line *line,
                                                            char letter)
{
    const struct option_definition *option;
    for (size_t i = 0; (option = completion_line_option(line, i)) != NULL; i++) {
        if (option->letter != 0 && option->letter == letter) {
            break;
        }
    }
    return option;
}

static void note_value(struct completion_line *line, const struct option_definition *option,
                       const char *value)
{
    if (strcmp(option->name, "endpoint") == 0) {
        line->target.endpoint = value;
    } else if (strcmp(option->name, "socket") == 0) {
        line->target.socket = value;
    }
}

static void read_long_option(struct completion_line *line, const char *word)
{
    const char *name = word + 2;
    size_t length = strcspn(name, "=");
    const struct option_definition *option = completion_line_find(line, name, length);
    if (option == NULL) {
        return;
    }
    if (name[length] == '=') {
        note_value(line, option, name + length + 1);
    } else if (completion_takes_value(option)) {
        line->pending = option;
    }
}

static void read_letters(struct completion_line *line, const char *word)
{
    for (const char *letter = word + 1; *letter != '\0'; letter++) {
        const struct option_definition *option = completion_line_find_letter(line, *letter);
        if (option == NULL || !completion_takes_value(option)) {
            continue;
        }
        if (letter[1] == '\0') {
            line->pending = option;
        } else {
            note_value(line, option, letter + 1);
        }
        return;
    }
}

static void read_argument(struct completion_line *line, const struct command *const *table,
                          const char *word)
{
    if (line->command == NULL) {
        line->command = command_find(table, word);
        line->is_unknown = line->command == NULL;
        return;
    }
    if (line->command->actions != NULL && line->action == NULL) {
        line->action = command_find_action(line->command, word);
        line->is_unknown = line->action == NULL;
        return;
    }
    if (line->argument_count++ == 0) {
        line->first_argument = word;
    }
    if ((line->command->flags & COMMAND_STOPS_AT_ARGUMENT) != 0) {
        line->options_ended = true;
    }
}

void completion_line_read(struct completion_line *line, const struct completion_request *request)
{
    *line = (struct completion_line){.target.endpoint = request->endpoint};
    for (int i = 0; i < request->word_count && !line->is_unknown; i++) {
        const char *word = request->words[i];
        if (line->pending != NULL) {
            note_value(line, line->pending, word);
            line->pending = NULL;
        } else if (line->options_ended || word[0] != '-' || word[1] == '\0') {
            read_argument(line, request->commands, word);
        } else if (strcmp(word, "--") == 0) {
            line->options_ended = line->command != NULL;
        } else if (word[1] == '-') {
            read_long_option(line, word);
        } else {
            read_letters(line, word);
        }
    }
}

const struct argument_definition *completion_line_argument(const struct completion_line *line)
{
    const struct argument_definition *argument =
        line->action != NULL ? line->action->arguments : line->command->arguments;
    const struct argument_definition *last = NULL;
    for (int index = 0; argument != NULL && argument->kind != ARGUMENT_END; argument++) {
        if (index++ == line->argument_count) {
            return argument;
        }
        last = argument;
    }
    return last != NULL && last->repeated ? last : NULL;
}
