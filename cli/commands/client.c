/*
 * client: a simulated device, in the foreground.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include <lwm2m/list.h>

#include "commands/registering.h"
#include "control/failure.h"
#include "control/socket_path.h"
#include "control/trace.h"
#include "daemon/control_socket.h"
#include "daemon/readiness.h"
#include "simulation/device_responder.h"

#define SOCKET_PATH_MAX sizeof(((struct sockaddr_un *)0)->sun_path)

/* How long the server may take to answer when the device leaves. */
#define LEAVE_WITHIN_MS 3000

struct client_options {
    struct registering_options registering;
    struct optional_number awake;
    bool once;
    bool answer_strangers;
};

static const struct option_definition options[] = {
    REGISTERING_OPTIONS(struct client_options, registering),
    {.name = "awake",
     .kind = OPTION_DURATION,
     .offset = offsetof(struct client_options, awake),
     .argument = "TIME",
     .least = 100,
     .most = 86400000,
     .help = "with -Q: listen so long after a message, 93s by default"},
    {.name = "once",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct client_options, once),
     .help = "end if the registration fails, instead of trying again"},
    {.name = "answer-strangers",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct client_options, answer_strangers),
     .help = "for tests: let anyone do what the server may, not the server alone"},
    {.name = NULL},
};

/* Everything that runs between start and end. */
struct running_client {
    const struct invocation *invocation;
    struct simulated_device *device;
    struct control_socket *control;
    struct device_responder responder;
    struct lwm2m_signal_watch interrupt, terminate;
    struct trace trace;
    struct narrator narrator;
    bool leaving;
    int exit;
};

static void stop_loop(struct running_client *client)
{
    lwm2m_loop_stop(lwm2m_host_loop(client->device->host));
}

static void on_event(void *context, const struct lwm2m_client_event *event)
{
    struct running_client *client = context;
    const struct client_options *given = client->invocation->options;
    if (event->type == LWM2M_CLIENT_REGISTERED) {
        readiness_tell("READY=1");
    } else if (event->type == LWM2M_CLIENT_STOPPED) {
        stop_loop(client);
    } else if (event->type == LWM2M_CLIENT_REGISTRATION_FAILED && given->once) {
        client->exit =
            event->error != LWM2M_OK ? (int)exit_code_of_error(event->error) : EXIT_CODE_DEVICE;
        stop_loop(client);
    }
}

/* The first signal takes leave of the server, the second does not wait for its answer. */
static void on_signal(struct lwm2m_signal_watch *watch, int number)
{
    struct running_client *client =
        number == SIGINT ? LWM2M_CONTAINER_OF(watch, struct running_client, interrupt)
                         : LWM2M_CONTAINER_OF(watch, struct running_client, terminate);
    client->exit = number == SIGINT ? EXIT_CODE_INTERRUPTED : EXIT_CODE_OK;
    if (client->leaving) {
        stop_loop(client);
        return;
    }
    client->leaving = true;
    lwm2m_client_stop(client->device->client, LEAVE_WITHIN_MS);
}

static bool open_control_socket(struct running_client *client, struct control_outcome *failure)
{
    char path[SOCKET_PATH_MAX];
    const struct simulated_device_config *config = &client->device->config;
    const char *given = client->invocation->global.socket;
    if (given == NULL) {
        failure->exit = EXIT_CODE_IO;
        if (!client_socket_path(config->endpoint, path, sizeof(path), true, failure->message,
                                sizeof(failure->message))) {
            return false;
        }
        given = path;
    }
    client->responder = (struct device_responder){
        .client = client->device->client,
        .device = client->device->demo,
        .definitions = definition_library_definitions(&client->device->definitions),
        .endpoint = config->endpoint,
        .config = config,
    };
    struct responder responder = device_responder(&client->responder);
    client->control =
        control_socket_open(lwm2m_host_loop(client->device->host),
                            &(struct control_place){.path = given}, &responder, failure);
    return client->control != NULL;
}

static bool begin(struct running_client *client, struct control_outcome *failure)
{
    struct lwm2m_loop *loop = lwm2m_host_loop(client->device->host);
    client->interrupt = (struct lwm2m_signal_watch){.received = on_signal, .number = SIGINT};
    client->terminate = (struct lwm2m_signal_watch){.received = on_signal, .number = SIGTERM};
    if (lwm2m_loop_add_signal(loop, &client->interrupt) != LWM2M_OK ||
        lwm2m_loop_add_signal(loop, &client->terminate) != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_IO, NULL, "cannot wait for signals");
        return false;
    }
    enum lwm2m_error error = lwm2m_client_start(client->device->client);
    if (error != LWM2M_OK) {
        control_fail(failure, exit_code_of_error(error), NULL, "cannot register at %s: %s",
                     simulated_device_uri(&client->device->config, 1), lwm2m_error_text(error));
    }
    return error == LWM2M_OK;
}

static int fail(const struct running_client *client, const struct control_outcome *failure)
{
    print_error(client->invocation->printer, failure->message, failure->hint);
    return (int)failure->exit;
}

static int run_device(struct running_client *client)
{
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    if (!open_control_socket(client, &failure) || !begin(client, &failure)) {
        return fail(client, &failure);
    }
    if (lwm2m_loop_run(lwm2m_host_loop(client->device->host)) != LWM2M_OK) {
        print_errorf(client->invocation->printer, "the event loop failed");
        return EXIT_CODE_IO;
    }
    return client->exit;
}

static int run(const struct invocation *invocation)
{
    const struct client_options *given = invocation->options;
    struct running_client client = {.invocation = invocation};
    struct simulated_device_config config;
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    char default_endpoint[DEFAULT_ENDPOINT_MAX];
    simulated_device_config_init(&config);
    if (!registering_options_apply(&given->registering, invocation->printer, &config,
                                   default_endpoint)) {
        return EXIT_CODE_USAGE;
    }
    trace_init(&client.trace, invocation->printer);
    client.narrator = (struct narrator){.printer = invocation->printer};
    config.answer_strangers = given->answer_strangers;
    if (given->awake.given) {
        config.awake_ms = (uint32_t)given->awake.value;
    }
    config.trace = &client.trace;
    config.narrator = &client.narrator;
    config.context = &client;
    config.on_event = on_event;
    client.device = simulated_device_new(&config, &failure);
    if (client.device == NULL) {
        return fail(&client, &failure);
    }
    int exit = run_device(&client);
    control_socket_close(client.control);
    simulated_device_free(client.device);
    return exit;
}

const struct command command_client = {
    .name = "client",
    .summary = "Run a simulated device",
    .synopsis =
        "client -u URI… [-e EP] [-L TIME] [-Q] [--set PATH=VALUE]… [--once] [--answer-strangers]",
    .examples = {"lwm2m client -u coap://127.0.0.1 -e demo-1",
                 "lwm2m client -u coap://[::1]:5683 -e dut-1 -L 5m --set /3/0/0=Acme"},
    .options = options,
    .options_size = sizeof(struct client_options),
    .run = run,
};
