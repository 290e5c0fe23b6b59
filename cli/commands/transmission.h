/*
 * CoAP's transmission parameters on the command line: for commands that open a socket of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef COMMANDS_TRANSMISSION_H
#define COMMANDS_TRANSMISSION_H

#include <lwm2m/endpoint.h>

#include "argv/options.h"

struct transmission_options {
    struct optional_number ack_timeout;
    const char *ack_random_factor;
    struct optional_number max_retransmit;
    struct optional_number nstart;
};

#define TRANSMISSION_OPTIONS(owner, member)                                                        \
    {.name = "ack-timeout",                                                                        \
     .kind = OPTION_DURATION,                                                                      \
     .offset = offsetof(owner, member.ack_timeout),                                                \
     .argument = "TIME",                                                                           \
     .least = 10,                                                                                  \
     .most = 600000,                                                                               \
     .help = "CoAP's ACK_TIMEOUT, 2s by default"},                                                 \
        {.name = "ack-random-factor",                                                              \
         .kind = OPTION_TEXT,                                                                      \
         .offset = offsetof(owner, member.ack_random_factor),                                      \
         .argument = "FACTOR",                                                                     \
         .help = "CoAP's ACK_RANDOM_FACTOR, 1.5 by default"},                                      \
        {.name = "max-retransmit",                                                                 \
         .kind = OPTION_NUMBER,                                                                    \
         .offset = offsetof(owner, member.max_retransmit),                                         \
         .argument = "N",                                                                          \
         .least = 0,                                                                               \
         .most = 20,                                                                               \
         .help = "CoAP's MAX_RETRANSMIT, 4 by default"},                                           \
    {                                                                                              \
        .name = "nstart", .kind = OPTION_NUMBER, .offset = offsetof(owner, member.nstart),         \
        .argument = "N", .least = 1, .most = 100,                                                  \
        .help = "CoAP's NSTART, 1 by default: requests under way with one peer"                    \
    }

/* Lays the options over *transmission. False with *error filled if the factor is not from 1 to 10.
 */
bool transmission_apply(const struct transmission_options *options,
                        struct lwm2m_transmission *transmission, struct usage_error *error);

#endif
