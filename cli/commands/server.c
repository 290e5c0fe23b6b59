/*
 * server: the management server, in the foreground or around another command.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include <lwm2m/list.h>

#include "command/command.h"
#include "command/stack.h"
#include "commands/chaos.h"
#include "commands/server_notes.h"
#include "commands/transmission.h"
#include "control/event_types.h"
#include "control/packet_capture.h"
#include "control/socket_path.h"
#include "daemon/control_socket.h"
#include "daemon/readiness.h"
#include "daemon/watchdog.h"
#include "daemon/wrapped_command.h"
#include "service/running_server.h"

#define SOCKET_PATH_MAX sizeof(((struct sockaddr_un *)0)->sun_path)

struct server_options {
    struct text_list listen;
    struct optional_number port;
    struct optional_number secure_port;
    const char *nosec;
    struct credential_sources credentials;
    struct optional_number max_endpoints;
    struct optional_number max_rate;
    const char *nosec_move;
    const char *min_version;
    struct optional_number awake;
    const char *socket_group;
    struct definition_sources definitions;
    struct transmission_options transmission;
    const char *chaos;
    struct capture_options capture;
    const char *stack;
};

static const struct option_definition options[] = {
    {.name = "listen",
     .letter = 'l',
     .kind = OPTION_LIST,
     .offset = offsetof(struct server_options, listen),
     .argument = "ADDR",
     .help = "where to listen: ADDR, ADDR:PORT or URI (any address)"},
    {.name = "port",
     .letter = 'p',
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct server_options, port),
     .argument = "PORT",
     .help = "UDP port for coap (5683); 0: the kernel chooses",
     .least = 0,
     .most = 65535},
    {.name = "secure-port",
     .letter = 's',
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct server_options, secure_port),
     .argument = "PORT",
     .help = "UDP port for coaps (5684); 0: the kernel chooses",
     .least = 0,
     .most = 65535},
    CREDENTIAL_SERVER_OPTIONS(struct server_options, credentials),
    {.name = "nosec",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct server_options, nosec),
     .argument = "allow|deny",
     .choices = "allow|deny",
     .help = "serve coap, too, where there are keys (deny)"},
    {.name = "max-endpoints",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct server_options, max_endpoints),
     .argument = "N",
     .help = "devices that may be registered at a time (100000)",
     .least = 1,
     .most = 10000000},
    {.name = "max-rate-per-address",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct server_options, max_rate),
     .argument = "N",
     .help = "Registers a second from one address; 0: any number (0)",
     .least = 0,
     .most = 1000000},
    {.name = "nosec-move",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct server_options, nosec_move),
     .argument = "allow|deny",
     .choices = "allow|deny",
     .help = "let an Update move a registration to a new address (allow)"},
    {.name = "min-lwm2m",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct server_options, min_version),
     .argument = "VERSION",
     .choices = "1.0|1.1|1.2",
     .help = "oldest version of LwM2M that is taken (1.0)"},
    {.name = "awake",
     .kind = OPTION_DURATION,
     .offset = offsetof(struct server_options, awake),
     .argument = "TIME",
     .help = "how long a device in queue mode listens (93s)",
     .least = 1,
     .most = 86400000},
    {.name = "socket-group",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct server_options, socket_group),
     .argument = "GROUP",
     .help = "members of GROUP may give orders, too (no one else)"},
    DEFINITION_OPTIONS(struct server_options, definitions),
    TRANSMISSION_OPTIONS(struct server_options, transmission),
    CHAOS_OPTION(struct server_options, chaos),
    CAPTURE_OPTIONS(struct server_options, capture),
    STACK_OPTION(struct server_options, stack),
    {.name = NULL},
};

/* Everything that runs between start and end. */
struct serving {
    const struct printer *printer;
    struct running_server *server;
    struct control_socket *control;
    struct wrapped_command *wrapped; /* NULL: none */
    struct lwm2m_signal_watch interrupt, terminate, hangup;
    struct watchdog watchdog;
    char directory[SOCKET_PATH_MAX]; /* made for this run, to be removed; or empty */
    char socket[SOCKET_PATH_MAX];
    int exit;
};

static int fail(const struct invocation *invocation, const struct control_outcome *failure)
{
    print_error(invocation->printer, failure->message, failure->hint);
    return (int)failure->exit;
}

/* ---- what is shown ---- */

static void show_start(const struct serving *serving)
{
    char line[LISTENER_URI_MAX + SOCKET_PATH_MAX];
    if (serving->printer->quiet) {
        return;
    }
    for (size_t i = 0; i < running_server_listener_count(serving->server); i++) {
        char uri[LISTENER_URI_MAX];
        running_server_print_uri(serving->server, i, false, uri);
        snprintf(line, sizeof(line), "listening on %s", uri);
        print_diagnostic(serving->printer, DIAGNOSTIC_INFO, "", line);
    }
    snprintf(line, sizeof(line), "control socket %s", serving->socket);
    print_diagnostic(serving->printer, DIAGNOSTIC_INFO, "", line);
}

