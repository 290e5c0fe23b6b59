/*
 * config: what the configuration files and the environment say, and where.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "command/command_line.h"
#include "command/configuration.h"
#include "commands/request.h"
#include "output/environment.h"
#include "output/table.h"

struct config_options {
    bool origin;
};

static const struct option_definition options[] = {
    {.name = "origin",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct config_options, origin),
     .help = "where each value comes from: FILE:LINE, or the variable"},
    {.name = NULL},
};

static const struct table_column columns[] = {
    {.title = "OPTION"},
    {.title = "VALUE"},
    {.title = "ORIGIN", .shrinks = true},
    {.title = NULL},
};

struct listing {
    const struct invocation *invocation;
    struct table *table; /* NULL: lines of JSON */
    bool origin;
};

static bool list_value(const struct listing *listing, const char *option, const char *value,
                       const char *origin)
{
    if (listing->table != NULL) {
        size_t row = table_add(listing->table, 0);
        table_set(listing->table, row, 0, option, COLOUR_NONE);
        table_set(listing->table, row, 1, value, COLOUR_NONE);
        table_set(listing->table, row, 2, listing->origin ? origin : NULL, COLOUR_FAINT);
        return row != 0;
    }
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "config");
    cJSON_AddStringToObject(result, "option", option);
    cJSON_AddStringToObject(result, "value", value);
    cJSON_AddStringToObject(result, "origin", origin);
    bool good = result != NULL && print_json_line(listing->invocation->printer, result);
    cJSON_Delete(result);
    return good;
}

/* "server.port", or "device "pump-7".timeout" as git calls such a thing. */
static void print_option_name(const struct configuration_entry *entry, char *text, size_t size)
{
    if (entry->subject != NULL) {
        snprintf(text, size, "%s \"%s\".%s", entry->section, entry->subject, entry->name);
    } else {
        snprintf(text, size, "%s.%s", entry->section, entry->name);
    }
}

static bool list_entries(const struct listing *listing, const struct configuration *configuration)
{
    for (size_t i = 0; i < configuration->entries.count; i++) {
        const struct configuration_entry *entry = &configuration->entries.list[i];
        char option[256];
        char origin[512];
        print_option_name(entry, option, sizeof(option));
        snprintf(origin, sizeof(origin), "%s:%u", entry->file, entry->line);
        if (!list_value(listing, option, entry->value, origin)) {
            return false;
        }
    }
    return true;
}

static bool list_variables(const struct listing *listing, const struct option_definition *table)
{
    for (; table->name != NULL; table++) {
        const char *value = table->environment != NULL ? environment(table->environment) : NULL;
        char option[80];
        char origin[80];
        snprintf(option, sizeof(option), "global.%s", table->name);
        snprintf(origin, sizeof(origin), "$%s",
                 table->environment != NULL ? table->environment : "");
        if (value != NULL && !list_value(listing, option, value, origin)) {
            return false;
        }
    }
    return true;
}

/* Every line that is wrong is said, though one is enough to end with EXIT_CODE_USAGE. */
static int check(const struct invocation *invocation, const struct configuration *configuration)
{
    int exit = EXIT_CODE_OK;
    for (size_t i = 0; i < configuration->entries.count; i++) {
        struct usage_error error = {0};
        if (!configuration_check(&configuration->entries.list[i], invocation->setting->commands,
                                 &error)) {
            print_error(invocation->printer, error.message, NULL);
            exit = EXIT_CODE_USAGE;
        }
    }
    return exit;
}

static int print_all(const struct invocation *invocation, const struct configuration *configuration)
{
    const struct config_options *given = invocation->options;
    const struct printer *printer = invocation->printer;
    struct listing listing = {.invocation = invocation, .origin = given->origin};
    if (printer->form != OUTPUT_JSON) {
        listing.table = table_new(printer, columns, false);
    }
    bool good = list_entries(&listing, configuration) &&
                list_variables(&listing, global_option_table) &&
                list_variables(&listing, device_option_table);
    if (listing.table != NULL) {
        good = table_print(listing.table) && good;
    }
    table_free(listing.table);
    int exit = check(invocation, configuration);
    return good ? exit : EXIT_CODE_IO;
}

static int show(const struct invocation *invocation)
{
    struct configuration configuration;
    struct usage_error error = {0};
    int exit = (int)configuration_read(&configuration, &error);
    if (exit == EXIT_CODE_OK) {
        for (size_t i = 0; i < configuration.file_count; i++) {
            print_note(invocation->printer, 1, "read %s", configuration.files[i]);
        }
        exit = print_all(invocation, &configuration);
    } else {
        print_error(invocation->printer, error.message, error.hint);
    }
    configuration_release(&configuration);
    return exit;
}

static const struct command_action actions[] = {
    {"show", "", "Print every option that is set, and check it", 0, 0, NULL, show},
    {.name = NULL},
};

const struct command command_config = {
    .name = "config",
    .summary = "Show what configuration files say",
    .synopsis = "config show [--origin]",
    .examples = {"lwm2m config show", "lwm2m config show --origin --json"},
    .options = options,
    .options_size = sizeof(struct config_options),
    .flags = COMMAND_UNCONFIGURED,
    .actions = actions,
};
