/*
 * Reads and prints --chaos.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/chaos.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <lwm2m/number.h>

#include "output/printer.h"

#define DELAY_MOST_MS 600000
#define WORD_MAX 64

static bool parse_chance(const char *value, void *member)
{
    size_t length = strlen(value);
    double percent;
    if (length < 2 || value[length - 1] != '%' ||
        lwm2m_number_parse_double((struct lwm2m_bytes){(const uint8_t *)value, length - 1},
                                  &percent) != LWM2M_OK ||
        !(percent >= 0 && percent <= 100)) {
        return false;
    }
    *(double *)member = percent / 100;
    return true;
}

/* "50ms", "50..400ms", "1s..2s": a first number without unit has that of the second. */
static bool parse_range(const char *value, void *member)
{
    uint32_t *range = member;
    const char *dots = strstr(value, "..");
    char least_text[WORD_MAX] = "";
    int64_t least, most;
    if (!duration_parse(dots != NULL ? dots + 2 : value, &most)) {
        return false;
    }
    least = most;
    if (dots != NULL) {
        const char *unit = dots + 2 + strspn(dots + 2, "0123456789.");
        bool has_unit = strspn(value, "0123456789.") < (size_t)(dots - value);
        snprintf(least_text, sizeof(least_text), "%.*s%s", (int)(dots - value), value,
                 has_unit ? "" : unit);
        if (!duration_parse(least_text, &least)) {
            return false;
        }
    }
    if (least < 0 || least > most || most > DELAY_MOST_MS) {
        return false;
    }
    range[0] = (uint32_t)least;
    range[1] = (uint32_t)most;
    return true;
}

static bool parse_seed(const char *value, void *member)
{
    return lwm2m_number_parse_unsigned(lwm2m_bytes_from_text(value), member) == LWM2M_OK;
}

static const struct fault {
    const char *name;
    size_t offset;
    bool (*parse)(const char *value, void *member);
    const char *form;
} faults[] = {
    {"loss", offsetof(struct lwm2m_chaos, loss), parse_chance, "a percentage such as 10%"},
    {"dup", offsetof(struct lwm2m_chaos, duplication), parse_chance, "a percentage such as 1%"},
    {"reorder", offsetof(struct lwm2m_chaos, reordering), parse_chance, "a percentage such as 5%"},
    {"corrupt", offsetof(struct lwm2m_chaos, corruption), parse_chance,
     "a percentage such as 0.1%"},
    {"delay", offsetof(struct lwm2m_chaos, delay_least_ms), parse_range,
     "a time such as 50ms or 50..400ms, up to 10m"},
    {"seed", offsetof(struct lwm2m_chaos, seed), parse_seed, "a number from 0 to 2^64-1"},
};

enum { FAULT_COUNT = sizeof(faults) / sizeof(faults[0]) };

_Static_assert(offsetof(struct lwm2m_chaos, delay_most_ms) ==
                   offsetof(struct lwm2m_chaos, delay_least_ms) + sizeof(uint32_t),
               "parse_range fills both ends");

/* The row that word ("loss=10%") names; *value behind its '='. NULL if none. */
static const struct fault *find_fault(const char *word, const char **value)
{
    size_t length = strcspn(word, "=");
    for (size_t i = 0; word[length] == '=' && i < FAULT_COUNT; i++) {
        if (strlen(faults[i].name) == length && memcmp(faults[i].name, word, length) == 0) {
            *value = word + length + 1;
            return &faults[i];
        }
    }
    return NULL;
}

static bool refuse(struct usage_error *error, const char *word, const char *reason)
{
    snprintf(error->message, sizeof(error->message), "--chaos: '%.60s' %s", word, reason);
    snprintf(error->hint, sizeof(error->hint),
             "such as --chaos loss=10%%,dup=1%%,reorder=5%%,delay=50..400ms,corrupt=0.1%%,seed=7");
    return false;
}

static bool parse_word(const char *word, struct lwm2m_chaos *chaos, uint32_t *seen,
                       struct usage_error *error)
{
    const char *value;
    const struct fault *fault = find_fault(word, &value);
    if (fault == NULL) {
        return refuse(error, word, "is none of loss=, dup=, reorder=, delay=, corrupt=, seed=");
    }
    uint32_t bit = 1u << (fault - faults);
    if (*seen & bit) {
        return refuse(error, word, "comes twice");
    }
    *seen |= bit;
    if (!fault->parse(value, (char *)chaos + fault->offset)) {
        char reason[96];
        snprintf(reason, sizeof(reason), "is not %s", fault->form);
        return refuse(error, word, reason);
    }
    return true;
}

bool chaos_parse(const char *text, struct lwm2m_chaos *chaos, struct usage_error *error)
{
    const char *end = text;
    uint32_t seen = 0;
    *chaos = (struct lwm2m_chaos){0};
    if (getrandom(&chaos->seed, sizeof(chaos->seed), 0) != sizeof(chaos->seed)) {
        chaos->seed = 1;
    }
    for (const char *at = text;; at = end + 1) {
        char word[WORD_MAX];
        end = at + strcspn(at, ",");
        if ((size_t)(end - at) >= sizeof(word)) {
            return refuse(error, at, "is too long");
        }
        memcpy(word, at, (size_t)(end - at));
        word[end - at] = '\0';
        if (!parse_word(word, chaos, &seen, error)) {
            return false;
        }
        if (*end == '\0') {
            return true;
        }
    }
}

void chaos_print(const struct lwm2m_chaos *chaos, char text[CHAOS_TEXT_MAX])
{
    snprintf(text, CHAOS_TEXT_MAX,
             "loss=%g%%,dup=%g%%,reorder=%g%%,corrupt=%g%%,delay=%u..%ums,seed=%llu",
             chaos->loss * 100, chaos->duplication * 100, chaos->reordering * 100,
             chaos->corruption * 100, chaos->delay_least_ms, chaos->delay_most_ms,
             (unsigned long long)chaos->seed);
}

bool chaos_apply(const char *text, const struct printer *printer, struct lwm2m_chaos *chaos,
                 struct usage_error *error)
{
    char printed[CHAOS_TEXT_MAX];
    if (text == NULL) {
        return true;
    }
    if (!chaos_parse(text, chaos, error)) {
        return false;
    }
    chaos_print(chaos, printed);
    print_note(printer, 0, "the network is bad on purpose: %s", printed);
    return true;
}
