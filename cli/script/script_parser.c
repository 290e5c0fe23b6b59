/*
 * Takes the text of a script apart, and finds what is wrong with it before anything runs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argv/nearest.h"
#include "command/command_line.h"
#include "command/words.h"
#include "script/script.h"

#define BLANKS " \t\r\n"

struct parser {
    const struct command *const *commands;
    struct script *script;
    size_t capacity;
    struct script_error *error;
    size_t blocks[SCRIPT_BLOCKS_MAX]; /* statements that are open */
    size_t depth;
    unsigned line;
};

/* A part of a line. */
struct span {
    const char *at;
    size_t length;
};

static bool refuse(struct parser *parser, const char *message, const char *hint)
{
    parser->error->line = parser->line;
    snprintf(parser->error->usage.message, sizeof(parser->error->usage.message), "%s", message);
    snprintf(parser->error->usage.hint, sizeof(parser->error->usage.hint), "%s", hint);
    return false;
}

/* The reason is in the error already; where it is, is not. */
static bool refuse_here(struct parser *parser)
{
    parser->error->line = parser->line;
    return false;
}

static struct span trimmed(struct span span)
{
    while (span.length > 0 && strchr(BLANKS, span.at[0]) != NULL) {
        span.at++;
        span.length--;
    }
    while (span.length > 0 && strchr(BLANKS, span.at[span.length - 1]) != NULL) {
        span.length--;
    }
    return span;
}

/* The first word, as it is written; *rest is what follows it. */
static struct span first_word(struct span span, struct span *rest)
{
    struct span word = {span.at, 0};
    while (word.length < span.length && strchr(BLANKS, span.at[word.length]) == NULL) {
        word.length++;
    }
    *rest = trimmed((struct span){span.at + word.length, span.length - word.length});
    return word;
}

static bool is_word(struct span span, const char *word)
{
    return span.length == strlen(word) && memcmp(span.at, word, span.length) == 0;
}

static bool is_nothing(struct span span)
{
    return span.length == 0 || span.at[0] == '#';
}

/* Adds a statement; words and variable may have no length and a NULL address: there are none. */
static bool add(struct parser *parser, enum statement_kind kind, struct span text,
                struct span variable, struct span words)
{
    struct script *script = parser->script;
    if (script->count == parser->capacity) {
        size_t capacity = parser->capacity == 0 ? 64 : parser->capacity * 2;
        struct statement *grown =
            realloc(script->statements, capacity * sizeof(*script->statements));
        if (grown == NULL) {
            return refuse(parser, "out of memory", "");
        }
        script->statements = grown;
        parser->capacity = capacity;
    }
    struct statement *statement = &script->statements[script->count++];
    *statement = (struct statement){.kind = kind, .line = parser->line};
    statement->text = strndup(text.at, text.length);
    statement->words = strndup(words.at != NULL ? words.at : "", words.length);
    statement->variable = variable.at != NULL ? strndup(variable.at, variable.length) : NULL;
    if (statement->text == NULL || statement->words == NULL ||
        (variable.at != NULL && statement->variable == NULL)) {
        return refuse(parser, "out of memory", "");
    }
    return true;
}

static const char *any_value(void *context, const char *name)
{
    (void)context;
    (void)name;
    return "$"; /* marks what only a run can check */
}

/* Splits what follows a keyword; values of variables are "$". */
static bool split(struct parser *parser, struct span span, struct words *words)
{
    static const struct word_variables variables = {.find = any_value};
    char *text = strndup(span.at, span.length);
    bool good = text != NULL;
    if (!good) {
        refuse(parser, "out of memory", "");
    } else if (!words_split(text, &variables, words, &parser->error->usage)) {
        good = refuse_here(parser);
    }
    free(text);
    return good;
}

static bool is_open(const char *word)
{
    return strchr(word, '$') != NULL;
}

/* ---- commands ---- */

static const char *const keywords[] = {"expect", "let",   "on",     "repeat",
                                       "set",    "sleep", "within", NULL};

