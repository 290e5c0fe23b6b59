/*
 * Reads and prints results of the control protocol.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/request.h"

const char *result_text(const cJSON *result, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(result, name));
    return text != NULL ? text : "";
}

double result_number(const cJSON *result, const char *name, double fallback)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(result, name);
    return cJSON_IsNumber(item) ? item->valuedouble : fallback;
}

bool result_flag(const cJSON *result, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(result, name));
}

char *result_json(const cJSON *result)
{
    cJSON *exact = cJSON_Duplicate(result, true);
    const char *text = result_text(result, "text");
    bool integer = text[0] != '\0' && text[strspn(text, "-0123456789")] == '\0';
    if (exact != NULL && integer) {
        /* cJSON holds numbers as doubles: beyond 2^53 the digits travel beside the number. */
        cJSON_ReplaceItemInObjectCaseSensitive(exact, "value", cJSON_CreateRaw(text));
    }
    char *printed = exact != NULL ? cJSON_PrintUnformatted(exact) : NULL;
    char *line = printed != NULL ? json_text_escape(printed) : NULL;
    cJSON_free(printed);
    cJSON_Delete(exact);
    return line;
}

bool print_json_line(const struct printer *printer, const cJSON *result)
{
    char *line = result_json(result);
    bool good = line != NULL && fprintf(printer->results, "%s\n", line) >= 0 &&
                fflush(printer->results) == 0;
    if (line == NULL) {
        print_errorf(printer, "out of memory");
    }
    free(line);
    return good;
}

bool print_failed_result(const struct printer *printer, const cJSON *result)
{
    const cJSON *ok = cJSON_GetObjectItemCaseSensitive(result, "ok");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(result, "error");
    if (!cJSON_IsFalse(ok)) {
        return false;
    }
    const char *code = result_text(result, "code");
    const char *detail = result_text(error, "detail");
    const char *path = result_text(result, "path");
    print_errorf(printer, "%s: %s%s%s: %s%s%s%s%s%s", result_text(result, "ep"),
                 result_text(result, "op"), path[0] != '\0' ? " " : "", path, code,
                 code[0] != '\0' ? " " : "", result_text(error, "msg"),
                 detail[0] != '\0' ? " (" : "", detail, detail[0] != '\0' ? ")" : "");
    return true;
}

char *result_value(const struct printer *printer, const cJSON *result, const char *printed)
{
    const char *unit = result_text(result, "unit");
    bool string = strcmp(result_text(result, "type"), "string") == 0;
    if (printed == NULL) {
        printed = "";
    }
    if (printer->form != OUTPUT_TABLE) {
        return strdup(printed);
    }
    size_t size = strlen(printed) + strlen(unit) + 8;
    char *value = malloc(size);
    if (value != NULL && string) {
        snprintf(value, size, "\"%s\"", printed);
    } else if (value != NULL) {
        snprintf(value, size, "%s%s%s", printed, unit[0] != '\0' ? " " : "", unit);
    }
    return value;
}

const char *duration_print(double seconds, char text[DURATION_TEXT_MAX])
{
    long long whole = seconds < 0      ? 0
                      : seconds > 1e15 ? (long long)1e15
                                       : (long long)(seconds + 0.5);
    long long days = whole / 86400, hours = whole / 3600 % 24, minutes = whole / 60 % 60;
    if (days >= 2 && hours > 0) {
        snprintf(text, DURATION_TEXT_MAX, "%lldd%02lldh", days, hours);
    } else if (days >= 2) {
        snprintf(text, DURATION_TEXT_MAX, "%lldd", days);
    } else if (whole >= 3600 && minutes > 0) {
        snprintf(text, DURATION_TEXT_MAX, "%lldh%02lldm", whole / 3600, minutes);
    } else if (whole >= 3600) {
        snprintf(text, DURATION_TEXT_MAX, "%lldh", whole / 3600);
    } else if (whole >= 60 && whole % 60 > 0) {
        snprintf(text, DURATION_TEXT_MAX, "%lldm%02llds", minutes, whole % 60);
    } else if (whole >= 60) {
        snprintf(text, DURATION_TEXT_MAX, "%lldm", minutes);
    } else {
        snprintf(text, DURATION_TEXT_MAX, "%llds", whole);
    }
    return text;
}

const char *event_time(const cJSON *event)
{
    const char *device_time = result_text(event, "t_dev");
    return device_time[0] != '\0' ? device_time : result_text(event, "ts");
}

/* Both times are "2026-11-23T14:02:11.123Z". */
void event_time_print(const cJSON *event, char text[EVENT_TIME_MAX])
{
    const char *time = event_time(event);
    const char *clock = strchr(time, 'T');
    size_t date_length = clock != NULL ? (size_t)(clock - time) : 0;
    bool same_day = strncmp(time, result_text(event, "ts"), date_length) == 0;
    snprintf(text, EVENT_TIME_MAX, "%.*s%s%.8s", same_day ? 0 : (int)date_length, time,
             same_day ? "" : " ", clock != NULL ? clock + 1 : "");
}

bool print_quiet_result(void *context, const cJSON *result, const char *printed)
{
    const struct printer *printer = (*(const struct invocation *const *)context)->printer;
    const char *code = result_text(result, "code");
    (void)printed;
    if (printer->form == OUTPUT_JSON) {
        return print_json_line(printer, result);
    }
    if (result_flag(result, "dry_run")) {
        fprintf(printer->results, "%s\n%s\n", result_text(result, "message"),
                result_text(result, "hex"));
        return !ferror(printer->results);
    }
    if (!print_failed_result(printer, result)) {
        print_note(printer, 1, "%s: %s %s: %s", result_text(result, "ep"),
                   result_text(result, "op"), result_text(result, "path"),
                   code[0] != '\0' ? code : "done");
    }
    return true;
}
