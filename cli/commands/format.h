/*
 * Payload formats on the command line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_FORMAT_H
#define COMMANDS_FORMAT_H

#include "argv/options.h"

#define FORMAT_CHOICES                                                                             \
    "text|opaque|tlv|cbor|senml-json|senml-cbor|json|lwm2m-cbor|senml-etch-json|senml-etch-cbor"

/* words: "ask for a payload format, such as tlv or senml-cbor" */
#define FORMAT_OPTION(owner, member, words)                                                        \
    {                                                                                              \
        .name = "format", .letter = 'f', .kind = OPTION_CHOICE, .offset = offsetof(owner, member), \
        .argument = "FORMAT", .choices = FORMAT_CHOICES, .help = (words)                           \
    }

/* What read and write do with several paths; the member is a bool. */
#define NO_COMPOSITE_OPTION(owner, member, words)                                                  \
    {                                                                                              \
        .name = "no-composite", .kind = OPTION_FLAG, .offset = offsetof(owner, member),            \
        .help = (words)                                                                            \
    }

#endif
