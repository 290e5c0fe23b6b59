/*
 * Reads and judges conditions on values.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "service/condition.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/number.h>

#include "control/value_json.h"
#include "control/value_text.h"

static const struct {
    const char *sign;
    enum comparison comparison;
} signs[] = {
    /* The longer ones first: "<=" begins with "<". */
    {"==", COMPARISON_EQUAL},    {"!=", COMPARISON_NOT_EQUAL}, {"<=", COMPARISON_AT_MOST},
    {">=", COMPARISON_AT_LEAST}, {"<", COMPARISON_LESS},       {">", COMPARISON_GREATER},
    {"~", COMPARISON_MATCHES},
};

static char *trimmed_copy(const char *from, size_t length)
{
    while (length > 0 && isspace((unsigned char)from[0])) {
        from++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)from[length - 1])) {
        length--;
    }
    return strndup(from, length);
}

static bool split(const char *text, struct condition *condition, char *message, size_t size)
{
    size_t at = strcspn(text, "=!<>~");
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t length = strlen(signs[i].sign);
        if (strncmp(text + at, signs[i].sign, length) == 0) {
            condition->comparison = signs[i].comparison;
            condition->path = trimmed_copy(text, at);
            condition->operand = trimmed_copy(text + at + length, strlen(text + at + length));
            return condition->path != NULL && condition->operand != NULL;
        }
    }
    snprintf(message, size,
             "'%.120s' is none of registered, updated, deregistered, awake, asleep, and no "
             "condition such as '/3/0/13>0' (with ==, !=, <, <=, >, >= or ~)",
             text);
    return false;
}

bool condition_parse(const char *text, struct condition *condition, char *message,
                     size_t message_size)
{
    *condition = (struct condition){0};
    snprintf(message, message_size, "out of memory");
    if (!split(text, condition, message, message_size)) {
        condition_release(condition);
        return false;
    }
    if (condition->comparison == COMPARISON_MATCHES) {
        int failure = regcomp(&condition->expression, condition->operand, REG_EXTENDED | REG_NOSUB);
        if (failure != 0) {
            char reason[100];
            regerror(failure, &condition->expression, reason, sizeof(reason));
            snprintf(message, message_size, "'%.100s' is no regular expression: %s",
                     condition->operand, reason);
            condition_release(condition);
            return false;
        }
        condition->compiled = true;
    }
    return true;
}

void condition_release(struct condition *condition)
{
    free(condition->path);
    free(condition->operand);
    if (condition->compiled) {
        regfree(&condition->expression);
    }
    *condition = (struct condition){0};
}

static int sign_of(bool less, bool greater)
{
    return (int)greater - (int)less;
}

/* Orders two values of the same integer type, or two numbers; false if they have no order. */
static bool order_numbers(const struct lwm2m_value *a, const struct lwm2m_value *b, int *order)
{
    if (a->type != b->type) {
        return false;
    }
    switch (a->type) {
    case LWM2M_TYPE_INTEGER:
    case LWM2M_TYPE_TIME:
        *order = sign_of(a->as.integer<b->as.integer, a->as.integer> b->as.integer);
        return true;
    case LWM2M_TYPE_UNSIGNED:
        *order = sign_of(a->as.unsigned_integer<b->as.unsigned_integer, a->as.unsigned_integer> b
                             ->as.unsigned_integer);
        return true;
    case LWM2M_TYPE_FLOAT:
        *order = sign_of(a->as.number<b->as.number, a->as.number> b->as.number);
        return a->as.number == a->as.number && b->as.number == b->as.number;
    case LWM2M_TYPE_BOOLEAN:
        *order = (int)a->as.boolean - (int)b->as.boolean;
        return true;
    default:
        return false;
    }
}

/* Reads the operand as the type of the value, so that 64-bit integers compare exactly. */
static bool order_typed(const struct lwm2m_value *value, const char *operand, int *order)
{
    struct owned_value other;
    char message[200];
    bool good = value_text_parse(operand, value->type, &other, message, sizeof(message)) &&
                order_numbers(value, &other.value, order);
    owned_value_release(&other);
    return good;
}

/* Orders two texts that are numbers, such as an integer and "1.5", or a string that holds a number.
 */
static bool order_decimal(const char *text, const char *operand, int *order)
{
    double a, b;
    if (lwm2m_number_parse_double(lwm2m_bytes_from_text(text), &a) != LWM2M_OK ||
        lwm2m_number_parse_double(lwm2m_bytes_from_text(operand), &b) != LWM2M_OK) {
        return false;
    }
    *order = sign_of(a<b, a> b);
    return true;
}

static bool judge(enum comparison comparison, int order)
{
    switch (comparison) {
    case COMPARISON_EQUAL:
        return order == 0;
    case COMPARISON_NOT_EQUAL:
        return order != 0;
    case COMPARISON_LESS:
        return order < 0;
    case COMPARISON_AT_MOST:
        return order <= 0;
    case COMPARISON_GREATER:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool holds_for_text(const struct condition *condition, const struct lwm2m_value *value,
                           const char *text)
{
    bool equality =
        condition->comparison == COMPARISON_EQUAL || condition->comparison == COMPARISON_NOT_EQUAL;
    bool string = value->type == LWM2M_TYPE_STRING || value->type == LWM2M_TYPE_CORELNK;
    int order;
    if (condition->comparison == COMPARISON_MATCHES) {
        return regexec(&condition->expression, text, 0, NULL, 0) == 0;
    }
    if (order_typed(value, condition->operand, &order) ||
        (!(string && equality) && order_decimal(text, condition->operand, &order))) {
        return judge(condition->comparison, order);
    }
    if (value->type == LWM2M_TYPE_FLOAT) { /* NaN, or no number to compare with */
        return condition->comparison == COMPARISON_NOT_EQUAL;
    }
    return judge(condition->comparison, strcmp(text, condition->operand));
}

bool condition_holds(const struct condition *condition, const struct lwm2m_value *value)
{
    char *text = value_text_new(value);
    bool holds = text != NULL && holds_for_text(condition, value, text);
    free(text);
    return holds;
}
