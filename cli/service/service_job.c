/*
 * Runs the shares of several devices in one request, side by side.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argv/nearest.h"
#include "output/time_text.h"
#include "service/service_internal.h"

/* Devices of one request that are asked at the same time. */
#define JOBS_MAX 256

struct lwm2m_registration *service_job_registration(const struct service_job *job)
{
    return lwm2m_server_find(service_of(job->request)->server,
                             lwm2m_bytes_from_text(job->endpoint));
}

static void note_failure(struct service_job *job, enum exit_code exit, const char *hint,
                         const char *message)
{
    job->failures++;
    if (job->failure == NULL) {
        job->failure = malloc(sizeof(*job->failure));
        if (job->failure != NULL) {
            control_fail(job->failure, exit, hint, "%s", message);
        }
    }
}

static void send_failure(struct service_job *job, enum lwm2m_status status, enum exit_code exit,
                         const char *message, const char *detail)
{
    cJSON *result = service_result_new(job, job->path.level > LWM2M_LEVEL_ROOT ? &job->path : NULL);
    if (status != LWM2M_STATUS_NONE) {
        service_result_add_status(result, status);
    } else {
        cJSON_AddBoolToObject(result, "ok", false);
    }
    cJSON *error = cJSON_AddObjectToObject(result, "error");
    cJSON_AddStringToObject(error, "class", exit_code_class(exit));
    cJSON_AddNumberToObject(error, "exit", exit);
    cJSON_AddStringToObject(error, "msg", message);
    if (detail != NULL && detail[0] != '\0') {
        cJSON_AddStringToObject(error, "detail", detail);
    }
    service_request_send(job->request, result, NULL);
}

/* "read /3/0/9", or "read" where no path says more. */
static void operation_text(const struct service_job *job, char *text, size_t size)
{
    char path[LWM2M_PATH_TEXT_MAX] = "";
    if (job->path.level > LWM2M_LEVEL_ROOT) {
        lwm2m_path_print(job->path, path);
    }
    snprintf(text, size, "%s%s%s", service_verb(job->request->operation),
             path[0] != '\0' ? " " : "", path);
}

static void fail_operation(struct service_job *job, enum exit_code exit, const char *hint,
                           const char *reason)
{
    char operation[64];
    char message[512];
    operation_text(job, operation, sizeof(operation));
    snprintf(message, sizeof(message), "%.160s: %s: %s", job->endpoint, operation, reason);
    note_failure(job, exit, hint, message);
    send_failure(job, LWM2M_STATUS_NONE, exit, reason, hint);
}

void service_job_fail(struct service_job *job, enum exit_code exit, const char *hint,
                      const char *format, ...)
{
    char reason[320];
    va_list list;
    va_start(list, format);
    vsnprintf(reason, sizeof(reason), format, list);
    va_end(list);
    fail_operation(job, exit, hint, reason);
}

/* No answer; or the device sleeps, and did not wake as long as the request could wait. */
static void fail_timeout(struct service_job *job)
{
    const struct service_request *request = job->request;
    const struct lwm2m_registration *registration = service_job_registration(job);
    uint32_t hold_ms =
        request->hold_ms > request->timeout_ms ? request->hold_ms : request->timeout_ms;
    char reason[160];
    if (registration != NULL && !registration->awake) {
        snprintf(reason, sizeof(reason), "the device sleeps, and did not wake within %g s",
                 (double)hold_ms / 1000.0);
        fail_operation(job, EXIT_CODE_TIMEOUT,
                       "--hold 1h lets a request wait for it, 'lwm2m wait --for awake' waits, too",
                       reason);
        return;
    }
    snprintf(reason, sizeof(reason), "no answer within %g s", (double)request->timeout_ms / 1000.0);
    fail_operation(job, EXIT_CODE_TIMEOUT,
                   "'lwm2m info' shows when the device was last heard; -t sets the time", reason);
}