static bool unknown_command(struct parser *parser, const char *name)
{
    struct nearest nearest;
    char message[256];
    nearest_init(&nearest, name);
    for (size_t i = 0; parser->commands[i] != NULL; i++) {
        nearest_offer(&nearest, parser->commands[i]->name);
    }
    for (size_t i = 0; keywords[i] != NULL; i++) {
        nearest_offer(&nearest, keywords[i]);
    }
    if (nearest.best != NULL) {
        snprintf(message, sizeof(message), "unknown command '%.80s'; did you mean '%s'?", name,
                 nearest.best);
    } else {
        snprintf(message, sizeof(message), "unknown command '%.80s'", name);
    }
    return refuse(parser, message, "'lwm2m help' lists the commands, lwm2m-script(5) the rest");
}

/* Commands that end when somebody ends them would never let the script go on. */
static bool runs_in_script(const char *name)
{
    static const char *const others[] = {"server", "client", "shell", "run"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (strcmp(name, others[i]) == 0) {
            return false;
        }
    }
    return true;
}

static bool check_command(struct parser *parser, struct span span)
{
    struct words words;
    if (!split(parser, span, &words)) {
        return false;
    }
    bool good = true;
    const char *name = words.count > 0 ? words.texts[0] : "";
    if (words.count == 0) {
        good = refuse(parser, "a command is missing", "such as: let v = read /3/0/3");
    } else if (!is_open(name)) {
        const struct command *command = command_find(parser->commands, name);
        if (command == NULL) {
            good = unknown_command(parser, name);
        } else if (!runs_in_script(command->name)) {
            char message[128];
            snprintf(message, sizeof(message), "'%s' cannot be a line of a script", command->name);
            good = refuse(parser, message, "'!lwm2m … &' starts a program beside the script");
        }
    }
    words_release(&words);
    return good;
}

static bool parse_shell(struct parser *parser, struct span line, struct span variable,
                        struct span command)
{
    struct span words = trimmed((struct span){command.at + 1, command.length - 1});
    if (words.length == 0) {
        return refuse(parser, "a command for the system's shell is missing after '!'", "");
    }
    return add(parser, STATEMENT_SHELL, line, variable, words);
}

static bool parse_command(struct parser *parser, struct span line, struct span variable,
                          struct span command)
{
    if (command.length > 0 && command.at[0] == '!') {
        return parse_shell(parser, line, variable, command);
    }
    return check_command(parser, command) &&
           add(parser, STATEMENT_COMMAND, line, variable, command);
}

/* ---- keywords ---- */

static bool parse_let(struct parser *parser, struct span line, struct span rest)
{
    struct span name = {rest.at, 0};
    while (name.length < rest.length && rest.at[name.length] != '=' &&
           strchr(BLANKS, rest.at[name.length]) == NULL) {
        name.length++;
    }
    struct span value = trimmed((struct span){rest.at + name.length, rest.length - name.length});
    if (!script_is_name(name.at, name.length)) {
        return refuse(parser, "'let' needs the name of a variable: letters, digits and _",
                      "let NAME = COMMAND…");
    }
    if (value.length == 0 || value.at[0] != '=') {
        return refuse(parser, "'=' is missing after the name of the variable",
                      "let NAME = COMMAND…");
    }
    value = trimmed((struct span){value.at + 1, value.length - 1});
    return parse_command(parser, line, name, value);
}

static bool follows_command(const struct parser *parser)
{
    if (parser->script->count == 0) {
        return false;
    }
    enum statement_kind last = parser->script->statements[parser->script->count - 1].kind;
    return last == STATEMENT_COMMAND || last == STATEMENT_SHELL || last == STATEMENT_EXPECT;
}

static bool check_expect(struct parser *parser, const struct words *words)
{
    if (!follows_command(parser)) {
        return refuse(parser, "'expect' is about the command before it, and there is none", "");
    }
    bool by_value = words->count == 2 && strcmp(words->texts[0], "value") == 0;
    if (words->count != 1 && !by_value) {
        return refuse(parser, "'expect' takes one word: a value, ok, or a code such as 4.04",
                      "a value with blanks stands in quotes");
    }
    return true;
}

