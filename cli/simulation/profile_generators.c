/*
 * Reads the generators of a profile, and the files that they replay.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/profile_generators.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/number.h>

#include "argv/options.h"

#define EVERY_LEAST_MS 10
#define EVERY_MOST_MS (365ll * 24 * 3600 * 1000)
#define ROWS_MAX 1000000
#define GENERATORS_MAX 10000

/* A file that is replayed, row by row. */
struct replay {
    struct generator_row *rows;
    size_t count, capacity;
};

struct profile_generators {
    struct generator **list;
    struct replay *replays; /* one for each generator; most are empty */
    size_t count;
};

/* What reading one generator takes. */
struct reading {
    const struct profile *profile;
    const struct value_types *types;
    const cJSON *json;
    struct generator_config config;
    struct replay *replay;
    struct control_outcome *failure;
};

/* ---- members ---- */

static bool read_number(const struct reading *reading, const char *name, double otherwise,
                        double *number)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(reading->json, name);
    *number = otherwise;
    if (item == NULL) {
        return true;
    }
    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble)) {
        profile_refuse(reading->profile, reading->failure, "generator: \"%s\" is not a number",
                       name);
        return false;
    }
    *number = item->valuedouble;
    return true;
}

/* "5s", or a number of seconds. */
static bool read_duration(const struct reading *reading, const char *name, int64_t otherwise_ms,
                          uint32_t *duration_ms)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(reading->json, name);
    int64_t ms = otherwise_ms;
    bool good = item == NULL;
    if (cJSON_IsNumber(item) && item->valuedouble > 0 && item->valuedouble < 1e9) {
        ms = (int64_t)(item->valuedouble * 1000);
        good = true;
    } else if (cJSON_IsString(item)) {
        good = duration_parse(item->valuestring, &ms);
    }
    if (!good || ms < EVERY_LEAST_MS || ms > EVERY_MOST_MS || ms > UINT32_MAX) {
        profile_refuse(reading->profile, reading->failure,
                       "generator: \"%s\" is not a time from 10ms to 49 days, such as \"5s\"",
                       name);
        return false;
    }
    *duration_ms = (uint32_t)ms;
    return true;
}

static bool read_path(struct reading *reading)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(reading->json, "path");
    struct lwm2m_resource_definition resource;
    struct lwm2m_fault fault = {0};
    const char *text = cJSON_IsString(item) ? item->valuestring : "";
    if (lwm2m_definitions_parse_path(reading->types->definitions, lwm2m_bytes_from_text(text),
                                     &reading->config.path, &fault) != LWM2M_OK ||
        reading->config.path.level < LWM2M_LEVEL_RESOURCE) {
        profile_refuse(reading->profile, reading->failure,
                       "generator: '%.60s' is not the path of a resource%s%s", text,
                       fault.reason != NULL ? ": " : "", fault.reason != NULL ? fault.reason : "");
        return false;
    }
    if (!reading->types->find(reading->types->context, reading->config.path, &resource) ||
        resource.type == LWM2M_TYPE_NONE) {
        profile_refuse(reading->profile, reading->failure,
                       "generator: no definition names the type of %.60s", text);
        return false;
    }
    reading->config.type = resource.type;
    return true;
}

static bool is_numeric(enum lwm2m_type type)
{
    return type == LWM2M_TYPE_INTEGER || type == LWM2M_TYPE_UNSIGNED || type == LWM2M_TYPE_FLOAT ||
           type == LWM2M_TYPE_TIME || type == LWM2M_TYPE_BOOLEAN || type == LWM2M_TYPE_STRING;
}

static bool check_range(const struct reading *reading)
{
    const struct generator_config *config = &reading->config;
    if (!is_numeric(config->type)) {
        profile_refuse(reading->profile, reading->failure,
                       "generator: its resource holds no number; \"replay\" fits any type");
        return false;
    }
    if (config->least > config->most || !(config->step > 0)) {
        profile_refuse(reading->profile, reading->failure,
                       "generator: \"least\" is above \"most\", or \"step\" is not above 0");
        return false;
    }
    return true;
}

/* ---- kinds ---- */

static bool read_counter(struct reading *reading)
{
    static const char *const names[] = {"path", "kind", "every", "least", "most", "step", NULL};
    reading->config.kind = GENERATOR_COUNTER;
    return profile_check_names(reading->profile, reading->json, names, reading->failure) &&
           read_number(reading, "least", 0, &reading->config.least) &&
           read_number(reading, "most", 9007199254740992.0, &reading->config.most) &&
           read_number(reading, "step", 1, &reading->config.step) && check_range(reading);
}

