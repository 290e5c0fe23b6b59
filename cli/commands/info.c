/*
 * info: all that the server knows of one device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <lwm2m/codec.h>

#include "commands/request.h"

#define LABEL_WIDTH 14

static void print_field(const struct printer *printer, const char *label, const char *text)
{
    char *safe = text_escape(text);
    fprintf(printer->results, "%s%-*s%s %s\n", colour_begin(printer, COLOUR_FAINT), LABEL_WIDTH,
            label, colour_end(printer), safe != NULL ? safe : "");
    free(safe);
}

static void print_duration_field(const struct printer *printer, const char *label, double seconds,
                                 const char *suffix)
{
    char duration[DURATION_TEXT_MAX];
    char text[64];
    snprintf(text, sizeof(text), "%s%s",
             seconds >= FOREVER_S ? "forever" : duration_print(seconds, duration), suffix);
    print_field(printer, label, text);
}

static void print_objects(const struct printer *printer, const cJSON *result)
{
    const cJSON *link;
    const char *label = "Objects";
    cJSON_ArrayForEach (link, cJSON_GetObjectItemCaseSensitive(result, "links")) {
        char text[256];
        const char *version = result_text(link, "ver");
        snprintf(text, sizeof(text), "%-10s %s%s%s", result_text(link, "path"),
                 result_text(link, "name"), version[0] != '\0' ? " " : "", version);
        print_field(printer, label, text);
        label = "";
    }
}

static void print_contradictions(const struct printer *printer, const cJSON *result)
{
    const cJSON *contradiction;
    const char *label = "Contradictions";
    cJSON_ArrayForEach (contradiction, cJSON_GetObjectItemCaseSensitive(result, "contradictions")) {
        char text[256];
        snprintf(text, sizeof(text), "%-10s %.200s", result_text(contradiction, "path"),
                 result_text(contradiction, "msg"));
        print_field(printer, label, text);
        label = "";
    }
}

static size_t append(char *text, size_t size, size_t length, const char *before, const char *word)
{
    return length < size
               ? length + (size_t)snprintf(text + length, size - length, "%s%s", before, word)
               : length;
}

/* "/3/0/9 /3303/0/5700" of a composite observation, else its path. */
static void print_observed(const cJSON *observation, char *text, size_t size)
{
    const cJSON *path;
    size_t length = 0;
    text[0] = '\0';
    cJSON_ArrayForEach (path, cJSON_GetObjectItemCaseSensitive(observation, "paths")) {
        length = append(text, size, length, length > 0 ? " " : "", cJSON_GetStringValue(path));
    }
    if (length == 0) {
        append(text, size, 0, "", result_text(observation, "path"));
    }
}

/* " (pmin=1 pmax=60)", or nothing. */
static void print_attributes(const cJSON *observation, char *text, size_t size)
{
    const cJSON *attribute;
    size_t length = 0;
    text[0] = '\0';
    cJSON_ArrayForEach (attribute, cJSON_GetObjectItemCaseSensitive(observation, "attributes")) {
        length = append(text, size, length, length > 0 ? " " : " (", attribute->string);
        length = append(text, size, length, "=", cJSON_GetStringValue(attribute));
    }
    if (length > 0) {
        append(text, size, length, ")", "");
    }
}

static void print_observations(const struct printer *printer, const cJSON *result)
{
    const cJSON *observation;
    const char *label = "Observations";
    cJSON_ArrayForEach (observation, cJSON_GetObjectItemCaseSensitive(result, "observations")) {
        char observed[1024];
        char attributes[256];
        char text[1400];
        double notifications = result_number(observation, "notifications", 0);
        print_observed(observation, observed, sizeof(observed));
        print_attributes(observation, attributes, sizeof(attributes));
        snprintf(text, sizeof(text), "%-10s %.0f notification%s%s", observed, notifications,
                 notifications == 1 ? "" : "s", attributes);
        print_field(printer, label, text);
        label = "";
    }
}

/* Those that have a name by it, the others by their numbers. */
static void print_formats(const struct printer *printer, const cJSON *result)
{
    const cJSON *format;
    char text[256] = "";
    size_t length = 0;
    cJSON_ArrayForEach (format, cJSON_GetObjectItemCaseSensitive(result, "formats")) {
        const char *name = lwm2m_content_format_name((uint16_t)format->valueint);
        char number[16];
        snprintf(number, sizeof(number), "%.0f", format->valuedouble);
        if (length < sizeof(text) - 1) {
            length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
                                       length > 0 ? " " : "", name != NULL ? name : number);
        }
    }
    if (length > 0) {
        print_field(printer, "Formats", text);
    }
}

