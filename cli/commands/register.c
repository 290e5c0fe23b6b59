/*
 * register: registers once, tells how that went, and leaves; a probe of a server.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <lwm2m/list.h>

#include "commands/registering.h"
#include "commands/request.h"
#include "control/failure.h"
#include "control/trace.h"
#include "output/time_text.h"

#define LEAVE_WITHIN_MS 3000

struct register_options {
    struct registering_options registering;
    bool keep;
};

static const struct option_definition options[] = {
    REGISTERING_OPTIONS(struct register_options, registering),
    {.name = "keep",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct register_options, keep),
     .help = "leave the registration at the server"},
    {.name = NULL},
};

/*
 * One attempt:
 *
 *   trying  --registered-->  leaving (or over, with --keep)  --stopped-->  over
 *   trying  --failed, time over, SIGINT-->  over
 */
struct probe {
    const struct invocation *invocation;
    struct simulated_device *device;
    struct lwm2m_signal_watch interrupt;
    struct trace trace;
    struct narrator narrator;
    struct printer silent; /* the narrator's: results are enough here, unless -v */
    uint64_t sent_us;
    bool leaving;
    bool over;
    int exit;
};

static bool print_success(const struct probe *probe, const char *location)
{
    const struct printer *printer = probe->invocation->printer;
    double rtt_ms = (double)(time_monotonic_us() - probe->sent_us) / 1000;
    if (printer->form != OUTPUT_JSON) {
        char *endpoint = text_escape(probe->device->config.endpoint);
        char *place = text_escape(location);
        fprintf(printer->results, "registered as %s at %s: %s, %.1f ms\n",
                endpoint != NULL ? endpoint : "", simulated_device_uri(&probe->device->config, 1),
                place != NULL ? place : "", rtt_ms);
        free(endpoint);
        free(place);
        return true;
    }
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "register");
    cJSON_AddStringToObject(result, "ep", probe->device->config.endpoint);
    cJSON_AddStringToObject(result, "uri", simulated_device_uri(&probe->device->config, 1));
    cJSON_AddStringToObject(result, "location", location);
    cJSON_AddStringToObject(result, "code", "2.01");
    cJSON_AddTrueToObject(result, "ok");
    cJSON_AddNumberToObject(result, "rtt_ms", rtt_ms);
    bool good = print_json_line(printer, result);
    cJSON_Delete(result);
    return good;
}

static void end(struct probe *probe, int exit)
{
    probe->exit = exit;
    probe->over = true;
}

static void succeed(struct probe *probe, const char *location)
{
    const struct register_options *given = probe->invocation->options;
    print_success(probe, location);
    if (given->keep) {
        end(probe, EXIT_CODE_OK);
        return;
    }
    probe->leaving = true;
    lwm2m_client_stop(probe->device->client, LEAVE_WITHIN_MS);
}

/* What to do about a handshake: who refused whom makes the difference. */
static const char *hint_for_handshake(enum lwm2m_dtls_failure failure)
{
    switch (failure) {
    case LWM2M_DTLS_WRONG_NAME:
        return "--server-name NAME, if the server is rightly called otherwise";
    case LWM2M_DTLS_UNKNOWN_AUTHORITY:
        return "--ca FILE names the authorities that are believed";
    case LWM2M_DTLS_UNKNOWN_KEY:
        return "--server-public-key FILE is what the server has to show";
    case LWM2M_DTLS_CERTIFICATE_EXPIRED:
    case LWM2M_DTLS_CERTIFICATE_NOT_YET_VALID:
        return "is the clock of this machine right? else the server needs another certificate";
    case LWM2M_DTLS_WEAK_CERTIFICATE:
    case LWM2M_DTLS_BAD_CERTIFICATE:
        return "the server needs another certificate";
    default:
        return "the server can tell more: its 'lwm2m events', or -v";
    }
}

static const char *hint_for(enum lwm2m_error error, enum lwm2m_dtls_failure failure)
{
    switch (error) {
    case LWM2M_UNREACHABLE:
        return "nothing listens there: is the server running, and is it the right port?";
    case LWM2M_TIMEOUT:
        return "is it the right address? a firewall on the way would look like this, too";
    case LWM2M_NOT_FOUND:
        return "there is no host of that name";
    case LWM2M_SECURITY:
        return hint_for_handshake(failure);
    default:
        return NULL;
    }
}

static void give_up(struct probe *probe, const struct lwm2m_client_event *event)
{
    char message[320 + SIMULATED_HANDSHAKE_MAX];
    char code[LWM2M_STATUS_TEXT_MAX];
    const char *uri = simulated_device_uri(&probe->device->config, 1);
    bool answered = event->error == LWM2M_OK;
    if (answered) {
        snprintf(message, sizeof(message), "%.200s refused the registration: %s %s", uri,
                 lwm2m_status_print(event->status, code), lwm2m_status_text(event->status));
    } else {
        snprintf(message, sizeof(message), "cannot register at %.200s: %s", uri,
                 probe->device->handshake[0] != '\0' ? probe->device->handshake
                                                     : lwm2m_error_text(event->error));
    }
    print_error(probe->invocation->printer, message,
                answered ? NULL : hint_for(event->error, probe->device->failure));
    end(probe, answered ? EXIT_CODE_DEVICE : (int)exit_code_of_error(event->error));
}

