/*
 * Finds configuration files and applies them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/configuration.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command_line.h"
#include "output/environment.h"

#define SYSTEM_FILE "/etc/lwm2m/lwm2m.conf"

static const struct option_definition no_options[] = {{.name = NULL}};

static enum exit_code fail(struct usage_error *error, const char *file, const char *reason)
{
    snprintf(error->message, sizeof(error->message), "cannot read the configuration %.120s: %s",
             file, reason);
    return EXIT_CODE_IO;
}

/* Takes the name. The file may be missing unless it was asked for. */
static enum exit_code read_file(struct configuration *configuration, char *name, bool required,
                                struct usage_error *error)
{
    if (name == NULL) {
        return fail(error, "", "out of memory");
    }
    FILE *file = fopen(name, "re");
    if (file == NULL) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        enum exit_code exit =
            missing && !required ? EXIT_CODE_OK : fail(error, name, strerror(errno));
        free(name);
        return exit;
    }
    configuration->files[configuration->file_count++] = name;
    enum exit_code exit = EXIT_CODE_OK;
    char *text = malloc(CONFIGURATION_BYTES_MAX + 1);
    size_t length = text != NULL ? fread(text, 1, CONFIGURATION_BYTES_MAX + 1, file) : 0;
    if (text == NULL || ferror(file)) {
        exit = fail(error, name, text == NULL ? "out of memory" : strerror(errno));
    } else if (!configuration_file_parse(name, text, length, &configuration->entries, error)) {
        exit = EXIT_CODE_USAGE;
    }
    free(text);
    fclose(file);
    return exit;
}

static char *join(const char *directory, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", directory, name) >= 0 ? path : NULL;
}

enum exit_code configuration_read(struct configuration *configuration, struct usage_error *error)
{
    const char *directory = environment("XDG_CONFIG_HOME");
    const char *home = environment("HOME");
    const char *named = environment("LWM2M_CONFIG");
    *configuration = (struct configuration){.file_count = 0};
    enum exit_code exit = read_file(configuration, strdup(SYSTEM_FILE), false, error);
    if (exit == EXIT_CODE_OK && directory != NULL) {
        exit = read_file(configuration, join(directory, "lwm2m/config"), false, error);
    } else if (exit == EXIT_CODE_OK && home != NULL) {
        exit = read_file(configuration, join(home, ".config/lwm2m/config"), false, error);
    }
    if (exit == EXIT_CODE_OK && named != NULL) {
        exit = read_file(configuration, strdup(named), true, error);
    }
    return exit;
}

void configuration_release(struct configuration *configuration)
{
    configuration_entries_release(&configuration->entries);
    for (size_t i = 0; i < configuration->file_count; i++) {
        free(configuration->files[i]);
    }
    *configuration = (struct configuration){.file_count = 0};
}

static bool applies(const struct configuration_entry *entry,
                    const struct configuration_target *target)
{
    if (strcmp(entry->section, "global") == 0) {
        return true;
    }
    if (strcmp(entry->section, "device") == 0) {
        return (target->command->flags & COMMAND_ON_DEVICE) != 0 && target->endpoint != NULL &&
               strcmp(entry->subject, target->endpoint) == 0;
    }
    return strcmp(entry->section, target->command->name) == 0;
}

/* True if a variable of the environment, which counts for more, says the same as an option. */
static bool environment_says(const struct option_set *sets, size_t set_count, const char *name)
{
    for (size_t i = 0; i < set_count; i++) {
        for (const struct option_definition *d = sets[i].table; d->name != NULL; d++) {
            if (strcmp(d->name, name) == 0) {
                return d->environment != NULL && environment(d->environment) != NULL;
            }
        }
    }
    return false;
}

/* Puts the place before what is wrong there. */
static bool blame(const struct configuration_entry *entry, struct usage_error *error)
{
    char reason[sizeof(error->message)];
    memcpy(reason, error->message, sizeof(reason));
    snprintf(error->message, sizeof(error->message), "%.80s:%u: %.150s", entry->file, entry->line,
             reason);
    snprintf(error->hint, sizeof(error->hint), "'lwm2m config show --origin' shows what is set");
    return false;
}

/* What a section may set: [global] the options of all commands, [device] those and the ones of
 * commands for devices, [COMMAND] these and its own. Returns how many sets of `all` that is. */
static size_t sets_of(const struct configuration_entry *entry, const struct option_set *all,
                      size_t count, const struct option_set **first)
{
    bool global = strcmp(entry->section, "global") == 0;
    bool device = strcmp(entry->section, "device") == 0;
    *first = global || device ? all + 1 : all;
    return global ? 1 : device ? count - 1 : count;
}

/* The general is laid down before the special. */
static unsigned rank_of(const struct configuration_entry *entry)
{
    return strcmp(entry->section, "global") == 0   ? 0
           : strcmp(entry->section, "device") == 0 ? 2
                                                   : 1;
}

static bool apply_rank(const struct configuration *configuration, unsigned rank,
                       const struct configuration_target *target, struct usage_error *error)
{
    for (size_t i = 0; i < configuration->entries.count; i++) {
        const struct configuration_entry *entry = &configuration->entries.list[i];
        const struct option_set *first;
        size_t count = sets_of(entry, target->sets, target->set_count, &first);
        if (rank_of(entry) != rank || !applies(entry, target) ||
            environment_says(first, count, entry->name)) {
            continue;
        }
        if (!options_assign(first, count, entry->name, entry->value, error)) {
            return blame(entry, error);
        }
    }
    return true;
}

bool configuration_apply(const struct configuration *configuration,
                         const struct configuration_target *target, struct usage_error *error)
{
    return apply_rank(configuration, 0, target, error) &&
           apply_rank(configuration, 1, target, error) &&
           apply_rank(configuration, 2, target, error);
}

/* The command that a section is for; any that acts on devices for [global] and [device]. */
static const struct command *command_of(const struct configuration_entry *entry,
                                        const struct command *const *table)
{
    for (; *table != NULL; table++) {
        bool any = strcmp(entry->section, "global") == 0 || strcmp(entry->section, "device") == 0;
        if (any ? ((*table)->flags & COMMAND_ON_DEVICE) != 0
                : strcmp((*table)->name, entry->section) == 0) {
            return *table;
        }
    }
    return NULL;
}

bool configuration_check(const struct configuration_entry *entry,
                         const struct command *const *table, struct usage_error *error)
{
    const struct command *command = command_of(entry, table);
    if (command == NULL) {
        snprintf(error->message, sizeof(error->message),
                 "[%.40s] is neither global, device nor a command", entry->section);
        return blame(entry, error);
    }
    struct global_options global = {0};
    struct device_options device = {0};
    void *values = calloc(1, command->options_size + 1);
    const struct option_set sets[] = {
        {command->options != NULL ? command->options : no_options, values},
        {global_option_table, &global},
        {device_option_table, &device},
    };
    const struct option_set *first;
    size_t count = sets_of(entry, sets, (command->flags & COMMAND_ON_DEVICE) != 0 ? 3 : 2, &first);
    bool good = values != NULL && options_assign(first, count, entry->name, entry->value, error);
    for (size_t i = 0; values != NULL && i < 3; i++) {
        options_release(&sets[i]);
    }
    free(values);
    return good || blame(entry, error);
}
