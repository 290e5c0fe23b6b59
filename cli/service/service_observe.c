/*
 * observe: a stream of the notifications of paths, each observed alone or all of them together.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "service/attribute_text.h"
#include "service/service_internal.h"
#include "service/value_events.h"

/* What a request asks for, for each of its devices. */
struct observing {
    bool together; /* one Observe-Composite for all paths */
    bool has_attributes;
    struct lwm2m_attributes attributes; /* zeroed but for what is given */
};

/* What is observed by one request to a device. */
struct target {
    struct lwm2m_path path; /* the root for several together */
    struct lwm2m_attributes attributes;
    size_t path_count; /* 0: path alone */
};

/* One target of one device that is listened to. */
struct listening {
    struct lwm2m_list node; /* in the service */
    struct service *service;
    struct service_job *job; /* NULL: kept on after its request ended */
    struct lwm2m_subscription *subscription;
    char *endpoint;
    bool publishes; /* of several that listen to one target, the one that makes events of it */
    struct target target;
    struct lwm2m_path paths[]; /* target.path_count, sorted */
};

/* The listenings of one job; NULL where one has ended. */
struct listenings {
    size_t count, open;
    struct listening *items[];
};

static bool hears_the_same(const struct listening *a, const struct listening *b)
{
    return memcmp(&a->target, &b->target, sizeof(a->target)) == 0 &&
           memcmp(a->paths, b->paths, a->target.path_count * sizeof(a->paths[0])) == 0 &&
           strcmp(a->endpoint, b->endpoint) == 0;
}

static struct listening *find_same(const struct listening *listening, bool publishes)
{
    struct lwm2m_list *node, *next;
    LWM2M_LIST_EACH (node, next, &listening->service->observations) {
        struct listening *other = LWM2M_CONTAINER_OF(node, struct listening, node);
        if (other != listening && other->publishes == publishes &&
            hears_the_same(other, listening)) {
            return other;
        }
    }
    return NULL;
}

/* Forgets a listening whose subscription has ended. */
static void listening_free(struct listening *listening)
{
    if (listening->publishes) {
        struct listening *heir = find_same(listening, false);
        if (heir != NULL) {
            heir->publishes = true;
        }
    }
    lwm2m_list_remove(&listening->node);
    free(listening->endpoint);
    free(listening);
}

/* ---- what is asked for ---- */

static int compare_paths(const void *a, const void *b)
{
    return lwm2m_path_compare(*(const struct lwm2m_path *)a, *(const struct lwm2m_path *)b);
}

static bool read_attributes(struct service_request *request, struct observing *observing)
{
    size_t count;
    if (!service_attributes(request, &observing->attributes, &count)) {
        return false;
    }
    observing->has_attributes = count > 0;
    return observing->attributes.cleared == 0 ||
           service_request_fail(request, EXIT_CODE_USAGE, NULL,
                                "observe: an attribute of an observation needs a value, such "
                                "as pmin=5");
}

static bool prepare(struct service_request *request)
{
    struct observing *observing = calloc(1, sizeof(*observing));
    if (observing == NULL) {
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    request->state = observing;
    observing->together =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->parameters, "composite"));
    if (!service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE) ||
        !read_attributes(request, observing)) {
        return false;
    }
    if (observing->together) {
        /* Whatever the order, they are the same observation. */
        qsort(request->paths, request->path_count, sizeof(*request->paths), compare_paths);
    }
    return true;
}

static void release(struct service_request *request)
{
    free(request->state);
}

/* ---- notifications ---- */

static void take_values(struct listening *listening, const struct lwm2m_outcome *outcome)
{
    struct value_events events = {
        .service = listening->service,
        .type = "notify",
        .endpoint = listening->endpoint,
        .outcome = outcome,
        .listener = listening->job != NULL ? listening->job->request : NULL,
        .publishes = listening->publishes,
        .has_sequence = true,
    };
    struct lwm2m_fault fault = {0};
    enum lwm2m_error error = value_events_send(&events, &fault);
    if (error != LWM2M_OK && listening->job != NULL) {
        listening->job->path = listening->target.path;
        service_job_fail(listening->job, EXIT_CODE_DECODE, NULL,
                         "a notification cannot be decoded: offset %zu: %s", fault.offset,
                         fault.reason != NULL ? fault.reason : lwm2m_error_text(error));
    }
}

static void note_end(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    if (outcome->error == LWM2M_UNSUPPORTED) {
        service_job_fail(job, EXIT_CODE_UNSUPPORTED, "'lwm2m read' reads it",
                         "the device answered, but does not observe this path");
    } else if (outcome->error != LWM2M_CANCELLED) { /* by 'lwm2m cancel': nothing failed */
        (void)service_job_check(job, outcome);
    }
}

static void on_notification(void *context, const struct lwm2m_outcome *outcome)
{
    struct listening *listening = context;
    if (outcome->error == LWM2M_OK && lwm2m_status_is_success(outcome->status)) {
        take_values(listening, outcome);
        return;
    }
    struct service_job *job = listening->job;
    if (job == NULL) {
        listening_free(listening);
        return;
    }
    struct listenings *listenings = job->state;
    for (size_t i = 0; i < listenings->count; i++) {
        if (listenings->items[i] == listening) {
            listenings->items[i] = NULL;
        }
    }
    job->path = listening->target.path;
    listening_free(listening);
    note_end(job, outcome);
    if (--listenings->open == 0) {
        service_job_finish(job);
    }
}

/* ---- the operation ---- */

