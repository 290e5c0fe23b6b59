/*
 * Captures for Wireshark and key logs, as options name them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_PACKET_CAPTURE_H
#define CONTROL_PACKET_CAPTURE_H

#include <stdbool.h>

#include <lwm2m/capture.h>
#include <lwm2m/host.h>

#include "argv/options.h"
#include "control/outcome.h"
#include "output/printer.h"

/* Borrowed texts; zeroed: neither. */
struct capture_options {
    const char *packets; /* --capture */
    const char *secrets; /* --keylog */
};

#define CAPTURE_OPTIONS(owner, member)                                                             \
    {.name = "capture",                                                                            \
     .kind = OPTION_TEXT,                                                                          \
     .offset = offsetof(owner, member.packets),                                                    \
     .argument = "FILE",                                                                           \
     .help = "write all packets, and what decrypts them, for Wireshark"},                          \
    {                                                                                              \
        .name = "keylog", .kind = OPTION_TEXT, .offset = offsetof(owner, member.secrets),          \
        .argument = "FILE", .help = "add the secrets of DTLS to a key log (as SSLKEYLOGFILE)"      \
    }

/* Opens what is asked for, *capture is NULL if that is nothing. printer, borrowed, hears of a file that takes nothing more. False
 * with *failure filled: exit 10 if a file cannot be opened, 12 if the stack cannot be captured. */
bool packet_capture_open(const struct capture_options *options, enum lwm2m_stack stack,
                  const struct printer *printer, struct lwm2m_capture **capture,
                  struct control_outcome *failure);

#endif