static bool check_set(struct parser *parser, const struct words *words)
{
    if (words->count != 2) {
        return refuse(parser, "'set' takes a name and a value", "set ep NAME");
    }
    if (is_open(words->texts[0]) || is_open(words->texts[1])) {
        return true;
    }
    return script_setting_check(words->texts[0], words->texts[1], &parser->error->usage) ||
           refuse_here(parser);
}

static bool check_sleep(struct parser *parser, const struct words *words)
{
    int64_t milliseconds;
    if (words->count != 1) {
        return refuse(parser, "'sleep' takes a time such as 500ms or 2s", "");
    }
    return is_open(words->texts[0]) ||
           script_duration_check(words->texts[0], &milliseconds, &parser->error->usage) ||
           refuse_here(parser);
}

typedef bool check_words(struct parser *parser, const struct words *words);

static bool parse_simple(struct parser *parser, enum statement_kind kind, check_words *check,
                         struct span line, struct span rest)
{
    struct words words;
    if (!split(parser, rest, &words)) {
        return false;
    }
    bool good = check(parser, &words);
    words_release(&words);
    return good && add(parser, kind, line, (struct span){NULL, 0}, rest);
}

/* ---- blocks ---- */

static bool parse_line(struct parser *parser, struct span line);

static bool open_block(struct parser *parser, enum statement_kind kind, struct span line,
                       struct span argument)
{
    if (parser->depth == SCRIPT_BLOCKS_MAX) {
        return refuse(parser, "more than 16 blocks inside each other", "");
    }
    if (!add(parser, kind, line, (struct span){NULL, 0}, argument)) {
        return false;
    }
    parser->blocks[parser->depth++] = parser->script->count - 1;
    return true;
}

static bool close_block(struct parser *parser, struct span line)
{
    if (parser->depth == 0) {
        return refuse(parser, "'}' closes nothing", "");
    }
    size_t begin = parser->blocks[--parser->depth];
    size_t end = parser->script->count;
    if (!add(parser, STATEMENT_END, line, (struct span){NULL, 0}, (struct span){NULL, 0})) {
        return false;
    }
    parser->script->statements[begin].partner = end;
    parser->script->statements[end].partner = begin;
    return true;
}

static bool check_block_argument(struct parser *parser, enum statement_kind kind,
                                 struct span argument)
{
    struct words words;
    int64_t milliseconds;
    unsigned count;
    if (!split(parser, argument, &words)) {
        return false;
    }
    const char *word = words.count == 1 ? words.texts[0] : "";
    bool good = is_open(word) ||
                (kind == STATEMENT_WITHIN
                     ? script_duration_check(word, &milliseconds, &parser->error->usage)
                     : script_count_check(word, &count, &parser->error->usage)) ||
                refuse_here(parser);
    words_release(&words);
    return good;
}

/* From the { of a block on: nothing, or one statement and }. */
static bool parse_behind_brace(struct parser *parser, struct span behind)
{
    behind = trimmed((struct span){behind.at + 1, behind.length - 1});
    if (is_nothing(behind)) {
        return true;
    }
    if (behind.at[behind.length - 1] != '}') {
        return refuse(parser, "what stands behind '{' on its line must end with '}'",
                      "begin a new line after '{'");
    }
    behind = trimmed((struct span){behind.at, behind.length - 1});
    return parse_line(parser, behind) && close_block(parser, (struct span){"}", 1});
}

/* within TIME { and repeat N {, with nothing, or with one statement and }, behind. */
static bool parse_block(struct parser *parser, enum statement_kind kind, struct span line,
                        struct span rest)
{
    struct span behind;
    struct span argument = first_word(rest, &behind);
    if (!check_block_argument(parser, kind, argument)) {
        return false;
    }
    if (behind.length == 0 || behind.at[0] != '{') {
        return refuse(parser, "'{' is missing",
                      kind == STATEMENT_WITHIN ? "within TIME {" : "repeat N {");
    }
    return open_block(parser, kind, line, argument) && parse_behind_brace(parser, behind);
}

static bool is_inside_handler(const struct parser *parser)
{
    for (size_t i = 0; i < parser->depth; i++) {
        if (parser->script->statements[parser->blocks[i]].kind == STATEMENT_ON) {
            return true;
        }
    }
    return false;
}

