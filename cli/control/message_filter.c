/*
 * Parses and applies filters of messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/message_filter.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <lwm2m/codec.h>
#include <lwm2m/number.h>
#include <lwm2m/status.h>

#include "control/message_text.h"

static const struct {
    const char *name;
    enum message_field field;
    bool number;
} fields[] = {
    {"code", MESSAGE_CODE, true},      {"type", MESSAGE_TYPE, false},
    {"dir", MESSAGE_DIRECTION, false}, {"path", MESSAGE_PATH, false},
    {"ep", MESSAGE_ENDPOINT, false},   {"size", MESSAGE_SIZE, true},
    {"format", MESSAGE_FORMAT, false}, {"rtt", MESSAGE_RTT, true},
};

/* Longer ones before those that they begin with. */
static const struct {
    const char *text;
    enum message_comparison comparison;
} operators[] = {
    {"==", MESSAGE_EQUAL},    {"!=", MESSAGE_NOT_EQUAL}, {"<=", MESSAGE_AT_MOST},
    {">=", MESSAGE_AT_LEAST}, {"=", MESSAGE_EQUAL},      {"<", MESSAGE_LESS},
    {">", MESSAGE_GREATER},   {"~", MESSAGE_MATCHES},
};

struct parser {
    char *at; /* in the filter's own copy, in which values end by NUL */
    char *begin;
    char *message;
    size_t message_size;
};

static bool refuse(const struct parser *parser, const char *at, const char *reason)
{
    snprintf(parser->message, parser->message_size, "at offset %td: %s", at - parser->begin,
             reason);
    return false;
}

static void skip_blanks(struct parser *parser)
{
    parser->at += strspn(parser->at, " \t");
}

static bool parse_field(struct parser *parser, struct message_term *term, bool *number)
{
    size_t length = strspn(parser->at, "abcdefghijklmnopqrstuvwxyz");
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (strlen(fields[i].name) == length && strncmp(parser->at, fields[i].name, length) == 0) {
            term->field = fields[i].field;
            *number = fields[i].number;
            parser->at += length;
            skip_blanks(parser);
            return true;
        }
    }
    return refuse(parser, parser->at,
                  "a field is wanted: code, type, dir, path, ep, size, format or rtt");
}

static bool parse_operator(struct parser *parser, struct message_term *term, bool number)
{
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        size_t length = strlen(operators[i].text);
        if (strncmp(parser->at, operators[i].text, length) != 0) {
            continue;
        }
        term->comparison = operators[i].comparison;
        if (number && term->comparison == MESSAGE_MATCHES) {
            return refuse(parser, parser->at, "~ is for texts; a number takes = != < <= > >=");
        }
        if (!number && term->comparison >= MESSAGE_LESS && term->comparison != MESSAGE_MATCHES) {
            return refuse(parser, parser->at, "a text takes = != ~");
        }
        parser->at += length;
        skip_blanks(parser);
        return true;
    }
    return refuse(parser, parser->at, "an operator is wanted: = != < <= > >= ~");
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "4.04", or the name of a method. */
static bool parse_code(const char *text, double *number)
{
    for (uint8_t code = 1; code < 32; code++) {
        const char *name = lwm2m_method_name(code);
        if (name != NULL && strcasecmp(name, text) == 0) {
            *number = code;
            return true;
        }
    }
    if (strlen(text) != 4 || text[0] < '0' || text[0] > '7' || text[1] != '.' ||
        !is_digit(text[2]) || !is_digit(text[3])) {
        return false;
    }
    int detail = (text[2] - '0') * 10 + (text[3] - '0');
    *number = (text[0] - '0') * 32 + detail;
    return detail < 32;
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcasecmp(words[i], text) == 0) {
            return true;
        }
    }
    return false;
}

/* Checks what can be checked of a value; its text is at term->text. */
static bool parse_value(const struct parser *parser, struct message_term *term)
{
    static const char *const types[] = {"CON", "NON", "ACK", "RST", NULL};
    static const char *const directions[] = {"in", "out", NULL};
    bool glob = term->comparison == MESSAGE_MATCHES;
    if (term->text[0] == '\0') {
        return refuse(parser, term->text, "a value is wanted");
    }
    switch (term->field) {
    case MESSAGE_CODE:
        return parse_code(term->text, &term->number) ||
               refuse(parser, term->text, "a code is 4.04, or a method such as GET");
    case MESSAGE_TYPE:
        return glob || is_one_of(term->text, types) ||
               refuse(parser, term->text, "a type is CON, NON, ACK or RST");
    case MESSAGE_DIRECTION:
        return glob || is_one_of(term->text, directions) ||
               refuse(parser, term->text, "a direction is in or out");
    case MESSAGE_SIZE:
    case MESSAGE_RTT:
        return lwm2m_number_parse_double(lwm2m_bytes_from_text(term->text), &term->number) ==
                   LWM2M_OK ||
               refuse(parser, term->text, "a number is wanted");
    default:
        return true;
    }
}

