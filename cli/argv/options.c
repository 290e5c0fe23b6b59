/*
 * Parses command lines against option tables, by getopt_long.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "argv/options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argv/nearest.h"

/* More than any command has; checked when the tables are laid out. */
#define OPTIONS_MAX 96

/* getopt's view of the sets: entry n of `longs` came from `sources[n]`. */
struct getopt_tables {
    struct option longs[2 * OPTIONS_MAX + 1];
    struct {
        const struct option_definition *definition;
        const struct option_set *set;
        bool negated;
    } sources[2 * OPTIONS_MAX];
    size_t count;
    char letters[3 * OPTIONS_MAX + 3];
    char negations[OPTIONS_MAX][40];
    size_t negation_count;
};

static int argument_mode(const struct option_definition *definition)
{
    if (definition->kind == OPTION_FLAG || definition->kind == OPTION_COUNT ||
        definition->kind == OPTION_WORD) {
        return no_argument;
    }
    return definition->optional_value ? optional_argument : required_argument;
}

static void add_long(struct getopt_tables *tables, const char *name, int mode,
                     const struct option_definition *definition, const struct option_set *set,
                     bool negated)
{
    size_t index = tables->count++;
    tables->longs[index] = (struct option){.name = name, .has_arg = mode, .val = 256 + (int)index};
    tables->sources[index].definition = definition;
    tables->sources[index].set = set;
    tables->sources[index].negated = negated;
}

static void add_letter(struct getopt_tables *tables, const struct option_definition *definition)
{
    size_t length = strlen(tables->letters);
    tables->letters[length++] = definition->letter;
    for (int mode = argument_mode(definition); mode > 0; mode--) {
        tables->letters[length++] = ':';
    }
    tables->letters[length] = '\0';
}

static void add_set(struct getopt_tables *tables, const struct option_set *set)
{
    for (const struct option_definition *d = set->table;
         d->name != NULL && tables->negation_count < OPTIONS_MAX &&
         tables->count < 2 * OPTIONS_MAX - 1;
         d++) {
        add_long(tables, d->name, argument_mode(d), d, set, false);
        if (d->letter != 0) {
            add_letter(tables, d);
        }
        if (d->kind == OPTION_FLAG || d->kind == OPTION_WORD) {
            char *negation = tables->negations[tables->negation_count++];
            snprintf(negation, sizeof(tables->negations[0]), "no-%s", d->name);
            add_long(tables, negation, no_argument, d, set, true);
        }
    }
}