static bool read_sine(struct reading *reading)
{
    static const char *const names[] = {"path", "kind", "every", "least", "most", "period", NULL};
    reading->config.kind = GENERATOR_SINE;
    reading->config.step = 1;
    return profile_check_names(reading->profile, reading->json, names, reading->failure) &&
           read_number(reading, "least", -1, &reading->config.least) &&
           read_number(reading, "most", 1, &reading->config.most) &&
           read_duration(reading, "period", 60000, &reading->config.period_ms) &&
           check_range(reading);
}

static bool read_walk(struct reading *reading)
{
    static const char *const names[] = {"path", "kind", "every", "least",
                                        "most", "step", "seed",  NULL};
    double seed;
    reading->config.kind = GENERATOR_WALK;
    if (!profile_check_names(reading->profile, reading->json, names, reading->failure) ||
        !read_number(reading, "least", 0, &reading->config.least) ||
        !read_number(reading, "most", 100, &reading->config.most) ||
        !read_number(reading, "step", (reading->config.most - reading->config.least) / 20,
                     &reading->config.step) ||
        !read_number(reading, "seed", 1, &seed)) {
        return false;
    }
    reading->config.seed = (uint64_t)(fabs(seed) < 9e15 ? fabs(seed) : 1);
    return check_range(reading);
}

/* ---- replay ---- */

static bool refuse_row(const struct reading *reading, const char *path, unsigned long line,
                       const char *reason)
{
    control_fail(reading->failure, EXIT_CODE_USAGE,
                 "a row is VALUE, or SECONDS,VALUE with seconds since the row before",
                 "%.160s:%lu: %.120s", path, line, reason);
    return false;
}

static bool append_row(struct replay *replay, const char *text, uint32_t after_ms)
{
    if (replay->count == replay->capacity) {
        size_t capacity = replay->capacity == 0 ? 64 : replay->capacity * 2;
        struct generator_row *rows = realloc(replay->rows, capacity * sizeof(*rows));
        if (rows == NULL) {
            return false;
        }
        replay->rows = rows;
        replay->capacity = capacity;
    }
    char *copy = strdup(text);
    if (copy == NULL) {
        return false;
    }
    replay->rows[replay->count++] = (struct generator_row){.text = copy, .after_ms = after_ms};
    return true;
}

/* "VALUE" or "SECONDS,VALUE". */
static bool read_row(const struct reading *reading, const char *path, unsigned long line,
                     const char *text)
{
    struct owned_value value = {0};
    char message[120];
    uint32_t after_ms = reading->config.every_ms;
    const char *comma = strchr(text, ',');
    double seconds;
    if (comma != NULL && lwm2m_number_parse_double(
                             (struct lwm2m_bytes){(const uint8_t *)text, (size_t)(comma - text)},
                             &seconds) == LWM2M_OK) {
        if (!(seconds >= EVERY_LEAST_MS / 1000.0 && seconds <= UINT32_MAX / 1000.0)) {
            return refuse_row(reading, path, line, "the seconds are not from 0.01 to 4294967");
        }
        after_ms = (uint32_t)(seconds * 1000);
        text = comma + 1;
    }
    bool good = value_text_parse(text, reading->config.type, &value, message, sizeof(message));
    owned_value_release(&value);
    if (!good) {
        return refuse_row(reading, path, line, message);
    }
    if (reading->replay->count >= ROWS_MAX || !append_row(reading->replay, text, after_ms)) {
        return refuse_row(reading, path, line, "out of memory, or more than a million rows");
    }
    return true;
}

/* Empty lines and those that begin with '#' are skipped. */
static bool read_rows(const struct reading *reading, const char *path, FILE *file)
{
    char *text = NULL;
    size_t size = 0;
    ssize_t length;
    unsigned long line = 0;
    bool good = true;
    while (good && (length = getline(&text, &size, file)) >= 0) {
        line++;
        while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
            text[--length] = '\0';
        }
        good = text[0] == '\0' || text[0] == '#' || read_row(reading, path, line, text);
    }
    free(text);
    if (good && reading->replay->count == 0) {
        return refuse_row(reading, path, line, "no row in it");
    }
    return good;
}

