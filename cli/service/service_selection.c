/*
 * Chooses the devices that a request is for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argv/nearest.h"
#include "service/service_internal.h"

/* How many names a message lists. */
#define NAMES_SHOWN 5

bool service_is_glob(const char *pattern)
{
    return strpbrk(pattern, "*?[") != NULL;
}

bool service_name_matches(const char *const *patterns, size_t count, const char *name)
{
    if (count == 0) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(patterns[i], name) == 0 ||
            (service_is_glob(patterns[i]) && fnmatch(patterns[i], name, 0) == 0)) {
            return true;
        }
    }
    return false;
}

static bool add_job(struct service_request *request, const char *name, size_t *capacity)
{
    if (request->job_count == *capacity) {
        size_t grown = *capacity == 0 ? 4 : *capacity * 2;
        struct service_job *jobs = realloc(request->jobs, grown * sizeof(*jobs));
        if (jobs == NULL) {
            return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
        }
        request->jobs = jobs;
        *capacity = grown;
    }
    char *endpoint = strdup(name);
    if (endpoint == NULL) {
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    request->jobs[request->job_count++] =
        (struct service_job){.request = request, .endpoint = endpoint};
    return true;
}

/*
 * Adds a registered device once, however many patterns match it. The mark in it is the number of
 * the request, which no other request ever has, so that marks need not be cleared.
 */
static bool add_registered(struct service_request *request, struct lwm2m_registration *registration,
                           size_t *capacity)
{
    void *mark = (void *)(uintptr_t)request->number;
    if (registration->owner == mark) {
        return true;
    }
    registration->owner = mark;
    return add_job(request, registration->endpoint_name, capacity);
}

static bool add_matching(struct service_request *request, const char *pattern, size_t *capacity)
{
    struct lwm2m_server *server = service_of(request)->server;
    struct lwm2m_registration *exact = lwm2m_server_find(server, lwm2m_bytes_from_text(pattern));
    if (exact != NULL) {
        return add_registered(request, exact, capacity);
    }
    if (!service_is_glob(pattern)) {
        /* Its job fails with a message of its own, and others go on. */
        return add_job(request, pattern, capacity);
    }
    bool any = false;
    for (struct lwm2m_registration *registration = lwm2m_server_next(server, NULL);
         registration != NULL; registration = lwm2m_server_next(server, registration)) {
        if (fnmatch(pattern, registration->endpoint_name, 0) != 0) {
            continue;
        }
        any = true;
        if (!add_registered(request, registration, capacity)) {
            return false;
        }
    }
    if (!any) {
        return service_request_fail(request, EXIT_CODE_REGISTRATION,
                                    "'lwm2m list' shows which there are",
                                    "no registered device matches '%.120s'", pattern);
    }
    return true;
}

static void names_text(const struct lwm2m_server *server, char *text, size_t size)
{
    size_t shown = 0;
    size_t length = 0;
    text[0] = '\0';
    for (struct lwm2m_registration *registration = lwm2m_server_next(server, NULL);
         registration != NULL && shown < NAMES_SHOWN && length < size;
         registration = lwm2m_server_next(server, registration)) {
        length += (size_t)snprintf(text + length, size - length, "%s%.80s", shown > 0 ? ", " : "",
                                   registration->endpoint_name);
        shown++;
    }
    if (lwm2m_server_registration_count(server) > shown && length < size) {
        snprintf(text + length, size - length, ", …");
    }
}

/* Without a choice, the only device that there is. */
static bool add_only(struct service_request *request, size_t *capacity)
{
    const struct lwm2m_server *server = service_of(request)->server;
    size_t count = lwm2m_server_registration_count(server);
    if (count == 0) {
        return service_request_fail(request, EXIT_CODE_REGISTRATION,
                                    "'lwm2m wait' waits for a device to register",
                                    "no device is registered");
    }
    if (count > 1) {
        char names[420];
        names_text(server, names, sizeof(names));
        return service_request_fail(request, EXIT_CODE_USAGE,
                                    "choose with -e NAME, -e 'GLOB' or --all",
                                    "%zu devices are registered: %s", count, names);
    }
    return add_registered(request, lwm2m_server_next(server, NULL), capacity);
}

static bool add_all(struct service_request *request, size_t *capacity)
{
    struct lwm2m_server *server = service_of(request)->server;
    if (lwm2m_server_registration_count(server) == 0) {
        return service_request_fail(request, EXIT_CODE_REGISTRATION,
                                    "'lwm2m wait' waits for a device to register",
                                    "no device is registered");
    }
    for (struct lwm2m_registration *registration = lwm2m_server_next(server, NULL);
         registration != NULL; registration = lwm2m_server_next(server, registration)) {
        if (!add_registered(request, registration, capacity)) {
            return false;
        }
    }
    return true;
}

bool service_select(struct service_request *request)
{
    const char **patterns;
    size_t count;
    size_t capacity = 0;
    if (!service_texts(request, "ep", &patterns, &count)) {
        return false;
    }
    bool good = true;
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->parameters, "all"))) {
        good = add_all(request, &capacity);
    } else if (count == 0) {
        good = add_only(request, &capacity);
    } else {
        for (size_t i = 0; good && i < count; i++) {
            good = add_matching(request, patterns[i], &capacity);
        }
    }
    free(patterns);
    return good;
}
