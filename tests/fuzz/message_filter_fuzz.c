/*
 * Fuzzes filters of messages: each is taken or refused with a message, and can be applied.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "control/message_filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lwm2m_message message = {.code = 0x84};
    const struct message_facts facts = {
        .message = &message, .endpoint = "pump-7", .path = "/3/0", .rtt_us = 1};
    struct message_filter filter;
    char reason[160] = "";
    char *text = malloc(size + 1);
    if (text == NULL) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    if (message_filter_parse(text, &filter, reason, sizeof(reason))) {
        (void)message_filter_holds(&filter, &facts);
    } else if (reason[0] == '\0') {
        abort();
    }
    free(text);
    return 0;
}
