/*
 * attr: the notification attributes that are attached to a path: shown, set and unset.
 *
 *     shows:       Discover
 *     sets:        Write-Attributes
 *     unsets all:  Discover, then Write-Attributes for what is there
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "service/attribute_text.h"
#include "service/link_text.h"
#include "service/service_internal.h"

/* What the request asks for. */
struct attaching {
    struct lwm2m_attributes change;
    bool changes; /* else it shows */
    bool clears_all;
};

/* What a job does next: job->index. */
enum { LOOK, LOOKED, WRITTEN };

static bool read_attributes(struct service_request *request, struct attaching *attaching)
{
    size_t count;
    if (!service_attributes(request, &attaching->change, &count)) {
        return false;
    }
    attaching->changes = count > 0 || attaching->clears_all;
    return count == 0 || !attaching->clears_all ||
           service_request_fail(request, EXIT_CODE_USAGE, NULL,
                                "attr: \"clear\" unsets all attributes, and takes none");
}

static bool prepare(struct service_request *request)
{
    struct attaching *attaching = calloc(1, sizeof(*attaching));
    if (attaching == NULL) {
        return service_request_fail(request, EXIT_CODE_IO, NULL, "out of memory");
    }
    request->state = attaching;
    attaching->clears_all =
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(request->parameters, "clear"));
    if (!service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE) ||
        !read_attributes(request, attaching)) {
        return false;
    }
    return request->path_count == 1 ||
           service_request_fail(request, EXIT_CODE_USAGE, NULL, "attr takes one path");
}

static void release(struct service_request *request)
{
    free(request->state);
}

/* ---- what is attached ---- */

static void look(struct service_job *job)
{
    /* A resource instance is told of by its resource. */
    struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_DISCOVER,
        .path = lwm2m_path_ancestor(job->request->paths[0], LWM2M_LEVEL_RESOURCE),
        .format = LWM2M_NO_FORMAT,
    };
    job->index = LOOKED;
    if (!service_job_submit(job, &operation)) {
        service_job_finish(job);
    }
}

/* Calls take for each link at or below the request's path; false if the links are broken, which was
 * noted. */
static bool visit_links(struct service_job *job, const struct lwm2m_outcome *outcome,
                        void (*take)(struct service_job *job, const struct lwm2m_outcome *outcome,
                                     const struct lwm2m_link *link, struct lwm2m_path path,
                                     void *context),
                        void *context)
{
    struct lwm2m_bytes alternate = service_root_path(outcome->registration);
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;
    struct lwm2m_path path;
    struct lwm2m_fault fault = {0};
    enum lwm2m_error error;
    lwm2m_link_reader_init(&reader, outcome->payload);
    while ((error = lwm2m_link_reader_next(&reader, &link, &fault)) == LWM2M_OK) {
        if (link_path(&link, alternate, &path) &&
            lwm2m_path_contains(job->request->paths[0], path)) {
            take(job, outcome, &link, path, context);
        }
    }
    if (error != LWM2M_NOT_FOUND) {
        service_job_fail_links(job, &fault);
    }
    return error == LWM2M_NOT_FOUND;
}

static void send_attached(struct service_job *job, const struct lwm2m_outcome *outcome,
                          struct lwm2m_path path, cJSON *attributes)
{
    cJSON *result = service_result_new(job, &path);
    service_result_add_status(result, outcome->status);
    service_result_add_name(result, service_of(job->request), outcome->registration, path);
    cJSON_AddItemToObject(result, "attributes", attributes);
    service_result_add_outcome(result, job, outcome);
    service_request_send(job->request, result, NULL);
}

/* Sends the path itself, and of what lies below only what has attributes. context: whether the path
 * itself was among the links. */
