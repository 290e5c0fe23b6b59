/*
 * read: the values at one or more paths.
 *
 * Several paths go in one Read-Composite, where the device may have that: it leaves out what it
 * does not have or does not let be read, so what is missing is read alone, to be told the reason.
 *
 *     together --answered--> alone, for each path without a value --> finished
 *              --refused---> alone, for each path
 *              --no answer, 5.03--> finished
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "control/value_json.h"
#include "service/service_internal.h"

/* A result that waits for its turn: results come in the order of the request's paths. */
struct held {
    struct held *next;
    cJSON *result;
    char *printed;
};

/* What a Read-Composite brought for one path of the request. */
struct part {
    bool answered; /* a value at or below it has come */
    struct held *first, *last;
};

/* One device's answers so far. */
struct progress {
    bool began;
    bool together;       /* a Read-Composite is under way */
    struct part parts[]; /* one for each path, and one for what belongs to none */
};

static bool prepare(struct service_request *request)
{
    return service_paths(request, LWM2M_LEVEL_OBJECT, LWM2M_LEVEL_RESOURCE_INSTANCE);
}

/* Sends what a part holds, or lets go of it if job is NULL. */
static void part_empty(struct part *part, struct service_job *job)
{
    struct held *held;
    while ((held = part->first) != NULL) {
        part->first = held->next;
        if (job != NULL) {
            service_request_send(job->request, held->result, held->printed);
        } else {
            cJSON_Delete(held->result);
        }
        free(held->printed);
        free(held);
    }
    part->last = NULL;
}

/* Takes a result with its printed form. */
static enum lwm2m_error part_add(struct part *part, cJSON *result, char *printed)
{
    struct held *held = malloc(sizeof(*held));
    if (held == NULL) {
        cJSON_Delete(result);
        free(printed);
        return LWM2M_NO_MEMORY;
    }
    *held = (struct held){.result = result, .printed = printed};
    if (part->last != NULL) {
        part->last->next = held;
    } else {
        part->first = held;
    }
    part->last = held;
    return LWM2M_OK;
}

static void release_job(struct service_job *job)
{
    struct progress *progress = job->state;
    for (size_t i = 0; progress != NULL && i <= job->request->path_count; i++) {
        part_empty(&progress->parts[i], NULL);
    }
    free(progress);
    job->state = NULL;
}

/* LWM2M_UNSUPPORTED where it is not to be, or the device or the format has no such thing. */
static enum lwm2m_error read_together(struct service_job *job)
{
    const struct service_request *request = job->request;
    struct lwm2m_operation operation = {
        .kind = LWM2M_OPERATION_READ_COMPOSITE,
        .path = lwm2m_path_root(),
        .format = request->format,
        .paths = request->paths,
        .path_count = request->path_count,
    };
    return request->path_count > 1 && service_may_be_composite(request)
               ? service_job_try(job, &operation)
               : LWM2M_UNSUPPORTED;
}

/* Reads the next path that is without a value; false if there is none. */
static bool read_alone(struct service_job *job)
{
    const struct service_request *request = job->request;
    struct progress *progress = job->state;
    while (job->index < request->path_count) {
        size_t i = job->index++;
        part_empty(&progress->parts[i], job);
        struct lwm2m_operation operation = {
            .kind = LWM2M_OPERATION_READ,
            .path = request->paths[i],
            .format = request->format,
        };
        if (!progress->parts[i].answered && service_job_submit(job, &operation)) {
            return true;
        }
    }
    part_empty(&progress->parts[request->path_count], job);
    return false;
}

static bool begin(struct service_job *job)
{
    struct progress *progress = job->state;
    enum lwm2m_error error = read_together(job);
    progress->together = error == LWM2M_OK;
    if (error == LWM2M_OK) {
        return true;
    }
    if (error == LWM2M_UNSUPPORTED || error == LWM2M_FORMAT) {
        return read_alone(job);
    }
    service_job_fail_error(job, error);
    return false;
}

static void step(struct service_job *job)
{
    struct progress *progress = job->state;
    if (progress == NULL) {
        progress = calloc(1, sizeof(*progress) +
                                 (job->request->path_count + 1) * sizeof(progress->parts[0]));
        job->state = progress;
        if (progress == NULL) {
            service_job_fail_error(job, LWM2M_NO_MEMORY);
            service_job_finish(job);
            return;
        }
    }
    bool first = !progress->began;
    progress->began = true;
    if (!(first ? begin(job) : read_alone(job))) {
        service_job_finish(job);
    }
}