/* Where a value ends: at a comma, or before a blank with "and" and a blank behind it. */
static char *value_end(char *at, char **next)
{
    for (; *at != '\0'; at++) {
        size_t blanks = strspn(at, " \t");
        if (*at == ',') {
            *next = at + 1;
            return at;
        }
        if (blanks > 0 && strncmp(at + blanks, "and", 3) == 0 &&
            strspn(at + blanks + 3, " \t") > 0) {
            *next = at + blanks + 3;
            return at;
        }
    }
    *next = NULL;
    return at;
}

static bool parse_term(struct parser *parser, struct message_term *term)
{
    bool number;
    char *next;
    skip_blanks(parser);
    if (!parse_field(parser, term, &number) || !parse_operator(parser, term, number)) {
        return false;
    }
    char *end = value_end(parser->at, &next);
    term->text = parser->at;
    while (end > parser->at && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    *end = '\0';
    parser->at = next;
    return parse_value(parser, term);
}

bool message_filter_parse(const char *text, struct message_filter *filter, char *message,
                          size_t message_size)
{
    struct parser parser = {
        .at = filter->text,
        .begin = filter->text,
        .message = message,
        .message_size = message_size,
    };
    filter->count = 0;
    if (strlen(text) >= sizeof(filter->text)) {
        snprintf(message, message_size, "longer than %d bytes", MESSAGE_FILTER_TEXT_MAX - 1);
        return false;
    }
    memcpy(filter->text, text, strlen(text) + 1);
    while (parser.at != NULL) {
        if (filter->count == MESSAGE_FILTER_TERMS_MAX) {
            return refuse(&parser, parser.at, "more than 16 terms");
        }
        if (!parse_term(&parser, &filter->terms[filter->count])) {
            return false;
        }
        filter->count++;
    }
    return true;
}

static bool compare(enum message_comparison comparison, double a, double b)
{
    switch (comparison) {
    case MESSAGE_EQUAL:
        return a == b;
    case MESSAGE_NOT_EQUAL:
        return a != b;
    case MESSAGE_LESS:
        return a < b;
    case MESSAGE_AT_MOST:
        return a <= b;
    case MESSAGE_GREATER:
        return a > b;
    default:
        return a >= b;
    }
}

/* Types and directions in either case, the others as they are. */
static bool match(const struct message_term *term, const char *text, bool caseless)
{
    if (term->comparison == MESSAGE_MATCHES) {
        return fnmatch(term->text, text, caseless ? FNM_CASEFOLD : 0) == 0;
    }
    bool equal = (caseless ? strcasecmp(term->text, text) : strcmp(term->text, text)) == 0;
    return equal == (term->comparison == MESSAGE_EQUAL);
}

static const char *format_of(const struct lwm2m_message *message)
{
    struct lwm2m_option option;
    uint32_t number;
    const char *name = NULL;
    if (lwm2m_message_find_option(message, LWM2M_OPTION_CONTENT_FORMAT, &option) &&
        lwm2m_option_number_value(&option, &number) == LWM2M_OK) {
        name = lwm2m_content_format_name((uint16_t)number);
    }
    return name != NULL ? name : "";
}

static bool term_holds(const struct message_term *term, const struct message_facts *facts)
{
    switch (term->field) {
    case MESSAGE_CODE:
        return compare(term->comparison, facts->message->code, term->number);
    case MESSAGE_SIZE:
        return compare(term->comparison, (double)facts->message->payload.length, term->number);
    case MESSAGE_RTT:
        return facts->rtt_us >= 0 &&
               compare(term->comparison, (double)facts->rtt_us / 1000, term->number);
    case MESSAGE_TYPE:
        return match(term, message_type_name(facts->message), true);
    case MESSAGE_DIRECTION:
        return match(term, facts->outgoing ? "out" : "in", true);
    case MESSAGE_PATH:
        return match(term, facts->path, false);
    case MESSAGE_ENDPOINT:
        return match(term, facts->endpoint, false);
    default:
        return match(term, format_of(facts->message), false);
    }
}

bool message_filter_holds(const struct message_filter *filter, const struct message_facts *facts)
{
    for (size_t i = 0; i < filter->count; i++) {
        if (!term_holds(&filter->terms[i], facts)) {
            return false;
        }
    }
    return true;
}