/* ---- set-up ---- */

/* With the sockets of devices that were killed, or are about to end. */
static void remove_private_directory(const char *directory)
{
    char pattern[SOCKET_PATH_MAX + 16];
    glob_t found;
    snprintf(pattern, sizeof(pattern), "%s/client-*.sock", directory);
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            unlink(found.gl_pathv[i]);
        }
        globfree(&found);
    }
    rmdir(directory);
}

static bool make_private_directory(struct serving *serving, struct control_outcome *failure)
{
    const char *base = getenv("TMPDIR");
    char template[SOCKET_PATH_MAX];
    if (base == NULL || base[0] == '\0') {
        base = "/tmp";
    }
    int length = snprintf(template, sizeof(template), "%s/lwm2m-XXXXXX", base);
    if (length < 0 || (size_t)length > sizeof(template) - sizeof("/server.sock") ||
        mkdtemp(template) == NULL) {
        control_fail(failure, EXIT_CODE_IO, "TMPDIR names another place",
                     "cannot make a directory for the control socket in %.80s", base);
        return false;
    }
    memcpy(serving->directory, template, sizeof(template));
    snprintf(serving->socket, sizeof(serving->socket), "%.*s/server.sock", length, template);
    return true;
}

static bool choose_socket(const struct invocation *invocation, struct serving *serving,
                          struct control_outcome *failure)
{
    const char *given = invocation->global.socket;
    if (given == NULL && invocation->argument_count > 0) {
        return make_private_directory(serving, failure);
    }
    if (given == NULL) {
        failure->exit = EXIT_CODE_IO;
        return server_socket_path(serving->socket, sizeof(serving->socket), true, failure->message,
                                  sizeof(failure->message));
    }
    if (strlen(given) >= sizeof(serving->socket)) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "--socket: the path is too long");
        return false;
    }
    memcpy(serving->socket, given, strlen(given) + 1);
    return true;
}

static bool configure(const struct server_options *given, struct running_server_config *config,
                      struct control_outcome *failure)
{
    struct usage_error error = {0};
    if (given->port.given) {
        config->port = (uint16_t)given->port.value;
    }
    if (given->secure_port.given) {
        config->secure_port = (uint16_t)given->secure_port.value;
    }
    config->credentials = given->credentials;
    config->capture = given->capture;
    config->allow_nosec = given->nosec != NULL && strcmp(given->nosec, "allow") == 0;
    if (given->max_endpoints.given) {
        config->max_registrations = (size_t)given->max_endpoints.value;
    }
    config->definitions = given->definitions;
    config->max_rate_per_address = (uint32_t)given->max_rate.value;
    if (given->awake.given) {
        config->awake_ms = (uint32_t)given->awake.value;
    }
    config->deny_move = given->nosec_move != NULL && strcmp(given->nosec_move, "deny") == 0;
    if (given->min_version != NULL && lwm2m_version_parse(lwm2m_bytes_from_text(given->min_version),
                                                          &config->min_version) != LWM2M_OK) {
        control_fail(failure, EXIT_CODE_USAGE, NULL, "--min-lwm2m: '%s' is no version",
                     given->min_version);
        return false;
    }
    config->stack = stack_parse(given->stack, config->stack);
    if (!transmission_apply(&given->transmission, &config->transmission, &error) ||
        !chaos_apply(given->chaos, config->printer, &config->chaos, &error) ||
        !stack_check(config->stack, &config->transmission, &error)) {
        control_fail(failure, EXIT_CODE_USAGE, error.hint, "%s", error.message);
        return false;
    }
    return true;
}

static bool start_server(const struct invocation *invocation, struct serving *serving,
                         struct control_outcome *failure)
{
    const struct server_options *given = invocation->options;
    bool wrapped = invocation->argument_count > 0;
    const char *fallback = wrapped ? "127.0.0.1" : "[::]";
    struct running_server_config config;
    running_server_config_init(&config);
    config.listen = given->listen.count > 0 ? given->listen.texts : &fallback;
    config.listen_count = given->listen.count > 0 ? given->listen.count : 1;
    config.printer = invocation->printer;
    config.context = (void *)(uintptr_t)invocation->printer;
    config.on_event = server_notes_event;
    config.on_security = server_notes_handshake;
    if (!configure(given, &config, failure)) {
        return false;
    }
    serving->server = running_server_new(&config, failure);
    if (serving->server == NULL || !choose_socket(invocation, serving, failure)) {
        return false;
    }
    struct responder responder = service_responder(running_server_service(serving->server));
    struct control_place place = {.path = serving->socket, .group = given->socket_group};
    serving->control =
        control_socket_open(running_server_loop(serving->server), &place, &responder, failure);
    return serving->control != NULL;
}

/* ---- running ---- */