/* on notify PATH {, as the other blocks, or with one statement and no braces. */
static bool parse_on(struct parser *parser, struct span line, struct span rest)
{
    struct span behind;
    struct span word = first_word(rest, &behind);
    struct span path = first_word(behind, &behind);
    if (!is_word(word, "notify") || path.length == 0 || path.at[0] == '{') {
        return refuse(parser, "'on' needs the word 'notify' and a path", "on notify PATH {");
    }
    if (is_inside_handler(parser)) {
        return refuse(parser, "'on' cannot stand inside the block of another 'on'", "");
    }
    if (is_nothing(behind)) {
        return refuse(parser, "'{' or a command is missing", "on notify PATH {");
    }
    if (!open_block(parser, STATEMENT_ON, line, path)) {
        return false;
    }
    return behind.at[0] == '{'
               ? parse_behind_brace(parser, behind)
               : parse_line(parser, behind) && close_block(parser, (struct span){"}", 1});
}

static bool parse_keyword(struct parser *parser, struct span line, struct span word,
                          struct span rest)
{
    static const struct {
        const char *word;
        enum statement_kind kind;
        check_words *check;
    } simple[] = {
        {"expect", STATEMENT_EXPECT, check_expect},
        {"set", STATEMENT_SET, check_set},
        {"sleep", STATEMENT_SLEEP, check_sleep},
    };
    for (size_t i = 0; i < sizeof(simple) / sizeof(simple[0]); i++) {
        if (is_word(word, simple[i].word)) {
            return parse_simple(parser, simple[i].kind, simple[i].check, line, rest);
        }
    }
    if (is_word(word, "let")) {
        return parse_let(parser, line, rest);
    }
    if (is_word(word, "within")) {
        return parse_block(parser, STATEMENT_WITHIN, line, rest);
    }
    if (is_word(word, "repeat")) {
        return parse_block(parser, STATEMENT_REPEAT, line, rest);
    }
    if (is_word(word, "on")) {
        return parse_on(parser, line, rest);
    }
    return parse_command(parser, line, (struct span){NULL, 0}, line);
}

/* Recursive only through blocks on one line, which are bounded. */
static bool parse_line(struct parser *parser, struct span line)
{
    struct span rest;
    line = trimmed(line);
    if (is_nothing(line)) {
        return true;
    }
    struct span word = first_word(line, &rest);
    if (is_word(word, "}")) {
        return is_nothing(rest) ? close_block(parser, word)
                                : refuse(parser, "'}' stands on a line of its own", "");
    }
    return parse_keyword(parser, line, word, rest);
}

static bool parse_lines(struct parser *parser, struct span text)
{
    while (text.length > 0) {
        const char *end = memchr(text.at, '\n', text.length);
        size_t length = end != NULL ? (size_t)(end - text.at) : text.length;
        parser->line++;
        if (memchr(text.at, '\0', length) != NULL) {
            return refuse(parser, "the line holds a zero byte", "a script is plain text");
        }
        if (!parse_line(parser, (struct span){text.at, length})) {
            return false;
        }
        length += end != NULL;
        text.at += length;
        text.length -= length;
    }
    if (parser->depth > 0) {
        parser->line = parser->script->statements[parser->blocks[parser->depth - 1]].line;
        return refuse(parser, "the block that begins here is not closed",
                      "'}' on a line closes it");
    }
    return true;
}

bool script_parse(const char *text, size_t length, const struct command *const *table,
                  struct script *script, struct script_error *error)
{
    struct parser parser = {.commands = table, .script = script, .error = error};
    *script = (struct script){0};
    *error = (struct script_error){0};
    if (length > SCRIPT_BYTES_MAX) {
        return refuse(&parser, "the script is longer than 1 MiB", "");
    }
    if (!parse_lines(&parser, (struct span){text, length})) {
        script_release(script);
        return false;
    }
    return true;
}

void script_release(struct script *script)
{
    for (size_t i = 0; i < script->count; i++) {
        free(script->statements[i].text);
        free(script->statements[i].words);
        free(script->statements[i].variable);
    }
    free(script->statements);
    *script = (struct script){0};
}