static void on_event(void *context, const struct lwm2m_client_event *event)
{
    struct probe *probe = context;
    switch (event->type) {
    case LWM2M_CLIENT_REGISTERING:
        probe->sent_us = time_monotonic_us();
        break;
    case LWM2M_CLIENT_REGISTERED:
        succeed(probe, event->location);
        break;
    case LWM2M_CLIENT_REGISTRATION_FAILED:
        give_up(probe, event);
        break;
    case LWM2M_CLIENT_STOPPED:
        end(probe, EXIT_CODE_OK);
        break;
    default:
        break;
    }
}

static void on_interrupt(struct lwm2m_signal_watch *watch, int number)
{
    struct probe *probe = LWM2M_CONTAINER_OF(watch, struct probe, interrupt);
    (void)number;
    print_errorf(probe->invocation->printer, "interrupted");
    end(probe, EXIT_CODE_INTERRUPTED);
}

static void turn_until(struct probe *probe, uint64_t deadline_us)
{
    while (!probe->over) {
        uint64_t now_us = time_monotonic_us();
        if (now_us >= deadline_us && !probe->leaving) {
            struct control_outcome outcome;
            control_fail(&outcome, EXIT_CODE_TIMEOUT, hint_for(LWM2M_TIMEOUT, LWM2M_DTLS_NO_ANSWER),
                         "cannot register at %.200s: no answer in time",
                         simulated_device_uri(&probe->device->config, 1));
            print_error(probe->invocation->printer, outcome.message, outcome.hint);
            end(probe, EXIT_CODE_TIMEOUT);
            return;
        }
        uint64_t wait_ms =
            now_us >= deadline_us ? LEAVE_WITHIN_MS : (deadline_us - now_us + 999) / 1000;
        if (lwm2m_loop_turn(lwm2m_host_loop(probe->device->host), wait_ms) != LWM2M_OK) {
            print_errorf(probe->invocation->printer, "the event loop failed");
            end(probe, EXIT_CODE_IO);
        }
    }
}

static int run_probe(struct probe *probe)
{
    uint64_t timeout_ms = (uint64_t)request_timeout_ms(probe->invocation);
    struct lwm2m_loop *loop = lwm2m_host_loop(probe->device->host);
    probe->interrupt = (struct lwm2m_signal_watch){.received = on_interrupt, .number = SIGINT};
    enum lwm2m_error error = lwm2m_loop_add_signal(loop, &probe->interrupt);
    if (error == LWM2M_OK) {
        error = lwm2m_client_start(probe->device->client);
    }
    if (error != LWM2M_OK) {
        print_errorf(probe->invocation->printer, "cannot register at %s: %s",
                     simulated_device_uri(&probe->device->config, 1), lwm2m_error_text(error));
        return (int)exit_code_of_error(error);
    }
    turn_until(probe, time_monotonic_us() + timeout_ms * 1000);
    return probe->exit;
}

static int run(const struct invocation *invocation)
{
    const struct register_options *given = invocation->options;
    struct probe probe = {.invocation = invocation, .silent = *invocation->printer};
    struct simulated_device_config config;
    struct control_outcome failure = {.exit = EXIT_CODE_OK};
    char default_endpoint[DEFAULT_ENDPOINT_MAX];
    simulated_device_config_init(&config);
    if (!registering_options_apply(&given->registering, invocation->printer, &config,
                                   default_endpoint)) {
        return EXIT_CODE_USAGE;
    }
    if (config.uri_count > 1) {
        print_error(invocation->printer, "register asks one server: there are several --uri",
                    "'lwm2m client' registers with several");
        return EXIT_CODE_USAGE;
    }
    probe.silent.quiet = invocation->global.verbosity == 0;
    trace_init(&probe.trace, invocation->printer);
    probe.narrator = (struct narrator){.printer = &probe.silent};
    config.trace = &probe.trace;
    config.narrator = &probe.narrator;
    config.context = &probe;
    config.on_event = on_event;
    probe.device = simulated_device_new(&config, &failure);
    if (probe.device == NULL) {
        print_error(invocation->printer, failure.message, failure.hint);
        return (int)failure.exit;
    }
    int exit = run_probe(&probe);
    simulated_device_free(probe.device);
    return exit;
}

const struct command command_register = {
    .name = "register",
    .summary = "Register once and leave: is a server there, and does it take us?",
    .synopsis = "register -u URI [-e EP] [-L TIME] [--keep] [-t TIME]",
    .examples = {"lwm2m register -u coap://127.0.0.1 -e probe-1",
                 "lwm2m register -u coap://lwm2m.example.com -e probe-1 -t 10s --json"},
    .options = options,
    .options_size = sizeof(struct register_options),
    .run = run,
};
