/*
 * Asks a server for names through its control socket (lwm2m-control(7)).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "session/live_names.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/definition_sources.h"
#include "control/socket_path.h"
#include "output/environment.h"
#include "output/time_text.h"
#include "session/channel.h"
#include "session/subscription.h"

/* Nobody notices who has pressed Tab. */
#define WAIT_MS 250

/* More would help nobody who has to choose. */
#define NAMES_MAX 10000

struct live_names {
    int64_t deadline_ms; /* for everything */
};

/* One question, and who takes its results. */
struct question {
    void (*result)(void *context, const cJSON *result);
    void *context;
    bool done;
};

static void take_result(void *context, int id, const cJSON *result, const char *printed)
{
    const struct question *question = context;
    (void)id;
    (void)printed;
    question->result(question->context, result);
}

static void take_done(void *context, int id, const struct control_outcome *outcome)
{
    struct question *question = context;
    (void)id;
    (void)outcome;
    question->done = true;
}

/* False when the time is over. */
static bool wait_readable(const struct live_names *names, int socket)
{
    int64_t left = names->deadline_ms - time_boot_ms();
    struct pollfd wait = {.fd = socket, .events = POLLIN};
    return left > 0 && poll(&wait, 1, (int)left) > 0;
}

static struct subscription *connect_to(const struct completion_target *target,
                                       struct question *question)
{
    char path[CHANNEL_PATH_MAX];
    char message[256];
    struct control_outcome outcome;
    const struct subscription_listener listener = {question, take_result, take_done};
    if (target->socket == NULL &&
        !server_socket_path(path, sizeof(path), false, message, sizeof(message))) {
        return NULL;
    }
    return subscription_open(target->socket != NULL ? target->socket : path, &listener, &outcome);
}

/* Asks, and waits for the answers as long as there is time. Takes the request. */
static void ask(const struct live_names *names, const struct completion_target *target,
                cJSON *request, struct question *question)
{
    struct control_outcome outcome;
    bool timely = time_boot_ms() < names->deadline_ms;
    struct subscription *subscription = timely ? connect_to(target, question) : NULL;
    if (subscription != NULL && subscription_start(subscription, request, &outcome) != 0) {
        while (!question->done && wait_readable(names, subscription_socket(subscription)) &&
               subscription_read(subscription, &outcome)) {
        }
    }
    subscription_close(subscription);
    cJSON_Delete(request);
}

static const char *text_of(const cJSON *result, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(result, name));
    return text != NULL ? text : "";
}

/* The name as a pattern: letters that mean something in one stand for themselves. */
static void add_name(cJSON *request, const char *name, const char *end)
{
    char *pattern = malloc(3 * strlen(name) + strlen(end) + 1);
    char *at = pattern;
    if (pattern == NULL) {
        return;
    }
    for (; *name != '\0'; name++) {
        bool special = strchr("*?[\\", *name) != NULL;
        if (special) {
            *at++ = '[';
        }
        *at++ = *name;
        if (special) {
            *at++ = ']';
        }
    }
    stpcpy(at, end);
    cJSON_AddStringToObject(request, "ep", pattern);
    free(pattern);
}

/* ---- devices ---- */

struct endpoints {
    char **names; /* each with its description behind its NUL */
    size_t count, capacity;
};