static bool read_replay_file(struct reading *reading)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(reading->json, "file");
    if (!cJSON_IsString(item)) {
        profile_refuse(reading->profile, reading->failure,
                       "generator: \"replay\" needs a \"file\"");
        return false;
    }
    char *path = profile_path_new(reading->profile, item->valuestring);
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    bool good = false;
    if (file != NULL) {
        good = read_rows(reading, path, file);
        fclose(file);
    } else {
        control_fail(reading->failure, EXIT_CODE_IO, NULL, "%.160s: %s",
                     path != NULL ? path : item->valuestring, strerror(errno));
    }
    free(path);
    reading->config.rows = reading->replay->rows;
    reading->config.row_count = reading->replay->count;
    return good;
}

static bool read_replay(struct reading *reading)
{
    static const char *const names[] = {"path", "kind", "every", "file", "once", NULL};
    reading->config.kind = GENERATOR_REPLAY;
    reading->config.once = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(reading->json, "once"));
    return profile_check_names(reading->profile, reading->json, names, reading->failure) &&
           read_replay_file(reading);
}

/* ---- the whole ---- */

static const struct {
    const char *name;
    bool (*read)(struct reading *reading);
} kinds[] = {
    {"counter", read_counter},
    {"sine", read_sine},
    {"walk", read_walk},
    {"replay", read_replay},
};

static bool read_kind(struct reading *reading)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(reading->json, "kind");
    for (size_t i = 0; cJSON_IsString(item) && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].name, item->valuestring) == 0) {
            return kinds[i].read(reading);
        }
    }
    profile_refuse(reading->profile, reading->failure,
                   "generator: \"kind\" is none of counter, sine, walk and replay");
    return false;
}

static bool read_generator(struct reading *reading)
{
    if (!cJSON_IsObject(reading->json)) {
        profile_refuse(reading->profile, reading->failure, "a generator is a JSON object");
        return false;
    }
    return read_path(reading) && read_duration(reading, "every", 5000, &reading->config.every_ms) &&
           read_kind(reading);
}

static bool add_all(struct profile_generators *generators, struct reading *reading,
                    struct lwm2m_timers *timers, const struct generator_target *target)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, reading->profile->generators) {
        reading->json = item;
        reading->replay = &generators->replays[generators->count];
        reading->config = (struct generator_config){
            .context = target->context,
            .set = target->set,
        };
        struct generator **slot = &generators->list[generators->count];
        generators->count++; /* what it has read so far is freed with the others */
        if (!read_generator(reading)) {
            return false;
        }
        *slot = generator_new(&reading->config, timers);
        if (*slot == NULL) {
            control_fail(reading->failure, EXIT_CODE_IO, NULL, "out of memory");
            return false;
        }
    }
    return true;
}

struct profile_generators *profile_generators_new(const struct profile *profile,
                                                  const struct value_types *types,
                                                  struct lwm2m_timers *timers,
                                                  const struct generator_target *target,
                                                  struct control_outcome *failure)
{
    struct reading reading = {.profile = profile, .types = types, .failure = failure};
    struct profile_generators *generators = calloc(1, sizeof(*generators));
    size_t count = (size_t)cJSON_GetArraySize(profile->generators);
    if (count > GENERATORS_MAX) {
        profile_refuse(profile, failure, "more than %d generators", GENERATORS_MAX);
        free(generators);
        return NULL;
    }
    if (generators != NULL) {
        generators->list = calloc(count + 1, sizeof(*generators->list));
        generators->replays = calloc(count + 1, sizeof(*generators->replays));
    }
    if (generators == NULL || generators->list == NULL || generators->replays == NULL) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
    } else if (add_all(generators, &reading, timers, target)) {
        return generators;
    }
    profile_generators_free(generators);
    return NULL;
}

void profile_generators_start(struct profile_generators *generators)
{
    for (size_t i = 0; i < generators->count; i++) {
        generator_start(generators->list[i]);
    }
}

void profile_generators_free(struct profile_generators *generators)
{
    if (generators == NULL) {
        return;
    }
    for (size_t i = 0; i < generators->count; i++) {
        generator_free(generators->list[i]);
        for (size_t row = 0; row < generators->replays[i].count; row++) {
            free(generators->replays[i].rows[row].text);
        }
        free(generators->replays[i].rows);
    }
    free(generators->list);
    free(generators->replays);
    free(generators);
}
