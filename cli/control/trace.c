/*
 * Shows what the library does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/trace.h"

#include <stdio.h>
#include <string.h>

#include "control/message_text.h"
#include "output/time_text.h"

#define HEX_BYTES_MAX 2048

static void show_bytes(const struct printer *printer, const struct lwm2m_message *message)
{
    uint8_t memory[HEX_BYTES_MAX];
    char hex[2 * HEX_BYTES_MAX + 1];
    struct lwm2m_buffer buffer;
    lwm2m_buffer_init(&buffer, memory, sizeof(memory));
    if (lwm2m_message_encode(message, &buffer) == LWM2M_OK) {
        hex_print(lwm2m_buffer_bytes(&buffer), hex, sizeof(hex));
        print_diagnostic(printer, DIAGNOSTIC_TRACE, "    ", hex);
    }
}

/* The time of day is enough on a line that scrolls by: "06:11:02.123 ". None where the log has one.
 */
static void print_clock(const struct printer *printer, char lead[TIME_TEXT_MAX])
{
    char now[TIME_TEXT_MAX];
    time_print_ms(time_now_ms(), now);
    if (printer->diagnostics_time || strlen(now) != 24) {
        lead[0] = '\0';
    } else {
        snprintf(lead, TIME_TEXT_MAX, "%.12s ", now + 11);
    }
}

static void show_message(void *context, bool outgoing, const struct lwm2m_peer *peer,
                         const struct lwm2m_message *message, unsigned retransmission)
{
    const struct trace *trace = context;
    char clock[TIME_TEXT_MAX];
    char address[LWM2M_ADDRESS_TEXT_MAX] = "?";
    char text[512];
    char line[640];
    char again[24] = "";
    if (peer != NULL) {
        lwm2m_peer_print_address(peer, address);
    }
    if (retransmission > 0) {
        snprintf(again, sizeof(again), " (again, %u)", retransmission);
    }
    message_print_trace(message, text, sizeof(text));
    snprintf(line, sizeof(line), "%s %s %s%s", outgoing ? "->" : "<-", address, text, again);
    print_clock(trace->printer, clock);
    print_diagnostic(trace->printer, DIAGNOSTIC_TRACE, clock, line);
    if (printer_shows(trace->printer, 3)) {
        show_bytes(trace->printer, message);
    }
}

void trace_init(struct trace *trace, const struct printer *printer)
{
    *trace = (struct trace){
        .listener = {.context = trace, .message = show_message},
        .printer = printer,
    };
}

const struct lwm2m_trace *trace_listener(const struct trace *trace)
{
    return printer_shows(trace->printer, 2) ? &trace->listener : NULL;
}

void trace_log(void *context, enum lwm2m_log_level level, const char *text)
{
    const struct trace *trace = context;
    switch (level) {
    case LWM2M_LOG_ERROR:
        print_errorf(trace->printer, "%s", text);
        break;
    case LWM2M_LOG_WARNING:
        print_warning(trace->printer, "%s", text);
        break;
    case LWM2M_LOG_INFO:
        print_note(trace->printer, 1, "%s", text);
        break;
    case LWM2M_LOG_DEBUG:
        print_note(trace->printer, 3, "%s", text);
        break;
    }
}
