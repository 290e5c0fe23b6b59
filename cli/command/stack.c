/*
 * Reads --stack.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command/stack.h"

#include <stdio.h>
#include <string.h>

/* libcoap counts an acknowledgement's timeout from a second up. */
#define LIBCOAP_ACK_TIMEOUT_MS 1000

enum lwm2m_stack stack_parse(const char *text, enum lwm2m_stack otherwise)
{
    if (text == NULL) {
        return otherwise;
    }
    return strcmp(text, "libcoap") == 0 ? LWM2M_STACK_LIBCOAP : LWM2M_STACK_ENDPOINT;
}

bool stack_check(enum lwm2m_stack stack, const struct lwm2m_transmission *transmission,
                 struct usage_error *error)
{
    const char *reason = NULL;

    if (stack != LWM2M_STACK_LIBCOAP) {
        return true;
    }
    if (transmission->ack_timeout_ms < LIBCOAP_ACK_TIMEOUT_MS) {
        reason = "an --ack-timeout below 1s";
    } else if (transmission->max_retransmit == 0) {
        reason = "a --max-retransmit of 0";
    } else {
        return true;
    }
    snprintf(error->message, sizeof(error->message), "libcoap cannot have %s", reason);
    snprintf(error->hint, sizeof(error->hint), "--stack endpoint can");
    return false;
}