struct reading {
    struct service_job *job;
    const struct lwm2m_outcome *outcome;
    size_t count;
};

/* The part that a value belongs to: the first of all that asked for it. */
static struct part *note_answered(struct service_job *job, struct lwm2m_path path)
{
    const struct service_request *request = job->request;
    struct progress *progress = job->state;
    size_t first = request->path_count;
    for (size_t i = request->path_count; i-- > 0;) {
        if (lwm2m_path_contains(request->paths[i], path)) {
            progress->parts[i].answered = true;
            first = i;
        }
    }
    return &progress->parts[first];
}

static enum lwm2m_error send_record(void *context, const struct lwm2m_record *record)
{
    struct reading *reading = context;
    struct service_job *job = reading->job;
    const struct progress *progress = job->state;
    cJSON *result = service_result_new(job, &record->path);
    service_result_add_status(result, reading->outcome->status);
    service_result_add_record(result, service_of(job->request), reading->outcome->registration,
                              record);
    service_result_add_outcome(result, job, reading->outcome);
    char *printed = value_text_new(&record->value);
    reading->count++;
    if (progress->together) {
        return part_add(note_answered(job, record->path), result, printed);
    }
    service_request_send(job->request, result, printed);
    free(printed);
    return LWM2M_OK;
}

/* An instance or object that exists and holds nothing is an answer too. */
static void send_empty(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    struct lwm2m_record record = {
        .path = job->path, .value = lwm2m_value_none(), .time_ms = LWM2M_NO_TIME};
    struct reading reading = {.job = job, .outcome = outcome};
    (void)send_record(&reading, &record);
}

static void fail_undecodable(struct service_job *job, enum lwm2m_error error,
                             const struct lwm2m_outcome *outcome, const struct lwm2m_fault *fault)
{
    const struct progress *progress = job->state;
    const char *hint = progress->together ? "--no-composite reads one path after the other"
                                          : "ask for another format, such as -f tlv";
    const char *format = lwm2m_content_format_name(outcome->content_format);
    if (error == LWM2M_FORMAT && outcome->content_format == LWM2M_NO_FORMAT) {
        service_job_fail(job, EXIT_CODE_DECODE, hint,
                         "the device answered without a content format");
    } else if (error == LWM2M_FORMAT) {
        service_job_fail(job, EXIT_CODE_DECODE, hint,
                         "the device answered in content format %u, which is not known here",
                         outcome->content_format);
    } else {
        service_job_fail(job, EXIT_CODE_DECODE, hint, "the answer is no valid %s: offset %zu: %s",
                         format != NULL ? format : "payload", fault->offset,
                         fault->reason != NULL ? fault->reason : lwm2m_error_text(error));
    }
}

/* Sends what an answer of success holds; false if it cannot be decoded, which was noted. */
static bool take_answer(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    const struct progress *progress = job->state;
    struct reading reading = {.job = job, .outcome = outcome};
    struct lwm2m_sink sink = {.context = &reading, .put = send_record};
    struct lwm2m_fault fault = {0};
    enum lwm2m_error error = lwm2m_outcome_decode(outcome, sink, &fault);
    if (error != LWM2M_OK) {
        fail_undecodable(job, error, outcome, &fault);
    } else if (reading.count == 0 && !progress->together) {
        send_empty(job, outcome);
    }
    return error == LWM2M_OK;
}

/*
 * A device that has no Read-Composite says so by 4.05 or 5.01 and the like; one that has it may
 * refuse the whole for one path. Read alone, each path has an answer of its own. A device that is
 * busy is not asked more.
 */
static bool goes_on_alone(const struct lwm2m_outcome *outcome)
{
    return outcome->error == LWM2M_OK && !lwm2m_status_is_success(outcome->status) &&
           outcome->status != LWM2M_STATUS_SERVICE_UNAVAILABLE;
}

static void answered(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    struct progress *progress = job->state;
    bool together = progress->together;
    bool goes_on = together && goes_on_alone(outcome);
    if (!goes_on && service_job_check(job, outcome)) {
        goes_on = take_answer(job, outcome);
    }
    progress->together = false;
    if (together && !goes_on) {
        service_job_finish(job);
    } else {
        step(job);
    }
}

const struct service_operation service_read = {
    .name = "read",
    .scope = SERVICE_ON_DEVICES,
    .prepare = prepare,
    .step = step,
    .answered = answered,
    .release_job = release_job,
};
