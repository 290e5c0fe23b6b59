/*
 * What the files of the service share: requests under way, the share of one device in them, and
 * their results.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SERVICE_SERVICE_INTERNAL_H
#define SERVICE_SERVICE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <lwm2m/server.h>

#include <lwm2m/corelink.h>
#include <lwm2m/list.h>

#include "control/failure.h"
#include "control/outcome.h"
#include "control/trace.h"
#include "control/values.h"
#include "service/event_log.h"
#include "service/registration_snapshot.h"
#include "service/service.h"

struct service_job;
struct service_request;

/* Which devices an operation acts on. */
enum service_scope {
    SERVICE_ON_SERVER,  /* none: `begin` runs it */
    SERVICE_ON_DEVICES, /* the registered ones that "ep" or "all" choose: `step` runs each one's
                           share */
};

/* One operation of the protocol. Members may be NULL where the scope has no use for them, or
 * nothing is to be done. */
struct service_operation {
    const char *name;
    const char *verb; /* how results and messages call it; NULL: by its name */
    bool away;        /* `step` is called for devices that are not registered, too */
    enum service_scope scope;
    bool stream; /* ends by stop, with exit 0 */
    /* What a device may not have liked that answers 4.00; NULL: nothing in particular. */
    const char *if_refused;
    /* What to do where a device refuses several paths in one message. */
    const char *if_refused_together;
    /* Reads the parameters, once; false after service_request_fail. */
    bool (*prepare)(struct service_request *request);
    /* SERVICE_ON_SERVER: does the work, and ends with service_request_finish, now or later. */
    void (*begin)(struct service_request *request);
    /* SERVICE_ON_DEVICES: does the next piece, and submits an operation or ends with
     * service_job_finish. */
    void (*step)(struct service_job *job);
    /* Takes the answer to what the job submitted, and goes on. */
    void (*answered)(struct service_job *job, const struct lwm2m_outcome *outcome);
    /* Ends what the job holds besides its ticket. */
    void (*release_job)(struct service_job *job);
    void (*release)(struct service_request *request);
};

/* One device's share of a request. */
struct service_job {
    struct service_request *request;
    char *endpoint;
    struct lwm2m_ticket *ticket; /* of the operation under way, or NULL */
    struct lwm2m_path path;      /* of the operation under way */
    uint64_t sent_us, answered_us;
    size_t index; /* the next piece of work, for `step` */
    size_t failures;
    struct control_outcome *failure; /* the first; NULL if there is none */
    bool done;
    void *state; /* the operation's own */
};

struct service_request {
    struct lwm2m_list node; /* in the connection */
    struct service_connection *connection;
    const struct service_operation *operation;
    cJSON *parameters; /* the request itself */
    int id;
    uint64_t number; /* no other request has it */
    char op_id[20];  /* it, as text */
    uint32_t timeout_ms;
    uint32_t hold_ms; /* how long what is sent waits for a device that sleeps */
    uint16_t format;
    struct lwm2m_path *paths;
    size_t path_count;
    struct service_job *jobs;
    size_t job_count, next_job, done_jobs;
    bool advancing;
    void *state; /* the operation's own */
};

struct service_connection {
    struct lwm2m_list node; /* in the service */
    struct service *service;
    struct responder_output output;
    struct lwm2m_list requests;
    size_t request_count;
};

struct service {
    struct lwm2m_server *server;
    struct lwm2m_timers *timers;
    const struct lwm2m_definitions *definitions;
    struct lwm2m_list connections;
    struct lwm2m_list waits;         /* service_wait.c */
    struct lwm2m_list event_streams; /* service_events.c */
    struct lwm2m_list monitors;      /* service_monitor.c */
    struct lwm2m_list observations;  /* service_observe.c */
    struct event_log *events;
    struct trace *trace; /* borrowed; NULL: messages are not seen */
    char **listeners;
    size_t listener_count;
    uint64_t started_ms;
    uint64_t next_number;
};

