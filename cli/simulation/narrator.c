/*
 * Puts the events of a simulated device into words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "simulation/narrator.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "control/value_json.h"

/* "12:00:01 ", or nothing where the log has the time already. */
static void print_clock(const struct printer *printer, char lead[16])
{
    time_t now = time(NULL);
    struct tm broken_down;
    lead[0] = '\0';
    if (!printer->diagnostics_time && localtime_r(&now, &broken_down) != NULL) {
        strftime(lead, 16, "%H:%M:%S ", &broken_down);
    }
}

void narrate(struct narrator *narrator, const char *format, ...)
{
    char text[1024];
    char clock[16];
    if (narrator->printer->quiet) {
        return;
    }
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    if (narrator->led_line) {
        fputc('\n', narrator->printer->diagnostics);
        narrator->led_line = false;
    }
    print_clock(narrator->printer, clock);
    print_diagnostic(narrator->printer, DIAGNOSTIC_INFO, clock, text);
}

/* The first value at a path, as text: enough for a line that tells of one resource. */
static enum lwm2m_error take_first(void *context, const struct lwm2m_record *record)
{
    char **text = context;
    *text = value_text_new(&record->value);
    return LWM2M_CANCELLED;
}

/* " = 7", or nothing where the path is no single value. The caller frees it. */
static char *value_at(const struct narrator *narrator, struct lwm2m_path path)
{
    char *value = NULL;
    struct lwm2m_sink sink = {.context = &value, .put = take_first};
    char *text = calloc(1, 160);
    if (path.level >= LWM2M_LEVEL_RESOURCE && narrator->client != NULL && text != NULL &&
        lwm2m_client_read(narrator->client, path, sink) == LWM2M_CANCELLED && value != NULL) {
        snprintf(text, 160, " = %s", value);
    }
    free(value);
    return text;
}

/* As many paths of a composite operation as fit a line. */
static void narrate_paths(struct narrator *narrator, const char *word,
                          const struct lwm2m_client_event *event)
{
    char text[512] = "";
    size_t length = 0;
    size_t i;
    for (i = 0; i < event->path_count && length + LWM2M_PATH_TEXT_MAX + 1 < sizeof(text); i++) {
        text[length++] = ' ';
        length += lwm2m_path_print(event->paths[i], text + length);
    }
    narrate(narrator, "%s%s%s", word, text, i < event->path_count ? " …" : "");
}

static void narrate_path(struct narrator *narrator, const char *word,
                         const struct lwm2m_client_event *event, bool with_value)
{
    char path[LWM2M_PATH_TEXT_MAX];
    if (event->path_count > 0) {
        narrate_paths(narrator, word, event);
        return;
    }
    char *value = with_value ? value_at(narrator, event->path) : NULL;
    lwm2m_path_print(event->path, path);
    narrate(narrator, "%s %s%s", word, path, value != NULL ? value : "");
    free(value);
}

static void narrate_failure(struct narrator *narrator, const char *what,
                            const struct lwm2m_client_event *event)
{
    char code[LWM2M_STATUS_TEXT_MAX] = "";
    char again[48] = "";
    const char *uri = narrator->uri(narrator->context, event->ssid);
    if (event->retry_ms > 0) {
        snprintf(again, sizeof(again), "; trying again in %.1f s", (double)event->retry_ms / 1000);
    }
    if (event->error != LWM2M_OK) {
        narrate(narrator, "%s at %s: %s%s", what, uri, lwm2m_error_text(event->error), again);
    } else {
        narrate(narrator, "%s at %s: %s %s%s", what, uri, lwm2m_status_print(event->status, code),
                lwm2m_status_text(event->status), again);
    }
}

static const char *end_of_observation(enum lwm2m_error error)
{
    switch (error) {
    case LWM2M_CANCELLED:
        return "unsubscribed (cancelled by the server)";
    case LWM2M_RESET:
        return "unsubscribed (the server answered with a reset)";
    case LWM2M_TIMEOUT:
        return "unsubscribed (the server does not answer)";
    default:
        return "unsubscribed (the registration ended)";
    }
}