static bool usage(struct usage_error *error, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool usage(struct usage_error *error, const char *hint, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(error->message, sizeof(error->message), format, list);
    va_end(list);
    snprintf(error->hint, sizeof(error->hint), "%s", hint);
    return false;
}

static bool store_number(const struct option_definition *definition, void *member, const char *text,
                         struct usage_error *error)
{
    struct optional_number *number = member;
    bool good;
    const char *form;
    if (definition->kind == OPTION_DURATION) {
        good = duration_parse(text, &number->value);
        form = "a duration such as 30s, 500ms, 5m or 24h";
    } else if (definition->kind == OPTION_SIZE) {
        good = size_parse(text, &number->value);
        form = "a size such as 512, 64KiB or 1MB";
    } else {
        char *end;
        errno = 0;
        number->value = strtoll(text, &end, 10);
        good = errno == 0 && *text != '\0' && *end == '\0';
        form = "a whole number";
    }
    if (!good) {
        return usage(error, "", "--%s: '%.80s' is not %s", definition->name, text, form);
    }
    if ((definition->least != 0 || definition->most != 0) &&
        (number->value < definition->least || number->value > definition->most)) {
        return usage(error, "", "--%s: '%.80s' is not from %" PRId64 " to %" PRId64,
                     definition->name, text, definition->least, definition->most);
    }
    number->given = true;
    return true;
}

bool options_is_choice(const char *choices, const char *word)
{
    size_t length = strlen(word);
    while (*choices != '\0') {
        size_t choice = strcspn(choices, "|");
        if (choice == length && strncmp(choices, word, length) == 0) {
            return length > 0;
        }
        choices += choice;
        choices += *choices == '|';
    }
    return false;
}

static bool append(struct text_list *list, const char *text, struct usage_error *error)
{
    const char **grown = realloc(list->texts, (list->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return usage(error, "", "out of memory");
    }
    list->texts = grown;
    list->texts[list->count++] = text;
    return true;
}

static bool store_list(struct text_list *list, const char *text, struct usage_error *error)
{
    if (list->assigned) {
        list->count = 0;
        list->assigned = false;
    }
    return append(list, text, error);
}

static void store_word(const char **member, const char *word, bool negated)
{
    if (!negated) {
        *member = word;
    } else if (*member != NULL && strcmp(*member, word) == 0) {
        *member = NULL;
    }
}

static bool store(const struct option_definition *definition, void *values, bool negated,
                  const char *text, struct usage_error *error)
{
    void *member = (char *)values + definition->offset;
    switch (definition->kind) {
    case OPTION_FLAG:
        *(bool *)member = !negated;
        return true;
    case OPTION_COUNT:
        ++*(unsigned *)member;
        return true;
    case OPTION_TEXT:
        *(const char **)member = text != NULL ? text : "";
        return true;
    case OPTION_LIST:
        return store_list(member, text, error);
    case OPTION_CHOICE:
        if (!options_is_choice(definition->choices, text)) {
            return usage(error, "", "--%s: '%.80s' is none of %s", definition->name, text,
                         definition->choices);
        }
        *(const char **)member = text;
        return true;
    case OPTION_WORD:
        store_word(member, definition->choices, negated);
        return true;
    default:
        return store_number(definition, member, text, error);
    }
}

static bool unknown_option(const struct getopt_tables *tables, char **argv,
                           struct usage_error *error)
{
    const char *word = argv[optind - 1];
    if (optopt >= 256) { /* a long flag was given a value */
        return usage(error, "", "--%s takes no value", tables->longs[optopt - 256].name);
    }
    if (optopt != 0) {
        return usage(error, "", "unknown option -%c", optopt);
    }
    struct nearest nearest;
    char name[80];
    snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
    nearest_init(&nearest, name);
    size_t starts_alike = 0;
    for (size_t i = 0; i < tables->count; i++) {
        nearest_offer(&nearest, tables->longs[i].name);
        starts_alike += strncmp(tables->longs[i].name, name, strlen(name)) == 0;
    }
    const char *what = starts_alike > 1 ? "ambiguous" : "unknown";
    if (nearest.best == NULL) {
        return usage(error, "", "%s option --%s", what, name);
    }
    return usage(error, "", "%s option --%s; did you mean --%s?", what, name, nearest.best);
}

static bool missing_value(const struct getopt_tables *tables, struct usage_error *error)
{
    if (optopt >= 256) {
        const struct option_definition *d = tables->sources[optopt - 256].definition;
        return usage(error, "", "--%s needs a value: --%s %s", d->name, d->name, d->argument);
    }
    return usage(error, "", "-%c needs a value", optopt);
}

static bool store_letter(const struct getopt_tables *tables, int letter, struct usage_error *error)
{
    for (size_t i = 0; i < tables->count; i++) {
        const struct option_definition *d = tables->sources[i].definition;
        if (d->letter == letter && !tables->sources[i].negated) {
            return store(d, tables->sources[i].set->values, false, optarg, error);
        }
    }
    return usage(error, "", "unknown option -%c", letter);
}

static bool parse_all(int argc, char **argv, const struct getopt_tables *tables,
                      struct usage_error *error)
{
    /* 0 makes glibc and musl start anew, also after a parse that was broken off. */
    optind = 0;
    opterr = 0;
    for (;;) {
        optopt = 0;
        int found = getopt_long(argc, argv, tables->letters, tables->longs, NULL);
        bool good;
        if (found == -1) {
            return true;
        } else if (found == '?') {
            good = unknown_option(tables, argv, error);
        } else if (found == ':') {
            good = missing_value(tables, error);
        } else if (found >= 256) {
            size_t i = (size_t)found - 256;
            good = store(tables->sources[i].definition, tables->sources[i].set->values,
                         tables->sources[i].negated, optarg, error);
        } else {
            good = store_letter(tables, found, error);
        }
        if (!good) {
            return false;
        }
    }
}

bool options_parse(int argc, char **argv, const struct option_set *sets, size_t set_count,
                   bool stop_at_argument, char ***arguments, int *argument_count,
                   struct usage_error *error)
{
    struct getopt_tables *tables = calloc(1, sizeof(*tables));
    if (tables == NULL) {
        return usage(error, "", "out of memory");
    }
    snprintf(tables->letters, sizeof(tables->letters), "%s", stop_at_argument ? "+:" : ":");
    for (size_t i = 0; i < set_count; i++) {
        add_set(tables, &sets[i]);
    }
    bool good = parse_all(argc, argv, tables, error);
    if (good) {
        *arguments = argv + optind;
        *argument_count = argc - optind;
    }
    free(tables);
    return good;
}

/* Offers the names of every set, and says which is near. */
static bool unknown_name(const struct option_set *sets, size_t set_count, const char *name,
                         struct usage_error *error)
{
    struct nearest nearest;
    nearest_init(&nearest, name);
    for (size_t i = 0; i < set_count; i++) {
        for (const struct option_definition *d = sets[i].table; d->name != NULL; d++) {
            nearest_offer(&nearest, d->name);
        }
    }
    if (nearest.best == NULL) {
        return usage(error, "", "unknown option '%.60s'", name);
    }
    return usage(error, "", "unknown option '%.60s'; did you mean '%s'?", name, nearest.best);
}

static const struct option_definition *find(const struct option_set *sets, size_t set_count,
                                            const char *name, void **values)
{
    for (size_t i = 0; i < set_count; i++) {
        for (const struct option_definition *d = sets[i].table; d->name != NULL; d++) {
            if (strcmp(d->name, name) == 0) {
                *values = sets[i].values;
                return d;
            }
        }
    }
    return NULL;
}

static bool assign_flag(const struct option_definition *definition, void *values, const char *text,
                        struct usage_error *error)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i], text) == 0) {
            *(bool *)((char *)values + definition->offset) = i % 2 == 1;
            return true;
        }
    }
    return usage(error, "", "%s: '%.80s' is neither yes nor no", definition->name, text);
}