/* One a file. */
extern const struct service_operation service_status, service_list, service_info, service_tree,
    service_wait, service_read, service_write, service_exec, service_create, service_delete,
    service_discover, service_attr, service_observe, service_cancel, service_events, service_cached,
    service_desired, service_monitor;

/* Tells those who monitor. */
void service_monitor_handshake(struct service *service, const struct lwm2m_dtls_event *event);

/* How people call it. */
const char *service_verb(const struct service_operation *operation);

/* ---- service.c: requests ---- */

/* Ends a request and frees it. message and hint may be NULL. */
void service_request_finish(struct service_request *request, enum exit_code exit,
                            const char *message, const char *hint);
/* The same with a message to print; returns false, for `return service_request_fail(…)` in prepare.
 */
bool service_request_fail(struct service_request *request, enum exit_code exit, const char *hint,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));
void service_request_send(struct service_request *request, cJSON *result, const char *printed);
/* True while the client is behind with reading: go on by a timer in RESPONDER_PAUSE_MS. */
bool service_request_is_congested(const struct service_request *request);
/* Stops a request as the operation `stop` does. */
void service_request_stop(struct service_request *request);
struct service *service_of(const struct service_request *request);

/* ---- service_parameters.c ---- */

/* The texts of a member that is a string or an array of strings. *texts is freed by the caller, not
 * what it points to. */
bool service_texts(struct service_request *request, const char *name, const char ***texts,
                   size_t *count);
/* Lays the texts of "attributes" over *attributes, which is zeroed; *count: how many there were. False after the
 * request has failed. */
bool service_attributes(struct service_request *request, struct lwm2m_attributes *attributes,
                        size_t *count);
/* Reads "paths" (or "path") into request->paths; at least one, each of a level from `least` to
 * `most`. */
bool service_paths(struct service_request *request, enum lwm2m_path_level least,
                   enum lwm2m_path_level most);
/* Reads one path by the names of the definitions. */
bool service_path(struct service_request *request, const char *text, struct lwm2m_path *path);
/* False if "composite" says that one path is to be taken after the other. */
bool service_may_be_composite(const struct service_request *request);
/* Reads "format" into request->format, "timeout_ms" and "hold_ms". */
bool service_common_parameters(struct service_request *request);

/* ---- service_selection.c ---- */

/* Makes the jobs of the devices that the request chooses; false after service_request_fail. */
bool service_select(struct service_request *request);
/* True if one of the patterns is the name, or a glob that it matches; no patterns match everything.
 */
bool service_name_matches(const char *const *patterns, size_t count, const char *name);
bool service_is_glob(const char *pattern);

/* ---- service_job.c ---- */

