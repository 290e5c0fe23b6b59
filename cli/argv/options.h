/*
 * Command-line options as data: one table gives parsing, help, completion and the check of the
 * manual.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef ARGV_OPTIONS_H
#define ARGV_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_kind {
    OPTION_FLAG,     /* bool; --no-name sets it to false */
    OPTION_COUNT,    /* unsigned: how often it was given (-vv) */
    OPTION_TEXT,     /* const char * */
    OPTION_LIST,     /* struct text_list: may be given again and again */
    OPTION_NUMBER,   /* struct optional_number: a decimal integer */
    OPTION_DURATION, /* struct optional_number: milliseconds, from "30s", "500ms", "2m", "1h", "30"
                      */
    OPTION_SIZE,     /* struct optional_number: bytes, from "64KiB", "1MB", "512" */
    OPTION_CHOICE,   /* const char *: one of the words in choices */
    OPTION_WORD,     /* const char * of a CHOICE: --name puts the one word in choices there, --no-name
                      * takes that word away; what is given last counts */
};

struct text_list {
    const char **texts; /* borrowed from argv; the array is freed by options_release */
    size_t count;
    bool assigned; /* by options_assign: what a command line gives takes their place */
};

struct optional_number {
    bool given;
    int64_t value;
};

/* One option. A table ends with an entry whose name is NULL. */
struct option_definition {
    const char *name; /* long name, without dashes */
    char letter;      /* 0: none */
    enum option_kind kind;
    bool optional_value;  /* OPTION_TEXT: --name or --name=value; "" when the value is left out */
    size_t offset;        /* of the member in the struct that is filled */
    const char *argument; /* "EP"; NULL for flags */
    const char *help;
    const char *choices; /* OPTION_CHOICE: "tlv|text"; WORD: it; TEXT, LIST: words among others */
    int64_t least, most; /* OPTION_NUMBER, DURATION, SIZE: range, unless both are 0 */
    const char *environment; /* the variable that says the same; NULL: none */
    bool line_only;          /* makes no sense but on a command line */
};

/* A table and the struct that it fills. */
struct option_set {
    const struct option_definition *table;
    void *values; /* zeroed by the caller */
};

#define OPTION_SETS_MAX 4

/* Why a command line was refused, for people. */
struct usage_error {
    char message[256];
    char hint[160]; /* the next step; may be empty */
};

/*
 * Parses argv[1] and on against up to OPTION_SETS_MAX sets. Words that are no options are left, in
 * order, in *arguments (a part of argv, which is permuted). stop_at_argument: the first such word
 * ends the options. False with *error filled for anything unknown, ambiguous, out of range, or
 * missing its argument.
 */
bool options_parse(int argc, char **argv, const struct option_set *sets, size_t set_count,
                   bool stop_at_argument, char ***arguments, int *argument_count,
                   struct usage_error *error);

/*
 * Gives the option of that long name a value that was written elsewhere than on a command line, in
 * the first of the sets that has it. Flags take yes and no. text is borrowed as argv is. False with
 * *error filled, as by options_parse.
 */
bool options_assign(const struct option_set *sets, size_t set_count, const char *name,
                    const char *text, struct usage_error *error);

/* Copies each option that `from` holds into `to`, which is filled by the same table; lists are none
 * of them. */
void options_overlay(const struct option_definition *table, void *to, const void *from);

/* True if word is one of the words of "a|b|c". */
bool options_is_choice(const char *choices, const char *word);

/* Frees the lists that options_parse grew in the values of a set. */
void options_release(const struct option_set *set);

/* "500ms", "30s", "5m", "24h", "2d", "1.5s"; a bare number is seconds. False if it is none of
 * these. */
bool duration_parse(const char *text, int64_t *milliseconds);
/* "512", "64KiB", "1MB", "2G" (decimal without i); false if it is none of these. */
bool size_parse(const char *text, int64_t *bytes);

#endif
