/*
 * Finds what a word may become by what stands before it: commands, options, their values,
 * arguments.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/attributes.h>

#include "command/completion_line.h"
#include "command/completion_path.h"
#include "output/printer.h"

/* One completion under way. The word is what is kept of it ("--path=", "-e", "a,"), and behind that
 * the value that is completed. */
struct completion {
    const struct completion_request *request;
    const struct completion_sink *sink;
    struct completion_line line;
    const char *value;
    struct completion_files files;
};

/* ---- candidates ---- */

/* True for a text that can be typed as it stands. */
static bool is_plain(const char *text)
{
    char *safe = text_escape(text);
    bool plain = safe != NULL && strcmp(safe, text) == 0;
    free(safe);
    return plain;
}

/* Puts the word up to `start`, which is a part of its value, with start and rest behind. */
static void put(void *context, const char *start, const char *rest, const char *description,
                bool blank)
{
    const struct completion *completion = context;
    const char *current = completion->request->current;
    char *text;
    int kept = (int)(completion->value - current);
    if (asprintf(&text, "%.*s%s%s", kept, current, start, rest) < 0) {
        return;
    }
    char *safe = text_escape(description != NULL ? description : "");
    if (is_plain(text)) {
        const struct completion_candidate candidate = {
            .text = text,
            .description = safe != NULL ? safe : "",
            .blank = blank,
        };
        completion->sink->candidate(completion->sink->context, &candidate);
    }
    free(safe);
    free(text);
}

/* Puts a text that begins as the value does. */
static void offer(struct completion *completion, const char *text, const char *description,
                  bool blank)
{
    if (strncmp(text, completion->value, strlen(completion->value)) == 0) {
        put(completion, text, "", description, blank);
    }
}

static void offer_files(struct completion *completion, bool directories)
{
    completion->files.kind = directories ? COMPLETION_DIRECTORIES : COMPLETION_FILES;
    completion->files.offset = (size_t)(completion->value - completion->request->current);
}

/* The words of "a|b|c". */
static void offer_words(struct completion *completion, const char *words)
{
    for (const char *at = words; *at != '\0'; at += *at == '|') {
        size_t length = strcspn(at, "|");
        char *word = strndup(at, length);
        if (word != NULL) {
            offer(completion, word, NULL, true);
        }
        free(word);
        at += length;
    }
}

static void offer_actions(struct completion *completion)
{
    const struct command_action *action = completion->line.command->actions;
    for (; action->name != NULL; action++) {
        offer(completion, action->name, action->summary, true);
    }
}

static void offer_commands(struct completion *completion)
{
    const struct command *const *at = completion->request->commands;
    for (; *at != NULL; at++) {
        size_t length = strlen(completion->value);
        offer(completion, (*at)->name, (*at)->summary, true);
        if ((*at)->alias != NULL && length > 0 &&
            strncmp((*at)->name, completion->value, length) != 0) {
            offer(completion, (*at)->alias, (*at)->summary, true);
        }
    }
}

/* ---- what lives ---- */

static void offer_endpoint(void *visitor, const char *name, const char *description)
{
    offer(visitor, name, description, true);
}

static void offer_endpoints(struct completion *completion)
{
    const struct completion_source *source = completion->request->source;
    if (source != NULL && source->endpoints != NULL) {
        source->endpoints(source->context, &completion->line.target, completion->value,
                          offer_endpoint, completion);
    }
}

/* ---- paths ---- */

/* A path of the value; commands that act on no device know the definitions alone. */
static struct completion_path path_of(const struct completion *completion)
{
    const struct completion_request *request = completion->request;
    const struct command *command = completion->line.command;
    bool on_device = command != NULL && (command->flags & COMMAND_ON_DEVICE) != 0;
    return (struct completion_path){
        .definitions = request->definitions,
        .source = on_device ? request->source : NULL,
        .target = &completion->line.target,
        .typed = completion->value,
    };
}

static void offer_path(struct completion *completion, const struct completion_path *path)
{
    const struct completion_output output = {completion, put};
    if (!path->assigned || strchr(completion->value, '=') == NULL) {
        completion_path_find(path, &output);
        return;
    }
    completion_path_find_values(path, &output);
    const char *file = strchr(completion->value, '=') + 1;
    if (*file == '@') {
        completion->value = file + 1;
        offer_files(completion, false);
    }
}

