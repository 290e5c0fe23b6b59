/*
 * A command explains itself in one const struct, before any code.
 *
 * To add one: write cli/commands/<name>.c with a `const struct command command_<name>`, declare it
 * below, add it to the table in cli/commands.c and to cli/files.mk, and write
 * man/lwm2m-<name>.1.scd, a test in tests/cli/<name>.bats and a line in CHANGELOG.md. `make lint`
 * finds what was forgotten.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <lwm2m/definition.h>

#include "argv/options.h"
#include "output/exit_code.h"
#include "output/printer.h"

/* Options that every command takes. */
struct global_options {
    bool help;
    bool quiet;
    unsigned verbosity; /* -v 1, -vv 2, -vvv 3 */
    const char *color;  /* auto, always, never */
    const char *as; /* table, plain, json, csv, senml; NULL: table */
    struct optional_number timeout;
    const char *socket;
    const char *log_file;
    const char *log_format; /* text, json */
    bool log_time;
};

/* Options of commands that act on devices. */
struct device_options {
    struct text_list endpoints;
    bool all;
    const char *serve;            /* NULL: not given; "": default address */
    const char *stack;            /* of that server; NULL: not given */
    struct optional_number retry; /* more attempts, after 5.03 or no answer */
    struct optional_number retry_delay;
    bool retry_exec;
    struct optional_number hold; /* how long requests wait for a device that sleeps */
};

enum command_flag {
    COMMAND_ON_DEVICE = 1 << 0,         /* takes struct device_options */
    COMMAND_STOPS_AT_ARGUMENT = 1 << 1, /* options end at the first argument */
    COMMAND_SELECTS = 1 << 2,           /* -e selects from all: $LWM2M_ENDPOINT does not count */
    COMMAND_UNCONFIGURED = 1 << 3,      /* configuration files say nothing about it */
    COMMAND_AS_SENML = 1 << 4,          /* knows --as=senml */
};

/* Where a command line comes from. */
enum command_origin {
    COMMAND_FROM_ARGUMENTS, /* of the program */
    COMMAND_FROM_SHELL,
    COMMAND_FROM_SCRIPT,
};

/* Hears of every result that a command gets of a server. */
struct result_listener {
    void *context;
    /* Its code of CoAP, "" where it has none, and its value as text, NULL where it has none. */
    void (*result)(void *context, const char *code, const char *printed);
};

/* What a command line is run in. The program, a shell and a script differ in this alone; what a
 * shell or a script has chosen for all commands (the device in use, say) is in the environment,
 * where every command and every child looks for it. */
struct command_setting {
    const struct command *const *commands; /* the whole table, ended by NULL */
    enum command_origin origin;
    struct global_options defaults; /* where the line does not say otherwise */
    FILE *results, *diagnostics;    /* NULL: stdout, stderr */
    const struct result_listener *listener; /* NULL: none */
};

/* A command line that was parsed, on its way to the command. */
struct invocation {
    const struct command *command;
    const struct command_action *action; /* of the command's actions; NULL: it has none */
    const struct command_setting *setting;
    struct global_options global;
    struct device_options device;
    const void *options; /* the command's own struct, filled */
    char **arguments; /* those of the action, where there is one */
    int argument_count;
    struct printer *printer;
};

/* What an argument of a command is, for completion. */
enum argument_kind {
    ARGUMENT_END,        /* of a table */
    ARGUMENT_PATH,       /* of the data model */
    ARGUMENT_ASSIGNMENT, /* PATH=VALUE */
    ARGUMENT_BELOW,      /* RESOURCE=VALUE, below the path that is the first argument */
    ARGUMENT_ATTRIBUTE,  /* NAME=VALUE, of a notification attribute */
    ARGUMENT_OBJECT,     /* an object of the definitions */
    ARGUMENT_COMMAND,    /* the name of a command */
    ARGUMENT_FILE,
    ARGUMENT_BYTES, /* digits, or @FILE */
};

struct argument_definition {
    enum argument_kind kind;
    bool repeated;       /* the last one of a table: what follows is the same */
    unsigned operations; /* enum lwm2m_operations: resources that allow one of them; 0: any */
};

/* One of the things that a command can do, named by its first argument. */
struct command_action {
    const char *name;
    const char *synopsis; /* what follows the name, "PATH…"; "" for nothing */
    const char *summary;
    int least_arguments, most_arguments; /* behind the name; most < 0: any number */
    const struct argument_definition *arguments; /* behind the name, as those of a command */
    int (*run)(const struct invocation *invocation); /* as that of a command */
};

struct command {
    const char *name;
    const char *alias; /* may be NULL */
    const char *summary;
    const char *synopsis;                    /* after "lwm2m " */
    const char *examples[2];                 /* each a whole line */
    const struct option_definition *options; /* may be NULL */
    size_t options_size;                     /* of the struct that they fill */
    unsigned flags;                          /* enum command_flag */
    int least_arguments, most_arguments;     /* most < 0: any number */
    /* What they are, ended by ARGUMENT_END; NULL: nothing is known of them. */
    const struct argument_definition *arguments;
    /* What it can do, ended by an entry without a name, in place of arguments and run; or NULL. */
    const struct command_action *actions;
    /* Does the work and returns an exit code; has printed why if it is not 0. */
    int (*run)(const struct invocation *invocation);
};

/* One a file of cli/commands. */
extern const struct command command_attr;
extern const struct command command_cancel;
extern const struct command command_client;
extern const struct command command_completion;
extern const struct command command_config;
extern const struct command command_create;
extern const struct command command_decode;
extern const struct command command_delete;
extern const struct command command_device;
extern const struct command command_discover;
extern const struct command command_encode;
extern const struct command command_events;
extern const struct command command_exec;
extern const struct command command_help;
extern const struct command command_info;
extern const struct command command_keys;
extern const struct command command_list;
extern const struct command command_monitor;
extern const struct command command_objects;
extern const struct command command_observe;
extern const struct command command_read;
extern const struct command command_register;
extern const struct command command_run;
extern const struct command command_server;
extern const struct command command_shell;
extern const struct command command_tree;
extern const struct command command_version;
extern const struct command command_wait;
extern const struct command command_write;

/* The table, ended by NULL (cli/commands.c). */
extern const struct command *const commands[];

#endif
