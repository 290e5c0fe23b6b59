/*
 * Reads the file that describes a device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/profile.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lwm2m/number.h>
#include <lwm2m/path.h>

#include "argv/nearest.h"

#define FILE_MAX ((size_t)4 << 20)
/* What a double holds without loss. */
#define EXACT_MOST 9007199254740992.0

void profile_refuse(const struct profile *profile, struct control_outcome *failure,
                    const char *format, ...)
{
    char text[320];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    control_fail(failure, EXIT_CODE_USAGE, "'lwm2m help client' explains profiles", "%.160s: %s",
                 profile->path, text);
}

bool profile_check_names(const struct profile *profile, const cJSON *object,
                         const char *const *names, struct control_outcome *failure)
{
    const cJSON *member;
    cJSON_ArrayForEach (member, object) {
        struct nearest nearest;
        bool known = false;
        nearest_init(&nearest, member->string);
        for (size_t i = 0; names[i] != NULL; i++) {
            known = known || strcmp(names[i], member->string) == 0;
            nearest_offer(&nearest, names[i]);
        }
        if (!known) {
            profile_refuse(profile, failure, "'%.40s' is nothing that belongs here%s%s%s",
                           member->string, nearest.best != NULL ? "; did you mean '" : "",
                           nearest.best != NULL ? nearest.best : "",
                           nearest.best != NULL ? "'?" : "");
            return false;
        }
    }
    return true;
}

char *profile_path_new(const struct profile *profile, const char *name)
{
    char *path = NULL;
    if (name[0] == '/') {
        return strdup(name);
    }
    return asprintf(&path, "%s/%s", profile->directory, name) < 0 ? NULL : path;
}

static bool fail_for_memory(struct control_outcome *failure)
{
    control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
    return false;
}

/* ---- members ---- */

/* A member that is an array, or absent (*array NULL). */
static bool find_array(const struct profile *profile, const cJSON *json, const char *name,
                       const cJSON **array, struct control_outcome *failure)
{
    *array = cJSON_GetObjectItemCaseSensitive(json, name);
    if (*array != NULL && !cJSON_IsArray(*array)) {
        profile_refuse(profile, failure, "\"%s\" is not an array", name);
        return false;
    }
    return true;
}

static bool read_definitions(struct profile *profile, const cJSON *json,
                             struct control_outcome *failure)
{
    const cJSON *array, *item;
    if (!find_array(profile, json, "definitions", &array, failure)) {
        return false;
    }
    profile->definitions =
        calloc((size_t)cJSON_GetArraySize(array) + 1, sizeof(*profile->definitions));
    if (profile->definitions == NULL) {
        return fail_for_memory(failure);
    }
    cJSON_ArrayForEach (item, array) {
        if (!cJSON_IsString(item)) {
            profile_refuse(profile, failure, "\"definitions\" are names of files");
            return false;
        }
        char *path = profile_path_new(profile, item->valuestring);
        if (path == NULL) {
            return fail_for_memory(failure);
        }
        profile->definitions[profile->definition_count++] = path;
    }
    return true;
}

static bool read_objects(struct profile *profile, const cJSON *json,
                         struct control_outcome *failure)
{
    const cJSON *array, *item;
    if (!find_array(profile, json, "objects", &array, failure)) {
        return false;
    }
    profile->objects = calloc((size_t)cJSON_GetArraySize(array) + 1, sizeof(*profile->objects));
    if (profile->objects == NULL) {
        return fail_for_memory(failure);
    }
    cJSON_ArrayForEach (item, array) {
        if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0 && item->valuedouble < LWM2M_NO_ID) ||
            item->valuedouble != floor(item->valuedouble)) {
            profile_refuse(profile, failure, "\"objects\" are numbers from 0 to 65534");
            return false;
        }
        profile->objects[profile->object_count++] = (uint16_t)item->valuedouble;
    }
    return true;
}

static bool read_instances(struct profile *profile, const cJSON *json,
                           struct control_outcome *failure)
{
    const cJSON *array, *item;
    if (!find_array(profile, json, "instances", &array, failure)) {
        return false;
    }
    cJSON_ArrayForEach (item, array) {
        if (!cJSON_IsString(item)) {
            profile_refuse(profile, failure, "\"instances\" are paths such as \"/3303/0\"");
            return false;
        }
    }
    profile->instances = array != NULL ? cJSON_Duplicate(array, true) : cJSON_CreateArray();
    return profile->instances != NULL || fail_for_memory(failure);
}

/* The value as somebody would type it. */
static bool print_value(const struct profile *profile, const cJSON *item,
                        char number[LWM2M_NUMBER_TEXT_MAX], const char **text,
                        struct control_outcome *failure)
{
    if (cJSON_IsString(item)) {
        *text = item->valuestring;
    } else if (cJSON_IsBool(item)) {
        *text = cJSON_IsTrue(item) ? "true" : "false";
    } else if (cJSON_IsNumber(item) && fabs(item->valuedouble) <= EXACT_MOST) {
        lwm2m_number_print_double(item->valuedouble, number);
        *text = number;
    } else {
        profile_refuse(profile, failure,
                       "the value of %.60s is no text, number or boolean (numbers beyond 2^53 are "
                       "written as text)",
                       item->string);
        return false;
    }
    return true;
}