/* Starts jobs, as many at a time as is sensible, and finishes the request behind the last. */
void service_jobs_advance(struct service_request *request);
void service_jobs_release(struct service_request *request);
/* The registration of the job's device, NULL if there is none any more. */
struct lwm2m_registration *service_job_registration(const struct service_job *job);
/* Sends an operation (context, done and timeout are filled in). False: the failure was noted. */
bool service_job_submit(struct service_job *job, struct lwm2m_operation *operation);
/* The same, and it notes nothing: for what another operation may do as well. */
enum lwm2m_error service_job_try(struct service_job *job, struct lwm2m_operation *operation);
/* True for an answer of success; else the failure is sent as a result, and noted. */
bool service_job_check(struct service_job *job, const struct lwm2m_outcome *outcome);
/* Notes a failure, and sends it as a result if more than its message may be of use. */
void service_job_fail(struct service_job *job, enum exit_code exit, const char *hint,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
void service_job_fail_error(struct service_job *job, enum lwm2m_error error);
/* Notes that the answer to a Discover is no list of links. */
void service_job_fail_links(struct service_job *job, const struct lwm2m_fault *fault);
/* Notes that its device is not registered, and names one that is much like it. */
void service_job_fail_unregistered(struct service_job *job);
/* Ends the job; it may be gone afterwards, with its request. */
void service_job_finish(struct service_job *job);

/* ---- service_dry_run.c ---- */

/* Submits the operation; with "dry_run", sends what its message would be as a result instead. True
 * if its answer is to be waited for. */
bool service_job_send_or_show(struct service_job *job, struct lwm2m_operation *operation);
/* The same, and it notes no failure: for what another operation may do as well. */
enum lwm2m_error service_job_try_or_show(struct service_job *job, struct lwm2m_operation *operation,
                                         bool *awaits);

/* ---- service_failure.c ---- */

/* Why the device may have answered so, and what to do; empty if there is nothing to say. */
void service_explain(const struct service_job *job, struct lwm2m_path path,
                     enum lwm2m_status status, char *text, size_t size);

/* ---- service_result.c ---- */

/* {"v":1,"op":…,"op_id":…,"ep":…,"path":…}; NULL if there is no memory, which every user of it
 * accepts. */
cJSON *service_result_new(const struct service_job *job, const struct lwm2m_path *path);
/* "code", "ok", of an answer. */
void service_result_add_status(cJSON *result, enum lwm2m_status status);
/* "format", "rtt_ms", "retx", "ts". */
void service_result_add_outcome(cJSON *result, const struct service_job *job,
                                const struct lwm2m_outcome *outcome);
/* "type", "value", "unit", "name" of a record. */
void service_result_add_record(cJSON *result, const struct service *service,
                               const struct lwm2m_registration *registration,
                               const struct lwm2m_record *record);
/* "name" of an object, for it and its instances, or of a resource, if the definitions know it. */
void service_result_add_name(cJSON *result, const struct service *service,
                             const struct lwm2m_registration *registration,
                             struct lwm2m_path path);
/* Sends the answer to an operation that brings nothing but its code; a failure as service_job_check does. */
void service_job_send_status(struct service_job *job, const struct lwm2m_outcome *outcome);
void service_result_add_now(cJSON *result);
void service_result_add_path(cJSON *result, const char *key, struct lwm2m_path path);
/* What the definitions say about a resource of a device, in the device's version of the object. */
bool service_find_resource(const struct service *service,
                           const struct lwm2m_registration *registration, struct lwm2m_path path,
                           struct lwm2m_resource_definition *definition);
bool service_find_object(const struct service *service,
                         const struct lwm2m_registration *registration, uint16_t object,
                         struct lwm2m_object_definition *definition);

/* ---- service_registration.c ---- */

/* What is to be told of a registration now; NULL if there is no memory, freed by free. */
struct registration_snapshot *service_snapshot(const struct service *service,
                                               const struct lwm2m_registration *registration);
/* The alternate path below which the device has its objects; empty for "/". registration may be
 * NULL. */
struct lwm2m_bytes service_root_path(const struct lwm2m_registration *registration);

/* ---- service_write.c ---- */

/* Reads "values" as records for the job's device; false if they do not fit, which was noted. base:
 * of relative paths. */
bool service_values_read(struct service_job *job, struct lwm2m_path base,
                         struct value_list *values);

/* ---- service_desired.c ---- */

/* "desired": all that an endpoint is to hold, with what has become of it. */
void service_result_add_desired(cJSON *result, const struct service *service, const char *endpoint);

/* ---- service_events.c, service_wait.c, service_observe.c, service_desired.c: what others tell them
 * ---- */

/* Numbers an event, keeps it, and sends it to whoever listens. Takes the event; ep may be NULL. */
void service_publish(struct service *service, const char *type, const char *ep, cJSON *event,
                     const char *printed);
void service_publish_desired(struct service *service, const struct lwm2m_server_event *event);
void service_wait_on_event(struct service *service, const struct lwm2m_server_event *event);
void service_observe_release_all(struct service *service);

#endif
