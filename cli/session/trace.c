/*
 * Shows what the library does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session/trace.h"

#include <stdio.h>
#include <string.h>

#include "session/message_text.h"
#include "session/time_text.h"

#define HEX_BYTES_MAX 2048

static void show_bytes(const struct lwm2m_message *message)
{
    uint8_t memory[HEX_BYTES_MAX];
    char hex[2 * HEX_BYTES_MAX + 1];
    struct lwm2m_buffer buffer;
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    if (lwm2m_message_encode(message, &buffer) == LWM2M_OK) {
        hex_print(lwm2m_buffer_bytes(&buffer), hex, sizeof(hex));
        fprintf(stderr, "    %s\n", hex);
    }
}

static void show_message(void *context, bool outgoing, const struct lwm2m_peer *peer,
                         const struct lwm2m_message *message, unsigned retransmission)
{
    const struct trace *trace = context;
    char now[TIME_TEXT_MAX];
    char address[LWM2M_ADDRESS_TEXT_MAX] = "?";
    char text[512];
    time_print_ms(time_now_ms(), now);
    if (peer != NULL) {
        lwm2m_peer_print_address(peer, address);
    }
    message_print_trace(message, text, sizeof(text));
    /* The time of day is enough on a line that scrolls by: "06:11:02.123". */
    const char *clock = strlen(now) == 24 ? now + 11 : now;
    fprintf(stderr, "%.12s %s %s %s", clock, outgoing ? "->" : "<-", address, text);
    if (retransmission > 0) {
        fprintf(stderr, " (again, %u)", retransmission);
    }
    fputc('\n', stderr);
    if (trace->verbosity >= 3) {
        show_bytes(message);
    }
}

void trace_init(struct trace *trace, unsigned verbosity)
{
    *trace = (struct trace){
        .listener = {.context = trace, .message = show_message},
        .verbosity = verbosity,
    };
}

const struct lwm2m_trace *trace_listener(const struct trace *trace)
{
    return trace->verbosity >= 2 ? &trace->listener : NULL;
}

void trace_log(void *context, enum lwm2m_log_level level, const char *text)
{
    static const struct {
        const char *prefix;
        unsigned verbosity;
    } levels[] = {
        [LWM2M_LOG_ERROR] = {"error: ", 0},
        [LWM2M_LOG_WARNING] = {"warning: ", 0},
        [LWM2M_LOG_INFO] = {"", 1},
        [LWM2M_LOG_DEBUG] = {"", 3},
    };
    const struct trace *trace = context;
    if (trace->verbosity >= levels[level].verbosity) {
        fprintf(stderr, "lwm2m: %s%s\n", levels[level].prefix, text);
    }
}