static bool assign_count(const struct option_definition *definition, void *values, const char *text,
                         struct usage_error *error)
{
    if (text[0] < '0' || text[0] > '9' || text[1] != '\0') {
        return usage(error, "", "%s: '%.80s' is not from 0 to 9", definition->name, text);
    }
    *(unsigned *)((char *)values + definition->offset) = (unsigned)(text[0] - '0');
    return true;
}

bool options_assign(const struct option_set *sets, size_t set_count, const char *name,
                    const char *text, struct usage_error *error)
{
    void *values = NULL;
    const struct option_definition *definition = find(sets, set_count, name, &values);
    if (definition == NULL) {
        return unknown_name(sets, set_count, name, error);
    }
    if (definition->line_only) {
        return usage(error, "", "--%s is for command lines alone", name);
    }
    if (definition->kind == OPTION_FLAG) {
        return assign_flag(definition, values, text, error);
    }
    if (definition->kind == OPTION_COUNT) {
        return assign_count(definition, values, text, error);
    }
    if (definition->kind == OPTION_LIST) {
        struct text_list *list = (void *)((char *)values + definition->offset);
        list->assigned = true;
        return append(list, text, error);
    }
    return store(definition, values, false, text, error);
}

static void overlay(const struct option_definition *definition, char *to, const char *from)
{
    switch (definition->kind) {
    case OPTION_FLAG:
        *(bool *)to = *(bool *)to || *(const bool *)from;
        break;
    case OPTION_COUNT:
        if (*(const unsigned *)from != 0) {
            *(unsigned *)to = *(const unsigned *)from;
        }
        break;
    case OPTION_TEXT:
    case OPTION_CHOICE:
        if (*(const char *const *)from != NULL) {
            *(const char **)to = *(const char *const *)from;
        }
        break;
    case OPTION_WORD: /* of the option whose word it is */
    case OPTION_LIST:
        break;
    default:
        if (((const struct optional_number *)from)->given) {
            *(struct optional_number *)to = *(const struct optional_number *)from;
        }
        break;
    }
}

void options_overlay(const struct option_definition *table, void *to, const void *from)
{
    for (; table->name != NULL; table++) {
        overlay(table, (char *)to + table->offset, (const char *)from + table->offset);
    }
}

void options_release(const struct option_set *set)
{
    for (const struct option_definition *d = set->table; d->name != NULL; d++) {
        if (d->kind == OPTION_LIST) {
            struct text_list *list = (void *)((char *)set->values + d->offset);
            free(list->texts);
            *list = (struct text_list){0};
        }
    }
}