void narrate_event(struct narrator *narrator, const struct lwm2m_client_event *event)
{
    const char *uri = narrator->uri(narrator->context, event->ssid);
    switch (event->type) {
    case LWM2M_CLIENT_REGISTERING:
        narrate(narrator, "registering at %s", uri);
        break;
    case LWM2M_CLIENT_REGISTERED:
        narrate(narrator, "registered at %s as %s", uri, event->location);
        break;
    case LWM2M_CLIENT_UPDATED:
        narrate(narrator, "registration updated");
        break;
    case LWM2M_CLIENT_REGISTRATION_FAILED:
        narrate_failure(narrator, "not registered", event);
        break;
    case LWM2M_CLIENT_UPDATE_FAILED:
        narrate_failure(narrator, "registration not updated", event);
        break;
    case LWM2M_CLIENT_DEREGISTERED:
        narrate(narrator, "deregistered from %s", uri);
        break;
    case LWM2M_CLIENT_STOPPED:
        break;
    case LWM2M_CLIENT_READ:
        narrate_path(narrator, "read", event, true);
        break;
    case LWM2M_CLIENT_WRITTEN:
        narrate_path(narrator, "written", event, true);
        break;
    case LWM2M_CLIENT_EXECUTED:
        narrate_path(narrator, "executed", event, false);
        break;
    case LWM2M_CLIENT_CREATED:
        narrate_path(narrator, "created", event, false);
        break;
    case LWM2M_CLIENT_DELETED:
        narrate_path(narrator, "deleted", event, false);
        break;
    case LWM2M_CLIENT_DISCOVERED:
        narrate_path(narrator, "discovered", event, false);
        break;
    case LWM2M_CLIENT_ATTRIBUTES_WRITTEN:
        narrate_path(narrator, "attributes written", event, false);
        break;
    case LWM2M_CLIENT_OBSERVED:
        narrate_path(narrator, "subscribed", event, true);
        break;
    case LWM2M_CLIENT_OBSERVATION_ENDED:
        narrate_path(narrator, end_of_observation(event->error), event, false);
        break;
    case LWM2M_CLIENT_NOTIFIED:
        narrate_path(narrator, "emitted", event, true);
        break;
    case LWM2M_CLIENT_DELIVERED:
        narrate_path(narrator, "delivered", event, false);
        break;
    case LWM2M_CLIENT_SENT:
        narrate(narrator, "sent to %s", uri);
        break;
    case LWM2M_CLIENT_SEND_FAILED:
        narrate_failure(narrator, "not sent", event);
        break;
    case LWM2M_CLIENT_ASLEEP:
        narrate(narrator, "asleep: nothing is heard of %s", uri);
        break;
    case LWM2M_CLIENT_AWAKE:
        narrate(narrator, "awake for %s", uri);
        break;
    }
}

static void show_in_place(struct narrator *narrator, const struct demo_led *led)
{
    FILE *stream = narrator->printer->diagnostics;
    const char *lit = narrator->printer->utf8 ? "●" : "*";
    const char *dark = narrator->printer->utf8 ? "○" : "o";
    fprintf(stream, "\r\033[K         LED %s%s%s  %u of %u",
            narrator->printer->colour_diagnostics && led->on ? "\033[1;33m" : "",
            led->on ? lit : dark, narrator->printer->colour_diagnostics && led->on ? "\033[0m" : "",
            led->blink, led->blinks);
    fflush(stream);
    narrator->led_line = true;
}

void narrate_led(struct narrator *narrator, const struct demo_led *led)
{
    const char *terminal = getenv("TERM");
    bool in_place = isatty(fileno(narrator->printer->diagnostics)) && terminal != NULL &&
                    strcmp(terminal, "dumb") != 0;
    if (narrator->printer->quiet) {
        return;
    }
    if (in_place) {
        show_in_place(narrator, led);
    } else if (led->on) {
        narrate(narrator, "LED on for %u ms (%u of %u)", led->on_ms, led->blink, led->blinks);
    }
    if (led->over) {
        narrate(narrator, "LED pattern done: %u blinks of %u ms in %llu ms", led->blinks,
                led->on_ms, (unsigned long long)led->took_ms);
    }
}
