/*
 * What speaks CoAP, on the command line: --stack, for commands that open a socket of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMAND_STACK_H
#define COMMAND_STACK_H

#include <lwm2m/host.h>

#include "argv/options.h"

#define STACK_OPTION(owner, member)                                                                \
    {                                                                                              \
        .name = "stack", .kind = OPTION_CHOICE, .offset = offsetof(owner, member),                 \
        .argument = "endpoint|libcoap", .choices = "endpoint|libcoap",                             \
        .help = "what speaks CoAP: endpoint, the built-in one, or libcoap"                         \
    }

/* The stack of that name; `otherwise` if text is NULL. */
enum lwm2m_stack stack_parse(const char *text, enum lwm2m_stack otherwise);

/* False with *error filled if the stack cannot do what else was asked for. */
bool stack_check(enum lwm2m_stack stack, const struct lwm2m_transmission *transmission,
                 struct usage_error *error);

#endif
