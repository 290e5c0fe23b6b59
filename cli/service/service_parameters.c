/*
 * Reads the parameters that requests have in common.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/attribute_text.h"
#include "service/service_internal.h"

#define TIMEOUT_DEFAULT_MS 30000
#define PATHS_MAX 1000

bool service_texts(struct service_request *request, const char *name, const char ***texts,
                   size_t *count)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(request->parameters, name);
    *texts = NULL;
    *count = 0;
    if (member == NULL || cJSON_IsNull(member)) {
        return true;
    }
    size_t size = cJSON_IsArray(member) ? (size_t)cJSON_GetArraySize(member) : 1;
    *texts = malloc((size + 1) * sizeof(**texts));
    if (*texts == NULL) {
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    for (const cJSON *item = cJSON_IsArray(member) ? member->child : member; item != NULL;
         item = cJSON_IsArray(member) ? item->next : NULL) {
        if (!cJSON_IsString(item)) {
            free(*texts);
            *texts = NULL;
            return service_request_fail(request, EXIT_CODE_USAGE, NULL,
                                        "\"%s\" must be a string or an array of strings", name);
        }
        (*texts)[(*count)++] = item->valuestring;
    }
    return true;
}

bool service_attributes(struct service_request *request, struct lwm2m_attributes *attributes,
                        size_t *count)
{
    const char **texts;
    struct control_outcome failure;
    if (!service_texts(request, "attributes", &texts, count)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < *count; i++) {
        good = attribute_text_parse(texts[i], attributes, &failure);
    }
    free(texts);
    return good || service_request_fail(request, failure.exit, failure.hint, "%s: %s",
                                        request->operation->name, failure.message);
}

bool service_path(struct service_request *request, const char *text, struct lwm2m_path *path)
{
    struct lwm2m_fault fault = {0};
    enum lwm2m_error error = lwm2m_definitions_parse_path(
        service_of(request)->definitions, lwm2m_bytes_from_text(text), path, &fault);
    if (error == LWM2M_OK) {
        return true;
    }
    const char *reason = fault.reason != NULL ? fault.reason : lwm2m_error_text(error);
    return service_request_fail(
        request, EXIT_CODE_USAGE, "a path is /OBJECT/INSTANCE/RESOURCE, as numbers or names",
        "'%.120s' is no path: %s (at character %zu)", text, reason, fault.offset + 1);
}

static const char *level_name(enum lwm2m_path_level level)
{
    static const char *const names[] = {"/", "/OBJECT", "/OBJECT/INSTANCE",
                                        "/OBJECT/INSTANCE/RESOURCE",
                                        "/OBJECT/INSTANCE/RESOURCE/RESOURCE-INSTANCE"};
    return names[level];
}

static bool check_level(struct service_request *request, const char *text, struct lwm2m_path path,
                        enum lwm2m_path_level least, enum lwm2m_path_level most)
{
    if (path.level >= least && path.level <= most) {
        return true;
    }
    if (least == most) {
        return service_request_fail(request, EXIT_CODE_USAGE, NULL, "%s %.120s: it needs %s",
                                    service_verb(request->operation), text, level_name(least));
    }
    return service_request_fail(request, EXIT_CODE_USAGE, NULL, "%s %.120s: it needs %s to %s",
                                service_verb(request->operation), text, level_name(least),
                                level_name(most));
}

bool service_paths(struct service_request *request, enum lwm2m_path_level least,
                   enum lwm2m_path_level most)
{
    const char **texts;
    size_t count;
    const char *name =
        cJSON_GetObjectItemCaseSensitive(request->parameters, "paths") != NULL ? "paths" : "path";
    if (!service_texts(request, name, &texts, &count)) {
        return false;
    }
    if (count == 0 || count > PATHS_MAX) {
        free(texts);
        return service_request_fail(request, EXIT_CODE_USAGE, NULL, "%s needs %s",
                                    service_verb(request->operation),
                                    count == 0 ? "a path" : "at most 1000 paths");
    }
    request->paths = calloc(count, sizeof(*request->paths));
    if (request->paths == NULL) {
        free(texts);
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = service_path(request, texts[i], &request->paths[i]) &&
               check_level(request, texts[i], request->paths[i], least, most);
        /* A failure has freed the request, with its paths. */
        if (good) {
            request->path_count++;
        }
    }
    free(texts);
    return good;
}

static const uint16_t formats[] = {
    LWM2M_FORMAT_TEXT,
    LWM2M_FORMAT_OPAQUE,
    LWM2M_FORMAT_TLV,
    LWM2M_FORMAT_CBOR,
    LWM2M_FORMAT_SENML_JSON,
    LWM2M_FORMAT_SENML_CBOR,
    LWM2M_FORMAT_JSON,
    LWM2M_FORMAT_LWM2M_CBOR,
    LWM2M_FORMAT_SENML_ETCH_JSON,
    LWM2M_FORMAT_SENML_ETCH_CBOR,
};

static bool read_format(struct service_request *request)
{
    const char *name = control_text(request->parameters, "format");
    request->format = LWM2M_NO_FORMAT;
    for (size_t i = 0; name != NULL && i < sizeof(formats) / sizeof(formats[0]); i++) {
        const char *known = lwm2m_content_format_name(formats[i]);
        if (known != NULL && strcmp(known, name) == 0) {
            request->format = formats[i];
        }
    }
    return name == NULL || request->format != LWM2M_NO_FORMAT ||
           service_request_fail(request, EXIT_CODE_USAGE,
                                "there are text, opaque, tlv, cbor, senml-json, senml-cbor, json, "
                                "lwm2m-cbor, senml-etch-json and senml-etch-cbor",
                                "unknown format '%.40s'", name);
}

bool service_may_be_composite(const struct service_request *request)
{
    return !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(request->parameters, "composite"));
}

bool service_common_parameters(struct service_request *request)
{
    double timeout_ms = control_number(request->parameters, "timeout_ms", TIMEOUT_DEFAULT_MS);
    if (!(timeout_ms >= 1) || timeout_ms > (double)UINT32_MAX) {
        return service_request_fail(request, EXIT_CODE_USAGE, NULL,
                                    "\"timeout_ms\" must be from 1 to 4294967295");
    }
    double hold_ms = control_number(request->parameters, "hold_ms", 0);
    if (!(hold_ms >= 0) || hold_ms > (double)UINT32_MAX) {
        return service_request_fail(request, EXIT_CODE_USAGE, NULL,
                                    "\"hold_ms\" must be from 0 to 4294967295");
    }
    request->timeout_ms = (uint32_t)timeout_ms;
    request->hold_ms = (uint32_t)hold_ms;
    return read_format(request);
}