void service_job_fail_error(struct service_job *job, enum lwm2m_error error)
{
    switch (error) {
    case LWM2M_TIMEOUT:
        fail_timeout(job);
        break;
    case LWM2M_UNREACHABLE:
        fail_operation(job, EXIT_CODE_TRANSPORT, "it registers again when it is back: 'lwm2m wait'",
                       "nothing listens at the device's address any more");
        break;
    case LWM2M_GONE:
        fail_operation(job, EXIT_CODE_REGISTRATION, "'lwm2m wait' waits for it to register again",
                       "its registration ended meanwhile");
        break;
    case LWM2M_BUSY:
        fail_operation(job, EXIT_CODE_DEVICE, "wait for the operations under way",
                       "too many operations wait for this device");
        break;
    case LWM2M_UNSUPPORTED:
    case LWM2M_FORMAT:
        fail_operation(job, EXIT_CODE_UNSUPPORTED,
                       job->request->format != LWM2M_NO_FORMAT
                           ? "the format does not carry this: leave -f out, or try another"
                           : "'lwm2m info' shows the device's version of LwM2M",
                       lwm2m_error_text(error));
        break;
    default:
        fail_operation(job, exit_code_of_error(error), NULL, lwm2m_error_text(error));
    }
}

void service_job_fail_links(struct service_job *job, const struct lwm2m_fault *fault)
{
    service_job_fail(job, EXIT_CODE_DECODE, NULL,
                     "the answer is no valid link-format: offset %zu: %s", fault->offset,
                     fault->reason != NULL ? fault->reason : "not well formed");
}

bool service_job_check(struct service_job *job, const struct lwm2m_outcome *outcome)
{
    if (outcome->error != LWM2M_OK) {
        service_job_fail_error(job, outcome->error);
        return false;
    }
    if (lwm2m_status_is_success(outcome->status)) {
        return true;
    }
    char operation[64];
    char code[LWM2M_STATUS_TEXT_MAX];
    char detail[200];
    char message[512];
    operation_text(job, operation, sizeof(operation));
    service_explain(job, job->path, outcome->status, detail, sizeof(detail));
    snprintf(message, sizeof(message), "%.160s: %s: %s %s%s%s%s", job->endpoint, operation,
             lwm2m_status_print(outcome->status, code), lwm2m_status_text(outcome->status),
             detail[0] != '\0' ? " (" : "", detail, detail[0] != '\0' ? ")" : "");
    note_failure(job, EXIT_CODE_DEVICE, NULL, message);
    send_failure(job, outcome->status, EXIT_CODE_DEVICE, lwm2m_status_text(outcome->status),
                 detail);
    return false;
}

void service_job_fail_unregistered(struct service_job *job)
{
    const struct lwm2m_server *server = service_of(job->request)->server;
    struct nearest nearest;
    char hint[256];
    nearest_init(&nearest, job->endpoint);
    for (struct lwm2m_registration *registration = lwm2m_server_next(server, NULL);
         registration != NULL; registration = lwm2m_server_next(server, registration)) {
        nearest_offer(&nearest, registration->endpoint_name);
    }
    if (nearest.best != NULL) {
        snprintf(hint, sizeof(hint), "did you mean '%.150s'? 'lwm2m list' shows all", nearest.best);
    } else {
        snprintf(hint, sizeof(hint), "'lwm2m list' shows all, 'lwm2m wait -e %.150s' waits for it",
                 job->endpoint);
    }
    job->path = lwm2m_path_root();
    char message[512];
    snprintf(message, sizeof(message), "%.400s is not registered", job->endpoint);
    note_failure(job, EXIT_CODE_REGISTRATION, hint, message);
    if (job->request->job_count > 1) {
        send_failure(job, LWM2M_STATUS_NONE, EXIT_CODE_REGISTRATION, "not registered", NULL);
    }
}

static void on_done(void *context, const struct lwm2m_outcome *outcome)
{
    struct service_job *job = context;
    job->ticket = NULL;
    job->answered_us = time_monotonic_us();
    job->request->operation->answered(job, outcome);
}

