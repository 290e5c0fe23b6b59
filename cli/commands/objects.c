/*
 * objects: what is known of objects and resources, and where from.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/objects.h"

#include <string.h>

#include "argv/nearest.h"
#include "commands/request.h"

static const struct option_definition options[] = {
    {.name = "version",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct objects_options, version),
     .argument = "VERSION",
     .help = "show: this version of the object rather than the newest"},
    {.name = "strict",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct objects_options, strict),
     .help = "lint: warnings count as errors"},
    {.name = "dry-run",
     .letter = 'n',
     .kind = OPTION_FLAG,
     .offset = offsetof(struct objects_options, dry_run),
     .help = "import: only say what would be done"},
    DEFINITION_OPTIONS(struct objects_options, sources),
    {.name = NULL},
};

cJSON *objects_result_new(const char *action)
{
    cJSON *result = cJSON_CreateObject();
    cJSON_AddNumberToObject(result, "v", 1);
    cJSON_AddStringToObject(result, "op", "objects");
    cJSON_AddStringToObject(result, "action", action);
    return result;
}

bool objects_result_print(const struct objects_query *query, cJSON *result)
{
    bool good = print_json_line(query->invocation->printer, result);
    cJSON_Delete(result);
    return good;
}

const char *objects_source(const struct lwm2m_object_definition *object)
{
    return object->source != NULL ? object->source : "built in";
}

static void add_version(cJSON *result, const char *name, struct lwm2m_version version)
{
    char text[LWM2M_VERSION_TEXT_MAX];
    lwm2m_version_print(version, text);
    cJSON_AddStringToObject(result, name, text);
}

void objects_add_object(cJSON *result, const struct catalogue_entry *entry,
                        const struct lwm2m_object_definition *object)
{
    cJSON_AddNumberToObject(result, "object", object->id);
    cJSON_AddStringToObject(result, "name", object->name);
    add_version(result, "ver", object->version);
    cJSON *versions = cJSON_AddArrayToObject(result, "versions");
    for (size_t i = 0; i < entry->version_count; i++) {
        char text[LWM2M_VERSION_TEXT_MAX];
        lwm2m_version_print(entry->versions[i], text);
        cJSON_AddItemToArray(versions, cJSON_CreateString(text));
    }
    add_version(result, "lwm2m", object->lwm2m_version);
    cJSON_AddBoolToObject(result, "multiple", object->multiple);
    cJSON_AddBoolToObject(result, "mandatory", object->mandatory);
    cJSON_AddStringToObject(result, "urn", object->urn);
    cJSON_AddNumberToObject(result, "resource_count", (double)object->resource_count);
    if (object->source != NULL) {
        cJSON_AddStringToObject(result, "file", object->source);
    }
}

void objects_add_resource(cJSON *result, const struct lwm2m_resource_definition *resource)
{
    char operations[4];
    operations_print(resource->operations, operations);
    cJSON_AddNumberToObject(result, "resource", resource->id);
    cJSON_AddStringToObject(result, "name", resource->name);
    cJSON_AddStringToObject(result, "operations", operations);
    cJSON_AddStringToObject(result, "type", lwm2m_type_name(resource->type));
    cJSON_AddBoolToObject(result, "multiple", resource->multiple);
    cJSON_AddBoolToObject(result, "mandatory", resource->mandatory);
    if (resource->range[0] != '\0') {
        cJSON_AddStringToObject(result, "range", resource->range);
    }
    if (resource->units[0] != '\0') {
        cJSON_AddStringToObject(result, "unit", resource->units);
    }
}

/* One thing that can be done, and the words that it takes (most < 0: any number). */
static const struct action {
    const char *name;
    int least, most;
    int (*run)(const struct objects_query *query, char *const *words, int count);
} actions[] = {
    {"list", 0, 0, objects_list},      {"show", 1, 1, objects_show},
    {"search", 1, 1, objects_search},  {"lint", 1, -1, objects_lint},
    {"import", 1, -1, objects_import},
};

static const struct action *find_action(const struct printer *printer, const char *name)
{
    struct nearest nearest;
    nearest_init(&nearest, name);
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strcmp(actions[i].name, name) == 0) {
            return &actions[i];
        }
        nearest_offer(&nearest, actions[i].name);
    }
    if (nearest.best != NULL) {
        print_errorf(printer, "objects: unknown action '%s'; did you mean '%s'?", name,
                     nearest.best);
    } else {
        print_error(printer, "objects: unknown action", "list, show, search, lint or import");
    }
    return NULL;
}

static bool check_words(const struct invocation *invocation, const struct action *action)
{
    const struct objects_options *given = invocation->options;
    int count = invocation->argument_count - 1;
    const char *misplaced = NULL;
    if (count < action->least || (action->most >= 0 && count > action->most)) {
        print_errorf(invocation->printer, "objects %s: %s", action->name,
                     count < action->least ? "a word is missing: what?" : "too many words");
        return false;
    }
    if (given->version != NULL && action->run != objects_show) {
        misplaced = "--version is for show";
    } else if (given->strict && action->run != objects_lint) {
        misplaced = "--strict is for lint";
    } else if (given->dry_run && action->run != objects_import) {
        misplaced = "--dry-run is for import";
    }
    if (misplaced != NULL) {
        print_errorf(invocation->printer, "objects %s: %s", action->name, misplaced);
        return false;
    }
    return true;
}

/* With everything read. */
static int run_action(const struct invocation *invocation, const struct action *action)
{
    struct objects_query query = {.invocation = invocation, .options = invocation->options};
    struct definition_library library;
    struct control_outcome failure = {0};
    int exit;
    if (!definition_library_read(&library, &query.options->sources, &lwm2m_registry,
                                 invocation->printer, &failure)) {
        print_error(invocation->printer, failure.message, failure.hint);
        exit = failure.exit;
        goto out;
    }
    query.definitions = definition_library_definitions(&library);
    if (!definition_catalogue_init(&query.catalogue, query.definitions)) {
        print_errorf(invocation->printer, "out of memory");
        exit = EXIT_CODE_IO;
        goto out;
    }
    exit = action->run(&query, invocation->arguments + 1, invocation->argument_count - 1);
out:
    definition_catalogue_release(&query.catalogue);
    definition_library_release(&library);
    return exit;
}

static int run(const struct invocation *invocation)
{
    const struct action *action = find_action(invocation->printer, invocation->arguments[0]);
    if (action == NULL || !check_words(invocation, action)) {
        return EXIT_CODE_USAGE;
    }
    return run_action(invocation, action);
}

static const struct argument_definition arguments[] = {
    {.kind = ARGUMENT_WORD, .words = "list|show|search|lint|import"},
    {.kind = ARGUMENT_OBJECT, .after = "show"},
    {.kind = ARGUMENT_FILE, .repeated = true, .after = "lint|import"},
    {.kind = ARGUMENT_END},
};

const struct command command_objects = {
    .name = "objects",
    .summary = "Look up, check and import definitions of objects",
    .synopsis = "objects list|show OBJECT|search WORD|lint FILE…|import FILE…",
    .examples = {"lwm2m objects show 3303", "lwm2m objects lint my-object.xml"},
    .options = options,
    .options_size = sizeof(struct objects_options),
    .least_arguments = 1,
    .most_arguments = -1,
    .arguments = arguments,
    .run = run,
};
