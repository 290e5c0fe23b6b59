/*
 * list: the devices that are registered.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "commands/request.h"
#include "output/table.h"

struct list_options {
    bool more;
    struct optional_number stale;
};

#define OFFSET(member) offsetof(struct list_options, member)

static const struct option_definition options[] = {
    {.name = "long",
     .letter = 'l',
     .kind = OPTION_FLAG,
     .offset = OFFSET(more),
     .help = "registration ids and object instances, too"},
    {.name = "stale",
     .kind = OPTION_DURATION,
     .offset = OFFSET(stale),
     .argument = "TIME",
     .help = "only devices not heard of for this long"},
    {.name = NULL},
};

/* The members of a result that become columns, in this order. */
enum column {
    COLUMN_ENDPOINT,
    COLUMN_STATE,
    COLUMN_VERSION,
    COLUMN_BINDING,
    COLUMN_SECURITY,
    COLUMN_ADDRESS,
    COLUMN_LIFETIME,
    COLUMN_LEFT,
    COLUMN_SEEN,
    COLUMN_OBJECTS,
    COLUMN_ID,
};

static const struct table_column columns[] = {
    {.title = "ENDPOINT", .yields = true, .least = 12},
    {.title = "STATE"},
    {.title = "VER", .leaves = 2},
    {.title = "BIND", .leaves = 1},
    {.title = "SECURITY", .leaves = 4, .shrinks = true, .least = 8},
    {.title = "ADDRESS"},
    {.title = "LIFETIME", .right = true, .leaves = 3},
    {.title = "LEFT", .right = true, .leaves = 6},
    {.title = "LAST SEEN", .right = true, .leaves = 5},
    {.title = "OBJECTS", .shrinks = true, .least = 9},
    {.title = NULL},
};

static const struct table_column long_columns[] = {
    {.title = "ENDPOINT", .yields = true, .least = 12},
    {.title = "STATE"},
    {.title = "VER", .leaves = 2},
    {.title = "BIND", .leaves = 1},
    {.title = "SECURITY", .leaves = 4, .shrinks = true, .least = 8},
    {.title = "ADDRESS", .leaves = 7},
    {.title = "LIFETIME", .right = true, .leaves = 3},
    {.title = "LEFT", .right = true, .leaves = 6},
    {.title = "LAST SEEN", .right = true, .leaves = 5},
    {.title = "OBJECTS", .shrinks = true, .least = 9},
    {.title = "REGISTRATION"},
    {.title = NULL},
};

struct listing {
    const struct invocation *invocation;
    const struct list_options *options;
    struct table *table;
    size_t count;
    size_t awake;
};

/* "1 3 3303" of ["/1/0","/3/0","/3303/0","/3303/1"], or the instances as they are. */
static void print_objects(const cJSON *result, bool instances, char *text, size_t size)
{
    const cJSON *item;
    size_t length = 0;
    char last[16] = "";
    text[0] = '\0';
    cJSON_ArrayForEach (item, cJSON_GetObjectItemCaseSensitive(result, "objects")) {
        const char *path = cJSON_IsString(item) ? item->valuestring : "/";
        char object[16];
        snprintf(object, sizeof(object), "%.*s", (int)strcspn(path + 1, "/"), path + 1);
        if (!instances && strcmp(object, last) == 0) {
            continue;
        }
        memcpy(last, object, sizeof(last));
        int added = snprintf(text + length, size - length, "%s%s", length > 0 ? " " : "",
                             instances ? path : object);
        if (added < 0 || (size_t)added >= size - length) {
            return;
        }
        length += (size_t)added;
    }
}

static void set_duration(struct listing *listing, size_t row, enum column column, double seconds)
{
    char text[DURATION_TEXT_MAX];
    table_set(listing->table, row, column,
              seconds >= FOREVER_S ? "forever" : duration_print(seconds, text), COLOUR_NONE);
}