static void print_queued(const struct printer *printer, const cJSON *result)
{
    char text[32];
    double queued = result_number(result, "queued", 0);
    if (queued > 0) {
        snprintf(text, sizeof(text), "%.0f request%s", queued, queued == 1 ? "" : "s");
        print_field(printer, "Waiting", text);
    }
}

static void print_desired(const struct printer *printer, const cJSON *result)
{
    const cJSON *desired;
    const char *label = "Desired";
    cJSON_ArrayForEach (desired, cJSON_GetObjectItemCaseSensitive(result, "desired")) {
        char text[512];
        char since[DURATION_TEXT_MAX];
        const char *code = result_text(desired, "code");
        bool settled = strcmp(result_text(desired, "desired"), "pending") != 0;
        snprintf(text, sizeof(text), "%-10s = %.200s %s %s%s%s%s", result_text(desired, "path"),
                 result_text(desired, "printed"), result_text(desired, "desired"),
                 settled ? "" : "for ", duration_print(result_number(desired, "since_s", 0), since),
                 settled ? " ago" : "",
                 settled && strcmp(code, "2.04") != 0 && code[0] != '\0' ? ", " : "");
        if (code[0] != '\0' && strcmp(code, "2.04") != 0) {
            size_t length = strlen(text);
            snprintf(text + length, sizeof(text) - length, "%s%s", settled ? "" : ", last answer ",
                     code);
        }
        print_field(printer, label, text);
        label = "";
    }
}

static void print_state(const struct printer *printer, const cJSON *result)
{
    char text[64];
    double reported = result_number(result, "reported", 0);
    if (reported > 0) {
        snprintf(text, sizeof(text), "%.0f value%s ('lwm2m read --cached')", reported,
                 reported == 1 ? "" : "s");
        print_field(printer, "Reported", text);
    }
    print_desired(printer, result);
}

static void print_device(const struct printer *printer, const cJSON *result)
{
    const char *identity = result_text(result, "identity");
    const char *profile = result_text(result, "profile_id");
    print_field(printer, "Endpoint", result_text(result, "ep"));
    print_field(printer, "State", result_text(result, "state"));
    if (strcmp(result_text(result, "state"), "away") == 0) {
        print_state(printer, result);
        return;
    }
    print_field(printer, "LwM2M version", result_text(result, "lwm2m"));
    print_field(printer, "Binding", result_text(result, "b"));
    print_field(printer, "Queue mode", result_flag(result, "queue_mode") ? "yes" : "no");
    print_field(printer, "Security", result_text(result, "sec"));
    if (identity[0] != '\0') {
        print_field(printer, "Identity", identity);
    }
    print_field(printer, "Address", result_text(result, "addr"));
    print_field(printer, "Registration", result_text(result, "rid"));
    print_duration_field(printer, "Lifetime", result_number(result, "lt", 0), "");
    print_duration_field(printer, "Left", result_number(result, "left_s", FOREVER_S), "");
    print_duration_field(printer, "Registered", result_number(result, "registered_s", 0), " ago");
    print_duration_field(printer, "Last seen", result_number(result, "last_seen_s", 0), " ago");
    if (profile[0] != '\0') {
        print_field(printer, "Profile", profile);
    }
    print_formats(printer, result);
    print_queued(printer, result);
    print_objects(printer, result);
    print_contradictions(printer, result);
    print_observations(printer, result);
    print_state(printer, result);
}

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    const struct invocation *invocation = *(const struct invocation *const *)context;
    (void)printed;
    if (invocation->printer->form == OUTPUT_JSON) {
        return print_json_line(invocation->printer, result);
    }
    print_device(invocation->printer, result);
    return !ferror(invocation->printer->results);
}

static int run(const struct invocation *invocation)
{
    cJSON *request = request_new(invocation, "info");
    return request_run(invocation, request, -1, take_result, &invocation);
}

const struct command command_info = {
    .name = "info",
    .summary = "Show what the server knows of a device",
    .synopsis = "info [-e EP]",
    .examples = {"lwm2m info -e pump-7", "lwm2m info -e pump-7 --json"},
    .flags = COMMAND_ON_DEVICE,
    .run = run,
};
