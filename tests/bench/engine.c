/*
 * A server of the library in a process of its own, which asks its devices for things. What comes
 * back is decoded, as any program would have it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lwm2m/lwm2m.h>

#include "bench/process.h"

#define WINDOW 64

struct engine {
    enum engine_work work;
    uint32_t devices; /* to wait for */
    int result;       /* where the port goes */
    struct lwm2m_server *server;
    struct lwm2m_registration *next; /* to be read */
    uint64_t values;
};

/* What process_fork cannot hand over. */
static struct engine engine;

static void ensure(enum lwm2m_error error, const char *what)
{
    if (error != LWM2M_OK) {
        give_up("the engine: %s: %s", what, lwm2m_error_text(error));
    }
}

static enum lwm2m_error count_value(void *context, const struct lwm2m_record *record)
{
    (void)context;
    engine.values += record->value.type == LWM2M_TYPE_FLOAT;
    return LWM2M_OK;
}

static void take(const struct lwm2m_outcome *outcome)
{
    uint64_t before = engine.values;

    if (outcome->error == LWM2M_OK) {
        ensure(lwm2m_outcome_decode(outcome, (struct lwm2m_sink){NULL, count_value}, NULL),
               "value");
    }
    if (engine.values != before + 1) {
        give_up("the engine got no value: %s", lwm2m_error_text(outcome->error));
    }
}

static void take_notification(void *context, const struct lwm2m_outcome *outcome)
{
    (void)context;
    take(outcome);
}

static void observe(struct lwm2m_registration *registration)
{
    const struct lwm2m_observation_request request = {
        .path = lwm2m_path_resource(ENGINE_OBJECT, 0, ENGINE_RESOURCE),
        .format = LWM2M_NO_FORMAT,
        .on_notification = take_notification,
    };

    ensure(lwm2m_server_observe(engine.server, registration, &request, NULL), "observe");
}

static void read_next(void);

static void take_answer(void *context, const struct lwm2m_outcome *outcome)
{
    (void)context;
    take(outcome);
    read_next();
}

static void read_next(void)
{
    const struct lwm2m_operation read = {
        .kind = LWM2M_OPERATION_READ,
        .path = lwm2m_path_resource(ENGINE_OBJECT, 0, ENGINE_RESOURCE),
        .format = LWM2M_NO_FORMAT,
        .done = take_answer,
    };

    engine.next = lwm2m_server_next(engine.server, engine.next);
    if (!engine.next) {
        engine.next = lwm2m_server_next(engine.server, NULL);
    }
    ensure(lwm2m_server_submit(engine.server, engine.next, &read, NULL), "read");
}

static void handle_event(void *context, const struct lwm2m_server_event *event)
{
    (void)context;
    if (event->type != LWM2M_SERVER_REGISTERED) {
        return;
    }
    if (engine.work == ENGINE_OBSERVES) {
        observe(event->registration);
    } else if (lwm2m_server_registration_count(engine.server) == engine.devices) {
        for (size_t i = 0; i < WINDOW; i++) {
            read_next();
        }
    }
}

static void run(int unused)
{
    struct lwm2m_listener_config network;
    struct lwm2m_server_config config;
    struct lwm2m_listener *listener;
    struct lwm2m_address bound;
    struct lwm2m_host *host;

    (void)unused;
    lwm2m_listener_config_init(&network);
    network.bind = (struct lwm2m_address){.address = {[10] = 0xff, 0xff, 127, 0, 0, 1}};
    ensure(lwm2m_host_new(NULL, NULL, &host), "host");
    ensure(lwm2m_host_listen(host, &network, &listener), "socket");
    lwm2m_server_config_init(&config);
    config.timers = lwm2m_host_timers(host);
    config.definitions = &lwm2m_registry;
    config.on_event = handle_event;
    ensure(lwm2m_server_new(&config, &engine.server), "server");
    lwm2m_server_attach(engine.server, lwm2m_listener_transport(listener));
    lwm2m_listener_bound(listener, &bound);
    if (write(engine.result, &bound.port, sizeof(bound.port)) != sizeof(bound.port)) {
        give_up("the engine cannot say where it is");
    }
    ensure(lwm2m_loop_run(lwm2m_host_loop(host)), "loop");
}

pid_t engine_start(enum engine_work work, uint32_t devices, uint16_t *port)
{
    int ends[2];
    pid_t pid;

    if (pipe(ends) != 0) {
        give_up("pipe: %s", strerror(errno));
    }
    engine = (struct engine){.work = work, .devices = devices, .result = ends[1]};
    pid = process_fork(run, 0, SERVER_CORE);
    close(ends[1]);
    if (read(ends[0], port, sizeof(*port)) != sizeof(*port)) {
        give_up("the engine does not listen");
    }
    close(ends[0]);
    return pid;
}
