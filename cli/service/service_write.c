/*
 * write and create: values on their way to a device.
 *
 * Values of one object instance travel in one message. Those of several travel in one
 * Write-Composite, which a device applies whole or not at all; where there is no such thing, in one
 * message for each run of values of the same instance.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "control/values.h"
#include "service/service_internal.h"

/* What a job still has to send; typed by the versions of objects that its device has. */
struct writing {
    struct value_list values;
    struct lwm2m_record *sent; /* the records under way */
    size_t sent_count;
};

enum write_mode { MODE_AUTO, MODE_REPLACE, MODE_UPDATE };

struct job_types {
    const struct service *service;
    const struct lwm2m_registration *registration;
};

static bool find_type(void *context, struct lwm2m_path path,
                      struct lwm2m_resource_definition *resource)
{
    const struct job_types *types = context;
    return service_find_resource(types->service, types->registration, path, resource);
}

static void release_job(struct service_job *job)
{
    struct writing *writing = job->state;
    if (writing != NULL) {
        value_list_release(&writing->values);
        free(writing);
        job->state = NULL;
    }
}

bool service_values_read(struct service_job *job, struct lwm2m_path base, struct value_list *values)
{
    struct job_types context = {
        .service = service_of(job->request),
        .registration = service_job_registration(job),
    };
    struct value_types types = {
        .definitions = context.service->definitions,
        .base = base,
        .context = &context,
        .find = find_type,
    };
    struct control_outcome failure;
    if (!value_list_read(cJSON_GetObjectItemCaseSensitive(job->request->parameters, "values"),
                         &types, values, &failure)) {
        service_job_fail(job, failure.exit, failure.hint, "%s", failure.message);
        return false;
    }
    return true;
}

/* Types the values for this device, once. */
static bool read_values(struct service_job *job, struct lwm2m_path base)
{
    struct writing *writing = calloc(1, sizeof(*writing));
    job->state = writing;
    if (writing == NULL) {
        service_job_fail_error(job, LWM2M_NO_MEMORY);
        return false;
    }
    return service_values_read(job, base, &writing->values);
}

/* ---- write ---- */

static enum write_mode mode_of(const struct service_request *request)
{
    const char *mode = control_text(request->parameters, "mode");
    return mode != NULL && strcmp(mode, "replace") == 0  ? MODE_REPLACE
           : mode != NULL && strcmp(mode, "update") == 0 ? MODE_UPDATE
                                                         : MODE_AUTO;
}

static bool prepare_write(struct service_request *request)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(request->parameters, "values");
    const char *mode = control_text(request->parameters, "mode");
    if (!cJSON_IsArray(values) || cJSON_GetArraySize(values) == 0) {
        return service_request_fail(request, EXIT_CODE_USAGE, "lwm2m write -e EP PATH=VALUE…",
                                    "write needs \"values\"");
    }
    if (mode != NULL && strcmp(mode, "auto") != 0 && strcmp(mode, "replace") != 0 &&
        strcmp(mode, "update") != 0) {
        return service_request_fail(request, EXIT_CODE_USAGE, NULL,
                                    "\"mode\" must be auto, replace or update");
    }
    return true;
}

static bool in_same_instance(const struct lwm2m_record *a, const struct lwm2m_record *b)
{
    return a->path.object == b->path.object && a->path.instance == b->path.instance;
}

static bool has_lwm2m_1_0(const struct service_job *job)
{
    const struct lwm2m_registration *registration = service_job_registration(job);
    struct lwm2m_version version_1_1 = {1, 1};
    return registration != NULL && lwm2m_version_compare(registration->version, version_1_1) < 0;
}

/* Decides by which operation the records go: one of their own resource, or one of their instance.
 */
static void choose_operation(const struct service_job *job, const struct writing *writing,
                             struct lwm2m_operation *operation)
{
    enum write_mode mode = mode_of(job->request);
    struct lwm2m_path path = writing->sent[0].path;
    bool alone = writing->sent_count == 1;
    /* In 1.0 a resource instance has no path of its own. */
    bool addressable = path.level == LWM2M_LEVEL_RESOURCE || !has_lwm2m_1_0(job);
    operation->records = writing->sent;
    operation->record_count = writing->sent_count;
    operation->kind = mode == MODE_UPDATE || (mode == MODE_AUTO && (!alone || !addressable))
                          ? LWM2M_OPERATION_WRITE_UPDATE
                          : LWM2M_OPERATION_WRITE_REPLACE;
    operation->path = alone && addressable && mode != MODE_UPDATE
                          ? path
                          : lwm2m_path_ancestor(path, LWM2M_LEVEL_INSTANCE);
}

/* Writes the next values of one instance; false if no answer is to be waited for, as there are none
 * left. */
