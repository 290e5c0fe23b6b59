/*
 * What write and create share: values on the command line, and the dry run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_VALUES_H
#define COMMANDS_VALUES_H

#include "commands/format.h"
#include "commands/request.h"

struct value_options {
    const char *type;
    const char *format;
    bool dry_run;
};

#define DRY_RUN_OPTION(owner, member)                                                              \
    {                                                                                              \
        .name = "dry-run", .letter = 'n', .kind = OPTION_FLAG, .offset = offsetof(owner, member),  \
        .help = "show the CoAP message, send nothing"                                              \
    }

#define VALUE_OPTIONS(owner, member)                                                               \
    {.name = "type",                                                                               \
     .letter = 'T',                                                                                \
     .kind = OPTION_CHOICE,                                                                        \
     .offset = offsetof(owner, member.type),                                                       \
     .argument = "TYPE",                                                                           \
     .choices = "string|int|uint|float|bool|time|opaque|objlnk|corelnk",                           \
     .help = "type of the values, instead of the object model's"},                                 \
        FORMAT_OPTION(owner, member.format, "send as tlv, senml-cbor, text, …"),                   \
        DRY_RUN_OPTION(owner, member.dry_run)

/* Adds the values of arguments first… to the request, runs it, prints what there is to print. */
int values_run(const struct invocation *invocation, cJSON *request,
               const struct value_options *options, int first);

#endif
