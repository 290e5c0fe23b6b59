/*
 * events: what happens to registrations, as it happens.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/event_lines.h"
#include "commands/request.h"
#include "control/event_types.h"
#include "output/table.h"

struct events_options {
    struct text_list types;
    const char *since;
    struct optional_number count;
};

#define OFFSET(member) offsetof(struct events_options, member)

static const struct option_definition options[] = {
    {.name = "type",
     .kind = OPTION_LIST,
     .offset = OFFSET(types),
     .argument = "TYPE,…",
     .choices = EVENT_TYPES,
     .help = "only these: registered, updated, send, notify, awake, …"},
    {.name = "since",
     .kind = OPTION_TEXT,
     .offset = OFFSET(since),
     .argument = "ID",
     .help = "first what was missed since this event"},
    {.name = "count",
     .letter = 'c',
     .kind = OPTION_NUMBER,
     .offset = OFFSET(count),
     .argument = "N",
     .least = 1,
     .most = 1000000000,
     .help = "end after this many events"},
    {.name = NULL},
};

/* The type that a word stands for, which may be cut short; NULL: it is none. */
static const char *type_of(const char *word)
{
    static const struct {
        const char *word, *type;
    } short_words[] = {{"reg", "registered"}, {"upd", "updated"}, {"dereg", "deregistered"}};
    for (size_t i = 0; i < sizeof(short_words) / sizeof(short_words[0]); i++) {
        if (strcmp(short_words[i].word, word) == 0) {
            return short_words[i].type;
        }
    }
    return options_is_choice(EVENT_TYPES, word) ? word : NULL;
}

static bool add_types(const struct invocation *invocation, cJSON *request)
{
    const struct events_options *given = invocation->options;
    cJSON *list = NULL;
    for (size_t i = 0; i < given->types.count; i++) {
        const char *at = given->types.texts[i];
        while (*at != '\0') {
            size_t length = strcspn(at, ",");
            char word[80];
            snprintf(word, sizeof(word), "%.*s", (int)length, at);
            const char *type = type_of(word);
            if (type == NULL) {
                char message[160];
                snprintf(message, sizeof(message), "--type: '%s' is no type of event", word);
                print_error(invocation->printer, message, "types: " EVENT_TYPES);
                return false;
            }
            list = list != NULL ? list : cJSON_AddArrayToObject(request, "types");
            cJSON_AddItemToArray(list, cJSON_CreateString(type));
            at += length + (at[length] == ',');
        }
    }
    return true;
}

struct following {
    const struct invocation *invocation;
    int64_t wanted;
    int64_t seen;
};

/* What is worth a word of an event, beside its type and its device. */
static void print_detail(const cJSON *result, const char *printed, char *text, size_t size)
{
    const char *type = result_text(result, "event");
    char duration[DURATION_TEXT_MAX];
    if (strcmp(type, "notify") == 0 || strcmp(type, "send") == 0) {
        snprintf(text, size, "%s %s", result_text(result, "path"), printed != NULL ? printed : "");
    } else if (strcmp(type, "desired") == 0) {
        const char *code = result_text(result, "code");
        snprintf(text, size, "%s = %s %s%s%s%s%s", result_text(result, "path"),
                 printed != NULL ? printed : "", result_text(result, "desired"),
                 code[0] != '\0' ? " " : "", code, result_text(result, "msg")[0] != '\0' ? " " : "",
                 result_text(result, "msg"));
    } else if (strcmp(type, "deregistered") == 0 || strcmp(type, "denied") == 0) {
        const char *code = result_text(result, "code");
        const char *reason = result_text(result, "reason");
        snprintf(text, size, "%s%s%s", code, code[0] != '\0' ? " " : "",
                 reason[0] != '\0' ? reason : result_text(result, "msg"));
    } else if (strcmp(type, "handshake") == 0) {
        const char *more = result_text(result, "detail");
        const char *identity = result_text(result, "identity");
        snprintf(text, size, "%s%s%s%s: %s%s%s", result_text(result, "addr"),
                 identity[0] != '\0' ? ", identity '" : "", identity,
                 identity[0] != '\0' ? "'" : "", result_text(result, "msg"),
                 more[0] != '\0' ? ": " : "", more);
    } else {
        snprintf(text, size, "%s, LwM2M %s, lifetime %s", result_text(result, "addr"),
                 result_text(result, "lwm2m"),
                 duration_print(result_number(result, "lt", 0), duration));
    }
}

static bool print_event(const struct printer *printer, const cJSON *result, const char *printed)
{
    char detail[512];
    print_detail(result, printed, detail, sizeof(detail));
    const struct event_field fields[] = {
        {result_text(result, "event"), 12}, {result_text(result, "ep"), 0}, {detail, 0}};
    const char *const cells[] = {result_text(result, "id"), event_time(result),
                                 result_text(result, "event"), result_text(result, "ep"), detail};
    const struct event_texts texts = {
        .fields = fields,
        .field_count = sizeof(fields) / sizeof(fields[0]),
        .cells = cells,
        .cell_count = sizeof(cells) / sizeof(cells[0]),
    };
    return event_print(printer, result, &texts);
}

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    struct following *following = context;
    const struct printer *printer = following->invocation->printer;
    bool good = print_event(printer, result, printed);
    /* What was told at once counts once, however many values there are. */
    if (!result_flag(result, "more")) {
        following->seen++;
    }
    return good && (following->wanted == 0 || following->seen < following->wanted);
}

static int run(const struct invocation *invocation)
{
    const struct events_options *given = invocation->options;
    struct following following = {
        .invocation = invocation,
        .wanted = given->count.given ? given->count.value : 0,
    };
    cJSON *request = request_new(invocation, "events");
    if (!add_types(invocation, request)) {
        cJSON_Delete(request);
        return EXIT_CODE_USAGE;
    }
    request_add_text(request, "since", given->since);
    if (invocation->printer->form == OUTPUT_CSV) {
        static const char *const titles[] = {"ID", "TIME", "EVENT", "ENDPOINT", "DETAIL"};
        (void)row_print(invocation->printer, titles, sizeof(titles) / sizeof(titles[0]));
    }
    /* A time is a bound for waiting only where one was given. */
    int64_t wait_ms = invocation->global.timeout.given ? invocation->global.timeout.value : -1;
    int exit = request_run(invocation, request, wait_ms, take_result, &following);
    if (exit == EXIT_CODE_OK && following.seen < following.wanted) {
        print_errorf(invocation->printer, "%lld of %lld events came in time",
                     (long long)following.seen, (long long)following.wanted);
        exit = EXIT_CODE_TIMEOUT;
    }
    return exit;
}

const struct command command_events = {
    .name = "events",
    .summary = "Print what happens to registrations",
    .synopsis = "events [-e PATTERN] [--type TYPE,…] [--since ID] [-c N] [-t TIME]",
    .examples = {"lwm2m events", "lwm2m events --type registered -c 1 -t 30s --json"},
    .options = options,
    .options_size = sizeof(struct events_options),
    .flags = COMMAND_ON_DEVICE | COMMAND_SELECTS,
    .run = run,
};