static void take_endpoint(void *context, const cJSON *result)
{
    struct endpoints *endpoints = context;
    if (endpoints->count == endpoints->capacity) {
        size_t capacity = endpoints->capacity * 2 + 16;
        char **grown = endpoints->count < NAMES_MAX
                           ? realloc(endpoints->names, capacity * sizeof(*grown))
                           : NULL;
        if (grown == NULL) {
            return;
        }
        endpoints->names = grown;
        endpoints->capacity = capacity;
    }
    char *entry;
    const char *state = strcmp(text_of(result, "state"), "sleep") == 0 ? "asleep" : "registered";
    if (asprintf(&entry, "%s%c%s", text_of(result, "ep"), '\0', state) >= 0) {
        endpoints->names[endpoints->count++] = entry;
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void visit_endpoints(void *context, const struct completion_target *target,
                            const char *prefix,
                            void (*visit)(void *visitor, const char *name, const char *description),
                            void *visitor)
{
    struct endpoints endpoints = {0};
    struct question question = {.result = take_endpoint, .context = &endpoints};
    cJSON *request = cJSON_CreateObject();
    cJSON_AddStringToObject(request, "op", "list");
    add_name(request, prefix, "*");
    ask(context, target, request, &question);
    if (endpoints.count > 0) {
        qsort(endpoints.names, endpoints.count, sizeof(*endpoints.names), compare_names);
    }
    for (size_t i = 0; i < endpoints.count; i++) {
        const char *name = endpoints.names[i];
        visit(visitor, name, name + strlen(name) + 1);
        free(endpoints.names[i]);
    }
    free(endpoints.names);
}

/* ---- paths ---- */

struct paths {
    void (*visit)(void *visitor, struct lwm2m_path path);
    void *visitor;
};

static void take_path(const struct paths *paths, const char *text)
{
    struct lwm2m_path path;
    if (text != NULL && lwm2m_path_parse(lwm2m_bytes_from_text(text), &path, NULL) == LWM2M_OK) {
        paths->visit(paths->visitor, path);
    }
}

/* What was registered, and the paths of values. */
static void take_paths(void *context, const cJSON *result)
{
    const cJSON *object;
    cJSON_ArrayForEach (object, cJSON_GetObjectItemCaseSensitive(result, "objects")) {
        take_path(context, cJSON_GetStringValue(object));
    }
    take_path(context, cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(result, "path")));
}

static void ask_for_paths(const struct live_names *names, const struct completion_target *target,
                          const char *op, const char *below, struct paths *paths)
{
    struct question question = {.result = take_paths, .context = paths};
    cJSON *request = cJSON_CreateObject();
    cJSON_AddStringToObject(request, "op", op);
    if (target->endpoint != NULL) {
        cJSON_AddStringToObject(request, "ep", target->endpoint);
    }
    if (below != NULL) {
        cJSON_AddItemToObject(request, "paths", cJSON_CreateStringArray(&below, 1));
    }
    ask(names, target, request, &question);
}

/* Instances are registered; what is in them is known as far as it was reported. */
static void visit_paths(void *context, const struct completion_target *target,
                        struct lwm2m_path below,
                        void (*visit)(void *visitor, struct lwm2m_path path), void *visitor)
{
    struct paths paths = {visit, visitor};
    char text[LWM2M_PATH_TEXT_MAX];
    if (below.level < LWM2M_LEVEL_INSTANCE) {
        ask_for_paths(context, target, "info", NULL, &paths);
    } else {
        lwm2m_path_print(below, text);
        ask_for_paths(context, target, "cached", text, &paths);
    }
}

/* ---- both ---- */

struct completion_files live_names_complete(const struct command *const *table,
                                            const struct printer *printer, char *const *words,
                                            int count, const struct completion_sink *sink)
{
    struct printer silent = *printer;
    silent.quiet = true;
    struct definition_library library;
    struct control_outcome failure = {0};
    struct live_names names = {.deadline_ms = time_boot_ms() + WAIT_MS};
    const struct completion_source source = {&names, visit_endpoints, visit_paths};
    /* A directory that cannot be read is no reason to do without the registry. */
    bool read = definition_library_read(&library, &(struct definition_sources){0}, &lwm2m_registry,
                                        &silent, &failure);
    const struct completion_request request = {
        .commands = table,
        .definitions = read ? definition_library_definitions(&library) : &lwm2m_registry,
        .source = &source,
        .endpoint = environment("LWM2M_ENDPOINT"),
        .words = words,
        .word_count = count - 1,
        .current = words[count - 1],
    };
    const struct completion_files files = completion_find(&request, sink);
    definition_library_release(&library);
    return files;
}