/* A path below that of the first argument: of its instance 0, where it names an object alone. */
static void offer_below(struct completion *completion)
{
    struct completion_path path = path_of(completion);
    struct lwm2m_path base;
    char text[LWM2M_PATH_TEXT_MAX];
    if (lwm2m_definitions_parse_path(path.definitions,
                                     lwm2m_bytes_from_text(completion->line.first_argument), &base,
                                     NULL) != LWM2M_OK ||
        (base.level == LWM2M_LEVEL_OBJECT && lwm2m_path_append(&base, 0) != LWM2M_OK) ||
        base.level != LWM2M_LEVEL_INSTANCE) {
        return;
    }
    lwm2m_path_print(base, text);
    path.base = text;
    path.assigned = true;
    offer_path(completion, &path);
}

/* ---- options ---- */

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static void offer_option(struct completion *completion, const struct option_definition *option)
{
    char text[96];
    bool has_value = option->optional_value && begins(completion->value, "--") &&
                     strcmp(completion->value + 2, option->name) == 0;
    snprintf(text, sizeof(text), "--%s%s", option->name, has_value ? "=" : "");
    offer(completion, text, option->help, !has_value);
    bool is_negatable =
        option->kind == OPTION_FLAG && !option->line_only && !begins(option->name, "no-");
    if (is_negatable && begins(completion->value, "--no")) {
        snprintf(text, sizeof(text), "--no-%s", option->name);
        offer(completion, text, option->help, true);
    }
}

static void offer_options(struct completion *completion)
{
    const struct option_definition *option;
    for (size_t i = 0; (option = completion_line_option(&completion->line, i)) != NULL; i++) {
        offer_option(completion, option);
    }
}

/* What an option's value is, by the word that stands for it in the manual. */
enum value_kind {
    VALUE_OTHER,
    VALUE_ENDPOINT,
    VALUE_PATH,
    VALUE_ASSIGNMENT,
    VALUE_FILE,
    VALUE_DIR
};

static enum value_kind kind_of_value(const struct option_definition *option)
{
    static const struct {
        const char *argument;
        enum value_kind kind;
    } kinds[] = {
        {"EP", VALUE_ENDPOINT},           {"PATH", VALUE_PATH}, {"FILE", VALUE_FILE},
        {"PATH=VALUE", VALUE_ASSIGNMENT}, {"DIR", VALUE_DIR},
    };
    if (strcmp(option->name, "socket") == 0) {
        return VALUE_FILE; /* its PATH is one of the file system */
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (option->argument != NULL && strcmp(kinds[i].argument, option->argument) == 0) {
            return kinds[i].kind;
        }
    }
    return VALUE_OTHER;
}

/* Of a list between commas, the last item is completed. */
static void skip_items(struct completion *completion, const struct option_definition *option)
{
    const char *comma = strrchr(completion->value, ',');
    if (comma != NULL && strchr(option->argument, ',') != NULL) {
        completion->value = comma + 1;
    }
}

static void complete_option_value(struct completion *completion,
                                  const struct option_definition *option)
{
    struct completion_path path = path_of(completion);
    if (option->choices != NULL) {
        skip_items(completion, option);
        offer_words(completion, option->choices);
        return;
    }
    switch (kind_of_value(option)) {
    case VALUE_ENDPOINT:
        offer_endpoints(completion);
        break;
    case VALUE_PATH:
        offer_path(completion, &path);
        break;
    case VALUE_ASSIGNMENT:
        path.assigned = true;
        offer_path(completion, &path);
        break;
    case VALUE_FILE:
    case VALUE_DIR:
        offer_files(completion, kind_of_value(option) == VALUE_DIR);
        break;
    default:
        break;
    }
}

