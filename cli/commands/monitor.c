/*
 * monitor: the messages of a running server, as they come and go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "commands/request.h"
#include "control/message_filter.h"
#include "output/screen.h"
#include "output/table.h"
#include "output/time_text.h"

struct monitor_options {
    bool bytes;
    const char *filter;
    struct optional_number count;
};

#define OFFSET(member) offsetof(struct monitor_options, member)

static const struct option_definition options[] = {
    {.name = "hex",
     .letter = 'x',
     .kind = OPTION_FLAG,
     .offset = OFFSET(bytes),
     .help = "the bytes of each message, too"},
    {.name = "filter",
     .kind = OPTION_TEXT,
     .offset = OFFSET(filter),
     .argument = "EXPR",
     .help = "only these: 'code>=4.00', 'type=CON,path~/3/*', 'rtt>500'"},
    {.name = "count",
     .letter = 'c',
     .kind = OPTION_NUMBER,
     .offset = OFFSET(count),
     .argument = "N",
     .least = 1,
     .most = 1000000000,
     .help = "end after this many messages"},
    {.name = NULL},
};

/* From this width on, lines have the token. */
#define WIDE_COLUMNS 100
/* A longer name is cut where the terminal is narrow. */
#define NARROW_NAME_MAX 20
/* Less of values says nothing. */
#define VALUES_LEAST 8

struct watching {
    const struct invocation *invocation;
    int64_t wanted;
    int64_t seen;
};

/* "06:11:02.123": a day is long for lines that scroll by. */
static void print_clock(const cJSON *result, char text[TIME_TEXT_MAX])
{
    const char *time = result_text(result, "ts");
    if (strlen(time) == 24) {
        snprintf(text, TIME_TEXT_MAX, "%.12s", time + 11);
    } else {
        snprintf(text, TIME_TEXT_MAX, "%s", time);
    }
}

static void print_endpoint(const cJSON *result, bool narrow, char *text, size_t size)
{
    const char *name = result_text(result, "ep");
    char *safe = text_escape(name[0] != '\0' ? name : result_text(result, "addr"));
    snprintf(text, size, "%s", safe != NULL ? safe : "");
    free(safe);
    size_t end = NARROW_NAME_MAX - 1;
    if (narrow && strlen(text) > NARROW_NAME_MAX) {
        while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80) {
            end--;
        }
        snprintf(text + end, size - end, "~");
    }
}

/* What stands behind the summary: what an answer is about, how long it took, how often it came. */
static void print_marks(const cJSON *result, bool with_path, char *text, size_t size)
{
    const char *code = result_text(result, "code");
    const char *path = result_text(result, "path");
    bool answers = with_path && code[0] >= '2' && code[0] <= '7' && path[0] != '\0';
    double rtt_ms = result_number(result, "rtt_ms", -1);
    double again = result_number(result, "again", 0);
    size_t length =
        (size_t)snprintf(text, size, "%s%s", answers ? " for " : "", answers ? path : "");
    if (rtt_ms >= 0 && length < size) {
        length += (size_t)snprintf(text + length, size - length, " %.1f ms", rtt_ms);
    }
    if (again > 0 && length < size) {
        snprintf(text + length, size - length, " (again, %.0f)", again);
    }
}

/* " = 21.5, 18, …", as far as there is room for it. */
static void print_values(const cJSON *result, char *text, size_t size)
{
    const cJSON *value;
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(result, "values");
    size_t length = 0;
    text[0] = '\0';
    cJSON_ArrayForEach (value, values) {
        char *safe = text_escape(result_text(value, "printed"));
        bool string = strcmp(result_text(value, "type"), "string") == 0;
        if (length < size) {
            length += (size_t)snprintf(text + length, size - length, "%s%s%.80s%s",
                                       length > 0 ? ", " : " = ", string ? "\"" : "",
                                       safe != NULL ? safe : "", string ? "\"" : "");
        }
        free(safe);
    }
    if (length < size && result_number(result, "value_count", 0) > cJSON_GetArraySize(values)) {
        snprintf(text + length, size - length, ", ...");
    }
}

static enum output_colour colour_of(const cJSON *result)
{
    const char *code = result_text(result, "code");
    return code[0] == '4' || code[0] == '5' || strcmp(result_text(result, "type"), "RST") == 0
               ? COLOUR_BAD
               : COLOUR_NONE;
}

/* Cuts what does not fit behind `used` columns, and says so. */
static void cut(char *text, size_t columns, size_t used)
{
    size_t room = columns > used + 1 ? columns - used : 1;
    if (strlen(text) > room) {
        text[room - 1] = '~';
        text[room] = '\0';
    }
}