static struct listening *listening_new(struct service_job *job, const struct target *target,
                                       const struct lwm2m_path *paths)
{
    size_t paths_size = target->path_count * sizeof(*paths);
    struct listening *made = calloc(1, sizeof(*made) + paths_size);
    if (made == NULL || (made->endpoint = strdup(job->endpoint)) == NULL) {
        free(made);
        return NULL;
    }
    made->service = service_of(job->request);
    made->job = job;
    memcpy(&made->target, target, sizeof(*target));
    if (paths_size > 0) {
        memcpy(made->paths, paths, paths_size);
    }
    lwm2m_list_append(&made->service->observations, &made->node);
    made->publishes = find_same(made, true) == NULL;
    return made;
}

static enum lwm2m_error subscribe(struct service_job *job, const struct target *target,
                                  const struct lwm2m_path *paths, struct listening **listening)
{
    const struct service_request *request = job->request;
    const struct observing *observing = request->state;
    struct lwm2m_registration *registration = service_job_registration(job);
    struct listening *made = listening_new(job, target, paths);
    if (made == NULL) {
        return LWM2M_NO_MEMORY;
    }
    struct lwm2m_observation_request observation = {
        .path = target->path,
        .paths = target->path_count > 0 ? made->paths : NULL,
        .path_count = target->path_count,
        .attributes = observing->has_attributes ? &observing->attributes : NULL,
        .format = request->format,
        .timeout_ms = request->timeout_ms,
        .hold_ms = request->hold_ms,
        .context = made,
        .on_notification = on_notification,
    };
    enum lwm2m_error error = registration == NULL
                                 ? LWM2M_GONE
                                 : lwm2m_server_observe(made->service->server, registration,
                                                        &observation, &made->subscription);
    if (error != LWM2M_OK) {
        listening_free(made);
        return error;
    }
    *listening = made;
    return LWM2M_OK;
}

/* Says what the device's version of LwM2M has not. */
static void fail_unsupported(struct service_job *job)
{
    const struct observing *observing = job->request->state;
    const struct lwm2m_registration *registration = service_job_registration(job);
    struct lwm2m_version version_1_1 = {1, 1}, version_1_2 = {1, 2};
    if (registration != NULL && observing->together &&
        lwm2m_version_compare(registration->version, version_1_1) < 0) {
        service_job_fail(job, EXIT_CODE_UNSUPPORTED,
                         "without --composite each path is observed alone",
                         "the device has LwM2M 1.0, and Observe-Composite came with 1.1");
    } else if (registration != NULL && observing->has_attributes &&
               lwm2m_version_compare(registration->version, version_1_2) < 0) {
        service_job_fail(job, EXIT_CODE_UNSUPPORTED, "'lwm2m attr' attaches them to the path",
                         "the device has LwM2M %u.%u, and attributes in an observation came with "
                         "1.2",
                         registration->version.major, registration->version.minor);
    } else {
        service_job_fail_error(job, LWM2M_UNSUPPORTED);
    }
}

static void observe(struct service_job *job, struct listenings *listenings,
                    const struct target *target, const struct lwm2m_path *paths)
{
    struct listening **listening = &listenings->items[listenings->count++];
    enum lwm2m_error error = subscribe(job, target, paths, listening);
    if (error == LWM2M_OK) {
        listenings->open++;
        return;
    }
    job->path = target->path;
    if (error == LWM2M_UNSUPPORTED) {
        fail_unsupported(job);
    } else {
        service_job_fail_error(job, error);
    }
}

static void step(struct service_job *job)
{
    const struct service_request *request = job->request;
    const struct observing *observing = request->state;
    struct listenings *listenings =
        calloc(1, sizeof(*listenings) + request->path_count * sizeof(listenings->items[0]));
    job->state = listenings;
    if (listenings == NULL) {
        service_job_fail_error(job, LWM2M_NO_MEMORY);
        service_job_finish(job);
        return;
    }
    struct target target;
    memset(&target, 0, sizeof(target)); /* with its padding, as targets are compared as bytes */
    memcpy(&target.attributes, &observing->attributes, sizeof(target.attributes));
    if (observing->together) {
        target.path = lwm2m_path_root();
        target.path_count = request->path_count;
        observe(job, listenings, &target, request->paths);
    }
    for (size_t i = 0; !observing->together && i < request->path_count; i++) {
        target.path = request->paths[i];
        observe(job, listenings, &target, NULL);
    }
    if (listenings->open == 0) {
        service_job_finish(job);
    }
}

static void release_job(struct service_job *job)
{
    const struct service_request *request = job->request;
    struct listenings *listenings = job->state;
    bool keep = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->parameters, "keep"));
    for (size_t i = 0; listenings != NULL && i < listenings->count; i++) {
        struct listening *listening = listenings->items[i];
        if (listening != NULL && keep) {
            listening->job = NULL;
        } else if (listening != NULL) {
            lwm2m_server_unsubscribe(service_of(request)->server, listening->subscription);
            listening_free(listening);
        }
    }
    free(listenings);
    job->state = NULL;
}

void service_observe_release_all(struct service *service)
{
    struct lwm2m_list *node;
    while ((node = lwm2m_list_first(&service->observations)) != NULL) {
        struct listening *listening = LWM2M_CONTAINER_OF(node, struct listening, node);
        lwm2m_server_unsubscribe(service->server, listening->subscription);
        listening_free(listening);
    }
}

const struct service_operation service_observe = {
    .name = "observe",
    .scope = SERVICE_ON_DEVICES,
    .stream = true,
    .if_refused_together =
        "the device may not have Observe-Composite: without --composite each path "
        "is observed alone",
    .prepare = prepare,
    .step = step,
    .release_job = release_job,
    .release = release,
};
