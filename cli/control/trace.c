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

static void show_message(const struct trace *trace, bool outgoing, const struct lwm2m_peer *peer,
                         const struct lwm2m_message *message, unsigned retransmission)
{
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

static void take_message(void *context, bool outgoing, const struct lwm2m_peer *peer,
                         const struct lwm2m_message *message, unsigned retransmission)
{
    const struct trace *trace = context;
    struct lwm2m_list *node, *next;
    if (printer_shows(trace->printer, 2)) {
        show_message(trace, outgoing, peer, message, retransmission);
    }
    LWM2M_LIST_EACH (node, next, &trace->subscribers) {
        const struct lwm2m_trace *to =
            &LWM2M_CONTAINER_OF(node, struct trace_subscriber, node)->trace;
        to->message(to->context, outgoing, peer, message, retransmission);
    }
}

/* Messages are decoded for the listener only while somebody listens. */
static void listen_if_wanted(struct trace *trace)
{
    bool wanted = printer_shows(trace->printer, 2) || lwm2m_list_first(&trace->subscribers) != NULL;
    trace->listener.message = wanted ? take_message : NULL;
}

void trace_init(struct trace *trace, const struct printer *printer)
{
    *trace = (struct trace){.listener = {.context = trace}, .printer = printer};
    lwm2m_list_init(&trace->subscribers);
    listen_if_wanted(trace);
}

const struct lwm2m_trace *trace_listener(const struct trace *trace)
{
    return &trace->listener;
}

void trace_subscribe(struct trace *trace, struct trace_subscriber *subscriber)
{
    lwm2m_list_append(&trace->subscribers, &subscriber->node);
    listen_if_wanted(trace);
}

void trace_unsubscribe(struct trace *trace, struct trace_subscriber *subscriber)
{
    if (subscriber->node.next != NULL) {
        lwm2m_list_remove(&subscriber->node);
        listen_if_wanted(trace);
    }
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