static void on_signal(struct lwm2m_signal_watch *watch, int number)
{
    struct serving *serving = number == SIGINT
                                  ? LWM2M_CONTAINER_OF(watch, struct serving, interrupt)
                                  : LWM2M_CONTAINER_OF(watch, struct serving, terminate);
    if (serving->wrapped != NULL) {
        /* The command decides what it means, and with which code it all ends. */
        wrapped_command_forward(serving->wrapped, number);
        return;
    }
    serving->exit = number == SIGINT ? EXIT_CODE_INTERRUPTED : EXIT_CODE_OK;
    lwm2m_loop_stop(running_server_loop(serving->server));
}

/* Daemons read their files anew when they are told so. */
static void on_hangup(struct lwm2m_signal_watch *watch, int number)
{
    struct serving *serving = LWM2M_CONTAINER_OF(watch, struct serving, hangup);
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    (void)number;
    if (running_server_reload(serving->server, &failure)) {
        print_note(serving->printer, 1, "keys were read again");
    } else {
        print_error(serving->printer, failure.message, failure.hint);
        print_warning(serving->printer, "the keys of before count on");
    }
}

static void on_exit_of_command(void *context, int exit)
{
    struct serving *serving = context;
    serving->exit = exit;
    lwm2m_loop_stop(running_server_loop(serving->server));
}

/* The first address with or without security; an older value of the variable is of another server.
 */
static bool export_address(const struct running_server *server, bool secure, const char *variable)
{
    for (size_t i = 0; i < running_server_listener_count(server); i++) {
        char uri[LISTENER_URI_MAX];
        if (running_server_is_secure(server, i) == secure) {
            running_server_print_uri(server, i, true, uri);
            return setenv(variable, uri, 1) == 0;
        }
    }
    return unsetenv(variable) == 0;
}

static bool start_command(const struct invocation *invocation, struct serving *serving,
                          struct control_outcome *failure)
{
    if (setenv("LWM2M_SOCKET", serving->socket, 1) != 0 ||
        !export_address(serving->server, false, "LWM2M_COAP_URI") ||
        !export_address(serving->server, true, "LWM2M_COAPS_URI")) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        return false;
    }
    serving->wrapped =
        wrapped_command_start(running_server_loop(serving->server), invocation->arguments,
                              on_exit_of_command, serving, failure);
    return serving->wrapped != NULL;
}

static int serve(const struct invocation *invocation, struct serving *serving)
{
    struct lwm2m_loop *loop = running_server_loop(serving->server);
    struct control_outcome failure = {.exit = EXIT_CODE_IO, .message = "cannot wait for signals"};
    serving->interrupt = (struct lwm2m_signal_watch){.received = on_signal, .number = SIGINT};
    serving->terminate = (struct lwm2m_signal_watch){.received = on_signal, .number = SIGTERM};
    serving->hangup = (struct lwm2m_signal_watch){.received = on_hangup, .number = SIGHUP};
    if (lwm2m_loop_add_signal(loop, &serving->interrupt) != LWM2M_OK ||
        lwm2m_loop_add_signal(loop, &serving->hangup) != LWM2M_OK ||
        lwm2m_loop_add_signal(loop, &serving->terminate) != LWM2M_OK ||
        (invocation->argument_count > 0 && !start_command(invocation, serving, &failure))) {
        return fail(invocation, &failure);
    }
    if (serving->wrapped == NULL) {
        show_start(serving);
    }
    readiness_tell("READY=1");
    watchdog_start(&serving->watchdog, lwm2m_loop_timers(loop));
    if (lwm2m_loop_run(loop) != LWM2M_OK) {
        print_errorf(invocation->printer, "the event loop failed");
        serving->exit = EXIT_CODE_IO;
    }
    readiness_tell("STOPPING=1");
    watchdog_stop(&serving->watchdog);
    return serving->exit;
}

static int run(const struct invocation *invocation)
{
    struct serving serving = {.printer = invocation->printer};
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    if (invocation->setting->origin == COMMAND_FROM_SHELL) {
        print_error(invocation->printer, "server: the shell could take no line while it runs",
                    "start it in another terminal, or the shell as 'lwm2m shell --serve'");
        return EXIT_CODE_USAGE;
    }
    int exit = start_server(invocation, &serving, &failure) ? serve(invocation, &serving)
                                                            : fail(invocation, &failure);
    wrapped_command_free(serving.wrapped);
    control_socket_close(serving.control);
    running_server_free(serving.server);
    if (serving.directory[0] != '\0') {
        remove_private_directory(serving.directory);
    }
    return exit;
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_FILE, .repeated = true},
    {.kind = ARGUMENT_END},
};

const struct command command_server = {
    .name = "server",
    .summary = "Run a management server, alone or around a command",
    .synopsis =
        "server [-l ADDR]… [-p PORT] [-s PORT] [--psk-file FILE] [--socket PATH] [-- COMMAND…]",
    .examples = {"lwm2m server", "lwm2m server --port 0 -- ./ci.sh"},
    .options = options,
    .options_size = sizeof(struct server_options),
    .flags = COMMAND_STOPS_AT_ARGUMENT,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