static bool write_next(struct service_job *job)
{
    struct writing *writing = job->state;
    const struct value_list *values = &writing->values;
    while (job->index < values->count) {
        writing->sent = &values->records[job->index];
        writing->sent_count = 1;
        while (job->index + writing->sent_count < values->count &&
               in_same_instance(writing->sent, &writing->sent[writing->sent_count])) {
            writing->sent_count++;
        }
        job->index += writing->sent_count;
        struct lwm2m_operation operation = {.format = job->request->format};
        choose_operation(job, writing, &operation);
        if (service_job_send_or_show(job, &operation)) {
            return true;
        }
    }
    return false;
}

static bool is_composite(const struct service_job *job, const struct value_list *values)
{
    if (mode_of(job->request) == MODE_REPLACE || !service_may_be_composite(job->request)) {
        return false;
    }
    for (size_t i = 1; i < values->count; i++) {
        if (!in_same_instance(&values->records[0], &values->records[i])) {
            return true;
        }
    }
    return false;
}

/* LWM2M_UNSUPPORTED or LWM2M_FORMAT where the device or the format has no such thing. */
static enum lwm2m_error write_together(struct service_job *job, bool *awaits)
{
    struct writing *writing = job->state;
    struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_WRITE_COMPOSITE,
        .path = lwm2m_path_root(),
        .format = job->request->format,
        .records = writing->values.records,
        .record_count = writing->values.count,
    };
    enum lwm2m_error error = service_job_try_or_show(job, &operation, awaits);
    if (error == LWM2M_OK) {
        writing->sent = writing->values.records;
        writing->sent_count = writing->values.count;
        job->index = writing->values.count;
    }
    return error;
}

/* True if an answer is to be waited for. */
static bool begin_write(struct service_job *job)
{
    const struct writing *writing;
    bool awaits = false;
    if (!read_values(job, lwm2m_path_root())) {
        return false;
    }
    writing = job->state;
    enum lwm2m_error error =
        is_composite(job, &writing->values) ? write_together(job, &awaits) : LWM2M_UNSUPPORTED;
    if (error == LWM2M_OK) {
        return awaits;
    }
    if (error == LWM2M_UNSUPPORTED || error == LWM2M_FORMAT) {
        return write_next(job);
    }
    service_job_fail_error(job, error);
    return false;
}

static void step_write(struct service_job *job)
{
    if (!(job->state == NULL ? begin_write(job) : write_next(job))) {
        service_job_finish(job);
    }
}

static void answered_write(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    const struct writing *writing = job->state;
    if (writing->sent_count == 1) {
        job->path = writing->sent[0].path; /* what the caller wrote, for messages */
    }
    if (service_job_check(job, outcome)) {
        for (size_t i = 0; i < writing->sent_count; i++) {
            cJSON *result = service_result_new(job, &writing->sent[i].path);
            service_result_add_status(result, outcome->status);
            service_result_add_outcome(result, job, outcome);
            service_request_send(job->request, result, NULL);
        }
    }
    step_write(job);
}

const struct service_operation service_write = {
    .name = "write",
    .scope = SERVICE_ON_DEVICES,
    .if_refused_together =
        "nothing was written; --no-composite writes one instance after the other, "
        "and shows what is refused",
    .prepare = prepare_write,
    .step = step_write,
    .answered = answered_write,
    .release_job = release_job,
};

/* ---- create ---- */

static bool prepare_create(struct service_request *request)
{
    if (!service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_INSTANCE)) {
        return false;
    }
    return request->path_count == 1 ||
           service_request_fail(request, EXIT_CODE_USAGE, NULL, "create needs one path");
}

static void step_create(struct service_job *job)
{
    struct lwm2m_path path = job->request->paths[0];
    /* Where the device chooses the id, any stands for it. */
    struct lwm2m_path base =
        path.level == LWM2M_LEVEL_INSTANCE ? path : lwm2m_path_instance(path.object, 0);
    if (!read_values(job, base)) {
        service_job_finish(job);
        return;
    }
    struct writing *writing = job->state;
    struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_CREATE,
        .path = path,
        .format = job->request->format,
        .records = writing->values.records,
        .record_count = writing->values.count,
    };
    if (!service_job_send_or_show(job, &operation)) {
        service_job_finish(job);
    }
}

static void answered_create(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    if (service_job_check(job, outcome)) {
        cJSON *result = service_result_new(job, &outcome->path);
        service_result_add_status(result, outcome->status);
        service_result_add_outcome(result, job, outcome);
        service_request_send(job->request, result, NULL);
    }
    service_job_finish(job);
}

const struct service_operation service_create = {
    .name = "create",
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare_create,
    .step = step_create,
    .answered = answered_create,
    .release_job = release_job,
};
