/*
 * list: the devices that are registered. There may be a great many, so they are sent as fast as the
 * client reads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "service/service_internal.h"

struct listing {
    struct service_request *request;
    struct lwm2m_timer timer;
    char **names; /* of the devices that are to be sent; one may have gone when its turn comes */
    size_t count, capacity, next;
};

static void send_listed(struct service_request *request,
                        const struct lwm2m_registration *registration)
{
    struct registration_snapshot *snapshot = service_snapshot(service_of(request), registration);
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "list");
    registration_snapshot_add(result, snapshot);
    free(snapshot);
    service_request_send(request, result, NULL);
}

static void send_more(struct lwm2m_timer *timer)
{
    struct listing *listing = LWM2M_CONTAINER_OF(timer, struct listing, timer);
    struct service_request *request = listing->request;
    const struct service *service = service_of(request);
    while (listing->next < listing->count) {
        if (service_request_is_congested(request)) {
            lwm2m_timer_arm_in(service->timers, timer, RESPONDER_PAUSE_MS);
            return;
        }
        const char *name = listing->names[listing->next++];
        const struct lwm2m_registration *registration =
            lwm2m_server_find(service->server, lwm2m_bytes_from_text(name));
        if (registration != NULL) {
            send_listed(request, registration);
        }
    }
    service_request_finish(request, EXIT_CODE_OK, NULL, NULL);
}

static bool add_name(struct listing *listing, const char *name)
{
    if (listing->count == listing->capacity) {
        size_t capacity = listing->capacity == 0 ? 16 : listing->capacity * 2;
        char **grown = realloc(listing->names, capacity * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        listing->names = grown;
        listing->capacity = capacity;
    }
    listing->names[listing->count] = strdup(name);
    return listing->names[listing->count++] != NULL;
}

static bool choose(struct listing *listing, const char *const *patterns, size_t count)
{
    const struct service *service = service_of(listing->request);
    double stale_s = control_number(listing->request->parameters, "stale_s", -1);
    uint64_t now_ms = lwm2m_timers_now(service->timers);
    for (const struct lwm2m_registration *registration = lwm2m_server_next(service->server, NULL);
         registration != NULL; registration = lwm2m_server_next(service->server, registration)) {
        double silent_s = (double)(now_ms - registration->seen_ms) / 1000;
        if (silent_s >= stale_s &&
            service_name_matches(patterns, count, registration->endpoint_name) &&
            !add_name(listing, registration->endpoint_name)) {
            return false;
        }
    }
    return true;
}

static void begin(struct service_request *request)
{
    const char **patterns;
    size_t count;
    if (!service_texts(request, "ep", &patterns, &count)) {
        return;
    }
    struct listing *listing = calloc(1, sizeof(*listing));
    request->state = listing;
    if (listing != NULL) {
        listing->request = request;
        listing->timer.fire = send_more;
    }
    bool good = listing != NULL && choose(listing, patterns, count);
    free(patterns);
    if (good) {
        send_more(&listing->timer);
    } else {
        service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
}

static void release(struct service_request *request)
{
    struct listing *listing = request->state;
    if (listing == NULL) {
        return;
    }
    lwm2m_timer_disarm(service_of(request)->timers, &listing->timer);
    for (size_t i = 0; i < listing->count; i++) {
        free(listing->names[i]);
    }
    free(listing->names);
    free(listing);
}

const struct service_operation service_list = {
    .name = "list",
    .scope = SERVICE_ON_SERVER,
    .begin = begin,
    .release = release,
};