/* What is told of values is cut where the rest of the line has room for a few, else left out. */
static void fit_values(char *values, size_t columns, size_t used)
{
    size_t room = columns > used ? columns - used : 0;
    if (columns == SIZE_MAX || text_width(values) <= room) {
        return;
    }
    char *text = room >= VALUES_LEAST ? text_cut(values, room, "~") : NULL;
    snprintf(values, strlen(values) + 1, "%s", text != NULL ? text : "");
    free(text);
}

static void print_message(const struct printer *printer, const cJSON *result)
{
    size_t columns = screen_line_columns(printer);
    bool narrow = columns < WIDE_COLUMNS;
    bool outgoing = strcmp(result_text(result, "dir"), "out") == 0;
    const char *arrow = outgoing ? "->" : "<-";
    char clock[TIME_TEXT_MAX], endpoint[256], marks[128], ids[48], rest[700], values[512];
    if (printer->utf8) {
        arrow = outgoing ? "→" : "←";
    }
    print_clock(result, clock);
    print_endpoint(result, narrow, endpoint, sizeof(endpoint));
    print_marks(result, true, marks, sizeof(marks));
    snprintf(ids, sizeof(ids), "%s %5.0f%s%s", result_text(result, "type"),
             result_number(result, "mid", 0), narrow ? "" : " ",
             narrow ? "" : result_text(result, "token"));
    snprintf(rest, sizeof(rest), "%s", result_text(result, "summary"));
    /* Where it is too long, the path of an answer goes before the rest is cut. */
    size_t used = strlen(clock) + strlen(endpoint) + strlen(ids) + (printer->utf8 ? 1 : 2) + 4;
    if (columns != SIZE_MAX) {
        if (used + strlen(rest) + strlen(marks) > columns) {
            print_marks(result, false, marks, sizeof(marks));
        }
        cut(rest, columns, used + strlen(marks));
    }
    print_values(result, values, sizeof(values));
    fit_values(values, columns, used + text_width(rest) + strlen(marks));
    fprintf(printer->results, "%s%s%s %s %s%s%s", colour_begin(printer, COLOUR_FAINT), clock,
            colour_end(printer), arrow, colour_begin(printer, COLOUR_NAME), endpoint,
            colour_end(printer));
    enum output_colour colour = colour_of(result);
    fprintf(printer->results, " %s %s%s%s%s%s\n", ids, colour_begin(printer, colour), rest,
            colour_end(printer), marks, values);
}

/* Sixteen bytes a line, with what they are as ASCII. */
static void print_bytes(FILE *stream, const char *hex)
{
    size_t length = strlen(hex) / 2;
    for (size_t at = 0; at < length; at += 16) {
        char ascii[17] = "";
        fprintf(stream, "    %04zx ", at);
        for (size_t i = 0; i < 16; i++) {
            unsigned byte = 0;
            if (at + i < length && sscanf(hex + 2 * (at + i), "%2x", &byte) == 1) {
                fprintf(stream, " %02x", byte);
                ascii[i] = byte >= 0x20 && byte < 0x7f ? (char)byte : '.';
            } else {
                fprintf(stream, "   ");
            }
        }
        fprintf(stream, "  %s\n", ascii);
    }
}

static bool print_fields(const struct printer *printer, const cJSON *result)
{
    char mid[16], size[16], rtt[32] = "", again[16];
    double rtt_ms = result_number(result, "rtt_ms", -1);
    snprintf(mid, sizeof(mid), "%.0f", result_number(result, "mid", 0));
    snprintf(size, sizeof(size), "%.0f", result_number(result, "size", 0));
    snprintf(again, sizeof(again), "%.0f", result_number(result, "again", 0));
    if (rtt_ms >= 0) {
        snprintf(rtt, sizeof(rtt), "%.3f", rtt_ms);
    }
    const char *const fields[] = {
        result_text(result, "ts"),
        result_text(result, "dir"),
        result_text(result, "ep"),
        result_text(result, "addr"),
        result_text(result, "type"),
        result_text(result, "code"),
        mid,
        result_text(result, "token"),
        result_text(result, "path"),
        result_text(result, "format"),
        size,
        rtt,
        again,
    };
    return row_print(printer, fields, sizeof(fields) / sizeof(fields[0]));
}

