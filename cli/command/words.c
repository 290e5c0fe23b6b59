/*
 * Splits lines into words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"
#define NAME_BYTES_MAX 64

struct splitter {
    const char *at;
    const struct word_variables *variables;
    struct usage_error *error;
    char *memory; /* the words so far, each with its NUL */
    size_t length, capacity;
    int count;
};

static bool refuse(struct splitter *splitter, const char *message, const char *hint)
{
    snprintf(splitter->error->message, sizeof(splitter->error->message), "%s", message);
    snprintf(splitter->error->hint, sizeof(splitter->error->hint), "%s", hint);
    return false;
}

static bool append(struct splitter *splitter, const char *text, size_t length)
{
    size_t needed = splitter->length + length;
    if (needed > WORDS_LINE_BYTES_MAX) {
        return refuse(splitter, "the line is longer than 64 KiB",
                      "@file gives a value from a file");
    }
    if (needed > splitter->capacity) {
        size_t capacity = needed * 2;
        char *grown = realloc(splitter->memory, capacity);
        if (grown == NULL) {
            return refuse(splitter, "out of memory", "");
        }
        splitter->memory = grown;
        splitter->capacity = capacity;
    }
    if (length > 0) { /* else there may be no memory yet */
        memcpy(splitter->memory + splitter->length, text, length);
    }
    splitter->length = needed;
    return true;
}

static bool is_name(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

/* $name or ${name}, with at on the $. A $ that no name follows is a character. */
static bool take_variable(struct splitter *splitter)
{
    bool braced = splitter->at[1] == '{';
    const char *name = splitter->at + 1 + braced;
    size_t length = 0;
    while (is_name(name[length])) {
        length++;
    }
    if (length == 0 && !braced) {
        splitter->at++;
        return append(splitter, "$", 1);
    }
    if (length == 0 || length >= NAME_BYTES_MAX || (braced && name[length] != '}')) {
        return refuse(splitter, "'${' begins no name of a variable", "write ${name}, or '$' in ''");
    }
    char text[NAME_BYTES_MAX];
    memcpy(text, name, length);
    text[length] = '\0';
    const char *value = splitter->variables->find(splitter->variables->context, text);
    if (value == NULL) {
        char message[NAME_BYTES_MAX + 32];
        snprintf(message, sizeof(message), "there is no variable '%s'", text);
        return refuse(splitter, message, "'let NAME = …' or --var NAME=VALUE sets one");
    }
    splitter->at = name + length + braced;
    return append(splitter, value, strlen(value));
}

static bool take_single_quoted(struct splitter *splitter)
{
    const char *begin = splitter->at + 1;
    const char *end = strchr(begin, '\'');
    if (end == NULL) {
        return refuse(splitter, "a ' is not closed", "\\' is the character itself");
    }
    splitter->at = end + 1;
    return append(splitter, begin, (size_t)(end - begin));
}

static bool take_double_quoted(struct splitter *splitter)
{
    splitter->at++;
    while (*splitter->at != '"') {
        if (*splitter->at == '\0') {
            return refuse(splitter, "a \" is not closed", "\\\" is the character itself");
        }
        bool good = true;
        if (*splitter->at == '$' && splitter->variables != NULL) {
            good = take_variable(splitter);
        } else {
            /* Before any other character a backslash is one itself, as in a system shell. */
            bool escaped = *splitter->at == '\\' && splitter->at[1] != '\0' &&
                           strchr("\"\\$", splitter->at[1]) != NULL;
            splitter->at += escaped;
            good = append(splitter, splitter->at++, 1);
        }
        if (!good) {
            return false;
        }
    }
    splitter->at++;
    return true;
}

static bool take_piece(struct splitter *splitter)
{
    switch (*splitter->at) {
    case '\'':
        return take_single_quoted(splitter);
    case '"':
        return take_double_quoted(splitter);
    case '\\':
        if (splitter->at[1] == '\0') {
            return refuse(splitter, "the line ends with a backslash",
                          "\\\\ is the character itself");
        }
        splitter->at += 2;
        return append(splitter, splitter->at - 1, 1);
    case '$':
        if (splitter->variables != NULL) {
            return take_variable(splitter);
        }
        break;
    default:
        break;
    }
    return append(splitter, splitter->at++, 1);
}

static bool take_word(struct splitter *splitter)
{
    if (splitter->count >= WORDS_MAX) {
        return refuse(splitter, "the line has more than 4096 words", "");
    }
    while (*splitter->at != '\0' && strchr(BLANKS, *splitter->at) == NULL) {
        if (!take_piece(splitter)) {
            return false;
        }
    }
    splitter->count++;
    return append(splitter, "", 1);
}

static bool take_line(struct splitter *splitter)
{
    for (;;) {
        splitter->at += strspn(splitter->at, BLANKS);
        if (*splitter->at == '\0' || *splitter->at == '#') {
            return true;
        }
        if (!take_word(splitter)) {
            return false;
        }
    }
}

bool words_split(const char *line, const struct word_variables *variables, struct words *words,
                 struct usage_error *error)
{
    struct splitter splitter = {.at = line, .variables = variables, .error = error};
    *words = (struct words){0};
    bool good = take_line(&splitter);
    if (good) {
        words->texts = calloc((size_t)splitter.count + 1, sizeof(*words->texts));
        good = words->texts != NULL || refuse(&splitter, "out of memory", "");
    }
    if (!good) {
        free(splitter.memory);
        return false;
    }
    words->count = splitter.count;
    words->memory = splitter.memory;
    char *text = splitter.memory;
    for (int i = 0; i < splitter.count; i++) {
        words->texts[i] = text;
        text += strlen(text) + 1;
    }
    return true;
}

void words_release(struct words *words)
{
    free(words->texts);
    free(words->memory);
    *words = (struct words){0};
}
