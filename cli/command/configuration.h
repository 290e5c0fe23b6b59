/*
 * The configuration: what files say about the options of commands, below what the environment and
 * the command line say (lwm2m.conf(5)).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMAND_CONFIGURATION_H
#define COMMAND_CONFIGURATION_H

#include "command/command.h"
#include "command/configuration_file.h"

#define CONFIGURATION_FILES_MAX 3

struct configuration {
    char *files[CONFIGURATION_FILES_MAX]; /* those that were read, the weakest first */
    size_t file_count;
    struct configuration_entries entries;
};

/*
 * Reads /etc/lwm2m/lwm2m.conf, $XDG_CONFIG_HOME/lwm2m/config and $LWM2M_CONFIG. A file that is not
 * there is none; $LWM2M_CONFIG has to be. EXIT_CODE_USAGE (a line is wrong) or EXIT_CODE_IO with
 * *error filled. Release it in any case.
 */
enum exit_code configuration_read(struct configuration *configuration, struct usage_error *error);
void configuration_release(struct configuration *configuration);

/* The line of a command that is to be configured. */
struct configuration_target {
    const struct command *command;
    const char *endpoint;          /* the one device that it acts on; NULL: none, or several */
    const struct option_set *sets; /* the command's own, the global ones, and those for devices */
    size_t set_count;              /* 2 without the last */
};

/*
 * Lays what the configuration says into the sets, unless the environment says something else: first
 * what is global, then what is for the command, then what is for the device. False with *error
 * filled: "FILE:LINE: …".
 */
bool configuration_apply(const struct configuration *configuration,
                         const struct configuration_target *target, struct usage_error *error);

/* Checks one entry against the options of the commands, whoever uses it. False with *error filled.
 */
bool configuration_check(const struct configuration_entry *entry,
                         const struct command *const *table, struct usage_error *error);

#endif
