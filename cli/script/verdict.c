/*
 * Judges what came of commands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "script/verdict.h"

#include <stdlib.h>
#include <string.h>

void command_outcome_take(void *context, const char *code, const char *printed)
{
    struct command_outcome *outcome = context;
    char *value = printed != NULL ? strdup(printed) : NULL;
    if (code[0] != '\0') {
        snprintf(outcome->code, sizeof(outcome->code), "%s", code);
    }
    if (value != NULL) {
        free(outcome->value);
        outcome->value = value;
    }
}

void command_outcome_release(struct command_outcome *outcome)
{
    free(outcome->value);
    capture_release(&outcome->results);
    capture_release(&outcome->diagnostics);
    *outcome = (struct command_outcome){0};
}

char *command_outcome_value_new(const struct command_outcome *outcome)
{
    if (outcome->value != NULL) {
        return strdup(outcome->value);
    }
    size_t length = outcome->results.length;
    const char *text = outcome->results.text;
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
        length--;
    }
    return strndup(text != NULL ? text : "", length);
}

/* The first line of the diagnostics that is an error, without "lwm2m: "; false if there is none. */
static bool find_reason(const struct command_outcome *outcome, char *text, size_t size)
{
    static const char lead[] = "lwm2m: ";
    const char *at = outcome->diagnostics.text;
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, "\n");
        if (strncmp(at, lead, sizeof(lead) - 1) == 0 &&
            strncmp(at + sizeof(lead) - 1, "warning: ", 9) != 0) {
            snprintf(text, size, "%.*s", (int)(length - sizeof(lead) + 1), at + sizeof(lead) - 1);
            return true;
        }
        at += length + (at[length] == '\n');
    }
    return false;
}

static void blame_command(const struct command_outcome *outcome, struct verdict *verdict)
{
    verdict->exit = outcome->exit;
    verdict->told = find_reason(outcome, verdict->message, sizeof(verdict->message));
    if (!verdict->told) {
        snprintf(verdict->message, sizeof(verdict->message), "exit status %d", outcome->exit);
    }
}

static void blame_expectation(const char *is, const char *wanted, struct verdict *verdict)
{
    verdict->exit = EXIT_CODE_FALSE;
    verdict->told = false;
    snprintf(verdict->message, sizeof(verdict->message), "is '%.200s', expected '%.200s'", is,
             wanted);
}

static void compare_value(const struct command_outcome *outcome, const char *wanted,
                          struct verdict *verdict)
{
    char *value = command_outcome_value_new(outcome);
    if (outcome->exit != EXIT_CODE_OK) {
        blame_command(outcome, verdict);
    } else if (value == NULL) {
        verdict->exit = EXIT_CODE_IO;
        snprintf(verdict->message, sizeof(verdict->message), "out of memory");
    } else if (strcmp(value, wanted) != 0) {
        blame_expectation(value, wanted, verdict);
    }
    free(value);
}

static void compare_code(const struct command_outcome *outcome, const char *wanted,
                         struct verdict *verdict)
{
    if (strcmp(outcome->code, wanted) == 0) {
        return;
    }
    if (outcome->code[0] == '\0' && outcome->exit != EXIT_CODE_OK) {
        blame_command(outcome, verdict);
    } else {
        blame_expectation(outcome->code, wanted, verdict);
    }
}

static void compare(const struct command_outcome *outcome, const struct words *words,
                    struct verdict *verdict)
{
    if (words->count == 2) {
        compare_value(outcome, words->texts[1], verdict);
    } else if (strcmp(words->texts[0], "ok") != 0 && script_is_code(words->texts[0])) {
        compare_code(outcome, words->texts[0], verdict);
    } else if (strcmp(words->texts[0], "ok") != 0) {
        compare_value(outcome, words->texts[0], verdict);
    } else if (outcome->exit != EXIT_CODE_OK) {
        blame_command(outcome, verdict);
    }
}

void verdict_reach(const struct command_outcome *outcome, const struct statement *command,
                   const struct statement *expectations, size_t count,
                   const struct word_variables *variables, struct verdict *verdict)
{
    *verdict = (struct verdict){.exit = EXIT_CODE_OK, .line = command->line};
    if (outcome->cut) {
        verdict->exit = EXIT_CODE_TIMEOUT;
        snprintf(verdict->message, sizeof(verdict->message), "was not done in time");
        return;
    }
    if (count == 0 || outcome->exit == EXIT_CODE_INTERRUPTED ||
        outcome->exit == EXIT_CODE_TERMINATED) {
        if (outcome->exit != EXIT_CODE_OK) {
            blame_command(outcome, verdict);
        }
        return;
    }
    for (size_t i = 0; i < count && verdict->exit == EXIT_CODE_OK; i++) {
        struct words words;
        struct usage_error error;
        verdict->line = expectations[i].line;
        if (!words_split(expectations[i].words, variables, &words, &error)) {
            verdict->exit = EXIT_CODE_USAGE;
            snprintf(verdict->message, sizeof(verdict->message), "%s", error.message);
            return;
        }
        compare(outcome, &words, verdict);
        words_release(&words);
    }
}