/* "06:11:02.123 == 192.0.2.1:4000 as dev-1: handshake failed: there is no key for this identity" */
static bool print_handshake(const struct printer *printer, const cJSON *result)
{
    const char *state = result_text(result, "handshake");
    bool failed = strcmp(state, "failed") == 0;
    char *identity = text_escape(result_text(result, "identity"));
    char *detail = text_escape(result_text(result, "detail"));
    bool known = identity != NULL && identity[0] != '\0';
    bool detailed = detail != NULL && detail[0] != '\0';
    char clock[TIME_TEXT_MAX];
    print_clock(result, clock);
    fprintf(printer->results, "%s%s%s == %s%s%s%s%s: %s%s", colour_begin(printer, COLOUR_FAINT),
            clock, colour_end(printer), colour_begin(printer, COLOUR_NAME),
            result_text(result, "addr"), colour_end(printer), known ? " as " : "",
            known ? identity : "", colour_begin(printer, failed ? COLOUR_BAD : COLOUR_GOOD),
            failed                         ? "handshake failed"
            : strcmp(state, "closed") == 0 ? "closed"
                                           : "secured");
    const char *more = failed ? result_text(result, "msg") : result_text(result, "cipher");
    const char *link = more[0] == '\0' ? "" : failed ? ": " : " with ";
    fprintf(printer->results, "%s%s%s%s%s\n", colour_end(printer), link, more, detailed ? ": " : "",
            detailed ? detail : "");
    free(identity);
    free(detail);
    return fflush(printer->results) == 0;
}

static bool print_result(const struct printer *printer, const cJSON *result)
{
    double dropped = result_number(result, "dropped", 0);
    if (printer->form == OUTPUT_JSON) {
        return print_json_line(printer, result);
    }
    if (dropped > 0) {
        print_warning(printer, "%.0f messages were dropped: this monitor reads too slowly",
                      dropped);
        return true;
    }
    if (cJSON_HasObjectItem(result, "handshake")) {
        /* Rows of fields are of messages. */
        return printer->form != OUTPUT_TABLE || print_handshake(printer, result);
    }
    if (printer->form != OUTPUT_TABLE) {
        return print_fields(printer, result);
    }
    print_message(printer, result);
    print_bytes(printer->results, result_text(result, "hex"));
    return fflush(printer->results) == 0;
}

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    struct watching *watching = context;
    (void)printed;
    bool good = print_result(watching->invocation->printer, result);
    bool is_message =
        !cJSON_HasObjectItem(result, "dropped") && !cJSON_HasObjectItem(result, "handshake");
    watching->seen += is_message ? 1 : 0;
    return good && (watching->wanted == 0 || watching->seen < watching->wanted);
}

static bool check_filter(const struct invocation *invocation, const char *text)
{
    struct message_filter filter;
    char reason[160];
    if (text == NULL || message_filter_parse(text, &filter, reason, sizeof(reason))) {
        return true;
    }
    char message[200];
    snprintf(message, sizeof(message), "--filter: %s", reason);
    print_error(invocation->printer, message, "'lwm2m monitor -h' has examples");
    return false;
}

static int run(const struct invocation *invocation)
{
    const struct monitor_options *given = invocation->options;
    struct watching watching = {
        .invocation = invocation,
        .wanted = given->count.given ? given->count.value : 0,
    };
    if (!check_filter(invocation, given->filter)) {
        return EXIT_CODE_USAGE;
    }
    cJSON *request = request_new(invocation, "monitor");
    request_add_text(request, "filter", given->filter);
    request_add_flag(request, "bytes", given->bytes);
    if (invocation->printer->form == OUTPUT_CSV) {
        static const char *const titles[] = {"TIME", "DIR",    "ENDPOINT", "ADDRESS", "TYPE",
                                             "CODE", "MID",    "TOKEN",    "PATH",    "FORMAT",
                                             "SIZE", "RTT_MS", "AGAIN"};
        (void)row_print(invocation->printer, titles, sizeof(titles) / sizeof(titles[0]));
    }
    /* A time is a bound for watching only where one was given. */
    int64_t wait_ms = invocation->global.timeout.given ? invocation->global.timeout.value : -1;
    int exit = request_run(invocation, request, wait_ms, take_result, &watching);
    if (exit == EXIT_CODE_OK && watching.seen < watching.wanted) {
        print_errorf(invocation->printer, "%lld of %lld messages came in time",
                     (long long)watching.seen, (long long)watching.wanted);
        exit = EXIT_CODE_TIMEOUT;
    }
    return exit;
}

const struct command command_monitor = {
    .name = "monitor",
    .summary = "Print CoAP messages as they come and go",
    .synopsis = "monitor [-e PATTERN] [-x] [--filter EXPR] [-c N] [-t TIME]",
    .examples = {"lwm2m monitor", "lwm2m monitor --filter 'code>=4.00' -c 1 -t 60s --json"},
    .options = options,
    .options_size = sizeof(struct monitor_options),
    .flags = COMMAND_ON_DEVICE | COMMAND_SELECTS,
    .run = run,
};