static bool read_values(struct profile *profile, const cJSON *json, struct control_outcome *failure)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(json, "values");
    const cJSON *item;
    profile->values = cJSON_CreateArray();
    if (values != NULL && !cJSON_IsObject(values)) {
        profile_refuse(profile, failure, "\"values\" is not an object of paths and values");
        return false;
    }
    cJSON_ArrayForEach (item, values) {
        char number[LWM2M_NUMBER_TEXT_MAX];
        const char *text;
        cJSON *value = cJSON_CreateObject();
        if (!cJSON_AddItemToArray(profile->values, value)) {
            cJSON_Delete(value);
            return fail_for_memory(failure);
        }
        if (!print_value(profile, item, number, &text, failure)) {
            return false;
        }
        if (cJSON_AddStringToObject(value, "path", item->string) == NULL ||
            cJSON_AddStringToObject(value, "value", text) == NULL) {
            return fail_for_memory(failure);
        }
    }
    return true;
}

static bool read_generators(struct profile *profile, const cJSON *json,
                            struct control_outcome *failure)
{
    const cJSON *array;
    if (!find_array(profile, json, "generators", &array, failure)) {
        return false;
    }
    profile->generators = array != NULL ? cJSON_Duplicate(array, true) : cJSON_CreateArray();
    return profile->generators != NULL || fail_for_memory(failure);
}

static bool read_members(struct profile *profile, const cJSON *json,
                         struct control_outcome *failure)
{
    static const char *const names[] = {"definitions", "objects",    "instances",
                                        "values",      "generators", NULL};
    if (!cJSON_IsObject(json)) {
        profile_refuse(profile, failure, "a profile is a JSON object");
        return false;
    }
    return profile_check_names(profile, json, names, failure) &&
           read_definitions(profile, json, failure) && read_objects(profile, json, failure) &&
           read_instances(profile, json, failure) && read_values(profile, json, failure) &&
           read_generators(profile, json, failure);
}

/* ---- the file ---- */

static unsigned line_of(const char *text, const char *at)
{
    unsigned line = 1;
    for (; text < at; text++) {
        line += *text == '\n';
    }
    return line;
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

static cJSON *parse_json(const struct profile *profile, struct lwm2m_bytes bytes,
                         struct control_outcome *failure)
{
    const char *text = (const char *)bytes.data;
    const char *end = text;
    cJSON *json = cJSON_ParseWithLengthOpts(text, bytes.length, &end, false);
    while (json != NULL && end < text + bytes.length && is_blank(*end)) {
        end++;
    }
    if (json == NULL || end < text + bytes.length) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "%.160s:%u: not well formed JSON",
                     profile->path, line_of(text, end));
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

static struct profile *new_profile(const char *path, struct control_outcome *failure)
{
    struct profile *profile = calloc(1, sizeof(*profile));
    const char *slash = strrchr(path, '/');
    if (profile != NULL) {
        profile->path = strdup(path);
        profile->directory =
            slash == NULL ? strdup(".") : strndup(path, slash > path ? (size_t)(slash - path) : 1);
    }
    if (profile == NULL || profile->path == NULL || profile->directory == NULL) {
        fail_for_memory(failure);
        profile_free(profile);
        return NULL;
    }
    return profile;
}

struct profile *profile_parse(const char *path, struct lwm2m_bytes bytes,
                              struct control_outcome *failure)
{
    struct profile *profile = new_profile(path, failure);
    cJSON *json = profile != NULL ? parse_json(profile, bytes, failure) : NULL;
    bool good = json != NULL && read_members(profile, json, failure);
    cJSON_Delete(json);
    if (!good) {
        profile_free(profile);
        return NULL;
    }
    return profile;
}

struct profile *profile_read(const char *path, struct control_outcome *failure)
{
    FILE *file = fopen(path, "rbe");
    uint8_t *bytes = file != NULL ? malloc(FILE_MAX + 1) : NULL;
    size_t length = bytes != NULL ? fread(bytes, 1, FILE_MAX + 1, file) : 0;
    struct profile *profile = NULL;
    if (bytes == NULL || ferror(file)) {
        control_fail(failure, EXIT_CODE_IO, NULL, "%.160s: %s", path, strerror(errno));
    } else if (length > FILE_MAX) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "%.160s: larger than 4 MiB", path);
    } else {
        profile = profile_parse(path, (struct lwm2m_bytes){bytes, length}, failure);
    }
    free(bytes);
    if (file != NULL) {
        fclose(file);
    }
    return profile;
}

void profile_free(struct profile *profile)
{
    if (profile == NULL) {
        return;
    }
    for (size_t i = 0; i < profile->definition_count; i++) {
        free(profile->definitions[i]);
    }
    free(profile->definitions);
    free(profile->objects);
    cJSON_Delete(profile->values);
    cJSON_Delete(profile->instances);
    cJSON_Delete(profile->generators);
    free(profile->directory);
    free(profile->path);
    free(profile);
}
