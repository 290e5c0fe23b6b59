/*
 * Expressions that choose messages: "code>=4.00, ep~pump-*".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_MESSAGE_FILTER_H
#define CONTROL_MESSAGE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/message.h>

#define MESSAGE_FILTER_TERMS_MAX 16
#define MESSAGE_FILTER_TEXT_MAX 256

enum message_field {
    MESSAGE_CODE, /* a number: 4.04 is 0x84, GET is 1 */
    MESSAGE_TYPE,
    MESSAGE_DIRECTION,
    MESSAGE_PATH,
    MESSAGE_ENDPOINT,
    MESSAGE_SIZE, /* a number: bytes of payload */
    MESSAGE_FORMAT,
    MESSAGE_RTT, /* a number: milliseconds */
};

enum message_comparison {
    MESSAGE_EQUAL,
    MESSAGE_NOT_EQUAL,
    MESSAGE_LESS,
    MESSAGE_AT_MOST,
    MESSAGE_GREATER,
    MESSAGE_AT_LEAST,
    MESSAGE_MATCHES, /* a glob */
};

struct message_term {
    enum message_field field;
    enum message_comparison comparison;
    double number;    /* of fields that are numbers */
    const char *text; /* of the others; in the filter */
};

/* Holds nothing that has to be freed; not to be moved once parsed. */
struct message_filter {
    char text[MESSAGE_FILTER_TEXT_MAX];
    struct message_term terms[MESSAGE_FILTER_TERMS_MAX];
    size_t count;
};

/*
 * Reads FIELD OPERATOR VALUE, and more of them apart by "," or " and ". The operators are = (or ==)
 * != < <= > >= and ~; texts take = != ~, numbers all but ~. False with a message that names the
 * offset.
 */
bool message_filter_parse(const char *text, struct message_filter *filter, char *message,
                          size_t message_size);

/* What there is to know of a message besides itself. */
struct message_facts {
    const struct lwm2m_message *message;
    bool outgoing;
    const char *endpoint; /* or the address */
    const char *path;     /* of it or of the request that it answers; or empty */
    int64_t rtt_us;       /* below 0: none, which no term about rtt holds for */
};

/* True if all terms hold. */
bool message_filter_holds(const struct message_filter *filter, const struct message_facts *facts);

#endif
