/*
 * Keeps the last value of each path, and what its numbers were.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/observed_values.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "commands/request.h"

static int compare(const void *a, const void *b)
{
    const struct observed_value *one = a, *other = b;
    int order = strcmp(one->endpoint, other->endpoint);
    return order != 0 ? order : strcmp(one->path, other->path);
}

static void value_free(struct observed_value *value)
{
    if (value != NULL) {
        free(value->endpoint);
        free(value->path);
        free(value->name);
        free(value->unit);
        free(value->printed);
        free(value);
    }
}

static struct observed_value *value_new(const cJSON *result)
{
    struct observed_value *value = calloc(1, sizeof(*value));
    if (value == NULL) {
        return NULL;
    }
    value->endpoint = strdup(result_text(result, "ep"));
    value->path = strdup(result_text(result, "path"));
    value->name = strdup(result_text(result, "name"));
    value->unit = strdup(result_text(result, "unit"));
    if (value->endpoint == NULL || value->path == NULL || value->name == NULL ||
        value->unit == NULL) {
        value_free(value);
        return NULL;
    }
    return value;
}

static bool make_room(struct observed_values *values)
{
    if (values->count < values->room) {
        return true;
    }
    size_t room = values->room > 0 ? values->room * 2 : 16;
    struct observed_value **grown = reallocarray(values->values, room, sizeof(values->values[0]));
    if (grown == NULL) {
        return false;
    }
    values->values = grown;
    values->room = room;
    return true;
}

/* The value of a result's endpoint and path, made where it is new. */
static struct observed_value *value_of(struct observed_values *values, const cJSON *result)
{
    struct observed_value *made = make_room(values) ? value_new(result) : NULL;
    void *node = made != NULL ? tsearch(made, &values->index, compare) : NULL;
    if (node == NULL) {
        value_free(made);
        return NULL;
    }
    struct observed_value *found = *(struct observed_value **)node;
    if (found == made) {
        values->values[values->count++] = made;
    } else {
        value_free(made);
    }
    return found;
}

static void take_number(struct observed_value *value, double number)
{
    if (value->number_count == 0) {
        value->least = value->greatest = value->average = number;
    }
    value->least = number < value->least ? number : value->least;
    value->greatest = number > value->greatest ? number : value->greatest;
    value->numbers[value->number_count % OBSERVED_NUMBERS_MAX] = number;
    value->number_count++;
    double share = 1.0 / (double)value->number_count;
    value->average = value->average * (1 - share) + number * share;
}

bool observed_values_take(struct observed_values *values, const cJSON *result, const char *printed)
{
    struct observed_value *value = value_of(values, result);
    char *copy = strdup(printed != NULL ? printed : "");
    if (value == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    free(value->printed);
    value->printed = copy;
    event_time_print(result, value->time);
    value->value_count++;
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(result, "value");
    if (cJSON_IsBool(item)) {
        take_number(value, cJSON_IsTrue(item) ? 1 : 0);
    } else if (cJSON_IsNumber(item) && isfinite(item->valuedouble)) {
        take_number(value, item->valuedouble);
    }
    return true;
}

size_t observed_value_last_numbers(const struct observed_value *value, double *numbers, size_t most)
{
    most = most < OBSERVED_NUMBERS_MAX ? most : OBSERVED_NUMBERS_MAX;
    size_t count = value->number_count < most ? (size_t)value->number_count : most;
    for (size_t i = 0; i < count; i++) {
        numbers[i] = value->numbers[(value->number_count - count + i) % OBSERVED_NUMBERS_MAX];
    }
    return count;
}

void observed_values_release(struct observed_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        tdelete(values->values[i], &values->index, compare);
        value_free(values->values[i]);
    }
    free(values->values);
    *values = (struct observed_values){0};
}