static void complete_option(struct completion *completion)
{
    const char *word = completion->value;
    const struct option_definition *option = NULL;
    if (word[0] == '-' && word[1] == '-' && strchr(word, '=') != NULL) {
        const char *equals = strchr(word, '=');
        option = completion_line_find(&completion->line, word + 2, (size_t)(equals - word - 2));
        completion->value = equals + 1;
    } else if (word[1] != '-' && word[1] != '\0') {
        option = completion_line_find_letter(&completion->line, word[1]);
        if (option == NULL || !completion_takes_value(option)) {
            return;
        }
        completion->value = word + 2;
        if (word[2] == '\0') {
            put(completion, "", "", option->help, true);
            return;
        }
    } else {
        offer_options(completion);
        return;
    }
    if (option != NULL) {
        complete_option_value(completion, option);
    }
}

/* ---- arguments ---- */

static void complete_attribute(struct completion *completion)
{
    const char *name;
    bool has_value = strchr(completion->value, '=') != NULL;
    for (uint32_t bit = 1; (name = lwm2m_attribute_name(bit)) != NULL; bit <<= 1) {
        bool is_flag = (bit & (LWM2M_ATTRIBUTE_EDGE | LWM2M_ATTRIBUTE_CON)) != 0;
        char text[32];
        for (int value = 0; value < 2 && has_value && is_flag; value++) {
            snprintf(text, sizeof(text), "%s=%d", name, value);
            offer(completion, text, NULL, true);
        }
        if (!has_value) {
            snprintf(text, sizeof(text), "%s=", name);
            offer(completion, text, NULL, false);
        }
    }
}

static void complete_bytes(struct completion *completion)
{
    if (completion->value[0] == '@') {
        completion->value++;
        offer_files(completion, false);
    }
}

static void complete_argument(struct completion *completion)
{
    const struct argument_definition *argument = completion_line_argument(&completion->line);
    struct completion_path path = path_of(completion);
    if (argument == NULL) {
        return;
    }
    path.operations = argument->operations;
    path.assigned = argument->kind == ARGUMENT_ASSIGNMENT;
    path.object_only = argument->kind == ARGUMENT_OBJECT;
    switch (argument->kind) {
    case ARGUMENT_ASSIGNMENT:
        complete_bytes(completion); /* encode takes either */
        offer_path(completion, &path);
        break;
    case ARGUMENT_PATH:
    case ARGUMENT_OBJECT:
        offer_path(completion, &path);
        break;
    case ARGUMENT_BELOW:
        offer_below(completion);
        break;
    case ARGUMENT_ATTRIBUTE:
        complete_attribute(completion);
        break;
    case ARGUMENT_COMMAND:
        offer_commands(completion);
        break;
    case ARGUMENT_FILE:
        offer_files(completion, false);
        break;
    case ARGUMENT_BYTES:
        complete_bytes(completion);
        break;
    default:
        break;
    }
}

struct completion_files completion_find(const struct completion_request *request,
                                        const struct completion_sink *sink)
{
    struct completion completion = {
        .request = request,
        .sink = sink,
        .value = request->current,
        .files.kind = COMPLETION_NO_FILES,
    };
    completion_line_read(&completion.line, request);
    if (completion.line.is_unknown) {
        return completion.files;
    }
    if (completion.line.pending != NULL) {
        complete_option_value(&completion, completion.line.pending);
    } else if (request->current[0] == '-' && !completion.line.options_ended) {
        complete_option(&completion);
    } else if (completion.line.command == NULL) {
        offer_commands(&completion);
    } else if (completion.line.command->actions != NULL && completion.line.action == NULL) {
        offer_actions(&completion);
    } else {
        complete_argument(&completion);
    }
    return completion.files;
}

/* ---- lines ---- */

bool completion_split(const char *line, struct words *words)
{
    /* A character that nobody types makes a word of nothing; behind it, what is open is closed. */
    static const char *const ends[] = {"\x01", "\x01'", "\x01\""};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct usage_error error;
        char *closed;
        if (asprintf(&closed, "%s%s", line, ends[i]) < 0) {
            return false;
        }
        bool good = words_split(closed, NULL, words, &error);
        free(closed);
        if (!good) {
            continue;
        }
        char *last = words->count > 0 ? words->texts[words->count - 1] : NULL;
        size_t length = last != NULL ? strlen(last) : 0;
        if (length > 0 && last[length - 1] == '\x01') {
            last[length - 1] = '\0';
            return true;
        }
        words_release(words);
        return false;
    }
    return false;
}