enum lwm2m_error service_job_try(struct service_job *job, struct lwm2m_operation *operation)
{
    struct lwm2m_registration *registration = service_job_registration(job);
    job->path = operation->path;
    if (registration == NULL) {
        return LWM2M_GONE;
    }
    operation->context = job;
    operation->done = on_done;
    operation->timeout_ms = job->request->timeout_ms;
    operation->hold_ms = job->request->hold_ms;
    job->sent_us = time_monotonic_us();
    return lwm2m_server_submit(service_of(job->request)->server, registration, operation,
                               &job->ticket);
}

bool service_job_submit(struct service_job *job, struct lwm2m_operation *operation)
{
    enum lwm2m_error error = service_job_try(job, operation);
    if (error != LWM2M_OK) {
        service_job_fail_error(job, error);
    }
    return error == LWM2M_OK;
}

/* What the request as a whole comes to: the common code, or 11 if only some devices failed. */
static void finish_request(struct service_request *request)
{
    size_t failed = 0;
    size_t failures = 0;
    bool mixed = false;
    struct control_outcome first = {.exit = EXIT_CODE_OK};
    for (size_t i = 0; i < request->job_count; i++) {
        const struct service_job *job = &request->jobs[i];
        if (job->failures == 0) {
            continue;
        }
        enum exit_code exit = job->failure != NULL ? job->failure->exit : EXIT_CODE_IO;
        if (failed == 0 && job->failure != NULL) {
            first = *job->failure;
        }
        mixed = mixed || (failed > 0 && exit != first.exit);
        failed++;
        failures += job->failures;
    }
    char message[600];
    if (failed == 0) {
        service_request_finish(request, EXIT_CODE_OK, NULL, NULL);
    } else if (request->job_count == 1) {
        snprintf(message, sizeof(message), "%s%s", first.message,
                 failures > 1 ? " (the first of several)" : "");
        service_request_finish(request, first.exit, message, first.hint);
    } else {
        bool partly = mixed || failed < request->job_count;
        snprintf(message, sizeof(message), "%zu of %zu devices failed; the first: %s", failed,
                 request->job_count, first.message);
        service_request_finish(request, partly ? EXIT_CODE_GROUP : first.exit, message, first.hint);
    }
}

static void start_job(struct service_job *job)
{
    if (service_job_registration(job) == NULL && !job->request->operation->away) {
        service_job_fail_unregistered(job);
        service_job_finish(job);
    } else {
        job->request->operation->step(job);
    }
}

void service_jobs_advance(struct service_request *request)
{
    /* A job that ends at once calls back here: the loop below, not the stack, takes the next one.
     */
    if (request->advancing) {
        return;
    }
    request->advancing = true;
    while (request->next_job < request->job_count &&
           request->next_job - request->done_jobs < JOBS_MAX) {
        start_job(&request->jobs[request->next_job++]);
    }
    request->advancing = false;
    if (request->done_jobs == request->job_count) {
        finish_request(request);
    }
}

static void release_job(struct service_job *job)
{
    struct service *service = service_of(job->request);
    if (job->ticket != NULL) {
        lwm2m_server_cancel(service->server, job->ticket);
        job->ticket = NULL;
    }
    if (job->request->operation->release_job != NULL) {
        job->request->operation->release_job(job);
    }
}

void service_job_finish(struct service_job *job)
{
    struct service_request *request = job->request;
    release_job(job);
    job->done = true;
    request->done_jobs++;
    service_jobs_advance(request);
}

void service_jobs_release(struct service_request *request)
{
    for (size_t i = 0; i < request->job_count; i++) {
        struct service_job *job = &request->jobs[i];
        if (!job->done) {
            release_job(job);
        }
        free(job->failure);
        free(job->endpoint);
    }
    free(request->jobs);
    request->jobs = NULL;
    request->job_count = 0;
}