static void set_state(struct listing *listing, size_t row, const char *state)
{
    const struct printer *printer = listing->invocation->printer;
    bool up = strcmp(state, "up") == 0;
    char text[32];
    const char *mark = !printer->utf8 || printer->form != OUTPUT_TABLE ? "" : up ? "● " : "◐ ";
    snprintf(text, sizeof(text), "%s%s", mark, state);
    table_set(listing->table, row, COLUMN_STATE, text, up ? COLOUR_GOOD : COLOUR_FAINT);
}

static const char *security_name(const char *word)
{
    return strcmp(word, "psk") == 0    ? "PSK"
           : strcmp(word, "rpk") == 0  ? "RPK"
           : strcmp(word, "x509") == 0 ? "X.509"
                                       : word;
}

static void add_row(struct listing *listing, const cJSON *result)
{
    char objects[1024];
    char security[256];
    size_t row = table_add(listing->table, 0);
    const char *identity = result_text(result, "identity");
    snprintf(security, sizeof(security), "%s%s%s", security_name(result_text(result, "sec")),
             identity[0] != '\0' ? " " : "", identity);
    print_objects(result, listing->options->more, objects, sizeof(objects));
    table_set(listing->table, row, COLUMN_ENDPOINT, result_text(result, "ep"), COLOUR_NONE);
    set_state(listing, row, result_text(result, "state"));
    table_set(listing->table, row, COLUMN_VERSION, result_text(result, "lwm2m"), COLOUR_NONE);
    table_set(listing->table, row, COLUMN_BINDING, result_text(result, "b"), COLOUR_NONE);
    table_set(listing->table, row, COLUMN_SECURITY, security, COLOUR_NONE);
    table_set(listing->table, row, COLUMN_ADDRESS, result_text(result, "addr"), COLOUR_NONE);
    set_duration(listing, row, COLUMN_LIFETIME, result_number(result, "lt", 0));
    set_duration(listing, row, COLUMN_LEFT, result_number(result, "left_s", FOREVER_S));
    set_duration(listing, row, COLUMN_SEEN, result_number(result, "last_seen_s", 0));
    table_set(listing->table, row, COLUMN_OBJECTS, objects, COLOUR_NONE);
    if (listing->options->more) {
        table_set(listing->table, row, COLUMN_ID, result_text(result, "rid"), COLOUR_FAINT);
    }
}

static bool take_result(void *context, const cJSON *result, const char *printed)
{
    struct listing *listing = context;
    (void)printed;
    listing->count++;
    listing->awake += strcmp(result_text(result, "state"), "up") == 0;
    if (listing->table == NULL) {
        return print_json_line(listing->invocation->printer, result);
    }
    add_row(listing, result);
    return true;
}

static int finish(const struct listing *listing, int exit)
{
    const struct printer *printer = listing->invocation->printer;
    if (listing->table == NULL || exit != EXIT_CODE_OK) {
        return exit;
    }
    if (listing->count > 0 && !table_print(listing->table)) {
        return EXIT_CODE_IO;
    }
    if (printer->form == OUTPUT_TABLE) {
        fprintf(printer->results, "%zu endpoint%s, %zu awake.\n", listing->count,
                listing->count == 1 ? "" : "s", listing->awake);
    }
    return exit;
}

static int run(const struct invocation *invocation)
{
    struct listing listing = {.invocation = invocation, .options = invocation->options};
    if (invocation->printer->form != OUTPUT_JSON) {
        listing.table =
            table_new(invocation->printer, listing.options->more ? long_columns : columns, true);
    }
    cJSON *request = request_new(invocation, "list");
    if (listing.options->stale.given) {
        cJSON_AddNumberToObject(request, "stale_s", (double)listing.options->stale.value / 1000);
    }
    int exit = finish(&listing, request_run(invocation, request, -1, take_result, &listing));
    table_free(listing.table);
    return exit;
}

const struct command command_list = {
    .name = "list",
    .alias = "ls",
    .summary = "List the devices that are registered",
    .synopsis = "list [-e PATTERN] [-l] [--stale TIME]",
    .examples = {"lwm2m list", "lwm2m list -e 'urn:imei:35*' --stale 5m"},
    .options = options,
    .options_size = sizeof(struct list_options),
    .flags = COMMAND_ON_DEVICE | COMMAND_SELECTS,
    .run = run,
};