static void show_link(struct service_job *job, const struct lwm2m_outcome *outcome,
                      const struct lwm2m_link *link, struct lwm2m_path path, void *context)
{
    bool *found = context;
    bool itself = lwm2m_path_equal(path, job->request->paths[0]);
    cJSON *attributes = cJSON_CreateObject();
    link_add_notification_attributes(attributes, link);
    if (itself || cJSON_GetArraySize(attributes) > 0) {
        send_attached(job, outcome, path, attributes);
    } else {
        cJSON_Delete(attributes);
    }
    *found = *found || itself;
}

static void show(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    bool found = false;
    if (visit_links(job, outcome, show_link, &found) && !found) {
        send_attached(job, outcome, job->request->paths[0], cJSON_CreateObject());
    }
    service_job_finish(job);
}

/* ---- changing it ---- */

/* Says which attributes the device's version of LwM2M has not. */
static void fail_unsupported(struct service_job *job, const struct lwm2m_attributes *change)
{
    const struct lwm2m_registration *registration = service_job_registration(job);
    char names[80];
    if (registration != NULL &&
        attribute_text_too_new(change, registration->version, names, sizeof(names))) {
        service_job_fail(job, EXIT_CODE_UNSUPPORTED, "'lwm2m help attr' says which came when",
                         "the device has LwM2M %u.%u, which does not know %s",
                         registration->version.major, registration->version.minor, names);
    } else {
        service_job_fail_error(job, LWM2M_UNSUPPORTED);
    }
}

static void write_attributes(struct service_job *job, const struct lwm2m_attributes *change)
{
    struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_WRITE_ATTRIBUTES,
        .path = job->request->paths[0],
        .format = LWM2M_NO_FORMAT,
        .attributes = change,
    };
    bool awaits;
    job->index = WRITTEN;
    enum lwm2m_error error = service_job_try_or_show(job, &operation, &awaits);
    if (error == LWM2M_UNSUPPORTED) {
        fail_unsupported(job, change);
    } else if (error != LWM2M_OK) {
        service_job_fail_error(job, error);
    }
    if (!awaits) {
        service_job_finish(job);
    }
}

static void clear_parameters(struct service_job *job, const struct lwm2m_outcome *outcome,
                             const struct lwm2m_link *link, struct lwm2m_path path, void *context)
{
    struct lwm2m_bytes rest = link->parameters;
    struct lwm2m_link_parameter parameter;
    (void)outcome;
    if (!lwm2m_path_equal(path, job->request->paths[0])) {
        return;
    }
    while (lwm2m_link_parameter_next(&rest, &parameter)) {
        /* What is no notification attribute, such as dim, cannot be unset. */
        (void)!lwm2m_attributes_parse_query(parameter.name, context);
    }
}

static void clear(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_attributes change = {0};
    if (!visit_links(job, outcome, clear_parameters, &change)) {
        service_job_finish(job);
    } else if (change.cleared != 0) {
        write_attributes(job, &change);
    } else { /* nothing to unset is no failure */
        send_attached(job, outcome, job->request->paths[0], cJSON_CreateObject());
        service_job_finish(job);
    }
}

/* ---- the operation ---- */

static void step(struct service_job *job)
{
    const struct attaching *attaching = job->request->state;
    if (attaching->changes && !attaching->clears_all) {
        write_attributes(job, &attaching->change);
    } else {
        look(job);
    }
}

static void answered(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    const struct attaching *attaching = job->request->state;
    job->path = job->request->paths[0];
    if (job->index == WRITTEN) {
        service_job_send_status(job, outcome);
        service_job_finish(job);
    } else if (!service_job_check(job, outcome)) {
        service_job_finish(job);
    } else if (attaching->clears_all) {
        clear(job, outcome);
    } else {
        show(job, outcome);
    }
}

const struct service_operation service_attr = {
    .name = "attr",
    .scope = SERVICE_ON_DEVICES,
    .if_refused =
        "the attributes contradict each other (lt + 2 st must be less than gt, epmin less "
        "than epmax), or a resource of this type has none of them",
    .prepare = prepare,
    .step = step,
    .answered = answered,
    .release = release,
};
