/*
 * attr: shows, sets and unsets the notification attributes of a path.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "commands/link_table.h"
#include "commands/values.h"

struct attr_options {
    bool clear;
    bool dry_run;
};

#define OFFSET(member) offsetof(struct attr_options, member)

static const struct option_definition options[] = {
    {.name = "clear",
     .kind = OPTION_FLAG,
     .offset = OFFSET(clear),
     .help = "unset the attributes that are named, or all that there are"},
    DRY_RUN_OPTION(struct attr_options, dry_run),
    {.name = NULL},
};

/* With --clear words are names, without it NAME=VALUE; false after a message. */
static bool check_words(const struct invocation *invocation, bool clear)
{
    if (strchr(invocation->arguments[0], '=') != NULL) {
        print_error(invocation->printer, "attr: the path comes first",
                    "lwm2m attr PATH NAME=VALUE");
        return false;
    }
    for (int i = 1; i < invocation->argument_count; i++) {
        const char *word = invocation->arguments[i];
        const char *equals = strchr(word, '=');
        char message[128];
        char hint[192];
        if (word[0] == '/') {
            snprintf(message, sizeof(message), "'%.60s' is one path too many", word);
            snprintf(hint, sizeof(hint), "attr takes one at a time");
        } else if (clear && equals != NULL && equals[1] != '\0') {
            snprintf(message, sizeof(message), "--clear takes no value: '%.60s'", word);
            snprintf(hint, sizeof(hint), "--clear %.*s unsets it",
                     (int)(equals - word < 60 ? equals - word : 60), word);
        } else if (!clear && equals == NULL) {
            snprintf(message, sizeof(message), "'%.60s' is not NAME=VALUE", word);
            snprintf(hint, sizeof(hint), "%.60s=10 sets an attribute, --clear %.60s unsets it",
                     word, word);
        } else {
            continue;
        }
        print_error(invocation->printer, message, hint);
        return false;
    }
    return true;
}

static int run(const struct invocation *invocation)
{
    const struct attr_options *given = invocation->options;
    int count = invocation->argument_count - 1;
    if (!check_words(invocation, given->clear)) {
        return EXIT_CODE_USAGE;
    }
    if (given->dry_run && count == 0 && !given->clear) {
        print_error(invocation->printer, "--dry-run: there is nothing to set or unset",
                    "lwm2m attr PATH NAME=VALUE -n");
        return EXIT_CODE_USAGE;
    }
    cJSON *request = request_new(invocation, "attr");
    request_add_text(request, "path", invocation->arguments[0]);
    request_add_flag(request, "dry_run", given->dry_run);
    if (count > 0) {
        request_add_texts(request, "attributes", invocation->arguments + 1, count);
    }
    request_add_flag(request, "clear", given->clear && count == 0);
    return count == 0 && !given->clear
               ? link_table_run(invocation, request)
               : request_run(invocation, request, -1, print_quiet_result, &invocation);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_PATH},
    {.kind = ARGUMENT_ATTRIBUTE, .repeated = true},
    {.kind = ARGUMENT_END},
};

const struct command command_attr = {
    .name = "attr",
    .summary = "Show, set and unset notification attributes",
    .synopsis = "attr [-e EP] PATH [NAME=VALUE…] [--clear [NAME…]] [-n]",
    .examples = {"lwm2m attr -e pump-7 /3303/0/5700 pmin=10 pmax=60 gt=25",
                 "lwm2m attr -e pump-7 /3303/0/5700 --clear"},
    .options = options,
    .options_size = sizeof(struct attr_options),
    .flags = COMMAND_ON_DEVICE,
    .least_arguments = 1,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
